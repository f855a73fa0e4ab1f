"""Orders by value, age against spend, and regions by categories by seasons, against numbers worked out by hand."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from segmentation.measures.baskets import bin_orders
from segmentation.measures.catalogue import CustomerCatalogue, CustomerColumn, Population
from segmentation.measures.crossings import cross_ages, cross_seasons
from segmentation.measures.filters import read_filter
from segmentation.measures.indexed import Index, IndexedLook
from segmentation.measures.lines import Lines
from segmentation.measures.selection import Source, find_varying, is_of_customers, narrow

COLUMNS = tuple(
    CustomerColumn(name, None, name, kind, name) for name, kind in (("age", "number"), ("monetary_total", "number"), ("region", "category"))
)
FRAME = pd.DataFrame({"age": [20.0, 30.0, np.nan, 300.0], "monetary_total": [5.0, 50.0, 7.0, 9.0], "region": ["N", "S", "N", None]})


def seconds(day: str) -> int:
    return int(pd.Timestamp(day).timestamp())


def log() -> Lines:
    days = ["2024-01-05", "2024-01-05", "2024-07-01", "2024-12-31", "2024-04-02"]
    return Lines(
        customers=np.array([0, 0, 1, 1, 3]),
        n_customers=4,
        orders=np.array([0, 0, 1, 2, 3]),
        order_customers=np.array([0, 1, 1, 3]),
        units=np.array([100, 250, 4000, 1000, 900]),
        scale=2,
        seconds=np.array([seconds(day) for day in days]),
        order_seconds=np.array([seconds(days[place]) for place in (0, 2, 3, 4)]),
        cells={"category": pa.array(["tea", "cups", "tea", "tea", "cups"]).dictionary_encode()},
    )


def source(lines: Lines | None) -> Source:
    return Source(Population("transactions", np.array(list("abcd"), object), CustomerCatalogue(COLUMNS, FRAME)), None, lines)


def test_orders_by_value():
    lines = log()
    assert lines.order_values().tolist() == [3.5, 40.0, 10.0, 9.0]
    whole = bin_orders(lines)
    assert whole is not None
    assert (whole.n, sum(whole.counts)) == (4, 4)


@pytest.mark.parametrize(
    ("text", "orders", "is_whole"),
    [
        ("@order_value:9..40", [9.0, 10.0], True),  # an order of 40 is not below 40
        ("@order_value:3.5|40..", [3.5, 40.0], True),
        ("category:cups", [2.5, 9.0], False),  # a cup without its tea
        ("category:cups;@order_value:..5", [2.5], False),  # what the order came to, tea and all, is below 5
        ("category:tea|cups", [3.5, 9.0, 10.0, 40.0], True),
    ],
)
def test_orders_are_chosen_by_what_the_whole_of_them_came_to(text, orders, is_whole):
    all_of_it, chosen = source(log()), read_filter(text)
    view = IndexedLook(Index(all_of_it))(chosen)
    left = narrow(all_of_it, chosen).lines
    assert left is not None
    assert sorted(view.order_values()) == sorted(left.order_values()) == orders
    assert view.has_whole_orders is is_whole


def test_age_against_spend():
    whole = cross_ages(source(None), np.ones(4, bool))
    assert whole is not None
    assert whole.n == 2
    assert np.sum(whole.counts, axis=0).tolist() == [0, 1, 1, 0, 0, 0, 0]
    one = cross_ages(source(None), np.array([False, True, True, True]), whole)
    assert one is not None
    assert (one.spend.edges, one.n) == (whole.spend.edges, 1)
    assert np.sum(one.counts, axis=0).tolist() == [0, 0, 1, 0, 0, 0, 0]
    nobody = cross_ages(source(None), np.zeros(4, bool), whole)
    assert nobody is not None
    assert nobody.n == 0


def test_a_year_of_regions_categories_and_seasons():
    lines = log()
    assert cross_seasons(source(lines), np.ones(5, bool)) is None  # less than twelve months
    days = pd.date_range("2024-01-15", periods=12, freq="MS")
    n = len(days)
    year = Lines(
        customers=np.tile([0, 1], 6),
        n_customers=4,
        orders=np.arange(n),
        order_customers=np.tile([0, 1], 6),
        units=np.arange(1, n + 1),
        seconds=days.to_numpy().astype("datetime64[s]").astype(np.int64),
        cells={"category": pa.array(["tea", "cups"] * 6).dictionary_encode()},
    )
    table = cross_seasons(source(year), np.ones(n, bool))
    assert table is not None
    assert (table.place, table.goods, table.n_lines, table.has_money) == ("region", "category", n, True)
    assert (table.places, table.kinds) == (("S", "N"), ("cups", "tea"))
    assert table.months[0] == ("2024-02", "2024-12", "2025-01")
    # Customer 0 (N) buys tea in Feb, Apr, ... (units 1, 3, 5, ...), customer 1 (S) cups in Mar, May, ... (2, 4, 6, ...).
    assert [season[0][0] for season in table.values] == [12, 2 + 4, 6, 8 + 10]
    assert [season[1][1] for season in table.values] == [1 + 11, 3, 5 + 7, 9]
    assert all(season[0][1] == season[1][0] == 0 for season in table.values)
    few = cross_seasons(source(year), np.arange(n) < 1, table)
    assert few is not None
    assert (few.n_lines, few.values[0][1][1]) == (1, 1)


@pytest.mark.parametrize("missing", ["age", "monetary_total"])
def test_without_age_or_spend_there_is_nothing_to_cross(missing):
    kept = tuple(column for column in COLUMNS if column.name != missing)
    known = Source(Population("customers", np.array(list("abcd"), object), CustomerCatalogue(kept, FRAME.drop(columns=missing))))
    assert cross_ages(known, np.ones(4, bool)) is None


def test_a_region_that_differs_from_order_to_order_is_that_of_the_order():
    lines = log()
    lines = Lines(**{**vars(lines), "cells": {"region": pa.array(["N", "N", "S", "S", "N"]).dictionary_encode()}})
    population = source(lines).population
    assert find_varying(population, lines) == frozenset()  # nobody has two
    moved = Lines(**{**vars(lines), "cells": {"region": pa.array(["N", "N", "S", "N", None]).dictionary_encode()}})
    assert find_varying(population, moved) == {"region"}  # customer 1, the only one with two orders
    known = Source(population, None, moved, varying=find_varying(population, moved))
    assert (is_of_customers(known, "region"), is_of_customers(known, "age")) == (False, True)
    assert "region" not in known.catalogue.frame
    assert "region" in known.population.catalogue.frame  # the customer's page still tells the latest
