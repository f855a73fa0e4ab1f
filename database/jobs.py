"""Jobs as rows: the waiting and the working. A page polls the row, so reloads and restarts lose nothing.

A worker holds a job by its token, which every claim raises by one. All that a worker writes is fenced by it: who lost the job to
another worker (a lease that ran out while the machine slept, say) gets ConflictError and must drop what it was doing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, Select, case, literal, null, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from database.engine import is_postgres
from database.tables import jobs, new_id
from segmentation.errors import ConflictError, NotFoundError

State = Literal["queued", "running", "done", "failed", "cancelled"]
MOST_ATTEMPTS = 3
_ACTIVE = ("queued", "running")
_WORKER_LOST = {
    "code": "worker_lost",
    "title": "The work was interrupted several times and was given up.",
    "detail": f"The worker stopped without a word {MOST_ATTEMPTS} times; it may have run out of memory.",
    "fix": "Try again, with a smaller file if it happens again.",
}


@dataclass(frozen=True)
class Worker:
    """Who works: enough to tell later, on the same host, whether that very process still lives."""

    host: str
    boot: str  # the id of the host's last start: process numbers begin anew with it
    pid: int
    started: float  # of the process, in seconds since 1970: process numbers are used again


@dataclass(frozen=True)
class Job:
    """One row of ``jobs``. ``id`` and ``token`` together are the right to write."""

    id: str
    kind: str
    params: Mapping[str, Any]
    key: str
    state: State
    author: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    lease_until: datetime | None
    heartbeat_at: datetime | None
    attempt: int
    token: int
    cancel_requested: bool
    progress: float  # 0 to 1
    message: str
    steps: Sequence[Mapping[str, Any]]  # each begun: name, at (seconds since the claim)
    result: Mapping[str, Any] | None
    error: Mapping[str, Any] | None  # code, title, detail, fix
    worker: Worker | None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.state not in _ACTIVE


def job_key(kind: str, dataset: str | None, params: Mapping[str, Any], algorithm_version: str) -> str:
    """Name the work itself: equal work has an equal key, whoever asks for it and in whatever order the parameters stand."""
    words = json.dumps([kind, dataset, params, algorithm_version], sort_keys=True, allow_nan=False, ensure_ascii=False)
    return hashlib.sha256(words.encode()).hexdigest()


def add_job(conn: Connection, kind: str, params: Mapping[str, Any], key: str, now: datetime, author: str | None = None) -> Job:
    """Queue a job and return it, or return the one with the same key that is already queued or running."""
    insert = postgresql.insert if is_postgres(conn) else sqlite.insert
    values = {"id": new_id(), "kind": kind, "params": params, "key": key, "state": "queued", "author": author, "created_at": now}
    while True:
        row = conn.execute(insert(jobs).values(values).on_conflict_do_nothing().returning(jobs)).one_or_none()
        row = row or _find_active(conn, key)
        if row:  # else the equal job ended between the two statements
            return _job(row)


def find_job(conn: Connection, job_id: str) -> Job | None:
    """Return a job, None where there is none."""
    row = conn.execute(select(jobs).where(jobs.c.id == job_id)).one_or_none()
    return _job(row) if row else None


def load_job(conn: Connection, job_id: str) -> Job:
    """Return a job."""
    job = find_job(conn, job_id)
    if job is None:
        raise NotFoundError("no_such_job", "There is no such job.", f"Its id would be {job_id}.")
    return job


def list_jobs(conn: Connection, states: Iterable[State] = (), limit: int = 100, kinds: Collection[str] = ()) -> Sequence[Job]:
    """Return the newest jobs, those in the given states and of the given kinds where any are given."""
    query = select(jobs).order_by(jobs.c.created_at.desc(), jobs.c.id).limit(limit)
    if chosen := list(states):
        query = query.where(jobs.c.state.in_(chosen))
    if kinds:
        query = query.where(jobs.c.kind.in_(kinds))
    return [_job(row) for row in conn.execute(query)]


def claim(
    conn: Connection, worker: Worker, now: datetime, lease: timedelta, job_id: str | None = None, kinds: Collection[str] = ()
) -> Job | None:
    """Take the oldest queued job (of these kinds, or that one, if it is queued) for one worker alone; None where there is nothing to do.

    Two workers never get the same: Postgres skips rows that another is just taking, SQLite has one writer at a time.
    """
    oldest: Select[tuple[str]] = select(jobs.c.id).where(jobs.c.state == "queued")
    if job_id is not None:
        oldest = oldest.where(jobs.c.id == job_id)
    if kinds:
        oldest = oldest.where(jobs.c.kind.in_(kinds))
    oldest = oldest.order_by(jobs.c.created_at, jobs.c.id).limit(1).with_for_update(skip_locked=True)
    values = {f"worker_{name}": value for name, value in asdict(worker).items()}
    row = conn.execute(
        update(jobs)
        .where(jobs.c.id == oldest.scalar_subquery())
        .values(
            state="running",
            token=jobs.c.token + 1,
            attempt=jobs.c.attempt + 1,
            started_at=now,
            heartbeat_at=now,
            lease_until=now + lease,
            progress=0.0,
            message="",
            steps=[],
            **values,
        )
        .returning(jobs)
    ).one_or_none()
    return _job(row) if row else None


def heartbeat(conn: Connection, job: Job, now: datetime, lease: timedelta) -> bool:
    """Say that the worker lives and hold the job for another lease. Return whether somebody asked to cancel it."""
    return _write(conn, job, heartbeat_at=now, lease_until=now + lease).cancel_requested


def set_progress(conn: Connection, job: Job, progress: float, message: str) -> bool:
    """Say how far it is (0 to 1) and what is being done. Return whether somebody asked to cancel it."""
    return _write(conn, job, progress=min(max(progress, 0.0), 1.0), message=message).cancel_requested


def add_step(conn: Connection, job: Job, name: str, now: datetime) -> None:
    """Say that a step begins, so that a page can tell what is done and how long it took."""
    known = load_job(conn, job.id)
    began = known.started_at or now
    _write(conn, job, steps=[*known.steps, {"name": name, "at": round((now - began).total_seconds(), 2)}])


def find_done_job(conn: Connection, key: str) -> Job | None:
    """Return the newest job with a key that is done, None where there is none."""
    query = select(jobs).where(jobs.c.key == key, jobs.c.state == "done").order_by(jobs.c.finished_at.desc()).limit(1)
    row = conn.execute(query).one_or_none()
    return _job(row) if row else None


def check_claim(conn: Connection, job: Job) -> None:
    """Make sure that the job is still the worker's own, and keep it so until the transaction ends: call before publishing."""
    _write(conn, job, token=job.token)


