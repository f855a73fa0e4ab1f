"""Small files that would fill a machine if they were taken at their word."""

from __future__ import annotations

import gzip
import io
import lzma
import zipfile
from collections.abc import Iterator
from functools import partial

from tests.bars.broken import Broken, log_text
from tests.bars.hand_packed import TABLE, lying_size, rezipped, zipped
from tests.dashboard.intake.messy_workbooks import ods, xlsx

_MB = 1 << 20
_SHEET, _TEXTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
_LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha">' + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 20) for i in range(9)) + b"]>"


def bombs() -> Iterator[Broken]:
    """Yield every bomb; each is to be refused."""
    yield Broken("a zip of 300 MB", "a.zip", lambda: zipped({"a.csv": _endless(300)}), "refused", "packed_bomb")
    yield Broken("a zip in a zip in a zip", "a.zip", nested, "refused", "no_table_in_archive")
    yield Broken("gzip of 300 MB", "a.csv.gz", lambda: gzip.compress(_endless(300), 6, mtime=0), "refused", "packed_bomb")
    yield Broken("gzip of gzip members", "a.csv.gz", lambda: gzip.compress(_endless(10), mtime=0) * 40, "refused", "packed_bomb")
    yield Broken("xz of 300 MB", "a.csv.xz", lambda: lzma.compress(_endless(300), preset=1), "refused", "packed_bomb")
    yield Broken("a zip with a lying size", "a.zip", lambda: lying_size(zipped({"a.csv": _endless(300)})), "refused")
    yield Broken("a billion laughs", "a.xlsx", lambda: rezipped(_book(), {_TEXTS: _laughing}), "refused", "hostile_workbook")
    yield Broken(
        "a billion laughs of LibreOffice",
        "a.ods",
        lambda: rezipped(ods({"D": TABLE}), {"content.xml": _laughing}),
        "refused",
        "hostile_workbook",
    )
    yield Broken("two cells at the corners", "a.xlsx", lambda: rezipped(_book(), {_SHEET: _corners}), "refused", "workbook_too_sparse")
    yield Broken("one long text in every cell", "a.xlsx", partial(one_text, 30_000_000, 500), "refused")
    yield Broken("a sheet of repeated rows", "a.ods", lambda: rezipped(ods({"D": TABLE}), {"content.xml": _repeated}), "refused")
    yield Broken("thousands of sheets", "a.xlsx", many_sheets, "refused", "workbook_bomb")
    yield Broken("a workbook of 300 MB of blanks", "a.xlsx", lambda: rezipped(_book(), {_SHEET: _blanks}), "refused", "workbook_bomb")
    yield Broken(
        "a cell of 60 MB", "a.csv", lambda: log_text().encode() + b'A-9,2024-01-01,"' + b"x" * (60 * _MB), "refused", "row_too_long"
    )


def _endless(megabytes: int) -> bytes:
    return b"c1,2024-01-01,5\n" * (megabytes * _MB // 16)


def _book() -> bytes:
    return xlsx({"Data": TABLE})


def nested() -> bytes:
    """Return a zip whose every level holds ten of the level below."""
    content = zipped({"a.csv": _endless(20)})
    for _ in range(3):
        content = zipped({f"{i}.zip": content for i in range(10)})
    return content


def _laughing(xml: bytes) -> bytes:
    head, mark, rest = xml.partition(b"?>")
    return head + mark + _LAUGHS + rest.replace(b"Spain", b"&j;")


def _corners(xml: bytes) -> bytes:
    cell = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return xml.replace(b"</sheetData>", cell)


def one_text(length: int, cells: int) -> bytes:
    """Return a workbook whose cells all show the same long text."""
    texts = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>' + b"x" * length + b"</t></si></sst>"
    rows = b"".join(
        b'<row r="%d"><c r="A%d" t="s"><v>0</v></c><c r="B%d" t="s"><v>0</v></c></row>' % (i, i, i) for i in range(1, cells + 1)
    )
    return rezipped(
        _book(), {_TEXTS: lambda _: texts, _SHEET: lambda xml: xml[: xml.index(b"<sheetData>") + 11] + rows + b"</sheetData></worksheet>"}
    )


def _repeated(xml: bytes) -> bytes:
    cell = b'<table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p></table:table-cell>'
    return xml.replace(
        b"</table:table>", b'<table:table-row table:number-rows-repeated="1048576">' + cell + b"</table:table-row></table:table>"
    )


def many_sheets() -> bytes:
    """Return a workbook with more parts than any workbook has."""
    out = io.BytesIO(_book())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        for i in range(2, 8_000):
            archive.writestr(f"xl/worksheets/sheet{i}.xml", b"<worksheet/>")
    return out.getvalue()


def _blanks(xml: bytes) -> bytes:
    return xml.replace(b"</sheetData>", b" " * (300 * _MB) + b"</sheetData>")
