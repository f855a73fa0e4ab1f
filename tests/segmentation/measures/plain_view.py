"""What a filter leaves, the plain way: a smaller source, and straightforward sums over it. The compiled way is held against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
import pandas as pd

from segmentation.measures.cohorts import Cohorts, last_full
from segmentation.measures.customers import SECONDS_PER_DAY, ExactMoney, to_date
from segmentation.measures.demographics import order_codes
from segmentation.measures.filters import CustomerFilter
from segmentation.measures.habits import WeekHours, of_table
from segmentation.measures.kpis import Kpi, Totals, kpis_of
from segmentation.measures.lines import Labels, Lines, month_numbers, read_labels
from segmentation.measures.monthly import Comparison, Months, of_counts
from segmentation.measures.rankings import ValueCounts, find_names
from segmentation.measures.selection import Source, is_of_customers, narrow, weekdays
from segmentation.measures.views import Look


def look_plainly(source: Source) -> Look:
    """Return what a filter leaves of a source, each filter narrowed once."""
    names: dict[str, Mapping[str, str]] = {}
    if source.lines is not None and source.product_names and "product" in source.lines.cells:
        names["product"] = find_names(source.lines, "product", source.product_names)

    def look(chosen: CustomerFilter) -> NarrowedView:
        has_all = all(is_of_customers(source, column) for column in chosen.columns)
        return NarrowedView(narrow(source, chosen), names, has_all)

    return lru_cache(maxsize=None)(look)


class NarrowedView:
    """A :class:`View` of a source that holds nothing but what is left."""

    def __init__(self, left: Source, names: Mapping[str, Mapping[str, str]], has_all_purchases: bool) -> None:
        self.left = left
        self.names = names
        self.has_all_purchases = has_all_purchases

    @property
    def lines(self) -> Lines:
        """The lines of a log."""
        if self.left.lines is None:
            raise ValueError("a list has no lines")
        return self.left.lines

    @property
    def n_customers(self) -> int:
        """Customers left."""
        return self.left.population.n_customers

    @property
    def n_orders(self) -> int:
        """Orders left."""
        return self.lines.n_orders

    @property
    def days(self) -> tuple[str, str] | None:
        """First and last day."""
        seconds = self.lines.seconds
        if seconds is None or not seconds.size:
            return None
        return to_date(int(seconds.min())).isoformat(), to_date(int(seconds.max())).isoformat()

    @property
    def money(self) -> ExactMoney | None:
        """Money of each customer."""
        return self.left.money

    def numbers(self, column: str) -> np.ndarray:
        """Numbers of the customers."""
        return self.left.population.catalogue.frame[column].to_numpy(np.float64)

    def order_codes(self, column: str) -> np.ndarray:
        """Where numbers of the customers stand in order."""
        return order_codes(self.numbers(column))

    def labels(self, column: str) -> Labels:
        """Texts of the customers."""
        return read_labels(self.left.population.catalogue.frame[column])

    def kpis(self, months: Months | None, comparison: Comparison | None) -> tuple[Kpi, ...]:
        """Key figures."""
        return log_kpis(self.lines, months, comparison)

    def months(self, axis: Months) -> Months:
        """Months."""
        return count_months(self.lines, axis)

    def cohorts(self, axis: Months, names: Sequence[str]) -> Cohorts:
        """Cohorts."""
        return count_cohorts(self.lines, axis, names)

    def week(self, has_times: bool | None = None) -> WeekHours:
        """Weekdays and hours."""
        found = week_hours(self.lines, has_times)
        if found is None:
            raise ValueError("a log without dates")
        return found

    def counts(self, column: str) -> tuple[Sequence[str], ValueCounts]:
        """What lies behind each text of a column."""
        found = self.lines.labels(column)
        return found.texts, count_values(self.lines, found)

    def money_by_country(self) -> Mapping[str, int] | None:
        """Money of each country."""
        return money_by_country(self.lines)

    def names_of(self, column: str) -> Mapping[str, str] | None:
        """Names of products."""
        return self.names.get(column)


def log_kpis(lines: Lines, months: Months | None, comparison: Comparison | None) -> tuple[Kpi, ...]:
    """Return the six key figures of a log, without those of money where it has none.

    The repeat rate is the share of customers with two orders or more: in all, of the customers so far at each month's end, and of the
    customers of each period within that period.
    """
    return kpis_of(_totals(lines, None, None), _periods(lines, months, comparison), months, lines.scale)


def _periods(lines: Lines, months: Months | None, comparison: Comparison | None) -> tuple[Totals, Totals] | None:
    if months is None or comparison is None or lines.seconds is None or lines.order_seconds is None:
        return None
    line_months, order_months = month_numbers(lines.seconds) - months.first, month_numbers(lines.order_seconds) - months.first
    now, before = (
        _totals(lines, (line_months >= start) & (line_months <= end), (order_months >= start) & (order_months <= end))
        for start, end in (comparison.now, comparison.before)
    )
    return now, before


def _totals(lines: Lines, in_lines: np.ndarray | None, in_orders: np.ndarray | None) -> Totals:
    customers = lines.order_customers if in_orders is None else lines.order_customers[in_orders]
    counts = np.bincount(customers, minlength=lines.n_customers)
    units = lines.units if lines.units is None or in_lines is None else lines.units[in_lines]
    money = None if units is None else int(units.sum(dtype=np.int64))
    return Totals(int((counts > 0).sum()), int((counts > 1).sum()), int(customers.size), money)


def count_months(lines: Lines, axis: Months) -> Months:
    """Sum a log up by the months of an axis, between which all of its lines lie."""
    if lines.seconds is None or lines.order_seconds is None or lines.first_months is None:
        raise ValueError("a log without dates")
    first, n = axis.first, len(axis.names)
    line_months, order_months = month_numbers(lines.seconds) - first, month_numbers(lines.order_seconds) - first
    active = pd.unique(order_months * lines.n_customers + lines.order_customers)
    active_months, active_customers = np.divmod(active, max(lines.n_customers, 1))
    is_new = lines.first_months[active_customers] - first == active_months
    counts = [np.bincount(each, minlength=n) for each in (order_months, active_months, active_months[is_new])]
    begun = [np.bincount(each, minlength=n) for each in _first_and_second(order_months, lines.order_customers, lines.n_customers)]
    return of_counts(axis, counts, begun, None if lines.units is None else lines.sum_units(line_months, n))


def _first_and_second(order_months: np.ndarray, customers: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return (month of the first order of each customer with an order, month of the second of each with two)."""
    order = np.lexsort((order_months, customers))
    sorted_customers = customers[order]
    position = np.arange(order.size) - np.searchsorted(sorted_customers, np.arange(n))[sorted_customers]
    return order_months[order[position == 0]], order_months[order[position == 1]]


