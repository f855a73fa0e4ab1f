"""Silhouettes (Rousseeuw 1987) of many clusterings at once, exact or from a stratified sample with its error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentation.clusters import kernels
from segmentation.clusters.rows import canonical_order

# Exact up to this many rows (0.3 s); above, as many distances are spent on a sample of rows against all rows.
EXACT_ROWS = 20_000
MIN_SAMPLED_ROWS = 2_000
MIN_SAMPLED_OF_A_GROUP = 10


@dataclass(frozen=True)
class Silhouettes:
    """Silhouettes of several clusterings of the same rows.

    Attributes
    ----------
    mean : dict of int to float
        Mean silhouette (-1 to 1) by key of the clustering.
    error : dict of int to float
        Standard error of the mean; 0.0 when every row was measured.
    rows : ndarray of shape (m,)
        Positions of the measured rows, ascending; all rows when exact.
    values : dict of int to ndarray of shape (m,)
        Silhouette of each measured row, by key of the clustering.
    """

    mean: dict[int, float]
    error: dict[int, float]
    rows: NDArray[np.int64]
    values: dict[int, NDArray[np.float64]]


def silhouettes(
    X: NDArray[np.float64], labels_by_key: Mapping[int, NDArray[np.int64]], seed: int = 0, exact_rows: int = EXACT_ROWS
) -> Silhouettes:
    """Measure the silhouettes of several clusterings in one pass over the distances.

    Parameters
    ----------
    X : ndarray of shape (n, d)
        Finite rows, Euclidean distances.
    labels_by_key : mapping of int to ndarray of shape (n,)
        Labels (0, 1, ...) by number of clusters, or any other key.
    seed : int
        For the sample above ``exact_rows``.
    exact_rows : int
        Up to this many rows every row is measured. The error of the mean against float64 is then below 1e-6.

    Returns
    -------
    Silhouettes
        A row alone in its cluster has silhouette 0, as in scikit-learn. Where there is one cluster only, all is nan.

    Notes
    -----
    The distance does not depend on the clustering: points are sorted by their tuple of labels, and a sum over each run of equal tuples
    serves all of them. Distances are float32 of centred rows, sums float64. Above ``exact_rows`` some rows are measured, against all
    rows: at least MIN_SAMPLED_OF_A_GROUP of each run, so that small clusters are kept, weighted by the size of the run.
    """
    keys = list(labels_by_key)
    labels = np.stack([np.asarray(labels_by_key[key], dtype=np.int64) for key in keys])
    n = len(X)
    order = canonical_order(X)
    order = order[np.argsort(_tuples(labels)[order], kind="stable")]
    in_order = labels[:, order]
    starts = np.flatnonzero(np.r_[True, (in_order[:, 1:] != in_order[:, :-1]).any(axis=0), True])
    width = int(labels.max()) + 1
    slots = np.ascontiguousarray(in_order[:, starts[:-1]].T + width * np.arange(len(keys)))
    sizes = np.concatenate([np.bincount(row, minlength=width) for row in labels]).astype(np.float64)
    points = np.ascontiguousarray((X[order] - X[order].mean(axis=0)).T, dtype=np.float32)
    queries, weights = np.arange(n), np.full(n, 1.0 / n)
    if n > exact_rows:
        queries, weights = _sample(starts, max(MIN_SAMPLED_ROWS, exact_rows**2 // n), seed)
    measured = kernels.silhouette_rows(points, queries, starts, slots, sizes)
    means = (weights[:, None] * measured).sum(axis=0)  # not a product: the sums inside BLAS depend on its threads
    errors = _standard_error(measured, queries, starts)
    back = np.argsort(order[queries], kind="stable")
    return Silhouettes(
        mean={key: float(mean) for key, mean in zip(keys, means, strict=True)},
        error={key: float(error) for key, error in zip(keys, errors, strict=True)},
        rows=order[queries][back],
        values={key: measured[back, j] for j, key in enumerate(keys)},
    )


PLOTTED = 200
"""Values of each group that a silhouette plot shows at most."""


def silhouette_plot(found: Silhouettes, key: int, labels: NDArray[np.int64]) -> list[list[float]]:
    """Return the silhouettes of each group for a plot.

    Parameters
    ----------
    found : Silhouettes
    key : int
        Of the clustering.
    labels : ndarray of shape (n,)
        The same labels as it was measured with, 0 to k - 1.

    Returns
    -------
    list of k lists of float
        Descending, at most ``PLOTTED`` of them, spread evenly over the ranks, with three decimals; empty with one group.
    """
    own, values = labels[found.rows], found.values[key]
    plots = []
    for group in range(int(labels.max()) + 1):
        ranked = np.sort(values[own == group])[::-1]
        kept = np.unique(np.linspace(0, len(ranked) - 1, min(PLOTTED, len(ranked))).round().astype(int))
        plots.append([round(float(value), 3) for value in ranked[kept] if np.isfinite(value)])
    return plots


def _tuples(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return one number for each row's tuple of labels."""
    width = int(labels.max()) + 1
    numbers: NDArray[np.int64] = labels[0]
    for row in labels[1:]:
        if numbers.max() > 2**62 // width:
            numbers = np.unique(numbers, return_inverse=True)[1].astype(np.int64)
        numbers = numbers * width + row
    return numbers


def _sample(starts: NDArray[np.int64], wanted: int, seed: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Draw rows from every run, and the weight of each in the mean."""
    rng = np.random.default_rng(seed)
    sizes = np.diff(starts)
    n = sizes.sum()
    drawn = np.minimum(sizes, np.maximum(MIN_SAMPLED_OF_A_GROUP, np.ceil(sizes * (wanted / n)).astype(np.int64)))
    picks = [start + np.sort(rng.choice(size, m, replace=False)) for start, size, m in zip(starts[:-1], sizes, drawn, strict=True)]
    return np.concatenate(picks), np.repeat(sizes / drawn / n, drawn)


def _standard_error(measured: NDArray[np.float64], queries: NDArray[np.int64], starts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the standard error of each stratified mean (Cochran 1977, 5.3), the runs being the strata; 0 if all rows were drawn."""
    run = np.searchsorted(starts, queries, side="right") - 1
    sizes = np.diff(starts)
    drawn = np.bincount(run, minlength=len(sizes))
    share = sizes / sizes.sum()
    left = 1.0 - drawn / sizes
    errors = []
    for values in measured.T:
        mean = np.bincount(run, values) / drawn
        variance = np.bincount(run, (values - mean[run]) ** 2) / np.maximum(drawn - 1, 1)
        errors.append(float(np.sqrt(np.sum(share**2 * left * variance / drawn))))
    return np.array(errors)
