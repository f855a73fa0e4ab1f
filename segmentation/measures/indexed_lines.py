"""The lines of a log made ready for counting: sorted by customer, order and moment, every column as small whole numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from segmentation.measures import kernels
from segmentation.measures.customers import SECONDS_PER_DAY
from segmentation.measures.filters import ORDER_VALUE, UNKNOWN, WEEK_HOUR, Condition
from segmentation.measures.lines import NEVER, Lines, month_numbers
from segmentation.measures.selection import match_numbers, match_times, texts_of, weekdays

_MONDAY = 4 * SECONDS_PER_DAY
"""5 January 1970."""


@dataclass(frozen=True)
class Coded:
    """A column of texts as codes, ``len(texts)`` where the cell is empty. ``orders`` has those of the orders, where all lines agree."""

    lines: np.ndarray
    orders: np.ndarray | None
    texts: tuple[str, ...]
    code_of: dict[str, int]


class IndexedLines:
    """The lines of a log, sorted; numbers of orders are those of this order.

    Attributes
    ----------
    lines : Lines
        As they were.
    starts : numpy.ndarray of int64, shape (n_orders + 1,)
        First line of each order.
    order_customers : numpy.ndarray of int64, shape (n_orders,)
    units : numpy.ndarray of int64, shape (m,)
        Zeros where the log has no money.
    days, week_hours : numpy.ndarray of uint16 or uint32, uint16, shape (m,)
        Days since ``first_day``; hour of the week from Monday on.
    first_day, first_month : int
        Of the log, since January 1970; 0 without dates.
    month_of_day : numpy.ndarray of int64
        Months since ``first_month``.
    first_months : numpy.ndarray of int64, shape (n_customers,)
        Month of each customer's first order, since ``first_month``.
    """

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        by_customer = np.argsort(lines.order_customers, kind="stable")
        self.order_customers = lines.order_customers[by_customer].astype(np.int64)
        number = np.empty(by_customer.size, np.int64)
        number[by_customer] = np.arange(by_customer.size)
        orders = number[lines.orders]
        self.starts = np.concatenate([[0], np.cumsum(np.bincount(orders, minlength=by_customer.size))]).astype(np.int64)
        self._placed = kernels.place_lines(orders, self.starts, _in_time(lines)).astype(np.uint32 if orders.size < 2**32 else np.int64)
        self.units = np.zeros(orders.size, np.int64) if lines.units is None else np.ascontiguousarray(lines.units[self._placed], np.int64)
        self._set_times(lines)
        self._columns: dict[str, Coded] = {}
        self._baskets: tuple[np.ndarray, np.ndarray] | None = None

    def _set_times(self, lines: Lines) -> None:
        seconds = np.zeros(self.units.size, np.int64) if lines.seconds is None else lines.seconds
        days = seconds // SECONDS_PER_DAY
        self.first_day = int(days.min()) if days.size else 0
        n_days = int(days.max()) - self.first_day + 1 if days.size else 1
        months = month_numbers((self.first_day + np.arange(n_days)) * SECONDS_PER_DAY)
        self.first_month = int(months[0])
        self.month_of_day = months - self.first_month
        self.days = _small(days - self.first_day, n_days)[self._placed]
        self.week_hours = (weekdays(seconds) * 24 + seconds % SECONDS_PER_DAY // 3600).astype(np.uint16)[self._placed]
        first = np.full(lines.n_customers, NEVER) if lines.first_months is None else lines.first_months
        self.first_months = np.where(first == NEVER, -1, first - self.first_month)

    @property
    def n_months(self) -> int:
        """Months from the first to the last."""
        return int(self.month_of_day[-1]) + 1

    def arrange(self, codes: np.ndarray, n: int) -> np.ndarray:
        """Return codes 0..n-1 of the lines as they were, below 0 for none, as codes of the lines as they stand here, n for none."""
        return _small(np.where(codes < 0, n, codes), n + 1)[self._placed]

    def column(self, name: str) -> Coded:
        """Return a column of texts; worked out when it is first asked for."""
        known = self._columns.get(name)
        if known is None:
            labels = self.lines.labels(name)
            codes = self.arrange(labels.codes, len(labels.texts))
            orders = codes[self.starts[:-1]] if kernels.is_of_orders(codes, self.starts) else None
            known = self._columns[name] = Coded(codes, orders, labels.texts, {text: code for code, text in enumerate(labels.texts)})
        return known

    def baskets(self) -> tuple[np.ndarray, np.ndarray]:
        """Return (order of each line, what each order comes to); worked out when it is first asked for."""
        if self._baskets is None:
            n = self.order_customers.size
            values = self.lines.as_money(np.add.reduceat(self.units, self.starts[:-1]) if n else np.zeros(0, np.int64))
            self._baskets = _small(np.repeat(np.arange(n), np.diff(self.starts)), n), values
        return self._baskets

    def match(self, condition: Condition) -> tuple[np.ndarray, np.ndarray]:
        """Return (codes of the lines, which codes a condition wants)."""
        if condition.column in self.lines.cells:
            coded = self.column(condition.column)
            is_wanted = np.zeros(len(coded.texts) + 1, bool)
            for text in texts_of(condition):
                code = len(coded.texts) if text == UNKNOWN else coded.code_of.get(text)
                if code is not None:
                    is_wanted[code] = True
            return coded.lines, is_wanted
        if condition.column == ORDER_VALUE:
            orders, values = self.baskets()
            return orders, match_numbers(values, condition.choices)
        if condition.column == WEEK_HOUR:
            return self.week_hours, match_times(_MONDAY + np.arange(7 * 24) * 3600, condition)
        return self.days, match_times((self.first_day + np.arange(self.month_of_day.size)) * SECONDS_PER_DAY, condition)


def _in_time(lines: Lines) -> np.ndarray:
    if lines.seconds is None or np.all(lines.seconds[1:] >= lines.seconds[:-1]):
        return np.arange(lines.orders.size)
    return np.argsort(lines.seconds, kind="stable")


def _small(codes: np.ndarray, n: int) -> np.ndarray:
    """Return codes 0..n-1 in two bytes, or in four where they are many."""
    return codes.astype(np.uint16 if n <= 2**16 else np.uint32)
