"""A log month by month, and two periods of full months to compare."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from segmentation.measures.customers import SECONDS_PER_DAY
from segmentation.measures.lines import Lines, month_numbers

MOST_MISSING_DAYS = 3
"""The first or last month still counts as full when at most this many days of it lie outside the log: a long weekend without orders."""
_YEAR = 12
_FEWEST_SAME_MONTHS = 3
_MOST_MONTHS = 1_200


@dataclass(frozen=True)
class Months:
    """What happened in each calendar month from the first to the last of the log; months without orders included.

    Attributes
    ----------
    names : tuple of str
        "2026-11".
    is_full : tuple of bool
        False for a first or last month of which the log holds only a part.
    customers, new_customers, orders : tuple of int
        Customers with an order begun in the month, those of them whose first order of all was in it, orders begun.
    units : tuple of int or None
        Money of the orders' lines in whole units of 10**-scale, by the day of the line; None where the log has no money.
    repeat_rate : tuple of float
        Of all customers so far at the month's end, the share (0 to 1) with two orders or more.
    days : tuple of int
        Days of the month that lie within the log.
    """

    names: tuple[str, ...]
    is_full: tuple[bool, ...]
    customers: tuple[int, ...]
    new_customers: tuple[int, ...]
    orders: tuple[int, ...]
    units: tuple[int, ...] | None
    repeat_rate: tuple[float, ...]
    days: tuple[int, ...]

    @property
    def first(self) -> int:
        """The first month, as months since January 1970."""
        return int(np.datetime64(self.names[0], "M").astype(np.int64))


@dataclass(frozen=True)
class Comparison:
    """Two periods of full months: ``now`` and ``before``, each as (first, last) position in :class:`Months`, both included.

    ``basis`` is "year" (the last 12 months and the 12 before), "same_months" (the months of which the year before is there too) or
    "before" (the later half and the same number of months before it).
    """

    basis: Literal["year", "same_months", "before"]
    now: tuple[int, int]
    before: tuple[int, int]

    @property
    def n_months(self) -> int:
        """Months in each period."""
        return self.now[1] - self.now[0] + 1


def by_month(lines: Lines) -> Months | None:
    """Sum a log up by calendar month; None without dates.

    Parameters
    ----------
    lines : Lines

    Returns
    -------
    Months or None
        None also where the log spans more than a hundred years: then its dates are wrong.
    """
    if lines.seconds is None or lines.seconds.size == 0:
        return None
    months = month_numbers(lines.seconds[[lines.seconds.argmin(), lines.seconds.argmax()]])
    first, n = int(months[0]), int(np.ptp(months)) + 1
    if n > _MOST_MONTHS:
        return None
    days, is_full = _days_within(lines.seconds, first, n)
    names = tuple(str(name) for name in np.arange(first, first + n).astype("datetime64[M]"))
    return count_months(lines, Months(names, is_full, (), (), (), None, (), days))


def count_months(lines: Lines, axis: Months) -> Months:
    """Sum a log up by the months of an axis, between which all of its lines lie."""
    if lines.seconds is None or lines.order_seconds is None or lines.first_months is None:
        raise ValueError("a log without dates")
    first, n = axis.first, len(axis.names)
    line_months, order_months = month_numbers(lines.seconds) - first, month_numbers(lines.order_seconds) - first
    active = pd.unique(order_months * lines.n_customers + lines.order_customers)
    active_months, active_customers = np.divmod(active, max(lines.n_customers, 1))
    is_new = lines.first_months[active_customers] - first == active_months
    started, repeated = _first_and_second(order_months, lines.order_customers, lines.n_customers)
    so_far, again = (np.cumsum(np.bincount(each, minlength=n)) for each in (started, repeated))
    return replace(
        axis,
        customers=tuple(np.bincount(active_months, minlength=n).tolist()),
        new_customers=tuple(np.bincount(active_months[is_new], minlength=n).tolist()),
        orders=tuple(np.bincount(order_months, minlength=n).tolist()),
        units=None if lines.units is None else tuple(lines.sum_units(line_months, n).tolist()),
        repeat_rate=tuple((again / np.maximum(so_far, 1)).tolist()),
    )


def _first_and_second(order_months: np.ndarray, customers: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return (month of the first order of each customer with an order, month of the second of each with two)."""
    order = np.lexsort((order_months, customers))
    sorted_customers = customers[order]
    position = np.arange(order.size) - np.searchsorted(sorted_customers, np.arange(n))[sorted_customers]
    return order_months[order[position == 0]], order_months[order[position == 1]]


def _days_within(seconds: np.ndarray, first: int, n: int) -> tuple[tuple[int, ...], tuple[bool, ...]]:
    """Return for each month (days within the log, whether that is the whole month but for a few days)."""
    starts = np.arange(first, first + n + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    first_day, last_day = int(seconds.min()) // SECONDS_PER_DAY, int(seconds.max()) // SECONDS_PER_DAY
    days = np.minimum(starts[1:], last_day + 1) - np.maximum(starts[:-1], first_day)
    return tuple(days.tolist()), tuple((np.diff(starts) - days <= MOST_MISSING_DAYS).tolist())


def compare_months(months: Months) -> Comparison | None:
    """Choose what to compare: the most months that give a fair answer; None where there is nothing to compare with.

    24 full months and more: the last 12 with the 12 before. At least 15: the months whose year before is there too, so that a season
    is not taken for a trend. Fewer: the later half with the same number of months before it.
    """
    full = [place for place, is_full in enumerate(months.is_full) if is_full]
    last, n = (full[-1], len(full)) if full else (0, 0)
    if n >= 2 * _YEAR:
        return _periods("year", last, _YEAR, _YEAR)
    if n >= _YEAR + _FEWEST_SAME_MONTHS:
        return _periods("same_months", last, n - _YEAR, _YEAR)
    return _periods("before", last, n // 2, n // 2) if n >= 2 else None


def _periods(basis: Literal["year", "same_months", "before"], last: int, n: int, back: int) -> Comparison:
    return Comparison(basis, (last - n + 1, last), (last - n + 1 - back, last - back))
