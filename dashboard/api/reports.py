"""Reports: a run told on slides or on one page. They say no more than the pages do, so whoever may see these may have them."""

from __future__ import annotations

from flask import Response

from dashboard.api.downloads import TYPES, stream_file
from dashboard.api.models import JobTicket
from dashboard.api.routes import Asked, Routes, author
from dashboard.context import Context, now
from dashboard.figures.report import run_report
from dashboard.queries.reporting import load_report_file, load_report_sources
from dashboard.workflows.reporting import ReportFormat, request_report

routes = Routes()


class ReportOrder(Asked):
    """Slides (``pptx``, with charts that can be edited) or one page that needs nothing else (``html``)."""

    format: ReportFormat


@routes.add("POST /runs/<run_id>/report", "Make a report of a run", "see", {JobTicket: 202})
def make_report(context: Context, run_id: str, body: ReportOrder) -> JobTicket:
    """Queue a report; when the job is done, the file stands at /api/v1/reports/{job_id} for a day."""
    content = run_report(load_report_sources(context, run_id), now().date())
    return JobTicket(job_id=request_report(context, run_id, body.format, content, author()).id)


@routes.add("GET /reports/<job_id>", "A finished report", "see", {TYPES[".pptx"]: 200, TYPES[".html"]: 200})
def get_report(context: Context, job_id: str) -> Response:
    """Return the file of a report; no other file is given here."""
    return stream_file(context, load_report_file(context, job_id))
