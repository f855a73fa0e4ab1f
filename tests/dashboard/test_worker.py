"""The life of a worker: it takes jobs, says that it lives, and every end of a job is said in the store."""

from __future__ import annotations

import logging
import os
import signal
import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from dashboard.context import Context, now
from dashboard.worker import run_worker, take_over
from dashboard.workflows.doing import StoppingError, finish_own_job, run_job
from dashboard.workflows.processes import is_alive, this_worker
from dashboard.workflows.work import Work
from database.engine import read, write
from database.jobs import MOST_ATTEMPTS, Job, Worker, add_job, cancel, claim, expire_leases, finish, load_job, retry
from database.workers import list_workers
from segmentation.errors import InvalidInputError, UnavailableError

LONG_AGO = timedelta(hours=1)


def queue(context: Context, key: str = "k") -> Job:
    with write(context.engine) as conn:
        return add_job(conn, "test", {"n": 1}, key, now())


def take(context: Context, worker: Worker | None = None) -> Job:
    with write(context.engine) as conn:
        job = claim(conn, worker or this_worker(), now(), context.lease)
    assert job is not None
    return job


def look(context: Context, job: Job) -> Job:
    with read(context.engine) as conn:
        return load_job(conn, job.id)


def do(context: Context, handler) -> Job:
    job = queue(context)
    run_job(context, this_worker(), take(context), {"test": handler})
    return look(context, job)


def test_a_job_is_done_and_its_result_kept(context: Context) -> None:
    steps = []

    def handler(work: Work) -> dict[str, object]:
        work.progress(0.5, "Half")
        steps.append((look(work.context, work.job).progress, look(work.context, work.job).message))
        return {"answer": 42}

    job = do(context, handler)
    assert (job.state, job.progress, job.result) == ("done", 1.0, {"answer": 42})
    assert steps == [(0.5, "Half")]


def test_what_a_person_can_mend_is_said_in_its_own_words(context: Context) -> None:
    def handler(_: Work) -> dict[str, object]:
        raise InvalidInputError("no_rows", "The file has no rows.", "Sheet 2.", "Choose another.")

    job = do(context, handler)
    assert (job.state, job.attempt) == ("failed", 1)
    assert job.error == {"code": "no_rows", "title": "The file has no rows.", "detail": "Sheet 2.", "fix": "Choose another."}


def test_our_mistake_has_a_reference_in_the_store_and_in_the_log_but_no_words_of_the_data(context, caplog) -> None:
    def handler(_: Work) -> dict[str, object]:
        raise ValueError("ada@example.org is odd")

    with caplog.at_level(logging.INFO):
        job = do(context, handler)
    assert job.state == "failed"
    assert job.error is not None
    assert (job.error["code"], job.error["title"]) == ("internal_error", "Something went wrong on our side.")
    assert "example.org" not in str(job.error)
    record = next(record for record in caplog.records if record.levelname == "ERROR")
    assert record.reference == job.error["reference"]
    from dashboard.logs import JsonLines

    line = JsonLines().format(record)
    assert "example.org" not in line
    assert "ValueError" in line
    assert "test_worker.py" in line


def test_a_cancelled_job_stops_at_its_next_step(context: Context) -> None:
    def handler(work: Work) -> dict[str, object]:
        with write(context.engine) as conn:
            cancel(conn, work.job.id, now())
        work.progress(0.5, "Half")
        pytest.fail("went on after it was cancelled")

    assert do(context, handler).state == "cancelled"


def test_the_heart_hears_of_a_cancellation_and_interrupts_what_waits(context: Context) -> None:
    short = replace(context, settings=context.settings.model_copy(update={"job_lease_s": 1}))

    def handler(work: Work) -> dict[str, object]:
        with write(context.engine) as conn:
            cancel(conn, work.job.id, now())
        released = threading.Event()
        with work.interrupting(released.set):
            assert released.wait(30)
            raise InvalidInputError("killed", "The child was killed.")

    assert do(short, handler).state == "cancelled"


def test_a_long_job_is_held_by_its_heart(context: Context) -> None:
    short = replace(context, settings=context.settings.model_copy(update={"job_lease_s": 1}))

    def handler(work: Work) -> dict[str, object]:
        first = look(context, work.job).lease_until
        for _ in range(200):
            if (lease := look(context, work.job).lease_until) != first:
                return {"longer": lease > first}
            threading.Event().wait(0.05)
        return {}

    assert do(short, handler).result == {"longer": True}


