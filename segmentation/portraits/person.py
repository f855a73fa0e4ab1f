"""One customer explained: their segment and the next one, how clearly they belong, what is particular, and what would move them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from segmentation.clusters.assigning import StoredModel, place_customers
from segmentation.intake.columns import MEASURE_BY_NAME
from segmentation.measures.catalogue import CustomerColumn

ON_THE_EDGE, CLEARLY = 0.9, 0.6
"""Distance to the own segment over that to the next: above 0.9 it might as well be the other one, up to 0.6 there is no doubt."""
N_DIFFERENCES = 3
_TELLING = 0.25
"""A value closer to the average than this share of the usual spread is nothing particular."""
_WORTH_SAYING = 0.1
"""A reason weaker than this part of the strongest goes unsaid."""
_STEPS = np.geomspace(1e-4, 1.0, 120)
"""How far a value is moved in search of another segment, in shares of the way to the least or greatest that the run had seen."""
_REFINEMENTS, _POINTS = 5, 33
"""How often the gap in which the segment changes is looked at again, and at how many points."""


@dataclass(frozen=True)
class Move:
    """The smallest single change that brings a customer into another segment.

    Attributes
    ----------
    name : str
        The feature.
    value, needed : float or str or None
        Now and then, in the feature's own unit.
    place : int
        The segment they would be in.
    sentence : str
    """

    name: str
    value: float | str | None
    needed: float | str
    place: int
    sentence: str


@dataclass(frozen=True)
class Comparison:
    """A feature of the customer beside the averages (the commonest category for words); None where not known."""

    name: str
    label: str
    value: float | str | None
    segment: float | str | None
    everyone: float | str | None


@dataclass(frozen=True)
class Person:
    """One customer explained.

    Attributes
    ----------
    place, next_place : int
        Segments, 0..k-1; the next one is that with the second nearest middle.
    distances : tuple of float
        To the middle of each segment, on the features' scale.
    ratio : float
        Own distance over the next one, 0 and up; above 1 another segment's middle is nearer (which a rule or a mixture may disregard).
    sureness : {"clearly", "rather", "on the edge"}
    sentence : str
    differences : tuple of str
        What speaks for their segment and against the next one, the strongest first; where nothing does alone, what is particular about
        them, against everyone and the segment.
    comparisons : tuple of Comparison
    moves : tuple of Move
        At most one a feature, the smallest change first.
    """

    place: int
    next_place: int
    distances: tuple[float, ...]
    ratio: float
    sureness: str
    sentence: str
    differences: tuple[str, ...]
    comparisons: tuple[Comparison, ...]
    moves: tuple[Move, ...]


def explain_person(
    model: StoredModel, fitted: Mapping[str, Any], values: pd.Series, names: Sequence[str], place: int | None = None
) -> Person:
    """Explain why a customer is in a segment.

    Parameters
    ----------
    model : StoredModel
    fitted : mapping
        What ``clusters.likeness.describe_fitted`` told of the customers of the run.
    values : pandas.Series
        The features by name; a gap is only possible where the recipe fills it.
    names : sequence of str, length k
        Names of the segments in their order.
    place : int, optional
        The segment they are in, where that is known; else the model says it.

    Returns
    -------
    Person

    Raises
    ------
    ValueError
        When a feature is missing that the model does not fill.
    """
    frame = _one_row(model, values)
    placed = place_customers(model, frame)
    if placed.places[0] < 0:
        raise ValueError("a customer without a value for every feature has no segment")
    own = int(placed.places[0]) if place is None else place
    distances = placed.distances[0]
    others = [each for each in np.argsort(distances, kind="stable").tolist() if each != own]
    following = others[0] if others else own
    ratio = float(distances[own] / distances[following]) if distances[following] > 0 else 1.0
    sureness = "clearly" if ratio <= CLEARLY else "rather" if ratio <= ON_THE_EDGE else "on the edge"
    comparisons = tuple(_compare(column, fitted["features"][column.name], values[column.name], own) for column in model.inputs)
    return Person(
        own,
        following,
        tuple(distances.tolist()),
        ratio,
        sureness,
        _sentence(sureness, _quoted(names[own]), _quoted(names[following]), is_nearer=ratio <= 1),
        _reasons(model, fitted, values, (own, following), names) or _differences(model, fitted, values, own),
        comparisons,
        find_moves(model, fitted, values, names),
    )


def find_moves(model: StoredModel, fitted: Mapping[str, Any], values: pd.Series, names: Sequence[str]) -> tuple[Move, ...]:
    """Return for each feature the smallest change of it alone that brings a customer into another segment, within what the run had seen.

    Parameters
    ----------
    model, fitted, values, names
        As in ``explain_person``.

    Returns
    -------
    tuple of Move
        The smallest change first (in shares of the range); features that alone move nobody are left out.
    """
    now = int(place_customers(model, _one_row(model, values)).places[0])
    found: list[tuple[float, Move]] = []
    for column in model.inputs:
        known, value = fitted["features"][column.name], values[column.name]
        needed = (
            _number_needed(model, values, column, known, now)
            if column.kind == "number"
            else _word_needed(model, values, column, known, now)
        )
        if needed is None:
            continue
        target, place = needed
        cost = 1.0
        if column.kind == "number" and not isinstance(target, str):
            start, width = _start(model, column, value), known["range"][1] - known["range"][0]
            cost = abs(target - start) / width
        shown = None if pd.isna(value) else value
        found.append((cost, Move(column.name, shown, target, place, _move_sentence(column, shown, target, _quoted(names[place])))))
    return tuple(move for _, move in sorted(found, key=lambda each: (each[0], each[1].name)))


def value_text(value: float | str | None) -> str:
    """Return a value of a person in full: 1,234, 12.5, a word as it is.

    Parameters
    ----------
    value : float or str or None
        In the feature's own unit.

    Returns
    -------
    str
        Numbers from 1,000 whole, from 10 with one decimal, below with two at most; "not known" where there is none.
    """
    if value is None or isinstance(value, str):
        return value or "not known"
    rounded = round(float(value), 0 if abs(value) >= 1_000 else 1 if abs(value) >= 10 else 2)
    return f"{rounded:,.0f}" if float(rounded).is_integer() else f"{rounded:,}"


def _one_row(model: StoredModel, values: pd.Series) -> pd.DataFrame:
    return _with(model, values, {})


def _with(model: StoredModel, values: pd.Series, changed: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Return the customer once for each of the changed values."""
    n = max((each.size for each in changed.values()), default=1)
    columns = {}
    for column in model.inputs:
        kind = np.float64 if column.kind == "number" else object
        given = values[column.name]
        value = np.nan if column.kind == "number" and pd.isna(given) else given
        columns[column.name] = changed.get(column.name, np.full(n, value, dtype=kind))
    return pd.DataFrame(columns)


