"""What a filter leaves, the fast way: a source made ready once, then counted by compiled loops over whole numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Generic, TypeVar

import numpy as np

from segmentation.measures import kernels
from segmentation.measures.cohorts import Cohorts, last_full
from segmentation.measures.customers import SECONDS_PER_DAY, ExactMoney, to_date
from segmentation.measures.demographics import order_codes
from segmentation.measures.filters import UNKNOWN, Condition, CustomerFilter
from segmentation.measures.habits import WeekHours, of_table
from segmentation.measures.indexed_lines import IndexedLines
from segmentation.measures.kpis import Kpi, Totals, kpis_of
from segmentation.measures.lines import Labels, read_labels
from segmentation.measures.monthly import Comparison, Months, of_counts
from segmentation.measures.rankings import ValueCounts, find_names
from segmentation.measures.selection import Source, check_number_of_conditions, is_number, is_of_customers, match_customers, texts_of

_Left = tuple[np.ndarray, int]
_NO_CONDITIONS: _Left = (np.zeros(0, np.uint16), 0)


Owner = TypeVar("Owner")
Value = TypeVar("Value")


class _worked_out_once(Generic[Owner, Value]):  # noqa: N801 - reads as a word before a property
    """``functools.cached_property`` without its lock: in Python 3.11 every thread waits there for every other, whatever they work on."""

    def __init__(self, work_out: Callable[[Owner], Value]) -> None:
        self._work_out = work_out

    def __get__(self, owner: Owner, kind: type[Owner]) -> Value:
        value = vars(owner)[self._work_out.__name__] = self._work_out(owner)  # found before this the next time
        return value


class Index:
    """A source made ready for counting. Threads may share it: what is worked out later is only ever added."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.lines = None if source.lines is None else IndexedLines(source.lines)
        self.names: dict[str, Mapping[str, str]] = {}
        if source.lines is not None and source.product_names and "product" in source.lines.cells:
            self.names["product"] = find_names(source.lines, "product", source.product_names)
        self._numbers: dict[str, np.ndarray] = {}
        self._labels: dict[str, Labels] = {}
        self._order_codes: dict[str, np.ndarray] = {}
        self._cells: dict[str, np.ndarray] = {}

    def numbers(self, column: str) -> np.ndarray:
        """Return a column of numbers of all customers."""
        known = self._numbers.get(column)
        if known is None:
            known = self._numbers[column] = np.ascontiguousarray(self.source.population.catalogue.frame[column].to_numpy(np.float64))
        return known

    def order_codes(self, column: str) -> np.ndarray:
        """Return where each number of a column stands among those of all customers."""
        known = self._order_codes.get(column)
        if known is None:
            known = self._order_codes[column] = order_codes(self.numbers(column))
        return known

    def labels(self, column: str) -> Labels:
        """Return a column of texts of all customers."""
        known = self._labels.get(column)
        if known is None:
            known = self._labels[column] = read_labels(self.source.population.catalogue.frame[column])
        return known

    def cells(self, name: str, make: Callable[[], np.ndarray], n: int) -> np.ndarray:
        """Return which of n cells each line belongs to, made of the lines as they were (-1: none) when they are first asked for."""
        known = self._cells.get(name)
        if known is None:
            if self.lines is None:
                raise ValueError("a list has no lines")
            known = self._cells[name] = self.lines.arrange(make(), n)
        return known

    @_worked_out_once
    def all_orders(self) -> np.ndarray:
        """The table of orders of which all lines are left."""
        return self.sum_orders(_NO_CONDITIONS)

    def sum_orders(self, left: _Left) -> np.ndarray:
        """Return the table of orders under the conditions that are looked at."""
        if self.lines is None:
            raise ValueError("a list has no orders")
        lines = self.lines
        return kernels.sum_orders(lines.starts, left, lines.days, lines.week_hours, lines.units, lines.month_of_day)


