"""Cluster profile: the segments of a run, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html

from dashboard.callbacks import Callbacks
from dashboard.components.basics import aria, page_top
from dashboard.components.index_table import index_table, ramp, table_head
from dashboard.components.segment_cards import largest_share, row_labels, segment_card
from dashboard.context import Context
from dashboard.queries.datasets import find_shown
from dashboard.queries.segments import SegmentsOfRun, load_segments

PATH, TITLE, ICON, GROUP = "/segments", "Cluster profile", "segments", "Know"


def render(context: Context, query: Mapping[str, str]) -> list[Any]:
    """Draw the page."""
    return [html.Div(_content(context, query), id="segments-content", className="page-segments")]


def _content(context: Context, query: Mapping[str, str]) -> list[Any]:
    found = find_shown(context, query.get("dataset"), query.get("run"))
    if found is None or found.run is None:
        return [page_top(TITLE)]
    shown = load_segments(context, found.dataset, found.run)
    return [page_top(TITLE), _profile(shown)]


def _profile(shown: SegmentsOfRun) -> html.Div:
    largest = largest_share(shown.segments)
    cells: list[Any] = [row_labels(shown), *(segment_card(segment, shown, largest, can_edit=True) for segment in shown.segments)]
    if shown.portrait:
        cells += [table_head("Compared with the average", ramp()), index_table(shown, shown.portrait["comparison"])]
    columns = f"204px repeat({len(shown.segments)},minmax(158px,1fr))"
    matrix = html.Div(cells, className="mx", style={"gridTemplateColumns": columns})
    return html.Div(matrix, className="wrap", tabIndex=0, role="region", **aria(label="Segments side by side"))


def register_callbacks(_: Callbacks) -> None:
    """Say what happens on this page."""
