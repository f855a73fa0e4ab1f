"""Overview: who the customers are and what they do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html

from dashboard.callbacks import Callbacks
from dashboard.components.basics import icon, page_top
from dashboard.components.charts import chart, chart_card
from dashboard.components.context_menu import dataset_menu, gone_note
from dashboard.components.empty import empty_state
from dashboard.components.kpis import kpi_strip
from dashboard.context import Context
from dashboard.figures.overview import comparison_words, overview_charts, overview_kpis, undrawn_words
from dashboard.figures.overview_chart import Chart
from dashboard.formats import days
from dashboard.queries.datasets import Shown, find_shown
from dashboard.queries.overview import count_imports, load_overview
from database.datasets import Dataset
from segmentation.measures.overview import Overview

PATH, TITLE, ICON, GROUP = "/", "Overview", "overview", "Know"
_PROMISE = "See who your customers are"


def render(context: Context, query: Mapping[str, str]) -> list[Any]:
    """Draw the page of the dataset that the address names, else of the newest."""
    shown = find_shown(context, query.get("dataset"), query.get("run"))
    if shown is None:
        return empty_state(TITLE, _PROMISE, context.settings.max_upload_mb)
    overview = load_overview(context, shown.dataset)
    currency = shown.dataset.facts.currency if shown.dataset.facts else None
    charts = overview_charts(overview, currency, _returns(shown.dataset))
    left_out = undrawn_words(overview.undrawn)
    inside = [
        _top(shown, overview),
        gone_note(shown, query),
        _importing(n_imports) if (n_imports := count_imports(context)) else None,
        kpi_strip(overview_kpis(overview, currency)),
        html.Div(_grid(charts), className="grid"),
        html.P(left_out, className="xs dim left-out") if left_out else None,
    ]
    return [html.Div(inside, className="page-overview")]


def _top(shown: Shown, overview: Overview) -> html.Div:
    period: Any = None
    if overview.first_day:
        change = comparison_words(overview.months, overview.comparison)
        words: list[Any] = [icon("calendar"), days(overview.first_day, overview.last_day), html.Span(change, className="mut")]
        period = html.Span(words, className="period")
    return page_top(TITLE, dataset_menu(shown, PATH), period)


def _importing(n: int) -> html.P:
    words = "A file is being imported now. " if n == 1 else f"{n} files are being imported now. "
    return html.P([icon("info"), words, dcc.Link("See how far it is", href="/data")], className="importing", role="status")


def _returns(dataset: Dataset) -> str:
    return "returns taken off" if dataset.source.get("returns") == "net" else "returns not counted"


def _grid(charts: Sequence[Chart]) -> list[Any]:
    return [_card(each, look, height) for row in arrange(charts) for height in [max(each.height for each, _ in row)] for each, look in row]


def arrange(charts: Sequence[Chart]) -> list[list[tuple[Chart, str]]]:
    """Put charts into rows of twelve columns, best first: a wide one beside a narrow one, else three narrow ones.

    Nothing stands alone: two rows of two take the place of three and one; a last one over is left out.
    """
    wide, narrow = [each for each in charts if each.is_wide], [each for each in charts if not each.is_wide]
    place = {each.name: number for number, each in enumerate(charts)}
    rows: list[list[tuple[Chart, str]]] = []
    n_wide = 0
    while wide or narrow:
        if wide and (len(narrow) < 2 or place[wide[0].name] < place[narrow[0].name]):
            pair = [(wide.pop(0), "s7"), (narrow.pop(0), "s5 w12")] if narrow else [(wide.pop(0), "s12")]
            rows.append(pair if n_wide % 2 == 0 else pair[::-1])
            n_wide += 1
        else:
            n = 2 if len(narrow) in (2, 4) and not wide else min(3, len(narrow))
            rows.append([(narrow.pop(0), look) for look in _NARROW[n]])
    has_one_over = len(rows) > 3 and len(rows[-1]) == 1 and not rows[-1][0][0].is_wide
    return rows[:-1] if has_one_over else rows


_NARROW = {1: ("s12",), 2: ("s6", "s6"), 3: ("s4", "s4", "s4 w12")}


def _card(shown: Chart, look: str, height: int) -> html.Section:
    drawing: Any = chart(f"overview-{shown.name}", shown.figure, shown.aria, height)
    if shown.beside:
        beside = chart(f"overview-{shown.name}-map", shown.beside, shown.aria, height)
        drawing = html.Div([html.Div(beside, className="map"), drawing], className="ctry")
    marks = [html.Span([html.I(className=kind), words]) for kind, words in shown.legend]
    return chart_card(drawing, shown.told, shown.data, look, html.Div(marks, className="legend") if marks else None)


def register_callbacks(_: Callbacks) -> None:
    """Say what happens on this page: nothing yet, its links do all."""
