"""Segments side by side: averages and indexes by hand, what is left out, boxes by hand."""

import numpy as np
import pandas as pd
import pytest

from segmentation.portraits.comparison import FEW_VALUES, MOST_BOXES, MOST_OTHER, box_of, box_plots, compare_segments
from segmentation.portraits.profiles import ProfileColumn, profile_segments

SEGMENTS = np.array([1, 1, 2, 2, 2, 0])
FRAME = pd.DataFrame(
    {
        "monetary_total": [300.0, 100.0, 40.0, 40.0, 20.0, 9_999.0],
        "recency_days": [5.0, 15.0, 30.0, 20.0, 30.0, 1.0],
        "age": [30.0, np.nan, 50.0, 40.0, 60.0, 20.0],
        "Shoes": [1.0, 1.0, 0.0, 1.0, 0.0, 0.0],
        "Same": [7.0, 7.0, 7.0, 7.0, 7.0, 8.0],
        "gender": ["f", "m", "f", "f", None, "m"],
    }
)
COLUMNS = (
    ProfileColumn("age", "age", "number", "age"),
    ProfileColumn("monetary_total", "total spend", "number", "monetary_total", "money"),
    ProfileColumn("recency_days", "days since the last purchase", "number", "recency_days", "days"),
    ProfileColumn("Shoes", "Shoes", "number"),
    ProfileColumn("Same", "Same", "number"),
    ProfileColumn("gender", "gender", "category", "gender"),
)


def compared(frame=FRAME, segments=SEGMENTS, columns=COLUMNS):
    return compare_segments(profile_segments(frame, segments, columns, (), None))


def row(name, **given):
    return next(row for row in compared(**given).numbers if row.name == name)


def test_means_and_indexes_are_those_by_hand():
    spend = row("monetary_total")
    assert spend.overall == 100.0
    assert [(figure.n, figure.mean, figure.index) for figure in spend.segments] == [
        (2, 200.0, 200.0),
        (3, pytest.approx(100 / 3), pytest.approx(100 / 3)),
    ]


def test_who_has_no_value_does_not_count():
    age = row("age")
    assert age.overall == 45.0
    assert [(figure.n, figure.mean) for figure in age.segments] == [(1, 30.0), (3, 50.0)]


def test_measures_come_first_by_group_and_then_the_others():
    assert [(row.group, row.name) for row in compared().numbers] == [
        ("Spend", "monetary_total"),
        ("Habits", "recency_days"),
        ("Who they are", "age"),
        ("Other", "Shoes"),
    ]


def test_a_column_that_is_the_same_for_all_is_left_out():
    assert "Same" not in [row.name for row in compared().numbers]


def test_flags_and_units_are_known():
    assert row("Shoes").is_flag
    assert (row("age").unit, row("monetary_total").unit) == ("years", "money")


def test_categories_have_shares_of_those_who_are_known():
    (gender,) = compared().categories
    assert gender.n == (2, 2)
    assert [(share.category, share.overall, share.shares) for share in gender.top] == [("f", 0.75, (0.5, 1.0)), ("m", 0.25, (0.5, 0.0))]
    assert gender.top[0].indexes == (pytest.approx(100 * 0.5 / 0.75), pytest.approx(100 / 0.75))


def test_of_many_other_columns_those_that_differ_most_stay_in_the_order_of_the_file():
    names = [f"c{number:02}" for number in range(MOST_OTHER + 5)]
    noise = {name: np.array([1.0, 2.0, 1.0, 2.0, 3.0, 0.0]) for name in names}
    noise["c24"] = np.array([9.0, 9.0, 1.0, 1.0, 2.0, 5.0])
    found = compared(frame=pd.DataFrame(noise), columns=[ProfileColumn(name, name, "number") for name in names])
    shown = [row.name for row in found.numbers]
    assert len(shown) == MOST_OTHER
    assert found.n_left_out == 5
    assert "c24" in shown
    assert shown == sorted(shown)


def test_the_order_of_the_customers_has_no_say():
    turned = np.array([3, 5, 1, 0, 4, 2])
    assert compared(frame=FRAME.iloc[turned].reset_index(drop=True), segments=SEGMENTS[turned]) == compared()


def test_a_box_has_quartiles_and_whiskers_by_hand():
    box = box_of(np.array([1.0, 2.0, 3.0, 4.0, 100.0, np.nan]))
    assert (box.n, box.low, box.lower_quartile, box.median, box.upper_quartile, box.high) == (5, 1.0, 2.0, 3.0, 4.0, 4.0)
    assert box.points == (1.0, 2.0, 3.0, 4.0, 100.0)


def test_a_box_of_many_has_no_points_and_one_of_nobody_no_numbers():
    assert box_of(np.arange(float(FEW_VALUES))).points == ()
    nobody = box_of(np.array([np.nan]))
    assert nobody.n == 0
    assert np.isnan(nobody.median)


def test_a_whisker_never_ends_inside_its_box():
    box = box_of(np.array([0.0, 0.0, 0.0, 10.0, 10.0, 50.0, 1_000.0]))
    assert box.low <= box.lower_quartile <= box.median <= box.upper_quartile <= box.high


def test_boxes_begin_with_the_features_and_leave_flags_and_unknown_columns_out():
    rows = box_plots(FRAME, SEGMENTS, compared().numbers, ("age", "Shoes"))
    assert [each.name for each in rows] == ["age", "monetary_total", "recency_days"]
    assert [box.n for box in rows[0].boxes] == [1, 3]
    assert len(box_plots(FRAME, SEGMENTS, compared().numbers * 9, ())) == MOST_BOXES
