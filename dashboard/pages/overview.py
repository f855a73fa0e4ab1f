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
from dashboard.figures.overview import against_words, overview_charts, overview_kpis
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
    inside = [
        _top(shown, overview),
        kpi_strip(overview_kpis(overview, currency)),
        html.Div(_grid(charts), className="grid"),
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
    return [_card(each, "s7" if each.is_wide else "s5") for each in charts]


def _card(shown: Chart, look: str) -> html.Section:
    drawing = chart(f"overview-{shown.name}", shown.figure, shown.aria, shown.height)
    marks = [html.Span([html.I(className=kind, style=_MARKS[kind]), words]) for kind, words in shown.legend]
    return chart_card(drawing, shown.told, shown.data, look, html.Div(marks, className="legend") if marks else None)


_MARKS = {
    "bar": {"background": "var(--cl-data)"},
    "soft": {"background": "var(--cl-data-soft)"},
    "tick": {"background": "var(--cl-ref-strong)"},
}


def register_callbacks(_: Callbacks) -> None:
    """Say what happens on this page: nothing yet, its links do all."""
