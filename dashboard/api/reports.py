"""Reports: a run told on slides or on one page."""

from __future__ import annotations

from dashboard.api.models import JobTicket
from dashboard.api.routes import Asked, Routes, author
from dashboard.context import Context, now
from dashboard.figures.report import run_report
from dashboard.queries.reporting import load_report_sources
from dashboard.workflows.reporting import ReportFormat, request_report

routes = Routes()


class ReportOrder(Asked):
    """Slides (``pptx``, with charts that can be edited) or one page that needs nothing else (``html``)."""

    format: ReportFormat


@routes.add("POST /runs/<run_id>/report", "Make a report of a run", "export", {JobTicket: 202})
def make_report(context: Context, run_id: str, body: ReportOrder) -> JobTicket:
    """Queue a report; the job's result names the file, which stands at /api/v1/files/{file_id} for a day."""
    content = run_report(load_report_sources(context, run_id), now().date())
    return JobTicket(job_id=request_report(context, run_id, body.format, content, author()).id)
