"""The kept lines of a log as whole numbers: who bought, in which order, when, for how much, and what stands in the other columns."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from segmentation.measures.customers import SECONDS_PER_DAY

NEVER = np.iinfo(np.int64).max
_VARIES = 0.2


@dataclass(frozen=True)
class Labels:
    """A column of texts: ``codes`` (m,) point into ``texts``; -1 where the cell is empty."""

    codes: np.ndarray
    texts: tuple[str, ...]

    def find(self, wanted: Collection[str]) -> np.ndarray:
        """Tell of each cell whether its text is among some."""
        is_wanted = np.array([text in wanted for text in self.texts] + [False])  # the last one stands for code -1
        return np.asarray(is_wanted[self.codes])


def read_labels(values: Sequence[str | None] | pd.Series) -> Labels:
    """Return texts, None or NA where not known, as codes."""
    codes, texts = pd.factorize(np.asarray(values, dtype=object))
    return Labels(codes, tuple(str(text) for text in texts))


@dataclass(frozen=True)
class Lines:
    """The kept lines of a log.

    Attributes
    ----------
    customers : numpy.ndarray of int64, shape (m,)
        Row of each line's customer, 0..n_customers-1.
    n_customers : int
    orders : numpy.ndarray of int64, shape (m,)
        Number of each line's order, 0..n_orders-1. The same order id of two customers is two orders.
    order_customers : numpy.ndarray of int64, shape (n_orders,)
    units : numpy.ndarray of int64, shape (m,), or None
        Money in whole units of 10**-scale; None where the log has no money.
    scale : int
    seconds : numpy.ndarray of int64, shape (m,), or None
        Seconds since 1970; None where the log has no dates.
    order_seconds : numpy.ndarray of int64, shape (n_orders,), or None
        First moment of each order.
    first_months : numpy.ndarray of int64, shape (n_customers,), or None
        Month of each customer's first order, as months since January 1970: of all their purchases, also those that a filter takes away.
        ``NEVER`` for somebody without any.
    cells : mapping of str to pyarrow.DictionaryArray
        The other columns of text, by their name in the store.
    """

    customers: np.ndarray
    n_customers: int
    orders: np.ndarray
    order_customers: np.ndarray
    units: np.ndarray | None = None
    scale: int = 0
    seconds: np.ndarray | None = None
    order_seconds: np.ndarray | None = None
    first_months: np.ndarray | None = None
    cells: Mapping[str, pa.DictionaryArray] = field(default_factory=dict)

    @property
    def n_orders(self) -> int:
        """Number of orders."""
        return int(self.order_customers.size)

    def labels(self, name: str) -> Labels:
        """Return a column of texts as codes."""
        cells = self.cells[name]
        texts = cells.dictionary.to_pylist()
        position = np.array([-1 if not text else number for number, text in enumerate(texts)] or [-1], np.int32)
        codes = cells.indices.fill_null(-1).to_numpy()
        return Labels(np.where(codes < 0, -1, position[codes]), tuple(text or "" for text in texts))

    def varies(self, name: str) -> bool:
        """Tell whether a column differs from order to order: for one in five of the customers with two or more orders."""
        codes = self.labels(name).codes
        known = np.flatnonzero(codes >= 0)
        lowest, highest = np.full(self.n_customers, np.iinfo(np.int64).max), np.full(self.n_customers, -1)
        np.minimum.at(lowest, self.customers[known], codes[known])
        np.maximum.at(highest, self.customers[known], codes[known])
        n_again = int(np.count_nonzero(np.bincount(self.order_customers, minlength=self.n_customers) > 1))
        return n_again > 0 and int(np.count_nonzero(lowest < highest)) >= _VARIES * n_again

    def sum_units(self, codes: np.ndarray, n: int) -> np.ndarray:
        """Return the exact money of each code 0..n-1; codes below 0 are left out."""
        totals = np.zeros(n, np.int64)
        if self.units is not None:
            known = codes >= 0
            np.add.at(totals, codes[known], self.units[known])
        return totals

    def order_values(self) -> np.ndarray:
        """Return what each order comes to, in the currency's unit; zeros without money."""
        return self.as_money(self.sum_units(self.orders, self.n_orders))

    def as_money(self, units: np.ndarray | int) -> np.ndarray:
        """Return the float64 nearest to exact money."""
        return np.asarray(units) / np.float64(10**self.scale)


