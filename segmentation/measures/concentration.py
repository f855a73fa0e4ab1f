"""How unevenly revenue is spread over the customers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_POINTS = 100


@dataclass(frozen=True)
class Concentration:
    """The fewest customers that together bring a share of the revenue.

    Attributes
    ----------
    n : int
        All customers, also those who brought nothing or less.
    n_top : int
        Fewest customers, from the highest spend down, whose revenue reaches ``share`` of the total.
    share : float
        0 to 1.
    n_negative : int
        Customers whose returns outweigh what they bought. They stand last, so the curve rises above 1 before it falls back to 1.
    curve : tuple of (float, float)
        Share of customers and their share of revenue, both 0 to 1 (but see ``n_negative``), from (0, 0) to (1, 1). Empty, and ``n_top``
        0, where a filter leaves no revenue to share out.
    least : tuple of int
        For each point of the curve but the first the least revenue among those customers: whoever brought as much or more is one of
        them (or, at the same revenue, might be).
    """

    n: int
    n_top: int
    share: float
    n_negative: int
    curve: tuple[tuple[float, float], ...]
    least: tuple[int, ...] = ()


def concentrate(units: np.ndarray, share: float = 0.8) -> Concentration | None:
    """Find the fewest customers that make a share of the revenue.

    Parameters
    ----------
    units : numpy.ndarray of int64, shape (n,)
        Exact revenue of each customer, returns taken off; may be below zero.
    share : float, default 0.8

    Returns
    -------
    Concentration or None
        None where the revenue in all is not above zero: then no share of it exists.
    """
    found = share_out(units, share)
    return found if found.curve else None


def share_out(units: np.ndarray, share: float) -> Concentration:
    """Find the fewest customers that make a share of the revenue, with an empty curve where there is no revenue."""
    total, n_negative = int(units.sum(dtype=np.int64)), int((units < 0).sum())
    if total <= 0:
        return Concentration(int(units.size), 0, share, n_negative, ())
    ranked = np.sort(units)[::-1]
    running = np.cumsum(ranked)
    n_top = int(np.argmax(running >= share * total)) + 1
    places = np.unique(np.append(np.linspace(1, units.size, min(_POINTS, units.size)).round().astype(np.int64), n_top))
    points = zip((places / units.size).tolist(), (running[places - 1] / total).tolist(), strict=True)
    return Concentration(int(units.size), n_top, share, n_negative, ((0.0, 0.0), *points), tuple(ranked[places - 1].tolist()))
