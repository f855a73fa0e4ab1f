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


def match_by_customers(old: np.ndarray, new: np.ndarray, old_ids: Sequence[int], k: int, used_ids: Sequence[int]) -> Identity:
    """Match segments by the customers they share.

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

    Returns
    -------
    Identity
        Independent of the order of the customers.
    """
    known = sorted(old_ids)
    place_of = {segment: place for place, segment in enumerate(known)}
    in_both = (old > 0) & (new >= 0)
    rows = np.array([place_of[segment] for segment in old[in_both].tolist()], dtype=np.int64)
    shared = np.zeros((len(known), k), np.int64)
    np.add.at(shared, (rows, new[in_both]), 1)
    sizes = shared.sum(axis=1, keepdims=True), shared.sum(axis=0, keepdims=True)
    jaccard = shared / np.maximum(sizes[0] + sizes[1] - shared, 1)
    of_smaller = shared / np.maximum(np.minimum(*sizes), 1)
    pairs = _best_pairs(np.where((of_smaller >= SURVIVES) & (jaccard >= _LEAST_JACCARD), jaccard, 0.0))
    return _identity(pairs, known, k, used_ids, shared)


def match_by_centres(old: np.ndarray, new: np.ndarray, old_ids: Sequence[int], used_ids: Sequence[int]) -> Identity:
    """Match segments by their mean points on one scale: a pair must be nearer than half the way to the next old segment.

    Parameters
    ----------
    old, new : numpy.ndarray of float64, shape (k_old, d), (k_new, d)
    old_ids : sequence of int
        Ids in the order of ``old``.
    used_ids : sequence of int

    Returns
    -------
    Identity
    """
    distances = np.linalg.norm(old[:, None, :] - new[None, :, :], axis=2)
    between = np.linalg.norm(old[:, None, :] - old[None, :, :], axis=2) + np.where(np.eye(len(old)), np.inf, 0)
    reach = np.where(np.isfinite(between.min(axis=1)), between.min(axis=1) / 2, np.inf)[:, None]
    likeness = np.where(distances < reach, 1 / (1 + distances), 0.0)
    return _identity(_best_pairs(likeness), list(old_ids), len(new), used_ids, None)


def _best_pairs(likeness: np.ndarray) -> dict[int, int]:
    """Return new place to old place of the pairing with the largest sum, without pairs that are not alike at all."""
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(-likeness)
    return {int(column): int(row) for row, column in zip(rows, columns, strict=True) if likeness[row, column] > 0}


def _identity(pairs: dict[int, int], known: list[int], k: int, used_ids: Sequence[int], shared: np.ndarray | None) -> Identity:
    """Give every new segment an id; ``pairs`` is new place to old place, ``shared`` None where customers have no say."""
    continues = tuple(known[pairs[place]] if place in pairs else None for place in range(k))
    free = count(max([*known, *used_ids], default=0) + 1)
    ids = tuple(segment if segment is not None else next(free) for segment in continues)
    if shared is None:
        return Identity("centres", continues, ids, (None,) * k, tuple(_events(continues, known, np.zeros((len(known), k), np.int64))))
    kept = shared / np.maximum(shared.sum(axis=1, keepdims=True), 1)
    shares = tuple(float(kept[pairs[place], place]) if place in pairs else None for place in range(k))
    return Identity("customers", continues, ids, shares, tuple(_events(continues, known, shared)))


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
