"""Columns that were read: each distinct text once, then one look-up a row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from segmentation.intake.dates import ParsedDates
from segmentation.intake.parsing import ParsedNumbers


@dataclass(frozen=True)
class NumberColumn:
    """A column of numbers: one exact value a row as ``units[codes] / 10**scale``."""

    header: str
    codes: np.ndarray
    parsed: ParsedNumbers

    @property
    def units(self) -> np.ndarray:
        """Exact values of the rows in whole units of 10**-scale, int64 of shape (n rows,)."""
        return self.parsed.units[self.codes]

    @property
    def state(self) -> np.ndarray:
        """OK, MISSING or UNREADABLE of the rows, uint8 of shape (n rows,)."""
        return self.parsed.state[self.codes]

    def as_floats(self) -> np.ndarray:
        """Return the rows as float64, NaN where there is no value."""
        return self.parsed.as_floats()[self.codes]


@dataclass(frozen=True)
class DateColumn:
    """A column of moments: seconds since 1970 of each row as ``parsed.seconds[codes]``."""

    header: str
    codes: np.ndarray
    parsed: ParsedDates

    @property
    def seconds(self) -> np.ndarray:
        """Seconds since 1970-01-01 of the rows, int64 of shape (n rows,)."""
        return self.parsed.seconds[self.codes]

    @property
    def state(self) -> np.ndarray:
        """OK, MISSING or UNREADABLE of the rows, uint8 of shape (n rows,)."""
        return self.parsed.state[self.codes]
