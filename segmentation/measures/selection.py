"""What a filter leaves: the customers, and of a log the purchases, that every number on a page is then about."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import pandas as pd

from segmentation.errors import InvalidInputError
from segmentation.measures.catalogue import CustomerCatalogue, Population
from segmentation.measures.customers import SECONDS_PER_DAY, ExactMoney
from segmentation.measures.filters import (
    DAYS,
    FIRST_MONTH,
    MONTH,
    ORDER_VALUE,
    SEGMENT,
    UNKNOWN,
    WEEK_HOUR,
    WEEKDAY,
    WEEKDAYS,
    Band,
    Choice,
    Condition,
    CustomerFilter,
    Days,
    is_number_text,
)
from segmentation.measures.lines import Lines, first_moments, month_numbers

MOST_CONDITIONS = 16
"""Bits of what says of each line which conditions it fails."""
_THURSDAY = 3
"""The weekday (Monday is 0) of 1 January 1970."""


@dataclass(frozen=True)
class Source:
    """What an overview is drawn from.

    Attributes
    ----------
    population : Population
    money : ExactMoney or None
        Total spend of each customer, in the same order.
    lines : Lines or None
        The kept lines of a log, of the same customers in the same order; None of a list.
    product_names : str or None
        The column of the lines that names what ``product`` has codes for.
    others : mapping of str to str
        Columns of the lines without a known meaning, name to label.
    segment_ids : numpy.ndarray of int64, shape (n,), or None
        Segment of each customer, 0 where not segmented; None without a run.
    varying : frozenset of str
        Columns in which a customer has the latest of several values (the region of an order sent elsewhere each time). By these it is
        purchases that are counted and filtered.
    """

    population: Population
    money: ExactMoney | None = None
    lines: Lines | None = None
    product_names: str | None = None
    others: Mapping[str, str] = field(default_factory=dict)
    segment_ids: np.ndarray | None = None
    varying: frozenset[str] = frozenset()

    @property
    def catalogue(self) -> CustomerCatalogue:
        """What describes customers whenever they buy."""
        known = self.population.catalogue
        if not self.varying:
            return known
        columns = tuple(column for column in known.columns if column.name not in self.varying)
        return CustomerCatalogue(columns, known.frame.drop(columns=list(self.varying)))


VARYING = ("region", "city")
"""What a log may say anew with each order, though it describes a customer, too."""


def find_varying(population: Population, lines: Lines) -> frozenset[str]:
    """Return the columns of the customers that differ from order to order.

    Parameters
    ----------
    population : Population
    lines : Lines
        Of the same customers in the same order.

    Returns
    -------
    frozenset of str
        Some of ``VARYING``.
    """
    shared = [name for name in VARYING if name in lines.cells and name in population.catalogue.frame.columns]
    return frozenset(name for name in shared if lines.varies(name))


@dataclass(frozen=True)
class Selection:
    """What is left: ``customers`` (n,) of bool; ``lines`` (m,) of bool, None of a list."""

    customers: np.ndarray
    lines: np.ndarray | None = None

    @property
    def n_customers(self) -> int:
        """How many customers are left."""
        return int(self.customers.sum())


def is_of_customers(source: Source, column: str) -> bool:
    """Tell whether a filter on a column chooses customers rather than purchases.

    Raises
    ------
    InvalidInputError
        ``unknown_filter_column``: this dataset cannot be filtered by it.
    """
    if column == SEGMENT and source.segment_ids is not None:
        return True
    if column in source.population.catalogue.frame.columns and column not in source.varying:
        return True
    lines = source.lines
    if lines is not None and lines.seconds is not None and column in (DAYS, MONTH, WEEKDAY, WEEK_HOUR, FIRST_MONTH):
        return column == FIRST_MONTH
    if lines is not None and (column in lines.cells or (column == ORDER_VALUE and lines.units is not None)):
        return False
    raise InvalidInputError(
        "unknown_filter_column",
        f'This dataset cannot be filtered by "{column[:60]}".',
        fix="Take the filter off, or choose another dataset.",
    )


def check_number_of_conditions(chosen: CustomerFilter) -> None:
    """Refuse more conditions than anybody puts together.

    Raises
    ------
    InvalidInputError
        ``too_many_conditions``
    """
    if len(chosen.conditions) > MOST_CONDITIONS:
        raise InvalidInputError(
            "too_many_conditions",
            f"A filter may have {MOST_CONDITIONS} conditions; this one has {len(chosen.conditions)}.",
            fix="Take some of them off.",
        )


def select(source: Source, chosen: CustomerFilter) -> Selection:
    """Return what a filter leaves.

    Parameters
    ----------
    source : Source
    chosen : CustomerFilter

    Returns
    -------
    Selection
        A line is left when it meets the conditions on lines and its customer those on customers; a customer when it meets those on
        customers and, where there are conditions on lines, has a line left.

    Raises
    ------
    InvalidInputError
    """
    check_number_of_conditions(chosen)
    customers = np.ones(source.population.n_customers, bool)
    of_lines = []
    for condition in chosen.conditions:
        if is_of_customers(source, condition.column):
            customers &= match_customers(source, condition)
        else:
            of_lines.append(condition)
    if source.lines is None:
        return Selection(customers)
    lines = customers[source.lines.customers]
    for condition in of_lines:
        lines &= _match_lines(source.lines, condition)
    if of_lines:
        has_lines = np.zeros(customers.size, bool)
        has_lines[source.lines.customers[lines]] = True
        customers &= has_lines
    return Selection(customers, lines)


def narrow(source: Source, chosen: CustomerFilter) -> Source:
    """Return the source with nothing in it but what a filter leaves.

    Parameters
    ----------
    source : Source
    chosen : CustomerFilter

    Returns
    -------
    Source
        Customers and orders numbered anew; the measures of a customer stay those of all purchases, ``money`` is that of the lines left.
    """
    if not chosen:
        return source
    selection = select(source, chosen)
    places = np.flatnonzero(selection.customers)
    known = source.population
    catalogue = CustomerCatalogue(known.catalogue.columns, known.catalogue.frame.iloc[places].reset_index(drop=True))
    population = Population(known.kind, known.ids[places], catalogue, known.as_of)
    segment_ids = None if source.segment_ids is None else source.segment_ids[places]
    if source.lines is None or selection.lines is None:
        money = None if source.money is None else ExactMoney(source.money.units[places], source.money.scale)
        return replace(source, population=population, money=money, segment_ids=segment_ids)
    lines = take_lines(source.lines, selection)
    money = None if source.money is None else ExactMoney(lines.sum_units(lines.customers, lines.n_customers), source.money.scale)
    return replace(source, population=population, money=money, lines=lines, segment_ids=segment_ids)


def take_lines(lines: Lines, selection: Selection) -> Lines:
    """Return the lines that are left, customers and orders numbered anew."""
    if selection.lines is None:
        raise ValueError("a list has no lines")
    kept = np.flatnonzero(selection.lines)
    number = np.cumsum(selection.customers) - 1
    orders, first = pd.factorize(lines.orders[kept])
    seconds = None if lines.seconds is None else lines.seconds[kept]
    return Lines(
        customers=number[lines.customers[kept]],
        n_customers=selection.n_customers,
        orders=orders,
        order_customers=number[lines.order_customers[first]],
        units=None if lines.units is None else lines.units[kept],
        scale=lines.scale,
        seconds=seconds,
        order_seconds=None if seconds is None else first_moments(orders, seconds, first.size),
        first_months=None if lines.first_months is None else lines.first_months[selection.customers],
        cells={name: cells.take(kept) for name, cells in lines.cells.items()},
    )


def is_number(source: Source, column: str) -> bool:
    """Tell whether a column of the customers holds numbers."""
    return any(known.name == column and known.kind == "number" for known in source.population.catalogue.columns)


def match_customers(source: Source, condition: Condition) -> np.ndarray:
    """Return which customers meet a condition on customers."""
    if condition.column == SEGMENT and source.segment_ids is not None:
        wanted = [0 if choice == UNKNOWN else int(choice) for choice in texts_of(condition) if choice == UNKNOWN or choice.isdecimal()]
        return np.isin(source.segment_ids, wanted)
    if condition.column == FIRST_MONTH and source.lines is not None and source.lines.first_months is not None:
        return np.isin(source.lines.first_months, _months(texts_of(condition)))
    values = source.population.catalogue.frame[condition.column]
    if is_number(source, condition.column):
        return match_numbers(values.to_numpy(np.float64), condition.choices)
    texts = values.astype(object).where(values.notna(), UNKNOWN)
    return np.asarray(texts.isin(texts_of(condition)).to_numpy(bool))


def match_numbers(values: np.ndarray, choices: Sequence[Choice]) -> np.ndarray:
    """Return which numbers lie in a band, equal a text or are missing, as is chosen."""
    matched = np.zeros(values.size, bool)
    for choice in choices:
        if isinstance(choice, Band):
            inside = np.isfinite(values)
            inside &= values >= choice.low if choice.low is not None else True
            inside &= values < choice.high if choice.high is not None else True
            matched |= inside
        elif choice == UNKNOWN:
            matched |= ~np.isfinite(values)
        elif isinstance(choice, str) and is_number_text(choice):
            matched |= values == float(choice)
    return matched


def texts_of(condition: Condition) -> list[str]:
    """Return the choices of a condition that are texts."""
    return [choice for choice in condition.choices if isinstance(choice, str)]


def _match_lines(lines: Lines, condition: Condition) -> np.ndarray:
    if condition.column in lines.cells:
        return _match_cells(lines, condition)
    if condition.column == ORDER_VALUE:
        return match_numbers(lines.order_values(), condition.choices)[lines.orders]
    if lines.seconds is None:
        raise ValueError("a log without dates")
    return match_times(lines.seconds, condition)


def match_times(seconds: np.ndarray, condition: Condition) -> np.ndarray:
    """Return which moments meet a condition on days, months, weekdays or hours of the week."""
    return _OF_TIME[condition.column](seconds, condition)


def _match_cells(lines: Lines, condition: Condition) -> np.ndarray:
    labels = lines.labels(condition.column)
    wanted = np.zeros(len(labels.texts) + 1, bool)  # the last one stands for code -1
    texts = set(texts_of(condition))
    wanted[:-1] = [text in texts for text in labels.texts]
    wanted[-1] = UNKNOWN in texts
    return np.asarray(wanted[labels.codes])


def _match_days(seconds: np.ndarray, condition: Condition) -> np.ndarray:
    days = seconds // SECONDS_PER_DAY
    matched = np.zeros(days.size, bool)
    for choice in condition.choices:
        if isinstance(choice, Days):
            inside = days >= _day_number(choice.first) if choice.first else np.ones(days.size, bool)
            matched |= inside & (days <= _day_number(choice.last)) if choice.last else inside
    return matched


def _day_number(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def _match_months(seconds: np.ndarray, condition: Condition) -> np.ndarray:
    return np.isin(month_numbers(seconds), _months(texts_of(condition)))


def _months(names: Sequence[str]) -> list[int]:
    """Return months as months since January 1970; what is none is left out."""
    known = [name.partition("-") for name in names]
    return [
        12 * (int(year) - 1970) + int(month) - 1
        for year, _, month in known
        if year.isdecimal() and month.isdecimal() and 1 <= int(month) <= 12
    ]


def _match_weekdays(seconds: np.ndarray, condition: Condition) -> np.ndarray:
    names = set(texts_of(condition))
    return np.asarray(np.array([name in names for name in WEEKDAYS])[weekdays(seconds)])


def _match_week_hours(seconds: np.ndarray, condition: Condition) -> np.ndarray:
    names = set(texts_of(condition))
    wanted = np.array([[f"{name} {hour}" in names for hour in range(24)] for name in WEEKDAYS])
    return np.asarray(wanted[weekdays(seconds), seconds % SECONDS_PER_DAY // 3600])


def weekdays(seconds: np.ndarray) -> np.ndarray:
    """Return the weekday of each moment, 0 for Monday."""
    return np.asarray((seconds // SECONDS_PER_DAY + _THURSDAY) % 7)


_OF_TIME: Mapping[str, Callable[[np.ndarray, Condition], np.ndarray]] = {
    DAYS: _match_days,
    MONTH: _match_months,
    WEEKDAY: _match_weekdays,
    WEEK_HOUR: _match_week_hours,
}
