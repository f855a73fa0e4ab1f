"""The numbers behind a chart as CSV: as they stand in its table, without the dress that people like and programs do not."""

from __future__ import annotations

import csv
import io
import re

from dashboard.components.charts import DataTable
from dashboard.formats import MISSING

_NUMBER = re.compile(r"^(?P<minus>[−-]?)[^\d\s<−-]{0,3}\s?(?P<digits>\d[\d,]*(\.\d+)?)(?P<percent>%?)$")
_FORMULA = re.compile(r"^[=@\t\r+-]")


def chart_csv(data: DataTable) -> str:
    """Return a table as CSV: plain numbers, percent as they are named, nothing that a spreadsheet would run."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_safe(header) for header in data.headers])
    for row in data.rows:
        writer.writerow([_safe(row[0]), *(_plain(cell) for cell in row[1:])])
    return out.getvalue()


def _plain(cell: str) -> str:
    found = _NUMBER.match(cell.replace("\u00a0", " "))
    if found is None:
        return "" if cell == MISSING else _safe(cell)
    return ("-" if found["minus"] else "") + found["digits"].replace(",", "") + found["percent"]


def _safe(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text
