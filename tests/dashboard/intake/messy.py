"""Messy files of our own, each with the cells that stand in it: for the tests of the reader and for ``benchmarks.messy_table``."""

from __future__ import annotations

import csv
import gzip
import io
import lzma
import zipfile
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tests.dashboard.intake import messy_workbooks

HEADER = ("id", "name", "city", "amount")
ROWS = (
    ("007", "Anna Berg", "Ulm", "12.50"),
    ("12345678901234567", "Tom O'Neil", "Cork", "-3"),
    ("A-9", "Null", "", "1234.50"),
    ("0010", "NA", "Bern", "0"),
    ("+49 170 1", "Eva Long", "Graz", "7.25"),
    ("x 11", "Li, Wei", "Basel", "99"),
)
"""One name holds a comma, one cell is empty, ids begin with zeros, and no text stands for a missing cell."""
LANGUAGES = {
    "cp1252": (("id", "Straße", "Größe"), (("1", "Müllerweg", "groß"), ("2", "Bäckergasse", "für Ä"), ("3", "Am Floß", "€ 5"))),
    "latin-1": (("id", "navn", "by"), (("1", "Søren Kjær", "Århus"), ("2", "Åse", "Tromsø"), ("3", "Bjørn", "Ærø"))),
    "mac_roman": (("id", "città", "nota"), (("1", "Forlì", "perché"), ("2", "Cefalù", "è così"), ("3", "Torino", "più"))),
    "cp1250": (("id", "jméno", "město"), (("1", "Dvořák", "Příbram"), ("2", "Žluťoučký", "Plzeň"), ("3", "Kůň", "Děčín"))),
    "cp1251": (("id", "имя", "город"), (("1", "Анна Каренина", "Москва"), ("2", "Иван Петров", "Тверь"), ("3", "Ольга", "Казань"))),
    "shift_jis": (("id", "名前", "都市"), (("1", "山田太郎", "東京都"), ("2", "佐藤花子", "大阪市"), ("3", "鈴木一郎", "名古屋"))),
}
HUNGARIAN = (("id", "név", "város"), (("1", "Kovács Ernő", "Győr"), ("2", "Tóth Jenő", "Érd"), ("3", "Szűcs Béla", "Fertőd")))


class Messy(NamedTuple):
    """A file, and what stands in it; ``aside`` are the numbers of the rows that do not fit the header."""

    name: str
    file: str
    content: bytes
    header: tuple[str, ...] = HEADER
    rows: tuple[tuple[str, ...], ...] = ROWS
    aside: tuple[int, ...] = ()
    has_header: bool = True


