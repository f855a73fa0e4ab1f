"""A figure on a page: drawn by the browser in the colours of the theme, told in words, with its data behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import dcc, html

from dashboard.components.basics import aria, card, data, hidden, icon, page_link

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
    drawn = html.Div(graph, id={"type": "chart-told", "name": name}, role="img", **aria(label=told))
    return html.Div([drawn, spec], className="ch", style={"minHeight": f"{height}px"})


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


def live_card(name: str, drawing: Any, told: Told, look: str = "", legend: Any = None) -> html.Section:
    """Draw a card whose words and figures follow the filters (``assets/filters.js`` replaces them) and whose data come when asked for."""
    label = f"Data behind {told.title}"
    summary = html.Summary(icon("table"), className="ib", title="Data behind this chart, and the chart as a file", **aria(label=label))
    behind = html.Details([summary, html.Div(id={"type": "chart-table", "name": name})], className="chart-data", **data(chart=name))
    finding = html.Span(told.finding, id={"type": "chart-say", "name": name})
    note = html.Span(told.note, id={"type": "chart-note", "name": name})
    marks = html.Div(legend, id={"type": "chart-legend", "name": name}, className="legend")
    return card(told.title, [drawing, behind], finding, note, f"has-data {look}".strip(), actions=marks, **data(chart=name))


def data_table(title: str, shown: DataTable, customers: Sequence[str | None]) -> list[Any]:
    """Draw the numbers behind a chart: each row that stands for a filter sets it, or leads to its customers; and the chart as files."""
    files = [
        html.Button([icon("download"), words], type="button", className="btn small", **data(file=kind))
        for kind, words in (("csv", "Download CSV"), ("png", "Picture (PNG)"), ("svg", "Picture (SVG)"))
    ]
    picks = shown.picks or [None] * len(shown.rows)
    ways = list(customers) or [None] * len(shown.rows)
    last = [html.Th(hidden("Customers behind it"))] if customers else []
    head = html.Thead(html.Tr([*(html.Th(header, scope="col") for header in shown.headers), *last]))
    body = html.Tbody([_row(row, pick, way, bool(customers)) for row, pick, way in zip(shown.rows, picks, ways, strict=True)])
    table = html.Div(html.Table([head, body]), className="scroll", tabIndex=0, role="region", **aria(label=f"Data of {title}"))
    return [html.Div(files, className="files"), table]


def _row(row: Sequence[str], pick: str | None, way: str | None, has_way: bool) -> html.Tr:
    first: Any = row[0]
    if pick:
        first = html.Button(row[0], type="button", className="pick-row", title="Show only these", **data(pick=pick))
    cells = [html.Td(first), *(html.Td(cell, className="n") for cell in row[1:])]
    if has_way:
        link = [icon("customers"), hidden(f"See the customers of {row[0]}")]
        cells.append(html.Td(page_link(link, way, title="See these customers") if way else None))
    return html.Tr(cells)
