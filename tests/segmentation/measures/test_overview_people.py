"""Ages, bands, yes-or-no columns, boxes and correlations by hand and against pandas."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.measures.demographics import AGE_BANDS, bin_numbers, correlate, count_ages, find_boxes, is_yes_or_no, round_step


def test_ages_by_band_and_gender():
    ages = count_ages(np.array([17, 18, 24, 25, 65, 131, np.nan, 40]), ["f", "F", "m", "Male", "female", "f", "m", None])
    assert ages is not None
    assert [(group.name, group.counts) for group in ages.groups] == [("Women", (1, 1, 0, 0, 0, 0, 1)), ("Men", (0, 1, 1, 0, 0, 0, 0))]
    assert (ages.n, ages.n_other, ages.n_unknown, ages.median) == (5, 1, 2, 24.5)


def test_ages_alone():
    ages = count_ages(np.array([20.0, 70.0]))
    assert ages is not None
    assert [(group.name, sum(group.counts)) for group in ages.groups] == [("", 2)]
    assert len(ages.groups[0].counts) == len(AGE_BANDS)


def test_a_third_gender_is_counted_but_not_drawn():
    ages = count_ages(np.full(5, 30.0), ["w", "w", "m", "m", "divers"])
    assert ages is not None
    assert ([group.name for group in ages.groups], ages.n, ages.n_other) == (["Women", "Men"], 4, 1)


def test_no_plausible_age():
    assert count_ages(np.array([np.nan, 200.0])) is None


def test_equal_bands():
    found = bin_numbers("x", "x", None, np.arange(0.5, 100.5))
    assert found is not None
    assert found.edges == tuple(float(edge) for edge in range(0, 100, 10))
    assert found.counts == (10,) * 10
    assert not found.is_open


def test_whole_numbers_have_whole_bands():
    found = bin_numbers("x", "x", None, np.repeat(np.arange(1.0, 21.0), 5))
    assert found is not None
    assert all(edge == round(edge) for edge in found.edges)
    assert found.is_whole


def test_a_few_huge_values_make_bands_grow():
    values = np.concatenate([np.full(490, 1.0), np.arange(2, 12), np.full(10, 500.0)])
    found = bin_numbers("orders", "orders", "orders", np.concatenate([values, np.arange(20.0, 60.0)]))
    assert found is not None
    assert found.edges[:4] == (1, 2, 5, 10)
    assert found.counts[0] == 490
    assert found.is_open


def test_few_whole_values_are_counted_one_by_one():
    found = bin_numbers("kids", "kids", None, np.array([0, 0, 1, 2, np.nan]))
    assert found is not None
    assert (found.edges, found.counts, found.is_discrete, found.n_missing) == ((0, 1, 2), (2, 1, 1), True, 1)


@pytest.mark.parametrize("values", [[], [3.0, 3.0], [np.nan]])
def test_nothing_to_tell_apart(values):
    assert bin_numbers("x", "x", None, np.array(values)) is None


@settings(deadline=None, max_examples=100)
@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=60))
def test_every_value_is_in_one_band(values):
    found = bin_numbers("x", "x", None, np.array(values))
    if found is not None:
        assert sum(found.counts) == found.n == len(values)
        assert list(found.edges) == sorted(found.edges)
        assert len(found.edges) <= 60


def test_yes_or_no():
    assert is_yes_or_no(np.array([0.0, 1.0, np.nan]))
    assert not is_yes_or_no(np.array([0.0, 0.0]))
    assert not is_yes_or_no(np.array([0.0, 1.0, 2.0]))


def test_round_steps():
    assert [round_step(value) for value in (0.011, 1, 1.01, 3, 7, 60)] == [pytest.approx(0.02), 1, 2, 5, 10, 100]


def test_boxes_by_hand():
    values = np.concatenate([np.arange(1.0, 25.0), [100.0], [5.0, 6.0], [np.nan]])
    found = find_boxes("income", "level", "money", values, ["low"] * 25 + ["few"] * 2 + ["low"])
    assert found is not None
    few, low = found.boxes
    assert (few.name, few.n, few.points) == ("few", 2, (5.0, 6.0))
    assert (low.name, low.n, low.quartiles, low.whiskers, low.points) == ("low", 25, (7.0, 13.0, 19.0), (1.0, 24.0), (100.0,))
    assert found.n == 27


def test_correlation_is_that_of_ranks():
    draw = np.random.default_rng(1)
    columns = {"a": draw.normal(size=200), "b": draw.integers(0, 5, 200).astype(float), "c": draw.normal(size=200)}
    columns["c"][0] = np.nan
    found = correlate(columns)
    assert found is not None
    assert np.array(found.values) == pytest.approx(pd.DataFrame(columns).corr("spearman").to_numpy(), abs=1e-4)
    assert found.pairs[0] == (200, 200, 199)
    columns["c"][0] = 1e9
    whole = correlate(columns)
    assert whole is not None
    assert np.array(whole.values) == pytest.approx(pd.DataFrame(columns).corr("spearman").to_numpy(), abs=1e-4)


def test_correlation_with_ties_and_many_gaps_is_that_of_pandas():
    draw = np.random.default_rng(5)
    frame = pd.DataFrame({name: draw.integers(0, 9, 400).astype(float) for name in "abcd"})
    frame["b"] += frame["a"]
    for name, share in (("a", 0.1), ("b", 0.3), ("c", 0.96)):
        frame.loc[draw.random(400) < share, name] = np.nan
    frame["same"] = 3.0
    found = correlate({name: frame[name].to_numpy() for name in frame})
    wanted = frame.corr("spearman", 20)
    assert found is not None
    assert np.array(found.values, float) == pytest.approx(wanted.to_numpy(), abs=1e-4, nan_ok=True)
    assert found.values[0][2] is None, "too few customers have both"
    assert found.values[4] == (None,) * 5, "what is always the same goes with nothing"
    known = frame.notna().to_numpy().astype(int)
    assert np.array(found.pairs).tolist() == (known.T @ known).tolist()


def test_two_numbers_are_not_a_matrix():
    assert correlate({"a": np.arange(30.0), "b": np.arange(30.0)}) is None
