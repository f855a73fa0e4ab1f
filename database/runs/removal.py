"""How a run goes: hidden at once, its assignments some at a time, so that others can write meanwhile."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, exists, select, update

from database.bulk import delete_some
from database.engine import is_postgres
from database.runs.records import load_run
from database.tables import assignments, jobs, runs


def delete_run(conn: Connection, run_id: str) -> None:
    """Hide a run at once; ``purge_run`` then frees the space."""
    load_run(conn, run_id)
    conn.execute(update(runs).where(runs.c.id == run_id).values(state="deleted", published_at=None))


def drop_unfinished(conn: Connection) -> Sequence[str]:
    """Give up the runs that no worker computes (any more). Return all that wait for ``purge_run``."""
    its_job = (jobs.c.id == runs.c.job_id) & (jobs.c.token == runs.c.job_token) & (jobs.c.state == "running")
    conn.execute(update(runs).where(runs.c.state == "loading", ~exists().where(its_job)).values(state="deleted"))
    return conn.execute(select(runs.c.id).where(runs.c.state == "deleted").order_by(runs.c.id)).scalars().all()


def purge_run(conn: Connection, run_id: str) -> bool:
    """Free some of the space of a deleted run; call again, in a transaction of its own, while it returns True."""
    is_deleted = exists().where(runs.c.id == run_id, runs.c.state == "deleted")
    if not conn.execute(select(is_deleted)).scalar():
        return False
    if not is_postgres(conn) and delete_some(conn, assignments, assignments.c.run_id == run_id):
        return True
    conn.execute(delete(runs).where(runs.c.id == run_id))
    return False
