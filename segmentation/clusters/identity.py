"""Which segment is which after a rerun on new data: matched by the customers they share, else by their mean points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Literal

import numpy as np

How = Literal["customers", "centres", "nothing"]
EventKind = Literal["split", "merged", "gone", "new"]

SURVIVES = 0.5
"""A segment goes on in another when at least this share of the smaller of the two is in both (half in MONIC, Spiliopoulou et al. 2006)."""
_LEAST_JACCARD = 0.2
"""... and at least this share of all customers of either: a large segment that takes in a small one is not its continuation alone."""
PART = 0.25
"""A segment has gone into (or come from) another when at least this share of its shared customers did."""
FEWEST_SHARED = 30
"""With fewer customers in both runs, mean points tell better."""


@dataclass(frozen=True)
class Event:
    """Something that became of segments: an old one split, several merged, one is gone, one is new.

    Attributes
    ----------
    kind : {"split", "merged", "gone", "new"}
    old : tuple of int
        Ids in the earlier run.
    new : tuple of int
        Places in the new run.
    """

    kind: EventKind
    old: tuple[int, ...]
    new: tuple[int, ...]


@dataclass(frozen=True)
class Identity:
    """The new segments as continuations of the old ones.

    Attributes
    ----------
    how : {"customers", "centres", "nothing"}
        What they were matched by.
    continues : tuple of (int or None), length k
        For each new segment the id of the old one that goes on in it.
    ids : tuple of int, length k
        Its id: that of the old one, else a number that no segment had before.
    kept : tuple of (float or None), length k
        Share (0..1) of the old segment's shared customers who are in its continuation; None where matched by centres.
    events : tuple of Event
    """

    how: How
    continues: tuple[int | None, ...]
    ids: tuple[int, ...]
    kept: tuple[float | None, ...]
    events: tuple[Event, ...]


@dataclass(frozen=True)
class Centres:
    """Mean points of both runs on one scale, and how many customers each segment has.

    Attributes
    ----------
    old, new : numpy.ndarray of float64, shape (k_old, d), (k_new, d)
        The old ones in the order of their ids as given.
    old_sizes, new_sizes : numpy.ndarray of int64, shape (k_old,), (k_new,)
    """

    old: np.ndarray
    new: np.ndarray
    old_sizes: np.ndarray
    new_sizes: np.ndarray


def match_segments(
    old: np.ndarray, new: np.ndarray, old_ids: Sequence[int], k: int, used_ids: Sequence[int] = (), centres: Centres | None = None
) -> Identity:
    """Match segments by the customers they share; those that hardly share any by their mean points.

    Parameters
    ----------
    old : numpy.ndarray of int64, shape (n,)
        Id of the segment of each shared customer in the earlier run, 0 for none.
    new : numpy.ndarray of int64, shape (n,)
        Place (0..k-1) of the new segment of the same customers, -1 for none.
    old_ids : sequence of int
        The ids of all old segments.
    k : int
        Number of new segments.
    used_ids : sequence of int
        Every id that a segment of this line of versions ever had; a new segment gets none of them.
    centres : Centres, optional
        Without them only customers tell.

    Returns
    -------
    Identity
        Independent of the order of the customers.
    """
    known = list(old_ids)
    shared = _count_shared(old, new, known, k)
    is_told = centres is None or shared.sum() >= FEWEST_SHARED
    pairs = _pairs_by_customers(shared) if is_told else {}
    if centres is not None:
        pairs |= _pairs_by_centres(centres, shared if is_told else np.zeros_like(shared), pairs)
    continues = tuple(known[pairs[place]] if place in pairs else None for place in range(k))
    free = count(max([*known, *used_ids], default=0) + 1)
    ids = tuple(segment if segment is not None else next(free) for segment in continues)
    kept = shared / np.maximum(shared.sum(axis=1, keepdims=True), 1)
    shares = tuple(
        float(kept[pairs[place], place]) if is_told and place in pairs and shared[pairs[place]].any() else None for place in range(k)
    )
    events = _events(continues, known, shared if is_told else np.zeros_like(shared))
    return Identity("customers" if is_told else "centres", continues, ids, shares, tuple(events))


def _count_shared(old: np.ndarray, new: np.ndarray, known: list[int], k: int) -> np.ndarray:
    place_of = {segment: place for place, segment in enumerate(known)}
    in_both = (old > 0) & (new >= 0)
    rows = np.array([place_of[segment] for segment in old[in_both].tolist()], dtype=np.int64)
    shared = np.zeros((len(known), k), np.int64)
    np.add.at(shared, (rows, new[in_both]), 1)
    return shared


def _pairs_by_customers(shared: np.ndarray) -> dict[int, int]:
    sizes = shared.sum(axis=1, keepdims=True), shared.sum(axis=0, keepdims=True)
    jaccard = shared / np.maximum(sizes[0] + sizes[1] - shared, 1)
    of_smaller = shared / np.maximum(np.minimum(*sizes), 1)
    return _best_pairs(np.where((of_smaller >= SURVIVES) & (jaccard >= _LEAST_JACCARD), jaccard, 0.0))


def _pairs_by_centres(centres: Centres, shared: np.ndarray, known: dict[int, int]) -> dict[int, int]:
    """Pair segments that hardly share customers with any: nearer to each other than half the way to the next old segment."""
    distances = np.linalg.norm(centres.old[:, None, :] - centres.new[None, :, :], axis=2)
    between = np.linalg.norm(centres.old[:, None, :] - centres.old[None, :, :], axis=2) + np.where(np.eye(len(centres.old)), np.inf, 0)
    reach = (between.min(axis=1) / 2)[:, None]
    is_free = np.zeros(shared.shape, bool)
    is_free[np.ix_(shared.sum(axis=1) < PART * centres.old_sizes, shared.sum(axis=0) < PART * centres.new_sizes)] = True
    is_free[list(known.values())] = False
    is_free[:, list(known)] = False
    return _best_pairs(np.where(is_free & (distances < reach), 1 / (1 + distances), 0.0))


def _best_pairs(likeness: np.ndarray) -> dict[int, int]:
    """Return new place to old place of the pairing with the largest sum, without pairs that are not alike at all."""
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(-likeness)
    return {int(column): int(row) for row, column in zip(rows, columns, strict=True) if likeness[row, column] > 0}


def _events(continues: tuple[int | None, ...], known: list[int], shared: np.ndarray) -> list[Event]:
    """Say which segments split, merged, went and came. Without shared customers only the last two can be told."""
    out = shared / np.maximum(shared.sum(axis=1, keepdims=True), 1)
    into = shared / np.maximum(shared.sum(axis=0, keepdims=True), 1)
    events = []
    for row, old in enumerate(known):
        is_own = np.array([each == old for each in continues])
        parts = np.flatnonzero((out[row] >= PART) & ((into[row] >= SURVIVES) | is_own))
        if parts.size > 1:
            events.append(Event("split", (old,), tuple(parts.tolist())))
    for place in range(len(continues)):
        rows = np.flatnonzero((into[:, place] >= PART) & (out[:, place] >= SURVIVES))
        if rows.size > 1:
            events.append(Event("merged", tuple(known[row] for row in rows), (place,)))
    told = {old for event in events for old in event.old}, {place for event in events for place in event.new}
    events += [Event("gone", (old,), ()) for old in known if old not in continues and old not in told[0]]
    events += [Event("new", (), (place,)) for place, old in enumerate(continues) if old is None and place not in told[1]]
    return events
