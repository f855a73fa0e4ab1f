"""A worker in the process of the tests."""

from __future__ import annotations

from dashboard.context import Context, now
from dashboard.workflows.doing import run_job
from dashboard.workflows.processes import this_worker
from database.engine import write
from database.jobs import claim


def work_off(context: Context) -> None:
    """Do all jobs that wait, as a worker would."""
    while True:
        with write(context.engine) as conn:
            job = claim(conn, this_worker(), now(), context.lease)
        if job is None:
            return
        run_job(context, this_worker(), job)
