"""Taking the labelled customers away: all of them or one segment, in either format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import ALL, Input, State, ctx, html, no_update

from dashboard.auth.actors import current_actor
from dashboard.components.basics import aria, icon, menu
from dashboard.components.file_told import AskedFile, asked_for, file_outputs, file_parts, register_file
from dashboard.components.segment_key import segment_key
from dashboard.context import Context
from dashboard.formats import counted
from dashboard.queries.segments import SegmentsOfRun
from dashboard.workflows.exports import Format, request_export
from database.jobs import Job

if TYPE_CHECKING:
    from dashboard.callbacks import Callbacks

FORMATS = {"csv": "CSV", "xlsx": "Excel"}
DOWNLOAD = "segment-download"
EVERYBODY = 0
"""Stands for all customers where a segment could be named."""


def download_menu(shown: SegmentsOfRun) -> html.Details:
    """Draw the menu: all customers, or those of one segment, in either format."""
    n_customers = shown.dataset.facts.n_customers if shown.dataset.facts else shown.n_segmented
    entries = [_line([html.B("All customers"), html.Small(counted(n_customers, "row"))], EVERYBODY, "all customers")]
    for segment in shown.segments:
        words = [segment_key(segment.letter), html.Span(segment.name), html.Small(counted(segment.size, "row"))]
        entries.append(_line(words, segment.segment_id, segment.name))
    label = [icon("download"), html.Span("Download", className="word")]
    return menu(label, entries, "Customers with their segments, as a file", "right downloads")


def _line(words: list[Any], segment_id: int, told: str) -> html.Div:
    buttons = [
        html.Button(
            words_of,
            id={"type": "segment-download", "format": kind, "segment": segment_id},
            type="button",
            n_clicks=0,
            className="lk",
            **aria(label=f"Download {told} as {words_of}"),
        )
        for kind, words_of in FORMATS.items()
    ]
    return html.Div([*words, html.Span(buttons, className="kinds")], className="dl")


def download_parts() -> list[Any]:
    """Return what a download needs on the page."""
    return file_parts(DOWNLOAD)


def register_downloads(callbacks: Callbacks) -> None:
    """Say what happens in the menu."""
    register_file(callbacks, DOWNLOAD, "export")

    @callbacks.register(
        *file_outputs(DOWNLOAD),
        Input({"type": "segment-download", "format": ALL, "segment": ALL}, "n_clicks"),
        State(f"{DOWNLOAD}-job", "data"),
        State("segments-shown", "data"),
        permission="export",
        prevent_initial_call=True,
    )
    def start(_: list[int | None], before: AskedFile | None, shown: dict[str, Any]) -> Any:
        if not ctx.triggered[0]["value"] or not isinstance(ctx.triggered_id, dict):
            return no_update, no_update, no_update
        return asked_for(start_download(callbacks.context, shown["run"], ctx.triggered_id["format"], ctx.triggered_id["segment"]), before)


def start_download(context: Context, run_id: str, kind: Format, segment_id: int) -> Job:
    """Queue the file of a run, or of one of its segments."""
    actor = current_actor()
    segments = None if segment_id == EVERYBODY else [segment_id]
    return request_export(context, run_id, kind, actor.name if actor else None, segments)
