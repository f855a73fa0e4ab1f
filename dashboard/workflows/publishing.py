"""One run of a dataset is the team's: what every page shows unless another is asked for."""

from __future__ import annotations

from dashboard.context import Context, now
from database.engine import read, write
from database.jobs import add_job, job_key
from database.runs import Run, delete_run, find_published_run, load_run, publish_run, withdraw_run
from segmentation.errors import ConflictError


def publish(context: Context, run_id: str) -> Run:
    """Make a run the team's, instead of the one that was."""
    with write(context.engine) as conn:
        return publish_run(conn, run_id, now())


def find_team_run(context: Context, run_id: str) -> Run | None:
    """Return the run that is the team's in the dataset of a run, None where none is."""
    with read(context.engine) as conn:
        return find_published_run(conn, load_run(conn, run_id).dataset_id)


def withdraw(context: Context, run_id: str) -> Run:
    """Let a run be the team's no longer."""
    with write(context.engine) as conn:
        return withdraw_run(conn, run_id)


def drop_run(context: Context, run_id: str, author: str | None = None) -> Run:
    """Hide a run at once, a worker then frees its space; the team's stays."""
    params = {"run_id": run_id}
    with write(context.engine) as conn:
        run = load_run(conn, run_id)
        if run.published_at:
            title, fix = "This run is the team’s, so it stays.", "Publish another one first."
            raise ConflictError("is_the_teams", title, f"Run {run_id}.", fix)
        delete_run(conn, run_id)
        add_job(conn, "removal", params, job_key("removal", run.dataset_id, params, "1"), now(), author)
    return run
