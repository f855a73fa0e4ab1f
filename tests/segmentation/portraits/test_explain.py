"""Rules: what they say is what they score."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.portraits.conditions import Condition, roundest, say_conditions
from segmentation.portraits.explain import explain_segments
from segmentation.portraits.profiles import ProfileColumn

RECENCY = ProfileColumn("recency_days", "days since the last purchase", "number", "recency_days", "days")
SPEND = ProfileColumn("monetary_total", "total spend", "number", "monetary_total", "money")
PLAIN = ProfileColumn("Score", "Score", "number")
EDUCATION = ProfileColumn("Education", "Education", "category")


def test_a_clean_cut_is_found_and_said() -> None:
    frame = pd.DataFrame({"recency_days": [1, 5, 9, 12, 31, 45, 60, 90], "monetary_total": [5.0, 6, 5, 6, 5, 6, 5, 6]})
    first, second = explain_segments(frame, np.repeat([1, 2], 4), (RECENCY, SPEND))
    assert first.sentence == "Bought in the last 20 days: 100 % of this segment fit, 100 % of those who fit are in it."
    assert second.sentence == "Last bought more than 20 days ago: 100 % of this segment fit, 100 % of those who fit are in it."
    assert (first.coverage, first.precision) == (1.0, 1.0)


def test_two_columns_and_a_range() -> None:
    recency, spend = (values.ravel() for values in np.meshgrid(np.arange(20) * 5.0, np.arange(20) * 100.0))
    frame = pd.DataFrame({"recency_days": recency, "monetary_total": spend})
    is_first = (recency > 30) & (recency <= 60) & (spend > 1000)
    first, _ = explain_segments(frame, np.where(is_first, 1, 2), (RECENCY, SPEND))
    assert (first.coverage, first.precision) == (1.0, 1.0)
    assert len(first.conditions) == 3
    assert first.sentence.startswith("Last bought more than 30 and at most 60 days ago and spent more than 1,000: 100 %")


def test_a_category_can_be_the_condition() -> None:
    frame = pd.DataFrame({"Education": pd.Series(["PhD", "PhD", "Basic", "Master", None, "Basic"], dtype="str")})
    first, second = explain_segments(frame, np.array([1, 1, 2, 2, 2, 2]), (EDUCATION,))
    assert first.sentence == "Education is PhD: 100 % of this segment fit, 100 % of those who fit are in it."
    assert second.sentence == "Education is not PhD: 75 % of this segment fit, 100 % of those who fit are in it."  # one is not known


def test_no_rule_where_nothing_tells() -> None:
    frame = pd.DataFrame({"Score": [1.0, 1.0, 1.0, 1.0]})
    first, _ = explain_segments(frame, np.array([1, 1, 2, 2]), (PLAIN,))
    assert first.conditions == ()
    assert first.sentence == "No rule of a few conditions tells this segment from the others; it is 50 % of the customers."
    (only,) = explain_segments(frame, np.array([1, 1, 1, 1]), (PLAIN,))
    assert only.sentence == "All customers are in this segment."


def test_at_most_so_many_conditions() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(300, 5)), columns=list("abcde"))
    segments = np.where((frame > -0.6).all(axis=1), 1, 2)
    columns = [ProfileColumn(name, name, "number") for name in frame]
    for limit in (1, 2, 3):
        assert max(len(rule.conditions) for rule in explain_segments(frame, segments, columns, limit)) <= limit


def test_the_order_of_rows_and_labels_has_no_say() -> None:
    rng = np.random.default_rng(5)
    frame = pd.DataFrame({"recency_days": rng.integers(0, 99, 400), "monetary_total": rng.lognormal(5, 1, 400)})
    segments = 1 + (frame["recency_days"].to_numpy() > 50) + (frame["monetary_total"].to_numpy() > 300)
    order = rng.permutation(400)
    straight = explain_segments(frame, segments, (RECENCY, SPEND))
    assert explain_segments(frame.iloc[order], segments[order], (RECENCY, SPEND)) == straight
    swapped = explain_segments(frame, 4 - segments, (RECENCY, SPEND))
    assert [rule.sentence for rule in swapped] == [rule.sentence for rule in reversed(straight)]


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10_000), st.integers(2, 60), st.integers(1, 4))
def test_coverage_and_precision_are_those_of_the_rule_as_it_reads(seed: int, n: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    score = np.where(rng.random(n) < 0.1, np.nan, rng.normal(size=n) * 10.0 ** rng.integers(-3, 6))
    frame = pd.DataFrame({"monetary_total": rng.lognormal(3, 2, n), "Score": score})
    segments = rng.integers(0, k + 1, n)
    for rule in explain_segments(frame, segments, (SPEND, PLAIN)):
        fits, is_member = rule.fits(frame) & (segments > 0), segments == rule.segment_id
        assert rule.coverage == pytest.approx((fits & is_member).sum() / is_member.sum())
        assert rule.precision == pytest.approx((fits & is_member).sum() / fits.sum())
        for condition in rule.conditions:
            assert f"{condition.value:,.12g}" in rule.sentence


@pytest.mark.parametrize(
    ("low", "high", "wish", "expected"),
    [
        (51, 52, 51.5, 51),
        (28, 33, 30.5, 30),
        (1873.2, 2120.9, 2000, 2000),
        (0.412, 0.437, 0.42, 0.42),
        (-3, 4, 1, 0),
        (-52, -51, -51.5, -52),
        (998, 1003, 1001, 1000),
        (0.1, 0.1 + 1e-13, 0.1, 0.1),
    ],
)
def test_roundest(low: float, high: float, wish: float, expected: float) -> None:
    assert roundest(low, high, wish) == expected


def test_conditions_are_said_together_by_column() -> None:
    conditions = [Condition(SPEND, ">", 2000.0), Condition(PLAIN, "<=", 12400.0), Condition(SPEND, "<=", 1e6)]
    assert say_conditions(conditions) == "Spent more than 2,000 and at most 1,000,000 and Score at most 12,400"
    year = ProfileColumn("birth_year", "birth year", "number", "birth_year", "years")
    assert say_conditions([Condition(year, ">", 1970.0)]) == "Birth year above 1970"
