"""Rows to be grouped: are they good, in which order, how many are different, and where groups of them have their centre."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from segmentation.errors import InvalidInputError

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]


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
