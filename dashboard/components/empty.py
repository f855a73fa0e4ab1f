"""A page without data: what it will show, where to drop a file, which file works, and the demo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.components.basics import button, card, icon, page_top
from dashboard.components.upload import drop_zone, template_offer

_LOG = (
    ("Customer", True),
    ("Order date", True),
    ("Amount, or quantity and price", True),
    ("Order number", False),
    ("Category", False),
    ("Country", False),
)
_LIST = (("Customer", True), ("Two figures, say age and spend", True), ("Gender", False), ("Education", False), ("Country", False))
_SKETCHES = (
    ("months", "Sales over time", "each month beside the year before"),
    ("people", "Who they are", "age, gender, country, income"),
    ("curve", "Where the money comes from", "how few customers make most of it"),
    ("cohorts", "Groups that behave alike", "with a name, a verdict and what to do"),
)  # fmt: skip
_NEXT = (
    ("Then, in Studio:", "look for groups of customers and see whether they can be trusted."),
    ("Then, in Cluster profile:", "each group with a name, what sets it apart, and what to do."),
    ("Then, as a file:", "every customer with the segment, for your campaign tool."),
)
DEMO_BUTTON = "load-demo"


def empty_state(title: str, promise: str, limit_mb: int) -> list[Any]:
    """Draw the page; ``promise`` is what the person gets once there are data."""
    offer = html.Div([html.H2(promise), html.P(_HOW), drop_zone(limit_mb), template_offer(), demo_offer()], className="hero")
    return [
        page_top(title),
        html.Div(
            [
                html.Div([offer, _needed()], className="emp"),
                html.P("What these pages will show", className="wl"),
                html.Div([_sketch(*each) for each in _SKETCHES], className="gh"),
                html.Div([html.P([html.B(when), " ", what]) for when, what in _NEXT], className="nx"),
            ],
            className="empty",
        ),
    ]


_HOW = "Bring one file. Clientele reads it, shows you what it cleaned, and draws this page from it. Nothing leaves this computer."


def demo_offer() -> html.P:
    """Draw the way to the demo shop."""
    link = button("Open the demo shop", DEMO_BUTTON, "ghost inline")
    return html.P(["No file at hand? ", link, " It is made up and marked as demo; you can delete it at any time."], className="or")


def _needed() -> html.Section:
    kinds = html.Div(
        [
            _kind("table", "An order log", "One row for each order.", _LOG),
            _kind("customers", "A customer list", "One row for each customer.", _LIST),
        ],
        className="two",
    )
    note = "Filled: needed. Outlined: used when it is there. Column names do not matter; you confirm them on the next page."
    return card("Which file works?", kinds, note=note, look="need")


def _kind(icon_name: str, title: str, words: str, columns: Sequence[tuple[str, bool]]) -> html.Div:
    tags = html.Ul([html.Li(name, className="must" if is_needed else "") for name, is_needed in columns], className="tags")
    return html.Div([html.H3([icon(icon_name), title]), html.P(words), tags])


def _sketch(name: str, title: str, words: str) -> html.Figure:
    return html.Figure([html.Div(className=f"sketch sketch-{name}"), html.Figcaption([html.B(title), words])])
