"""Workbooks and archives, each broken in its own way."""

from __future__ import annotations

import gzip
import io
import lzma
import sqlite3
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from tests.bars.broken import LOG, Broken, log_rows, log_text
from tests.dashboard.intake.messy_workbooks import ods, xls, xlsx

TABLE = (LOG, *log_rows())
TEXT = log_text().encode()


def packed() -> Iterator[Broken]:
    """Yield every broken workbook and archive."""
    yield from _workbooks()
    yield from _odd_workbooks()
    yield from _archives()
    yield from _other_formats()


def _workbooks() -> Iterator[Broken]:
    sound = xlsx({"Data": TABLE})
    yield Broken("a workbook cut in half", "b.xlsx", lambda: sound[: len(sound) // 2], "refused", "damaged_workbook")
    yield Broken("a workbook without its end", "b.xlsx", lambda: sound[:-22], "refused", "damaged_workbook")
    yield Broken("a workbook of letters", "b.xlsx", lambda: b"PK\x03\x04" + b"x" * 5_000, "refused", "damaged_workbook")
    yield Broken("a workbook without its sheet", "b.xlsx", lambda: rezipped(sound, {"xl/worksheets/sheet1.xml": None}), "refused")
    yield Broken(
        "a sheet that is no XML", "b.xlsx", lambda: rezipped(sound, {"xl/worksheets/sheet1.xml": cut}), "refused", "damaged_workbook"
    )
    yield Broken(
        "texts that are not there", "b.xlsx", lambda: rezipped(sound, {"xl/sharedStrings.xml": None}), "refused", "damaged_workbook"
    )
    yield Broken("a place of texts out of bounds", "b.xlsx", lambda: rezipped(sound, {"xl/worksheets/sheet1.xml": far_text}), None)
    yield Broken(
        "entities of its own", "b.xlsx", lambda: rezipped(sound, {"xl/sharedStrings.xml": entities}), "refused", "hostile_workbook"
    )
    yield Broken("a sheet packed otherwise than it says", "b.xlsx", lambda: flipped(sound), None)
    yield Broken("locked by a password", "b.xlsx", encrypted, "refused", "encrypted_workbook")
    yield Broken("an old workbook cut in half", "b.xls", lambda: xls({"Data": TABLE})[:3_000], "refused", "damaged_workbook")
    yield Broken("an OpenDocument without content", "b.ods", lambda: rezipped(ods({"Data": TABLE}), {"content.xml": None}), "refused")
    yield Broken("a text called XLSX", "b.xlsx", lambda: TEXT, "refused", "workbook_as_text")
    yield Broken("a workbook called CSV", "b.csv", lambda: sound, "read")
    yield Broken("a letter called XLSX", "b.xlsx", lambda: zipped({"word/document.xml": b"<w:document/>"}), "refused", "damaged_workbook")


def _odd_workbooks() -> Iterator[Broken]:
    yield Broken("a workbook of nothing", "b.xlsx", lambda: xlsx({"Data": ()}), "refused", "empty_file")
    yield Broken("a sheet of a header", "b.xlsx", lambda: xlsx({"Data": (LOG,)}), "stopped", "no_rows")
    yield Broken("errors of formulas", "b.xlsx", lambda: written(lambda book, sheet: formulas(sheet, "#REF!")), "read")
    yield Broken("formulas never worked out", "b.xlsx", lambda: written(lambda book, sheet: formulas(sheet, "")), None)
    yield Broken("merged cells amid the rows", "b.xlsx", lambda: written(lambda book, sheet: sheet.merge_range(5, 2, 9, 2, "c01")), "read")
    yield Broken("only a chart", "b.xlsx", only_a_chart, None)
    yield Broken("a macro", "b.xlsm", lambda: rezipped(xlsx({"Data": TABLE}), {"xl/vbaProject.bin": lambda _: b"Sub Auto_Open()"}), "read")
    yield Broken(
        "a stray cell far below",
        "b.xlsx",
        lambda: written(lambda book, sheet: sheet.write(1_048_575, 16_383, "x")),
        "refused",
        "workbook_too_sparse",
    )
    yield Broken("a zero in a cell", "b.xlsx", lambda: rezipped(xlsx({"Data": TABLE}), {"xl/sharedStrings.xml": zero}), "read")
    yield Broken("texts of rich colours", "b.xlsx", lambda: written(rich), "read")


def _archives() -> Iterator[Broken]:
    sound = gzip.compress(TEXT, mtime=0)
    many = {"orders.csv": TEXT, "customers.csv": TEXT}
    yield Broken("gzip cut in half", "c.csv.gz", lambda: sound[: len(sound) // 2], "refused", "damaged_archive")
    yield Broken("gzip with a wrong sum", "c.csv.gz", lambda: sound[:-8] + bytes(8), "refused", "damaged_archive")
    yield Broken("gzip of nothing", "c.csv.gz", lambda: gzip.compress(b"", mtime=0), "refused", "empty_file")
    yield Broken("gzip twice", "c.csv.gz", lambda: gzip.compress(sound, mtime=0), "refused")
    yield Broken("xz damaged", "c.csv.xz", lambda: lzma.compress(TEXT)[:-30] + bytes(30), "refused", "damaged_archive")
    yield Broken("a zip of two tables", "c.zip", lambda: zipped(many), "refused", "several_files")
    yield Broken("a zip of nothing", "c.zip", lambda: zipped({}), "refused")
    yield Broken("a zip of a picture", "c.zip", lambda: zipped({"a.png": b"\x89PNG\r\n\x1a\n"}), "refused", "no_table_in_archive")
    yield Broken("a zip in a zip", "c.zip", lambda: zipped({"inner.zip": zipped({"a.csv": TEXT})}), "refused", "no_table_in_archive")
    yield Broken("a locked zip", "c.zip", locked_zip, "refused", "damaged_archive")
    yield Broken("a zip of a workbook", "c.zip", lambda: zipped({"readme.md": b"Hi", "b.xlsx": xlsx({"Data": TABLE})}), "read")
    yield Broken("a zip that leads elsewhere", "c.zip", lambda: zipped({"../../../tmp/evil.csv": TEXT}), "read")
    yield Broken("a zip that says another size", "c.zip", lambda: lying_size(zipped({"a.csv": TEXT})), None)
    yield Broken("a tape archive", "c.tar.gz", tape, None)


def _other_formats() -> Iterator[Broken]:
    yield Broken("Parquet", "d.csv", parquet, "refused", "not_a_table")
    yield Broken("SQLite", "d.csv", database, "refused", "not_a_table")
    yield Broken("a picture", "d.xlsx", png, "refused", "not_a_table")
    yield Broken("a photograph", "d.csv", lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(500), "refused", "not_a_table")
    yield Broken("a program for Linux", "d.csv", lambda: b"\x7fELF\x02\x01\x01" + bytes(500), "refused", "not_a_table")
    yield Broken("bzip2", "d.csv.bz2", lambda: b"BZh91AY&SY" + bytes(100), "refused")
    yield Broken("7-zip", "d.csv.7z", lambda: b"7z\xbc\xaf\x27\x1c" + bytes(100), "refused")


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a zip of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def rezipped(archive: bytes, changes: Mapping[str, Callable[[bytes], bytes] | None]) -> bytes:
    """Return a zip with some of its parts changed, new, or (None) gone."""
    with zipfile.ZipFile(io.BytesIO(archive)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    for name, change in changes.items():
        before = parts.pop(name, b"")
        if change is not None:
            parts[name] = change(before)
    return zipped(parts)


def cut(xml: bytes) -> bytes:
    """Leave half of a part."""
    return xml[: len(xml) // 2]


def far_text(xml: bytes) -> bytes:
    """Point at a shared text that there is not."""
    return xml.replace(b"<v>1</v>", b"<v>99999999</v>")


def zero(xml: bytes) -> bytes:
    """Put a zero into the id of a customer."""
    return xml.replace(b"<t>c01</t>", b"<t>c_x0000_01</t>")


def entities(xml: bytes) -> bytes:
    """Declare an entity that reads a file of the machine."""
    return xml.replace(b"<sst", b'<!DOCTYPE sst [<!ENTITY x SYSTEM "file:///etc/passwd">]><sst', 1)


def flipped(archive: bytes) -> bytes:
    """Say of the first part that it is packed by a method that there is not."""
    return archive[:8] + struct.pack("<H", 99) + archive[10:]


def encrypted() -> bytes:
    """Return what Excel writes for a workbook with a password: a compound file that holds an encrypted package."""
    return xls({"Data": TABLE}) + "EncryptedPackage".encode("utf-16-le") + bytes(512)


def written(change: Callable[[xlsxwriter.Workbook, xlsxwriter.worksheet.Worksheet], object]) -> bytes:
    """Return a sound workbook with a change."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Data")
        for i, row in enumerate(TABLE):
            sheet.write_row(i, 0, row)
        change(book, sheet)
    return out.getvalue()


def formulas(sheet: xlsxwriter.worksheet.Worksheet, value: str) -> None:
    """Put formulas in the place of some prices."""
    for row in range(1, 41, 3):
        sheet.write_formula(row, 5, "=Lost!A1", None, value)


def rich(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
    """Write a customer in two colours."""
    sheet.write_rich_string(3, 2, "c", book.add_format({"color": "red"}), "01")


def only_a_chart() -> bytes:
    """Return a workbook of a chart sheet and an empty sheet."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("Data")
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=Data!$A$1:$A$3"})
        book.add_chartsheet("Chart").set_chart(chart)
    return out.getvalue()


def locked_zip() -> bytes:
    """Return a zip whose one file says that it takes a password."""
    content = bytearray(zipped({"a.csv": TEXT}))
    content[6] |= 1
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def lying_size(archive: bytes) -> bytes:
    """Say of the one file in a zip that it unpacks to 100 bytes."""
    content = bytearray(archive)
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = content.index(mark) + place
        content[at : at + 4] = struct.pack("<I", 100)
    return bytes(content)


def tape() -> bytes:
    """Return a tar.gz of a table."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        entry = tarfile.TarInfo("orders.csv")
        entry.size = len(TEXT)
        archive.addfile(entry, io.BytesIO(TEXT))
    return out.getvalue()


def parquet() -> bytes:
    """Return a table as Parquet."""
    out = io.BytesIO()
    pq.write_table(pa.table({"customer": ["c1", "c2"], "amount": [1, 2]}), out)
    return out.getvalue()


def database() -> bytes:
    """Return a database of SQLite."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE customers (id TEXT)")
    content = connection.serialize()
    connection.close()
    return content


def png() -> bytes:
    """Return a picture of one point."""
    parts = ((b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(b"\0\0")), (b"IEND", b""))
    chunks = (struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
