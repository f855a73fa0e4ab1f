"""Who left a segment, in a sentence: numbers by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from dashboard.components.segment_moves import left_sentences, movers_card, since_words
from dashboard.queries.migration import Movers, RunMigration
from segmentation.measures.migration import NOT_SEGMENTED, NOT_THERE, Migration
from tests.dashboard.pages.drawn import parts, words

NAMES = {1: "Champions", 2: "Regulars", NOT_THERE: "Not among the customers"}
SHOWN: Any = SimpleNamespace(currency="EUR")


def moved(customers: list[list[int]], money: list[list[float]] | None) -> list[str]:
    before = None if money is None else np.array(money)
    matrix = Migration((1, 2, NOT_THERE), (1, 2, NOT_THERE), np.array(customers), before, before)
    run: Any = None
    return left_sentences(SHOWN, RunMigration(run, run, matrix, NAMES, NAMES), "version 1")


def test_who_left_with_what_money_and_where_to() -> None:
    assert moved([[50, 200, 12], [0, 30, 0], [4, 1, 0]], [[9.0, 40_000.0, 1_000.0], [0.0, 5.0, 0.0], [0.0, 0.0, 0.0]]) == [
        "212 customers left “Champions” since version 1, taking €41.0\u00a0k of spend with them; most (200) went to “Regulars”. 4 came.",
        "Nobody left “Regulars” since version 1; 201 came.",
    ]
    assert (
        moved([[50, 7, 0], [0, 30, 0], [0, 0, 0]], None)[0]
        == "7 customers left “Champions” since version 1; all went to “Regulars”. 0 came."
    )


@pytest.mark.parametrize(
    ("cell", "title", "run", "cells"),
    [
        ((1, 2), "From “Champions” to “Regulars”", "now", ["€7.00", "€9.00"]),
        ((1, NOT_THERE), "From “Champions”, not among the customers any more", "before", ["€7.00", "–"]),
        ((NOT_THERE, 2), "New customers in “Regulars”", "now", ["–", "€9.00"]),
        ((NOT_SEGMENTED, 2), "From no segment to “Regulars”", "now", ["€7.00", "€9.00"]),
    ],
)
def test_the_list_behind_a_number_leads_to_customers_who_are_there(cell: tuple[int, int], title: str, run: str, cells: list[str]) -> None:
    runs: list[Any] = [SimpleNamespace(id="before"), SimpleNamespace(id="now")]
    matrix = Migration((1, 2), (1, 2), np.zeros((2, 2)), None, None)
    shown: Any = SimpleNamespace(currency="EUR", dataset=SimpleNamespace(id="d"), run=runs[1])
    drawn = movers_card(shown, RunMigration(*runs, matrix, NAMES, NAMES), cell, Movers(1, ["K7"], [7.0], [9.0]))
    assert title in words(drawn)
    assert [words(part) for part in parts(drawn) if type(part).__name__ == "Td"] == cells
    links = [part.href for part in parts(drawn) if getattr(part, "href", "").startswith("/customers")]
    assert f"/customers?run={run}&customer=K7" in links
    assert (f"/customers?run=now&moved={cell[0]}..{cell[1]}" in links) == (cell[1] != NOT_THERE)


def test_the_largest_part_is_not_called_most() -> None:
    assert moved([[50, 4, 6], [0, 30, 0], [0, 0, 0]], None)[0].startswith("10 customers left “Champions” since version 1; most (6) are not")
    assert "the largest part (5) went to “Regulars”" in moved([[50, 5, 5], [0, 30, 0], [0, 0, 0]], None)[0]


@pytest.mark.parametrize(
    ("until", "now", "words"),
    [
        ("2026-03-31", "2026-06-30", ("31 Mar 2026, the end of version 1", "31 Mar 2026")),
        ("2026-03-31", "2026-03-31", ("version 1", "version 1")),
        (None, None, ("version 1", "version 1")),
    ],
)
def test_since_when_is_the_last_day_of_the_version_before(until: str | None, now: str | None, words: tuple[str, str]) -> None:
    before, dataset = (SimpleNamespace(facts=SimpleNamespace(details={"report": {"date_max": day}})) for day in (until, now))
    version: Any = SimpleNamespace(dataset=before, number=1)
    assert since_words(dataset, version) == words  # type: ignore[arg-type]
    assert since_words(dataset, None) == ("the version before",) * 2  # type: ignore[arg-type]


def test_who_is_gone_and_nothing_of_money_without_any() -> None:
    assert moved([[50, 0, 1], [0, 30, 0], [0, 0, 0]], None) == [
        "1 customer left “Champions” since version 1, and is not among the customers any more. 0 came."
    ]
