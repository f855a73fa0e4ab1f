"""Workbooks: looked at from outside first, then read by calamine as text."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from dashboard.intake.headers import is_header, name_columns, start_behind_pairs
from dashboard.intake.packed import DAMAGED
from dashboard.intake.sheets import choose_sheet, shown_sheets
from dashboard.intake.zero_formats import zero_widths
from segmentation.errors import InvalidInputError, TooLargeError
from segmentation.findings import Finding
from segmentation.intake.table import Dialect, UnreadableRow

_MAX_UNPACKED = 4 << 30
_MAX_RATIO = 400
_MAX_PARTS = 5_000
_LOOKED_THROUGH = 32 << 20
"""A sheet of more XML than this has cells enough to be as large as it says."""
_MAX_CELLS = 400_000_000
_MAX_SPARSE_CELLS = 5_000_000
_TITLE_ROWS = 50
_EMPTY = pa.StringArray.from_buffers(1, pa.py_buffer(bytes(8)), pa.py_buffer(b""))[0]
"""The empty text made by hand: to turn a Python value into one of its own, Arrow would import pandas, which takes 0.4 s."""
_MARK_OF_ENCRYPTION = "EncryptedPackage".encode("utf-16-le")
Found = tuple[Dialect, dict[str, Any], list[UnreadableRow], list[Finding]]


def read_workbook(path: Path, folder: Path, request: dict[str, Any]) -> Found:
    """Read one sheet of a workbook; the cells go to ``cells.arrow`` in the folder."""
    name = request["name"]
    import fastexcel

    try:
        if zipfile.is_zipfile(path):
            check_archive(path, name)
        book = fastexcel.read_excel(str(path))
        shown = shown_sheets(book, path)
        sheet, findings = choose_sheet(book, shown, request["sheet"], name)
        table = pa.Table.from_batches([sheet.to_arrow()])
    except (fastexcel.FastExcelError, *DAMAGED) as error:
        raise _explain(error, path, name) from error
    dialect, rows, unreadable, noticed = _lay_out(table, path, folder, sheet.name, findings, request)
    return replace(dialect, sheets=tuple(shown)), rows, unreadable, noticed


def _lay_out(table: pa.Table, path: Path, folder: Path, sheet: str, findings: list[Finding], request: dict[str, Any]) -> Found:
    texts = [column.combine_chunks().fill_null(_EMPTY) for column in table.columns]
    top = list(zip(*(column.slice(0, _TITLE_ROWS).to_pylist() for column in texts), strict=True)) if texts else []
    start = _find_start(top, request["header_row"])
    if start is None:
        raise InvalidInputError("empty_file", f'Sheet "{sheet}" of "{request["name"]}" is empty.', fix="Choose another sheet.")
    has_header = is_header(top[start], top[start + 1 :]) if request["header_row"] is None else request["header_row"] > 0
    kept = [i for i, column in enumerate(texts) if top[start][i].strip() or _is_filled(column)]
    names, more = name_columns([top[start][i] if has_header else "" for i in kept])
    if not has_header:
        more = [Finding("no_header", "question", "The first row does not name the columns; they were numbered.", 1)]
    if (n_above := sum(any(cell.strip() for cell in row) for row in top[:start])) and request["header_row"] is None:
        message = f"{n_above:,} rows above the table were left out: they have other cells than the rows below."
        more = [*more, Finding("rows_above_table", "info", message, n_above)]
    skip = start + has_header
    columns = [_as_column(texts[i].slice(skip).dictionary_encode()) for i in kept]
    columns, zeros = _restore_zeros(columns, names, _zero_widths(path, sheet, skip, request["name"]))
    cells = pa.Table.from_arrays(columns, names=names)
    with pa.OSFile(str(folder / "cells.arrow"), "wb") as sink, pa.ipc.new_stream(sink, cells.schema) as out:
        out.write_table(cells)
    dialect = Dialect(None, None, None, None, start + 1 if has_header else None, sheet)
    return dialect, {"first": skip + 1, "blank": []}, [], [*findings, *more, *zeros]


def _zero_widths(path: Path, sheet: str, n_above: int, name: str) -> list[int]:
    try:
        return zero_widths(path, sheet, n_above) if zipfile.is_zipfile(path) else []
    except (KeyError, *DAMAGED) as error:
        raise _explain(error, path, name) from error


def _restore_zeros(columns: list[pa.Array], names: list[str], widths: list[int]) -> tuple[list[pa.Array], list[Finding]]:
    """Write numbers with the zeros their whole column is shown with; where only some cells are, say that they were read without."""
    findings = []
    is_known = len(widths) == len(columns)  # not where a cell holds an empty text: nobody knows which column is which
    restored = [i for i, width in enumerate(widths) if is_known and width > 0 and _is_digits(columns[i])]
    if restored:
        message = f"Numbers shown with leading zeros were read as they are shown: {', '.join(names[i] for i in restored[:5])}."
        findings.append(Finding("leading_zeros_restored", "info", message, len(restored)))
    if n_left := sum(width != 0 for width in widths) - len(restored):
        message = "Some numbers are only shown with leading zeros (format 00000) and were read without them; store such codes as text."
        findings.append(Finding("leading_zeros_shown", "warning", message, n_left))
    return [_padded(column, widths[i]) if i in restored else column for i, column in enumerate(columns)], findings


def _is_digits(column: pa.DictionaryArray) -> bool:
    import pyarrow.compute as pc

    return bool(pc.all(pc.match_substring_regex(column.dictionary, r"^\d*$")).as_py())


def _padded(column: pa.DictionaryArray, width: int) -> pa.DictionaryArray:
    """Fill digits up with zeros; by patterns, since an empty cell stays empty."""
    import pyarrow.compute as pc

    marked = pc.replace_substring_regex(column.dictionary, rf"^(\d{{1,{width - 1}}})$", "#" + "0" * width + r"\1")
    return pa.DictionaryArray.from_arrays(column.indices, pc.replace_substring_regex(marked, rf"^#\d+(\d{{{width}}})$", r"\1"))


def _as_column(column: pa.DictionaryArray | pa.ChunkedArray) -> pa.Array:
    import pyarrow.compute as pc

    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    texts = array.dictionary.cast(pa.string())
    if pc.any(pc.match_substring(texts, "\0")).as_py():  # no store keeps it
        return pc.replace_substring(texts, "\0", "\ufffd").take(array.indices).dictionary_encode()
    return pa.DictionaryArray.from_arrays(array.indices, texts)


def _is_filled(column: pa.Array) -> bool:
    import pyarrow.compute as pc

    return bool(pc.max(pc.utf8_length(pc.utf8_trim_whitespace(column))).as_py())


def _find_start(top: list[tuple[str, ...]], header_row: int | None) -> int | None:
    """Return the position of the first row of the table: titles above it fill fewer cells."""
    filled = [sum(bool(cell.strip()) for cell in row) for row in top]
    if not any(filled):
        return None
    if header_row:
        if not 0 < header_row <= len(top):
            title = f"Row {header_row:,} cannot be the header: only the first {len(top):,} rows are looked at."
            raise InvalidInputError("no_such_row", title, fix="Give the number of the row that names the columns, 0 for none.")
        return header_row - 1
    usual = sorted(count for count in filled if count)[len([count for count in filled if count]) // 2]
    return start_behind_pairs(top, next(i for i, count in enumerate(filled) if count and count >= min(usual, max(filled)) * 0.6))


def check_archive(path: Path, name: str) -> None:
    """Refuse, before anything is unpacked, a workbook that would unpack to far more than it is.

    Raises
    ------
    TooLargeError, InvalidInputError
    """
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        unpacked = sum(part.file_size for part in parts)
        if len(parts) > _MAX_PARTS or unpacked > _MAX_UNPACKED or unpacked > _MAX_RATIO * max(path.stat().st_size, 1 << 16):
            raise TooLargeError(
                "workbook_bomb", f'"{name}" unpacks to {unpacked:,} bytes, far more than a workbook of its size.', fix="Save it as CSV."
            )
        for part in parts:
            if part.filename.endswith(".xml") and part.file_size <= _LOOKED_THROUGH:
                _check_part(archive.read(part), part.filename, name)


def _check_part(xml: bytes, part: str, name: str) -> None:
    if b"<!DOCTYPE" in xml[:4096] or b"<!ENTITY" in xml[:4096]:
        raise InvalidInputError(
            "hostile_workbook", f'"{name}" declares its own XML entities, which no workbook does.', fix="Save it again in Excel."
        )
    if "/sheet" not in part:
        return
    places = re.findall(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"', xml)
    if not places:
        return
    width = max(_column_number(letters) for letters, _ in set(places) if letters)
    height = max(int(row) for _, row in places)
    if width * height > _MAX_CELLS or (width * height > _MAX_SPARSE_CELLS and width * height > 100 * len(places)):
        last = max(places, key=lambda place: (int(place[1]), _column_number(place[0])))
        raise TooLargeError(
            "workbook_too_sparse",
            f'"{name}" has {len(places):,} cells on {width:,} columns and {height:,} rows, up to {last[0].decode()}{last[1].decode()}.',
            fix="Delete the stray cells far below or to the right of the table.",
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _explain(error: Exception, path: Path, name: str) -> InvalidInputError:
    text = str(error).lower()
    if "password" in text or "encrypt" in text or _MARK_OF_ENCRYPTION in path.read_bytes()[:_LOOKED_THROUGH]:
        return InvalidInputError("encrypted_workbook", f'"{name}" is protected by a password.', fix="Save it without one.")
    return InvalidInputError("damaged_workbook", f'"{name}" is damaged or no Excel workbook.', fix="Open it in Excel and save it again.")
