"""How each segment buys: on which days of the week, in which months, and what."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from segmentation.measures.customers import SECONDS_PER_DAY

MOST_MONTHS = 24
TOP_GOODS = 3
_THURSDAY = 3
"""1 January 1970, the day that seconds are counted from, was one; Monday is 0."""


@dataclass(frozen=True)
class Lines:
    """The lines of a log, as codes.

    Attributes
    ----------
    customers : numpy.ndarray of int64, shape (m,)
        Code of the customer, 0..n-1.
    seconds : numpy.ndarray of int64, shape (m,)
        Moment of each line, since 1970.
    orders : numpy.ndarray of int64, shape (m,) or None
        Code of the order; None: an order is a customer and a day.
    money : numpy.ndarray of float64, shape (m,) or None
    goods : numpy.ndarray of int64, shape (m,) or None
        Code of what was bought, -1 where it is not known.
    """

    customers: np.ndarray
    seconds: np.ndarray
    orders: np.ndarray | None = None
    money: np.ndarray | None = None
    goods: np.ndarray | None = None


@dataclass(frozen=True)
class Habits:
    """How segments buy; rows are segments in the order of their ids.

    Attributes
    ----------
    n_orders : numpy.ndarray of int64, shape (k,)
    weekdays : numpy.ndarray of float64, shape (k, 7)
        Share of the segment's orders, Monday first.
    first_month : str
        "2025-11", of the first column of ``months``.
    months : numpy.ndarray of float64, shape (k, months)
        Share of the segment's revenue (its orders, where there is no money) in these months; at most the last ``MOST_MONTHS``.
    first_second, last_second : int
        Of the lines in those months.
    top_goods : tuple of tuple of (int, float)
        For each segment the goods that brought most, with their share of its revenue (its lines, where there is no money).
    has_money : bool
    """

    n_orders: np.ndarray
    weekdays: np.ndarray
    first_month: str
    months: np.ndarray
    first_second: int
    last_second: int
    top_goods: tuple[tuple[tuple[int, float], ...], ...]
    has_money: bool


def find_habits(lines: Lines, segment_ids: np.ndarray) -> Habits | None:
    """Sum up how segments buy.

    Parameters
    ----------
    lines : Lines
    segment_ids : numpy.ndarray of int64, shape (n customers,)
        By the customer's code: 1..k, 0 for customers that are not segmented, who count nowhere.

    Returns
    -------
    Habits or None
        None where nobody in a segment bought.
    """
    segments = segment_ids[lines.customers] - 1
    inside = segments >= 0
    if not inside.any():
        return None
    k = int(segment_ids.max())
    segments, seconds = segments[inside], lines.seconds[inside]
    money = None if lines.money is None else lines.money[inside]
    order_segments, order_seconds = _orders(lines, inside, segments)
    weekdays = (order_seconds // SECONDS_PER_DAY + _THURSDAY) % 7
    first, months = _months(order_segments, order_seconds, None, k) if money is None else _months(segments, seconds, money, k)
    return Habits(
        n_orders=np.bincount(order_segments, minlength=k),
        weekdays=_shares(_table(order_segments, weekdays, None, (k, 7))),
        first_month=str(first),
        months=months,
        first_second=int(seconds[_month(seconds) >= first].min()),
        last_second=int(seconds.max()),
        top_goods=_top_goods(segments, lines.goods[inside], money, k) if lines.goods is not None else (),
        has_money=money is not None,
    )


def _orders(lines: Lines, inside: np.ndarray, segments: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the segment and the first moment of every order."""
    customers, seconds = lines.customers[inside], lines.seconds[inside]
    orders = seconds // SECONDS_PER_DAY if lines.orders is None else lines.orders[inside]
    orders = orders - orders.min()
    codes, pairs = pd.factorize(customers * (int(orders.max()) + 1) + orders)
    first = np.full(len(pairs), np.iinfo(np.int64).max)
    np.minimum.at(first, codes, seconds)
    own = np.zeros(len(pairs), np.int64)
    own[codes] = segments
    return own, first


def _months(segments: np.ndarray, seconds: np.ndarray, weights: np.ndarray | None, k: int) -> tuple[np.datetime64, np.ndarray]:
    """Return the first month told, and the share of each month in the total of these months."""
    months = _month(seconds)
    last = months.max()
    first = max(months.min(), last - np.timedelta64(MOST_MONTHS - 1, "M"))
    is_told = months >= first
    places = (months[is_told] - first).astype(np.int64)
    width = int((last - first).astype(np.int64)) + 1
    told = None if weights is None else weights[is_told]
    return first, _shares(_table(segments[is_told], places, told, (k, width)))


def _month(seconds: np.ndarray) -> np.ndarray:
    return seconds.astype("datetime64[s]").astype("datetime64[M]")


def _top_goods(
    segments: np.ndarray, goods: np.ndarray, money: np.ndarray | None, k: int
) -> tuple[tuple[tuple[int, float], ...], ...]:
    """Return for each segment the goods with the largest share; of equal ones the first by code."""
    is_known = goods >= 0
    weights = None if money is None else money[is_known]
    width = int(goods.max(initial=-1)) + 1
    shares = _shares(_table(segments[is_known], goods[is_known], weights, (k, width)))
    largest = np.argsort(-shares, axis=1, kind="stable")[:, :TOP_GOODS]
    return tuple(tuple((int(code), float(own[code])) for code in top if own[code] > 0) for own, top in zip(shares, largest, strict=True))


def _table(rows: np.ndarray, columns: np.ndarray, weights: np.ndarray | None, shape: tuple[int, int]) -> np.ndarray:
    """Count, or add up, by row and column."""
    k, width = shape
    return np.bincount(rows * width + columns, weights, minlength=k * width).reshape(k, width).astype(np.float64)


def _shares(table: np.ndarray) -> np.ndarray:
    """Return each row as shares of its sum; zero where that is not above zero."""
    sums = table.sum(axis=1, keepdims=True)
    return np.divide(table, sums, out=np.zeros_like(table), where=sums > 0)