def _start(model: StoredModel, column: CustomerColumn, value: Any) -> float:
    fill = next((scaling.fill for scaling in model.scalings if scaling.name == column.name), None)
    return float(fill) if pd.isna(value) and fill is not None else float(value)


def _number_needed(
    model: StoredModel, values: pd.Series, column: CustomerColumn, known: Mapping[str, Any], now: int
) -> tuple[float, int] | None:
    """Return the nearest value with another segment and that segment."""
    (low, high), start = known["range"], _start(model, column, values[column.name])

    def places(tried: np.ndarray) -> np.ndarray:
        return place_customers(model, _with(model, values, {column.name: tried})).places

    found = []
    for sign, limit in ((-1.0, low), (1.0, high)):
        if (limit - start) * sign <= 0:
            continue
        bound = _first_other(places, start, start + (limit - start) * _STEPS, now)
        if bound is not None:
            candidates = _readable(bound, sign, known["is_whole"], limit)
            found += [(float(value), int(place)) for value, place in zip(candidates, places(candidates), strict=True) if place != now][:1]
    return min(found, key=lambda each: abs(each[0] - start), default=None)


def _first_other(places: Callable[[np.ndarray], np.ndarray], near: float, tried: np.ndarray, now: int) -> float | None:
    """Return the first of growing values with another segment, then the first between it and the one before, and so on."""
    for _ in range(_REFINEMENTS):
        hits = np.flatnonzero(places(tried) != now)
        if not hits.size:
            return None
        near, far = (float(tried[hits[0] - 1]) if hits[0] else near), float(tried[hits[0]])
        tried = np.linspace(near, far, _POINTS)[1:]
    return far


def _readable(value: float, sign: float, is_whole: bool, limit: float) -> np.ndarray:
    """Round a bound away from where the customer is, to whole numbers or three figures; after it the next such number, then the bound."""
    unit = 1.0 if is_whole or value == 0 else 10.0 ** (np.floor(np.log10(abs(value))) - 2)
    rounded = (np.ceil(value / unit - 1e-9) if sign > 0 else np.floor(value / unit + 1e-9)) * unit
    candidates = np.array([rounded, rounded + sign * unit, value])
    return np.round(candidates[(candidates - limit) * sign <= 0], 12)


def _word_needed(
    model: StoredModel, values: pd.Series, column: CustomerColumn, known: Mapping[str, Any], now: int
) -> tuple[str, int] | None:
    """Return the commonest other category with another segment, and that segment."""
    levels = [level for level in known["levels"] if level != str(values[column.name])]
    if not levels:
        return None
    places = place_customers(model, _with(model, values, {column.name: np.array(levels, dtype=object)})).places
    hits = np.flatnonzero(places != now)
    return (levels[hits[0]], int(places[hits[0]])) if hits.size else None


def _move_sentence(column: CustomerColumn, value: float | str | None, target: float | str, name: str) -> str:
    subject = f"{column.label[:1].upper()}{column.label[1:]}"
    if isinstance(target, str) or isinstance(value, str) or value is None:
        return f"{subject} {value_text(target)} instead of {value_text(value)} would move them to {name}."
    more = "more" if target > value else "less"
    texts = (value_text(target), value_text(value))
    if texts[0] == texts[1]:
        texts = (f"{target:,.6g}", f"{value:,.6g}")
    return f"{subject} of {texts[0]} instead of {texts[1]} ({value_text(abs(target - value))} {more}) would move them to {name}."