def finish(conn: Connection, job: Job, result: Mapping[str, Any], now: datetime) -> Job:
    """Say that it is done, and with what result."""
    return _write(conn, job, state="done", result=result, progress=1.0, finished_at=now, lease_until=None)


def fail(conn: Connection, job: Job, error: Mapping[str, Any], now: datetime) -> Job:
    """Say that it failed and why: code, title, detail, fix. A failed job is not repeated by itself."""
    return _write(conn, job, state="failed", error=error, finished_at=now, lease_until=None)


def finish_cancelled(conn: Connection, job: Job, now: datetime) -> Job:
    """Say that the worker stopped because it was asked to."""
    return _write(conn, job, state="cancelled", finished_at=now, lease_until=None)


def give_back(conn: Connection, job: Job) -> Job:
    """Queue a job again that its worker cannot finish because it is told to stop; the attempt does not count."""
    return _write(conn, job, state="queued", attempt=jobs.c.attempt - 1, lease_until=None, progress=0.0, message="")


def cancel(conn: Connection, job_id: str, now: datetime) -> Job:
    """Cancel a queued job at once; ask the worker of a running one to stop. One that is over stays as it is."""
    is_queued = jobs.c.state == "queued"
    values = {
        "state": case((is_queued, "cancelled"), else_=jobs.c.state),
        "finished_at": case((is_queued, literal(now, jobs.c.finished_at.type)), else_=null()),
        "cancel_requested": True,
    }
    query = update(jobs).where(jobs.c.id == job_id, jobs.c.state.in_(_ACTIVE)).values(values)
    row = conn.execute(query.returning(jobs)).one_or_none()
    return _job(row) if row else load_job(conn, job_id)


