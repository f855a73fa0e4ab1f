"""Sixty texts and more, each broken in its own way as people and programs break them; the workbooks and archives are beside."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from functools import partial

from tests.bars.broken import LOG, Broken, log_rows, log_text

TEXT = log_text()
LINES = TEXT.splitlines(keepends=True)
BYTES = TEXT.encode()
HTML = "<html><body><table><tr><td>Customer</td><td>Amount</td></tr><tr><td>c1</td><td>5</td></tr></table></body></html>"


def texts() -> Iterator[Broken]:
    """Yield every broken text."""
    yield from _next_to_nothing()
    yield from _broken_lines()
    yield from _broken_characters()
    yield from _too_much()
    yield from _no_tables()
    yield from _useless_values()


def _next_to_nothing() -> Iterator[Broken]:
    yield Broken("nothing at all", "a.csv", bytes, "refused", "empty_file")
    yield Broken("line ends only", "a.csv", partial(bytes.__mul__, b"\r\n", 500), "refused", "empty_file")
    yield Broken("a byte order mark only", "a.csv", lambda: b"\xef\xbb\xbf", "refused", "empty_file")
    yield Broken("spaces only", "a.txt", lambda: b" " * 5_000, "refused", "empty_file")
    yield Broken("delimiters only", "a.csv", lambda: b",,,,\n" * 200, "stopped")
    yield Broken("a header only", "a.csv", LINES[0].encode, "stopped", "no_rows")
    yield Broken("a header without a line end", "a.csv", lambda: LINES[0].strip().encode(), None)
    yield Broken("one cell", "a.csv", lambda: b"hello", None)
    yield Broken("the separator's declaration only", "a.csv", lambda: b"sep=;\n", "stopped", "no_rows")
    yield Broken("one row of two cells", "a.csv", lambda: b"Customer,Amount\nc1,5\n", None)
    yield Broken("one column of ids", "a.csv", lambda: b"Customer\n" + b"".join(b"c%d\n" % i for i in range(30)), None)


def _broken_lines() -> Iterator[Broken]:
    def with_lines(*changed: str) -> bytes:
        return "".join((*LINES[:20], *changed, *LINES[20:])).encode()

    yield Broken("a cell too many", "a.csv", lambda: with_lines("A-9,2024-01-01,c01,p1,1,5.00,Spain,stray\n"), "read", "unreadable_rows")
    yield Broken("cells too few", "a.csv", lambda: with_lines("A-9,2024-01-01,c01\n"), "read", "unreadable_rows")
    yield Broken("a quote that never ends", "a.csv", lambda: with_lines('A-9,2024-01-01,c01,"p1,1,5.00,Spain\n'), "read")
    yield Broken("a quote at the very start", "a.csv", lambda: b'"' + BYTES, None)
    yield Broken("a stray quote in a cell", "a.csv", lambda: with_lines('A-9,2024-01-01,c01,5" nail,1,5.00,Spain\n'), "read")
    yield Broken("the header again and again", "a.csv", lambda: BYTES + LINES[0].encode() + BYTES, "read")
    yield Broken("two tables below one another", "a.csv", lambda: BYTES + b"\n\nCustomer,Age\nc01,30\nc02,40\n", "read", "unreadable_rows")
    yield Broken("another delimiter from the middle on", "a.csv", lambda: BYTES + log_text(40, ";").encode(), None)
    yield Broken("a page's foot every ten lines", "a.csv", lambda: b"".join(_paged()), "read", "unreadable_rows")
    yield Broken("CR CR LF", "a.csv", lambda: log_text(end="\r\r\n").encode(), "read")
    yield Broken("every kind of line end", "a.csv", lambda: "".join(_mixed_ends()).encode(), "read")
    yield Broken("cut in the middle of a row", "a.csv", lambda: BYTES[:-14], "read")
    yield Broken("every header the same", "a.csv", lambda: BYTES.replace(LINES[0].encode(), b"x,x,x,x,x,x,x\n"), None)
    yield Broken("no headers but delimiters", "a.csv", lambda: BYTES.replace(LINES[0].encode(), b",,,,,,\n"), None)
    yield Broken("a backslash at the end of cells", "a.csv", lambda: with_lines('A-9,2024-01-01,c01,"p1\\",1,5.00,Spain\n'), "read")
    yield Broken(
        "marks of a merge", "a.csv", lambda: with_lines("<<<<<<< HEAD\n", "=======\n", ">>>>>>> other\n"), "read", "unreadable_rows"
    )


def _paged() -> Iterator[bytes]:
    for i, line in enumerate(LINES):
        yield line.encode()
        if i % 10 == 9:
            yield f"Page {i // 10 + 1} of 4\n".encode()


def _mixed_ends() -> Iterator[str]:
    for i, line in enumerate(LINES):
        yield line.strip() + ("\n", "\r\n", "\n\n", "\r\n\r\n")[i % 4]


def _broken_characters() -> Iterator[Broken]:
    spanish = TEXT.replace("Spain", "España")
    yield Broken("NULs in cells", "a.csv", lambda: BYTES.replace(b"p3", b"p\x003"), "read", "broken_characters")
    yield Broken("NULs only", "a.csv", lambda: bytes(4_096), "refused")
    yield Broken("two encodings in one file", "a.csv", lambda: spanish.encode() + spanish.partition("\n")[2].encode("cp1252"), "read")
    yield Broken("cut within a character", "a.csv", lambda: spanish.rstrip().encode()[:-2], "read", "broken_characters")
    yield Broken("UTF-16 with a byte missing", "a.csv", lambda: spanish.encode("utf-16")[:-3], "read")
    yield Broken("UTF-16 without its mark", "a.csv", lambda: spanish.encode("utf-16-le"), "read")
    yield Broken("UTF-32", "a.csv", lambda: spanish.encode("utf-32"), "read")
    yield Broken("EBCDIC", "a.csv", lambda: TEXT.encode("cp500"), None)
    yield Broken("decoded twice", "a.csv", lambda: spanish.encode().decode("cp1252").encode(), "read")
    yield Broken("control characters", "a.csv", lambda: BYTES.replace(b"p1", b"p\x1b[31m\x07\x08"), "read")
    yield Broken("signs that turn the direction", "a.csv", lambda: TEXT.replace("p2", "\u202egnp.2p").encode(), "read")
    yield Broken("any bytes", "a.csv", lambda: random.Random(1).randbytes(20_000), "refused", "not_a_table")
    yield Broken("random letters", "a.csv", lambda: bytes(random.Random(2).choices(b"abc,;\"'\n\t ", k=20_000)), None)


def _too_much() -> Iterator[Broken]:
    wide = ",".join(f"c{i}" for i in range(16_384))
    yield Broken("16,384 columns", "a.csv", f"{wide}\n{wide}\n{wide}\n".encode, "refused", "too_wide")
    yield Broken("a million empty rows", "a.csv", lambda: BYTES + b",,,,,,\n" * 1_000_000, "read")
    yield Broken("a header of a megabyte", "a.csv", lambda: b"x" * 1_000_000 + BYTES, None)
    yield Broken("a cell of five megabytes", "a.csv", lambda: BYTES + b'A-9,2024-01-01,c01,"' + b"x" * 5_000_000 + b'",1,2,Spain\n', None)
    yield Broken("one row of ten megabytes", "a.csv", lambda: b"c1,5," * 2_000_000, "refused", "too_wide")
    yield Broken(
        "two million spaces in a row", "a.csv", lambda: b"id name sum\n" + b"c1 anna 5\n" * 30 + b"c2" + b" " * 2_000_000 + b"x 5\n", None
    )
    yield Broken("two thousand headers the same", "a.csv", lambda: b",".join([b"id"] * 1_999) + (b"\n" + b"1," * 1_998 + b"1") * 20, None)
    yield Broken("as many quotes as letters", "a.csv", lambda: b'"' * 100_001 + BYTES, None)


def _no_tables() -> Iterator[Broken]:
    rows = [dict(zip(LOG, row, strict=True)) for row in log_rows()]
    yield Broken("JSON", "a.csv", lambda: json.dumps(rows, indent=1).encode(), "refused", "not_a_table")
    yield Broken("JSON in lines", "a.csv", lambda: "\n".join(map(json.dumps, rows)).encode(), "refused", "not_a_table")
    yield Broken(
        "XML", "a.csv", lambda: b'<?xml version="1.0"?>\n<rows>\n' + b"<row><id>1</id></row>\n" * 30 + b"</rows>", "refused", "not_a_table"
    )
    yield Broken("the page of a login", "export.csv", f"<!DOCTYPE html>\n{HTML}".encode, "refused", "not_a_table")
    yield Broken("a web page called XLS", "export.xls", HTML.encode, "refused")
    yield Broken("an e-mail", "a.csv", lambda: b"From: a@example.com\nTo: b@example.com\nSubject: list\n\nHello,\n\nhere it is.\n", None)
    yield Broken("business cards", "a.csv", lambda: b"BEGIN:VCARD\nVERSION:3.0\nFN:Anna Berg\nEND:VCARD\n" * 20, None)
    yield Broken("SQL", "a.csv", lambda: b"INSERT INTO customers VALUES ('c1', 5, 'Spain');\n" * 30, None)
    yield Broken("a program", "a.csv", lambda: b"import os\n\n\ndef main():\n    print(1)\n" * 9, None)
    yield Broken(
        "rich text", "a.csv", lambda: b"{\\rtf1\\ansi{\\fonttbl\\f0 Arial;}\\f0 Customer 1\\par Customer 2\\par}", "refused", "not_a_table"
    )
    yield Broken("PDF", "a.csv", lambda: b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n%%EOF", "refused", "not_a_table")
    yield Broken(
        "a pointer to a file elsewhere",
        "a.csv",
        lambda: b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n",
        "stopped",
    )


def _useless_values() -> Iterator[Broken]:
    def column(place: int, *cells: str) -> bytes:
        rows = [[*row[:place], cells[i % len(cells)], *row[place + 1 :]] for i, row in enumerate(log_rows())]
        return "".join(",".join(row) + "\n" for row in ([*LOG], *rows)).encode()

    yield Broken("no customer has an id", "a.csv", lambda: column(2, ""), "stopped")
    yield Broken("every id is N/A", "a.csv", lambda: column(2, "N/A"), "stopped")
    yield Broken("one customer", "a.csv", lambda: column(2, "c01"), None)
    yield Broken("no day can be read", "a.csv", lambda: column(1, "soon", "later"), None)
    yield Broken("days that no calendar has", "a.csv", lambda: column(1, "2024-02-30", "2024-13-01", "0000-00-00", "2024-01-05"), "read")
    yield Broken("days at both ends of time", "a.csv", lambda: column(1, "0001-01-01", "9999-12-31", "2024-05-05"), None)
    yield Broken("prices are words", "a.csv", lambda: column(5, "cheap", "dear"), None)
    yield Broken("numbers past all bounds", "a.csv", lambda: column(5, "1e308", "1e999", "-1e400", "9" * 400, "nan", "inf"), None)
    yield Broken("errors of a spreadsheet", "a.csv", lambda: column(5, "#REF!", "#DIV/0!", "#N/A", "#VALUE!", "3.50"), "read")
    yield Broken("formulas as text", "a.csv", lambda: column(3, "=1+1", "\"=cmd|' /C calc'!A0\"", "@SUM(A1)", "+1", "-1"), "read")
    yield Broken("nothing is bought", "a.csv", lambda: column(4, "0", "-3"), "stopped", "no_rows_left")
    yield Broken("no weather has customers", "a.csv", lambda: b"Weather,Wind\n" + b"".join(b"sun,%d\n" % i for i in range(50)), "stopped")
    yield Broken("every row the same", "a.csv", (LINES[0] + LINES[1] * 200).encode, None)