def test_who_lost_a_job_to_another_worker_writes_nothing(context: Context) -> None:
    def handler(work: Work) -> dict[str, object]:
        with write(context.engine) as conn:
            assert len(expire_leases(conn, now() + LONG_AGO)) == 1
            assert claim(conn, Worker("other", "b", 1, 1.0), now(), context.lease) is not None
        work.progress(0.5, "Half")
        pytest.fail("went on with another's job")

    job = do(context, handler)
    assert (job.state, job.token, job.worker) == ("running", 2, Worker("other", "b", 1, 1.0))


def test_a_result_that_comes_too_late_is_dropped(context: Context) -> None:
    def handler(work: Work) -> dict[str, object]:
        with write(context.engine) as conn:
            expire_leases(conn, now() + LONG_AGO)
        return {"late": True}

    job = do(context, handler)
    assert (job.state, job.result) == ("queued", None)


def test_a_job_is_left_to_its_lease_while_the_store_is_away(context: Context) -> None:
    def handler(_: Work) -> dict[str, object]:
        raise UnavailableError("store_unreachable", "The store cannot be reached.")

    assert do(context, handler).state == "running"


def test_a_worker_told_to_stop_gives_its_job_back(context: Context) -> None:
    def handler(_: Work) -> dict[str, object]:
        raise StoppingError

    job = queue(context)
    with pytest.raises(StoppingError):
        run_job(context, this_worker(), take(context), {"test": handler})
    assert (look(context, job).state, look(context, job).attempt) == ("queued", 0)


def test_the_next_worker_of_the_host_takes_over_from_a_dead_one_at_once(context: Context) -> None:
    me = this_worker()
    job = queue(context)
    take(context, replace(me, started=me.started - 1000))  # a process that had this number before
    take_over(context, me)
    assert look(context, job).state == "queued"


def test_living_workers_keep_their_jobs(context: Context) -> None:
    me = this_worker()
    job = queue(context)
    take(context, me)
    take_over(context, me)
    assert look(context, job).state == "running"
    assert is_alive(me)
    assert not is_alive(replace(me, pid=2**22 + 1))


def test_a_job_whose_workers_die_three_times_has_failed_and_can_be_repeated(context: Context) -> None:
    me = this_worker()
    dead = replace(me, started=1.0)
    job = queue(context)
    for _ in range(MOST_ATTEMPTS):
        take(context, dead)
        take_over(context, me)
    ended = look(context, job)
    assert ended.state == "failed"
    assert ended.error is not None
    assert ended.error["code"] == "worker_lost"
    with write(context.engine) as conn:
        retry(conn, job.id)
    assert look(context, job).state == "queued"


def test_a_worker_lives_works_and_leaves(context: Context) -> None:
    """The whole loop in this process: jobs queued one after the other are done; a signal ends it."""
    seen = []

    def handler(work: Work) -> dict[str, object]:
        with read(context.engine) as conn:
            seen.append(len(list_workers(conn, now() - timedelta(minutes=1))))
        if len(seen) == 2:
            os.kill(os.getpid(), signal.SIGTERM)
            threading.Event().wait(30)
        return {}

    one, two = queue(context, "one"), queue(context, "two")
    old = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        run_worker(context, {"test": handler})
    finally:
        for number, action in old.items():
            signal.signal(number, action)
    assert seen == [1, 1]
    assert (look(context, one).state, look(context, two).state) == ("done", "queued")
    with read(context.engine) as conn:
        assert list_workers(conn, now() - timedelta(minutes=1)) == []


def test_who_wants_a_result_waits_for_the_worker_that_has_the_job(context: Context) -> None:
    job = queue(context)
    other = take(context, replace(this_worker(), host="another"))

    def finish_later() -> None:
        with write(context.engine) as conn:
            finish(conn, other, {"answer": 42}, now())

    timer = threading.Timer(0.1, finish_later)
    timer.start()
    assert finish_own_job(context, job) == {"answer": 42}
    timer.join()


def test_who_wants_a_result_hears_why_there_is_none(context: Context) -> None:
    def handler(_: Work) -> dict[str, object]:
        raise InvalidInputError("no_rows", "The file has no rows.", "Sheet 2.", "Choose another.")

    def interrupted(_: Work) -> dict[str, object]:
        raise KeyboardInterrupt

    with pytest.raises(InvalidInputError, match="no rows") as told:
        finish_own_job(context, queue(context), handlers={"test": handler})
    assert (told.value.code, told.value.fix) == ("no_rows", "Choose another.")
    stopped = queue(context, "stopped")
    with pytest.raises(KeyboardInterrupt):
        finish_own_job(context, stopped, handlers={"test": interrupted})
    assert look(context, stopped).state == "cancelled"
