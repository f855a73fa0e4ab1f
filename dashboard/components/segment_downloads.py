"""Taking the labelled customers away: what can be had, how far the file is, and the file itself once it was checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dash import ALL, Input, Output, State, ctx, dcc, html, no_update
from typing_extensions import TypedDict  # pydantic wants this one before Python 3.12

from dashboard.auth.actors import current_actor
from dashboard.components.basics import aria, icon, menu
from dashboard.components.failures import failure
from dashboard.components.segment_key import segment_key
from dashboard.context import Context
from dashboard.formats import counted, size
from dashboard.queries.segments import SegmentsOfRun
from dashboard.workflows.exports import Format, request_export
from database.engine import read
from database.jobs import Job, load_job
from segmentation.errors import NotFoundError

if TYPE_CHECKING:
    from dashboard.callbacks import Callbacks

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


class AskedFile(TypedDict):
    """What the page keeps in the browser of the file that was asked for, and how often."""

    job: str
    asked: int


def register_downloads(callbacks: Callbacks) -> None:
    """Say what happens in the menu."""
    told = Output("segment-download-told", "children", allow_duplicate=True)
    is_over = Output("segment-download-clock", "disabled", allow_duplicate=True)

    @callbacks.register(
        Output("segment-download-job", "data"),
        told,
        is_over,
        Input({"type": "segment-download", "format": ALL, "segment": ALL}, "n_clicks"),
        State("segment-download-job", "data"),
        State("segments-shown", "data"),
        permission="export",
        prevent_initial_call=True,
    )
    def start(_: list[int | None], before: AskedFile | None, shown: dict[str, Any]) -> Any:
        if not ctx.triggered[0]["value"] or not isinstance(ctx.triggered_id, dict):
            return no_update, no_update, no_update
        job = start_download(callbacks.context, shown["run"], ctx.triggered_id["format"], ctx.triggered_id["segment"])
        asked = before["asked"] + 1 if before else 1
        return {"job": job.id, "asked": asked}, download_told(job, asked), job.is_over

    @callbacks.register(
        told,
        is_over,
        Input("segment-download-clock", "n_intervals"),
        State("segment-download-job", "data"),
        permission="export",
        prevent_initial_call=True,
    )
    def look(_: int | None, asked: AskedFile | None) -> Any:
        if not asked:
            return no_update, True
        job = find_export(callbacks.context, asked["job"])
        return download_told(job, asked["asked"]), job.is_over


def start_download(context: Context, run_id: str, kind: Format, segment_id: int) -> Job:
    """Queue the file of a run, or of one of its segments."""
    actor = current_actor()
    segments = None if segment_id == EVERYBODY else [segment_id]
    return request_export(context, run_id, kind, actor.name if actor else None, segments)


def find_export(context: Context, job_id: str) -> Job:
    """Return the job of a file; no other job is told here."""
    with read(context.engine) as conn:
        job = load_job(conn, job_id)
    if job.kind != "export":
        raise NotFoundError("no_such_file", "There is no such file.", fix="Download it again.")
    return job
