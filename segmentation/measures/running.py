"""Columns that only count the rows: nothing to segment by, nothing to see."""

from __future__ import annotations

import numpy as np

_FEWEST = 20
_SAME_STEP = 1e-6
"""How much steps may differ, in their own size."""


def is_running_number(values: np.ndarray) -> bool:
    """Tell whether values only count the rows.

    Parameters
    ----------
    values : array of float, shape (n,)
        NaN where missing.

    Returns
    -------
    bool
        Whether there are more than 20, all different, with equal steps between them, in whatever unit.
    """
    filled = values[np.isfinite(values)]
    if filled.size <= _FEWEST:
        return False
    low, high = filled.min(), filled.max()
    if abs(filled.mean() - (low + high) / 2) > _SAME_STEP * (high - low):  # nearly all others are seen by this, without sorting
        return False
    steps = np.diff(np.sort(filled))
    return bool(steps.min() > 0 and np.ptp(steps) <= _SAME_STEP * steps.mean())
