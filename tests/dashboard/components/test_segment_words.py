"""Words and colour steps of the page of segments, at their limits."""

from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.components.index_table import step_of, value_text
from dashboard.components.segment_cards import segment_card, typeset, verdict_sentence
from dashboard.components.segment_key import segment_colours
from dashboard.components.segment_words import _finding, at_risk_words, number_word, structure_words
from dashboard.queries.segments import SegmentsOfRun, ShownSegment
from segmentation.clusters import structure
from segmentation.measures.filters import read_filter


def segment(verdict: str, stability: float | None) -> ShownSegment:
    return ShownSegment(1, "A", "Big", "", 10, 0.5, None, None, stability, verdict, (), None, "")


@pytest.mark.parametrize(
    ("index", "step"),
    [(0, 0), (32.9, 0), (33, 1), (60, 2), (80, 3), (94.9, 3), (95, 4), (105, 4), (105.1, 5), (125, 5), (167, 6), (300, 7), (300.1, 8)],
)
def test_colour_steps_are_those_of_the_style(index: float, step: int) -> None:
    assert step_of(index) == step


@pytest.mark.parametrize(
    ("verdict", "stability", "level", "sentence"),
    [
        ("use", 0.942, "clear", "94 of 100 customers stay when the run is repeated."),
        ("use with care", 0.71, "clear", "71 of 100 customers stay when the run is repeated. Test first."),
        ("use with care", 0.8, "none", "80 of 100 customers stay when the run is repeated. There are no clear groups here. Test first."),
        ("use with care", 0.9, "some", "90 of 100 customers stay when the run is repeated. It is small. Test first."),
        (
            "use with care",
            0.9,
            "unknown",
            "90 of 100 customers stay when the run is repeated. Too few customers to tell it from chance. Test first.",
        ),
        ("do not target", 0.52, "some", "Only 52 of 100 customers stay when the run is repeated."),
        ("use", None, "some", "Made by a rule, so nobody moves when it is repeated."),
    ],
)
def test_a_verdict_says_what_it_rests_on(verdict: str, stability: float | None, level: str, sentence: str) -> None:
    assert verdict_sentence(segment(verdict, stability), level) == sentence


def test_numbers_in_sentences_are_set_as_on_pages() -> None:
    assert typeset("Spends 12 % of 1.5 k, 3 km away") == "Spends 12% of 1.5\u00a0k, 3 km away"
    assert typeset("Balance: -3.8 (all: -€0.15, -R$2), A-1, 2-3 - 4") == "Balance: −3.8 (all: −€0.15, −R$2), A-1, 2-3 - 4"


@pytest.mark.parametrize(
    ("row", "text"),
    [({"unit": "money"}, "€1,760"), ({"unit": "days"}, "1,760"), ({"unit": None, "is_flag": True}, "176000%")],
)
def test_a_figure_has_its_unit(row: dict[str, Any], text: str) -> None:
    assert value_text(1760.0, row, "EUR") == text


def test_a_letter_beyond_ten_has_no_colour_of_its_own() -> None:
    assert segment_colours("J") == {"--c": "var(--seg-10)", "--on": "var(--seg-10-on)"}
    assert segment_colours("AB")["--c"] == segment_colours("K")["--c"] == "var(--cl-ref)"


def test_small_numbers_are_words() -> None:
    assert (number_word(5), number_word(12), number_word(13)) == ("five", "twelve", "13")


def run_of(*shares: tuple[int, float | None], risk: dict[str, Any] | None = None) -> SegmentsOfRun:
    """A run of segments named A, B, C with their customers (of 100) and shares of revenue."""
    segments = [
        ShownSegment(place, "ABC"[place], "ABC"[place], "", size, size / 100, revenue, None, None, "use", (), None, "")
        for place, (size, revenue) in enumerate(shares)
    ]
    nothing: Any = None
    return SegmentsOfRun(Currency(), nothing, segments, {}, None, left={"at_risk": risk})  # type: ignore[arg-type]


class Currency:
    """A dataset of which only the currency is asked."""

    facts = None


@pytest.mark.parametrize(
    ("shares", "sentence"),
    [
        ([(20, 0.6), (30, 0.35), (50, 0.05)], "Two of three segments, 50% of customers, bring 95% of revenue: “A” and “B”."),
        ([(20, 0.8), (80, 0.2)], "One of two segments, 20% of customers, brings 80% of revenue: “A”."),
        ([(60, 0.5), (15, 0.3), (25, 0.2)], "One of three segments, 15% of customers, brings 30% of revenue: “B”."),
        ([(51, 0.52), (49, 0.48)], "The segments bring about as much revenue as they have customers."),
        ([(100, 1.0)], "All customers are in one segment."),
        ([(0, 0.0), (7, 1.0), (0, 0.0)], "All 7 customers left are in “B”."),
        ([(30, None), (70, None)], "“B”: 70% of customers, the largest segment."),
        ([(0, 0.0), (0, 0.0)], "Nobody in a segment is left. Take a filter off."),
    ],
)
def test_the_lead_says_how_few_bring_how_much(shares: list[tuple[int, float | None]], sentence: str) -> None:
    assert _finding(run_of(*shares)) == sentence


