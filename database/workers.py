"""Which workers live: each says so every few seconds, also while it has nothing to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from database.engine import is_postgres
from database.jobs import Worker
from database.tables import workers


def beat(conn: Connection, worker: Worker, now: datetime, is_quick: bool | None = None) -> None:
    """Say that a worker lives; at first also whether it does quick jobs only."""
    insert = postgresql.insert if is_postgres(conn) else sqlite.insert
    values = {"boot": worker.boot, "started": worker.started, "seen_at": now}
    if is_quick is not None:
        values["is_quick"] = is_quick
    row = insert(workers).values(host=worker.host, pid=worker.pid, **values)
    conn.execute(row.on_conflict_do_update(index_elements=["host", "pid"], set_=values))


def list_workers(conn: Connection, since: datetime) -> Sequence[Worker]:
    """Return the workers that do any job and said so since then, in the order of their hosts and process numbers."""
    query = select(workers).where(workers.c.seen_at >= since, ~workers.c.is_quick).order_by(workers.c.host, workers.c.pid)
    return [Worker(row.host, row.boot, row.pid, row.started) for row in conn.execute(query)]


def delete_worker(conn: Connection, worker: Worker) -> None:
    """Forget a worker that stops."""
    conn.execute(delete(workers).where(workers.c.host == worker.host, workers.c.pid == worker.pid, workers.c.started == worker.started))


def delete_silent_workers(conn: Connection, before: datetime) -> None:
    """Forget the workers that said nothing since then."""
    conn.execute(delete(workers).where(workers.c.seen_at < before))
