"""Shares of spend by category, counted by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from segmentation.errors import InvalidInputError
from segmentation.measures.catalogue import CustomerCatalogue, CustomerColumn
from segmentation.measures.features import choose_features
from segmentation.measures.lines import read_lines
from segmentation.measures.mix import MOST_SHARES, add_mix, find_largest, takes_mix
from segmentation.measures.recipe import MIX, Recipe

ROWS = [
    ("a", "Wine", 300), ("a", "Cheese", 100), ("b", "Wine", 500), ("b", "Wine", -100), ("b", "Cheese", -50),
    ("c", None, 70), ("c", "Bread & more", 30), ("d", "Cheese", -10),
]  # fmt: skip
AGE = CustomerColumn("age", "Age", "age", "number", "age")


def log(rows: list[tuple[str, str | None, int]]) -> pa.Table:
    customers, categories, amounts = (pa.array(part) for part in zip(*rows, strict=True))
    return pa.table(
        {"customer_id": customers.dictionary_encode(), "category": categories.cast(pa.string()).dictionary_encode(), "amount": amounts}
    )


def mixed(rows: list[tuple[str, str | None, int]], ids: list[str], most: tuple[str, ...] | None = None) -> CustomerCatalogue:
    lines = read_lines(log(rows), pa.array(ids))
    labels = lines.labels("category")
    assert lines.units is not None
    catalogue = CustomerCatalogue((AGE,), pd.DataFrame({"age": np.arange(len(ids), dtype=float)}))
    return add_mix(catalogue, lines, labels, find_largest(labels, lines.units) if most is None else most)


def test_shares_are_of_what_was_spent() -> None:
    found = mixed(ROWS, ["a", "b", "c", "d"])
    assert [column.name for column in found.columns] == ["age", "share_of_wine", "share_of_cheese", "share_of_bread_more"]
    assert found.columns[1].label == "share of Wine"
    assert found.frame["share_of_wine"].tolist()[:3] == [0.75, 1.0, 0.0]
    assert found.frame["share_of_cheese"].tolist()[:3] == [0.25, 0.0, 0.0]
    assert found.frame["share_of_bread_more"].tolist()[:3] == [0.0, 0.0, 0.3], "what has no category counts in the whole"
    assert found.frame.iloc[3, 1:].isna().all(), "nothing was spent"


def test_the_order_of_the_rows_and_of_other_customers_has_no_say() -> None:
    whole = mixed(ROWS, ["a", "b", "c", "d"]).frame
    pd.testing.assert_frame_equal(mixed(ROWS[::-1], ["a", "b", "c", "d"]).frame, whole)
    alone = mixed(ROWS, ["b"], ("Wine", "Cheese", "Bread & more")).frame
    assert alone.iloc[0, 1:].tolist() == whole.iloc[1, 1:].tolist()


def test_the_largest_have_a_feature_each() -> None:
    rows = [("a", f"goods {place}", 100 * (place // 2 + 1)) for place in range(12)]
    lines = read_lines(log(rows), pa.array(["a"]))
    assert lines.units is not None
    found = find_largest(lines.labels("category"), lines.units)
    assert found == ("goods 10", "goods 11", "goods 8", "goods 9", "goods 6", "goods 7", "goods 4", "goods 5")
    assert len(found) == MOST_SHARES
    frame = mixed(rows, ["a"]).frame
    assert frame.iloc[0, 1:].sum() == pytest.approx(1 - (200 + 400) / (2 * (100 + 200 + 300 + 400 + 500 + 600)))


def test_one_category_alone_is_no_mix() -> None:
    assert mixed([("a", "Wine", 3), ("b", "Wine", 2), ("b", "Cheese", -2)], ["a", "b"]).columns == (AGE,)


def test_names_that_would_be_the_same_differ() -> None:
    found = mixed([("a", "Wine!", 3), ("a", "wine", 2), ("a", "酒", 1), ("a", "!!", 1)], ["a"])
    assert [column.name for column in found.columns[1:]] == ["share_of_wine", "share_of_wine_2", "share_of_category", "share_of_酒"]


def test_the_scenario_takes_the_shares_and_nothing_else() -> None:
    chosen, _ = choose_features(mixed(ROWS, ["a", "b", "c", "d"]), Recipe(scenario=MIX), "transactions")
    assert [column.name for column in chosen] == ["share_of_wine", "share_of_cheese", "share_of_bread_more"]
    with pytest.raises(InvalidInputError, match="needs a log"):
        choose_features(CustomerCatalogue((AGE,), pd.DataFrame({"age": [1.0, 2.0]})), Recipe(scenario=MIX), "customers")


def test_who_takes_the_mix() -> None:
    assert takes_mix(Recipe(scenario=MIX))
    assert takes_mix(Recipe(features=("age", "share_of_wine")))
    assert not takes_mix(Recipe(scenario="all"))
    assert not takes_mix(Recipe(features=("age",)))
