"""Cleaning: each rule on a table one can see through, and rows read = kept + rejected, always."""

from datetime import date
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.errors import InvalidInputError
from segmentation.intake.cleaning import clean
from segmentation.intake.cleaning_repeats import duplicate_rows
from segmentation.intake.cleaning_rules import RULES, CleaningOptions
from segmentation.intake.mapping import map_columns
from segmentation.intake.table import Dialect, RawTable, UnreadableRow
from segmentation.intake.typed import read_typed

LOG = """
| order | customer | date       | product | quantity | price |
| 1     | a        | 2024-01-01 | tea     | 2        | 3.00  |
| 1     | a        | 2024-01-01 | tea     | 2        | 3     |
| 2     |          | 2024-01-02 | tea     | 1        | 3     |
| 3     | b        | soon       | tea     | 1        | 3     |
| 4     | b        | 2024-01-04 | tea     | x        | 3     |
| C5    | b        | 2024-01-05 | tea     | -1       | 3     |
| 6     | b        | 2024-01-06 | tea     | 0        | 3     |
| 7     | b        | 2024-01-07 | tea     | 1        | 0     |
| 8     | b        | 2024-01-08 | jam     | 1        | 4     |
| 9     | NULL     | 2024-01-09 | jam     | 1        | 4     |
| Total | a 1      | 2024-01-09 | jam     | 1        | 4     |
| 10    | a 1      | 2024-01-10 | jam     | 1        | 4     |
"""


def run(raw, **options):
    mapping = map_columns(raw)
    return clean(raw, mapping, read_typed(raw, mapping), CleaningOptions(**options))


def rejected_by(cleaned):
    rejected = cleaned.rejected
    return {int(index): rejected.rule_names[rule] for index, rule in zip(rejected.indices, rejected.rules, strict=True)}


def test_every_rule_takes_its_row_and_no_other(table):
    cleaned = run(table(LOG.replace("| a ", "| a1").replace("| b ", "| b1")))
    assert cleaned.kept.tolist() == [0, 8, 11]
    assert rejected_by(cleaned) == {
        1: "duplicate_rows",
        2: "missing_customer",
        3: "missing_date",
        4: "missing_amount",
        5: "cancelled",
        6: "non_positive_quantity",
        7: "non_positive_price",
        9: "missing_customer",
        10: "total_rows",
    }


def test_a_customer_called_null_stays_where_ids_are_names(table):
    cleaned = run(table(LOG))
    assert 9 in cleaned.kept


def test_receipt_lines_follow_on_each_other(table):
    receipt = run(table(LOG)).receipt
    assert receipt[0].rows_in == 12
    assert all(first.rows_out == second.rows_in for first, second in pairwise(receipt))
    assert all(step.why == RULES[step.rule] for step in receipt)


def test_returns_can_be_netted(table):
    cleaned = run(table(LOG), returns="net")
    assert {5, 6} <= set(cleaned.kept.tolist())
    assert 7 not in cleaned.kept


def test_rules_can_be_switched_off_but_not_those_that_counting_needs(table):
    cleaned = run(table(LOG), rules={"duplicate_rows": False, "non_positive_price": False})
    assert {1, 7} <= set(cleaned.kept.tolist())
    with pytest.raises(InvalidInputError, match="cannot be switched off"):
        CleaningOptions(rules={"missing_customer": False})
    with pytest.raises(InvalidInputError, match="no cleaning rule"):
        CleaningOptions(rules={"tidy": True})


def test_rows_after_the_chosen_day_are_left_out(table):
    cleaned = run(table(LOG), as_of=date(2024, 1, 8))
    assert rejected_by(cleaned)[11] == "after_as_of"
    assert 8 in cleaned.kept


def test_equal_lines_without_a_product_are_kept(table):
    cleaned = run(table("| customer | date | amount |\n| a | 2024-01-01 | 5 |\n| a | 2024-01-01 | 5 |"))
    assert cleaned.kept.tolist() == [0, 1]


def test_cancelled_orders_by_status(table):
    cleaned = run(
        table("""
        | customer | order | date       | amount | status    |
        | a        | 1     | 2024-01-01 | 5      | completed |
        | a        | 2     | 2024-01-02 | 5      | Cancelled |
        """)
    )
    assert rejected_by(cleaned) == {1: "cancelled"}


