"""Files as pictures of tables."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest

from segmentation.intake.table import Dialect, RawTable, UnreadableRow


def picture(text: str, unreadable: tuple[UnreadableRow, ...] = ()) -> RawTable:
    """Return the table that a picture shows: a header line, then rows; cells between bars."""
    lines = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in text.strip().splitlines()]
    header, rows = lines[0], lines[1:]
    columns = [pa.array([row[i] for row in rows], pa.string()).dictionary_encode() for i in range(len(header))]
    return RawTable(pa.table(columns, names=header), np.arange(len(rows), dtype=np.int64) + 2, Dialect("utf-8", ","), unreadable)


@pytest.fixture(scope="session")
def table() -> Callable[..., RawTable]:
    """Return a function from a picture to a table as the reader hands it over."""
    return picture
