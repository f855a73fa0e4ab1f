"""B8: a step of an import is broken, a worker takes over, and everything must be as if nothing had happened."""

from __future__ import annotations

import errno
import hashlib
import os
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import event, func, inspect, select
from sqlalchemy.exc import OperationalError

from dashboard.context import Context, now
from dashboard.worker import take_over
from dashboard.workflows.doing import run_job
from dashboard.workflows.processes import own_scratch, this_worker
from dashboard.workflows.tidying import tidy_store
from dashboard.workflows.uploads import request_inspection, request_upload_import
from database.datasets import delete_dataset, list_datasets, load_rows, version_table
from database.engine import read, write
from database.files import read_chunks
from database.jobs import Job, claim, expire_leases, load_job
from database.tables import files, jobs, metadata, rejected_rows
from database.uploads import load_upload
from tests.bars.judging import check_error

Kind = Literal["exception", "disk full", "database lost"]
KINDS: tuple[Kind, ...] = ("exception", "disk full", "database lost")
_STORE_EVENTS = ("begin", "before_cursor_execute", "commit")
_FILE_EVENTS = {"open", "os.mkdir", "os.rename"}


class PlantedError(Exception):
    """An error that nobody expects."""


@dataclass(frozen=True)
class Fault:
    """What breaks at which step; ``stays``: everything after it breaks as well, until the worker is started again."""

    kind: Kind
    at: int
    stays: bool = False


class Steps:
    """Counts what this thread does with the store and with the files of its folder, and breaks one step.

    A lost database breaks no file, and what nobody expects happens once.
    """

    def __init__(self, context: Context, fault: Fault | None = None) -> None:
        self.context, self._fault, self._thread = context, fault, threading.get_ident()
        self.n = 0

    def in_store(self, *_: Any) -> None:
        """Count a step of the store: a begin, a statement, a commit."""
        if self._is_broken():
            raise _of_store(self._fault.kind if self._fault else "exception")

    def in_files(self, path: object) -> None:
        """Count a step with files: one is opened, moved, or a folder is made."""
        if not isinstance(path, str | bytes | os.PathLike) or not os.fsdecode(path).startswith(str(self.context.settings.data_dir)):
            return
        if self._is_broken() and self._fault and self._fault.kind != "database lost":
            raise _of_files(self._fault.kind)

    def _is_broken(self) -> bool:
        if threading.get_ident() != self._thread:
            return False
        self.n += 1
        return self._fault is not None and (self.n == self._fault.at or (self._fault.stays and self.n > self._fault.at))


def _of_store(kind: Kind) -> Exception:
    if kind == "exception":
        return PlantedError("in the store")
    driver = sqlite3.OperationalError("database or disk is full" if kind == "disk full" else "server closed the connection")
    driver.sqlite_errorname = "SQLITE_FULL" if kind == "disk full" else "SQLITE_IOERR"
    return OperationalError("", {}, driver, connection_invalidated=kind == "database lost")


def _of_files(kind: Kind) -> Exception:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) if kind == "disk full" else PlantedError("in a file")


_counting: list[Steps] = []


def _on_audit(name: str, arguments: tuple[Any, ...]) -> None:
    if _counting and name in _FILE_EVENTS:
        _counting[0].in_files(arguments[0])


@contextmanager
def counting(steps: Steps) -> Iterator[None]:
    """Count the steps of the block, and break the one that is to break."""
    if not getattr(_on_audit, "is_set", False):  # it cannot be taken away again
        sys.addaudithook(_on_audit)
        _on_audit.is_set = True  # type: ignore[attr-defined]
    for name in _STORE_EVENTS:
        event.listen(steps.context.engine, name, steps.in_store)
    _counting.append(steps)
    try:
        yield
    finally:
        _counting.clear()
        for name in _STORE_EVENTS:
            event.remove(steps.context.engine, name, steps.in_store)


@dataclass(frozen=True)
class Task:
    """A kind of job on an upload: how it is asked for, and what comes of it, to be compared."""

    context: Context
    upload_id: str
    name: Literal["inspection", "import"]

    def ask(self) -> Job:
        """Ask for it."""
        ask: Callable[[Context, str], Job] = request_inspection if self.name == "inspection" else request_upload_import
        return ask(self.context, self.upload_id)

    def outcome(self, job: Job) -> str:
        """Return the hash of all that came of it."""
        result: Mapping[str, Any] = job.result or {}
        if self.name == "inspection":
            return hashlib.sha256(repr(sorted(result.items())).encode()).hexdigest()
        with read(self.context.engine) as conn:
            dataset = next(each for each in list_datasets(conn) if each.id == result["dataset_id"])
            rows = [load_rows(conn, dataset, part).to_pydict() for part in dataset.columns]
            rejected = conn.execute(select(rejected_rows).where(rejected_rows.c.dataset_id == dataset.id)).all()
            facts = repr(dataset.facts).replace(dataset.id, "")
        told = [dataset.content_hash, repr(rows), repr(sorted(str(row[1:]) for row in rejected)), facts]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()

    def forget(self) -> None:
        """Undo it, so that it is done anew."""
        with write(self.context.engine) as conn:
            for dataset in list_datasets(conn):
                delete_dataset(conn, dataset.id)
            conn.execute(jobs.delete())
        tidy_store(self.context)


