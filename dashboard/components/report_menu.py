"""The report of a run: slides or one page, how far it is, and the file once its numbers were compared."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dash import ALL, Input, Output, State, ctx, dcc, html, no_update
from typing_extensions import TypedDict  # pydantic wants this one before Python 3.12

from dashboard.auth.actors import current_actor
from dashboard.components.basics import icon, menu
from dashboard.components.failures import failure
from dashboard.context import Context, now
from dashboard.exports.reports.content import ReportContent
from dashboard.formats import counted, size
from dashboard.queries.reporting import ReportSources, load_report_sources
from dashboard.workflows.reporting import ReportFormat, request_report
from database.engine import read
from database.jobs import Job, load_job
from segmentation.errors import NotFoundError

if TYPE_CHECKING:
    from datetime import date

    from dashboard.callbacks import Callbacks

    ContentOf = Callable[[ReportSources, date], ReportContent]

_FORMATS = {"pptx": ("PowerPoint", "slides with charts you can edit"), "html": ("One page", "opens anywhere, prints on A4")}


class AskedReport(TypedDict):
    """What the page keeps in the browser of the report that was asked for, and how often."""

    job: str
    asked: int


def report_menu(run_id: str) -> html.Details:
    """Draw the menu with its two formats."""
    entries = [
        html.Button(
            [html.B(words), html.Small(more)],
            id={"type": "report", "format": kind, "run": run_id},
            type="button",
            n_clicks=0,
            className="report-as",
        )
        for kind, (words, more) in _FORMATS.items()
    ]
    label = [icon("report"), html.Span("Report", className="word")]
    return menu(label, entries, "What the pages say, to present or to send", "right reports")


def report_parts() -> list[Any]:
    """Return what a report needs on the page: its job, a clock, and a place to be told."""
    return [
        dcc.Store(id="report-job"),
        dcc.Interval(id="report-clock", interval=500, disabled=True),
        html.Div(id="report-told", className="told", role="status"),
    ]


def report_told(job: Job, asked: int = 1) -> Any:
    """Say how far a report is; when it is there, offer it. The browser fetches it once each time it was asked for."""
    if job.state == "failed" and job.error:
        return failure(job.error)
    if job.state == "cancelled":
        return html.P("The report was cancelled.")
    if job.state != "done" or job.result is None:
        bar = html.Span(html.I(style={"width": f"{100 * job.progress:.0f}%"}), className="track")
        return html.P([html.Span(f"{job.message or 'Waiting for a worker'}…"), bar])
    result = job.result
    address = f"/api/v1/files/{result['file_id']}"
    name = f"file-{job.id}-{asked}"
    link = html.A([icon("download"), result["name"]], href=address, download=result["name"], className="lk", id=name)
    checked = f"checked: {counted(result['numbers'], 'number')}, {size(result['size'])}"
    return html.P([icon("tick"), link, html.Span(checked)], className="ready")


def register_report(callbacks: Callbacks, content_of: ContentOf) -> None:
    """Say what happens in the menu; ``content_of`` turns what the pages show into what the report says."""
    told = Output("report-told", "children", allow_duplicate=True)
    is_over = Output("report-clock", "disabled", allow_duplicate=True)

    @callbacks.register(
        Output("report-job", "data"),
        told,
        is_over,
        Input({"type": "report", "format": ALL, "run": ALL}, "n_clicks"),
        State("report-job", "data"),
        permission="export",
        prevent_initial_call=True,
    )
    def start(_: list[int | None], before: AskedReport | None) -> Any:
        if not ctx.triggered[0]["value"] or not isinstance(ctx.triggered_id, dict):
            return no_update, no_update, no_update
        job = start_report(callbacks.context, ctx.triggered_id["run"], ctx.triggered_id["format"], content_of)
        asked = before["asked"] + 1 if before else 1
        return {"job": job.id, "asked": asked}, report_told(job, asked), job.is_over

    @callbacks.register(
        told,
        is_over,
        Input("report-clock", "n_intervals"),
        State("report-job", "data"),
        permission="export",
        prevent_initial_call=True,
    )
    def look(_: int | None, asked: AskedReport | None) -> Any:
        if not asked:
            return no_update, True
        job = find_report(callbacks.context, asked["job"])
        return report_told(job, asked["asked"]), job.is_over


def start_report(context: Context, run_id: str, kind: ReportFormat, content_of: ContentOf) -> Job:
    """Queue a report of what the pages show of a run now."""
    if kind not in _FORMATS:
        raise NotFoundError("no_such_format", "There is no such report.", fix="Reload the page.")
    actor = current_actor()
    content = content_of(load_report_sources(context, run_id), now().date())
    return request_report(context, run_id, kind, content, actor.name if actor else None)


def find_report(context: Context, job_id: str) -> Job:
    """Return the job of a report; no other job is told here."""
    with read(context.engine) as conn:
        job = load_job(conn, job_id)
    if job.kind != "report":
        raise NotFoundError("no_such_file", "There is no such report.", fix="Make it again.")
    return job
