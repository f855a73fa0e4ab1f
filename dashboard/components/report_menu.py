"""The report of a run: slides or one page, how far it is, and the file once its numbers were compared."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dash import ALL, Input, State, ctx, html, no_update

from dashboard.auth.actors import current_actor
from dashboard.components.basics import icon, menu
from dashboard.components.file_told import AskedFile, asked_for, file_outputs, file_parts, register_file
from dashboard.context import Context, now
from dashboard.exports.reports.content import ReportContent
from dashboard.queries.reporting import ReportSources, load_report_sources
from dashboard.workflows.reporting import ReportFormat, request_report
from database.jobs import Job
from segmentation.errors import NotFoundError

if TYPE_CHECKING:
    from datetime import date

    from dashboard.callbacks import Callbacks

    ContentOf = Callable[[ReportSources, date], ReportContent]

REPORT = "report"
_FORMATS = {"pptx": ("PowerPoint", "slides with charts you can edit"), "html": ("One page", "opens anywhere, prints on A4")}


def report_menu(run_id: str, is_filtered: bool = False) -> html.Details:
    """Draw the menu with its two formats, of all customers also where the page is filtered."""
    entries: list[Any] = [
        html.Button(
            [html.B(words), html.Small(more)],
            id={"type": "report", "format": kind, "run": run_id},
            type="button",
            n_clicks=0,
            className="report-as",
        )
        for kind, (words, more) in _FORMATS.items()
    ]
    entries += [html.Small("Both tell of all customers, without the filter.", className="of-all")] if is_filtered else []
    label = [icon("report"), html.Span("Report", className="word")]
    return menu(label, entries, "What the pages say, to present or to send", "right reports")


def report_parts() -> list[Any]:
    """Return what a report needs on the page."""
    return file_parts(REPORT)


def register_report(callbacks: Callbacks, content_of: ContentOf) -> None:
    """Say what happens in the menu; ``content_of`` turns what the pages show into what the report says."""
    register_file(callbacks, REPORT, "report", "see")

    @callbacks.register(
        *file_outputs(REPORT),
        Input({"type": "report", "format": ALL, "run": ALL}, "n_clicks"),
        State(f"{REPORT}-job", "data"),
        permission="see",
        prevent_initial_call=True,
    )
    def start(_: list[int | None], before: AskedFile | None) -> Any:
        if not ctx.triggered[0]["value"] or not isinstance(ctx.triggered_id, dict):
            return no_update, no_update, no_update
        return asked_for(start_report(callbacks.context, ctx.triggered_id["run"], ctx.triggered_id["format"], content_of), before)


def start_report(context: Context, run_id: str, kind: ReportFormat, content_of: ContentOf) -> Job:
    """Queue a report of what the pages show of a run now."""
    if kind not in _FORMATS:
        raise NotFoundError("no_such_format", "There is no such report.", fix="Reload the page.")
    actor = current_actor()
    content = content_of(load_report_sources(context, run_id), now().date())
    return request_report(context, run_id, kind, content, actor.name if actor else None)
