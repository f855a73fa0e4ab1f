"""A log summed up: by hand, exactly, and whatever the order of its lines."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.dataset import ImportOptions, build_dataset
from segmentation.errors import InvalidInputError
from segmentation.intake.table import Dialect, RawTable

LOG = """
| order | customer | date             | product | quantity | price | country | mood  |
| 1     | b        | 2024-01-01 10:00 | tea     | 2        | 3.25  | UK      | good  |
| 1     | b        | 2024-01-01 10:00 | jam     | 1        | 0.105 | UK      | bad   |
| 2     | b        | 2024-01-31 09:00 | tea     | 1        | 3.25  | FR      | good  |
| 3     | a        | 2024-01-10 23:00 | tea     | 10       | 1     | DE      | bad   |
| 4     | a        | 2024-01-20 12:00 | tea     | 1        | 1     |         | good  |
"""


def shuffled(raw, seed):
    order = np.random.default_rng(seed).permutation(raw.n_rows)
    columns = [column.chunk(0).take(pa.array(order)).cast(pa.string()).dictionary_encode() for column in raw.columns.columns]
    return RawTable(pa.table(columns, names=list(raw.headers)), raw.row_numbers[order], raw.dialect)


def test_sums_by_hand(table):
    customers = build_dataset(table(LOG)).customers
    measures = customers.measures
    assert customers.ids.tolist() == ["a", "b"]
    assert customers.as_of == date(2024, 2, 1)
    assert (customers.date_min, customers.date_max) == (date(2024, 1, 1), date(2024, 1, 31))
    assert measures["recency_days"].tolist() == [11, 1]  # from Feb 1, 09:00: Jan 20, 12:00 is 11 whole days ago
    assert measures["tenure_days"].tolist() == [21, 30]
    assert measures["frequency_orders"].tolist() == [2, 2]
    assert customers.money["monetary_total"].units.tolist() == [11000, 9855]
    assert customers.money["monetary_total"].scale == 3
    assert measures["monetary_total"].tolist() == [11.0, 9.855]
    assert measures["order_value_mean"].tolist() == [5.5, 4.9275]
    assert measures["items_total"].tolist() == [11, 4]
    assert measures["products_distinct"].tolist() == [1, 2]
    assert customers.n_lines.tolist() == [2, 3]


def test_the_latest_filled_value_stands_for_the_customer_and_that_is_counted(table):
    dataset = build_dataset(table(LOG))
    rows = dataset.customers.attribute_rows["country"]
    assert [dataset.raw.text("country", row) for row in rows] == ["DE", "FR"]
    assert [(finding.code, finding.count) for finding in dataset.customers.findings] == [("several_values", 2)]


def test_columns_that_differ_from_line_to_line_are_not_the_customers(table):
    assert "mood" not in build_dataset(table(LOG)).customers.attribute_rows
    assert "product" not in build_dataset(table(LOG)).customers.attribute_rows


def test_the_chosen_day_counts_and_repeats_the_default(table):
    raw = table(LOG)
    assert build_dataset(raw, ImportOptions(as_of=date(2024, 2, 1))).customers.measures.equals(build_dataset(raw).customers.measures)
    earlier = build_dataset(raw, ImportOptions(as_of=date(2024, 1, 15)))
    assert earlier.customers.measures["monetary_total"].tolist() == [10.0, 6.605]
    assert earlier.rows_kept + earlier.rows_rejected == earlier.rows_read == 5


def test_without_an_order_column_an_order_is_a_day(table):
    customers = build_dataset(
        table("""
        | customer | date             | amount |
        | a        | 2024-01-01 10:00 | 1      |
        | a        | 2024-01-01 18:00 | 1      |
        | a        | 2024-01-02 10:00 | 1      |
        """)
    ).customers
    assert customers.measures["frequency_orders"].tolist() == [2]


def test_ids_keep_their_zeros_and_lose_only_the_space_around_them(table):
    customers = build_dataset(
        table("| customer | date | amount |\n| 007 | 2024-01-01 | 1 |\n| 7 | 2024-01-01 | 1 |\n| 007 | 2024-01-02 | 1 |")
    ).customers
    assert customers.ids.tolist() == ["007", "7"]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_the_lines_has_no_say(table, seed):
    raw = table(LOG)
    first, second = build_dataset(raw), build_dataset(shuffled(raw, seed))
    assert first.customers.measures.equals(second.customers.measures)
    for header, rows in first.customers.attribute_rows.items():
        others = second.customers.attribute_rows[header]
        assert [first.raw.text(header, row) for row in rows] == [second.raw.text(header, row) for row in others]


def test_sums_that_do_not_fit_are_refused(table):
    with pytest.raises(InvalidInputError, match="too large"):
        build_dataset(
            table("| customer | date | price | quantity |\n| a | 2024-01-01 | 999999999999.5 | 99999999999 |\n| a | 2024-01-02 | 1 | 1 |")
        )


lines = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 400), st.integers(1, 9), st.decimals(min_value="0.01", max_value=999, places=2)),
    min_size=2,
    max_size=40,
)


@settings(deadline=None, max_examples=60)
@given(lines)
def test_sums_equal_a_plain_loop(rows):
    from datetime import timedelta
    from decimal import Decimal

    names = ["customer", "date", "quantity", "price"]
    cells = [(who, (date(2023, 1, 1) + timedelta(days=day)).isoformat(), str(count), str(price)) for who, day, count, price in rows]
    raw = RawTable(
        pa.table([pa.array(column).dictionary_encode() for column in zip(*cells, strict=True)], names=names),
        np.arange(len(rows)),
        Dialect(),
    )
    customers = build_dataset(raw, ImportOptions(roles={name: name for name in names})).customers
    spent, days = {}, {}
    for who, day, count, price in rows:
        spent[who] = spent.get(who, Decimal(0)) + count * price
        days.setdefault(who, set()).add(day)
    newest = max(max(each) for each in days.values())
    money = customers.money["monetary_total"]
    assert customers.ids.tolist() == sorted(spent)
    assert [Decimal(units).scaleb(-money.scale) for units in money.units.tolist()] == [spent[who] for who in sorted(spent)]
    assert customers.measures["recency_days"].tolist() == [newest + 1 - max(days[who]) for who in sorted(days)]
    assert customers.measures["frequency_orders"].tolist() == [len(days[who]) for who in sorted(days)]
