"""One column of one segment against all customers: averages, ranks and effect sizes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

Kind = Literal["number", "category"]
_MAX_NEGATIVE_SHARE = 0.1
"""An index against the average means nothing where negative values weigh more than this share of the positive ones."""

_LARGEST = 1e100
"""Nothing about a customer is larger, and squares and sums of smaller numbers cannot overflow."""


@dataclass(frozen=True)
class ProfileColumn:
    """A column that portraits may speak of.

    Attributes
    ----------
    name : str
        Its name in the frame: a canonical measure or the person's header.
    label : str
        Plain words shown to a marketer, e.g. "days since the last purchase".
    kind : {"number", "category"}
    role : str or None
        Canonical role or measure ("recency_days", "age", "web_visits" ...); None: of unknown meaning.
    unit : str or None
        "days", "orders", "money", "years" ...
    currency : str or None
        ISO 4217 code of a column of money, where it is known.
    """

    name: str
    label: str
    kind: Kind
    role: str | None = None
    unit: str | None = None
    currency: str | None = None


@dataclass(frozen=True)
class NumberTrait:
    """A numeric column in one segment.

    Attributes
    ----------
    column : ProfileColumn
    is_feature : bool
        Whether the segmentation was computed on it.
    n : int
        Customers of the segment that have a value; the statistics are theirs.
    mean, median : float
        NaN where n is 0.
    overall_mean, overall_median : float
        Of all segmented customers that have a value.
    index : float or None
        100 * mean / overall mean; None where the average is not positive or negative values weigh too much.
    effect : float
        Cliff's delta (1993) against the other segments, -1..1: the chance that a customer in here has more than one out there, minus the
        chance of less. It ranks, so a few very large values do not rule it. 0 where there is nobody to compare with.
    standardised : float
        (mean - overall mean) / overall standard deviation; 0 for a constant column.
    median_rank : float
        Median of the members' positions among all customers, 0..1 (the share below plus half of the ties).
    is_flag : bool
        True where the only values are 0 and 1; the mean is then a share.
    times_least : float
        Median over the smallest value above 0 that any customer has: of orders, how many the middle customer placed where somebody placed
        one. NaN where nobody has more than 0.
    """

    column: ProfileColumn
    is_feature: bool
    n: int
    mean: float
    median: float
    overall_mean: float
    overall_median: float
    index: float | None
    effect: float
    standardised: float
    median_rank: float
    is_flag: bool = False
    times_least: float = np.nan


@dataclass(frozen=True)
class CategoryTrait:
    """A categorical column in one segment, told by the category that stands out most.

    Attributes
    ----------
    column : ProfileColumn
    is_feature : bool
    n : int
        Customers of the segment that have a value.
    category : str
        The category whose share exceeds that of the other segments most.
    share, overall_share : float
        Its share of the segment's and of all customers with a value, 0..1.
    index : float
        100 * share / overall share.
    effect : float
        Its share in the segment minus its share in the others, -1..1 (Cliff's delta of belonging to it).
    shares : mapping of str to (float, float)
        Every category: share of the segment, share of all.
    """

    column: ProfileColumn
    is_feature: bool
    n: int
    category: str
    share: float
    overall_share: float
    index: float
    effect: float
    shares: dict[str, tuple[float, float]]


Trait = NumberTrait | CategoryTrait


def without_repeats(columns: Sequence[ProfileColumn]) -> list[ProfileColumn]:
    """Leave out the year of birth where the age says the same."""
    has_age = any(column.role == "age" for column in columns)
    return [column for column in columns if not (has_age and column.role == "birth_year")]


def numbers_of(frame: pd.DataFrame, name: str) -> np.ndarray:
    """Return a column as numbers.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, columns)
    name : str

    Returns
    -------
    numpy.ndarray of float64, shape (n,)
        NaN for what is missing, infinite or too large to be a quantity.
    """
    values = frame[name].to_numpy(np.float64, na_value=np.nan)
    return np.where(np.abs(values) < _LARGEST, values, np.nan)


def number_traits(column: ProfileColumn, is_feature: bool, values: np.ndarray, groups: np.ndarray, n_groups: int) -> list[NumberTrait]:
    """Measure a numeric column in every segment.

    Values are summed in ascending order, so the order of the rows has no say.

    Parameters
    ----------
    column : ProfileColumn
    is_feature : bool
    values : numpy.ndarray of float64, shape (n,)
        NaN where missing.
    groups : numpy.ndarray of int64, shape (n,)
        Segment of each customer, 0..n_groups-1.
    n_groups : int

    Returns
    -------
    list of NumberTrait, length n_groups
    """
    known = ~np.isnan(values)
    order = np.argsort(values[known], kind="stable")
    x, g = values[known][order], groups[known][order]
    everyone = _Everyone.of(x)
    ranks = _midranks(x)
    counts = np.bincount(g, minlength=n_groups)
    means = _divide(np.bincount(g, weights=x, minlength=n_groups), counts)
    effects = _cliffs_deltas(np.bincount(g, weights=ranks, minlength=n_groups), counts)
    by_group = np.argsort(g, kind="stable")  # within a group still ascending
    medians = _group_medians(x[by_group], counts)
    median_ranks = _group_medians(ranks[by_group], counts) / max(x.size, 1)
    return [
        NumberTrait(
            column=column,
            is_feature=is_feature,
            n=int(counts[group]),
            mean=float(means[group]),
            median=float(medians[group]),
            overall_mean=everyone.mean,
            overall_median=everyone.median,
            index=everyone.index(float(means[group])),
            effect=float(effects[group]),
            standardised=everyone.standardised(float(means[group])),
            median_rank=float(median_ranks[group]),
            is_flag=everyone.is_flag,
            times_least=round(float(medians[group]) / everyone.least, 6),
        )
        for group in range(n_groups)
    ]


@dataclass(frozen=True)
class _Everyone:
    """What segments are held against: a column over all customers with a value."""

    mean: float
    median: float
    deviation: float
    has_index: bool
    is_flag: bool
    least: float = np.nan

    @classmethod
    def of(cls, x: np.ndarray) -> _Everyone:
        if x.size == 0:
            return cls(np.nan, np.nan, 0.0, has_index=False, is_flag=False)
        mean, deviation = float(x.mean()), float(x.std())
        is_constant = deviation <= 1e-12 * abs(mean)
        has_index = mean > 0 and bool(-x[x < 0].sum() <= _MAX_NEGATIVE_SHARE * x[x > 0].sum())
        is_flag = not is_constant and bool(np.isin(x, (0, 1)).all())
        least = float(x[x > 0][0]) if x[-1] > 0 else np.nan
        return cls(mean, float(np.median(x)), 0.0 if is_constant else deviation, has_index, is_flag, least)

    def index(self, mean: float) -> float | None:
        """Return 100 * mean / overall mean, rounded so that the noise of another unit cannot push it over a threshold."""
        return None if not self.has_index or np.isnan(mean) else round(100 * mean / self.mean, 6)

    def standardised(self, mean: float) -> float:
        return 0.0 if self.deviation == 0 or np.isnan(mean) else (mean - self.mean) / self.deviation


def category_traits(column: ProfileColumn, is_feature: bool, values: pd.Series, groups: np.ndarray, n_groups: int) -> list[CategoryTrait]:
    """Measure a categorical column in every segment.

    Parameters
    ----------
    column : ProfileColumn
    is_feature : bool
    values : pandas.Series of shape (n,)
        Missing values count nowhere.
    groups : numpy.ndarray of int64, shape (n,)
        Segment of each customer, 0..n_groups-1.
    n_groups : int

    Returns
    -------
    list of CategoryTrait, length n_groups
        Empty where no customer has a value.
    """
    codes, categories = pd.factorize(values.astype("str").where(values.notna()), sort=True)
    known = codes >= 0
    if not known.any():
        return []
    width = len(categories)
    table = np.bincount(groups[known] * width + codes[known], minlength=n_groups * width).reshape(n_groups, width)
    totals, sizes = table.sum(axis=0), table.sum(axis=1)
    overall = totals / totals.sum()
    shares = _divide(table, sizes[:, None], 0.0)
    others = _divide(totals - table, (totals.sum() - sizes)[:, None], 0.0)
    has_both = (sizes > 0) & (sizes < totals.sum())
    effects = np.where(has_both[:, None], shares - others, 0.0)
    best = np.argmax(effects, axis=1)
    return [
        CategoryTrait(
            column=column,
            is_feature=is_feature,
            n=int(sizes[group]),
            category=str(categories[best[group]]),
            share=float(shares[group, best[group]]),
            overall_share=float(overall[best[group]]),
            index=float(100 * shares[group, best[group]] / overall[best[group]]),
            effect=float(effects[group, best[group]]),
            shares={str(name): (float(shares[group, at]), float(overall[at])) for at, name in enumerate(categories)},
        )
        for group in range(n_groups)
    ]


def _divide(numerators: np.ndarray, denominators: np.ndarray, otherwise: float = np.nan) -> np.ndarray:
    """Divide, with a given result where the denominator is 0."""
    result = np.full(np.broadcast_shapes(numerators.shape, denominators.shape), otherwise)
    return np.divide(numerators, denominators, out=result, where=denominators != 0)


def _midranks(ascending: np.ndarray) -> np.ndarray:
    """Return the number of values below each, plus half of those equal to it (itself included)."""
    starts = np.flatnonzero(np.r_[True, ascending[1:] != ascending[:-1]][: ascending.size])
    ties = np.diff(np.r_[starts, ascending.size])
    return np.repeat(starts + ties / 2, ties)


def _cliffs_deltas(rank_sums: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return Cliff's delta of each group against the rest, by way of the Mann-Whitney U of its midranks."""
    rest = counts.sum() - counts
    u = rank_sums - counts * counts / 2
    return 2 * _divide(u, counts * rest, 0.5) - 1


def _group_medians(grouped: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return the median of each run of ascending values; NaN for an empty run."""
    starts = np.cumsum(counts) - counts
    result = np.full(counts.size, np.nan)
    filled = counts > 0
    low = starts[filled] + (counts[filled] - 1) // 2
    high = starts[filled] + counts[filled] // 2
    result[filled] = (grouped[low] + grouped[high]) / 2
    return result
