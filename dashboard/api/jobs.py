"""Jobs: how far the work is, and how to call it off."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from dashboard.api.models import ErrorFacts
from dashboard.api.routes import Routes
from dashboard.auth.actors import current_actor
from dashboard.auth.permissions import require
from dashboard.context import Context
from dashboard.workflows.cancelling import cancel_job
from database.engine import read
from database.jobs import Job, load_job

routes = Routes()


class Step(BaseModel):
    """A step that began ``at`` seconds after the job did."""

    name: str
    at: float


class JobAnswer(BaseModel):
    """A job. ``state`` is queued, running, done, failed or cancelled; ``progress`` goes from 0 to 1."""

    job_id: str
    kind: str
    state: str
    progress: float
    message: str
    steps: list[Step]
    cancel_requested: bool
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    result: dict[str, Any] | None
    error: ErrorFacts | None


@routes.add("GET /jobs/<job_id>", "How far a job is", "see", {JobAnswer: 200})
def get_job(context: Context, job_id: str) -> JobAnswer:
    """Return a job."""
    with read(context.engine) as conn:
        job = load_job(conn, job_id)
    if job.kind == "inspection":  # its result shows rows of a file
        require(current_actor(), "import")
    return _answer(job)


@routes.add("DELETE /jobs/<job_id>", "Cancel a job", "run", {JobAnswer: 200})
def cancel(context: Context, job_id: str) -> JobAnswer:
    """Cancel a job that waits, or ask a running one to stop."""
    return _answer(cancel_job(context, job_id))


def _answer(job: Job) -> JobAnswer:
    return JobAnswer(
        job_id=job.id,
        kind=job.kind,
        state=job.state,
        progress=job.progress,
        message=job.message,
        steps=[Step(name=step["name"], at=step["at"]) for step in job.steps],
        cancel_requested=job.cancel_requested,
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        result=dict(job.result) if job.result is not None else None,
        error=ErrorFacts(**job.error) if job.error is not None else None,
    )
