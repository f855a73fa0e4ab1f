"""How each segment buys: on which days of the week, in which months, and what."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from segmentation.measures.customers import SECONDS_PER_DAY
from segmentation.measures.lines import Lines

MOST_MONTHS = 24
TOP_GOODS = 3
_THURSDAY = 3
"""1 January 1970, the day that seconds are counted from, was one; Monday is 0."""


@dataclass(frozen=True)
class SegmentHabits:
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
        Of the lines in those months, since 1970.
    n_goods : int
        How many different goods were bought.
    top_goods : tuple of tuple of (str, float)
        For each segment the goods that brought most, with their share of its revenue (its lines, where there is no money).
    has_money : bool
    """

    n_orders: np.ndarray
    weekdays: np.ndarray
    first_month: str
    months: np.ndarray
    first_second: int
    last_second: int
    n_goods: int
    top_goods: tuple[tuple[tuple[str, float], ...], ...]
    has_money: bool


def find_segment_habits(lines: Lines, segment_ids: np.ndarray, goods: str | None = None, k: int | None = None) -> SegmentHabits | None:
    """Sum up how segments buy.

    Parameters
    ----------
    lines : Lines
    segment_ids : numpy.ndarray of int64, shape (n customers,)
        By the customer's number in ``lines``: 1..k, 0 for customers that are not segmented, who count nowhere.
    goods : str, optional
        The column of ``lines.cells`` that says what was bought.
    k : int, optional
        How many segments there are, where the last of them may have no customers.

    Returns
    -------
    SegmentHabits or None
        None without dates, and where nobody in a segment bought.
    """
    segments = segment_ids[lines.customers] - 1
    if lines.seconds is None or lines.order_seconds is None or not (segments >= 0).any():
        return None
    k = k or int(segment_ids.max())
    of_orders = segment_ids[lines.order_customers] - 1
    weekdays = (lines.order_seconds // SECONDS_PER_DAY + _THURSDAY) % 7
    has_money = lines.units is not None
    first, months = _months(segments, lines.seconds, lines.units, k) if has_money else _months(of_orders, lines.order_seconds, None, k)
    told = lines.seconds[(segments >= 0) & (_month(lines.seconds) >= first)]
    names, shares = _goods_shares(lines, segments, goods, k) if goods else ((), np.zeros((k, 0)))
    return SegmentHabits(
        n_orders=np.bincount(of_orders[of_orders >= 0], minlength=k),
        weekdays=_shares(_table(of_orders, weekdays, None, (k, 7))),
        first_month=str(first),
        months=months,
        first_second=int(told.min()),
        last_second=int(told.max()),
        n_goods=int((shares > 0).any(axis=0).sum()),
        top_goods=tuple(_top(own, names) for own in shares),
        has_money=has_money,
    )


def _months(segments: np.ndarray, seconds: np.ndarray, weights: np.ndarray | None, k: int) -> tuple[np.datetime64, np.ndarray]:
    """Return the first month told, and the share of each month in the total of these months."""
    months = _month(seconds)
    last = months[segments >= 0].max()
    first = max(months[segments >= 0].min(), last - np.timedelta64(MOST_MONTHS - 1, "M"))
    places = (months - first).astype(np.int64)
    width = int((last - first).astype(np.int64)) + 1
    return first, _shares(_table(np.where(places >= 0, segments, -1), places, weights, (k, width)))


def _month(seconds: np.ndarray) -> np.ndarray:
    return seconds.astype("datetime64[s]").astype("datetime64[M]")


def _goods_shares(lines: Lines, segments: np.ndarray, column: str, k: int) -> tuple[tuple[str, ...], np.ndarray]:
    """Return the names of the goods and each segment's shares of them; lines that do not say what was bought count nowhere."""
    goods = lines.labels(column)
    inside = np.where(goods.codes >= 0, segments, -1)
    return goods.texts, _shares(_table(inside, goods.codes, lines.units, (k, len(goods.texts))))


def _top(shares: np.ndarray, names: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    """Return the goods with the largest shares; of equal ones the first by name, so that the order of the lines has no say."""
    least = np.sort(shares)[-TOP_GOODS:][:1]
    rivals = np.flatnonzero((shares > 0) & (shares >= least)) if least.size else ()
    chosen = sorted(rivals, key=lambda code: (-shares[code], names[code]))[:TOP_GOODS]
    return tuple((names[code], float(shares[code])) for code in chosen)


def _table(rows: np.ndarray, columns: np.ndarray, weights: np.ndarray | None, shape: tuple[int, int]) -> np.ndarray:
    """Count, or add up, by row and column; rows below 0 are left out."""
    k, width = shape
    kept = rows >= 0
    places = rows[kept] * width + columns[kept]
    return np.bincount(places, None if weights is None else weights[kept], minlength=k * width).reshape(k, width).astype(np.float64)


def _shares(table: np.ndarray) -> np.ndarray:
    """Return each row as shares of its sum; zero where that is not above zero."""
    sums = table.sum(axis=1, keepdims=True)
    return np.divide(table, sums, out=np.zeros_like(table), where=sums > 0)
