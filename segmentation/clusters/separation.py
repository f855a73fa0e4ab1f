"""Are groups apart: is there a gap between them, or does a border cut through customers as dense as anywhere?"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from segmentation.clusters.rows import means

# A gap: half-way between two centres stand at most this many customers for each one around the emptier centre. However large they are,
# clouds cut in 2 to 8 have 0.62 and more, a curved band 0.53, two normal clouds three standard deviations apart 0.7, four apart 0.36.
GAP = 0.5
# ... and fewer than chance would leave there, by so many standard deviations.
SURE = 3.1
LIKELY = 1.64
# A column that repeats few values, though more than these, is a count or a scale ...
MIN_LEVELS = 5
# ... when each value is repeated this often on average.
REPEATS = 4

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]


def find_clumps(rows: Floats, labels: Labels, seed: int, sureness: float = SURE) -> Labels:
    """Find which groups have a gap between them.

    Parameters
    ----------
    rows : ndarray of shape (n, d)
        Finite, standardised, in canonical order.
    labels : ndarray of shape (n,)
        Groups, 0 to k - 1, every one used.
    seed : int
        For the spreading of counts.
    sureness : float
        Standard deviations by which a gap must be emptier than chance would have it: ``SURE`` or ``LIKELY``.

    Returns
    -------
    ndarray of shape (k,)
        Clump of each group, 0, 1, ...: groups without a gap between them, or with others between them that link them, are one clump.

    Notes
    -----
    The customers of two groups are projected on the line between their centres; those in its middle third, where the border runs, are
    counted against those within a sixth of its length around either centre. A cloud with one peak has no gap, wherever it is cut and
    however heavy its tails: from one centre to another customers are about as dense as around the emptier one.
    """
    spread = spread_counts(rows, seed)
    centers = means(spread, labels)
    groups = [spread[labels == group] for group in range(len(centers))]
    clumps = np.arange(len(centers))
    for a in range(len(centers)):
        for b in range(a):
            if clumps[a] != clumps[b] and not _has_gap(groups[a], groups[b], centers[a], centers[b], sureness):
                clumps[clumps == clumps[b]] = clumps[a]
    return np.unique(clumps, return_inverse=True)[1].astype(np.int64)


def are_apart(clumps: Labels) -> bool:
    """Whether every group is a clump of its own."""
    return len(np.unique(clumps)) == len(clumps)


def spread_counts(rows: Floats, seed: int) -> Floats:
    """Spread equal counts evenly over the room between their neighbours, so that what lies between two counts is no gap.

    Parameters
    ----------
    rows : ndarray of shape (n, d)
        In canonical order.
    seed : int
        Which of equal customers stands where.

    Returns
    -------
    ndarray of shape (n, d)
        Columns with many different values, and with very few (yes and no, say), as they are.
    """
    rng = np.random.default_rng(seed)
    result = rows.copy()
    for column in result.T:
        levels, place, counts = np.unique(column, return_inverse=True, return_counts=True)
        if MIN_LEVELS <= len(levels) <= len(rows) / REPEATS:
            middles = (levels[1:] + levels[:-1]) / 2
            edges = np.r_[2 * levels[0] - middles[0], middles, 2 * levels[-1] - middles[-1]]
            order = np.lexsort((rng.random(len(rows)), place))
            within = (np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts) + 0.5) / np.repeat(counts, counts)
            column[order] = edges[place[order]] + within * np.diff(edges)[place[order]]
    return result


def _has_gap(group: Floats, other: Floats, center: Floats, other_center: Floats, sureness: float) -> bool:
    """Compare the middle of the line between two centres with its ends."""
    way = other_center - center
    length = float((way**2).sum())
    if length == 0:
        return False
    at = ((np.concatenate([group, other]) - center) * way).sum(axis=1) / length
    middle = int((np.abs(at - 0.5) < 1 / 6).sum())
    end = min(int((np.abs(at) < 1 / 6).sum()), int((np.abs(at - 1) < 1 / 6).sum()))
    return end > 0 and middle <= GAP * end and end - middle >= sureness * math.sqrt(end + middle)
