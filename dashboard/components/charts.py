"""A figure on a page: drawn by the browser in the colours of the theme, told in words, with its data behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import dcc, html

from dashboard.components.basics import aria, card, icon

_CONFIG: Any = {"displayModeBar": False, "responsive": True, "topojsonURL": "/assets/topojson/", "scrollZoom": False, "doubleClick": False}


@dataclass(frozen=True)
class DataTable:
    """The numbers behind a chart, as text: headers, rows of cells, and (where a row can be chosen) the filter that it stands for."""

    headers: Sequence[str]
    rows: Sequence[Sequence[str]]
    picks: Sequence[str | None] = ()


def chart(name: str, figure: dict[str, Any], told: str, height: int) -> html.Div:
    """Draw a figure (plain data and layout, colours as tokens, see ``assets/charts.js``); ``told`` is what a screen reader says."""
    graph = dcc.Graph(id={"type": "chart", "name": name}, config=_CONFIG, style={"height": f"{height}px"}, responsive=True)
    spec = dcc.Store(id={"type": "chart-spec", "name": name}, data=figure)
    return html.Div([html.Div(graph, role="img", **aria(label=told)), spec], className="ch", style={"minHeight": f"{height}px"})


@dataclass(frozen=True)
class Told:
    """What is said around a chart: what it is, its finding in one sentence, and unit, population and n."""

    title: str
    finding: str
    note: str


def chart_card(drawing: Any, told: Told, data: DataTable, look: str = "", legend: Any = None) -> html.Section:
    """Draw a card with a chart and a button that shows the data behind it."""
    body = [*(drawing if isinstance(drawing, list) else [drawing]), _data_behind(told.title, data)]
    return card(told.title, body, told.finding, told.note, f"has-data {look}".strip(), actions=legend)


def _data_behind(title: str, data: DataTable) -> html.Details:
    summary = html.Summary(icon("table"), className="ib", title="Data behind this chart", **aria(label=f"Data behind {title}"))
    head = html.Thead(html.Tr([html.Th(header, scope="col") for header in data.headers]))
    body = html.Tbody([html.Tr([html.Td(cell, className="n" if place else None) for place, cell in enumerate(row)]) for row in data.rows])
    table = html.Div(html.Table([head, body]), className="scroll", tabIndex=0, role="region", **aria(label=f"Data of {title}"))
    return html.Details([summary, table], className="chart-data")
