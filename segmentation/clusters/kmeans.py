"""K-means, the only one in the product: many starts and random swaps, then Lloyd's steps to the end on all rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from segmentation.clusters import kernels

STARTS = 20
CHANGES = 48
# Above this many rows the search works on a sample; its centres are then polished on all rows.
SEARCH_ROWS = 10_000
# While searching, an optimum counts as reached when a step gains less than this share of inertia.
SEARCH_TOLERANCE = 1e-6
# The best of a sample are measured on all rows, and the best of these go a few steps there.
CANDIDATES = 16
FINALISTS = 3
COMPARE_TOLERANCE = 1e-4
# Above SEARCH_ROWS the polish ends at such a step, too; below it goes on until no row moves.
POLISH_TOLERANCE = 1e-7


def kmeans(rows: NDArray[np.float64], n_clusters: int, seed: int, effort: float = 1.0, tolerance: float | None = None) -> NDArray[np.int64]:
    """Group rows by K-means.

    Parameters
    ----------
    rows : ndarray of shape (n, d)
        Finite, standardised, in canonical order, with at least ``n_clusters`` different rows.
    n_clusters : int
        At least 1.
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
    optima may change places there, the best ``CANDIDATES`` are measured on all rows.
    """
    n = len(rows)
    if n_clusters == 1:
        return np.zeros(n, np.int64)
    rng = np.random.default_rng(seed)
    sample = rows if n <= SEARCH_ROWS else rows[np.sort(rng.choice(n, SEARCH_ROWS, replace=False))]
    amount = effort * min(2.0, max(0.7, 3_000 / n))
    tries = (max(1, round(STARTS * amount)), round(CHANGES * amount), 1 if n <= SEARCH_ROWS else CANDIDATES)
    stream = int(rng.integers(2**62))
    candidates = kernels.search_centers(_blocks(sample), len(sample), n_clusters, tries, SEARCH_TOLERANCE, stream)
    if tolerance is None:
        tolerance = 0.0 if n <= SEARCH_ROWS else POLISH_TOLERANCE
    return _polish(rows, candidates, tolerance)


def _polish(rows: NDArray[np.float64], candidates: NDArray[np.float64], tolerance: float) -> NDArray[np.int64]:
    """Run Lloyd's steps on all rows: a few from each candidate, then to the end from the best."""
    blocks = _blocks(rows)
    _, k, d = candidates.shape
    shape = (len(blocks), kernels.BLOCK)

    def run(centers: NDArray[np.float64], until: float) -> tuple[float, NDArray[np.float64], NDArray[np.int32]]:
        labels = np.full(shape, -1, np.int32)
        inertia = kernels.lloyd(blocks, len(rows), (centers, labels, np.empty(shape), np.zeros((k, d + 1))), until, np.inf)
        return inertia, centers, labels

    if len(candidates) > 1:
        finalists = candidates[np.argsort(kernels.inertias(blocks, len(rows), candidates), kind="stable")[:FINALISTS]]
        best = min((run(centers, COMPARE_TOLERANCE) for centers in finalists), key=lambda tried: tried[0])[1]
    else:
        best = candidates[0]
    labels = run(best, tolerance)[2]
    return labels.ravel()[: len(rows)].astype(np.int64)


def _blocks(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the rows as the kernels want them: (n_blocks, d, BLOCK), padded with zeros."""
    n, d = rows.shape
    n_blocks = -(-n // kernels.BLOCK)
    padded = np.zeros((n_blocks * kernels.BLOCK, d))
    padded[:n] = rows
    return np.ascontiguousarray(padded.reshape(n_blocks, kernels.BLOCK, d).transpose(0, 2, 1))
