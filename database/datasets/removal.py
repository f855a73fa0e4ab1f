"""How a version goes: hidden at once, its rows some at a time, so that others can write meanwhile."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, exists, select, update

from database.bulk import delete_some
from database.datasets.records import load_dataset, to_dataset
from database.datasets.rows import version_table
from database.engine import is_postgres
from database.tables import assignments, datasets, jobs, rejected_rows, runs


def delete_dataset(conn: Connection, dataset_id: str) -> None:
    """Hide a version and its runs at once; ``purge_dataset`` then frees the space."""
    query = update(datasets).where(datasets.c.id == dataset_id, datasets.c.state != "deleted").values(state="deleted")
    if conn.execute(query).rowcount == 0:
        load_dataset(conn, dataset_id)
    before = select(datasets.c.parent_id).where(datasets.c.id == dataset_id).scalar_subquery()
    conn.execute(update(datasets).where(datasets.c.parent_id == dataset_id).values(parent_id=before))  # the line of versions holds
    conn.execute(update(runs).where(runs.c.dataset_id == dataset_id).values(state="deleted", published_at=None))


def drop_unpublished(conn: Connection) -> Sequence[str]:
    """Give up the versions that are loading though no worker loads them (any more). Return all that wait for ``purge_dataset``."""
    its_job = (jobs.c.id == datasets.c.job_id) & (jobs.c.token == datasets.c.job_token) & (jobs.c.state == "running")
    conn.execute(update(datasets).where(datasets.c.state == "loading", ~exists().where(its_job)).values(state="deleted"))
    return conn.execute(select(datasets.c.id).where(datasets.c.state == "deleted").order_by(datasets.c.id)).scalars().all()


def purge_dataset(conn: Connection, dataset_id: str) -> bool:
    """Free some of the space of a deleted version; call again, in a transaction of its own, while it returns True."""
    row = conn.execute(select(datasets).where(datasets.c.id == dataset_id, datasets.c.state == "deleted")).one_or_none()
    if row is None:
        return False
    dataset = to_dataset(row)
    own = [version_table(dataset, part) for part in dataset.columns]
    its_runs = select(runs.c.id).where(runs.c.dataset_id == dataset_id)
    if not is_postgres(conn):  # Postgres drops and deletes without holding up anybody
        if any(delete_some(conn, table) for table in own):
            return True
        if delete_some(conn, rejected_rows, rejected_rows.c.dataset_id == dataset_id):
            return True
        if delete_some(conn, assignments, assignments.c.run_id.in_(its_runs)):
            return True
    for table in own:
        table.drop(conn)
    conn.execute(delete(datasets).where(datasets.c.id == dataset_id))
    return False
