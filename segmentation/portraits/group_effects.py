"""Whether a number differs between the groups of a category, by how much, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
import pandas as pd

from segmentation.errors import InvalidInputError
from segmentation.measures.features import AUTO_LOG_SKEWNESS
from segmentation.portraits.person import value_text

FEWEST_CUSTOMERS, FEWEST_IN_GROUP = 100, 20
MOST_GROUPS = 12
SURE = 0.05
RESAMPLES, RESAMPLES_OF_MANY = 2_000, 400
MANY = 20_000
"""With more customers than this in a group the interval is narrow, and fewer resamples tell it well enough."""
_EFFECT_WORDS = ((0.14, "large"), (0.06, "medium"), (0.01, "small"))
"""Cohen (1988): shares of the variance from 0.01, 0.06 and 0.14."""


@dataclass(frozen=True)
class Group:
    """One group: its customers with a value, mean and median of the number, and the 95 % interval of the one that is compared."""

    name: str
    n: int
    mean: float
    median: float
    low_end: float
    high_end: float


@dataclass(frozen=True)
class PairDifference:
    """Two groups: ``high`` has ``difference`` more than ``low`` (middles, see ``GroupEffect.middle``).

    ``low_end`` to ``high_end`` holds the difference with 95 % certainty for all pairs together (bootstrap, Bonferroni);
    ``p`` is corrected for the number of pairs (Holm 1979).
    """

    high: str
    low: str
    difference: float
    low_end: float
    high_end: float
    p: float

    @property
    def is_sure(self) -> bool:
        """Whether chance would hardly make such a difference."""
        return self.p < SURE


@dataclass(frozen=True)
class GroupEffect:
    """A category on a number.

    Attributes
    ----------
    test : {"welch", "kruskal"}
        Welch's analysis of variance on means; Kruskal and Wallis on ranks where the number is skewed, with medians.
    middle : {"mean", "median"}
        What is compared.
    statistic, p : float
    effect : float
        Share of the variance between groups (omega squared for means, epsilon squared for ranks), 0..1.
    size : {"none", "small", "medium", "large"}
    groups : tuple of Group
        The highest middle first.
    left_out : int
        Customers in groups that are too small.
    pairs : tuple of PairDifference
        The largest difference first.
    sentences : tuple of str
    """

    test: Literal["welch", "kruskal"]
    middle: Literal["mean", "median"]
    statistic: float
    p: float
    effect: float
    size: str
    groups: tuple[Group, ...]
    left_out: int
    pairs: tuple[PairDifference, ...]
    sentences: tuple[str, ...]


def measure_group_effect(categories: pd.Series, numbers: pd.Series, labels: tuple[str, str], seed: int = 0) -> GroupEffect:
    """Measure how a number differs between the groups of a category.

    Parameters
    ----------
    categories : pandas.Series of text, shape (n,)
    numbers : pandas.Series of float, shape (n,)
        Customers with a gap in either are left out.
    labels : (str, str)
        Plain words for the category and the number.
    seed : int
        For the bootstrap.

    Returns
    -------
    GroupEffect

    Raises
    ------
    InvalidInputError
        ``too_few_customers`` below 100, ``too_few_groups`` without two groups of at least 20, ``all_equal``.
    """
    from scipy.stats import skew

    samples, left_out = _samples(categories, numbers, labels)
    values = [values for _, values in samples]
    pooled = np.concatenate([each - each.mean() for each in values])
    is_skewed = any(np.ptp(each) == 0 for each in values) or abs(float(skew(pooled))) > AUTO_LOG_SKEWNESS
    statistic, p, effect = _kruskal(values) if is_skewed else (*welch_anova(values), omega_squared(values))
    middle: Literal["mean", "median"] = "median" if is_skewed else "mean"
    find = np.median if is_skewed else np.mean
    ordered = sorted(samples, key=lambda sample: (-float(find(sample[1])), sample[0]))
    draws = _resample([each for _, each in ordered], middle, seed)
    groups = tuple(_group(*sample, drawn) for sample, drawn in zip(ordered, draws, strict=True))
    pairs = _pairs(groups, [each for _, each in ordered], draws, middle)
    size = next((word for least, word in _EFFECT_WORDS if effect >= least), "none") if p < SURE else "none"
    told = GroupEffect("kruskal" if is_skewed else "welch", middle, statistic, p, effect, size, groups, left_out, pairs, ())
    return GroupEffect(**{**told.__dict__, "sentences": _say(told, labels)})


def welch_anova(values: Sequence[np.ndarray]) -> tuple[float, float]:
    """Return statistic and p of Welch's (1951) analysis of variance, which does not take the spreads for equal.

    Parameters
    ----------
    values : sequence of numpy.ndarray of float64
        One for each group, two values or more, not all equal.
    """
    from scipy.stats import f

    k, sizes = len(values), np.array([each.size for each in values], np.float64)
    middles = np.array([each.mean() for each in values])
    weights = sizes / np.array([each.var(ddof=1) for each in values])
    share = weights / weights.sum()
    between = float((weights * (middles - (share * middles).sum()) ** 2).sum()) / (k - 1)
    leaning = float(((1 - share) ** 2 / (sizes - 1)).sum())
    statistic = between / (1 + 2 * (k - 2) / (k**2 - 1) * leaning)
    return statistic, float(f.sf(statistic, k - 1, (k**2 - 1) / (3 * leaning)))


def omega_squared(values: Sequence[np.ndarray]) -> float:
    """Return the share of the variance that lies between groups, freed from what chance adds (Hays 1963), 0..1.

    Parameters
    ----------
    values : sequence of numpy.ndarray of float64
        One for each group, not all equal.
    """
    together, k = np.concatenate(values), len(values)
    between = sum(each.size * (each.mean() - together.mean()) ** 2 for each in values)
    within = sum(((each - each.mean()) ** 2).sum() for each in values) / (together.size - k)
    total = ((together - together.mean()) ** 2).sum()
    return max(0.0, float((between - (k - 1) * within) / (total + within)))


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p values corrected for their number (Holm 1979), in their order."""
    order = np.argsort(p_values, kind="stable")
    corrected, highest = [0.0] * len(p_values), 0.0
    for rank, place in enumerate(order.tolist()):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[place]))
        corrected[place] = highest
    return corrected


