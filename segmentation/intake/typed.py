"""The mapped columns, read by their role: each distinct text once, then one look-up a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from segmentation.errors import InvalidInputError
from segmentation.findings import Finding
from segmentation.intake.columns import ROLE_BY_NAME
from segmentation.intake.dates import CENTURY_PIVOT, DATE_ORDERS, DateOrder, ParsedDates, parse_dates, parse_times
from segmentation.intake.mapping import ColumnMapping
from segmentation.intake.parsing import OK, UNREADABLE, DecimalMark, ParsedNumbers, parse_numbers
from segmentation.intake.reading_notes import say_how_read
from segmentation.intake.table import RawTable
from segmentation.intake.values import DateColumn, NumberColumn

BIRTH_PIVOT = 20
"""Birthdays with a year of two digits: customers are grown up, so 45 is 1945."""


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
    wanted = {role: ROLE_BY_NAME[role].type for role in mapping.roles}
    numbers = _read_numbers(
        raw, {role: mapping.roles[role] for role, kind in wanted.items() if kind in ("number", "money", "year")}, decimal
    )
    dates = _read_dates(raw, {role: mapping.roles[role] for role, kind in wanted.items() if kind == "date"}, date_order)
    if "time" in mapping.roles and "date" in dates:
        dates["date"] = _at_time(raw, dates["date"], mapping.roles["time"])
    return TypedColumns(numbers, dates, say_how_read(raw, numbers, dates))


def _read_numbers(raw: RawTable, headers: Mapping[str, str], decimal: DecimalMark | None) -> dict[str, NumberColumn]:
    """Read columns of numbers; a mark that one column leaves open is that of the others, where they agree."""
    read = {role: parse_numbers(raw.distinct(header), decimal) for role, header in headers.items()}
    for role, header in headers.items():
        if decimal and np.any(read[role].state == UNREADABLE):  # a column may show beyond doubt that it is written the other way
            own = parse_numbers(raw.distinct(header))
            read[role] = read[role] if own.is_mark_open or np.any(own.state == UNREADABLE) else own
    sure = {parsed.decimal for parsed in read.values() if parsed.decimal and not parsed.is_mark_open}
    if len(sure) == 1:
        mark = sure.pop()
        read = {role: parse_numbers(raw.distinct(headers[role]), mark) if parsed.is_mark_open else parsed for role, parsed in read.items()}
    return {role: NumberColumn(headers[role], raw.codes(headers[role]), parsed) for role, parsed in read.items()}


def _read_dates(raw: RawTable, headers: Mapping[str, str], order: DateOrder | None) -> dict[str, DateColumn]:
    """Read columns of dates; an order that one column leaves open is that of the others, where they agree."""

    def read(role: str, wanted: DateOrder | None) -> ParsedDates:
        return parse_dates(raw.distinct(headers[role]), wanted, BIRTH_PIVOT if role == "birth_date" else CENTURY_PIVOT)

    found = {role: read(role, order) for role in headers}
    for role in headers:
        if order and np.any(found[role].state == UNREADABLE):  # the person means the column in question, not one that shows another order
            own = read(role, None)
            found[role] = found[role] if own.is_order_open or np.any(own.state == UNREADABLE) else own
    sure = {parsed.order for parsed in found.values() if parsed.order in ("dmy", "mdy") and not parsed.is_order_open}
    if len(sure) == 1:
        known = sure.pop()
        found = {role: read(role, known) if parsed.is_order_open else parsed for role, parsed in found.items()}
    return {role: DateColumn(headers[role], raw.codes(headers[role]), parsed) for role, parsed in found.items()}


def _at_time(raw: RawTable, day: DateColumn, header: str) -> DateColumn:
    """Return the moments of a column of days and one of times; days that carry a time already stay as they are."""
    if day.parsed.has_time:
        return day
    seconds, is_time = parse_times(raw.distinct(header))
    pairs = day.codes.astype(np.int64) * is_time.size + raw.codes(header)
    different, codes = np.unique(pairs, return_inverse=True)
    days, times = different // is_time.size, different % is_time.size
    parsed = replace(
        day.parsed,
        seconds=np.where(day.parsed.state[days] == OK, day.parsed.seconds[days] + seconds[times], 0),
        state=day.parsed.state[days],
        has_time=bool(np.any(seconds)),
        is_placeholder=day.parsed.is_placeholder[days],
        is_coarse=day.parsed.is_coarse[days],
    )
    return DateColumn(day.header, codes.astype(np.int32), parsed)


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
