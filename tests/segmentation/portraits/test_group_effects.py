"""A category on a number: against scipy and statsmodels' definitions, by hand, and refused where it would be guesswork."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from segmentation.errors import InvalidInputError
from segmentation.portraits.group_effects import holm, measure_group_effect, omega_squared, welch_anova
from segmentation.portraits.person import value_text

LABELS = ("school", "income")


def groups(middles: tuple[float, ...], n: int = 80, seed: int = 0, is_skewed: bool = False) -> tuple[pd.Series, pd.Series]:
    rng = np.random.default_rng(seed)
    names = np.repeat([f"g{place}" for place in range(len(middles))], n)
    noise = rng.lognormal(0, 1.2, names.size) if is_skewed else rng.normal(0, 1, names.size)
    return pd.Series(names, dtype=object), pd.Series(np.repeat(middles, n) + noise)


def test_welch_is_that_of_scipy() -> None:
    from scipy.stats import f_oneway, ttest_ind

    rng = np.random.default_rng(1)
    three = [rng.normal(middle, spread, n) for middle, spread, n in ((0, 1, 30), (0.5, 3, 60), (1, 2, 45))]
    found = f_oneway(*three, equal_var=False)
    assert welch_anova(three) == pytest.approx((found.statistic, found.pvalue))
    two = ttest_ind(three[0], three[1], equal_var=False)
    assert welch_anova(three[:2]) == pytest.approx((two.statistic**2, two.pvalue))


def test_omega_squared_by_hand() -> None:
    # means 2 and 6, of all 4: sum of squares between 16, within 4, of which each of 2 degrees of freedom has 2
    assert omega_squared([np.array([1.0, 3.0]), np.array([5.0, 7.0])]) == pytest.approx((16 - 2) / (20 + 2))


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == [1.0, 1.0]


def test_means_that_differ_are_found_with_their_interval() -> None:
    found = measure_group_effect(*groups((0, 0, 3)), LABELS)
    assert (found.test, found.middle, found.size) == ("welch", "mean", "large")
    assert found.groups[0].name == "g2"
    sure = [pair for pair in found.pairs if pair.is_sure]
    assert {(pair.high, pair.low) for pair in sure} == {("g2", "g0"), ("g2", "g1")}
    assert all(pair.low_end < 3 < pair.high_end or abs(pair.difference - 3) < 0.6 for pair in sure)
    assert all(pair.low_end < pair.difference < pair.high_end for pair in found.pairs)
    assert "g2 2.9" in found.sentences[1]
    assert "n = 80" in found.sentences[1]
    first = sure[0]
    ends = f"between {value_text(first.low_end)} and {value_text(first.high_end)}"
    assert found.sentences[2] == f"With {LABELS[0]} g2 it is {value_text(first.difference)} more than with {first.low} ({ends})."


def test_the_bootstrap_interval_is_about_that_of_the_t_test() -> None:
    from scipy.stats import ttest_ind

    categories, numbers = groups((0, 1), n=200)
    (pair,) = measure_group_effect(categories, numbers, LABELS).pairs
    found = ttest_ind(numbers[200:], numbers[:200], equal_var=False)
    interval = found.confidence_interval(0.95)
    assert (pair.low_end, pair.high_end) == pytest.approx((interval.low, interval.high), abs=0.04)
    assert pair.p == pytest.approx(found.pvalue)


def test_skewed_numbers_are_compared_by_ranks() -> None:
    from scipy.stats import kruskal

    categories, numbers = groups((0, 0, 2), is_skewed=True)
    found = measure_group_effect(categories, numbers, LABELS)
    wanted = kruskal(*(numbers[categories == name] for name in ("g0", "g1", "g2")))
    assert (found.test, found.middle) == ("kruskal", "median")
    assert (found.statistic, found.p) == pytest.approx((wanted.statistic, wanted.pvalue))
    n = 240
    assert found.effect == pytest.approx(wanted.statistic * (n + 1) / (n**2 - 1)), "epsilon squared as Tomczak & Tomczak write it"


def test_nothing_is_said_to_be_nothing() -> None:
    found = measure_group_effect(*groups((0, 0, 0), seed=3), LABELS)
    assert found.size == "none"
    assert "not differ" in found.sentences[0]
    assert not any(pair.is_sure for pair in found.pairs)


def test_neither_order_nor_unit_nor_names_change_the_finding() -> None:
    categories, numbers = groups((0, 1, 3))
    order = np.random.default_rng(4).permutation(len(numbers))
    one = measure_group_effect(categories, numbers, LABELS)
    assert measure_group_effect(categories.iloc[order], numbers.iloc[order], LABELS) == one
    cents = measure_group_effect(categories, numbers * 100, LABELS)
    assert (cents.p, cents.effect) == pytest.approx((one.p, one.effect))
    assert [pair.low_end for pair in cents.pairs] == pytest.approx([100 * pair.low_end for pair in one.pairs])


def test_too_little_is_refused() -> None:
    categories, numbers = groups((0, 1), n=49)
    with pytest.raises(InvalidInputError, match="Only 98 customers"):
        measure_group_effect(categories, numbers, LABELS)
    lonely = pd.Series(["big"] * 100 + ["small"] * 19, dtype=object)
    with pytest.raises(InvalidInputError) as refused:
        measure_group_effect(lonely, pd.Series(np.arange(119.0)), LABELS)
    assert refused.value.code == "too_few_groups"
    with pytest.raises(InvalidInputError) as refused:
        measure_group_effect(pd.Series(["a", "b"] * 60, dtype=object), pd.Series(np.full(120, 7.0)), LABELS)
    assert refused.value.code == "all_equal"


def test_gaps_and_small_groups_are_left_out_and_said() -> None:
    categories, numbers = groups((0, 3))
    categories = pd.concat([categories, pd.Series(["rare"] * 5 + [None] * 3, dtype=object)], ignore_index=True)
    numbers = pd.concat([numbers, pd.Series([np.nan] + [9.0] * 7)], ignore_index=True)
    found = measure_group_effect(categories, numbers, LABELS)
    assert found.left_out == 4
    assert found.sentences[-1].startswith("4 customers")


def test_education_on_spend(real_data: Callable[[str], Path]) -> None:
    raw = pd.read_csv(real_data("marketing_campaign.csv"), sep="\t")
    spend = raw.filter(like="Mnt").sum(axis=1).astype(float)
    found = measure_group_effect(raw["Education"], spend, ("education", "total spend"))
    assert [(group.name, group.n) for group in found.groups] == [
        ("PhD", 486),
        ("Graduation", 1_127),
        ("Master", 370),
        ("2n Cycle", 203),
        ("Basic", 54),
    ]
    assert [group.mean for group in found.groups] == pytest.approx(spend.groupby(raw["Education"]).mean().sort_values()[::-1].tolist())
    assert found.size == "small"
    assert all(pair.is_sure for pair in found.pairs if pair.low == "Basic")
