"""Segments side by side: every column against the average of all customers, and the spread of the main measures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from segmentation.intake.columns import MEASURE_BY_NAME
from segmentation.portraits.profiles import SegmentProfile
from segmentation.portraits.traits import CategoryTrait, NumberTrait, numbers_of, without_repeats

Group = Literal["Spend", "Habits", "Who they are", "Other"]

_WHO = ("age", "income", "birth_year")
_SPEND = ("monetary_total", "frequency_orders", "order_value_mean")
GROUPS: dict[Group, tuple[str, ...]] = {
    "Spend": _SPEND,
    "Habits": tuple(name for name in MEASURE_BY_NAME if name not in (*_SPEND, *_WHO)),
    "Who they are": _WHO,
    "Other": (),
}
"""Which measures stand together, in the order of a table; columns of no known meaning are "Other"."""
MOST_OTHER = 20
"""Of the columns of no known meaning, those that tell the segments apart most."""
MOST_CATEGORIES = 5
FEW_VALUES = 20
"""Below this many customers a box says less than the values themselves."""
MOST_BOXES = 8
_WHISKER = 1.5
"""Tukey (1977): whiskers reach to the last value within 1.5 times the width of the box."""


@dataclass(frozen=True)
class Figure:
    """A number column in one segment: customers with a value, their mean, and 100 * mean / average (None where that says nothing)."""

    n: int
    mean: float
    index: float | None


@dataclass(frozen=True)
class NumberRow:
    """A number column against the average of all segmented customers; ``segments`` in the order of the ids."""

    name: str
    label: str
    group: Group
    role: str | None
    unit: str | None
    is_flag: bool
    overall: float
    segments: tuple[Figure, ...]


@dataclass(frozen=True)
class CategoryShare:
    """One category of a column: its share of all customers, and of each segment with 100 * share / share of all."""

    category: str
    overall: float
    shares: tuple[float, ...]
    indexes: tuple[float, ...]


@dataclass(frozen=True)
class CategoryRow:
    """A category column: its most frequent categories, and in how many customers of each segment it is known."""

    name: str
    label: str
    n: tuple[int, ...]
    n_categories: int
    top: tuple[CategoryShare, ...]


@dataclass(frozen=True)
class Comparison:
    """The index table: number columns by group, category columns, and how many other columns were left out."""

    numbers: tuple[NumberRow, ...]
    categories: tuple[CategoryRow, ...]
    n_left_out: int


@dataclass(frozen=True)
class Box:
    """The spread of a column in one segment; the five numbers are NaN where nobody has a value.

    ``points`` holds the values themselves, ascending, where there are fewer than ``FEW_VALUES``.
    """

    n: int
    low: float
    lower_quartile: float
    median: float
    upper_quartile: float
    high: float
    points: tuple[float, ...] = ()


@dataclass(frozen=True)
class BoxRow:
    """A number column as one box a segment."""

    name: str
    label: str
    role: str | None
    unit: str | None
    boxes: tuple[Box, ...]


def compare_segments(profiles: Sequence[SegmentProfile]) -> Comparison:
    """Put the profiles of all segments side by side.

    Parameters
    ----------
    profiles : sequence of SegmentProfile
        Of one segmentation, in the order of the ids.

    Returns
    -------
    Comparison
        Columns without any difference, and the year of birth beside an age, are left out.
    """
    side_by_side = _side_by_side(profiles)
    numbers = [_number_row(traits) for traits in side_by_side if isinstance(traits[0], NumberTrait) and _varies(traits)]
    effects = {traits[0].column.name: max(abs(trait.effect) for trait in traits) for traits in side_by_side}
    known = [row for row in numbers if row.group != "Other"]
    other = [row for row in numbers if row.group == "Other"]
    telling = sorted(other, key=lambda row: -effects[row.name])[:MOST_OTHER]
    shown = sorted((*known, *(row for row in other if row in telling)), key=_place)
    categories = tuple(
        _category_row(traits) for traits in side_by_side if isinstance(traits[0], CategoryTrait) and len(traits[0].shares) > 1
    )
    return Comparison(tuple(shown), categories, len(other) - len(telling))


def box_plots(frame: pd.DataFrame, segment_ids: np.ndarray, rows: Sequence[NumberRow], features: Sequence[str]) -> tuple[BoxRow, ...]:
    """Sum up the spread of the main columns in every segment: the features first, then the other known measures.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, columns)
        One row a customer; missing values count nowhere.
    segment_ids : numpy.ndarray of int, shape (n,)
        1..k; 0 for customers that are not segmented, which count nowhere.
    rows : sequence of NumberRow
        The columns to choose from, see `compare_segments`.
    features : sequence of str
        Names of the columns that the segmentation was computed on.

    Returns
    -------
    tuple of BoxRow
        At most ``MOST_BOXES``, without columns that are only 0 or 1.
    """
    scales = [row for row in rows if not row.is_flag]
    chosen = [row for row in scales if row.name in features] + [row for row in scales if row.name not in features and row.group != "Other"]
    k = int(segment_ids.max(initial=0))
    drawn = []
    for row in chosen[:MOST_BOXES]:
        values = numbers_of(frame, row.name)
        boxes = tuple(box_of(values[segment_ids == segment]) for segment in range(1, k + 1))
        drawn.append(BoxRow(row.name, row.label, row.role, row.unit, boxes))
    return tuple(drawn)


def box_of(values: np.ndarray) -> Box:
    """Return quartiles (linear interpolation) and whiskers of values.

    Parameters
    ----------
    values : numpy.ndarray of float64
        NaN where missing.

    Returns
    -------
    Box
        Of nobody where all are missing.
    """
    known = np.sort(values[~np.isnan(values)])
    if known.size == 0:
        return Box(0, np.nan, np.nan, np.nan, np.nan, np.nan)
    lower, median, upper = (float(each) for each in np.quantile(known, (0.25, 0.5, 0.75)))
    reach = _WHISKER * (upper - lower)
    within = known[(known >= lower - reach) & (known <= upper + reach)]
    points = tuple(known.tolist()) if known.size < FEW_VALUES else ()
    return Box(int(known.size), min(float(within[0]), lower), lower, median, upper, max(float(within[-1]), upper), points)


def _side_by_side(profiles: Sequence[SegmentProfile]) -> list[tuple[NumberTrait | CategoryTrait, ...]]:
    columns = zip(*(profile.traits for profile in profiles), strict=True)
    known = [traits for traits in columns if any(trait.n for trait in traits)]
    kept = without_repeats([traits[0].column for traits in known])
    return [traits for traits in known if traits[0].column in kept]


def _varies(traits: Sequence[NumberTrait | CategoryTrait]) -> bool:
    return any(isinstance(trait, NumberTrait) and trait.standardised != 0 for trait in traits) or any(trait.effect != 0 for trait in traits)


def _number_row(traits: Sequence[NumberTrait | CategoryTrait]) -> NumberRow:
    numbers = [trait for trait in traits if isinstance(trait, NumberTrait)]
    column = numbers[0].column
    group: Group = next((group for group, roles in GROUPS.items() if column.role in roles), "Other")
    measure = MEASURE_BY_NAME.get(column.role or "")
    figures = tuple(Figure(trait.n, trait.mean, trait.index) for trait in numbers)
    unit = measure.unit if measure else column.unit
    return NumberRow(column.name, column.label, group, column.role, unit, numbers[0].is_flag, numbers[0].overall_mean, figures)


def _place(row: NumberRow) -> tuple[int, int]:
    """Groups in their order, measures in theirs; the others stay in the order of the file."""
    roles = GROUPS[row.group]
    return list(GROUPS).index(row.group), roles.index(row.role) if row.role in roles else 0


def _category_row(traits: Sequence[NumberTrait | CategoryTrait]) -> CategoryRow:
    categories = [trait for trait in traits if isinstance(trait, CategoryTrait)]
    shares = categories[0].shares
    largest = sorted(shares, key=lambda name: (-shares[name][1], name))[:MOST_CATEGORIES]
    top = []
    for name in largest:
        own = tuple(trait.shares[name][0] for trait in categories)
        overall = shares[name][1]
        top.append(CategoryShare(name, overall, own, tuple(100 * share / overall for share in own)))
    column = categories[0].column
    return CategoryRow(column.name, column.label, tuple(trait.n for trait in categories), len(shares), tuple(top))
