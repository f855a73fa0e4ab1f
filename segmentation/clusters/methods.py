"""The ways to group customers behind one function: K-means, hierarchical (Ward) and Gaussian mixture."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segmentation.clusters.kmeans import kmeans
from segmentation.clusters.ward import ward
from segmentation.errors import InvalidInputError

# Above this many different rows Ward works on micro-clusters: its cost is quadratic.
WARD_ROWS = 5_000
WARD_MICRO_CLUSTERS = 500
MIXTURE_REGULARISATION = 1e-3

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Clustering:
    """Rows in groups.

    Attributes
    ----------
    labels : ndarray of shape (n,)
        Group of each row, 0 to k - 1, every one used. Numbered by centre: descending by the first feature, then the next.
    centers : ndarray of shape (k, d)
        Mean of each group's rows, in the units of X.
    inertia : float
        Summed squared distance of the rows to their own centre.
    method : str
        ``"kmeans"``, ``"hierarchical"`` or ``"mixture"``.
    parameters : mapping
        What else is needed to repeat the fit, as plain JSON values.
    """

    labels: Labels
    centers: Floats
    inertia: float
    method: str
    parameters: Mapping[str, Any]

    @property
    def n_clusters(self) -> int:
        """Number of groups."""
        return len(self.centers)

    @property
    def sizes(self) -> Labels:
        """Rows in each group, shape (k,)."""
        return np.bincount(self.labels, minlength=self.n_clusters)


def fit(X: Floats, method: str = "kmeans", n_clusters: int = 4, seed: int = 0) -> Clustering:
    """Group rows into a given number of groups.

    Parameters
    ----------
    X : ndarray of shape (n, d)
        Finite, already standardised by the caller.
    method : {"kmeans", "hierarchical", "mixture"}
        K-means; Ward's hierarchical clustering (on micro-clusters above ``WARD_ROWS`` rows); a Gaussian mixture with full covariances.
    n_clusters : int
        1 to the number of different rows. A mixture may leave some groups empty; those are not returned.
    seed : int
        The same data and seed give the same groups, whatever the row order and the number of threads.

    Returns
    -------
    Clustering

    Raises
    ------
    InvalidInputError
        An unknown method, missing or infinite values, or more groups than different rows.
    """
    return fit_each(X, method, [n_clusters], seed)[n_clusters]


def fit_each(X: Floats, method: str, ks: Sequence[int], seed: int) -> dict[int, Clustering]:
    """Group rows into each of several numbers of groups; see `fit`.

    Parameters
    ----------
    X : ndarray of shape (n, d)
        Finite, standardised.
    method : {"kmeans", "hierarchical", "mixture"}
        As in `fit`.
    ks : sequence of int
        Numbers of groups.
    seed : int
        As in `fit`: each clustering equals that of `fit` alone.

    Returns
    -------
    dict of int to Clustering
        By the number of groups that was asked for.

    Raises
    ------
    InvalidInputError
        As in `fit`.
    """
    if method not in _METHODS:
        known = ", ".join(_METHODS)
        raise InvalidInputError("unknown_method", f"There is no method called “{method}”.", fix=f"Choose one of: {known}.")
    X = check_rows(X)
    order = canonical_order(X)
    rows = X[order]
    n_different = count_different(rows)
    for k in ks:
        _check_n_clusters(k, n_different)
    return {k: _finish(labels, rows, order, method, seed) for k, labels in group_rows(rows, method, ks, seed).items()}


def group_rows(rows: Floats, method: str, ks: Sequence[int], seed: int, effort: float = 1.0) -> dict[int, Labels]:
    """Group rows that are known to be good: the core of `fit_each`, for those who refit many samples.

    Parameters
    ----------
    rows : ndarray of shape (n, d)
        In canonical order, with at least max(ks) different rows.
    method : {"kmeans", "hierarchical", "mixture"}
        As in `fit`.
    ks : sequence of int
        Numbers of groups.
    seed : int
        As in `fit`.
    effort : float
        Share of the usual search for the best K-means.

    Returns
    -------
    dict of int to ndarray of shape (n,)
        Labels 0, 1, ... without gaps, in no particular numbering.
    """
    return {k: _close_gaps(labels) for k, labels in _METHODS[method](rows, ks, seed, effort).items()}


def _close_gaps(labels: Labels) -> Labels:
    """Renumber labels so that every number is used."""
    number: Labels = np.cumsum(np.bincount(labels) > 0) - 1
    return number[labels]


def check_rows(X: Floats) -> Floats:
    """Return X as float64 with one zero, or say why it cannot be clustered.

    Parameters
    ----------
    X : array of shape (n, d)
        What the caller wants grouped.

    Returns
    -------
    ndarray of shape (n, d)
        A contiguous copy in which -0.0 is 0.0.

    Raises
    ------
    InvalidInputError
        No rows, no features, or a value that is missing or infinite.
    """
    X = np.ascontiguousarray(X, dtype=np.float64) + 0.0
    if X.ndim != 2 or 0 in X.shape:
        raise InvalidInputError(
            "nothing_to_segment", "There is nothing to segment.", "No customer or no feature is left.", "Choose other features or filters."
        )
    bad = ~np.isfinite(X).all(axis=1)
    if bad.any():
        raise InvalidInputError(
            "not_finite",
            "Some customers have a missing or infinite value in a chosen feature.",
            f"{int(bad.sum()):,} of {len(X):,} customers are concerned.",
            "Leave them out, fill the gaps, or choose other features.",
        )
    return X


def canonical_order(X: Floats) -> Labels:
    """Return the order of rows by value, so that a fit cannot depend on the order in the file.

    Parameters
    ----------
    X : ndarray of shape (n, d)
        Finite.

    Returns
    -------
    ndarray of shape (n,)
        Positions, ascending by the first feature, then the next. Ties are identical rows.
    """
    return np.lexsort(X.T[::-1])


def count_different(rows: Floats) -> int:
    """Count the different rows of a matrix in canonical order.

    Parameters
    ----------
    rows : ndarray of shape (n, d)
        In canonical order, n at least 1.

    Returns
    -------
    int
        1 to n.
    """
    return 1 + int((rows[1:] != rows[:-1]).any(axis=1).sum())


def _check_n_clusters(k: int, n_different: int) -> None:
    """Refuse a number of groups that the rows cannot fill."""
    if k < 1:
        raise InvalidInputError("too_few_segments", f"{k} segments cannot be made.", fix="Ask for at least 2.")
    if k > n_different:
        raise InvalidInputError(
            "too_many_segments",
            f"{k} segments were asked for, but the chosen features tell only {n_different:,} customers or groups of equal customers apart.",
            fix=f"Ask for at most {n_different:,} segments, or add a feature.",
        )


def _finish(labels: Labels, rows: Floats, order: Labels, method: str, seed: int) -> Clustering:
    """Number the groups by centre and bring the labels back to the caller's order."""
    centers = means(rows, labels)
    rank = np.lexsort(-centers.T[::-1])
    labels = np.argsort(rank)[labels]
    centers = centers[rank]
    back = np.empty_like(labels)
    back[order] = labels
    inertia = float(((rows - centers[labels]) ** 2).sum())
    return Clustering(back, centers, inertia, method, {"n_clusters": len(centers), "seed": seed})


