"""What is in a segment: its size, its shares, every column against all customers, and what sets it apart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from segmentation.portraits.remarks import remark
from segmentation.portraits.traits import (
    CategoryTrait,
    NumberTrait,
    ProfileColumn,
    Trait,
    category_traits,
    number_traits,
    numbers_of,
    without_repeats,
)
from segmentation.portraits.wording import difference_sentence

__all__ = ["NEGLIGIBLE_EFFECT", "CategoryTrait", "NumberTrait", "ProfileColumn", "SegmentProfile", "Trait", "profile_segments"]

NEGLIGIBLE_EFFECT = 0.147
"""Cliff's delta below this is negligible (Romano et al. 2006; small up to 0.33, medium up to 0.474)."""
_VISIBLE_INDEX = 5
"""A mean closer to the average than this many percent is no difference worth a sentence."""
N_DIFFERENCES = 3


@dataclass(frozen=True)
class SegmentProfile:
    """One segment against all segmented customers.

    Attributes
    ----------
    segment_id : int
    size : int
        Customers in it.
    share_customers : float
        Of the customers that were segmented, 0..1.
    share_revenue : float or None
        Of their revenue; None without revenue, or where it does not add up to more than nothing.
    traits : tuple of NumberTrait or CategoryTrait
        In the order of the columns.
    differences : tuple of str
        At most three sentences, the largest effects first, those of the features before others.
    remarks : tuple of str
        Who they are, where they buy and how they answer campaigns, as far as the data say (see ``remarks.remark``).
    """

    segment_id: int
    size: int
    share_customers: float
    share_revenue: float | None
    traits: tuple[Trait, ...]
    differences: tuple[str, ...]
    remarks: tuple[str, ...] = ()

    def number(self, role: str) -> NumberTrait | None:
        """Return the first numeric trait with a role, None where the data have none."""
        return next((trait for trait in self.traits if isinstance(trait, NumberTrait) and trait.column.role == role), None)


def profile_segments(
    frame: pd.DataFrame, segment_ids: np.ndarray, columns: Sequence[ProfileColumn], features: Sequence[str], revenue: str | None
) -> tuple[SegmentProfile, ...]:
    """Profile every segment that has customers, in the order of the ids.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, columns)
        One row a customer. Missing and infinite numbers and missing categories count in no statistic of their column.
    segment_ids : numpy.ndarray of int, shape (n,)
        1..k; 0 for customers that are not segmented, which count nowhere.
    columns : sequence of ProfileColumn
    features : sequence of str
        Names of the columns that the segmentation was computed on.
    revenue : str or None
        Name of the column that holds each customer's revenue.

    Returns
    -------
    tuple of SegmentProfile
    """
    is_in = np.asarray(segment_ids) > 0
    ids, groups = np.unique(np.asarray(segment_ids)[is_in], return_inverse=True)
    inside = frame.loc[is_in]
    traits = [_traits(inside, column, column.name in features, groups, ids.size) for column in columns]
    sizes = np.bincount(groups, minlength=ids.size)
    money = _revenue_shares(inside, revenue, groups, ids.size)
    profiles = []
    for group, segment_id in enumerate(ids):
        own = tuple(of_column[group] for of_column in traits if of_column)
        size = int(sizes[group])
        differences = _differences(own, size) if ids.size > 1 else ("All customers are in this segment",)
        remarks = remark(own) if ids.size > 1 else ()
        profiles.append(SegmentProfile(int(segment_id), size, size / groups.size, money[group], own, differences, remarks))
    return tuple(profiles)


def _traits(frame: pd.DataFrame, column: ProfileColumn, is_feature: bool, groups: np.ndarray, n_groups: int) -> Sequence[Trait]:
    if column.kind == "number":
        return number_traits(column, is_feature, numbers_of(frame, column.name), groups, n_groups)
    return category_traits(column, is_feature, frame[column.name], groups, n_groups)


def _revenue_shares(frame: pd.DataFrame, revenue: str | None, groups: np.ndarray, n_groups: int) -> list[float | None]:
    if revenue is None:
        return [None] * n_groups
    money = np.nan_to_num(numbers_of(frame, revenue))
    sums = [math.fsum(money[groups == group]) for group in range(n_groups)]
    total = math.fsum(money)
    return [each / total if total > 0 else None for each in sums]


def _differences(traits: Sequence[Trait], size: int) -> tuple[str, ...]:
    shown = without_repeats([trait.column for trait in traits])
    telling = [trait for trait in traits if trait.column in shown and _is_telling(trait)]
    largest = sorted(telling, key=lambda trait: (not trait.is_feature, -abs(trait.effect)))[:N_DIFFERENCES]
    return tuple(difference_sentence(trait, size) for trait in largest) or ("Close to the average in every column",)


def _is_telling(trait: Trait) -> bool:
    """More than negligible, also by the mean, which the sentence shows, and with it on the same side of the average."""
    if abs(trait.effect) < NEGLIGIBLE_EFFECT:
        return False
    if isinstance(trait, CategoryTrait):
        return True
    is_visible = abs(trait.index - 100) >= _VISIBLE_INDEX if trait.index is not None else abs(trait.standardised) >= NEGLIGIBLE_EFFECT
    return is_visible and (trait.mean - trait.overall_mean) * trait.effect > 0
