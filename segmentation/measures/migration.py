"""Who moved where between two segmentations, and what money moved with them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

NOT_THERE = -1
"""Stands for customers that one of the two does not have."""
NOT_SEGMENTED = 0


@dataclass(frozen=True)
class Migration:
    """A matrix of customers and money.

    Attributes
    ----------
    old, new : tuple of int
        Ids of the rows and columns: segments, then 0 for customers without a segment and -1 for those who are not in that dataset, where
        there are any.
    customers : numpy.ndarray of int64, shape (rows, columns)
    money_before, money_after : numpy.ndarray of float64, shape (rows, columns), or None
        What the customers of each cell spent in total by then; None without money.
    """

    old: tuple[int, ...]
    new: tuple[int, ...]
    customers: np.ndarray
    money_before: np.ndarray | None
    money_after: np.ndarray | None


@dataclass(frozen=True)
class Labelled:
    """One side: ids of customers, their segments (0: none), and their money where there is any.

    Attributes
    ----------
    ids : numpy.ndarray of object, shape (n,)
    segments : numpy.ndarray of int64, shape (n,)
    money : numpy.ndarray of float64, shape (n,), or None
    """

    ids: np.ndarray
    segments: np.ndarray
    money: np.ndarray | None = None


@dataclass(frozen=True)
class Moves:
    """Every customer of either side, sorted by id, with both segments and both sums of money (0 where they are not there)."""

    ids: np.ndarray
    old: np.ndarray
    new: np.ndarray
    money_before: np.ndarray | None
    money_after: np.ndarray | None


def follow_customers(before: Labelled, after: Labelled) -> Moves:
    """Put the customers of both sides beside each other, joined by id.

    Parameters
    ----------
    before, after : Labelled

    Returns
    -------
    Moves
    """
    sides = [pd.Index(side.ids, dtype=object) for side in (before, after)]
    ids = sides[0].union(sides[1])
    places = [side.get_indexer(ids) for side in sides]
    segments = [np.where(place < 0, NOT_THERE, side.segments[place]) for place, side in zip(places, (before, after), strict=True)]
    has_money = before.money is not None and after.money is not None
    money = [_money(side, place) for place, side in zip(places, (before, after), strict=True)] if has_money else [None, None]
    return Moves(ids.to_numpy(), segments[0], segments[1], money[0], money[1])


def _money(side: Labelled, place: np.ndarray) -> np.ndarray:
    values = np.nan_to_num(side.money if side.money is not None else np.zeros(side.ids.size))
    return np.where(place < 0, 0.0, values[place])


def migration_matrix(moves: Moves) -> Migration:
    """Count customers and money for each pair of segments.

    Parameters
    ----------
    moves : Moves

    Returns
    -------
    Migration
        Its customers sum up to all customers of either side, its money to the money of each.
    """
    axes = [_axis(side) for side in (moves.old, moves.new)]
    cells = [pd.Index(axis).get_indexer(pd.Index(side)) for axis, side in zip(axes, (moves.old, moves.new), strict=True)]
    flat, shape = cells[0] * len(axes[1]) + cells[1], (len(axes[0]), len(axes[1]))

    def summed(weights: np.ndarray | None) -> np.ndarray:
        return np.bincount(flat, weights=weights, minlength=shape[0] * shape[1]).reshape(shape)

    before, after = (None if money is None else summed(money) for money in (moves.money_before, moves.money_after))
    return Migration(axes[0], axes[1], summed(None), before, after)


def pair_segments(migration: Migration) -> tuple[tuple[int, int], ...]:
    """Say which segment of one side stands beside which of the other, each once, so that most customers stay with theirs.

    Parameters
    ----------
    migration : Migration

    Returns
    -------
    tuple of (int, int)
        Ids (old, new) in the order of the old ones; pairs without a common customer are left out. Found by the Hungarian method on the
        share of common customers in all of either (Jaccard).
    """
    from scipy.optimize import linear_sum_assignment

    rows = [place for place, each in enumerate(migration.old) if each > 0]
    columns = [place for place, each in enumerate(migration.new) if each > 0]
    shared = migration.customers[np.ix_(rows, columns)].astype(np.float64)
    either = migration.customers.sum(axis=1)[rows][:, None] + migration.customers.sum(axis=0)[columns][None, :] - shared
    chosen = zip(*linear_sum_assignment(-shared / np.maximum(either, 1)), strict=True)
    return tuple((migration.old[rows[i]], migration.new[columns[j]]) for i, j in chosen if shared[i, j] > 0)


def _axis(segments: np.ndarray) -> tuple[int, ...]:
    found = np.unique(segments).tolist()
    return (*(each for each in found if each > 0), *(each for each in (NOT_SEGMENTED, NOT_THERE) if each in found))
