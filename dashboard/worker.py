"""The worker: takes jobs from the store, one at a time, and does them. Each is a freshly started process of its own."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Self

import psutil

from dashboard.context import Context, make_private_folder, now
from dashboard.workflows.jobs import HANDLERS
from dashboard.workflows.tidying import tidy_store
from dashboard.workflows.work import CancelledError, Handler, Work
from database.engine import read, write
from database.files import purge_files
from database.jobs import (
    Job,
    Worker,
    claim,
    expire_leases,
    fail,
    finish,
    finish_cancelled,
    give_back,
    heartbeat,
    list_jobs,
    load_job,
    take_back_dead,
)
from database.tables import new_id
from database.workers import beat, delete_silent_workers, delete_worker
from segmentation.dataset import OnStep
from segmentation.errors import AppError, ConflictError, InvalidInputError

log = logging.getLogger(__name__)

BEAT_S = 10.0
"""Seconds between two signs of life of a worker that has nothing to do."""
_LOOK_EVERY_S = 0.5
_FORGET_AFTER = timedelta(days=1)
_SAME_PROCESS_S = 1.0
_STORE_AWAY = frozenset({"store_unreachable", "store_busy"})


class StoppingError(BaseException):
    """The process was told to stop; not an Exception, so that no handler takes it for a failure of its own."""


def this_worker() -> Worker:
    """Describe this process so that another can tell later whether it still lives."""
    return Worker(socket.gethostname(), _boot_id(), os.getpid(), psutil.Process().create_time())


def _boot_id() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:  # not Linux
        return f"{psutil.boot_time():.0f}"


def is_alive(worker: Worker) -> bool:
    """Tell whether a process of this host still lives; its number may belong to another one by now."""
    try:
        process = psutil.Process(worker.pid)
        return abs(process.create_time() - worker.started) < _SAME_PROCESS_S and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def run_worker(context: Context, handlers: Mapping[str, Handler] = HANDLERS) -> None:
    """Work until told to stop (SIGTERM or SIGINT); a job that is not done then goes back to the queue."""
    me = this_worker()
    stopping = _listen_for_stop()
    try:
        use_scratch_of(me, context)
        take_over(context, me)
        log.info("worker ready", extra={"host": me.host})
        rounds = 0
        while True:
            if rounds % round(BEAT_S / _LOOK_EVERY_S) == 0:
                _do_chores(context, me)
            if not _do_next_job(context, me, handlers):
                stopping.wait(_LOOK_EVERY_S)
            rounds += 1
    except StoppingError:
        log.info("worker stops")
    finally:
        with suppress(AppError), write(context.engine) as conn:
            delete_worker(conn, me)


def take_over(context: Context, me: Worker) -> None:
    """Take back the jobs of dead workers of this host, and drop what they began and never published."""
    with write(context.engine) as conn:
        beat(conn, me, now())
    _take_back(context, me)
    tidy_store(context)


def _take_back(context: Context, me: Worker) -> None:
    with write(context.engine) as conn:
        for job in take_back_dead(conn, me, is_alive, now()):
            log.warning("job taken back", extra={"job": job.id, "kind": job.kind, "state": job.state})


def _do_chores(context: Context, me: Worker) -> None:
    with _store_may_be_away(), write(context.engine) as conn:
        beat(conn, me, now())
        delete_silent_workers(conn, now() - _FORGET_AFTER)
        purge_files(conn, now())
        for job in expire_leases(conn, now()):
            log.warning("lease ran out", extra={"job": job.id, "kind": job.kind, "state": job.state})


def _do_next_job(context: Context, me: Worker, handlers: Mapping[str, Handler]) -> bool:
    """Do one job; tell whether there was one."""
    job = None
    with _store_may_be_away():
        with read(context.engine) as conn:
            waiting = list_jobs(conn, ("queued",), limit=1)
        if waiting:
            with write(context.engine) as conn:
                job = claim(conn, me, now(), context.lease)
    if job is None:
        return False
    run_job(context, me, job, handlers)
    return True


class _store_may_be_away:  # noqa: N801 used as a word of a sentence
    """Carry on when the store is busy or away: it may come back."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> bool:
        if isinstance(error, AppError) and error.code in _STORE_AWAY:
            log.warning("store away", extra={"code": error.code})
            return True
        return False


