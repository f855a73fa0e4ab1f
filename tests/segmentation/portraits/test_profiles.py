"""Profiles against values computed by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from segmentation.portraits.profiles import CategoryTrait, NumberTrait, ProfileColumn, SegmentProfile, profile_segments

RECENCY = ProfileColumn("recency_days", "days since the last purchase", "number", "recency_days", "days")
SPEND = ProfileColumn("monetary_total", "total spend", "number", "monetary_total", "money")
EDUCATION = ProfileColumn("Education", "Education", "category")

FRAME = pd.DataFrame(
    {
        "recency_days": [10, 20, 30, 100, 200, np.nan, 5],
        "monetary_total": [600.0, 300.0, 300.0, 100.0, 60.0, 40.0, 99999.0],
        "Education": pd.Series(["PhD", "PhD", "Basic", "Basic", "Basic", None, "PhD"], dtype="str"),
    }
)
SEGMENTS = np.array([1, 1, 1, 2, 2, 2, 0])


def profiles(frame: pd.DataFrame = FRAME, segments: np.ndarray = SEGMENTS) -> tuple[SegmentProfile, ...]:
    return profile_segments(frame, segments, (RECENCY, SPEND, EDUCATION), ("recency_days", "monetary_total"), "monetary_total")


def number(profile: SegmentProfile, role: str) -> NumberTrait:
    trait = profile.number(role)
    assert trait
    return trait


def category(profile: SegmentProfile) -> CategoryTrait:
    (trait,) = [trait for trait in profile.traits if isinstance(trait, CategoryTrait)]
    return trait


def test_sizes_and_shares_leave_out_who_is_not_segmented() -> None:
    first, second = profiles()
    assert (first.segment_id, first.size, first.share_customers) == (1, 3, 0.5)
    assert first.share_revenue == pytest.approx(1200 / 1400)
    assert second.share_revenue == pytest.approx(200 / 1400)


def test_number_trait_by_hand() -> None:
    first, second = profiles()
    spend = number(first, "monetary_total")
    assert (spend.n, spend.mean, spend.median) == (3, 400, 300)
    assert spend.overall_mean == pytest.approx(1400 / 6)
    assert spend.overall_median == 200
    assert spend.index == pytest.approx(100 * 400 / (1400 / 6), abs=1e-6)
    assert spend.effect == 1.0  # every customer of the first spends more than any of the second
    assert spend.standardised == pytest.approx((400 - 1400 / 6) / np.std([600, 300, 300, 100, 60, 40]))
    assert spend.median_rank == pytest.approx((3 + 1) / 6)  # three below, and half of the two equal values
    assert number(second, "monetary_total").effect == -1.0


def test_a_missing_value_counts_nowhere_in_its_column() -> None:
    first, second = profiles()
    recency = number(second, "recency_days")
    assert (recency.n, recency.mean, recency.median) == (2, 150, 150)
    assert recency.overall_mean == 72
    assert number(first, "recency_days").median_rank == pytest.approx(1.5 / 5)
    infinite = profiles(FRAME.assign(recency_days=FRAME["recency_days"].fillna(np.inf)))
    assert number(infinite[1], "recency_days") == recency


def test_category_trait_by_hand() -> None:
    first, second = profiles()
    trait = category(first)
    assert (trait.category, trait.n) == ("PhD", 3)
    assert trait.share == pytest.approx(2 / 3)
    assert trait.overall_share == pytest.approx(2 / 5)
    assert trait.effect == pytest.approx(2 / 3)  # nobody else has one
    assert trait.index == pytest.approx(100 * (2 / 3) / (2 / 5))
    assert category(second).category == "Basic"
    assert category(second).share == 1.0
    assert category(second).n == 2
    assert category(first).shares["Basic"] == (pytest.approx(1 / 3), pytest.approx(3 / 5))


def test_cliffs_delta_counts_ties_half() -> None:
    frame = pd.DataFrame({"monetary_total": [1.0, 2.0, 2.0, 3.0]})
    first, _ = profile_segments(frame, np.array([1, 1, 2, 2]), (SPEND,), (), None)
    # pairs: 1<2, 1<3, 2=2, 2<3: none above, three below, of four
    assert number(first, "monetary_total").effect == -0.75


def test_differences_say_the_largest_effects_of_the_features_first() -> None:
    first, _ = profiles()
    assert first.differences == (
        "Last bought 20 days ago on average (all: 72), only 3 customers",
        "Spends 1.7 times the average (400, all: 233), only 3 customers",
        "Education: 67 % PhD (all: 40 %), only 3 customers",
    )


def test_large_segments_have_no_remark_on_their_size() -> None:
    frame = pd.DataFrame({"age": [30.0] * 40 + [50.0] * 40})
    columns = (ProfileColumn("age", "age", "number", "age", "years"),)
    first, second = profile_segments(frame, np.repeat([1, 2], 40), columns, (), None)
    assert first.differences == ("30 years old on average (all: 40)",)
    assert second.differences == ("50 years old on average (all: 40)",)


def test_a_sentence_whose_mean_contradicts_the_ranks_is_not_said() -> None:
    # Most of the first segment spends more than the second, yet one very large value lifts the mean of the second.
    frame = pd.DataFrame({"monetary_total": [50.0] * 40 + [10.0] * 39 + [9000.0]})
    first, _ = profile_segments(frame, np.repeat([1, 2], 40), (SPEND,), (), None)
    trait = number(first, "monetary_total")
    assert trait.effect > 0.9 and trait.mean < trait.overall_mean
    assert first.differences == ("Close to the average in every column",)


def test_without_revenue_or_with_nothing_earned_there_is_no_share() -> None:
    (only, _) = profile_segments(FRAME, SEGMENTS, (SPEND,), (), None)
    assert only.share_revenue is None
    nothing = FRAME.assign(monetary_total=0.0)
    assert profiles(nothing)[0].share_revenue is None
    assert number(profiles(nothing)[0], "monetary_total").index is None


def test_an_index_needs_values_that_are_mostly_not_negative() -> None:
    columns = (ProfileColumn("x", "x", "number"),)
    (mixed, _) = profile_segments(pd.DataFrame({"x": [-10.0, 30.0, -5.0, 1.0]}), np.array([1, 1, 2, 2]), columns, (), None)
    assert [trait.index for trait in mixed.traits if isinstance(trait, NumberTrait)] == [None]
    (few, _) = profile_segments(pd.DataFrame({"x": [-1.0, 31.0, 5.0, 5.0]}), np.array([1, 1, 2, 2]), columns, (), None)
    assert [trait.index for trait in few.traits if isinstance(trait, NumberTrait)] == [150.0]


def test_flags_are_shares() -> None:
    column = ProfileColumn("Response", "Response", "number")
    frame = pd.DataFrame({"Response": [1, 1, 1, 0] * 10 + [0] * 40})
    first, _ = profile_segments(frame, np.repeat([1, 2], 40), (column,), (), None)
    assert first.differences == ("Response: 75 % (all: 38 %)",)


def test_one_segment_and_empty_columns() -> None:
    frame = pd.DataFrame({"x": [np.nan, np.nan], "Education": pd.Series([None, None], dtype="str")})
    (only,) = profile_segments(frame, np.array([1, 1]), (ProfileColumn("x", "x", "number"), EDUCATION), (), None)
    assert only.differences == ("All customers are in this segment",)
    assert [trait.n for trait in only.traits] == [0]
    assert profile_segments(frame, np.array([0, 0]), (EDUCATION,), (), None) == ()


def test_the_order_of_the_rows_has_no_say() -> None:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"recency_days": rng.integers(0, 99, 500), "monetary_total": rng.lognormal(5, 2, 500)})
    segments = rng.integers(0, 4, 500)
    order = rng.permutation(500)
    columns = (RECENCY, SPEND)
    straight = profile_segments(frame, segments, columns, ("recency_days",), "monetary_total")
    assert profile_segments(frame.iloc[order], segments[order], columns, ("recency_days",), "monetary_total") == straight
