"""Who the customers are: age and gender, numbers in natural bands, answers to yes-or-no columns, and what moves together."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from segmentation.measures.derived import MAX_AGE
from segmentation.measures.lines import Labels, read_labels

AGE_BANDS = ("under 18", "18–24", "25–34", "35–44", "45–54", "55–64", "65+")
_AGE_EDGES = np.array([18, 25, 35, 45, 55, 65])
_WOMEN = frozenset({"f", "female", "w", "woman", "women", "weiblich", "frau", "femme", "féminin", "mujer", "femenino", "vrouw"})
_MEN = frozenset({"m", "male", "man", "men", "männlich", "mann", "homme", "masculin", "hombre", "masculino"})
_MOST_VALUES = 12
"""A column of whole numbers with no more different values is counted value by value."""
_BANDS = 14
_SKEWED = 6.0
"""Where the 99th percentile is more than so many times the median, equal bands would leave nearly all customers in the first."""
_MOST_POINTS = 60
FEW = 20
"""Groups below this size are shown as points rather than as a box."""


@dataclass(frozen=True)
class Group:
    """Customers of one gender in each of ``AGE_BANDS``; ``texts`` is how that gender is written in the file."""

    name: str
    counts: tuple[int, ...]
    texts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ages:
    """Customers by age band: one group for each of the two most frequent genders, or a single one where gender is not known.

    Attributes
    ----------
    groups : tuple of Group
    n : int
        Customers in the groups.
    n_other : int
        Customers of another gender or none, with an age.
    n_unknown : int
        Customers without an age, or with one below 0 or above ``MAX_AGE``.
    median : float
        Of all plausible ages; 0 where nobody is left with one.
    """

    groups: tuple[Group, ...]
    n: int
    n_other: int
    n_unknown: int
    median: float


@dataclass(frozen=True)
class Histogram:
    """A number in bands.

    Attributes
    ----------
    column, label, unit : str
    edges : tuple of float
        Lower edge of each band. Equal to the values themselves where ``is_discrete``.
    counts : tuple of int
    is_open, is_discrete, is_whole : bool
        Whether the last band takes all above; whether each band is one value; whether all values are whole numbers.
    n, n_missing : int
    median, mean : float
        0 where ``n`` is 0.
    """

    column: str
    label: str
    unit: str | None
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    is_open: bool
    is_discrete: bool
    is_whole: bool
    n: int
    n_missing: int
    median: float
    mean: float


@dataclass(frozen=True)
class Share:
    """A column of zeros and ones: how many customers said yes, of how many."""

    column: str
    label: str
    n_yes: int
    n: int


@dataclass(frozen=True)
class Box:
    """The spread of a number in one group: quartiles, whiskers at the last value within 1.5 boxes, values beyond (or all, of few).

    ``n`` customers of the group have the number, ``n_unknown`` have not.
    """

    name: str
    n: int
    quartiles: tuple[float, float, float]
    whiskers: tuple[float, float]
    points: tuple[float, ...]
    n_unknown: int = 0


@dataclass(frozen=True)
class Boxes:
    """A number by the values of a category, by rising median; ``column`` and ``number_column`` are their names."""

    number: str
    category: str
    unit: str | None
    boxes: tuple[Box, ...]
    n: int
    column: str = ""
    number_column: str = ""


@dataclass(frozen=True)
class Correlation:
    """Rank correlation (Spearman) of each pair of numbers, -1 to 1; ``pairs`` is how many customers have both.

    None below ``FEW`` pairs. ``columns`` are the names of the numbers.
    """

    labels: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]
    pairs: tuple[tuple[int, ...], ...]
    columns: tuple[str, ...] = ()


def count_ages(ages: np.ndarray, genders: Sequence[str | None] | None = None) -> Ages | None:
    """Count customers by age band, and by gender where it is known.

    Parameters
    ----------
    ages : numpy.ndarray of float64, shape (n,)
        NaN where not known.
    genders : sequence of str or None, shape (n,), optional

    Returns
    -------
    Ages or None
        None where no age is plausible.
    """
    is_plausible = is_age(ages)
    if not is_plausible.any():
        return None
    bands = np.searchsorted(_AGE_EDGES, ages[is_plausible], side="right")
    groups = [("", np.ones(bands.size, bool))]
    texts: dict[str, tuple[str, ...]] = {}
    if genders is not None:
        written = np.asarray(genders, dtype=object)[is_plausible]
        names = _gender_names(written)
        texts = {name: tuple(sorted(set(written[names == name].tolist()))) for name in set(names[~pd.isna(names)].tolist())}
        frequent = pd.Series(names).dropna().value_counts()
        two = sorted(frequent.index, key=lambda name: (-frequent[name], name))[:2]
        if len(two) == 2:
            groups = [(name, names == name) for name in sorted(two, key=lambda name: (name == "Men", name != "Women", name))]
    counted = tuple(
        Group(name, tuple(np.bincount(bands[who], minlength=len(AGE_BANDS)).tolist()), texts.get(name, ())) for name, who in groups
    )
    n = sum(sum(group.counts) for group in counted)
    return Ages(counted, n, int(bands.size) - n, int((~is_plausible).sum()), float(np.median(ages[is_plausible])))


def is_age(values: np.ndarray) -> np.ndarray:
    """Tell of each value whether it is an age: from 0 up to, and with, ``MAX_AGE`` years."""
    return np.asarray((values >= 0) & (values < MAX_AGE + 1))


def recount_ages(ages: np.ndarray, genders: Labels | None, known: Ages) -> Ages:
    """Count customers by the age bands and genders of known ones."""
    is_plausible = is_age(ages)
    bands = np.searchsorted(_AGE_EDGES, ages[is_plausible], side="right")
    groups = []
    for group in known.groups:
        mine = bands if genders is None else bands[genders.find(group.texts)[is_plausible]]
        groups.append(replace(group, counts=tuple(np.bincount(mine, minlength=len(AGE_BANDS)).tolist())))
    n, median = sum(sum(group.counts) for group in groups), float(np.median(ages[is_plausible])) if bands.size else 0.0
    return Ages(tuple(groups), n, int(bands.size) - n, int(ages.size - bands.size), median)


def _gender_names(texts: np.ndarray) -> np.ndarray:
    """Return "Women" and "Men" for what files write, other words as they are, None where not known."""
    known = {}
    for text in pd.unique(texts[~pd.isna(texts)]):
        word = str(text).strip().casefold()
        known[text] = "Women" if word in _WOMEN else "Men" if word in _MEN else str(text)
    return np.array([None if pd.isna(text) else known[text] for text in texts], dtype=object)


def bin_numbers(column: str, label: str, unit: str | None, values: np.ndarray) -> Histogram | None:
    """Count a number in round bands, or value by value where it has only a few whole ones.

    Bands reach to the 99th percentile; the last one takes all above. None below two different values.
    """
    known = values[np.isfinite(values)]
    different = np.unique(known)
    if different.size < 2:
        return None
    n_missing = int(values.size - known.size)
    median, mean = float(np.median(known)), float(known.mean())
    if different.size <= _MOST_VALUES and np.all(different == np.round(different)):
        counts = np.bincount(np.searchsorted(different, known), minlength=different.size)
        facts = (False, True, True, int(known.size), n_missing, median, mean)
        return Histogram(column, label, unit, tuple(different.tolist()), tuple(counts.tolist()), *facts)
    edges, is_open = _bands(known)
    counts = np.bincount(np.clip(np.searchsorted(edges, known, side="right") - 1, 0, None), minlength=len(edges))
    is_whole = bool(np.all(different == np.round(different)))
    facts = (is_open, False, is_whole, int(known.size), n_missing, median, mean)
    return Histogram(column, label, unit, tuple(edges), tuple(counts.tolist()), *facts)


def rebin_numbers(values: np.ndarray, known: Histogram) -> Histogram:
    """Count some of the values of a histogram in its bands.

    Parameters
    ----------
    values : numpy.ndarray of float64
        NaN where missing.
    known : Histogram
        Of all values.

    Returns
    -------
    Histogram
    """
    here = values[np.isfinite(values)]
    places = np.clip(np.searchsorted(known.edges, here, side="right") - 1, 0, None)
    return replace(
        known,
        counts=tuple(np.bincount(places, minlength=len(known.edges)).tolist()),
        n=int(here.size),
        n_missing=int(values.size - here.size),
        median=float(np.median(here)) if here.size else 0.0,
        mean=float(here.mean()) if here.size else 0.0,
    )


def _bands(values: np.ndarray) -> tuple[list[float], bool]:
    """Return (lower edges of round bands, whether values lie beyond the last): equal ones, or growing ones where a few are far larger."""
    low, middle, high = (float(value) for value in np.percentile(values, [1, 50, 99]))
    if values.min() >= 0 and 0 < _SKEWED * middle < high:
        first = next(edge for edge in _growing(middle / 64) if edge >= 1 or np.any(values < 1))
        edges = [0.0] if values.min() < first else []
        edges += [edge for edge in _growing(first) if edge <= high]
        return edges, True
    low = 0.0 if values.min() >= 0 and low < 0.4 * high else low
    step = round_step((high - low) / _BANDS if high > low else float(np.ptp(values)) / _BANDS)
    if np.all(values == np.round(values)):
        step = max(math.ceil(step), 1.0)
    start = math.floor(max(low, float(values.min())) / step)
    edges = [float(number * step) for number in range(start, math.floor(high / step) + 1)]
    return edges, bool(values.max() >= edges[-1] + step)


def _growing(least: float) -> list[float]:
    """Return 1, 2, 5, 10, 20, 50 ... from a number up."""
    power = math.floor(math.log10(least))
    return [edge for step in range(power, power + 16) for factor in (1, 2, 5) if (edge := factor * 10.0**step) >= least * (1 - 1e-9)]


def round_step(least: float) -> float:
    """Return the smallest of 1, 2 and 5 times a power of ten that is not below.

    Parameters
    ----------
    least : float
        Above 0.

    Returns
    -------
    float
    """
    power = 10.0 ** math.floor(math.log10(least))
    return float(next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least * (1 - 1e-9)))


def is_yes_or_no(values: np.ndarray) -> bool:
    """Tell whether a number is only ever 0 or 1, and both.

    Parameters
    ----------
    values : numpy.ndarray of float64
        NaN where missing.

    Returns
    -------
    bool
    """
    return bool(np.array_equal(np.unique(values[np.isfinite(values)]), [0.0, 1.0]))


def find_boxes(number: str, category: str, unit: str | None, values: np.ndarray, groups: Sequence[str | None]) -> Boxes | None:
    """Return the spread of a number in each group of a category; None below two groups."""
    found = _spread(values, read_labels(groups))
    return Boxes(number, category, unit, found, sum(box.n for box in found)) if len(found) > 1 else None


def respread(values: np.ndarray, groups: Labels, known: Boxes) -> Boxes:
    """Return the spread of some of the values of known boxes, in the groups that are left."""
    found = _spread(values, groups)
    return replace(known, boxes=found, n=sum(box.n for box in found))


def _spread(values: np.ndarray, groups: Labels) -> tuple[Box, ...]:
    is_known = np.isfinite(values)
    samples = [(name, values[is_known & (groups.codes == code)]) for code, name in enumerate(groups.texts)]
    sizes = np.bincount(groups.codes[groups.codes >= 0], minlength=len(samples)).tolist()
    boxes = [_box(name, np.sort(sample), size - sample.size) for (name, sample), size in zip(samples, sizes, strict=True) if sample.size]
    return tuple(sorted(boxes, key=lambda box: (box.quartiles[1], box.name)))


def _box(name: str, values: np.ndarray, n_unknown: int) -> Box:
    low, middle, high = (float(value) for value in np.percentile(values, [25, 50, 75]))
    reach = 1.5 * (high - low)
    inside = values[(values >= low - reach) & (values <= high + reach)]
    beyond = values if values.size < FEW else values[(values < low - reach) | (values > high + reach)]
    points = beyond if beyond.size <= _MOST_POINTS else np.concatenate([beyond[: _MOST_POINTS // 2], beyond[-_MOST_POINTS // 2 :]])
    return Box(name, int(values.size), (low, middle, high), (float(inside[0]), float(inside[-1])), tuple(points.tolist()), n_unknown)


def correlate(columns: Mapping[str, np.ndarray]) -> Correlation | None:
    """Return how each two numbers move together, by ranks, so that one huge value does not decide; None below three columns."""
    if len(columns) < 3:
        return None
    return compare_ranks({name: order_codes(values) for name, values in columns.items()}, tuple(columns))


def compare_ranks(codes: Mapping[str, np.ndarray], labels: tuple[str, ...]) -> Correlation:
    """Return the rank correlations of columns of numbers, also of nobody; ``codes`` are those of :func:`order_codes`, or some of them.

    Equal values share the mean of their ranks. A pair is ranked among the customers who have both of its numbers; each column is sorted
    once, and ranks among some of its values are counted.
    """
    sorted_once = list(codes.values())
    whole = [None if (codes < 0).any() else _unit_ranks(codes) for codes in sorted_once]
    n = len(sorted_once)
    values: list[list[float | None]] = [[None] * n for _ in range(n)]
    pairs = [[0] * n for _ in range(n)]
    for x in range(n):
        for y in range(x, n):
            first, second = whole[x], whole[y]
            if first is None or second is None:
                first, second = _ranked_together(sorted_once[x], sorted_once[y])
            values[x][y] = values[y][x] = _correlation_of(first, second)
            pairs[x][y] = pairs[y][x] = int(first.size)
    return Correlation(labels, tuple(map(tuple, values)), tuple(map(tuple, pairs)), tuple(codes))


def order_codes(values: np.ndarray) -> np.ndarray:
    """Return the place of each value among the different ones, from 0 up; -1 where missing."""
    codes = np.full(values.size, -1, np.int32)
    is_known = ~np.isnan(values)
    codes[is_known] = np.unique(values[is_known], return_inverse=True)[1]
    return codes


def _ranked_together(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    both = (first >= 0) & (second >= 0)
    return _unit_ranks(first[both]), _unit_ranks(second[both])


def _unit_ranks(codes: np.ndarray) -> np.ndarray:
    """Return the mean rank of each value as a vector around 0 of length 1; nothing but 0 where all are the same."""
    counts = np.bincount(codes)
    centred = np.cumsum(counts) - (counts - 1) / 2 - (codes.size + 1) / 2
    length = math.sqrt(float(np.einsum("i,i,i", counts, centred, centred)))
    return np.asarray((centred / (length or 1.0))[codes])


def _correlation_of(first: np.ndarray, second: np.ndarray) -> float | None:
    """Return the correlation of two vectors of ranks; None of fewer than ``FEW``, or where one is always the same.

    Not by ``@``: for one product of two vectors its threads cost more than they save.
    """
    return round(float(np.einsum("i,i", first, second)), 4) if first.size >= FEW and first.any() and second.any() else None
