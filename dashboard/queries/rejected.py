"""The rows of a stored dataset that were set aside, as a file."""

from __future__ import annotations

from pathlib import Path

from dashboard.context import Context
from dashboard.exports.delimited import as_texts, write_csv
from database.datasets import load_dataset, load_rejected_rows
from database.engine import read

_HEADERS = ("row", "column", "value", "reason")


def write_stored_rejected(context: Context, dataset_id: str, path: Path) -> None:
    """Write where each row stands in the person's file, the column and value that decided, and the reason."""
    with read(context.engine) as conn:
        load_dataset(conn, dataset_id)
        rows = load_rejected_rows(conn, dataset_id)
    write_csv(path, _HEADERS, [as_texts(rows.column(name)).combine_chunks() for name in _HEADERS])
