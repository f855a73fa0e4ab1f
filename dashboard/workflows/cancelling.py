"""Work that is no longer wanted is stopped, also in the middle."""

from __future__ import annotations

from dashboard.context import Context, now
from database.engine import write
from database.jobs import Job, cancel


def cancel_job(context: Context, job_id: str) -> Job:
    """Cancel a job that waits, ask the worker of a running one to stop; one that is over stays as it is."""
    with write(context.engine) as conn:
        return cancel(conn, job_id, now())