@pytest.mark.parametrize("level", ["clear", "some", "none"])
def test_whether_there_are_groups_is_said_without_the_figures(level: Any) -> None:
    written = structure._sentence(level, "(2,000 of the customers in 3 compact groups: silhouette 0.46; 0.41 in a cloud without groups)")
    said = structure_words(replace(run_of((100, 1.0)), report={"structure": {"verdict": written}}))
    assert re.fullmatch(r"[A-Z][^():]+\.", said), said
    few = "12 customers are too few, or too alike, to tell groups from chance."
    assert structure_words(replace(run_of((100, 1.0)), report={"structure": {"verdict": few}})) == few


def test_the_order_of_the_segments_is_that_of_the_run() -> None:
    paid, unpaid = run_of((30, 0.6), (70, 0.4)), run_of((70, None), (30, None))
    in_debt = replace(unpaid, segments=[replace(segment, revenue=-1.0) for segment in unpaid.segments])
    assert [run.order_words for run in (paid, unpaid, in_debt)] == ["in order of revenue", "the largest first", "in order of revenue"]
    assert replace(paid, chosen=read_filter("country:France")).order_words == "in the order of the whole run"
    assert replace(paid, chosen=read_filter("@segment:1")).order_words == "in order of revenue"


def test_who_is_at_risk_is_said_with_what_is_at_stake() -> None:
    risk = {"money_from": 940.0, "days_from": 72.0, "n": 8, "money": 85_200.0, "segments": [2, 6]}
    assert at_risk_words(run_of((50, 0.6), (50, 0.4), risk=risk)) == (
        "8 customers (8%) spent 940 or more but last bought 72 days ago or longer, 6 of them in “B”. "
        "What they have spent, 85.2\u00a0k, is at stake."
    )
    assert "1 day ago or longer" in str(at_risk_words(run_of((50, 0.6), (50, 0.4), risk={**risk, "days_from": 1.0})))
    assert at_risk_words(run_of((50, 0.6), (50, 0.4))) is None
    assert at_risk_words(run_of((50, 0.6), (50, 0.4), risk={**risk, "n": 0})) is None


def test_a_card_says_once_how_few_its_means_are_of() -> None:
    few = replace(segment("use", 0.9), differences=("13 orders (all: 4), only 27 customers", "Spends 12 % of it, only 27 customers"))
    mixed = replace(few, differences=("13 orders (all: 4), only 27 customers", "Income: 5 (all: 6), only 1 customer"))
    shown = SegmentsOfRun(None, SimpleNamespace(id="r"), (few, mixed), {}, None)  # type: ignore[arg-type]
    cards = [str(segment_card(each, shown, 0.5, can_edit=False).to_plotly_json()) for each in (few, mixed)]
    assert "Li('Spends 12% of it')" in cards[0]
    assert cards[0].count("only 27 customers") == 1
    assert "only 27 customers" in cards[1]
    assert "only 1 customer'" in cards[1]


def test_a_name_that_was_kept_is_told_apart_from_what_the_numbers_say() -> None:
    kept = replace(segment("use", 0.9), name_now="Quiet, low spend")
    shown = SegmentsOfRun(None, SimpleNamespace(id="r"), (kept,), {}, None)  # type: ignore[arg-type]
    assert "by its numbers it is “Quiet, low spend” now" in str(segment_card(kept, shown, 0.5, can_edit=False).to_plotly_json())
    assert "by its numbers" not in str(segment_card(segment("use", 0.9), shown, 0.5, can_edit=False).to_plotly_json())


def test_money_that_cannot_be_shared_out_stands_on_no_card() -> None:
    lost = replace(segment("use", 0.9), revenue=-26.4)
    shown = SegmentsOfRun(Currency(), SimpleNamespace(id="r"), (lost,), {}, None)  # type: ignore[arg-type]
    assert "26.4" not in str(segment_card(lost, shown, 0.5, can_edit=False).to_plotly_json())
    paid = replace(lost, share_revenue=0.5)
    assert "26.4" in str(segment_card(paid, shown, 0.5, can_edit=False).to_plotly_json())


def test_a_card_says_more_about_them_where_there_is_more() -> None:
    silent = segment("use", 0.9)
    told = replace(silent, remarks=("Campaigns: 60 % accepted one or more (n = 10)",))
    shown = SegmentsOfRun(None, SimpleNamespace(id="r"), (told, silent), {}, None)  # type: ignore[arg-type]
    cards = [str(segment_card(each, shown, 0.5, can_edit=False).to_plotly_json()) for each in (told, silent)]
    assert "More about them" in cards[0]
    assert "Campaigns: 60% accepted one or more (n = 10)" in cards[0]
    assert "More about them" not in cards[1]
