"""The index table: its orders, and where its cells lead."""

from __future__ import annotations

from typing import Any

import pytest

from dashboard.components.index_table import sort_rows

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


def test_half_as_much_is_as_far_as_twice_and_nothing_at_all_is_furthest() -> None:
    rows = [{"name": str(index), "segments": [{"n": 5, "index": index}]} for index in (199, 50, 0, 105)]
    found = sort_rows(rows, [1], "difference")
    assert found is not None
    assert [row["name"] for row in found] == ["0", "50", "199", "105"]
