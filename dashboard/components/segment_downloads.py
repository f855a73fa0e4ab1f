"""Taking the labelled customers away: what can be had, how far the file is, and the file itself once it was checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import dcc, html

from dashboard.components.basics import aria, icon, menu
from dashboard.components.failures import failure
from dashboard.components.segment_key import segment_key
from dashboard.formats import counted, size
from dashboard.queries.segments import SegmentsOfRun
from database.jobs import Job

FORMATS = {"csv": "CSV", "xlsx": "Excel"}
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
    """Return what a download needs on the page: its job, a clock, and a place to be told."""
    return [
        dcc.Store(id="segment-download-job"),
        dcc.Interval(id="segment-download-clock", interval=500, disabled=True),
        html.Div(id="segment-download-told", className="told", role="status"),
    ]


def download_told(job: Job, asked: int = 1) -> Any:
    """Say how far a file is; when it is there, offer it with what was checked. The browser fetches it once each time it was asked for."""
    if job.state == "failed" and job.error:
        return failure(job.error)
    if job.state == "cancelled":
        return html.P("The file was cancelled.")
    if job.state != "done" or job.result is None:
        bar = html.Span(html.I(style={"width": f"{100 * job.progress:.0f}%"}), className="track")
        return html.P([html.Span(f"{job.message or 'Waiting for a worker'}…"), bar])
    return _offer(f"file-{job.id}-{asked}", job.result)


def _offer(name: str, result: Mapping[str, Any]) -> html.P:
    link = html.A(
        [icon("download"), result["name"]],
        href=f"/api/v1/files/{result['file_id']}",
        download=result["name"],
        className="lk",
        id=name,
    )
    return html.P([icon("tick"), link, html.Span(f"checked: {counted(result['rows'], 'row')}, {size(result['size'])}")], className="ready")
