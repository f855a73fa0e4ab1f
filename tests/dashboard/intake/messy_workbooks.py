"""Workbooks for the tests: XLSX by xlsxwriter, ODS and XLS by hand, since nothing that is installed writes these."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from xml.sax.saxutils import escape

import xlsxwriter

Row = Sequence[str | int]
_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def xlsx(
    sheets: Mapping[str, Sequence[Row]], *, hidden: str | None = None, merged: bool = False, formats: Mapping[int, str] | None = None
) -> bytes:
    """Return an XLSX; texts stay texts, numbers get the format of their column."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        styles = {column: book.add_format({"num_format": number_format}) for column, number_format in (formats or {}).items()}
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for i, row in enumerate(rows):
                for j, cell in enumerate(row):
                    if isinstance(cell, int):
                        sheet.write_number(i, j, cell, styles.get(j))
                    elif cell:
                        sheet.write_string(i, j, cell)
            if merged:
                sheet.merge_range(0, 0, 0, len(rows[-1]) - 1, rows[0][0])
            if name == hidden:
                sheet.hide()
            else:
                sheet.activate()
                sheet.set_first_sheet()
    return out.getvalue()


def ods(sheets: Mapping[str, Sequence[Row]], *, hidden: str | None = None) -> bytes:
    """Return an ODS of texts, ending as LibreOffice does with a repeated empty row down to the end of the sheet."""
    names = "".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" ' for name in ("office", "table", "text", "style"))
    tables = "".join(_ods_table(name, rows, "ta2" if name == hidden else "ta1") for name, rows in sheets.items())
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names}office:version="1.3">'
        f"<office:automatic-styles>{_ODS_STYLES}</office:automatic-styles><office:body><office:spreadsheet>"
        f"{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
            '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>',
        )
    return out.getvalue()


_ODS_STYLES = "".join(
    f'<style:style style:name="{name}" style:family="table"><style:table-properties table:display="{shown}"/></style:style>'
    for name, shown in (("ta1", "true"), ("ta2", "false"))
)
_ODS_REST = (
    '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
)


def _ods_table(name: str, rows: Sequence[Row], style: str) -> str:
    start = f'<table:table table:name="{escape(name)}" table:style-name="{style}">'
    return f"{start}{''.join(map(_ods_row, rows))}{_ODS_REST}</table:table>"


def _ods_row(row: Row) -> str:
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{escape(str(cell))}</text:p></table:table-cell>'
        if cell
        else "<table:table-cell/>"
        for cell in row
    )
    return f"<table:table-row>{cells or '<table:table-cell/>'}</table:table-row>"


def xls(sheets: Mapping[str, Sequence[Row]], *, hidden: str | None = None) -> bytes:
    """Return an XLS (BIFF8 in a compound file) of texts."""
    bodies = [
        _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) + b"".join(_labels(rows)) + _record(0x0A, b"")
        for rows in sheets.values()
    ]
    start = _record(0x809, struct.pack("<HHHHII", 0x600, 0x05, 0, 0, 0, 0)) + _record(0x42, struct.pack("<H", 1200))
    place = len(start) + sum(4 + 8 + len(name) for name in sheets) + 4
    for name, body in zip(sheets, bodies, strict=True):
        start += _record(0x85, struct.pack("<IBBBB", place, name == hidden, 0, len(name), 0) + name.encode("latin-1"))
        place += len(body)
    return _compound(start + _record(0x0A, b"") + b"".join(bodies))


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _labels(rows: Sequence[Row]) -> Iterator[bytes]:
    """Yield one LABEL record for each filled cell: row, column, style, then the text in UTF-16."""
    for i, row in enumerate(rows):
        for j, cell in enumerate(map(str, row)):
            if cell:
                yield _record(0x204, struct.pack("<HHHHB", i, j, 0, len(cell), 1) + cell.encode("utf-16-le"))


def _compound(workbook: bytes) -> bytes:
    """Return a compound file with one stream: header, one table of sectors, one directory, then the stream."""
    stream = workbook.ljust(max(4096, -(-len(workbook) // _SECTOR) * _SECTOR), b"\0")  # a shorter one would belong in another place
    n_sectors = len(stream) // _SECTOR
    table = [_FAT, _END, *range(3, 2 + n_sectors), _END]
    fat = struct.pack(f"<{_SECTOR // 4}I", *table, *[_FREE] * (_SECTOR // 4 - len(table)))
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        bytes(16),
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        bytes(6),
        0,
        1,
        1,
        0,
        4096,
        _END,
        0,
        _END,
        0,
        0,
    ) + struct.pack("<108I", *[_FREE] * 108)
    directory = _entry("Root Entry", 5, _END, 0, child=1) + _entry("Workbook", 2, 2, len(stream)) + bytes(2 * 128)
    return header + fat + directory + stream


def _entry(name: str, kind: int, start: int, size: int, child: int = _FREE) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    return struct.pack("<64sHBBIII16sIQQIQ", text, len(text), kind, 1, _FREE, _FREE, child, bytes(16), 0, 0, 0, start, size)
