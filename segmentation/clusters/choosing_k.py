"""How many groups: several criteria vote, among the numbers of groups that a marketer can use."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from segmentation.clusters.methods import Clustering, fit_each
from segmentation.clusters.prediction import prediction_strengths
from segmentation.clusters.progress import OnProgress, unheard
from segmentation.clusters.rows import canonical_order, check_rows, count_different, means
from segmentation.clusters.separation import find_clumps
from segmentation.clusters.silhouettes import Silhouettes, silhouettes
from segmentation.clusters.voting import MIN_CUSTOMERS, KScore, decide, knee, smallest_allowed
from segmentation.errors import InvalidInputError

__all__ = ["KChoice", "KScore", "choose_k", "score_clustering"]


@dataclass(frozen=True)
class KChoice:
    """The number of groups that was chosen, and why.

    Attributes
    ----------
    n_clusters : int
        The choice.
    reason : str
        One plain sentence, true of the numbers in ``scores``.
    scores : tuple of KScore
        One for each k tried, ascending.
    clusterings : mapping of int to Clustering
        The groups at each k tried; equal to those of ``fit`` at that k.
    knee : int or None
        Where the curve of inertia bends most, for the picture only; None with fewer than three k.
    """

    n_clusters: int
    reason: str
    scores: tuple[KScore, ...]
    clusterings: Mapping[int, Clustering]
    knee: int | None

    @property
    def labels(self) -> NDArray[np.int64]:
        """Group of each row at the chosen k, shape (n,)."""
        return self.clusterings[self.n_clusters].labels


def choose_k(
    X: NDArray[np.float64], seed: int, method: str = "kmeans", k_min: int = 2, k_max: int = 8, on_progress: OnProgress = unheard
) -> KChoice:
    """Choose the number of groups.

    Parameters
    ----------
    X : ndarray of shape (n, d)
        Finite, standardised.
    seed : int
        The same data and seed give the same choice, whatever the row order.
    method : {"kmeans", "hierarchical", "mixture"}
        As in `fit`.
    k_min, k_max : int
        Numbers of groups to try; fewer where the rows do not tell so many apart, or where that would leave fewer than MIN_CUSTOMERS to a
        group on average.
    on_progress : callable, optional
        Hears of "choose_k", whose parts are the numbers of groups, and of "halves", whose parts are pairs of halves of the customers.

    Returns
    -------
    KChoice

    Raises
    ------
    InvalidInputError
        Rows that cannot be clustered, are all alike, or tell fewer than ``k_min`` customers apart.

    Notes
    -----
    Silhouette, Calinski-Harabasz, Davies-Bouldin and prediction strength vote (see `decide`). The knee of inertia has no vote
    (Schubert, "Stop using the elbow criterion for k-means", 2022).
    """
    X = check_rows(X)
    order = canonical_order(X)
    rows = X[order]
    n_different = count_different(rows)
    _check_different(n_different, len(rows), k_min)
    k_max = min(k_max, n_different)
    ks = range(k_min, max(k_min, min(k_max, len(rows) // MIN_CUSTOMERS)) + 1)
    # A mixture may leave groups empty: what counts is how many there are, and the smaller request for them.
    on_progress("choose_k", 0, len(ks))
    found = reversed(fit_each(rows, method, ks, seed, on_progress).values())
    clusterings = {one.n_clusters: one for one in found if one.n_clusters > 1}
    if not clusterings:
        raise InvalidInputError("one_group", "This method finds only one group in the chosen features.", fix="Choose another method.")
    labels = {k: clusterings[k].labels for k in sorted(clusterings)}
    strengths = prediction_strengths(rows, list(labels), method, seed, on_progress)
    scores = _score_each(rows, labels, strengths, seed)
    chosen, reason = decide(scores, len(rows))
    if ks[-1] < k_max:
        reason += f" More than {ks[-1]} would leave fewer than {MIN_CUSTOMERS} customers to a segment on average."
    back = np.argsort(order)
    in_place = {k: replace(one, labels=one.labels[back]) for k, one in sorted(clusterings.items())}
    return KChoice(chosen, reason, scores, in_place, knee(scores))


def _check_different(n_different: int, n: int, k_min: int) -> None:
    """Refuse rows that no method could tell apart."""
    if n == 1:
        raise InvalidInputError("one_customer", "There is only one customer, so there is nothing to segment.", fix="Use a longer list.")
    if n_different == 1:
        raise InvalidInputError(
            "all_alike", "All customers are alike in the chosen features, so there is nothing to segment.", fix="Choose other features."
        )
    if n_different < k_min:
        raise InvalidInputError(
            "too_few_different",
            f"The chosen features tell only {n_different} customers apart.",
            fix="Add a feature, or ask for fewer segments.",
        )


def score_clustering(X: NDArray[np.float64], labels: NDArray[np.int64], seed: int = 0, widths: Silhouettes | None = None) -> KScore:
    """Measure one clustering, however it came about.

    Parameters
    ----------
    X : ndarray of shape (n, d)
        Finite.
    labels : ndarray of shape (n,)
        0 to k - 1, every one used.
    seed : int
        For the sample of the silhouette above `EXACT_ROWS`.
    widths : Silhouettes, optional
        Its silhouettes under the key 0, where they are known.

    Returns
    -------
    KScore
        Without prediction strength (nan): that is a matter of the method, not of the labels. With one group only inertia and sizes.
    """
    widths = widths or silhouettes(X, {0: labels}, seed)
    order = canonical_order(X)
    rows, labels = X[order], labels[order]
    return _score(rows, labels, (widths.mean[0], widths.error[0]), math.nan, seed)


def _score_each(
    rows: NDArray[np.float64], labels: Mapping[int, NDArray[np.int64]], strengths: Mapping[int, float], seed: int
) -> tuple[KScore, ...]:
    """Measure every k, ascending."""
    widths = silhouettes(rows, labels, seed)
    return tuple(_score(rows, labels[k], (widths.mean[k], widths.error[k]), strengths[k], seed) for k in labels)


def _score(rows: NDArray[np.float64], labels: NDArray[np.int64], silhouette: tuple[float, float], strength: float, seed: int) -> KScore:
    sizes = np.bincount(labels)
    centers = means(rows, labels)
    k = len(sizes)
    distances = np.sqrt(((rows - centers[labels]) ** 2).sum(axis=1))
    inertia = float((distances**2).sum())
    return KScore(
        k=k,
        inertia=inertia,
        silhouette=silhouette[0],
        silhouette_error=silhouette[1],
        calinski_harabasz=_calinski_harabasz(rows, inertia, k),
        davies_bouldin=_davies_bouldin(np.bincount(labels, distances) / sizes, centers),
        prediction_strength=strength,
        smallest=int(sizes.min()),
        usable=int((sizes >= smallest_allowed(len(rows))).sum()),
        n_clumps=int(find_clumps(rows, labels, seed).max()) + 1,
    )


def _calinski_harabasz(rows: NDArray[np.float64], inertia: float, k: int) -> float:
    """Return the spread between over the spread within, each by its degrees of freedom; infinite where groups have no spread."""
    n = len(rows)
    if k == 1:
        return math.nan
    total = float(((rows - rows.mean(axis=0)) ** 2).sum())
    if n == k or inertia <= 1e-12 * total:
        return math.inf
    return (total - inertia) / (k - 1) / (inertia / (n - k))


def _davies_bouldin(spread: NDArray[np.float64], centers: NDArray[np.float64]) -> float:
    """Return the mean over the groups of the worst (spread + spread) / distance of centres."""
    if len(centers) == 1:
        return math.nan
    apart = np.sqrt(((centers[:, None] - centers) ** 2).sum(axis=2))
    np.fill_diagonal(apart, np.inf)
    return float(((spread[:, None] + spread) / apart).max(axis=1).mean())
