"""What goes together: what goes with a column, and how a number differs between groups, each with a picture and its sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard.components.basics import aria, card, hidden, icon
from dashboard.components.predict_words import capital, value_words
from dashboard.components.segment_cards import typeset
from dashboard.formats import whole
from database.jobs import Job
from segmentation.measures.catalogue import CustomerColumn

DRIVERS, EFFECT = "drivers", "effect"
"""The two questions of the page."""
_LOOK_EVERY_MS = 400
_TITLES = {DRIVERS: "What goes with a column?", EFFECT: "How do groups differ?"}
_FINDINGS = {
    DRIVERS: "Which other columns tell how high it is, tried on customers that the search had not seen.",
    EFFECT: "A number in the groups of a column, with what chance alone could make of it.",
}
_NOTES = {
    DRIVERS: "Bars: how much worse the guess gets without the column; the longest is 100.",
    EFFECT: "The dot is the middle of the group; the line holds it in 95 of 100 cases.",
}
_WAY = {"more": "more goes with more", "less": "more goes with less", "unclear": ""}


def part_id(part: str, what: str) -> dict[str, str]:
    """Return the id of a part of a question: "question", "look" or "answer"."""
    return {"type": f"drive-{part}", "what": what}


def question_card(what: str, asked: Mapping[str, Any], columns: Sequence[CustomerColumn], answer: Any, is_over: bool) -> html.Section:
    """Draw a question with its pickers and what is known of the answer."""
    body = [
        dcc.Store(id=part_id("question", what), data=dict(asked)),
        dcc.Interval(id=part_id("look", what), interval=_LOOK_EVERY_MS, disabled=is_over),
        html.Div(_pickers(what, asked, columns), className="pickers"),
        html.Div(answer, id=part_id("answer", what), **aria(live="polite")),
    ]
    return card(_TITLES[what], body, _FINDINGS[what], _NOTES[what], look=what)


def _pickers(what: str, asked: Mapping[str, Any], columns: Sequence[CustomerColumn]) -> list[Any]:
    numbers = [column for column in columns if column.kind == "number"]
    words = [column for column in columns if column.kind == "category"]
    if what == DRIVERS:
        return [_picker(what, "number", "Column", [*numbers, *words], asked["number"])]
    return [
        _picker(what, "number", "Number", numbers, asked["number"]),
        _picker(what, "category", "in groups by", [*words, *numbers], asked["category"]),
    ]


def _picker(what: str, field: str, words: str, columns: Sequence[CustomerColumn], value: str) -> html.Label:
    options = [{"value": column.name, "label": capital(column.label)} for column in columns]
    select = dbc.Select(id={"type": "drive-pick", "what": what, "field": field}, options=options, value=value)
    return html.Label([html.Span(words), select])


def draw_answer(what: str, job: Job | None, currency: str | None, columns: Sequence[CustomerColumn]) -> Any:
    """Draw what is known of a question: that it is being looked at, why there is no answer, or the answer."""
    if job is None or not job.is_over:
        is_waiting = job is None or job.state == "queued"
        words = "Waiting for its turn." if is_waiting else "Reading the customers and trying every column. This takes some seconds."
        return html.P([html.Span(className="dot"), words], className="asking", role="status")
    if job.state != "done" or job.result is None:
        return _refused(job.error or {"title": "This was cancelled.", "fix": "Choose another column."})
    return _drivers(job.result, columns) if what == DRIVERS else _effect(job.result, currency, columns)


def _refused(error: Mapping[str, Any]) -> html.Div:
    more = " ".join(str(error[part]) for part in ("detail", "fix") if error.get(part))
    return html.Div([icon("info"), html.P([html.B(capital(str(error["title"]))), f" {more}"])], className="told", role="status")


def _drivers(answer: Mapping[str, Any], columns: Sequence[CustomerColumn]) -> html.Div:
    first, *rest = [typeset(sentence) for sentence in answer["sentences"]]
    longest = max((driver["worth"] for driver in answer["drivers"]), default=1.0)
    rows = [_driver(driver, longest) for driver in answer["drivers"]]
    left_out = ", ".join(column.label for column in columns if column.name in answer["left_out"])
    closing = [html.P(f"Left out, since it is worked out from the same columns: {left_out}.", className="mut sm")] if left_out else []
    said = html.P(rest[-1], className="mut sm") if rest else None
    return html.Div([html.P(html.B(first), className="lead"), html.Ol(rows, className="drv"), said, *closing])


def _driver(driver: Mapping[str, Any], longest: float) -> html.Li:
    share = max(driver["worth"], 0) / longest
    head = html.Div(
        [html.B(capital(driver["label"])), html.Span(_WAY[driver["direction"]], className="mut sm"), html.Em(f"{100 * share:.0f}")]
    )
    bar = html.Span(html.I(style={"width": f"{100 * share:.1f}%"}), className="track")
    return html.Li([head, bar, html.P(typeset(driver["sentence"]))])


def _effect(answer: Mapping[str, Any], currency: str | None, columns: Sequence[CustomerColumn]) -> html.Div:
    unit = next((column.unit for column in columns if column.name == answer["number"]), None)
    first, *rest = [typeset(sentence) for sentence in answer["sentences"]]
    groups, middle = answer["groups"], answer["middle"]
    low, high = min(group["low_end"] for group in groups), max(group["high_end"] for group in groups)
    low = min(low, 0.0) if low < 0.5 * high else low  # from nothing where that does not squeeze the groups together
    scale = (low, (high - low) or 1.0)
    rows = [_group(group, middle, scale, (unit, currency)) for group in groups]
    table = html.Table([html.Thead(html.Tr([html.Th(head, scope="col") for head in _heads(middle)])), html.Tbody(rows)])
    box = html.Div(table, className="scroll", tabIndex=0, role="region", **aria(label="The number by group"))
    told = html.Ul([html.Li(sentence) for sentence in rest[1:]], className="told-list") if rest[1:] else None
    return html.Div([html.P(html.B(first), className="lead"), box, told])


def _heads(middle: str) -> tuple[Any, ...]:
    return ("Group", "Average" if middle == "mean" else "Middle customer", hidden("Where it may lie"), "Customers")


def _group(group: Mapping[str, Any], middle: str, scale: tuple[float, float], words: tuple[str | None, str | None]) -> html.Tr:
    start, width = scale
    left, right, dot = (100 * (group[name] - start) / width for name in ("low_end", "high_end", middle))
    ends = f"between {value_words(group['low_end'], *words)} and {value_words(group['high_end'], *words)}"
    line = html.I(className="line", style={"left": f"{left:.1f}%", "width": f"{max(right - left, 0.3):.1f}%"})
    mark = html.I(className="mark", style={"left": f"{dot:.1f}%"})
    picture = html.Td(html.Span([line, mark, html.Span(ends, className="vh")], className="whisker"), title=ends)
    number = html.Td(value_words(group[middle], *words), className="num")
    return html.Tr([html.Th(group["name"], scope="row"), number, picture, html.Td(whole(group["n"]))])
