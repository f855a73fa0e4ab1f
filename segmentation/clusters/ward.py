"""Ward's hierarchical clustering of weighted points, in memory linear in their number."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Merge = tuple[float, int, int]


def ward(points: NDArray[np.float64], sizes: NDArray[np.int64], ks: Sequence[int]) -> dict[int, NDArray[np.int64]]:
    """Merge points by least rise of inertia (Ward 1963) and cut the tree where k groups are left.

    Parameters
    ----------
    points : ndarray of shape (m, d)
        Different points, each standing for ``sizes`` rows around it.
    sizes : ndarray of shape (m,)
        Rows behind each point, at least 1.
    ks : sequence of int
        Numbers of groups, 1 to m.

    Returns
    -------
    dict of int to ndarray of shape (m,)
        Group of each point, by k. With all sizes 1 these are the groups of scipy's and scikit-learn's Ward.
    """
    root = np.arange(len(points))
    merges = sorted(_merges(points, sizes), key=lambda merge: merge[0])
    cuts: dict[int, NDArray[np.int64]] = {}
    for left in range(len(points), 0, -1):
        if left in ks:
            cuts[left] = np.unique(root, return_inverse=True)[1]
        if left > 1:
            _, a, b = merges[len(points) - left]
            root[root == root[b]] = root[a]
    return {k: cuts[k] for k in ks}


def _merges(points: NDArray[np.float64], sizes: NDArray[np.int64]) -> list[Merge]:
    """Return (rise of inertia, point, point) of every merge, found by the nearest-neighbour chain (Murtagh 1983)."""
    centers = points.T.copy()
    weights = sizes.astype(np.float64)
    alive = np.ones(len(points), dtype=bool)
    merges: list[Merge] = []
    chain: list[int] = []
    while len(merges) < len(points) - 1:
        if not chain:
            chain.append(int(np.argmax(alive)))
        a = chain[-1]
        rise = weights * weights[a] / (weights + weights[a]) * ((centers - centers[:, a, None]) ** 2).sum(axis=0)
        rise[a] = np.inf
        b = int(np.argmin(rise))
        if len(chain) == 1 or rise[b] < rise[chain[-2]]:
            chain.append(b)
            continue
        b = chain[-2]  # the two are each other's nearest
        del chain[-2:]
        merges.append((float(rise[b]), a, b))
        centers[:, a] = (centers[:, a] * weights[a] + centers[:, b] * weights[b]) / (weights[a] + weights[b])
        weights[a] += weights[b]
        centers[:, b] = np.inf  # out of everyone's reach
        alive[b] = False
    return merges
