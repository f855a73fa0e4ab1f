"""The labelled customers as an Excel workbook: measures as numbers, everything else as the text it is."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from dashboard.exports.delimited import replacing
from dashboard.exports.labelled import KEY_MEASURES, LabelledCustomers
from segmentation.errors import TooLargeError

_MOST_ROWS = 1_048_575
_ROWS_AT_ONCE = 10_000
_NUMBERS = {"segment_id", *KEY_MEASURES}


def write_workbook(path: Path, labelled: LabelledCustomers) -> None:
    """Write a workbook of one sheet; it appears whole or not at all. No text can act as a formula or a link."""
    import xlsxwriter

    n = len(labelled.columns[0])
    if n > _MOST_ROWS:
        raise TooLargeError("too_many_rows", f"{n:,} customers do not fit a sheet of {_MOST_ROWS:,} rows.", fix="Export them as CSV.")
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with replacing(path) as out, xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet("Customers")
        sheet.freeze_panes(1, 1)
        sheet.write_row(0, 0, labelled.headers)
        is_number = [header in _NUMBERS for header in labelled.headers[: len(_NUMBERS) + 2]]
        is_number += [False] * (len(labelled.headers) - len(is_number))  # a person's own column of that name comes later
        for start in range(0, n, _ROWS_AT_ONCE):
            pieces = [column.slice(start, _ROWS_AT_ONCE).cast(pa.string()).to_pylist() for column in labelled.columns]
            for number, row in enumerate(zip(*pieces, strict=True), start=start + 1):
                for column, text in enumerate(row):
                    if text and is_number[column]:
                        sheet.write_number(number, column, float(text))
                    elif text:
                        sheet.write_string(number, column, text)