class IndexedLook:
    """From a filter to what it leaves, for filters that have most of their conditions in common: each of these is matched once."""

    def __init__(self, index: Index, segment_ids: np.ndarray | None = None) -> None:
        self.index = index
        self.source = replace(index.source, segment_ids=segment_ids)
        self._views: dict[CustomerFilter, IndexedView] = {}
        self._chosen: dict[Condition, np.ndarray] = {}
        self._bits: dict[Condition, int] = {}
        self._fails = _NO_CONDITIONS[0]
        self._tables: dict[int, np.ndarray] = {}

    def __call__(self, chosen: CustomerFilter) -> IndexedView:
        """Return what a filter leaves."""
        check_number_of_conditions(chosen)
        known = self._views.get(chosen)
        return self._views.setdefault(chosen, self._look(chosen)) if known is None else known

    def _look(self, chosen: CustomerFilter) -> IndexedView:
        is_chosen = np.ones(self.source.population.n_customers, bool)
        wanted = 0
        for condition in chosen.conditions:
            if is_of_customers(self.source, condition.column):
                is_chosen &= self._match(condition)
            else:
                wanted |= self._mark(condition)
        return IndexedView(self.index, is_chosen, self._left(wanted), self._orders(wanted))

    def _match(self, condition: Condition) -> np.ndarray:
        """Return which customers meet a condition on customers."""
        if condition not in self._chosen:
            column, index = condition.column, self.index
            is_text = column in self.source.population.catalogue.frame and not is_number(self.source, column)
            self._chosen[condition] = match_labels(index.labels(column), condition) if is_text else match_customers(self.source, condition)
        return self._chosen[condition]

    def _mark(self, condition: Condition) -> int:
        """Mark the lines that fail a condition on lines; returns its bit."""
        lines = self.index.lines
        if lines is None:
            raise ValueError("a list has no lines")
        if condition not in self._bits:
            if not self._fails.size:
                self._fails = np.zeros(lines.units.size, np.uint16)
            self._bits[condition] = 1 << len(self._bits)
            kernels.mark(self._fails, *lines.match(condition), self._bits[condition])
        return self._bits[condition]

    def _left(self, wanted: int) -> _Left:
        return (self._fails, wanted) if wanted else _NO_CONDITIONS

    def _orders(self, wanted: int) -> np.ndarray | None:
        if self.index.lines is None:
            return None
        if not wanted:
            return self.index.all_orders
        if wanted not in self._tables:
            self._tables[wanted] = self.index.sum_orders(self._left(wanted))
        return self._tables[wanted]


def match_labels(labels: Labels, condition: Condition) -> np.ndarray:
    """Tell of each cell whether a condition wants its text."""
    texts = set(texts_of(condition))
    matched = labels.find(texts)
    return matched | (labels.codes < 0) if UNKNOWN in texts else matched