def _compare(column: CustomerColumn, known: Mapping[str, Any], value: Any, place: int) -> Comparison:
    shown = None if pd.isna(value) else value if isinstance(value, str) else float(value)
    if column.kind == "number":
        return Comparison(column.name, column.label, shown, known["means"][place], known["mean"])
    own = next(iter(known["by_segment"][place]), None)
    return Comparison(column.name, column.label, shown, own, next(iter(known["levels"]), None))


def _reasons(
    model: StoredModel, fitted: Mapping[str, Any], values: pd.Series, places: tuple[int, int], names: Sequence[str]
) -> tuple[str, ...]:
    """Say by which features a customer is nearer to their segment than to the next, as they count in the distances and as they read."""
    own, following = places
    if own == following:
        return ()
    told = []
    for column, pull in _pulls(model, values, own, following):
        said = _reason(column, fitted["features"][column.name], values[column.name], places, _quoted(names[following]))
        if said:
            told.append((pull, said))
    strongest = max((pull for pull, _ in told), default=0.0)
    told = [each for each in told if each[0] >= _WORTH_SAYING * strongest > 0]
    told.sort(key=lambda each: (-each[0], each[1]))
    return tuple(text for _, text in told[:N_DIFFERENCES])


def _pulls(model: StoredModel, values: pd.Series, own: int, following: int) -> list[tuple[CustomerColumn, float]]:
    """Return for each feature how much nearer it is to the one middle than to the other, in squares of the features' scale."""
    point = model.points(_one_row(model, values))[0]
    nearer = (point - model.centers[following]) ** 2 - (point - model.centers[own]) ** 2
    widths = {coding.name: len(coding.categories) for coding in model.codings}
    ends = np.cumsum([widths.get(column.name, 1) for column in model.columns])
    return [(column, float(part.sum())) for column, part in zip(model.columns, np.split(nearer, ends[:-1]), strict=True)]


def _reason(column: CustomerColumn, known: Mapping[str, Any], value: Any, places: tuple[int, int], following: str) -> str | None:
    """Say how a value stands between two segments, None where its own is not the nearer one to the reader's eye."""
    if pd.isna(value):
        return None
    if column.kind == "category":
        own, other = (known["by_segment"][place].get(str(value), 0.0) for place in places)
        text = f"{column.label[:1].upper()}{column.label[1:]}: {value}, as {100 * own:.0f} % of the segment and {100 * other:.0f} % of"
        return f"{text} {following}" if own > other else None
    mine, theirs = (known["means"][place] for place in places)
    if mine is None or theirs is None or abs(value - mine) >= abs(value - theirs):
        return None
    return _number_sentence(column, float(value), mine, theirs, following)


def _differences(model: StoredModel, fitted: Mapping[str, Any], values: pd.Series, place: int) -> tuple[str, ...]:
    told: list[tuple[float, str]] = []
    for column in model.inputs:
        known, value = fitted["features"][column.name], values[column.name]
        if pd.isna(value):
            continue
        if column.kind == "category":
            share = known["levels"].get(str(value), 0.0)
            own = known["by_segment"][place].get(str(value), 0.0)
            if share < 0.5:
                subject = f"{column.label[:1].upper()}{column.label[1:]}"
                told.append((1 - share, f"{subject}: {value}, as {100 * own:.0f} % of the segment and {100 * share:.0f} % of all"))
            continue
        spread, mean, own_mean = known.get("spread") or 0.0, known["mean"], known["means"][place]
        if spread <= 0 or own_mean is None:
            continue
        particular = max(abs(value - mean), abs(value - own_mean)) / spread
        if particular >= _TELLING:
            told.append((particular, _number_sentence(column, float(value), own_mean, mean, "all")))
    told.sort(key=lambda each: (-each[0], each[1]))
    return tuple(text for _, text in told[:N_DIFFERENCES]) or ("Close to the average in everything the segments are made of",)


def _number_sentence(column: CustomerColumn, value: float, own: float, other: float, others: str) -> str:
    unit = f" {column.unit}" if column.unit in ("days", "years") and "day" not in column.label else ""
    label = MEASURE_BY_NAME[column.name].label if column.name in MEASURE_BY_NAME else column.label
    subject = f"{label[:1].upper()}{label[1:]}"
    return f"{subject}: {value_text(value)}{unit} (average of the segment {value_text(own)}, of {others} {value_text(other)})"


def _quoted(name: str) -> str:
    """Return the name of a segment as it stands in a sentence: names hold commas of their own."""
    return f"“{name}”"


def _sentence(sureness: str, own: str, following: str, is_nearer: bool) -> str:
    if own == following:
        return f"Belongs to {own}, the only segment."
    if not is_nearer:
        return f"On the edge: belongs to {own} by the way the segments were made, though the average of {following} is nearer."
    return {
        "clearly": f"Clearly belongs to {own}: every other segment is far away; the next is {following}.",
        "rather": f"Belongs to {own} rather than to {following}, the next segment.",
        "on the edge": f"On the edge between {own} and {following}: hardly nearer to the one than to the other.",
    }[sureness]