def measure(task: Task) -> tuple[str, int]:
    """Do a task undisturbed; returns what comes of it and its number of steps."""
    job = task.ask()
    steps = work(task.context)
    outcome = task.outcome(look(task.context, job))
    check_whole(task.context, task.upload_id)
    task.forget()
    return outcome, steps.n


def break_and_mend(task: Task, fault: Fault, wanted: str) -> None:
    """Break a step, let a worker take over, ask once more where the job failed, and check that nothing of it can be seen."""
    context = task.context
    job = task.ask()
    work(context, fault)
    check_visible(context)
    take_up(context)
    job = look(context, job)
    if job.state == "failed":
        check_failure(job, fault)
        check_whole(context, task.upload_id)
        job = task.ask()
        work(context)
        job = look(context, job)
    if job.state != "done":
        raise AssertionError(f"the job is {job.state}: {job.error}")
    check_whole(context, task.upload_id)
    if task.outcome(job) != wanted:
        raise AssertionError("something else came of it than without the fault")
    task.forget()


def work(context: Context, fault: Fault | None = None) -> Steps:
    """Do all jobs that wait, in a scratch of our own as a worker does, and break a step; an error that comes out would end the worker."""
    me, steps = this_worker(), Steps(context, fault)
    with own_scratch(context, me):
        while True:
            with write(context.engine) as conn:
                job = claim(conn, me, now(), context.lease)
            if job is None:
                return steps
            with counting(steps):
                run_job(context, me, job)


def take_up(context: Context) -> None:
    """Be the worker that comes after the lease."""
    with write(context.engine) as conn:
        expire_leases(conn, now() + 2 * context.lease)
    take_over(context, this_worker())
    work(context)


def look(context: Context, job: Job) -> Job:
    """Return a job as it is now."""
    with read(context.engine) as conn:
        return load_job(conn, job.id)


def check_failure(job: Job, fault: Fault) -> None:
    """A failed job says why, in words for a person; only what nobody expects may be called a mistake of ours."""
    error = dict(job.error or {})
    if error.get("code") == "internal_error" and fault.kind == "exception":
        error["code"] = "expected"
    check_error({"detail": "", "fix": "", "title": "", "code": "", **error})


def check_visible(context: Context) -> None:
    """Whatever can be seen is whole."""
    with read(context.engine) as conn:
        for dataset in list_datasets(conn):
            if dataset.facts is None:
                raise AssertionError("a dataset without its account can be seen")
            counts = [conn.execute(select(func.count()).select_from(version_table(dataset, part))).scalar() for part in dataset.columns]
            wanted = [dataset.facts.n_customers, dataset.facts.rows_kept][: len(counts)]
            if counts != wanted:
                raise AssertionError(f"half a dataset can be seen: {counts} rows of {wanted}")


def check_whole(context: Context, upload_id: str) -> None:
    """Nothing is left over, and the file that was sent can still be used."""
    check_visible(context)
    with read(context.engine) as conn:
        datasets = {dataset.id: dataset for dataset in list_datasets(conn)}
        upload = load_upload(conn, upload_id)
        content = b"".join(read_chunks(conn, upload.file.id))
        kept = set(conn.execute(select(files.c.id)).scalars())
        told = set(conn.execute(select(rejected_rows.c.dataset_id).distinct()).scalars())
    if hashlib.sha256(content).hexdigest() != upload.file.sha256:
        raise AssertionError("the file that was sent is not whole any more")
    tables = set(inspect(context.engine).get_table_names()) - set(metadata.tables) - {"alembic_version"}
    own = {f"{part}_{dataset.id}" for dataset in datasets.values() for part in dataset.columns}
    snapshots = {path.name for path in context.snapshots.iterdir()}
    left = {
        "tables": tables ^ own,
        "files": kept - {upload.file.id},
        "rows set aside": told - set(datasets),
        "snapshots": {name for name in snapshots if name.split("_")[1:2] == [] or name.split("_")[1] not in datasets},
        "scratch": {path.name for path in context.scratch.iterdir()},
    }
    if any(left.values()):
        raise AssertionError(f"left over: { {name: sorted(each) for name, each in left.items() if each} }")
