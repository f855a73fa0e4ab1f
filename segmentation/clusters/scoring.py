"""Which segment does a new customer belong to? From centres alone, so that a stored model is a handful of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentation.clusters.rows import check_rows
from segmentation.errors import InvalidInputError


@dataclass(frozen=True)
class Assignment:
    """New rows and their nearest segments.

    Attributes
    ----------
    labels : ndarray of shape (n,)
        Nearest centre of each row; of equally near ones the first.
    distances : ndarray of shape (n,)
        Distance to it, on the scale of the features.
    next_labels : ndarray of shape (n,)
        Second-nearest centre; -1 when there is one centre only.
    next_distances : ndarray of shape (n,)
        Distance to it; infinite when there is one centre only.
    """

    labels: NDArray[np.int64]
    distances: NDArray[np.float64]
    next_labels: NDArray[np.int64]
    next_distances: NDArray[np.float64]


def assign(X: NDArray[np.float64], centers: Sequence[Sequence[float]] | NDArray[np.float64]) -> Assignment:
    """Assign rows to the nearest of some centres.

    Parameters
    ----------
    X : ndarray of shape (n, d)
        Finite, scaled with the parameters of the fit and not with their own.
    centers : (k, d) numbers
        As stored with a run (plain JSON lists will do).

    Returns
    -------
    Assignment
        For K-means, the customers of the fit get their own segment back. A hierarchical or mixture model is approximated by its centres.

    Raises
    ------
    InvalidInputError
        A missing or infinite value, or another number of features than the model has.
    """
    X = check_rows(X)
    points = np.asarray(centers, dtype=np.float64)
    if X.shape[1] != points.shape[1]:
        raise InvalidInputError(
            "other_features",
            "These customers do not have the features of the segmentation.",
            f"The segmentation uses {points.shape[1]} features, the customers have {X.shape[1]}.",
            "Use a file with the same columns.",
        )
    distances = np.sqrt(np.stack([((X - point) ** 2).sum(axis=1) for point in points], axis=1))
    each = np.arange(len(X))
    labels = np.argmin(distances, axis=1)
    own = distances[each, labels]
    distances[each, labels] = np.inf
    following = np.argmin(distances, axis=1)
    if len(points) == 1:
        following = np.full(len(X), -1)
    return Assignment(labels, own, following, distances.min(axis=1))
