"""What each feature is worth to a segmentation, and how far several segmentations agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from segmentation.clusters.agreement import adjusted_rand
from segmentation.clusters.assigning import StoredModel, place_customers

SHUFFLES = 3
SAMPLE = 4_000
"""Customers that are enough to see how many change their segment."""
LITTLE_EFFECT, LITTLE_CHANGE = 0.02, 0.05
"""A feature below both carries nothing: it explains under 2 % of itself by the segments, and shuffling it moves next to nobody."""


@dataclass(frozen=True)
class FeatureWorth:
    """What one feature is worth.

    Attributes
    ----------
    name, label : str
    measure : {"eta_squared", "cramers_v"}
        Which of the two ``strength`` is: share of a number's variance (on the feature's scale) that lies between segments, or how far
        a category and the segments go together. Both 0..1.
    strength : float
    change : float
        1 - adjusted Rand index between the segments and those after the feature is shuffled among customers; 0: nobody moves.
    is_needed : bool
    """

    name: str
    label: str
    measure: Literal["eta_squared", "cramers_v"]
    strength: float
    change: float
    is_needed: bool


def measure_worth(model: StoredModel, frame: pd.DataFrame, labels: np.ndarray, seed: int) -> tuple[FeatureWorth, ...]:
    """Measure what each feature is worth to a segmentation.

    Parameters
    ----------
    model : StoredModel
    frame : pandas.DataFrame, shape (n segmented, columns)
    labels : numpy.ndarray of int, shape (n segmented,)
        0..k-1.
    seed : int

    Returns
    -------
    tuple of FeatureWorth
        The most needed first.
    """
    points = model.points(frame)
    order = np.lexsort(points.T[::-1])  # so that the order of the rows has no say in who is drawn and what is shuffled
    rng = np.random.default_rng(seed)
    chosen = order if order.size <= SAMPLE else order[np.sort(rng.choice(order.size, SAMPLE, replace=False))]
    sample = frame.iloc[chosen][[column.name for column in model.inputs]].reset_index(drop=True)
    own = place_customers(model, sample).places
    found = []
    for column in model.inputs:
        changes = []
        for _ in range(SHUFFLES):
            shuffled = sample.assign(**{column.name: sample[column.name].to_numpy()[rng.permutation(len(sample))]})
            changes.append(1 - adjusted_rand(own, place_customers(model, shuffled).places))
        change = max(0.0, float(np.mean(changes)))
        measure: Literal["eta_squared", "cramers_v"] = "eta_squared" if column.kind == "number" else "cramers_v"
        strength = _strength(model, frame, column.name, labels)
        is_needed = strength >= LITTLE_EFFECT or change >= LITTLE_CHANGE
        found.append(FeatureWorth(column.name, column.label, measure, strength, change, is_needed))
    return tuple(sorted(found, key=lambda worth: (-worth.change, -worth.strength, worth.name)))


def say_worth(worth: Sequence[FeatureWorth]) -> list[str]:
    """Return the worth of the features in sentences: what matters most, and what could go.

    Parameters
    ----------
    worth : sequence of FeatureWorth
        As ``measure_worth`` gives it.

    Returns
    -------
    list of str
        At most two.
    """
    if not worth:
        return []
    first = worth[0]
    sentences = [f"The segments depend most on {first.label}."] if first.is_needed else []
    idle = [each.label for each in worth if not each.is_needed]
    if idle and len(idle) < len(worth):
        listed = f"{', '.join(idle[:-1])} and {idle[-1]}" if len(idle) > 1 else idle[0]
        verb = "carry" if len(idle) > 1 else "carries"
        sentences.append(f"{listed[:1].upper()}{listed[1:]} {verb} nothing: leave {'them' if len(idle) > 1 else 'it'} out and try again.")
    return sentences


def eta_squared(values: np.ndarray, labels: np.ndarray) -> float:
    """Return the share of the variance of values that lies between groups, 0..1; 0 for constant values.

    Parameters
    ----------
    values : numpy.ndarray of float64, shape (n,)
        Finite.
    labels : numpy.ndarray of int, shape (n,)
        0 or more.
    """
    total = float(((values - values.mean()) ** 2).sum())
    if total <= 1e-12 * max(1.0, float(np.abs(values).max())) ** 2 * values.size:
        return 0.0
    sizes = np.bincount(labels)
    is_used = sizes > 0
    middles = np.bincount(labels, values)[is_used] / sizes[is_used]
    return min(1.0, float((sizes[is_used] * (middles - values.mean()) ** 2).sum() / total))


def cramers_v(one: np.ndarray, other: np.ndarray) -> float:
    """Return Cramer's V of two groupings, 0..1; 0 where one of them has a single group.

    Parameters
    ----------
    one, other : numpy.ndarray, shape (n,)
    """
    table = pd.crosstab(np.asarray(one), np.asarray(other)).to_numpy(np.float64)
    smaller = min(table.shape) - 1
    if smaller < 1:
        return 0.0
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / table.sum()
    return float(np.sqrt((((table - expected) ** 2) / expected).sum() / (table.sum() * smaller)))


def agreement_matrix(labelings: Sequence[np.ndarray]) -> np.ndarray:
    """Return how far segmentations of the same customers agree, each with each.

    Parameters
    ----------
    labelings : sequence of numpy.ndarray of int, shape (n,)
        Segment of each customer, the customers in one order; 0 or less: in no segment. A pair is compared on those who are in both.

    Returns
    -------
    numpy.ndarray of float64, shape (m, m)
        Adjusted Rand index (see :func:`~segmentation.clusters.agreement.adjusted_rand`), 1 on the diagonal, NaN where two segmentations
        share no customer.
    """
    matrix = np.eye(len(labelings))
    for i, one in enumerate(labelings):
        for j in range(i):
            both = (one > 0) & (labelings[j] > 0)
            matrix[i, j] = matrix[j, i] = adjusted_rand(one[both], labelings[j][both]) if both.any() else np.nan
    return matrix


def _strength(model: StoredModel, frame: pd.DataFrame, name: str, labels: np.ndarray) -> float:
    if name in {coding.name for coding in model.codings}:
        return cramers_v(frame[name].fillna("").astype(str).to_numpy(), labels)
    scaling = next((each for each in model.scalings if each.name == name), None)
    values = frame[name].to_numpy(np.float64)
    return eta_squared(values if scaling is None else scaling.apply(values), labels)