def means(rows: Floats, labels: Labels) -> Floats:
    """Return the mean row of each group.

    Parameters
    ----------
    rows : ndarray of shape (n, d)
        Finite.
    labels : ndarray of shape (n,)
        0 to k - 1, every one used.

    Returns
    -------
    ndarray of shape (k, d)
        Means, in the units of ``rows``.
    """
    sums = np.stack([np.bincount(labels, column) for column in rows.T], axis=1)
    return sums / np.bincount(labels)[:, None]


def nearest_center(rows: Floats, centers: Floats) -> Labels:
    """Return for each row the centre that is nearest.

    Parameters
    ----------
    rows : ndarray of shape (n, d)
        Finite.
    centers : ndarray of shape (k, d)
        In the same units.

    Returns
    -------
    ndarray of shape (n,)
        0 to k - 1; of equally near centres the first.
    """
    distances = np.stack([((rows - center) ** 2).sum(axis=1) for center in centers])
    nearest: Labels = np.argmin(distances, axis=0)
    return nearest


def _kmeans(rows: Floats, ks: Sequence[int], seed: int, effort: float) -> dict[int, Labels]:
    return {k: kmeans(rows, k, seed, effort) for k in ks}


def _hierarchical(rows: Floats, ks: Sequence[int], seed: int, _effort: float) -> dict[int, Labels]:
    """Cut one Ward tree at every k."""
    if count_different(rows) <= WARD_ROWS:
        micro = np.cumsum(np.r_[0, (rows[1:] != rows[:-1]).any(axis=1)])
    else:
        micro = kmeans(rows, WARD_MICRO_CLUSTERS, seed, effort=0.0, tolerance=0.01)
    return {k: cut[micro] for k, cut in ward(means(rows, micro), np.bincount(micro), ks).items()}


def _mixture(rows: Floats, ks: Sequence[int], seed: int, effort: float) -> dict[int, Labels]:
    """Fit Gaussian mixtures that start from our K-means, so that scikit-learn's is never used."""
    from sklearn.mixture import GaussianMixture
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    found: dict[int, Labels] = {}
    with threadpool_limits(1):  # the sums inside BLAS depend on the number of threads
        for k in ks:
            start = kmeans(rows, k, seed, effort)
            model = GaussianMixture(k, reg_covar=MIXTURE_REGULARISATION, max_iter=200, **_moments(rows, start))
            found[k] = model.fit(rows).predict(rows).astype(np.int64)
    return found


def _moments(rows: Floats, labels: Labels) -> dict[str, Floats]:
    """Return share, mean and inverse covariance of each group, under scikit-learn's names."""
    d = rows.shape[1]
    centers = means(rows, labels)
    precisions = [
        np.linalg.inv(np.cov(rows[labels == c].T, bias=True).reshape(d, d) + MIXTURE_REGULARISATION * np.eye(d))
        for c in range(len(centers))
    ]
    return {
        "weights_init": np.bincount(labels) / len(labels),
        "means_init": centers,
        "precisions_init": np.array(precisions),
    }


_METHODS: dict[str, Callable[[Floats, Sequence[int], int, float], dict[int, Labels]]] = {
    "kmeans": _kmeans,
    "hierarchical": _hierarchical,
    "mixture": _mixture,
}
