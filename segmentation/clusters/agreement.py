"""How far two segmentations of the same customers agree."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def adjusted_rand(one: NDArray[np.int64], other: NDArray[np.int64]) -> float:
    """Return the adjusted Rand index of two segmentations (Hubert & Arabie 1985).

    Parameters
    ----------
    one, other : ndarray of shape (n,)
        Segment of each customer, 0 or more, in whatever numbering.

    Returns
    -------
    float
        1 when the same customers are together, about 0 when no more of them are than by chance; it may be a little below 0.
        1 also where there is nothing to tell apart: fewer than two customers, or one segment (or only single customers) in both.
    """
    width = int(other.max(initial=0)) + 1
    both = np.bincount(one * width + other, minlength=(int(one.max(initial=0)) + 1) * width).reshape(-1, width)
    together, in_one, in_other = _pairs(both), _pairs(both.sum(axis=1)), _pairs(both.sum(axis=0))
    expected = in_one * in_other / _pairs(np.array([one.size])) if one.size > 1 else 0.0
    most = (in_one + in_other) / 2
    return 1.0 if most == expected else float((together - expected) / (most - expected))


def _pairs(sizes: NDArray[np.int64]) -> float:
    """Return how many pairs there are within groups of these sizes."""
    return float((sizes * (sizes - 1) // 2).sum())