class IndexedView:
    """A :class:`View`, each part of which is counted when it is asked for. ``table`` is that of the orders, None of a list."""

    def __init__(self, index: Index, is_chosen: np.ndarray, left: _Left, table: np.ndarray | None) -> None:
        self.index = index
        self.is_chosen = is_chosen
        self.left = left
        self._table = table

    @property
    def log(self) -> IndexedLines:
        """The lines of a log."""
        if self.index.lines is None:
            raise ValueError("a list has no lines")
        return self.index.lines

    @property
    def table(self) -> np.ndarray:
        """The orders of a log."""
        if self._table is None:
            raise ValueError("a list has no orders")
        return self._table

    @_worked_out_once
    def orders(self) -> np.ndarray:
        """Orders left."""
        return kernels.find_orders(self.table[kernels.N_LINES], self.log.order_customers, self.is_chosen)

    @_worked_out_once
    def sums(self) -> np.ndarray:
        """Orders left of each customer, and their money."""
        return kernels.sum_customers(self.orders, self.log.order_customers, self.table[kernels.UNITS], self.is_chosen.size)

    @_worked_out_once
    def is_left(self) -> np.ndarray:
        """Which customers are left."""
        return self.sums[0] > 0 if self.left[1] else self.is_chosen

    @_worked_out_once
    def places(self) -> np.ndarray | slice:
        """Where the customers left stand."""
        return slice(None) if self.is_left.all() else np.flatnonzero(self.is_left)

    @_worked_out_once
    def n_customers(self) -> int:
        """Customers left."""
        return int(self.is_chosen[self.places].size)

    @property
    def n_orders(self) -> int:
        """Orders left."""
        return int(self.orders.size)

    @property
    def days(self) -> tuple[str, str] | None:
        """First and last day."""
        if self.log.lines.seconds is None or not self.orders.size:
            return None
        ends = self.table[kernels.FIRST_DAY][self.orders].min(), self.table[kernels.LAST_DAY][self.orders].max()
        first, last = (to_date((self.log.first_day + int(day)) * SECONDS_PER_DAY).isoformat() for day in ends)
        return first, last

    @property
    def money(self) -> ExactMoney | None:
        """Money of each customer."""
        known = self.index.source.money
        if known is None:
            return None
        return ExactMoney((known.units if self._table is None else self.sums[1])[self.places], known.scale)

    def numbers(self, column: str) -> np.ndarray:
        """Numbers of the customers."""
        return self.index.numbers(column)[self.places]

    def order_codes(self, column: str) -> np.ndarray:
        """Where numbers of the customers stand in order."""
        return self.index.order_codes(column)[self.places]

    def labels(self, column: str) -> Labels:
        """Texts of the customers."""
        known = self.index.labels(column)
        return Labels(known.codes[self.places], known.texts)

    def kpis(self, months: Months | None, comparison: Comparison | None) -> tuple[Kpi, ...]:
        """Key figures."""
        counts, has_money = self.sums[0], self.log.lines.units is not None
        total = Totals(*_customers_of(counts), self.n_orders, int(self.sums[1].sum()) if has_money else None)
        periods = None
        if months is not None and comparison is not None:
            periods = self._period(months, comparison.now), self._period(months, comparison.before)
        return kpis_of(total, periods, months, self.log.lines.scale)

    def _period(self, months: Months, ends: tuple[int, int]) -> Totals:
        of_orders = self._months_of_orders
        customers = self.log.order_customers[self.orders[(of_orders >= ends[0]) & (of_orders <= ends[1])]]
        units = None if months.units is None else sum(months.units[ends[0] : ends[1] + 1])
        return Totals(*_customers_of(np.bincount(customers)), int(customers.size), units)

    @_worked_out_once
    def _months_of_orders(self) -> np.ndarray:
        return self.table[kernels.MONTH][self.orders]

    def months(self, axis: Months) -> Months:
        """Months."""
        counts, begun, units = self._counted
        return of_counts(axis, counts, begun, units)

    @_worked_out_once
    def _counted(self) -> tuple[Sequence[np.ndarray], Sequence[np.ndarray], np.ndarray | None]:
        log, n = self.log, self.log.n_months
        of_orders = self.table[kernels.MONTH]
        counts, earliest = kernels.count_months(self.orders, log.order_customers, of_orders, log.first_months, n)
        begun = [np.bincount(row, minlength=n + 1)[:n] for row in earliest]
        lines = (self.left, log.days, log.units)
        units = None if log.lines.units is None else kernels.sum_months(self.orders, self.table, log.starts, lines, log.month_of_day, n)
        return list(counts), begun, units

    def cohorts(self, axis: Months, names: Sequence[str]) -> Cohorts:
        """Cohorts."""
        log, n = self.log, len(axis.names)
        places = [axis.names.index(name) for name in names]
        row_of_month = np.full(n + 1, -1)  # the last one stands for month -1
        row_of_month[places] = np.arange(len(places))
        rows = row_of_month[log.first_months]
        active = kernels.count_active(self.orders, log.order_customers, self.table[kernels.MONTH], rows, (len(places), n))
        mine = rows[self.places]
        sizes = np.bincount(mine[mine >= 0], minlength=len(places)).tolist()
        returned = tuple(tuple(row[place + 1 : last_full(axis) + 1]) for row, place in zip(active.tolist(), places, strict=True))
        return Cohorts(tuple(names), tuple(sizes), returned, sum(sizes))

    def week(self, has_times: bool | None = None) -> WeekHours:
        """Weekdays and hours."""
        return of_table(np.bincount(self.table[kernels.WEEK_HOUR][self.orders], minlength=7 * 24), has_times)

    def counts(self, column: str) -> tuple[Sequence[str], ValueCounts]:
        """What lies behind each text of a column."""
        log, coded = self.log, self.log.column(column)
        if coded.orders is not None:
            found = kernels.rank_orders(self.orders, log.order_customers, self.table, coded.orders, len(coded.texts))
        else:
            lines = (self.left, coded.lines, log.units)
            found = kernels.rank_lines(self.orders, log.order_customers, log.starts, lines, len(coded.texts))
        table, *numbers = found
        units = None if log.lines.units is None else table[:, kernels.MONEY]
        return coded.texts, ValueCounts(table[:, kernels.CUSTOMERS], table[:, kernels.ORDERS], units, *numbers)

    def order_values(self) -> np.ndarray:
        """What is left of each order, in the currency's unit."""
        return self.log.lines.as_money(self.table[kernels.UNITS][self.orders])

    @property
    def has_whole_orders(self) -> bool:
        """Whether every order left has all of its money left: what is left of it is then what it came to."""
        if self.has_all_purchases:
            return True
        whole = self.index.all_orders[kernels.UNITS][self.orders]
        return bool(np.array_equal(self.table[kernels.UNITS][self.orders], whole))

    @property
    def has_all_purchases(self) -> bool:
        """Whether all purchases of the customers left count."""
        return not self.left[1]

    def sum_cells(self, cells: np.ndarray, n: int) -> tuple[np.ndarray, int]:
        """Return (money by cell, without money the lines; lines in any cell) of cells as ``Index.cells`` has them."""
        log = self.log
        units = log.units if log.lines.units is not None else np.ones(log.units.size, np.int64)
        counts, _, _, n_others = kernels.rank_lines(self.orders, log.order_customers, log.starts, (self.left, cells, units), n)
        return counts[:, kernels.MONEY], int(self.table[kernels.N_LINES][self.orders].sum()) - n_others

    def money_by_country(self) -> Mapping[str, int] | None:
        """Money of each country."""
        if "country" not in self.log.lines.cells or self.log.lines.units is None:
            return None
        texts, counts = self.counts("country")
        if counts.units is None:
            return None
        return {texts[code]: int(counts.units[code]) for code in np.flatnonzero(counts.orders).tolist()}

    def names_of(self, column: str) -> Mapping[str, str] | None:
        """Names of products."""
        return self.index.names.get(column)


def _customers_of(counts: np.ndarray) -> tuple[int, int]:
    """Return (customers with an order, with two or more)."""
    return int(np.count_nonzero(counts)), int(np.count_nonzero(counts > 1))
