"""Single conditions on the original columns: where to cut so that the number reads well, whom they fit, and how they are said."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from segmentation.portraits.traits import ProfileColumn, numbers_of
from segmentation.portraits.wording import singular, with_currency

Operator = Literal[">", "<=", "is", "is not"]
_QUANTILES = (0, 0.02, 0.05, 0.1, 0.15, 0.25, 0.35, 0.5, 0.65, 0.75, 0.85, 0.9, 0.95, 0.98, 1)
"""Where in a segment's own values a cut is tried."""
_SLACK = 0.03
"""A cut may move past this many customers, as a share of the segment, to become a rounder number."""
_MIN_CATEGORY_SHARE = 0.1

_PHRASES: dict[str, tuple[str, str, str]] = {
    "recency_days": (
        "last bought more than {low} days ago",
        "bought in the last {high} days",
        "last bought more than {low} and at most {high} days ago",
    ),
    "tenure_days": (
        "first bought more than {low} days ago",
        "first bought in the last {high} days",
        "first bought more than {low} and at most {high} days ago",
    ),
    "age": ("older than {low}", "{high} years old at most", "older than {low} and at most {high}"),
}
_VERBS = {
    "frequency_orders": ("ordered", " times"),
    "monetary_total": ("spent", ""),
    "items_total": ("bought", " pieces"),
    "products_distinct": ("bought", " different products"),
    "order_value_mean": ("spent", " an order"),
    "web_purchases": ("bought", " times on the web"),
    "store_purchases": ("bought", " times in the shop"),
    "catalog_purchases": ("bought", " times by catalogue"),
    "deal_purchases": ("bought", " times with a discount"),
    "web_visits": ("visited the website", " times"),
}
"""Verb and what is counted: "ordered more than 5 times"."""


@dataclass(frozen=True)
class Condition:
    """One condition on one column; a missing value meets no condition.

    Attributes
    ----------
    column : ProfileColumn
    operator : {">", "<=", "is", "is not"}
    value : float or str
        The number or category exactly as the sentence shows it.
    """

    column: ProfileColumn
    operator: Operator
    value: float | str

    def fits(self, frame: pd.DataFrame) -> np.ndarray:
        """Return whom of the frame's customers the condition fits, bool of shape (n,)."""
        if isinstance(self.value, str):
            values = frame[self.column.name]
            is_it = (values == self.value).fillna(False).to_numpy(bool)
            return is_it if self.operator == "is" else values.notna().to_numpy() & ~is_it
        return self.fits_numbers(numbers_of(frame, self.column.name))

    def fits_numbers(self, numbers: np.ndarray) -> np.ndarray:
        """Return which of a column's numbers (NaN where missing) meet a condition on a number."""
        return numbers > self.value if self.operator == ">" else numbers <= self.value


def say_conditions(conditions: Sequence[Condition]) -> str:
    """Say conditions as one clause; two on one column are said together."""
    by_column: dict[str, list[Condition]] = {}
    for condition in conditions:
        by_column.setdefault(condition.column.name, []).append(condition)
    parts = [_say_column(own) for own in by_column.values()]
    text = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    return text[:1].upper() + text[1:]


def _say_column(conditions: Sequence[Condition]) -> str:
    column = conditions[0].column
    if isinstance(conditions[0].value, str):
        return " and ".join(f"{column.label} {condition.operator} {condition.value}" for condition in conditions)
    limits = {condition.operator: _threshold_text(float(condition.value), column) for condition in conditions}
    phrases = _PHRASES.get(column.role or "") or _counting_phrases(column)
    low, high = limits.get(">"), limits.get("<=")
    return singular(phrases[2 if low and high else 0 if low else 1].format(low=low, high=high))


def _counting_phrases(column: ProfileColumn) -> tuple[str, str, str]:
    if column.role in _VERBS:
        verb, counted = _VERBS[column.role]
        above, most = f"{verb} more than {{low}}", "at most {high}"
        return f"{above}{counted}", f"{verb} {most}{counted}", f"{above} and {most}{counted}"
    label = column.label.replace("{", "{{").replace("}", "}}")
    return f"{label} above {{low}}", f"{label} at most {{high}}", f"{label} above {{low}} and at most {{high}}"


def _threshold_text(value: float, column: ProfileColumn) -> str:
    return f"{value:.12g}" if column.role == "birth_year" else with_currency(f"{value:,.12g}", column)


def number_cuts(everyone: np.ndarray, members: np.ndarray) -> Iterator[float]:
    """Yield numbers at which a segment's values may be cut off from the others', rounded for reading.

    Parameters
    ----------
    everyone : numpy.ndarray of float64
        Ascending values of all customers.
    members : numpy.ndarray of float64
        Ascending values of the segment.
    """
    if members.size == 0:
        return
    slack = math.ceil(_SLACK * members.size)
    own = np.unique(members[np.rint(np.array(_QUANTILES) * (members.size - 1)).astype(int)])
    places = np.union1d(np.searchsorted(everyone, own, "left"), np.searchsorted(everyone, own, "right"))
    for place in places[(places > 0) & (places < everyone.size)]:
        low, high = everyone[max(place - 1 - slack, 0)], everyone[min(place + slack, everyone.size - 1)]
        yield roundest(float(low), float(high), float(everyone[place - 1] + everyone[place]) / 2)


def roundest(low: float, high: float, wish: float) -> float:
    """Return the roundest number t with low <= t < high: of the coarsest step 1, 2 or 5 * 10**e, the multiple nearest to a wish.

    ``low`` itself is returned where nothing shorter than twelve digits lies between.
    """
    if low <= 0 < high:
        return 0.0
    exponent = math.floor(math.log10(max(abs(low), abs(high)))) + 1
    for power in range(exponent, exponent - 14, -1):
        for digit in (5, 2, 1):
            step = digit * 10.0**power
            nearest = min(max(round(wish / step), math.ceil(low / step)), math.ceil(high / step) - 1)
            number = float(f"{nearest * step:.12g}")
            if low <= number < high:
                return number
    return low


def category_choices(values: pd.Series, is_member: np.ndarray) -> Iterator[tuple[Operator, str]]:
    """Yield the categories worth asking for: ``is`` where a segment has many of them, ``is not`` where it has fewer than the others."""
    shares = values[is_member].value_counts(normalize=True)
    for category, overall in sorted(values.value_counts(normalize=True).items()):
        share = shares.get(category, 0.0)
        if share >= _MIN_CATEGORY_SHARE:
            yield "is", str(category)
        if overall >= _MIN_CATEGORY_SHARE and share < overall:
            yield "is not", str(category)