def count_cohorts(lines: Lines, months: Months, names: Sequence[str]) -> Cohorts:
    """Count who came back of those whose first order of all was in each of some months of an axis; orders are those of ``lines``."""
    if lines.order_seconds is None or lines.first_months is None:
        raise ValueError("a log without dates")
    active = np.zeros((len(months.names), lines.n_customers), bool)
    active[month_numbers(lines.order_seconds) - months.first, lines.order_customers] = True
    sizes, returned = [], []
    for place in map(months.names.index, names):
        who = lines.first_months == months.first + place
        sizes.append(int(who.sum()))
        returned.append(tuple(int((active[later] & who).sum()) for later in range(place + 1, last_full(months) + 1)))
    return Cohorts(tuple(names), tuple(sizes), tuple(returned), sum(sizes))


def week_hours(lines: Lines, has_times: bool | None = None) -> WeekHours | None:
    """Count the orders by weekday and hour of their first line; None without dates.

    Whether the log has times of day is seen in its lines, unless it is said.
    """
    if lines.order_seconds is None:
        return None
    days = weekdays(lines.order_seconds)
    hours = lines.order_seconds % SECONDS_PER_DAY // 3600
    return of_table(np.bincount(days * 24 + hours, minlength=7 * 24), has_times)


def count_values(lines: Lines, found: Labels) -> ValueCounts:
    """Count what lies behind each text of a column."""
    n, known = len(found.texts), found.codes >= 0
    return ValueCounts(
        customers=_distinct(found.codes, lines.customers, n, lines.n_customers),
        orders=_distinct(found.codes, lines.orders, n, lines.n_orders),
        units=None if lines.units is None else lines.sum_units(found.codes, n),
        n_customers=_count_used(lines.customers[known], lines.n_customers),
        n_orders=_count_used(lines.orders[known], lines.n_orders),
        n_unknown=int((~known).sum()),
    )


def money_by_country(lines: Lines) -> Mapping[str, int] | None:
    """Return the exact money of the lines of each country, None where lines have no countries or no money."""
    if "country" not in lines.cells or lines.units is None:
        return None
    found = lines.labels("country")
    units = lines.sum_units(found.codes, len(found.texts))
    return {found.texts[code]: int(units[code]) for code in np.unique(found.codes[found.codes >= 0]).tolist()}


def _distinct(codes: np.ndarray, members: np.ndarray, n_codes: int, n_members: int) -> np.ndarray:
    """Count the different members (customers, orders) of each code; codes below 0 are left out."""
    known = codes >= 0
    pairs = pd.unique(codes[known].astype(np.int64) * n_members + members[known])
    return np.bincount(pairs // n_members, minlength=n_codes)


def _count_used(codes: np.ndarray, n: int) -> int:
    used = np.zeros(n, bool)
    used[codes] = True
    return int(used.sum())
