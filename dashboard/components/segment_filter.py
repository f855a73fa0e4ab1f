"""The filter on the page of segments: chips that take a condition off, how much is left, and what does not follow it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html

from dashboard.components.basics import aria, href, icon
from dashboard.components.filters import condition_words
from dashboard.formats import money, whole
from dashboard.queries.filtering import Field, find_field
from dashboard.queries.segments import SegmentsOfRun
from segmentation.measures.filters import SEGMENT, Condition, write_filter

_PATH = "/segments"


def filter_bar(shown: SegmentsOfRun, query: Mapping[str, str], fields: Sequence[Field]) -> list[Any]:
    """Draw the conditions with what they leave; nothing without a filter."""
    if not shown.chosen or shown.left is None:
        return []
    chips = [_chip(condition, shown, query, find_field(fields, condition.column)) for condition in shown.chosen.conditions]
    reset = dcc.Link("Reset", href=href(_PATH, {**query, "filter": ""}), className="btn ghost small", title="Take all filters off")
    change = dcc.Link(
        "Change on the overview", href=href("/", {"dataset": shown.dataset.id, "run": shown.run.id, "filter": query["filter"]})
    )
    return [
        html.Div([*chips, reset, _left(shown, shown.left), change], className="bar"),
        html.P(_note(shown, shown.left), className="xs dim follows"),
    ]


def _chip(condition: Condition, shown: SegmentsOfRun, query: Mapping[str, str], field: Field) -> html.Span:
    words = condition_words(condition, field, shown.currency)
    rest = href(_PATH, {**query, "filter": write_filter(shown.chosen.without((condition.column,)))})
    off = dcc.Link(html.Span([icon("cross"), html.Span(f"Take off: {field.label} {words}", className="vh")]), href=rest, className="off")
    return html.Span([html.Span(f"{field.label}:"), words, off], className="chip")


def _left(shown: SegmentsOfRun, left: Mapping[str, Any]) -> html.Span:
    share = shown.n_segmented / left["n_all"] if left["n_all"] else 0.0
    told: list[Any] = [html.B(whole(shown.n_segmented)), f" of {whole(left['n_all'])} customers in segments"]
    if left["revenue"] and left["revenue_all"]:
        told += [", ", html.B(money(sum(left["revenue"]), shown.currency)), f" of {money(left['revenue_all'], shown.currency)}"]
    return html.Span([html.I(style={"--v": f"{100 * share:.1f}%"}, **aria(hidden="true")), html.Span(told)], className="left")


def _note(shown: SegmentsOfRun, left: Mapping[str, Any]) -> str:
    words = (
        "Shares, comparison and habits are of what is left; "
        "verdicts, what sets a segment apart, the map, who moved and the evidence are of everybody."
    )
    if left["is_by_purchases"]:
        words += " Revenue is that of the purchases left; what is compared with the average is a customer’s over all purchases."
    if SEGMENT in shown.chosen.columns:
        words += " All segments are shown side by side, also those not chosen."
    return words
