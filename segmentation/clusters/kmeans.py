"""K-means, the only one in the product: many starts and random swaps, then Lloyd's steps to the end on all rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from segmentation.clusters import kernels

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]

STARTS = 20
CHANGES = 48
# Above this many rows the search works on a sample; its centres are then polished on all rows.
SEARCH_ROWS = 8_000
# While searching, an optimum counts as reached when a step gains less than this share of inertia.
SEARCH_TOLERANCE = 1e-6
# The best of a sample are compared on more rows.
CANDIDATES = 16
FINALISTS = 3
COMPARE_ROWS = 100_000
COMPARE_TOLERANCE = 1e-4
# Above SEARCH_ROWS the polish ends at such a step, too; below it goes on until no row moves.
POLISH_TOLERANCE = 1e-7


def kmeans(rows: Floats, n_clusters: int, seed: int, effort: float = 1.0, tolerance: float | None = None) -> Labels:
    """Group rows by K-means.

    Parameters
    ----------
    rows : ndarray of shape (n, d)
        Finite, standardised, in canonical order, with at least ``n_clusters`` different rows.
    n_clusters : int
        At least 2.
    seed : int
        The same seed gives the same labels.
    effort : float
        Share of the usual number of starts and changes: below 1 where many fits are averaged, 0 for a single start.
    tolerance : float, optional
        For the last steps on all rows; by default none up to SEARCH_ROWS rows, POLISH_TOLERANCE above.

    Returns
    -------
    ndarray of shape (n,)
        Labels 0 to ``n_clusters`` - 1, each of them used.

    Notes
    -----
    Greedy k-means++ starts (Arthur & Vassilvitskii 2007), then changes to the best of them, mostly random swaps (Franti, "Efficiency of
    random swap clustering", 2018), on small data more of both. Above ``SEARCH_ROWS`` the search works on a sample; since near-equal
    optima may change places there, the best ``CANDIDATES`` are compared on ``COMPARE_ROWS``.
    """
    n = len(rows)
    sample = _thinned(rows, SEARCH_ROWS)
    amount = effort * min(2.0, max(0.7, 3_000 / n))
    tries = (max(1, round(STARTS * amount)), round(CHANGES * amount), 1 if n <= SEARCH_ROWS else CANDIDATES)
    stream = int(np.random.default_rng(seed).integers(2**62))
    candidates = kernels.search_centers(_blocks(sample), len(sample), n_clusters, tries, SEARCH_TOLERANCE, stream)
    if tolerance is None:
        tolerance = 0.0 if n <= SEARCH_ROWS else POLISH_TOLERANCE
    centers = candidates[0] if len(candidates) == 1 else _best(_blocks(_thinned(rows, COMPARE_ROWS)), min(n, COMPARE_ROWS), candidates)
    return _steps(_blocks(rows), n, centers, tolerance)[2]


def _best(blocks: Floats, n: int, candidates: Floats) -> Floats:
    """Return the best of some candidates on more rows than they come from: the best few where they stand go some steps."""
    finalists = candidates[np.argsort(kernels.inertias(blocks, n, candidates), kind="stable")[:FINALISTS]]
    return min((_steps(blocks, n, centers, COMPARE_TOLERANCE) for centers in finalists), key=lambda tried: tried[0])[1]


def _steps(blocks: Floats, n: int, centers: Floats, tolerance: float) -> tuple[float, Floats, Labels]:
    """Run Lloyd's steps; return inertia, centres and labels."""
    centers = centers.copy()
    shape = (len(blocks), kernels.BLOCK)
    labels = np.full(shape, -1, np.int32)
    totals = np.zeros((len(centers), centers.shape[1] + 1))
    inertia = kernels.lloyd(blocks, n, (centers, labels, np.empty(shape), totals), tolerance, np.inf)
    return inertia, centers, labels.ravel()[:n].astype(np.int64)


def _thinned(rows: Floats, most: int) -> Floats:
    """Return at most so many rows, evenly spread over the canonical order, which makes a sample stratified by value."""
    n = len(rows)
    return rows if n <= most else rows[np.arange(most) * n // most]


def _blocks(rows: Floats) -> Floats:
    """Return the rows as the kernels want them: (n_blocks, d, BLOCK), padded with zeros."""
    n, d = rows.shape
    n_blocks = -(-n // kernels.BLOCK)
    padded = np.zeros((n_blocks * kernels.BLOCK, d))
    padded[:n] = rows
    return np.ascontiguousarray(padded.reshape(n_blocks, kernels.BLOCK, d).transpose(0, 2, 1))
