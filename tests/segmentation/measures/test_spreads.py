"""What box plots can compare: by hand, and boxes of a pair under a filter against pandas."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
import pytest

from segmentation.measures.catalogue import CustomerCatalogue, CustomerColumn, Population
from segmentation.measures.demographics import find_boxes
from segmentation.measures.filters import read_filter
from segmentation.measures.indexed import Index, IndexedLook
from segmentation.measures.overview import overview_of_list
from segmentation.measures.refreshing import refresh
from segmentation.measures.selection import Source
from segmentation.measures.spreads import choose_spreads, list_choices, spread_pair

N = 60


def column(name: str, kind: Literal["number", "category", "text"]) -> CustomerColumn:
    return CustomerColumn(name, name, name.replace("_", " "), kind)


def catalogue_of(numbers: dict[str, object], categories: dict[str, object], texts: dict[str, object] | None = None) -> CustomerCatalogue:
    kinds = {**dict.fromkeys(numbers, "number"), **dict.fromkeys(categories, "category"), **dict.fromkeys(texts or {}, "text")}
    frame = pd.DataFrame({**numbers, **categories, **(texts or {})}, index=range(N))
    return CustomerCatalogue(tuple(column(name, kind) for name, kind in kinds.items()), frame)  # type: ignore[arg-type]


def in_turn(*texts: str) -> list[str]:
    return [texts[place % len(texts)] for place in range(N)]


def spend() -> np.ndarray:
    return np.arange(float(N))


def test_what_can_be_compared():
    numbers = {"Height": spend(), "monetary_total": spend(), "birth_year": spend(), "yes": spend() % 2, "same": spend() * 0}
    categories = {
        "Shoe": in_turn("a", "b"),
        "gender": in_turn("f", "m"),
        "twelve": in_turn(*"abcdefghijkl"),
        "thirteen": in_turn(*"abcdefghijklm"),
        "one": in_turn("a"),
        "odd": ["a"] * 58 + ["b"] * 2,
        "three": ["a"] * 57 + ["b"] * 3,
    }
    found = list_choices(catalogue_of(numbers, categories, {"Name": [f"n{place}" for place in range(N)], "email": in_turn("x@y", "z@y")}))
    assert [each.column for each in found.numbers] == ["monetary_total", "Height"]
    assert [(each.column, each.n_groups) for each in found.categories] == [("gender", 2), ("Shoe", 2), ("twelve", 12), ("three", 2)]
    assert found.allow("Height", "twelve")
    for pair in (("Height", "email"), ("Name", "gender"), ("gender", "Height"), ("Height", "Height"), ("gone", "gender"), ("", "")):
        assert not found.allow(*pair), pair


def chosen(catalogue: CustomerCatalogue) -> list[tuple[str, str]]:
    return [(each.number_column, each.column) for each in choose_spreads(catalogue, list_choices(catalogue))]


def test_income_and_spend_by_education_come_first():
    both = {"monetary_total": spend(), "income": spend()}
    few = {"gender": in_turn("f", "m"), "education": in_turn("a", "b", "c")}
    assert chosen(catalogue_of(both, few)) == [("income", "education"), ("monetary_total", "education")]
    assert chosen(catalogue_of(both, {"Shoe": in_turn("a", "b")})) == [("monetary_total", "Shoe")]
    assert chosen(catalogue_of(both, {"education": in_turn(*"abcdefghi"), "gender": in_turn("f", "m")})) == [
        ("income", "gender"),
        ("monetary_total", "gender"),
    ]


def test_what_else_there_is_is_drawn_rather_than_nothing():
    assert chosen(catalogue_of({"Height": spend()}, {"country": in_turn("a", "b")})) == [("Height", "country")]
    assert chosen(catalogue_of({"Height": spend()}, {"country": in_turn(*"abcdefghi")})) == []
    assert chosen(catalogue_of({}, {"country": in_turn("a", "b")})) == []


def test_a_number_known_in_one_group_only_has_nothing_to_compare():
    values = np.where(np.arange(N) % 2, np.nan, spend())
    assert spread_pair(catalogue_of({"Height": values}, {"Shoe": in_turn("a", "b")}), "Height", "Shoe") is None


def test_customers_without_the_number_are_counted_beside_those_with_it():
    found = find_boxes("height", "shoe", None, np.array([1, np.nan, 3, 4, np.nan, 6.0]), ["a", "a", "a", "b", None, "b"])
    assert found is not None
    assert {box.name: (box.n, box.n_unknown) for box in found.boxes} == {"a": (2, 1), "b": (2, 0)}
    assert found.n == 4


@pytest.mark.parametrize("text", ["gender:f", "Shoe:b", "gender:f;Shoe:a|c", "Height:10..40"])
def test_a_pair_under_a_filter_is_that_of_pandas(text):
    rng = np.random.default_rng(3)
    heights = rng.normal(170, 9, N)
    heights[::7] = np.nan
    catalogue = catalogue_of({"Height": heights, "age": spend()}, {"Shoe": in_turn("a", "b", "c"), "gender": rng.choice(["f", "m"], N)})
    source = Source(Population("customers", np.array([f"c{place:02}" for place in range(N)], dtype=object), catalogue))
    found = spread_pair(catalogue, "Height", "Shoe")
    assert found is not None
    base = overview_of_list(source.population)
    left = refresh(base.__class__(**{**vars(base), "boxes": (found,)}), read_filter(text), IndexedLook(Index(source)))
    frame = catalogue.frame
    if "gender" in text:
        frame = frame[frame["gender"] == "f"]
    if "Height" in text:
        frame = frame[(frame["Height"] >= 10) & (frame["Height"] < 40)]
    known = frame.dropna(subset="Height").groupby("Shoe")["Height"]
    assert {box.name: box.n for box in left.boxes[0].boxes} == known.size().to_dict()
    for box in left.boxes[0].boxes:
        assert box.quartiles == pytest.approx(known.quantile([0.25, 0.5, 0.75])[box.name].tolist())
        assert box.n_unknown == int(frame[frame["Shoe"] == box.name]["Height"].isna().sum())
