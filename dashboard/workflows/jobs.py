"""Which kinds of jobs there are, who does each, and how one is called off."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.context import Context, now
from dashboard.workflows.datasets import import_dataset
from dashboard.workflows.demo import load_demo
from dashboard.workflows.exports import export_run
from dashboard.workflows.runs import segment_dataset
from dashboard.workflows.tidying import free_space
from dashboard.workflows.uploads import inspect_upload
from dashboard.workflows.work import Handler
from database.engine import write
from database.jobs import Job, cancel

HANDLERS: Mapping[str, Handler] = {
    "inspection": inspect_upload,
    "import": import_dataset,
    "demo": load_demo,
    "segmentation": segment_dataset,
    "export": export_run,
    "removal": free_space,
}

QUICK = frozenset({"inspection", "export"})
"""What somebody waits for at the screen: done before anything else, and by a worker of its own where there is one."""


def cancel_job(context: Context, job_id: str) -> Job:
    """Cancel a job that waits, or ask the worker of a running one to stop; one that is over stays as it is."""
    with write(context.engine) as conn:
        return cancel(conn, job_id, now())
