"""The smallest pieces of every page: icons, buttons, links, cards, menus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from dash import dcc, html


def aria(**facts: str) -> dict[str, Any]:
    """Return what a screen reader is told of a component: ``**aria(label="Main")``."""
    return {f"aria-{name}": value for name, value in facts.items()}


def data(**facts: str) -> dict[str, Any]:
    """Return what a script of ours reads from a component: ``**data(pick="country:France")``."""
    return {f"data-{name}": value for name, value in facts.items()}


def icon(name: str) -> html.Span:
    """Draw an icon of ``assets/20-icons.css``; decoration, so words always stand beside it or in its button's label."""
    return html.Span(className=f"ic ic-{name}", **aria(hidden="true"))


def href(path: str, query: Mapping[str, str | None] | None = None) -> str:
    """Return an address of ours with what is known of its query."""
    known = {name: value for name, value in (query or {}).items() if value}
    return f"{path}?{urlencode(known)}" if known else path


def page_link(words: Any, to: str, **options: Any) -> html.A:
    """Draw a link to a page of ours that a script may change or draw anew (``assets/parts.js``); elsewhere Dash's own does."""
    return html.A(words, href=to, **options, **data(page="yes"))


def link_button(words: str, to: str, look: str = "", icon_name: str | None = None) -> dcc.Link:
    """Draw a link that looks like a button."""
    return dcc.Link([icon(icon_name) if icon_name else None, words], href=to, className=f"btn {look}".strip())


def button(words: Any, component_id: Any, look: str = "", icon_name: str | None = None, **options: Any) -> html.Button:
    """Draw a button; ``look`` is "primary", "ghost" or nothing."""
    inside = [icon(icon_name) if icon_name else None, words]
    return html.Button(inside, id=component_id, type="button", className=f"btn {look}".strip(), n_clicks=0, **options)


def menu(label: Any, entries: Sequence[Any], title: str, look: str = "") -> html.Details:
    """Draw a button that opens a list of links (or buttons) below it; ``title`` says what it is for."""
    summary = html.Summary([*(label if isinstance(label, list) else [label]), icon("down")], className="btn", title=title)
    return html.Details([summary, html.Ul([html.Li(entry) for entry in entries])], className=f"menu {look}".strip())


def card(title: Any, body: Any, finding: Any = None, note: Any = None, look: str = "", actions: Any = None, **options: Any) -> html.Section:
    """Draw a card: what it is, what it says in one sentence, the thing itself, and unit, population and n below."""
    words = [html.H2(title), html.P(finding, className="say") if finding else None]
    inside = [html.Header([html.Div(words), actions]), *(body if isinstance(body, list) else [body])]
    if note:
        inside.append(html.P(note, className="note"))
    return html.Section(inside, className=f"card {look}".strip(), **options)


def page_top(title: str, *beside: Any) -> html.Div:
    """Draw the line on top of a page; what follows ``spacer()`` stands right."""
    return html.Div([html.H1(title), *beside], className="top")


def spacer() -> html.Span:
    """Push what follows to the right."""
    return html.Span(className="sp")


def hidden(words: str) -> html.Span:
    """Say something to a screen reader only."""
    return html.Span(words, className="vh")
