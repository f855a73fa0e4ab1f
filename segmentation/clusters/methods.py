"""The ways to group customers behind one function: K-means, hierarchical (Ward) and Gaussian mixture."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segmentation.clusters.kmeans import kmeans
from segmentation.clusters.progress import OnProgress, unheard
from segmentation.clusters.rows import canonical_order, check_rows, count_different, means
from segmentation.clusters.ward import ward
from segmentation.errors import InvalidInputError

# Above this many different rows Ward works on micro-clusters: its cost is quadratic.
WARD_ROWS = 5_000
WARD_MICRO_CLUSTERS = 500
# Added to variances of standardised features, so that equal customers do not make a group of no width.
MIXTURE_REGULARISATION = 1e-3
MIXTURE_STEPS = 200

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


def fit_each(X: Floats, method: str, ks: Sequence[int], seed: int, on_progress: OnProgress = unheard) -> dict[int, Clustering]:
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
    on_progress : callable, optional
        Hears of "choose_k", whose parts are the numbers of groups.

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
    found: dict[int, Clustering] = {}
    for some in [ks] if method == "hierarchical" else [[k] for k in ks]:  # one tree serves every k
        found |= {k: _finish(labels, rows, order, method, seed) for k, labels in group_rows(rows, method, some, seed).items()}
        on_progress("choose_k", len(found), len(ks))
    return found


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
    several = [k for k in ks if k > 1]
    found = _METHODS[method](rows, several, seed, effort) if several else {}
    return {k: _close_gaps(found[k]) if k > 1 else np.zeros(len(rows), np.int64) for k in ks}


def _close_gaps(labels: Labels) -> Labels:
    """Renumber labels so that every number is used."""
    number: Labels = np.cumsum(np.bincount(labels) > 0) - 1
    return number[labels]


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


def _kmeans(rows: Floats, ks: Sequence[int], seed: int, effort: float) -> dict[int, Labels]:
    return {k: kmeans(rows, k, seed, effort) for k in ks}


def _hierarchical(rows: Floats, ks: Sequence[int], seed: int, _effort: float) -> dict[int, Labels]:
    """Cut one Ward tree at every k."""
    if count_different(rows) <= WARD_ROWS:
        micro = np.cumsum(np.r_[0, (rows[1:] != rows[:-1]).any(axis=1)])
    else:
        micro = kmeans(rows, max(WARD_MICRO_CLUSTERS, 10 * max(ks)), seed, effort=0.0, tolerance=0.01)
    return {k: cut[micro] for k, cut in ward(means(rows, micro), np.bincount(micro), ks).items()}


def _mixture(rows: Floats, ks: Sequence[int], seed: int, effort: float) -> dict[int, Labels]:
    """Fit Gaussian mixtures that start from our K-means, so that scikit-learn's is never used."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture
    from threadpoolctl import threadpool_limits

    found: dict[int, Labels] = {}
    with threadpool_limits(1), warnings.catch_warnings():  # the sums inside BLAS depend on the number of threads
        warnings.simplefilter("ignore", ConvergenceWarning)  # after MIXTURE_STEPS the groups no longer change to speak of
        for k in ks:
            start = kmeans(rows, k, seed, effort)
            model = GaussianMixture(k, reg_covar=MIXTURE_REGULARISATION, max_iter=MIXTURE_STEPS, **mixture_start(rows, start))
            found[k] = model.fit(rows).predict(rows).astype(np.int64)
    return found


def mixture_start(rows: Floats, labels: Labels) -> dict[str, Floats]:
    """Return share, mean and inverse covariance of each group, under scikit-learn's names: where a mixture starts from."""
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
