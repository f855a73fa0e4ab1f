"""A map of the customers: the two directions in which the features spread most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOST_POINTS = 2_000
"""More points hide one another."""

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Projection:
    """Customers on the first two principal components.

    Attributes
    ----------
    explained : tuple of float
        Share of the features' variance along each axis, 0 to 1.
    loadings : ndarray of shape (2, d)
        Weight of each feature in each axis; each row has length 1 and its largest weight, by size, is positive.
    centers : ndarray of shape (k, 2)
        Mean point of each segment, all its customers counted.
    points : ndarray of shape (m, 2)
        A sample of the customers, at most ``MOST_POINTS``.
    segment_ids : ndarray of shape (m,)
        Segment of each point, 1 to k.
    n : int
        Customers that the sample was drawn from.
    """

    explained: tuple[float, float]
    loadings: Floats
    centers: Floats
    points: Floats
    segment_ids: Labels
    n: int


def project(X: Floats, segment_ids: Labels, seed: int, most: int = MOST_POINTS) -> Projection | None:
    """Draw the map of a segmentation (Pearson 1901: principal components, of the covariance).

    Parameters
    ----------
    X : ndarray of shape (n, d)
        Finite, standardised: what was grouped.
    segment_ids : ndarray of shape (n,)
        1 to k, every one used.
    seed : int
        For the sample. The order of the rows is the caller's (by customer id) and decides with it who is drawn.
    most : int
        At most so many points, the segments in proportion, each with one at least.

    Returns
    -------
    Projection or None
        None with fewer than two features, or where the customers do not differ.
    """
    centred = X - X.mean(axis=0)
    spread = centred.T @ centred / len(X)
    total = float(np.trace(spread))
    if X.shape[1] < 2 or total <= 0:
        return None
    values, vectors = np.linalg.eigh(spread)
    axes = vectors[:, [-1, -2]].T
    axes *= _signs(axes)[:, None]
    places = centred @ axes.T
    k = int(segment_ids.max())
    centers = np.vstack([places[segment_ids == segment].mean(axis=0) for segment in range(1, k + 1)])
    drawn = _stratified(segment_ids, most, seed)
    explained = (float(values[-1] / total), float(max(values[-2], 0.0) / total))
    return Projection(explained, axes, centers, places[drawn], segment_ids[drawn], len(X))


def _signs(axes: Floats) -> Floats:
    """Return 1 or -1 for each axis, so that its largest weight becomes positive; of weights equal but for dust, the first."""
    sizes = np.round(np.abs(axes), 9)
    return np.sign(axes[np.arange(len(axes)), sizes.argmax(axis=1)])


def _stratified(segment_ids: Labels, most: int, seed: int) -> Labels:
    """Choose positions, ascending: of each segment its share."""
    if len(segment_ids) <= most:
        return np.arange(len(segment_ids))
    rng = np.random.default_rng(seed)
    chosen = []
    for segment in range(1, int(segment_ids.max()) + 1):
        members = np.flatnonzero(segment_ids == segment)
        size = max(1, members.size * most // len(segment_ids))
        chosen.append(rng.choice(members, size, replace=False))
    return np.sort(np.concatenate(chosen))
