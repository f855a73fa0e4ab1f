"""What is known of the columns that could become features: how each is spread, who lacks which, and which say the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

BARS = 14
_TAIL = 0.99
"""The last bar takes in everything above this quantile: one huge value would leave a single bar of all the others."""
SAME = 0.95
"""From this correlation on (either sign) two features say nearly the same: each explains nine tenths of the other."""
FEWEST = 20
"""Customers who must have both, for a correlation to be told."""


@dataclass(frozen=True)
class Distribution:
    """How one column is spread over the customers.

    Attributes
    ----------
    bars : tuple of int
        Customers: of a number in ``BARS`` steps of equal width from the smallest value to the 99 % quantile, of a category for each of
        the most frequent ones, ascending in neither.
    low, middle, high : float or None
        Smallest value, median, largest value of a number; None for a category, and where nobody has a value.
    n_distinct : int
        Different values.
    """

    bars: tuple[int, ...]
    low: float | None
    middle: float | None
    high: float | None
    n_distinct: int

    @property
    def is_constant(self) -> bool:
        """Whether all who have a value have the same one."""
        return self.n_distinct == 1


def describe_distribution(values: pd.Series) -> Distribution:
    """Count the customers along a column.

    Parameters
    ----------
    values : pandas.Series, shape (n,)
        Float64 with NaN where missing, or text with NA where blank.

    Returns
    -------
    Distribution
    """
    known = values.dropna()
    if not pd.api.types.is_numeric_dtype(known):
        counts = Counter(known.astype(str))
        return Distribution(tuple(count for _, count in counts.most_common(BARS)), None, None, None, len(counts))
    if known.empty:
        return Distribution((), None, None, None, 0)
    numbers = known.to_numpy(np.float64)
    low, middle, top, high = (float(value) for value in np.quantile(numbers, (0, 0.5, _TAIL, 1)))
    end = top if top > low else high
    steps = (np.minimum(numbers, end) - low) / ((end - low) or 1.0) * BARS
    bars = np.bincount(np.minimum(steps.astype(np.int64), BARS - 1), minlength=BARS)
    return Distribution(tuple(bars.tolist()), low, middle, high, int(known.nunique()))


@dataclass(frozen=True)
class Twins:
    """Two numbers that say nearly the same; ``correlation`` (Pearson, -1..1) over the customers who have both."""

    name: str
    other: str
    correlation: float


def find_twins(numbers: Mapping[str, np.ndarray]) -> tuple[Twins, ...]:
    """Find the pairs of numbers of which one could stand for the other.

    Parameters
    ----------
    numbers : mapping of str to numpy.ndarray of float64, shape (n,)
        NaN where missing.

    Returns
    -------
    tuple of Twins
        Correlations of ``SAME`` or more in either direction; in the order of the columns.
    """
    names = list(numbers)
    matrix = pd.DataFrame(numbers).corr(min_periods=FEWEST).to_numpy() if names else np.empty((0, 0))
    pairs = [(i, j) for j in range(len(names)) for i in range(j) if abs(matrix[i, j]) >= SAME]
    return tuple(Twins(names[i], names[j], float(matrix[i, j])) for i, j in pairs)


def count_gaps(frame: pd.DataFrame, names: Sequence[str]) -> dict[tuple[str, ...], int]:
    """Count the customers by which columns they lack, so that any choice of features can be told whom it would leave out.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, columns)
    names : sequence of str

    Returns
    -------
    dict of tuple of str to int
        The columns lacked together, in the order of ``names``: how many customers lack exactly these. Customers without a gap are not in.
    """
    lacking = frame[list(names)].isna()
    found = [name for name in names if lacking[name].any()]
    if not found:
        return {}
    patterns, counts = np.unique(lacking[found].to_numpy(), axis=0, return_counts=True)
    told = {
        tuple(name for name, is_lacking in zip(found, pattern, strict=True) if is_lacking): int(count)
        for pattern, count in zip(patterns, counts, strict=True)
    }
    return {lacked: count for lacked, count in told.items() if lacked}


def count_left_out(gaps: Mapping[tuple[str, ...], int], features: Sequence[str]) -> int:
    """Return how many customers lack at least one of the features.

    Parameters
    ----------
    gaps : mapping of tuple of str to int
        As ``count_gaps`` gives them.
    features : sequence of str

    Returns
    -------
    int
    """
    chosen = set(features)
    return sum(count for lacked, count in gaps.items() if chosen & set(lacked))
