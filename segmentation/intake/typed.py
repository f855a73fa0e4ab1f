"""The mapped columns, read by their role: each distinct text once, then one look-up a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from segmentation.errors import InvalidInputError
from segmentation.findings import Finding
from segmentation.intake.columns import ROLE_BY_NAME
from segmentation.intake.dates import DATE_ORDERS, DateOrder, ParsedDates, parse_dates
from segmentation.intake.mapping import ColumnMapping
from segmentation.intake.parsing import OK, UNREADABLE, DecimalMark, ParsedNumbers, parse_numbers
from segmentation.intake.table import RawTable

_MAX_EXAMPLES = 5


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


@dataclass(frozen=True)
class TypedColumns:
    """The columns whose role is a number or a date, by role."""

    numbers: Mapping[str, NumberColumn] = field(default_factory=dict)
    dates: Mapping[str, DateColumn] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @property
    def decimal(self) -> DecimalMark | None:
        """The decimal mark of the first column that has one."""
        return next((column.parsed.decimal for column in self.numbers.values() if column.parsed.decimal), None)

    @property
    def date_order(self) -> DateOrder | None:
        """The order of day, month and year of the first date column that shows one."""
        return next((column.parsed.order for column in self.dates.values() if column.parsed.order), None)


def read_typed(
    raw: RawTable, mapping: ColumnMapping, decimal: DecimalMark | None = None, date_order: DateOrder | None = None
) -> TypedColumns:
    """Read every column whose role is a number, money, a year or a date.

    Parameters
    ----------
    raw : RawTable
    mapping : ColumnMapping
    decimal, date_order : str, optional
        Overrule what the columns show.

    Returns
    -------
    TypedColumns

    Raises
    ------
    InvalidInputError
        ``unknown_option`` for a decimal mark or a date order that does not exist.
    """
    if decimal not in (None, ".", ","):
        raise InvalidInputError("unknown_option", f'"{decimal}" is no decimal mark.', fix='Use "." or ",".')
    if date_order not in (None, *DATE_ORDERS):
        raise InvalidInputError("unknown_option", f'"{date_order}" is no order of day, month and year.', fix="Use dmy, mdy or ymd.")
    numbers: dict[str, NumberColumn] = {}
    dates: dict[str, DateColumn] = {}
    for role, header in mapping.roles.items():
        kind = ROLE_BY_NAME[role].type
        if kind == "date":
            dates[role] = DateColumn(header, raw.codes(header), parse_dates(raw.distinct(header), date_order))
        elif kind in ("number", "money", "year"):
            numbers[role] = NumberColumn(header, raw.codes(header), parse_numbers(raw.distinct(header), decimal))
    return TypedColumns(numbers, dates, (*_open_questions(numbers, dates), *_unreadable_cells(raw, numbers, dates)))


def _open_questions(numbers: Mapping[str, NumberColumn], dates: Mapping[str, DateColumn]) -> list[Finding]:
    findings = []
    for column in dates.values():
        if column.parsed.is_order_open:
            read_as = "day first" if column.parsed.order == "dmy" else "month first"
            message = f'The dates in "{column.header}" can be read day first or month first; they were read {read_as}. Say which it is.'
            findings.append(Finding("ambiguous_dates", "question", message, int(column.codes.size), ({"column": column.header},)))
    for number in numbers.values():
        if number.parsed.is_mark_open:
            mark = "point" if number.parsed.decimal == "." else "comma"
            message = f'The numbers in "{number.header}" do not show their decimal mark; it was read as a {mark}. Say which it is.'
            findings.append(Finding("ambiguous_decimal_mark", "question", message, int(number.codes.size), ({"column": number.header},)))
        if number.parsed.n_rounded:
            message = f'Some numbers in "{number.header}" have more than six decimals; they were rounded.'
            findings.append(Finding("rounded_numbers", "info", message, number.parsed.n_rounded, ({"column": number.header},)))
    return findings


def _unreadable_cells(raw: RawTable, numbers: Mapping[str, NumberColumn], dates: Mapping[str, DateColumn]) -> list[Finding]:
    findings = []
    columns: list[NumberColumn | DateColumn] = [*numbers.values(), *dates.values()]
    for column in columns:
        rows = np.flatnonzero(column.state == UNREADABLE)
        if rows.size:
            what = "a number" if isinstance(column, NumberColumn) else "a date"
            examples = tuple(
                {"row": int(raw.row_numbers[row]), "column": column.header, "value": raw.text(column.header, int(row))}
                for row in rows[:_MAX_EXAMPLES]
            )
            message = f'{rows.size:,} cells of "{column.header}" are not {what}; they count as missing.'
            findings.append(Finding("unreadable_cells", "warning", message, int(rows.size), examples))
    return findings


def is_numeric(parsed: ParsedNumbers) -> bool:
    """Tell whether all filled texts of a column are numbers and there is at least one.

    Parameters
    ----------
    parsed : ParsedNumbers

    Returns
    -------
    bool
    """
    return bool(np.any(parsed.state == OK)) and not bool(np.any(parsed.state == UNREADABLE))
