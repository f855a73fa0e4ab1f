"""Segments by a rule that anyone can check: each feature cut in thirds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

LEVELS = ("low", "middle", "high")


def thirds_segments(values: np.ndarray, labels: Sequence[str]) -> np.ndarray:
    """Name each customer by the third of each feature, e.g. ``"High total spend, low age"``.

    Cut points are values (the 1/3 and 2/3 quantiles, a value belongs to the third that it does not exceed), so equal
    customers share a segment and the order of the rows has no say.

    Parameters
    ----------
    values : numpy.ndarray of float64, shape (n, d)
        One or two features without gaps.
    labels : sequence of str
        Their plain words.

    Returns
    -------
    numpy.ndarray of str, shape (n,)
    """
    parts = []
    for column, label in zip(values.T, labels, strict=True):
        cuts = np.quantile(column, (1 / 3, 2 / 3))
        level = (column[:, None] > cuts).sum(axis=1)
        parts.append(np.array([f"{name} {label}" for name in LEVELS])[level])
    names = parts[0] if len(parts) == 1 else np.array([", ".join(pieces) for pieces in zip(*parts, strict=True)])
    return np.array([name[0].upper() + name[1:] for name in names])
