"""One run of a dataset is the team's: what every page shows unless another is asked for."""

from __future__ import annotations

from dashboard.context import Context, now
from database.engine import write
from database.runs import Run, publish_run


def publish(context: Context, run_id: str) -> Run:
    """Make a run the team's, instead of the one that was."""
    with write(context.engine) as conn:
        return publish_run(conn, run_id, now())