def _samples(categories: pd.Series, numbers: pd.Series, labels: tuple[str, str]) -> tuple[list[tuple[str, np.ndarray]], int]:
    """Return (name, sorted values) of each group that is large enough, and how many customers the others have."""
    values = numbers.to_numpy(np.float64)
    is_known = np.isfinite(values) & categories.notna().to_numpy()
    if is_known.sum() < FEWEST_CUSTOMERS:
        raise InvalidInputError(
            "too_few_customers",
            f"Only {int(is_known.sum()):,} customers have both {labels[0]} and {labels[1]}.",
            f"Below {FEWEST_CUSTOMERS} an answer would be guesswork.",
            "Choose other columns.",
        )
    known, values = categories[is_known].astype(str).to_numpy(), values[is_known]
    names, counts = np.unique(known, return_counts=True)
    large = sorted(names[counts >= FEWEST_IN_GROUP], key=lambda name: (-counts[names == name][0], name))[:MOST_GROUPS]
    if len(large) < 2:
        fix = "Choose a column with fewer different values."
        raise InvalidInputError("too_few_groups", f"{labels[0]} has fewer than two groups of {FEWEST_IN_GROUP} customers.", fix=fix)
    samples = [(str(name), np.sort(values[known == name])) for name in sorted(large)]
    together = np.concatenate([each for _, each in samples])
    if np.ptp(together) == 0:
        raise InvalidInputError("all_equal", f"{labels[1]} is the same for all these customers.", fix="Choose another number.")
    return samples, int(is_known.sum() - together.size)