def finish_own_job(
    context: Context, job: Job, on_step: OnStep = lambda _: None, handlers: Mapping[str, Handler] = HANDLERS
) -> Mapping[str, Any]:
    """Do a job in this very process, or wait for the worker that has it; returns its result or raises what it failed of."""
    me = this_worker()
    _take_back(context, me)
    while not job.is_over:
        with write(context.engine) as conn:
            expire_leases(conn, now())
            own = claim(conn, me, now(), context.lease, job.id)
        if own:
            try:
                run_job(context, me, own, handlers, on_step)
            except KeyboardInterrupt:
                with write(context.engine) as conn:
                    finish_cancelled(conn, own, now())
                tidy_store(context)
                raise
        with read(context.engine) as conn:
            job = load_job(conn, job.id)
        if not own:
            time.sleep(_LOOK_EVERY_S)
    if job.error is not None:
        known = {name: job.error[name] for name in ("code", "title", "detail", "fix")}
        raise InvalidInputError(**known)
    if job.result is None:
        raise ConflictError("job_cancelled", "The work was cancelled by somebody.", fix="Start it again.")
    return job.result


def run_job(context: Context, me: Worker, job: Job, handlers: Mapping[str, Handler] = HANDLERS, on_step: OnStep = lambda _: None) -> None:
    """Do a claimed job, and say in the store how it ended."""
    facts = {"job": job.id, "kind": job.kind, "attempt": job.attempt}
    log.info("job begins", extra=facts)
    work = Work(context, job, on_step=on_step)
    try:
        with Heart(work, me):
            result = handlers[job.kind](work)
        with write(context.engine) as conn:
            finish(conn, job, result, now())
        log.info("job done", extra=facts)
    except StoppingError:
        with suppress(ConflictError), write(context.engine) as conn:
            give_back(conn, job)
        log.info("job given back", extra=facts)
        raise
    except Exception as error:
        _end_badly(context, job, error, facts)


def _end_badly(context: Context, job: Job, error: Exception, facts: Mapping[str, object]) -> None:
    """Say in the store why a job ended without a result, and drop what it began."""
    code = error.code if isinstance(error, AppError) else None
    if code == "job_lost" or code in _STORE_AWAY:  # another worker has it, or will have it when the lease runs out
        log.warning("job dropped", extra={**facts, "code": code})
    else:
        with _store_may_be_away(), suppress(ConflictError):
            _say_why(context, job, error, facts)
    with _store_may_be_away():
        tidy_store(context)


def _say_why(context: Context, job: Job, error: Exception, facts: Mapping[str, object]) -> None:
    with write(context.engine) as conn:
        if isinstance(error, CancelledError):
            finish_cancelled(conn, job, now())
            log.info("job cancelled", extra=facts)
        elif isinstance(error, AppError):
            fail(conn, job, {"code": error.code, "title": error.title, "detail": error.detail, "fix": error.fix}, now())
            log.info("job failed", extra={**facts, "code": error.code})
        else:
            reference = new_id()
            fail(conn, job, _our_mistake(reference), now())
            log.error("job failed by our mistake", extra={**facts, "reference": reference}, exc_info=error)


def _our_mistake(reference: str) -> dict[str, str]:
    return {
        "code": "internal_error",
        "title": "Something went wrong on our side.",
        "detail": f"Reference {reference}.",
        "fix": "Try again; if it happens again, give the reference to whoever runs this service.",
        "reference": reference,
    }


class Heart:
    """Says every quarter of a lease that the worker lives, from a thread and a connection of its own, while the block works."""

    def __init__(self, work: Work, me: Worker) -> None:
        self._work, self._me = work, me
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heart", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._is_over.set()
        self._thread.join()

    def _beat(self) -> None:
        context, job = self._work.context, self._work.job
        every = min(context.lease.total_seconds() / 4, BEAT_S)
        while not self._is_over.wait(every):
            try:
                with write(context.engine) as conn:
                    beat(conn, self._me, now())
                    if heartbeat(conn, job, now(), context.lease):
                        self._work.cancel.set()
            except ConflictError:
                return  # the job is another's by now: the next fenced write of the handler says so
            except AppError as error:
                log.warning("heartbeat missed", extra={"job": job.id, "code": error.code})


def _listen_for_stop() -> threading.Event:
    stopping = threading.Event()

    def stop(_: int, __: FrameType | None) -> None:
        if not stopping.is_set():  # once is enough: a second signal must not disturb the tidying up
            stopping.set()
            raise StoppingError

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    return stopping


def use_scratch_of(me: Worker, context: Context) -> None:
    """Keep temporary files in a folder of this process's own, and remove those of processes that live no more."""
    for folder in context.scratch.iterdir():
        if folder.name.isdecimal() and not psutil.pid_exists(int(folder.name)):
            shutil.rmtree(folder, ignore_errors=True)
    own = context.scratch / str(me.pid)
    make_private_folder(own)
    tempfile.tempdir = str(own)


def prepare_process() -> None:
    """Before the first job: low priority, one thread for linear algebra, the slow imports done and the kernels compiled."""
    os.nice(10)
    import sklearn.cluster
    import sklearn.mixture  # noqa: F401
    from threadpoolctl import threadpool_limits

    from segmentation.clusters.kernels import warm

    threadpool_limits(1)
    warm()
