"""A file as text: what the reader hands over and the mapping begins with."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from segmentation.findings import Finding


@dataclass(frozen=True)
class Dialect:
    """How the file was written. ``None`` where the question does not arise (a workbook or a single column has no delimiter)."""

    encoding: str | None = None
    delimiter: str | None = None  # "," ";" "\t" "|" ... or " " for runs of spaces
    quote: str | None = '"'
    escape: str | None = None
    header_row: int | None = 1  # number of the header row in the person's file, None where there is none
    sheet: str | None = None
    sheets: tuple[str, ...] = ()  # those a workbook shows


@dataclass(frozen=True)
class UnreadableRow:
    """A row of the file that has not as many cells as the header (or could not be decoded)."""

    row: int
    text: str
    reason: str


@dataclass(frozen=True)
class RawTable:
    """Every cell as the text that stands in the file.

    Attributes
    ----------
    columns : pyarrow.Table
        Shape (n rows, m columns). Every column is ``dictionary<values=string, indices=int32>`` in one chunk, without nulls:
        an empty cell is ``""``. Names are unique; a repeated header gets " (2)", an empty one "Column 3".
    row_numbers : numpy.ndarray of int64, shape (n,)
        The number of each row as a spreadsheet shows it for the person's file (header and blank rows counted, from 1).
    dialect : Dialect
    unreadable : tuple of UnreadableRow
        Rows that could not be laid out in columns. Rows read = n + len(unreadable).
    findings : tuple of Finding
    n_earlier : int
        How many rows, the first ones, come from the version before and not from the file; they are numbered from 1 as they stood there.
    """

    columns: pa.Table
    row_numbers: np.ndarray
    dialect: Dialect
    unreadable: tuple[UnreadableRow, ...] = ()
    findings: tuple[Finding, ...] = field(default=())
    n_earlier: int = 0

    @property
    def headers(self) -> tuple[str, ...]:
        """The column names in file order."""
        return tuple(self.columns.column_names)

    @property
    def n_rows(self) -> int:
        """Rows laid out in columns (unreadable ones not counted)."""
        return int(self.columns.num_rows)

    def codes(self, header: str) -> np.ndarray:
        """Return the index of each row's text among :meth:`distinct`, int32 of shape (n,)."""
        return np.asarray(self._column(header).indices)

    def distinct(self, header: str) -> pa.StringArray:
        """Return the distinct texts of a column."""
        return self._column(header).dictionary

    def text(self, header: str, row_index: int) -> str:
        """Return one cell as it stands in the file."""
        column = self._column(header)
        return str(column.dictionary[column.indices[row_index].as_py()].as_py())

    def _column(self, header: str) -> pa.DictionaryArray:
        return self.columns.column(header).chunk(0)