def _kruskal(values: Sequence[np.ndarray]) -> tuple[float, float, float]:
    """Return H, p and epsilon squared, H / (n - 1) (Kelley 1935; Tomczak & Tomczak 2014)."""
    from scipy.stats import kruskal

    found = kruskal(*values)
    n = sum(each.size for each in values)
    return float(found.statistic), float(found.pvalue), float(found.statistic) / (n - 1)


def _group(name: str, values: np.ndarray, draws: np.ndarray) -> Group:
    low, high = np.quantile(draws, (SURE / 2, 1 - SURE / 2))
    return Group(name, values.size, float(values.mean()), float(np.median(values)), float(low), float(high))


def _resample(values: Sequence[np.ndarray], middle: str, seed: int) -> list[np.ndarray]:
    """Return the middles of resamples of each group."""
    rng = np.random.default_rng(seed)
    times = RESAMPLES if max(each.size for each in values) <= MANY else RESAMPLES_OF_MANY
    return [_bootstrap(each, middle, rng, times) for each in values]


def _pairs(groups: Sequence[Group], values: Sequence[np.ndarray], draws: Sequence[np.ndarray], middle: str) -> tuple[PairDifference, ...]:
    from scipy.stats import mannwhitneyu, ttest_ind

    places = list(combinations(range(len(groups)), 2))
    compare = mannwhitneyu if middle == "median" else lambda one, other: ttest_ind(one, other, equal_var=False)
    p_values = holm([float(compare(values[i], values[j]).pvalue) for i, j in places])
    tail = SURE / len(places) / 2
    found = []
    for (i, j), p in zip(places, p_values, strict=True):
        ends = np.quantile(draws[i] - draws[j], (tail, 1 - tail))
        difference = getattr(groups[i], middle) - getattr(groups[j], middle)
        found.append(PairDifference(groups[i].name, groups[j].name, float(difference), float(ends[0]), float(ends[1]), p))
    return tuple(sorted(found, key=lambda pair: (-pair.difference, pair.high, pair.low)))


def _bootstrap(values: np.ndarray, middle: str, rng: np.random.Generator, times: int) -> np.ndarray:
    """Return the middles of resamples; a large group is drawn in pieces so that memory stays small."""
    find = np.median if middle == "median" else np.mean
    pieces = max(1, int(values.size * times // 2_000_000))
    rows = np.array_split(np.arange(times), pieces)
    return np.concatenate([find(values[rng.integers(0, values.size, (part.size, values.size))], axis=1) for part in rows])


def _say(found: GroupEffect, labels: tuple[str, str]) -> tuple[str, ...]:
    sizes = ", ".join(f"{group.name} {value_text(getattr(group, found.middle))} (n = {group.n:,})" for group in found.groups)
    what = f"{found.middle} {labels[1]} by {labels[0]}: {sizes}."
    counts = what[:1].upper() + what[1:]
    if found.p >= SURE:
        verdict = f"{_capital(labels[1])} does not differ between the groups of {labels[0]} more than chance would make it."
    elif found.size == "none":
        verdict = f"{_capital(labels[1])} differs with {labels[0]}, but so little that it is of no use."
    else:
        share = f"{100 * found.effect:.0f} %"
        verdict = (
            f"{_capital(labels[1])} differs with {labels[0]}; the effect is {found.size} ({share} of the differences between customers)."
        )
    sentences = [verdict, counts]
    for pair in [pair for pair in found.pairs if pair.is_sure][:3]:
        between = f"{value_text(pair.low_end)} and {value_text(pair.high_end)}"
        more = f"{value_text(pair.difference)} more than with {pair.low} (between {between})"
        sentences.append(f"With {labels[0]} {pair.high} it is {more}.")
    if found.left_out:
        sentences.append(f"{found.left_out:,} customers are in groups too small to compare.")
    return tuple(sentences)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
