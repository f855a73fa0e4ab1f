"""How segments buy: bars where there are some, words where there is nothing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from dashboard.components.habits import habit_rows
from tests.dashboard.pages.drawn import of_class, words

HABITS: dict[str, Any] = {
    "weekdays": [[0.5, 0.5, 0, 0, 0, 0, 0], [0] * 7],
    "months": [[0.25, 0.75], [0, 0]],
    "first_month": "2026-01",
    "first_second": 1_767_225_600,
    "last_second": 1_772_236_800,
    "goods": "category",
    "n_goods": 2,
    "top_goods": [[("Toys", 0.75), ("Home", 0.25)], []],
    "has_money": True,
}


def test_a_segment_without_orders_has_words_and_no_bars() -> None:
    shown: Any = SimpleNamespace(segments=[SimpleNamespace(letter=letter, name=letter) for letter in "AB"])
    cells = of_class(habit_rows(shown, HABITS), "pc")
    full, empty = cells[::2], cells[1::2]
    assert [bool(of_class(cell, "bars") or of_class(cell, "good")) for cell in full] == [True] * 3
    assert [words(cell) for cell in empty] == ["No orders", "No revenue in these months", "Nothing bought"]