def test_views_and_baskets_are_no_purchases(table):
    events = """
        | user_id | event_time       | event_type       | product_id | price |
        | a       | 2024-01-01 10:00 | view             | 1          | 5     |
        | a       | 2024-01-01 10:01 | cart             | 1          | 5     |
        | a       | 2024-01-01 10:02 | remove_from_cart | 1          | 5     |
        | a       | 2024-01-01 10:03 | purchase         | 1          | 5     |
        | b       | 2024-01-01 10:04 | Page View        | 1          | 5     |
        """
    assert rejected_by(run(table(events))) == dict.fromkeys((0, 1, 2, 4), "not_bought")
    assert rejected_by(run(table(events), rules={"not_bought": False})) == {}


def test_the_newest_row_of_a_repeated_customer_is_kept(table):
    raw = table("""
    | customer id | signup date | income |
    | a           | 2024-01-01  | 10     |
    | b           | 2024-01-01  | 20     |
    | a           | 2024-03-01  | 30     |
    | a           | 2024-02-01  | 40     |
    | c           | 2024-02-01  | 40     |
    | d           | 2024-02-01  | 40     |
    """)
    mapping = map_columns(raw)
    assert mapping.kind == "customers"
    assert clean(raw, mapping, read_typed(raw, mapping), CleaningOptions()).kept.tolist() == [1, 2, 4, 5]


def test_unreadable_rows_are_part_of_the_account(table):
    raw = table(LOG, (UnreadableRow(99, "1,2", "has 2 cells, the header has 6"),))
    receipt = run(raw).receipt
    assert (receipt[0].rule, receipt[0].rows_in, receipt[0].rows_out) == ("unreadable_rows", 13, 12)


def test_nothing_left_says_why(table):
    raw = table("| customer | order | date | amount |\n| a | 1 | never | 5 |\n| a | 2 | soon | 5 |")
    mapping = map_columns(raw, {"date": "date"})
    with pytest.raises(InvalidInputError) as caught:
        clean(raw, mapping, read_typed(raw, mapping), CleaningOptions())
    assert caught.value.code == "no_rows_left"
    assert "2 rows: no date that can be read" in str(caught.value)


cells = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["1", "1.0", "2", ""]), st.sampled_from("xyz")), min_size=1, max_size=40)


@settings(deadline=None, max_examples=80)
@given(cells)
def test_duplicates_are_those_that_a_plain_set_finds(rows):
    columns = [pa.array(column).dictionary_encode() for column in zip(*rows, strict=True)]
    raw = RawTable(pa.table(columns, names=["customer", "price", "product"]), np.arange(len(rows)), Dialect())
    typed = read_typed(raw, map_columns(raw))
    seen, expected = set(), []
    for customer, price, product in rows:
        key = (customer, float(price) if price else None, product)
        expected.append(key in seen)
        seen.add(key)
    assert duplicate_rows(raw, typed, np.ones(len(rows), bool)).tolist() == expected


@settings(deadline=None, max_examples=80)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a1", "b2", "", "Total"]),
            st.sampled_from(["1", "C2", "3", ""]),
            st.sampled_from(["2024-01-01", "2024-02-30", "", "x"]),
            st.sampled_from(["1", "-1", "0", "", "y"]),
            st.sampled_from(["2.5", "0", "-1", "n/a"]),
        ),
        min_size=1,
        max_size=30,
    ),
    st.sampled_from(["drop", "net"]),
)
def test_every_row_is_kept_or_rejected_for_one_reason(rows, returns):
    names = ["customer", "order", "date", "quantity", "price"]
    columns = [pa.array(column).dictionary_encode() for column in zip(*rows, strict=True)]
    raw = RawTable(pa.table(columns, names=names), np.arange(len(rows)), Dialect())
    mapping = map_columns(raw, {name: name for name in names})
    try:
        cleaned = clean(raw, mapping, read_typed(raw, mapping), CleaningOptions(returns=returns))
    except InvalidInputError as error:
        assert error.code == "no_rows_left"
        return
    assert sorted([*cleaned.kept.tolist(), *cleaned.rejected.indices.tolist()]) == list(range(len(rows)))
    assert cleaned.receipt[-1].rows_out == cleaned.kept.size
