"""Which sheets a workbook shows, and which of them holds the table."""

from __future__ import annotations

import html
import re
import zipfile
from pathlib import Path
from typing import Any

from segmentation.errors import InvalidInputError, NotFoundError
from segmentation.findings import Finding

_SHEET = re.compile(r"<(?:\w+:)?sheet\s[^>]*>")
_HIDDEN = re.compile(r'\sstate="(?:h|veryH)idden"')
_NAME = re.compile(r'\sname="([^"]*)"')
_SMALL_ROWS = 20
_TIMES_LARGER = 5


def load(book: Any, name: str, rows: int | None = None) -> Any:
    """Load a sheet as text, from its first cell on."""
    return book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string", n_rows=rows)


def shown_sheets(book: Any, path: Path) -> list[str]:
    """Return the names of the sheets that are not hidden."""
    names = list(book.sheet_names)
    if len(names) < 2:
        return names
    hidden = _hidden_in_contents(path)
    if hidden is None:  # an ODS or XLS is read as a whole when it is opened: to look at each of its sheets costs little
        hidden = {name for name in names if load(book, name, 1).visible != "visible"}
    return [name for name in names if name not in hidden]


def _hidden_in_contents(path: Path) -> set[str] | None:
    """Return the hidden sheets by the table of contents of an XLSX; None for anything else."""
    if not zipfile.is_zipfile(path):
        return None
    with zipfile.ZipFile(path) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            return None
        tags = _SHEET.findall(archive.read("xl/workbook.xml").decode("utf-8", "replace"))
    return {html.unescape(name[1]) for tag in tags if _HIDDEN.search(tag) and (name := _NAME.search(tag))}


def choose_sheet(book: Any, shown: list[str], wanted: str | None, file: str) -> tuple[Any, list[Finding]]:
    """Load the sheet that was asked for, else the first that holds a table, and say that there are others."""
    if wanted is not None:
        if wanted not in book.sheet_names:
            listed = ", ".join(f'"{each}"' for each in shown)
            raise NotFoundError("no_such_sheet", f'"{file}" has no sheet "{wanted}".', f"Its sheets are: {listed}.")
        return load(book, wanted), []
    sheet = _find_table(book, shown)
    if sheet is None:
        raise InvalidInputError("empty_file", f'"{file}" has no sheet with cells in it.', fix="Export it again.")
    others = [name for name in shown if name != sheet.name]
    message = f'Sheet "{sheet.name}" was read; the others are: {", ".join(others)}.'
    return sheet, [Finding("other_sheets", "info", message, len(others))] if others else []


def _find_table(book: Any, shown: list[str]) -> Any | None:
    """Return the first sheet with rows and columns; where it is small, a much larger one: the first may be a cover."""
    filled = []
    for name in shown:
        sheet = load(book, name)
        if sheet.width and sheet.height:
            filled.append(sheet)
            if sheet.width > 1 and sheet.height >= _SMALL_ROWS:
                break
    first = next((sheet for sheet in filled if sheet.width > 1 and sheet.height > 1), filled[0] if filled else None)
    largest = max(filled, key=_n_cells, default=None)
    return largest if first is not None and _n_cells(largest) > _TIMES_LARGER * _n_cells(first) else first


def _n_cells(sheet: Any) -> int:
    return int(sheet.width * sheet.height)
