"""A log month by month, and two periods of full months to compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

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


def month_axis(lines: Lines) -> Months | None:
    """Return the calendar months of a log with nothing counted in them; None without dates.

    None also where the log spans more than a hundred years: then its dates are wrong.
    """
    if lines.seconds is None or lines.seconds.size == 0:
        return None
    ends = np.array([lines.seconds.min(), lines.seconds.max()])
    first, last = month_numbers(ends).tolist()
    n = last - first + 1
    if n > _MOST_MONTHS:
        return None
    days, is_full = _days_within(ends, first, n)
    names = tuple(str(name) for name in np.arange(first, first + n).astype("datetime64[M]"))
    return Months(names, is_full, (), (), (), None, (), days)


def of_counts(axis: Months, counts: Sequence[np.ndarray], begun: Sequence[np.ndarray], units: np.ndarray | None) -> Months:
    """Return the months of an axis with what was counted in each.

    Parameters
    ----------
    axis : Months
    counts : sequence of numpy.ndarray of int64, shape (3, n)
        Orders, customers and new customers.
    begun : sequence of numpy.ndarray of int64, shape (2, n)
        Customers with their first, and those with their second order of what is counted.
    units : numpy.ndarray of int64, shape (n,), or None

    Returns
    -------
    Months
    """
    orders, customers, new = (tuple(each.tolist()) for each in counts)
    so_far, again = (np.cumsum(each) for each in begun)
    return replace(
        axis,
        customers=customers,
        new_customers=new,
        orders=orders,
        units=None if units is None else tuple(units.tolist()),
        repeat_rate=tuple((again / np.maximum(so_far, 1)).tolist()),
    )


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
