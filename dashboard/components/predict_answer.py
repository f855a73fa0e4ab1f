"""One customer explained: the segment, how clearly and why, the averages beside the values, what would move them, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import dcc, html

from dashboard.components.basics import aria, href, icon
from dashboard.components.predict_words import capital, unit_words, value_words
from dashboard.components.segment_cards import typeset, verdict_badge
from dashboard.components.segment_key import segment_colours, segment_key
from dashboard.queries.predict_form import to_address

MOST_MOVES = 4
_SURENESS = {"clearly": "Clear", "rather": "Fairly clear", "on the edge": "On the edge"}
_NOTE = "Bars: each line on a scale of its own, from nothing to its longest."


def customer_explained(answer: Mapping[str, Any]) -> html.Div:
    """Draw what ``queries.predict`` says of one customer."""
    if answer["segment_id"] is None:
        return html.Div([_in_none(answer), _beside(answer)], className="who")
    columns = html.Div([_list("Why", [typeset(each) for each in answer["why"]]), _moves(answer)], className="who-two")
    parts = [_head(answer), _unusual(answer), _trust(answer), _action(answer), columns, _beside(answer), _what_if(answer)]
    return html.Div(parts, className="who", style=segment_colours(answer["colour"]))


def _head(answer: Mapping[str, Any]) -> html.Div:
    sure = html.Span(_SURENESS[answer["sureness"]], className="sure")
    name = html.H2([segment_key(answer["colour"]), html.Span(answer["name"]), sure if answer["next_name"] else None])
    return html.Div([name, html.P(answer["sentence"], className="say")], className="who-head")


def _in_none(answer: Mapping[str, Any]) -> html.Div:
    why = capital(answer["reason"].removeprefix("Not segmented: "))
    words = html.P(f"{why}. The segments rest on it, so there is none without it.", className="say")
    return html.Div([html.H2("In no segment"), words], className="who-head")


def _unusual(answer: Mapping[str, Any]) -> html.Div | None:
    if not answer["unusual"]:
        return None
    told = html.Ul([html.Li(typeset(each)) for each in answer["unusual"]])
    head = html.P(html.B("Unlike the customers that the segments were made of: take the answer with care."))
    return html.Div([icon("warning"), html.Div([head, told])], className="unlike", role="status")


def _trust(answer: Mapping[str, Any]) -> html.Div:
    stability = answer["stability"]
    words = (
        "The segment was made by a rule, so nobody moves when it is repeated."
        if stability is None
        else f"{round(100 * stability)} of 100 customers of the segment stay when the run is repeated."
    )
    return html.Div([verdict_badge(answer["verdict"]), html.Span(words)], className="trust")


def _action(answer: Mapping[str, Any]) -> html.Div:
    return html.Div([html.Span("Action"), html.P(answer["action"] or "No action yet.")], className="ac")


def _list(title: str, lines: list[Any]) -> html.Div:
    return html.Div([html.H3(title), html.Ul([html.Li(line) for line in lines])])


def _moves(answer: Mapping[str, Any]) -> html.Div:
    told: list[Any] = [typeset(each["sentence"]) for each in answer["moves"][:MOST_MOVES]]
    title = "What would move them"
    if not told:
        words = "No single change within what the run has seen." if answer["next_name"] else "There is no other segment."
        return html.Div([html.H3(title), html.P(words, className="mut")])
    return _list(title, told)


def _beside(answer: Mapping[str, Any]) -> html.Div:
    """Draw the values, the averages of the segment and of everyone, each line with bars on one scale."""
    own = [segment_key(answer["colour"]), html.Span("Segment")] if answer["colour"] else "Segment"
    head = html.Thead(html.Tr([html.Th(each, scope="col") for each in ("Measure", "This customer", own, "Everyone")]))
    body = html.Tbody([_line(each, answer["currency"]) for each in answer["beside"]])
    table = html.Table([head, body])
    box = html.Div(table, className="scroll", tabIndex=0, role="region", **aria(label="The customer beside the averages"))
    return html.Div([html.H3("Beside the averages"), box, html.P(_NOTE, className="note")], className="beside")


def _line(each: Mapping[str, Any], currency: str | None) -> html.Tr:
    unit = unit_words(each["label"], each["unit"], currency)
    label = html.Th([capital(each["label"]), html.Small(unit) if unit else None], scope="row")
    values = {look: each[name] for look, name in (("own", "value"), ("seg", "segment"), ("all", "everyone"))}
    longest = max((value for value in values.values() if isinstance(value, int | float)), default=0)
    return html.Tr([label, *(_cell(value, look, longest, each["unit"], currency) for look, value in values.items())])


def _cell(value: float | str | None, look: str, longest: float, unit: str | None, currency: str | None) -> html.Td:
    words = value_words(value, unit, currency)
    if not isinstance(value, int | float) or longest <= 0:
        return html.Td(words, className="word" if isinstance(value, str) else None)
    bar = html.I(className=look, style={"width": f"{100 * max(value, 0) / longest:.1f}%"})
    return html.Td([html.Span(words), html.Span(bar, className="track")])


def _what_if(answer: Mapping[str, Any]) -> Any:
    """Draw the way to the form, filled in with a customer of the run."""
    if "run_id" not in answer:
        return None
    texts = {each["name"]: _plain(each["value"]) for each in answer["beside"]}
    return html.P(
        dcc.Link("What if? Try other values", href=href("/predict", {"run": answer["run_id"], **to_address(texts)}), className="lk")
    )


def _plain(value: float | str | None) -> str:
    return "" if value is None else value if isinstance(value, str) else f"{value:.10f}".rstrip("0").rstrip(".")