def written(
    rows: Sequence[Sequence[str]] = (HEADER, *ROWS),
    delimiter: str = ",",
    end: str = "\n",
    quoting: int = csv.QUOTE_MINIMAL,
    quote: str = '"',
) -> str:
    """Return rows as delimited text."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting, quotechar=quote).writerows(rows)
    return out.getvalue()


def variants() -> list[Messy]:
    """Return every messy file."""
    return [*_encodings(), *_dialects(), *_quotes(), *_above_and_below(), *_headers(), *_ragged(), *_packed(), *_workbooks()]


def _encodings() -> Iterator[Messy]:
    text = written((HEADER, *ROWS, ("12", "Zoë 🌻", "Łódź", "5")), ";")
    rows = (*ROWS, ("12", "Zoë 🌻", "Łódź", "5"))
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"):
        yield Messy(encoding, "e.csv", text.encode(encoding), rows=rows)
    yield Messy("utf-16-be with its mark", "e.csv", b"\xfe\xff" + text.encode("utf-16-be"), rows=rows)
    for encoding, (header, cells) in LANGUAGES.items():
        end = "\r" if encoding == "mac_roman" else "\r\n"
        yield Messy(encoding, "e.csv", written((header, *cells), ";", end).encode(encoding), header, cells)
    yield Messy("cp1250, Hungarian", "e.csv", written((HUNGARIAN[0], *HUNGARIAN[1]), ";").encode("cp1250"), *HUNGARIAN)


def _dialects() -> Iterator[Messy]:
    for name, end in (("CR", "\r"), ("LF", "\n"), ("CRLF", "\r\n")):
        yield Messy(f"lines end with {name}", "d.csv", written(end=end).encode())
    for name, delimiter in (("semicolons", ";"), ("tabs", "\t"), ("pipes", "|")):
        yield Messy(name, "d.txt", written(delimiter=delimiter).encode())
    numbers = (
        ("id", "day", "n", "amount"),
        ("00004", "19970101", "1", "29.33"),
        ("00004", "19970118", "12", "9.73"),
        ("23570", "19970402", "3", "0.5"),
    )
    spaces = "".join(f" {a:6}  {b:9} {c:>3}   {d:>7}\n" for a, b, c, d in numbers)
    yield Messy("runs of spaces", "d.txt", spaces.encode(), numbers[0], numbers[1:])
    money = (("id", "betrag", "ort"), ("01", "1.234,50", "Ulm"), ("02", "7,00", "Köln"), ("03", "-12,99", "Bonn"))
    yield Messy("decimal commas", "d.csv", written(money, ";").encode(), money[0], money[1:])
    yield Messy("decimal commas in quotes", "d.csv", written(money, ",").encode(), money[0], money[1:])
    yield Messy("declared by sep=", "d.csv", b"sep=;\r\n" + written(delimiter=";", end="\r\n").encode())
    yield Messy("no line end at the end", "d.csv", written().rstrip("\n").encode())


def _quotes() -> Iterator[Messy]:
    rows = (("1", 'the "best" one', "a, b"), ("2", 'say "hi"', "c"), ("3", "plain", 'x "y"'))
    header = ("id", "note", "more")
    yield Messy("everything quoted", "q.csv", written(quoting=csv.QUOTE_ALL).encode())
    yield Messy("quotes doubled", "q.csv", written((header, *rows)).encode(), header, rows)
    escaped = "\n".join(",".join('"' + cell.replace('"', '\\"') + '"' for cell in row) for row in (header, *rows)) + "\n"
    yield Messy("quotes escaped", "q.csv", escaped.encode(), header, rows)
    yield Messy(
        "single quotes",
        "q.csv",
        written(((*header,), ("1", "a, b", "x"), ("2", "c, d", "y"), ("3", "e", "z, w")), quote="'").encode(),
        header,
        (("1", "a, b", "x"), ("2", "c, d", "y"), ("3", "e", "z, w")),
    )
    broken = (("1", "12 High Street\nLondon", "a"), ("2", "Ring 4\r\nUlm", "b"), ("3", "Weg 1", "c"))
    yield Messy("newlines in cells", "q.csv", written((header, *broken)).encode(), header, broken)
    inches = (("1", '5" disk', "a"), ("2", '12" record', "b"), ("3", "cable", "c"))
    yield Messy("quotes amid unquoted cells", "q.csv", b'id,note,more\n1,5" disk,a\n2,12" record,b\n3,cable,c\n', header, inches)


def _above_and_below() -> Iterator[Messy]:
    table = written(delimiter=";").encode()
    yield Messy("a title line", "t.csv", b"Customers of May\n" + table)
    yield Messy("a title and a blank line", "t.csv", b"Customers of May\n\n" + table)
    yield Messy("preamble of pairs", "t.csv", b"Exported by;Shop\nOn;2024-05-31\n\n" + table)
    yield Messy("preamble with comment marks", "t.csv", b"# shop export\n# 2024-05-31 10:00\n" + table)
    yield Messy("a title padded with delimiters", "t.csv", b"Customers of May;;;\n;;;\n" + table)
    yield Messy("blank lines amid the rows", "t.csv", table.replace(b"\nA-9", b"\n\n\nA-9"))
    total = ("Total", "", "", "1350.25")
    yield Messy("trailing total", "t.csv", table + b"Total;;;1350.25\n", rows=(*ROWS, total))
    yield Messy("a line of prose below", "t.csv", table + b"End of report\n", aside=(8,))


def _headers() -> Iterator[Messy]:
    yield Messy(
        "trailing empty columns",
        "h.csv",
        b"".join(line + b",,\n" for line in written().encode().splitlines()),
        (*HEADER, "Column 5", "Column 6"),
        tuple((*row, "", "") for row in ROWS),
    )
    yield Messy(
        "rows end with a delimiter",
        "h.csv",
        b"id,name,n\n1,Anna,5,\n2,Tom,6,\n3,Eva,7,\n",
        ("id", "name", "n", "Column 4"),
        (("1", "Anna", "5", ""), ("2", "Tom", "6", ""), ("3", "Eva", "7", "")),
    )
    yield Messy(
        "repeated headers", "h.csv", written((("id", "name", "name", "name"), *ROWS)).encode(), ("id", "name", "name (2)", "name (3)")
    )
    yield Messy("empty headers", "h.csv", written((("id", "", "city", ""), *ROWS)).encode(), ("id", "Column 2", "city", "Column 4"))
    long = "How satisfied were you, all in all, with our shop? " * 20
    yield Messy(
        "a very long header", "h.csv", written((("id", long, "city", "amount"), *ROWS)).encode(), ("id", long[:200], "city", "amount")
    )
    yield Messy(
        "a header of two lines",
        "h.csv",
        written((("id", "full\nname", "city", "amount"), *ROWS)).encode(),
        ("id", "full name", "city", "amount"),
    )
    plain = tuple((str(i), f"name {i}", f"2024-01-{i:02}", f"{i}.50") for i in range(10, 16))
    yield Messy("no header", "h.csv", written(plain).encode(), tuple(f"Column {i}" for i in range(1, 5)), plain, has_header=False)
    unnamed = b"id,name,n\n" + b"".join(b"%d,c%d,Anna,%d\n" % (i, 100 + i, i * 3) for i in range(1, 7))
    yield Messy(
        "row names without a header",
        "h.csv",
        unnamed,
        ("Column 1", "id", "name", "n"),
        tuple((str(i), f"c{100 + i}", "Anna", str(i * 3)) for i in range(1, 7)),
    )


def _ragged() -> Iterator[Messy]:
    header = ("id", "name", "phone", "note", "tag")
    short = (("1", "Anna"), ("2", "Tom", "555"), ("3", "Eva", "556", "vip", "x"), ("4", "Li"), ("5", "Bo", "", "late"), ("6", "Cy", "557"))
    padded = tuple((*row, *[""] * (5 - len(row))) for row in short)
    yield Messy("trailing empty cells left out", "r.csv", written((header, *short)).encode(), header, padded)
    even = (("1", "Anna", "555"), ("2", "Tom", "556"), ("3", "Eva", "557"), ("4", "Li", "558"))
    yield Messy(
        "every row shorter than the header", "r.csv", written((header, *even)).encode(), header, tuple((*row, "", "") for row in even)
    )
    table = written(delimiter=";")
    yield Messy("one row too long", "r.csv", (table + "13;Max;Ulm;5;9;9\n").encode(), aside=(8,))
    yield Messy(
        "one row cut short", "r.csv", table.replace("A-9;Null;;1234.50", "A-9;Null").encode(), rows=(*ROWS[:2], *ROWS[3:]), aside=(4,)
    )


def _packed() -> Iterator[Messy]:
    text = written().encode()
    yield Messy("gzip", "p.csv.gz", gzip.compress(text, mtime=0))
    yield Messy("xz", "p.csv.xz", lzma.compress(text))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("folder/p.csv", text)
    yield Messy("zip", "p.zip", out.getvalue())


def _workbooks() -> Iterator[Messy]:
    table = (HEADER, *ROWS)
    title = ("Customers of May", "", "", "")
    yield Messy("XLSX", "w.xlsx", messy_workbooks.xlsx({"Data": table}))
    yield Messy("XLSX with title rows", "w.xlsx", messy_workbooks.xlsx({"Data": (title, (), *table)}))
    yield Messy("XLSX with a merged title", "w.xlsx", messy_workbooks.xlsx({"Data": (title, *table)}, merged=True))
    yield Messy("XLSX, header in row 6", "w.xlsx", messy_workbooks.xlsx({"Data": (("Shop", "North"), ("On", "1 May"), (), (), (), *table)}))
    yield Messy("XLSX, table from C4", "w.xlsx", messy_workbooks.xlsx({"Data": ((), (), (), *(("", "", *row) for row in table))}))
    yield Messy("XLSX with several sheets", "w.xlsx", messy_workbooks.xlsx({"Data": table, "Notes": (("nothing",),)}))
    yield Messy("XLSX with a hidden sheet first", "w.xlsx", messy_workbooks.xlsx({"Old": (("x",), ("y",)), "Data": table}, hidden="Old"))
    zips = (("id", "zip"), ("a", 1234), ("b", 80331), ("c", 501))
    yield Messy(
        "XLSX, zips formatted 00000",
        "w.xlsx",
        messy_workbooks.xlsx({"Data": zips}, formats={1: "00000"}),
        ("id", "zip"),
        (("a", "01234"), ("b", "80331"), ("c", "00501")),
    )
    yield Messy("ODS", "w.ods", messy_workbooks.ods({"Data": table}))
    yield Messy("ODS with a title row", "w.ods", messy_workbooks.ods({"Data": (title, (), *table)}))
    yield Messy("XLS", "w.xls", messy_workbooks.xls({"Data": table}))
    yield Messy("XLS with a title row", "w.xls", messy_workbooks.xls({"Data": (title, (), *table)}))
    yield Messy("XLS with a cover sheet", "w.xls", messy_workbooks.xls({"Cover": (("Our shop",), ("May",)), "Data": table}))
    yield Messy(
        "ODS with a hidden sheet first", "w.ods", messy_workbooks.ods({"Old": (("x", "y"), ("y", "z")), "Data": table}, hidden="Old")
    )
