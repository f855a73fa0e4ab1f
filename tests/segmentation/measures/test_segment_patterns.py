"""What, where and when segments buy, by hand: shares, indices, baskets, quarters, and the campaigns of a list."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from segmentation.measures.catalogue import CustomerCatalogue, CustomerColumn, Population
from segmentation.measures.lines import read_lines
from segmentation.measures.segment_patterns import MOST_VALUES, find_patterns
from segmentation.measures.selection import Source

ROWS = [  # customer, order, moment, cents, category, channel
    ("a", "1", "2024-01-02", 1000, "Toys", "web"),
    ("a", "1", "2024-01-02", 3000, "Home", "web"),
    ("a", "2", "2024-05-06", 4000, "Home", "store"),
    ("b", "3", "2024-08-06", 1500, "Toys", "web"),
    ("b", "4", "2024-12-30", 500, "", "web"),
    ("out", "5", "2024-12-31", 9900, "Garden", "phone"),
]
NAMES = ("category", "channel")


def catalogue(**columns: list[float]) -> CustomerCatalogue:
    known = tuple(CustomerColumn(name, name, name, "number", name if name == "accepted_any" else None) for name in columns)
    return CustomerCatalogue(known, pd.DataFrame(columns, dtype=np.float64))


def source_of(rows=ROWS, leave=()) -> Source:
    columns = list(zip(*rows, strict=True))
    table = {
        "customer_id": pa.array(columns[0]).dictionary_encode(),
        "order": pa.array(columns[1]).dictionary_encode(),
        "date": pa.array([datetime.fromisoformat(text) for text in columns[2]], pa.timestamp("s")),
        "amount": pa.array(columns[3], pa.int64()),
        "category": pa.array(columns[4]).dictionary_encode(),
        "channel": pa.array(columns[5]).dictionary_encode(),
    }
    kept = pa.table({name: column for name, column in table.items() if name not in leave})
    ids = np.array(["a", "b", "out"], object)
    population = Population("transactions", ids, catalogue(x=[1, 2, 3]), None)
    return Source(population, None, read_lines(kept, pa.array(ids, pa.string()), 2))


PLACES = np.array([1, 2, 0])


def patterns(places=PLACES, k=2, **given):
    return {pattern.label: pattern for pattern in find_patterns(source_of(**given), places, k)}


def test_categories_are_shares_of_the_money_that_says_what_was_bought() -> None:
    found = patterns()["category"]
    assert (found.base, found.n, found.n_values, found.column) == ("revenue", (2, 1), 2, "category")
    home, toys = found.rows
    assert (home.name, toys.name) == ("Home", "Toys")
    assert (home.overall, toys.overall) == pytest.approx((7000 / 9500, 2500 / 9500))
    assert home.values == pytest.approx((7000 / 8000, 0))
    assert toys.indexes == pytest.approx((100 * (1000 / 8000) / (2500 / 9500), 100 / (2500 / 9500)))


def test_channels_are_shares_of_orders_and_those_in_no_segment_count_nowhere() -> None:
    found = patterns()["channel"]
    assert [(row.name, row.overall, row.values) for row in found.rows] == [("web", 0.75, (0.5, 1.0)), ("store", 0.25, (0.5, 0.0))]


def test_an_order_with_two_values_counts_with_each() -> None:
    marks = (("a", "1", "web"), ("a", "1", "app"), ("a", "9", "web"), ("b", "2", "app"))
    found = patterns(rows=[(customer, order, "2024-01-02", 100, "", channel) for customer, order, channel in marks])["channel"]
    assert {row.name: row.values for row in found.rows} == {"app": (0.5, 1.0), "web": (1.0, 0.0)}
    assert [row.overall for row in found.rows] == [2 / 3, 2 / 3]


def test_a_basket_is_money_and_lines_of_an_order() -> None:
    value, lines = patterns()["basket"].rows
    assert value.values == (40.0, 10.0)
    assert value.overall == 25.0
    assert (lines.name, lines.values) == ("lines", (1.5, 1.0))
    assert [row.name for row in patterns(leave=("amount",))["basket"].rows] == ["lines"]


def test_pieces_of_an_order_are_told_where_they_are_of_the_orders_that_count() -> None:
    whole = source_of()
    known = catalogue(items_total=[12, 4, 99], frequency_orders=[2, 2, 1])
    told = replace(whole, population=replace(whole.population, catalogue=known))
    basket = next(pattern for pattern in find_patterns(told, PLACES, 2) if pattern.label == "basket")
    assert [(row.name, row.overall, row.values) for row in basket.rows[1:2]] == [("pieces", 4.0, (6.0, 2.0))]
    part = source_of(rows=ROWS[1:4] + ROWS[5:])  # an order of b is filtered away, the pieces are still of both
    left = replace(part, population=replace(part.population, catalogue=known))
    basket = next(pattern for pattern in find_patterns(left, PLACES, 2) if pattern.label == "basket")
    assert [row.name for row in basket.rows] == ["value", "lines"]


def test_quarters_are_those_of_full_years() -> None:
    season = patterns()["season"]
    assert [row.values for row in season.rows] == [(0.5, 0.0), (0.5, 0.0), (0.0, 0.75), (0.0, 0.25)]
    assert season.period == ("2024-01", "2024-12")
    assert patterns()["channel"].period is None
    assert "season" not in patterns(rows=ROWS[:3])


def test_where_one_value_is_nearly_everything_there_is_nothing_to_tell() -> None:
    rows = [("a", str(n), "2024-01-02", 100, "", "web") for n in range(99)] + [("b", "x", "2024-01-02", 100, "", "app")]
    assert "channel" not in patterns(rows=rows)


def test_only_the_largest_values_are_told_and_counted_all() -> None:
    rows = [("a", str(n), "2024-01-02", 100 + n, f"c{n}", "web") for n in range(9)]
    found = patterns(rows=rows)["category"]
    assert [row.name for row in found.rows] == [f"c{n}" for n in range(8, 8 - MOST_VALUES, -1)]
    assert found.n_values == 9


def test_a_segment_without_anybody_has_no_figures() -> None:
    found = patterns(places=np.array([1, 1, 0]))
    assert all(row.values[1] is None and row.indexes[1] is None for row in found["category"].rows)
    assert patterns(places=np.zeros(3, np.int64)) == {}


def test_the_order_of_the_lines_has_no_say() -> None:
    assert patterns(rows=ROWS[::-1]) == patterns()


def test_a_list_tells_what_is_spent_on_and_which_campaigns_were_accepted() -> None:
    known = catalogue(
        monetary_total=[100, 50, 10, 7],
        MntWine=[80, 10, 10, 7],
        MntFish=[20, 40, 0, 0],
        AcceptedCmp1=[1, 0, 0, 1],
        accepted_any=[1, 1, 0, 1],
        AcceptedCmp2=[0, 0, 0, 0],
        Age=[1, 0, 1, 0],
    )
    source = Source(Population("customers", np.array(list("abcd"), object), known, None))
    spend, campaigns = find_patterns(source, np.array([1, 2, 2, 0]), 2)
    assert (spend.label, [row.name for row in spend.rows]) == ("spend_on", ["Wine", "Fish"])
    assert spend.rows[0].values == pytest.approx((0.8, 20 / 60))
    assert (campaigns.label, campaigns.n) == ("campaigns", (1, 2))
    assert [(row.name, row.values) for row in campaigns.rows] == [("accepted_any", (1.0, 0.5)), ("AcceptedCmp1", (1.0, 0.0))]
