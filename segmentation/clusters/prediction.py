"""Prediction strength: do the groups found in one half of the customers come back in the other half?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from segmentation.clusters.methods import group_rows
from segmentation.clusters.progress import OnProgress, unheard
from segmentation.clusters.rows import canonical_order, count_different, means, nearest_center

SPLITS = 5
# A larger half tells no more about whether groups come back.
HALF_ROWS = 2_000
# Share of the usual search for each of the many fits that are averaged.
EFFORT = 0.2


def prediction_strengths(
    X: NDArray[np.float64], ks: Sequence[int], method: str, seed: int, on_progress: OnProgress = unheard
) -> dict[int, float]:
    """Measure the prediction strength of several numbers of groups (Tibshirani & Walther 2005).

    Parameters
    ----------
    X : ndarray of shape (n, d)
        Finite, standardised.
    ks : sequence of int
        Numbers of groups.
    method : {"kmeans", "hierarchical", "mixture"}
        How groups are found.
    seed : int
        For the splits and the fits.
    on_progress : callable, optional
        Hears of "halves", whose parts are the splits.

    Returns
    -------
    dict of int to float
        By k: the mean over ``SPLITS`` random splits, each used both ways, of the share of pairs that stay together in the group where
        that share is least; 1 is best, nan where a half has fewer than k different rows. Groups of one row have no pairs and do not count.
    """
    rows = X[canonical_order(X)]
    found: dict[int, list[float]] = {k: [] for k in ks}
    for split, (one, other) in enumerate(_halves(len(rows), seed)):
        on_progress("halves", split, SPLITS)
        a, b = rows[one], rows[other]
        limit = min(count_different(a), count_different(b)) if len(a) else 0
        possible = [k for k in ks if k <= limit]
        groups_a = group_rows(a, method, possible, seed + split, EFFORT)
        groups_b = group_rows(b, method, possible, seed + split, EFFORT)
        for k in possible:
            found[k] += [_strength(a, groups_a[k], b, groups_b[k]), _strength(b, groups_b[k], a, groups_a[k])]
    return {k: float(np.mean(values)) if len(values) == 2 * SPLITS else math.nan for k, values in found.items()}


def _halves(n: int, seed: int) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield pairs of disjoint sets of positions, each ascending."""
    rng = np.random.default_rng(seed)
    half = min(n // 2, HALF_ROWS)
    for _ in range(SPLITS):
        mixed = rng.permutation(n)
        yield np.sort(mixed[:half]), np.sort(mixed[half : 2 * half])


def _strength(
    train: NDArray[np.float64], train_labels: NDArray[np.int64], test: NDArray[np.float64], test_labels: NDArray[np.int64]
) -> float:
    """Return the least share of pairs of one test group that the centres of the training half keep together."""
    predicted = nearest_center(test, means(train, train_labels))
    width = int(predicted.max()) + 1
    counts = np.bincount(test_labels * width + predicted, minlength=width * (int(test_labels.max()) + 1)).reshape(-1, width)
    sizes = counts.sum(axis=1)
    together = (counts * (counts - 1)).sum(axis=1)
    pairs = sizes * (sizes - 1)
    return float((together[pairs > 0] / pairs[pairs > 0]).min(initial=1.0))
