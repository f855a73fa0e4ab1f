"""Segments of any shape as a few hundred mean points: a tree has no border of its own, but each of its groups can be told by its pieces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segmentation.clusters.kmeans import kmeans
from segmentation.clusters.rows import canonical_order, count_different, means, nearest_center

# Pieces of all segments together: more of them until so many of the customers return to their own segment.
FEWEST, MOST = 100, 800
ENOUGH = 0.99
# More customers of a segment shape its pieces no better.
SHAPING_ROWS = 10_000
# Distances held at once.
AT_ONCE = 4_000_000

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]


def describe_pieces(X: Floats, labels: Labels, seed: int) -> dict[str, Any]:
    """Cut segments into pieces, so that who is nearest to a piece is of its segment.

    Parameters
    ----------
    X : ndarray of shape (n, d)
        Finite, standardised.
    labels : ndarray of shape (n,)
        Segments, 0 to k - 1, every one used.
    seed : int
        For the search of the pieces, by K-means within each segment.

    Returns
    -------
    dict
        As plain JSON values: ``kind`` "pieces", the mean ``points`` and their ``groups``. The order of the rows has no say.
    """
    order = canonical_order(X)
    rows, own = X[order], labels[order]
    members = [_thinned(rows[own == group]) for group in range(int(labels.max()) + 1)]
    shares = np.bincount(labels) / len(labels)
    total = FEWEST
    while True:
        pieces = [_cut(group, max(1, round(total * share)), seed) for group, share in zip(members, shares, strict=True)]
        points, groups = np.vstack(pieces), np.repeat(np.arange(len(pieces)), [len(each) for each in pieces])
        returned = [(find_nearest(rows, points, groups) == group).mean() for group, rows in enumerate(members)]
        if (shares * returned).sum() >= ENOUGH or total >= MOST:
            return {"kind": "pieces", "points": points.tolist(), "groups": groups.tolist()}
        total *= 2


def place_by_pieces(way: Mapping[str, Any], points: Floats) -> Labels:
    """Return the segment of the piece nearest to each point, shape (n,); see `describe_pieces`."""
    return find_nearest(points, np.array(way["points"]), np.array(way["groups"], dtype=np.int64))


def find_nearest(rows: Floats, points: Floats, groups: Labels) -> Labels:
    """Return for each row the group of the nearest point."""
    step = max(1, AT_ONCE // len(points))
    found = [nearest_center(rows[start : start + step], points) for start in range(0, len(rows), step)]
    return groups[np.concatenate(found)]


def _cut(rows: Floats, n_pieces: int, seed: int) -> Floats:
    """Return the mean points of the pieces of one segment."""
    wanted = min(n_pieces, count_different(rows))
    if wanted == 1:
        return rows.mean(axis=0)[None]
    return means(rows, kmeans(rows, wanted, seed, effort=0.0, tolerance=0.01))


def _thinned(rows: Floats) -> Floats:
    """Return at most so many rows as shape pieces, evenly spread over their order."""
    n = len(rows)
    return rows if n <= SHAPING_ROWS else rows[np.arange(SHAPING_ROWS) * n // SHAPING_ROWS]
