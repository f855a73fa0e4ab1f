"""A run becomes a report: written, read back, its numbers compared, and only then offered."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from dashboard.context import Context, now
from dashboard.exports.delimited import replacing
from dashboard.exports.reports.checked import check_page, check_presentation
from dashboard.exports.reports.content import ReportContent, to_content
from dashboard.exports.reports.html_report import html_report
from dashboard.exports.reports.presentation import write_presentation
from dashboard.workflows.exports import KEEP_EXPORTS
from dashboard.workflows.staging import safe_name, stage_file
from dashboard.workflows.work import Work
from database.engine import write
from database.files import find_file
from database.jobs import Job, add_job, find_done_job, job_key
from database.runs import load_run

ReportFormat = Literal["pptx", "html"]
_REPORT_VERSION = "2"


def request_report(context: Context, run_id: str, kind: ReportFormat, content: ReportContent, author: str | None = None) -> Job:
    """Queue a report that says ``content``, or return the equal job whose file is still there.

    The content goes with the job: a report says what its reader saw when it was asked for, whatever is renamed meanwhile.
    """
    params = {"run_id": run_id, "format": kind, "content": content.plain()}
    key = job_key("report", None, params, _REPORT_VERSION)
    with write(context.engine) as conn:
        load_run(conn, run_id)
        known = find_done_job(conn, key)
        if known and known.result and find_file(conn, known.result["file_id"]):
            return known
        return add_job(conn, "report", params, key, now(), author)


def write_report_file(work: Work) -> Mapping[str, Any]:
    """Write a report, read it back, and put it into the store."""
    kind, content = work.job.params["format"], to_content(work.job.params["content"])
    write_as, check = _WRITERS[kind]
    with TemporaryDirectory() as folder:
        path = Path(folder) / safe_name(f"{content.title[:60]} - report.{kind}")
        work.progress(0.1, "Writing the report")
        write_as(path, content)
        work.progress(0.7, "Checking its numbers")
        n_numbers = check(path, content)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        work.progress(0.9, "Storing the file")
        file = stage_file(work.context, path, keep=KEEP_EXPORTS)
    if file.sha256 != digest:
        raise RuntimeError("the file changed while it was stored")
    return {"file_id": file.id, "name": file.name, "numbers": n_numbers, "size": file.size, "sha256": file.sha256}


def _write_page(path: Path, content: ReportContent) -> None:
    with replacing(path) as out:
        out.write(html_report(content).encode())


_Writer = Callable[[Path, ReportContent], None]
_Check = Callable[[Path, ReportContent], int]
_WRITERS: Mapping[str, tuple[_Writer, _Check]] = {"pptx": (write_presentation, check_presentation), "html": (_write_page, check_page)}
