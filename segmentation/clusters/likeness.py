"""How like the customers that a model was fitted on are to those that it is asked about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from segmentation.clusters.assigning import Placed, StoredModel
from segmentation.measures.catalogue import CustomerColumn
from segmentation.measures.changes import stability_index

BINS = 10
SLIGHT, STRONG = 0.1, 0.25
"""Population stability index: below 0.1 no change to speak of, from 0.25 another population (Siddiqi 2006)."""
FAR = 0.99
"""Quantile of the distances to their own centre beyond which customers of the run are unusual."""
MOST_LEVELS = 20
FEWEST = 100
"""Fewer customers than this fill ten bins by chance."""
_FEW, _MANY = 0.2, 0.5
"""Part of the customers without a segment up to which the others speak for all of them, and from which they speak for nobody."""


@dataclass(frozen=True)
class FeatureDrift:
    """One feature then and now.

    Attributes
    ----------
    name, label : str
    index : float or None
        Population stability index; None with fewer than ``FEWEST`` customers.
    outside : float
        Share of customers with a value outside what the run had seen (0..1), an unknown category for words.
    before, after : float or None
        Mean, None for words.
    missing : float
        Share without a value (0..1).
    """

    name: str
    label: str
    index: float | None
    outside: float
    before: float | None
    after: float | None
    missing: float


@dataclass(frozen=True)
class Likeness:
    """What is told of customers that a model was not fitted on: one entry a feature, and the share (0..1) far from every centre."""

    features: tuple[FeatureDrift, ...]
    n: int
    n_placed: int
    far: float

    @property
    def level(self) -> str:
        """How unlike they are: "unknown" where most lack a segment or all lack a feature, else "alike", "somewhat unlike" or "unlike"."""
        unplaced = self.n - self.n_placed
        if unplaced >= _MANY * self.n or any(each.missing == 1.0 for each in self.features):
            return "unknown"
        worst = max((each.index or 0.0 for each in self.features), default=0.0)
        outside = max((each.outside for each in self.features), default=0.0)
        if worst >= STRONG or self.far >= 0.1 or outside >= 0.2:
            return "unlike"
        is_somewhat = worst >= SLIGHT or self.far >= 0.03 or outside >= 0.05 or unplaced >= _FEW * self.n
        return "somewhat unlike" if is_somewhat else "alike"


def describe_fitted(columns: tuple[CustomerColumn, ...], frame: pd.DataFrame, placed: Placed) -> dict[str, Any]:
    """Return what the customers of a run look like, as plain JSON values to be kept with its model.

    Parameters
    ----------
    columns : tuple of CustomerColumn
        The features.
    frame : pandas.DataFrame, shape (n segmented, columns)
    placed : Placed
        The same customers.

    Returns
    -------
    dict
        ``features`` (by name: bins and their shares, range and mean of all, means of the segments; levels for words) and ``reach``: for
        each segment the distance to its centre that 99 % of its customers do not exceed.
    """
    k = placed.distances.shape[1]
    own = placed.distances[np.arange(len(placed.places)), placed.places]
    reach = [
        float(np.quantile(own[placed.places == place], FAR, method="higher")) if (placed.places == place).any() else 0.0
        for place in range(k)
    ]
    describe = {"number": _describe_numbers, "category": _describe_levels}
    return {"features": {each.name: describe[each.kind](frame[each.name], placed.places, k) for each in columns}, "reach": reach}


def measure_likeness(model: StoredModel, fitted: Mapping[str, Any], frame: pd.DataFrame, placed: Placed) -> Likeness:
    """Compare customers with those of the run.

    Parameters
    ----------
    model : StoredModel
    fitted : mapping
        What ``describe_fitted`` gave.
    frame : pandas.DataFrame
    placed : Placed
        The customers of ``frame``.

    Returns
    -------
    Likeness
    """
    drifts = []
    for column in model.inputs:
        known, values = fitted["features"][column.name], frame[column.name]
        is_missing = values.isna().to_numpy()
        compare = _compare_numbers if column.kind == "number" else _compare_levels
        index, outside, means = compare(known, values[~is_missing])
        drifts.append(FeatureDrift(column.name, column.label, index, outside, *means, float(is_missing.mean()) if len(frame) else 0.0))
    is_in = placed.places >= 0
    own = placed.distances[is_in, placed.places[is_in]]
    far = float((own > np.array(fitted["reach"])[placed.places[is_in]] + 1e-9).mean()) if own.size else 0.0
    return Likeness(tuple(drifts), len(frame), int(is_in.sum()), far)


def say_likeness(likeness: Likeness) -> list[str]:
    """Return the likeness in sentences for a marketer, what matters most first.

    Parameters
    ----------
    likeness : Likeness

    Returns
    -------
    list of str
        At least one.
    """
    told = {
        "alike": "These customers look like those that the segments were made of: the segments can be used for them.",
        "somewhat unlike": "These customers differ somewhat from those that the segments were made of: use the segments with care.",
        "unlike": "These customers are unlike those that the segments were made of: segment them anew before you rely on it.",
        "unknown": "Too few of these customers have what the segments rest on to tell whether they are like those of the run.",
    }
    sentences = [told[likeness.level]]
    if likeness.n < FEWEST:
        sentences.append(f"There are only {likeness.n} of them, too few to compare how they are spread.")
    for each in sorted(likeness.features, key=lambda drift: -(drift.index or 0.0)):
        if each.index is not None and each.index >= SLIGHT:
            size = "strongly" if each.index >= STRONG else "somewhat"
            by = (
                f": {_said(each.after)} on average, {_said(each.before)} before"
                if each.after is not None and each.before is not None
                else ""
            )
            sentences.append(f"{_capital(each.label)} has changed {size}{by}.")
        if each.outside > 0:
            sentences.append(f"{100 * each.outside:.1f} % have a value of {each.label} that none of the customers of the run had.")
    if likeness.far > 1 - FAR:
        sentences.append(f"{100 * likeness.far:.1f} % are further from the middle of their segment than 99 % of its customers were.")
    nowhere = [each.label for each in likeness.features if each.missing == 1.0]
    if nowhere and likeness.n:
        what = f"{', '.join(nowhere[:-1])} and {nowhere[-1]}" if nowhere[1:] else nowhere[0]
        sentences.append(f"{_capital(what)} could not be read for any of them.")
    if left_out := likeness.n - likeness.n_placed:
        sentences.append(f"{left_out:,} of {likeness.n:,} customers lack what the segments rest on and are in none.")
    return sentences


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _said(mean: float) -> str:
    return f"{mean:,.0f}" if abs(mean) >= 1_000 else f"{mean:.4g}"


def _describe_numbers(values: pd.Series, places: np.ndarray, k: int) -> dict[str, Any]:
    numbers = values.to_numpy(np.float64)
    filled = numbers[~np.isnan(numbers)]
    if not filled.size:
        return {"edges": [], "shares": [1.0], "range": [0.0, 0.0], "mean": None, "means": [None] * k, "is_whole": False}
    edges = np.unique(np.quantile(filled, np.arange(1, BINS) / BINS))
    groups = [numbers[(places == place) & ~np.isnan(numbers)] for place in range(k)]
    return {
        "edges": edges.tolist(),
        "shares": _shares(edges, filled).tolist(),
        "range": [float(filled.min()), float(filled.max())],
        "mean": float(filled.mean()),
        "spread": float(filled.std()),
        "means": [float(group.mean()) if group.size else None for group in groups],
        "is_whole": bool((filled == np.rint(filled)).all()),
    }


def _describe_levels(values: pd.Series, places: np.ndarray, k: int) -> dict[str, Any]:
    def most(of: pd.Series) -> dict[str, float]:
        counts = of.dropna().astype(str).value_counts()
        ordered = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
        return {str(level): count / counts.sum() for level, count in ordered}

    shares = most(values)
    return {"levels": shares, "by_segment": [dict(list(most(values[places == place]).items())[:MOST_LEVELS]) for place in range(k)]}


def _shares(edges: np.ndarray, values: np.ndarray) -> np.ndarray:
    return np.bincount(np.searchsorted(edges, values, side="left"), minlength=edges.size + 1) / max(values.size, 1)


_Compared = tuple[float | None, float, tuple[float | None, float | None]]


def _compare_numbers(known: Mapping[str, Any], values: pd.Series) -> _Compared:
    numbers = values.to_numpy(np.float64)
    if not numbers.size or known["mean"] is None:
        return None, 0.0, (known["mean"], None)
    low, high = known["range"]
    index = None
    if numbers.size >= FEWEST:
        index = stability_index(np.array(known["shares"]), _shares(np.array(known["edges"]), numbers))
    return index, float(((numbers < low) | (numbers > high)).mean()), (known["mean"], float(numbers.mean()))


def _compare_levels(known: Mapping[str, Any], values: pd.Series) -> _Compared:
    texts = values.astype(str)
    if not len(texts):
        return None, 0.0, (None, None)
    counts, levels = texts.value_counts(), known["levels"]
    often = list(levels)[:MOST_LEVELS]
    before = np.array([levels[level] for level in often])
    after = np.array([counts.get(level, 0) / len(texts) for level in often])
    rest = [np.append(shares, max(0.0, 1 - shares.sum())) for shares in (before, after)]
    index = stability_index(rest[0], rest[1]) if len(texts) >= FEWEST else None
    return index, float((~texts.isin(list(levels))).mean()), (None, None)
