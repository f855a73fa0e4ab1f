"""Doing a job: with a heart that beats meanwhile, and one place where every end of it is said in the store."""

from __future__ import annotations

import errno
import logging
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any, Self

from dashboard.context import Context, now
from dashboard.workflows.jobs import HANDLERS
from dashboard.workflows.processes import is_alive, own_scratch, this_worker
from dashboard.workflows.tidying import tidy_store
from dashboard.workflows.work import CancelledError, Handler, Work
from database.engine import read, write
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
    load_job,
    take_back_dead,
)
from database.tables import new_id
from database.workers import beat, delete_worker
from segmentation.dataset import OnStep
from segmentation.errors import AppError, ConflictError, InvalidInputError, UnavailableError

log = logging.getLogger(__name__)

BEAT_S = 10.0
"""Seconds between two signs of life."""
LOOK_EVERY_S = 0.5
"""Seconds between two looks for something to do."""
_STORE_AWAY = frozenset({"store_unreachable", "store_busy"})
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)


class StoppingError(BaseException):
    """The process was told to stop; not an Exception, so that no handler takes it for a failure of its own."""


def finish_own_job(
    context: Context, job: Job, on_step: OnStep = lambda _: None, handlers: Mapping[str, Handler] = HANDLERS
) -> Mapping[str, Any]:
    """Do a job in this very process, or wait for the worker that has it; returns its result or raises what it failed of."""
    me = this_worker()
    take_back(context, me)
    with own_scratch(context, me):
        while not job.is_over:
            with write(context.engine) as conn:
                expire_leases(conn, now())
                own = claim(conn, me, now(), context.lease, job.id)
            if own:
                _run_interruptibly(context, me, own, handlers, on_step)
            else:
                time.sleep(LOOK_EVERY_S)
            with read(context.engine) as conn:
                job = load_job(conn, job.id)
    if job.error is not None:
        raise InvalidInputError(**{name: job.error[name] for name in ("code", "title", "detail", "fix")})
    if job.result is None:
        raise ConflictError("job_cancelled", "The work was cancelled by somebody.", fix="Start it again.")
    return job.result


def _run_interruptibly(context: Context, me: Worker, job: Job, handlers: Mapping[str, Handler], on_step: OnStep) -> None:
    try:
        run_job(context, me, job, handlers, on_step)
    except KeyboardInterrupt:
        with write(context.engine) as conn:
            finish_cancelled(conn, job, now())
        tidy_store(context)
        raise
    finally:
        with write(context.engine) as conn:
            delete_worker(conn, me)  # its heart may have said that it is one


def take_back(context: Context, me: Worker) -> None:
    """Take back the jobs of dead workers of this host."""
    with write(context.engine) as conn:
        for job in take_back_dead(conn, me, is_alive, now()):
            log.warning("job taken back", extra={"job": job.id, "kind": job.kind, "state": job.state})


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
    error = _in_plain_words(error)
    code = error.code if isinstance(error, AppError) else None
    if code == "job_lost" or code in _STORE_AWAY:  # another worker has it, or will have it when the lease runs out
        log.warning("job dropped", extra={**facts, "code": code})
    else:
        with store_may_be_away(), suppress(ConflictError):
            _say_why(context, job, error, facts)
    with store_may_be_away():
        tidy_store(context)


def _in_plain_words(error: Exception) -> Exception:
    """Return a full disk as what a person can mend."""
    if isinstance(error, OSError) and error.errno in _NO_SPACE:
        return UnavailableError("disk_full", "The disk of this machine is full.", fix="Free some space, then try again.")
    return error


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


@contextmanager
def store_may_be_away() -> Iterator[None]:
    """Carry on when the store is busy, full or away: it may come back."""
    try:
        yield
    except AppError as error:
        if error.code not in _STORE_AWAY | {"disk_full"}:
            raise
        log.warning("store away", extra={"code": error.code})


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
