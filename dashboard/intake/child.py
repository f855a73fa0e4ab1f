"""The child process that reads a stranger's file: ``python -m dashboard.intake.child REQUEST``. Fresh, limited, thrown away."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from dashboard.intake.answer import leave_mark, save_error, save_rest
from dashboard.intake.limits import limit_this_process
from dashboard.intake.packed import NO_SPACE, unpack
from segmentation.errors import AppError, InvalidInputError, TooLargeError, UnavailableError


def main(text: str) -> None:
    """Read the file of a request and leave the answer in its folder."""
    request = json.loads(text)
    folder = Path(request["folder"])
    limit_this_process(request["memory"])
    try:
        read(request)
    except BaseException as error:
        found = _in_plain_words(error, request["name"])
        if found is None:
            leave_mark(folder, error)
            raise
        save_error(folder, found)


def _in_plain_words(error: BaseException, name: str) -> AppError | None:
    """Return what a person can mend; None where it is a mistake of ours."""
    if isinstance(error, AppError):
        return error
    if isinstance(error, MemoryError):
        return TooLargeError("file_too_demanding", f'"{name}" needs more memory than is allowed for reading.', fix="Split it.")
    if isinstance(error, OSError) and error.errno in NO_SPACE:
        return UnavailableError("disk_full", "The disk of this machine is full.", fix="Free some space, then try again.")
    if type(error).__name__ == "PanicException":  # of the library for workbooks; it is none of Python's exceptions
        return InvalidInputError(
            "damaged_workbook", f'"{name}" is damaged or no Excel workbook.', fix="Open it in Excel and save it again."
        )
    return None


def read(request: dict[str, Any]) -> None:
    """Tell a workbook from text by its first bytes, whatever the file is called, and read it."""
    folder = Path(request["folder"])
    path = unpack(Path(request["path"]), folder, request["name"])
    with path.open("rb") as file:
        start = file.read(8)
    kind = kind_of(start)
    is_called_workbook = path.suffix.lower() in (".xlsx", ".xlsm", ".xls", ".ods", ".xlsb")
    if not start or not path.stat().st_size:
        raise InvalidInputError("empty_file", f'"{request["name"]}" is empty.', fix="Export it again.")
    if kind == "other":
        raise InvalidInputError(
            "not_a_table",
            f'"{request["name"]}" is not a table'
            + (" and no Excel workbook" if is_called_workbook else "")
            + ": it is a picture, a document or a program.",
            fix="Choose a CSV, text or Excel file.",
        )
    if kind == "text" and is_called_workbook:
        raise InvalidInputError(
            "workbook_as_text",
            f'"{request["name"]}" is called a workbook but holds plain text.',
            fix="Rename it to .csv, or save it as a workbook in Excel.",
        )
    if kind == "text" and request["sheet"] is not None:
        raise InvalidInputError("no_such_sheet", f'"{request["name"]}" is a text file and has no sheets.', fix="Leave the sheet out.")
    if kind == "text":
        from dashboard.intake.delimited import read_delimited

        dialect, rows, unreadable, findings = read_delimited(path, folder, request)
    else:
        from dashboard.intake.workbook import read_workbook

        dialect, rows, unreadable, findings = read_workbook(path, folder, request)
    save_rest(folder, dialect, rows, unreadable, findings)


_OTHER = (
    b"\x89PNG",
    b"%PDF",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x7fELF",
    b"MZ",
    b"PAR1",
    b"SQLite f",
    b"\x1f\x8b",
    b"\xfd7zXZ",
    b"BZh",
    b"Rar!",
    b"7z\xbc\xaf",
)


def kind_of(start: bytes) -> str:
    """Return "workbook", "text" or "other" for the first bytes of a file."""
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return "workbook"
    return "other" if start.startswith(_OTHER) else "text"


if __name__ == "__main__":
    main(sys.argv[1])
