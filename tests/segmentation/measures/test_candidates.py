"""What the columns that could become features are like: values counted by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.measures.candidates import BARS, count_gaps, count_left_out, describe_distribution, find_twins

GAPS = pd.DataFrame({"age": [1, None, None, 4, None], "income": [None, 2, None, 4, 5], "visits": [1.0, 2, 3, 4, 5]})


def test_a_number_is_counted_in_equal_steps() -> None:
    told = describe_distribution(pd.Series([*range(14), 0, 0, None], dtype=float))
    assert sum(told.bars) == 16
    assert told.bars[0] == 3
    assert (told.low, told.middle, told.high, told.n_distinct) == (0, 5.5, 13, 14)


def test_one_huge_value_leaves_the_others_apart() -> None:
    told = describe_distribution(pd.Series([*range(200), 1e9], dtype=float))
    assert min(told.bars) >= 10
    assert told.high == 1e9


@pytest.mark.parametrize("values", [[7.0, 7, 7], [7.0, None, None]])
def test_the_same_for_everybody(values: list[float | None]) -> None:
    told = describe_distribution(pd.Series(values, dtype=float))
    assert told.is_constant
    assert (told.bars[0], len(told.bars)) == (len([value for value in values if value]), BARS)


def test_rare_large_values_are_seen_although_most_are_one() -> None:
    told = describe_distribution(pd.Series([0.0] * 999 + [5.0]))
    assert told.bars[0] == 999
    assert told.bars[-1] == 1


def test_words_are_counted_by_the_most_frequent() -> None:
    told = describe_distribution(pd.Series(["b", "a", "b", None], dtype=object))
    assert (told.bars, told.low, told.n_distinct) == ((2, 1), None, 2)


def test_nobody_has_a_value() -> None:
    told = describe_distribution(pd.Series([None, None], dtype=float))
    assert (told.bars, told.low, told.n_distinct, told.is_constant) == ((), None, 0, False)


def test_twins_go_up_together_or_against_each_other() -> None:
    rng = np.random.default_rng(1)
    one, noise = rng.normal(size=200), rng.normal(size=200)
    with_gaps = np.where(np.arange(200) < 30, np.nan, -one + 0.01 * noise)
    found = find_twins({"one": one, "noise": noise, "against": with_gaps, "flat": np.ones(200)})
    assert [(each.name, each.other) for each in found] == [("one", "against")]
    assert found[0].correlation == pytest.approx(-1, abs=0.01)
    assert not find_twins({"one": one[:10], "same": one[:10]})
    assert not find_twins({})


def test_gaps_are_counted_by_which_are_lacked_together() -> None:
    gaps = count_gaps(GAPS, ["age", "income", "visits"])
    assert gaps == {("age",): 2, ("income",): 1, ("age", "income"): 1}
    for features, n_left_out in ((["visits"], 0), (["age"], 3), (["income"], 2), (["age", "income", "visits"], 4), ([], 0)):
        assert count_left_out(gaps, features) == n_left_out
    assert count_gaps(GAPS, ["visits"]) == {}


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(*[st.sampled_from([1.0, None])] * 4), max_size=30), st.sets(st.sampled_from("abcd")))
def test_left_out_are_those_who_lack_any(rows: list[tuple[float | None, ...]], chosen: set[str]) -> None:
    frame = pd.DataFrame(rows, columns=list("abcd"), dtype=float)
    lacking = frame[sorted(chosen)].isna().any(axis=1).sum() if chosen else 0
    assert count_left_out(count_gaps(frame, list("abcd")), sorted(chosen)) == lacking
