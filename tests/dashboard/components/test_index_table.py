"""The index table: its orders, and where its cells lead."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.components.index_table import index_table, pattern_rows, sort_rows
from segmentation.measures.filters import EVERYBODY

ROWS: list[dict[str, Any]] = [
    {"name": name, "segments": [{"n": 5, "index": index} for index in indexes]}
    for name, indexes in (("even", (100, 101)), ("half", (90, 50)), ("triple", (300, 40)), ("unknown", (None, None)))
]
IDS = [3, 7]


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("3", ["triple", "even", "half", "unknown"]),
        ("-3", ["half", "even", "triple", "unknown"]),
        ("7", ["even", "half", "triple", "unknown"]),
        ("difference", ["triple", "half", "even", "unknown"]),
    ],
)
def test_rows_are_sorted_by_a_segment_or_by_how_much_they_differ(sort: str, names: list[str]) -> None:
    rows = sort_rows(ROWS, IDS, sort)
    assert rows is not None
    assert [row["name"] for row in rows] == names


@pytest.mark.parametrize("sort", [None, "", "groups", "9", "--3", "3; drop"])
def test_anything_else_leaves_the_groups(sort: str | None) -> None:
    assert sort_rows(ROWS, IDS, sort) is None


@pytest.mark.parametrize(
    ("index", "text"), [(None, "–"), (0.0, "0"), (0.2, "<1"), (0.5, "<1"), (0.51, "1"), (99.6, "100"), (14_771.2, "14,771")]
)
def test_next_to_nothing_does_not_read_as_nothing(index: float | None, text: str) -> None:
    shown: Any = SimpleNamespace(
        run=SimpleNamespace(id="r"), segments=[SimpleNamespace(segment_id=1, letter="A", name="A")], currency="EUR"
    )
    shown.chosen = EVERYBODY
    row = {"name": "x", "label": "x", "role": None, "unit": None, "overall": 1.0, "group": "Other"}
    drawn = index_table(shown, {"numbers": [{**row, "segments": [{"n": 5, "mean": 1.0, "index": index}]}], "n_left_out": 0})
    assert f"B('{text}')" in str(drawn[-1])


def test_a_season_says_which_months_count() -> None:
    shown: Any = SimpleNamespace(run=SimpleNamespace(id="r"), segments=[], currency=None, chosen=EVERYBODY)
    season = {"label": "season", "base": "revenue", "rows": [], "n_values": 4, "period": ("2010-12", "2011-11")}
    basket = {"label": "basket", "base": "one order", "rows": [], "n_values": 2, "period": None}
    drawn = str(pattern_rows(shown, [basket, season]))
    assert "Season, share of their revenue, the 0 largest of 4, Dec 2010 – Nov 2011" in drawn
    assert "One order, mean of all orders" in drawn


def test_half_as_much_is_as_far_as_twice_and_nothing_at_all_is_furthest() -> None:
    rows = [{"name": str(index), "segments": [{"n": 5, "index": index}]} for index in (199, 50, 0, 105)]
    found = sort_rows(rows, [1], "difference")
    assert found is not None
    assert [row["name"] for row in found] == ["0", "50", "199", "105"]
