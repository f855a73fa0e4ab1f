"""What a report of a run is made of: the dataset's overview, and the segments as they are called now."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.context import Context
from dashboard.queries.overview import load_overview
from dashboard.queries.segments import SegmentsOfRun, load_segments
from database.datasets import load_dataset
from database.engine import read
from database.files import StoredFile, find_file
from database.jobs import find_job
from database.runs import load_run
from segmentation.errors import NotFoundError
from segmentation.measures.overview import Overview


@dataclass(frozen=True)
class ReportSources:
    """What the two pages show."""

    overview: Overview
    shown: SegmentsOfRun


def load_report_sources(context: Context, run_id: str) -> ReportSources:
    """Return what a report of a run is made of."""
    with read(context.engine) as conn:
        run = load_run(conn, run_id)
        dataset = load_dataset(conn, run.dataset_id)
    return ReportSources(load_overview(context, dataset), load_segments(context, dataset, run))


def load_report_file(context: Context, job_id: str) -> StoredFile:
    """Return the file that a report became; no other job's file is told here."""
    with read(context.engine) as conn:
        job = find_job(conn, job_id)
        if job and job.kind == "report" and job.result and (file := find_file(conn, job.result["file_id"])):
            return file
    raise NotFoundError("no_such_report", "There is no such report.", "A report is kept for a day.", "Make it again.")