def read_lines(rows: pa.Table, ids: pa.Array, scale: int = 0, has_whole_ratings: bool = False) -> Lines:
    """Read the lines of a log.

    Parameters
    ----------
    rows : pyarrow.Table
        Columns named by role (``customer_id``, ``order``, ``date``, ``amount``); texts dictionary-encoded, ``amount`` in whole units.
    ids : pyarrow.Array of str
        The customers' ids, in the order in which they are to be numbered.
    scale : int, default 0
        Decimals of ``amount``.
    has_whole_ratings : bool, default False
        Whether ``rating`` holds whole numbers: these are kept as texts, to be counted and filtered by.

    Returns
    -------
    Lines
        Lines of customers that are not among ``ids`` are left out. Without an order column an order is a customer and a day; without
        a date, every line is an order (as in ``measures.customers``).
    """
    customers = _customer_rows(rows, ids)
    kept = np.flatnonzero(customers >= 0)
    everyone = kept.size == customers.size
    rows, customers = (rows, customers) if everyone else (rows.take(pa.array(kept)), customers[kept])
    seconds = _seconds(rows) if "date" in rows.column_names else None
    orders, order_customers = _orders(rows, customers, seconds)
    order_seconds = first_moments(orders, seconds, order_customers.size) if seconds is not None else None
    return Lines(
        customers=customers,
        n_customers=len(ids),
        orders=orders,
        order_customers=order_customers,
        units=_array(rows, "amount").fill_null(0).to_numpy() if "amount" in rows.column_names else None,
        scale=scale,
        seconds=seconds,
        order_seconds=order_seconds,
        first_months=None if order_seconds is None else _first_months(order_customers, order_seconds, len(ids)),
        cells=_cells(rows, has_whole_ratings),
    )


def _cells(rows: pa.Table, has_whole_ratings: bool) -> dict[str, pa.DictionaryArray]:
    cells = {name: _array(rows, name) for name in rows.column_names if _is_text(rows, name)}
    if has_whole_ratings and "rating" in rows.column_names and "rating" not in cells:
        cells["rating"] = _array(rows, "rating").cast(pa.string()).dictionary_encode()
    return cells


def _array(rows: pa.Table, name: str) -> pa.Array:
    column = rows.column(name)
    return column.chunk(0) if column.num_chunks == 1 else column.unify_dictionaries().combine_chunks()


def _customer_rows(rows: pa.Table, ids: pa.Array) -> np.ndarray:
    cells = _array(rows, "customer_id")
    position = pc.index_in(cells.dictionary, value_set=ids).fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return position[cells.indices.to_numpy()]


def _seconds(rows: pa.Table) -> np.ndarray:
    return _array(rows, "date").cast(pa.timestamp("s")).cast(pa.int64()).to_numpy()


def _orders(rows: pa.Table, customers: np.ndarray, seconds: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Number the orders; returns (number of each line's order, customer of each order)."""
    if "order" in rows.column_names:
        marks = _array(rows, "order").indices.fill_null(0).to_numpy().astype(np.int64)
    elif seconds is not None:
        marks = seconds // SECONDS_PER_DAY
        marks = marks - marks.min(initial=0)
    else:
        return np.arange(customers.size), customers
    width = int(marks.max(initial=0)) + 1
    orders, pairs = pd.factorize(customers * width + marks)
    return orders.astype(np.int64), np.asarray(pairs) // width


def first_moments(orders: np.ndarray, seconds: np.ndarray, n: int) -> np.ndarray:
    """Return the first moment of each order 0..n-1, from the order and moment of each line."""
    first = np.full(n, np.iinfo(np.int64).max)
    np.minimum.at(first, orders, seconds)
    return first


def _first_months(order_customers: np.ndarray, order_seconds: np.ndarray, n: int) -> np.ndarray:
    first = np.full(n, NEVER)
    np.minimum.at(first, order_customers, month_numbers(order_seconds))
    return first


def month_numbers(seconds: np.ndarray) -> np.ndarray:
    """Return the calendar month of each moment.

    Parameters
    ----------
    seconds : numpy.ndarray of int64
        Since 1970.

    Returns
    -------
    numpy.ndarray of int64
        Months since January 1970.
    """
    days = (seconds // SECONDS_PER_DAY).astype(np.int64)
    first = int(days.min(initial=0))
    calendar = np.arange(first, int(days.max(initial=first)) + 1).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return np.asarray(calendar[days - first])


def _is_text(rows: pa.Table, name: str) -> bool:
    return name not in ("customer_id", "order") and pa.types.is_dictionary(rows.schema.field(name).type)
