"""The frame of the application: navigation on the left, the page on the right, notices above both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dash import dcc, html

from dashboard.components.basics import aria, hidden, href, icon, page_link

CARRIED = ("dataset", "run", "filter")
"""What the address says about the data shown; links to other pages carry it along."""

_AWAY = "Clientele does not answer at the moment. What you see stays, and the page goes on by itself as soon as it is back."


@dataclass(frozen=True)
class NavEntry:
    """One page in the navigation."""

    path: str
    title: str
    icon: str
    group: str


def frame(nav: Any) -> html.Div:
    """Draw the empty frame; pages come into ``page``."""
    return html.Div(
        [
            html.A("Skip to the page", href="#page", className="skip-link"),
            dcc.Location(id="url", refresh="callback-nav"),
            dcc.Store(id="theme"),
            html.Div(className="waiting"),
            html.Div(
                [
                    html.Nav([html.Div(nav, id="nav-links"), nav_foot()], className="nav", **aria(label="Main")),
                    html.Main(id="page", className="main", tabIndex=-1),
                ],
                className="app",
            ),
            html.Div(id="notice", className="notice", **aria(live="assertive")),
            html.Div([icon("warning"), html.P(_AWAY)], id="away", className="away", role="alert", hidden=True),
            html.Div(id="page-title", className="vh", **aria(live="polite")),
        ],
        id="frame",
    )


def navigation(entries: Sequence[NavEntry], here: str, query: Mapping[str, str]) -> list[Any]:
    """Draw the navigation: groups, the page shown marked, links that keep the dataset."""
    carried = {name: query.get(name) for name in CARRIED}
    drawn: list[Any] = [html.Div([html.Span(className="logo"), html.Span("Clientele")], className="brand")]
    for group in dict.fromkeys(entry.group for entry in entries):
        drawn += [html.H2(group), html.Hr()] if group else [html.Div(style={"height": "18px"}), html.Hr()]
        drawn += [_nav_link(entry, entry.path == here, href(entry.path, carried)) for entry in entries if entry.group == group]
    return drawn


def nav_foot() -> html.Div:
    """Draw the foot of the navigation: the switch of the theme, and where the data stay."""
    switch = html.Button(
        icon("theme"), id="theme-switch", type="button", className="ib", n_clicks=0, title="Light or dark",
        **aria(label="Switch between light and dark"),
    )  # fmt: skip
    return html.Div(
        [switch, html.Span(["On this computer only.", html.Br(), "Nothing is sent anywhere."], style={"display": "block"})],
        className="foot",
    )


def _nav_link(entry: NavEntry, is_here: bool, to: str) -> html.A:
    words = html.Span([entry.title, hidden(" (this page)") if is_here else None])
    return page_link([icon(entry.icon), words], to, title=entry.title, className="on" if is_here else "")
