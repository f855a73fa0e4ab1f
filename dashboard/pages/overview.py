"""Overview: who the customers are and what they do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from dashboard.callbacks import Callbacks
from dashboard.components.basics import icon, page_top
from dashboard.components.charts import chart, chart_card
from dashboard.components.context_menu import dataset_menu
from dashboard.components.kpis import kpi_strip
from dashboard.context import Context
from dashboard.figures.overview import against_words, overview_charts, overview_kpis, undrawn_words
from dashboard.figures.overview_chart import Chart
from dashboard.formats import days
from dashboard.queries.datasets import Shown, find_shown
from dashboard.queries.overview import load_overview
from database.datasets import Dataset
from segmentation.measures.overview import Overview

PATH, TITLE, ICON, GROUP = "/", "Overview", "overview", "Know"


def render(context: Context, query: Mapping[str, str]) -> list[Any]:
    """Draw the page of the dataset that the address names, else of the newest."""
    shown = find_shown(context, query.get("dataset"), query.get("run"))
    if shown is None:
        return [page_top(TITLE)]
    overview = load_overview(context, shown.dataset)
    currency = shown.dataset.facts.currency if shown.dataset.facts else None
    charts = overview_charts(overview, currency, _returns(shown.dataset))
    left_out = undrawn_words(overview.undrawn)
    inside = [
        _top(shown, overview),
        kpi_strip(overview_kpis(overview, currency)),
        html.Div(_grid(charts), className="grid"),
        html.P(left_out, className="xs dim left-out") if left_out else None,
    ]
    return [html.Div(inside, className="page-overview")]


def _top(shown: Shown, overview: Overview) -> html.Div:
    period: Any = None
    if overview.first_day:
        change = f"change {against_words(overview.comparison)}" if overview.comparison else ""
        words: list[Any] = [icon("calendar"), days(overview.first_day, overview.last_day), html.Span(change, className="mut")]
        period = html.Span(words, className="period")
    return page_top(TITLE, dataset_menu(shown, PATH), period)


def _returns(dataset: Dataset) -> str:
    return "returns taken off" if dataset.source.get("returns") == "net" else "returns not counted"


def _grid(charts: Sequence[Chart]) -> list[Any]:
    return [_card(each, look, height) for row in arrange(charts) for height in [max(each.height for each, _ in row)] for each, look in row]


def arrange(charts: Sequence[Chart]) -> list[list[tuple[Chart, str]]]:
    """Put charts into rows of twelve columns, best first: a wide one with a narrow one, then three narrow ones, and so on."""
    wide, narrow = [each for each in charts if each.is_wide], [each for each in charts if not each.is_wide]
    rows: list[list[tuple[Chart, str]]] = []
    while wide or narrow:
        n_wide = len([row for row in rows if row[0][0].is_wide or row[-1][0].is_wide])
        if wide and (not rows or not narrow or n_wide * 2 <= len(rows)):
            rows.append(_row_with_wide(wide.pop(0), narrow, wide, is_left=n_wide % 2 == 0))
        else:
            n = 2 if len(narrow) in (2, 4) else min(3, len(narrow))
            rows.append([(narrow.pop(0), _NARROW[n][place]) for place in range(n)])
    return rows


_NARROW = {1: ("s12",), 2: ("s6", "s6"), 3: ("s4", "s4", "s4 w12")}


def _row_with_wide(chart: Chart, narrow: list[Chart], wide: list[Chart], is_left: bool) -> list[tuple[Chart, str]]:
    """Put a wide chart beside the best narrow one, else beside another wide one, else alone."""
    if narrow:
        pair = [(chart, "s7"), (narrow.pop(0), "s5 w12")]
        return pair if is_left else pair[::-1]
    return [(chart, "s6 w12"), (wide.pop(0), "s6 w12")] if wide else [(chart, "s12")]


def _card(shown: Chart, look: str, height: int) -> html.Section:
    drawing: Any = chart(f"overview-{shown.name}", shown.figure, shown.aria, height)
    if shown.beside:
        beside = chart(f"overview-{shown.name}-map", shown.beside, shown.aria, height)
        drawing = html.Div([html.Div(beside, className="map"), drawing], className="ctry")
    marks = [html.Span([html.I(className=kind), words]) for kind, words in shown.legend]
    return chart_card(drawing, shown.told, shown.data, look, html.Div(marks, className="legend") if marks else None)


def register_callbacks(_: Callbacks) -> None:
    """Say what happens on this page: nothing yet, its links do all."""
