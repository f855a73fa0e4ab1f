"""What it costs to choose another number of groups than the criteria would."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from segmentation.clusters.choosing_k import KChoice
from segmentation.clusters.rows import canonical_order
from segmentation.clusters.trust import STABLE, stability
from segmentation.clusters.voting import KScore, smallest_allowed


def say_choice_by_hand(
    X: NDArray[np.float64], chosen: KScore, stabilities: Sequence[float | None], choice: KChoice, method: str, seed: int
) -> str:
    """Say why there are as many groups as somebody chose, and what that costs.

    Parameters
    ----------
    X : ndarray of shape (n, d)
        What was grouped.
    chosen : KScore
        Of the groups chosen by hand.
    stabilities : sequence of float or None
        Of these groups, as `judge` found them.
    choice : KChoice
        What the criteria would choose.
    method : {"kmeans", "hierarchical", "mixture"}
    seed : int

    Returns
    -------
    str
        One sentence, e.g. "4 segments, chosen by hand instead of 2: groups less clear (silhouette 0.34 instead of 0.43); 2 of the 4 may not
        come back in other samples of the customers (of the 2: none)."
    """
    if chosen.k == choice.n_clusters:
        return f"{chosen.k} segments, as chosen by hand. The criteria say the same: {choice.reason.partition(': ')[2]}"
    other = next(score for score in choice.scores if score.k == choice.n_clusters)
    order = canonical_order(X)
    found = stability(X[order], choice.labels[order], method, seed)
    costs = [_silhouettes(chosen, other), _unstable(chosen.k, stabilities, other.k, [float(value) for value in found])]
    if chosen.usable < chosen.k:
        costs.append(f"the smallest segment holds only {chosen.smallest:,}, fewer than the {smallest_allowed(len(X)):,} worth a campaign")
    return f"{chosen.k} segments, chosen by hand instead of {other.k}: {'; '.join(costs)}."


def _silhouettes(chosen: KScore, other: KScore) -> str:
    if f"{chosen.silhouette:.2f}" == f"{other.silhouette:.2f}":
        return f"groups as clear (silhouette {chosen.silhouette:.2f})"
    word = "less clear" if chosen.silhouette < other.silhouette else "clearer"
    return f"groups {word} (silhouette {chosen.silhouette:.2f} instead of {other.silhouette:.2f})"


def _unstable(k: int, stabilities: Sequence[float | None], other_k: int, others: Sequence[float]) -> str:
    """Say how many groups do not come back in samples, of the choice and of the other."""
    lost, lost_of_other = (sum(value is not None and value < STABLE for value in values) for values in (stabilities, others))
    if not lost and not lost_of_other:
        return "all come back in other samples of the customers"
    of_other = "none" if not lost_of_other else f"{lost_of_other}"
    return f"{lost or 'none'} of the {k} may not come back in other samples of the customers (of the {other_k}: {of_other})"