def retry(conn: Connection, job_id: str) -> Job:
    """Queue a failed or cancelled job again with all its attempts; any other stays as it is. Return an equal one that is active instead."""
    is_over = jobs.c.state.in_(("failed", "cancelled"))
    fresh = {"attempt": 0, "error": None, "cancel_requested": False, "finished_at": None, "progress": 0.0, "message": ""}
    query = update(jobs).where(jobs.c.id == job_id, is_over).values(state="queued", **fresh).returning(jobs)
    try:
        with conn.begin_nested():
            row = conn.execute(query).one_or_none()
    except IntegrityError:
        row = _find_active(conn, load_job(conn, job_id).key)
    return _job(row) if row else load_job(conn, job_id)


def expire_leases(conn: Connection, now: datetime) -> Sequence[Job]:
    """Take back the running jobs whose lease ran out: their worker is lost. Return them as they are now."""
    return _take_back(conn, jobs.c.lease_until < now, now)


def take_back_dead(conn: Connection, worker: Worker, is_alive: Callable[[Worker], bool], now: datetime) -> Sequence[Job]:
    """Take back at once, when a worker starts, the running jobs of processes of its own host that live no more.

    ``is_alive`` is asked about workers of this host since its last start only; another host's jobs wait for their lease.
    """
    running = conn.execute(select(jobs).where(jobs.c.state == "running", jobs.c.worker_host == worker.host)).all()
    found = [(row.id, row.token) for row in running if not _lives(_worker(row), worker, is_alive)]
    taken: list[Job] = []
    for job_id, token in found:
        taken += _take_back(conn, (jobs.c.id == job_id) & (jobs.c.token == token), now)
    return taken


def _find_active(conn: Connection, key: str) -> Row[Any] | None:
    return conn.execute(select(jobs).where(jobs.c.key == key, jobs.c.state.in_(_ACTIVE))).one_or_none()


def _lives(other: Worker | None, me: Worker, is_alive: Callable[[Worker], bool]) -> bool:
    return other is not None and other.boot == me.boot and is_alive(other)


def _take_back(conn: Connection, which: ColumnElement[bool], now: datetime) -> Sequence[Job]:
    """Queue running jobs again; a job that was to be cancelled is, and one that had its attempts has failed."""
    is_last = jobs.c.attempt >= MOST_ATTEMPTS
    rows = conn.execute(
        update(jobs)
        .where(jobs.c.state == "running", which)
        .values(
            state=case((jobs.c.cancel_requested, "cancelled"), (is_last, "failed"), else_="queued"),
            error=case((~jobs.c.cancel_requested & is_last, literal(_WORKER_LOST, jobs.c.error.type)), else_=null()),
            finished_at=case((jobs.c.cancel_requested | is_last, literal(now, jobs.c.finished_at.type)), else_=null()),
            lease_until=None,
        )
        .returning(jobs)
    )
    return [_job(row) for row in rows]


def _write(conn: Connection, job: Job, **values: Any) -> Job:
    query = update(jobs).where(jobs.c.id == job.id, jobs.c.token == job.token, jobs.c.state == "running").values(values)
    row = conn.execute(query.returning(jobs)).one_or_none()
    if row is None:
        raise ConflictError("job_lost", "This work was taken over by another worker or ended.", f"Job {job.id}, attempt {job.attempt}.")
    return _job(row)


def _job(row: Row[Any]) -> Job:
    values = {name: value for name, value in row._mapping.items() if not name.startswith("worker_")}
    return Job(**values, worker=_worker(row))


def _worker(row: Row[Any]) -> Worker | None:
    if row.worker_host is None:
        return None
    return Worker(row.worker_host, row.worker_boot, row.worker_pid, row.worker_started)
