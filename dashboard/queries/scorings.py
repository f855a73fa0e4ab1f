"""Files labelled with a run: each is a job, from the file that was dropped to what came of it."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.context import Context
from database.engine import read
from database.files import StoredFile, find_file
from database.jobs import Job, list_jobs

_MOST = 5
_KINDS = ("scoring",)


def find_scoring(context: Context, run_id: str, upload_id: str) -> Job | None:
    """Return the newest labelling of a file with a run, None where it was not asked for yet."""
    with read(context.engine) as conn:
        jobs = list_jobs(conn, kinds=_KINDS)
    return next((job for job in jobs if (job.params["run_id"], job.params["upload_id"]) == (run_id, upload_id)), None)


def list_scorings(context: Context, run_id: str) -> Sequence[Job]:
    """Return the files labelled with a run, or on their way, the newest first; each file once."""
    with read(context.engine) as conn:
        jobs = list_jobs(conn, kinds=_KINDS)
    newest: dict[str, Job] = {}
    for job in jobs:
        if job.params["run_id"] == run_id and job.state != "cancelled":
            newest.setdefault(job.params["upload_id"], job)
    return list(newest.values())[:_MOST]


def find_labelled(context: Context, job: Job) -> StoredFile | None:
    """Return the labelled file of a job that is done, None once it is no longer kept."""
    if job.result is None:
        return None
    with read(context.engine) as conn:
        return find_file(conn, job.result["file_id"])
