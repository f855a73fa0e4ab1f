"""The worker: takes jobs from the store, one at a time, and does them. Each is a freshly started process of its own."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from types import FrameType

from dashboard.context import Context, now
from dashboard.workflows.doing import BEAT_S, LOOK_EVERY_S, StoppingError, run_job, store_may_be_away, take_back
from dashboard.workflows.jobs import HANDLERS, QUICK
from dashboard.workflows.processes import own_scratch, this_worker
from dashboard.workflows.tidying import tidy_store
from dashboard.workflows.work import Handler
from database.engine import read, write
from database.files import purge_files
from database.jobs import Worker, claim, expire_leases, list_jobs
from database.workers import beat, delete_silent_workers, delete_worker
from segmentation.errors import AppError

log = logging.getLogger(__name__)

_FORGET_AFTER = timedelta(days=1)


def run_worker(context: Context, handlers: Mapping[str, Handler] = HANDLERS, is_quick: bool = False) -> None:
    """Work until told to stop (SIGTERM or SIGINT); a job that is not done then goes back to the queue.

    A quick worker does only what somebody waits for at the screen, so that none waits behind a long segmentation.
    """
    me = this_worker()
    stopping = _listen_for_stop()
    try:
        with own_scratch(context, me):
            take_over(context, me, is_quick)
            log.info("worker ready", extra={"host": me.host})
            _work_on(context, me, handlers, stopping, is_quick)
    except StoppingError:
        log.info("worker stops")
    finally:
        with suppress(AppError), write(context.engine) as conn:
            delete_worker(conn, me)


def _work_on(context: Context, me: Worker, handlers: Mapping[str, Handler], stopping: threading.Event, is_quick: bool) -> None:
    chores_due = time.monotonic()
    while True:
        if time.monotonic() >= chores_due:
            _do_chores(context, me)
            chores_due = time.monotonic() + BEAT_S
        if not _do_next_job(context, me, handlers, is_quick):
            stopping.wait(LOOK_EVERY_S)


def take_over(context: Context, me: Worker, is_quick: bool = False) -> None:
    """Take back the jobs of dead workers of this host, and drop what they began and never published."""
    with write(context.engine) as conn:
        beat(conn, me, now(), is_quick)
    take_back(context, me)
    tidy_store(context)


def _do_chores(context: Context, me: Worker) -> None:
    with store_may_be_away(), write(context.engine) as conn:
        beat(conn, me, now())
        delete_silent_workers(conn, now() - _FORGET_AFTER)
        purge_files(conn, now())
        for job in expire_leases(conn, now()):
            log.warning("lease ran out", extra={"job": job.id, "kind": job.kind, "state": job.state})


def _do_next_job(context: Context, me: Worker, handlers: Mapping[str, Handler], is_quick: bool = False) -> bool:
    """Do one job, what somebody waits for first; tell whether there was one."""
    job = None
    with store_may_be_away():
        with read(context.engine) as conn:
            waiting = list_jobs(conn, ("queued",), limit=1, kinds=QUICK if is_quick else ())
        if waiting:
            with write(context.engine) as conn:
                job = claim(conn, me, now(), context.lease, kinds=QUICK)
                if job is None and not is_quick:
                    job = claim(conn, me, now(), context.lease)
    if job is None:
        return False
    run_job(context, me, job, handlers)
    return True


def _listen_for_stop() -> threading.Event:
    stopping = threading.Event()

    def stop(_: int, __: FrameType | None) -> None:
        if not stopping.is_set():  # once is enough: a second signal must not disturb the tidying up
            stopping.set()
            raise StoppingError

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    return stopping


def prepare_process(is_quick: bool = False) -> None:
    """Before the first job: pages go first, then short jobs, then this one; slow imports done, one thread for algebra, kernels compiled."""
    os.nice(5 if is_quick else 10)
    if is_quick:
        return
    import sklearn.cluster
    import sklearn.mixture  # noqa: F401
    from threadpoolctl import threadpool_limits

    from segmentation.clusters import kernels
    from segmentation.measures import kernels as counting

    threadpool_limits(1)
    kernels.warm()
    counting.warm()
