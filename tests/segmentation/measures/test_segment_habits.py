"""How segments buy, by hand: days of the week, months, goods; lines in any order."""

from datetime import datetime

import numpy as np
import pyarrow as pa
import pytest

from segmentation.measures.lines import read_lines
from segmentation.measures.segment_habits import MOST_MONTHS, find_segment_habits

ROWS = [  # customer, order, moment, cents, category
    ("a", "1", "2024-01-01 09:00", 1000, "Toys"),  # a Monday
    ("a", "1", "2024-01-01 09:00", 3000, "Home"),
    ("a", "2", "2024-02-06 10:00", 4000, "Home"),  # a Tuesday
    ("b", "3", "2024-02-06 23:59", 500, "Garden"),
    ("b", "4", "2024-02-11 12:00", 1500, ""),  # a Sunday
    ("out", "5", "2023-12-31 12:00", 9900, "Toys"),
]
IDS = pa.array(["a", "b", "out"])
SEGMENTS = np.array([1, 2, 0])


def lines(rows=ROWS, ids=IDS, leave=()):
    columns = list(zip(*rows, strict=True))
    table = {
        "customer_id": pa.array(columns[0]).dictionary_encode(),
        "order": pa.array(columns[1]).dictionary_encode(),
        "date": pa.array([datetime.fromisoformat(text) for text in columns[2]], pa.timestamp("s")),
        "amount": pa.array(columns[3], pa.int64()),
        "category": pa.array(columns[4]).dictionary_encode(),
    }
    return read_lines(pa.table({name: column for name, column in table.items() if name not in leave}), ids, 2)


def habits(**given):
    return find_segment_habits(lines(**given), SEGMENTS, "category")


def test_an_order_of_two_lines_is_one_order_on_its_day():
    found = habits()
    assert found.n_orders.tolist() == [2, 2]
    assert found.weekdays[0].tolist() == [0.5, 0.5, 0, 0, 0, 0, 0]
    assert found.weekdays[1].tolist() == [0, 0.5, 0, 0, 0, 0, 0.5]


def test_months_are_shares_of_each_segments_revenue():
    found = habits()
    assert found.first_month == "2024-01"
    assert found.months.tolist() == [[0.5, 0.5], [0.0, 1.0]]
    assert found.has_money


def test_the_period_is_that_of_the_segmented_customers():
    found = habits()
    first, last = (np.datetime64(second, "s") for second in (found.first_second, found.last_second))
    assert (str(first), str(last)) == ("2024-01-01T09:00:00", "2024-02-11T12:00:00")


def test_goods_are_ranked_by_money_and_blank_ones_count_nowhere():
    found = habits()
    assert found.top_goods == ((("Home", 0.875), ("Toys", 0.125)), (("Garden", 1.0),))
    assert found.n_goods == 3


def test_equal_goods_are_in_the_order_of_their_names():
    rows = [("a", str(number), "2024-01-01 09:00", 100, name) for number, name in enumerate("dbca")]
    assert [name for name, _ in habits(rows=rows).top_goods[0]] == ["a", "b", "c"]


def test_without_money_orders_and_lines_are_counted():
    found = habits(leave=("amount",))
    assert not found.has_money
    assert found.months.tolist() == [[0.5, 0.5], [0.0, 1.0]]
    assert dict(found.top_goods[0]) == {"Home": pytest.approx(2 / 3), "Toys": pytest.approx(1 / 3)}


def test_the_order_of_the_lines_has_no_say():
    one, other = habits(), habits(rows=ROWS[::-1])
    assert np.array_equal(one.weekdays, other.weekdays)
    assert np.array_equal(one.months, other.months)
    assert one.top_goods == other.top_goods


def test_shares_add_up_to_one():
    found = habits()
    assert found.weekdays.sum(axis=1).tolist() == [1, 1]
    assert found.months.sum(axis=1).tolist() == [1, 1]


def test_a_long_log_tells_its_last_months():
    rows = [("a", str(year), f"{year}-06-15 09:00", 100, "x") for year in range(2000, 2025)]
    found = habits(rows=rows)
    assert found.months.shape == (2, MOST_MONTHS)
    assert found.first_month == "2022-07"
    assert found.months[0, -1] == found.months[0, 11] == 0.5
    assert found.months[1].sum() == 0


def test_returns_that_outweigh_sales_leave_no_share():
    assert habits(rows=[("a", "1", "2024-01-01 09:00", -500, "x"), ("b", "2", "2024-01-01 09:00", 5, "x")]).months.tolist() == [
        [0.0],
        [1.0],
    ]


@pytest.mark.parametrize("leave", [("date",)])
def test_without_dates_there_is_nothing_to_tell(leave):
    assert habits(leave=leave) is None


def test_nobody_segmented_has_no_habits():
    assert find_segment_habits(lines(), np.zeros(3, np.int64), "category") is None
