"""Jobs: one active a key, claimed by one worker, fenced by a token, taken back when the worker is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from database.engine import read, write
from database.jobs import (
    MOST_ATTEMPTS,
    Job,
    Worker,
    add_job,
    add_step,
    cancel,
    check_claim,
    claim,
    expire_leases,
    fail,
    find_done_job,
    find_job,
    finish,
    finish_cancelled,
    give_back,
    heartbeat,
    job_key,
    list_jobs,
    load_job,
    retry,
    set_progress,
    take_back_dead,
)
from database.tables import jobs, new_id
from segmentation.errors import ConflictError, NotFoundError

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LEASE = timedelta(seconds=60)
WORKER = Worker("a", "boot-1", 100, 1000.5)
OTHER = Worker("b", "boot-9", 100, 2000.0)


def queue(conn: Connection, key: str = "k", seconds: float = 0) -> Job:
    return add_job(conn, "import", {"upload": "ü", "n": 1}, key, NOON + timedelta(seconds=seconds), author="mara")


def take(conn: Connection, worker: Worker = WORKER, now: datetime = NOON) -> Job:
    job = claim(conn, worker, now, LEASE)
    assert job
    return job


def test_queued_job_is_as_it_was_given(conn: Connection) -> None:
    job = queue(conn)
    assert (job.kind, job.params, job.key, job.state, job.author) == ("import", {"upload": "ü", "n": 1}, "k", "queued", "mara")
    assert (job.created_at, job.attempt, job.progress, job.worker, job.is_over) == (NOON, 0, 0.0, None, False)
    assert load_job(conn, job.id) == job


def test_unknown_job_is_not_found(conn: Connection) -> None:
    assert find_job(conn, "0" * 16) is None
    with pytest.raises(NotFoundError):
        load_job(conn, "0" * 16)
    with pytest.raises(NotFoundError):
        cancel(conn, "0" * 16, NOON)


def test_key_depends_on_the_work_and_not_on_the_order_of_parameters() -> None:
    key = job_key("run", "d1", {"k": 4, "features": ["a", "b"]}, "1")
    assert key == job_key("run", "d1", {"features": ["a", "b"], "k": 4}, "1")
    others = [
        job_key("export", "d1", {"k": 4, "features": ["a", "b"]}, "1"),
        job_key("run", "d2", {"k": 4, "features": ["a", "b"]}, "1"),
        job_key("run", "d1", {"k": 4, "features": ["b", "a"]}, "1"),
        job_key("run", "d1", {"k": 4, "features": ["a", "b"]}, "2"),
    ]
    assert len({key, *others}) == 5


def test_equal_work_is_one_active_job(conn: Connection) -> None:
    first = queue(conn)
    assert queue(conn, seconds=5) == first
    running = take(conn)
    assert queue(conn, seconds=9) == running
    assert queue(conn, key="another").id != first.id


def test_work_that_is_over_can_be_asked_for_again(conn: Connection) -> None:
    queue(conn)
    done = finish(conn, take(conn), {"dataset_id": "d"}, NOON)
    again = queue(conn)
    assert again.id != done.id
    fail(conn, take(conn), {"code": "x"}, NOON)
    assert queue(conn).id not in (done.id, again.id)


def test_store_itself_refuses_a_second_active_job(conn: Connection) -> None:
    queue(conn)
    row = {"id": new_id(), "kind": "import", "params": {}, "key": "k", "state": "running", "created_at": NOON}
    with pytest.raises(IntegrityError), conn.begin_nested():
        conn.execute(jobs.insert().values(row))
    conn.execute(jobs.insert().values({**row, "state": "failed"}))


def test_oldest_is_claimed_first(conn: Connection) -> None:
    late, early = queue(conn, "late", seconds=2), queue(conn, "early", seconds=1)
    assert take(conn).id == early.id
    assert take(conn).id == late.id
    assert claim(conn, WORKER, NOON, LEASE) is None


def test_one_job_can_be_claimed_by_its_id(conn: Connection) -> None:
    queue(conn, "first")
    second = queue(conn, "second", seconds=1)
    assert claim(conn, WORKER, NOON, LEASE, second.id) == load_job(conn, second.id)
    assert claim(conn, WORKER, NOON, LEASE, second.id) is None


def test_claim_says_who_works_and_until_when(conn: Connection) -> None:
    queue(conn)
    job = take(conn, now=NOON + timedelta(seconds=3))
    assert (job.state, job.worker, job.attempt, job.token) == ("running", WORKER, 1, 1)
    assert (job.started_at, job.lease_until) == (NOON + timedelta(seconds=3), NOON + timedelta(seconds=63))


def test_heartbeat_holds_the_job_and_brings_the_wish_to_cancel(conn: Connection) -> None:
    queue(conn)
    job = take(conn)
    assert heartbeat(conn, job, NOON + timedelta(seconds=50), LEASE) is False
    assert expire_leases(conn, NOON + timedelta(seconds=100)) == []
    assert cancel(conn, job.id, NOON).cancel_requested
    assert heartbeat(conn, job, NOON, LEASE) is True
    assert set_progress(conn, job, 0.5, "half") is True
    over = finish_cancelled(conn, job, NOON)
    assert (over.state, over.is_over, over.progress, over.message) == ("cancelled", True, 0.5, "half")


@pytest.mark.parametrize(("given", "kept"), [(-1.0, 0.0), (0.25, 0.25), (7.0, 1.0)])
def test_progress_stays_between_nought_and_one(conn: Connection, given: float, kept: float) -> None:
    queue(conn)
    job = take(conn)
    set_progress(conn, job, given, "Reading rows")
    assert load_job(conn, job.id).progress == kept


def test_result_and_error_come_back(conn: Connection) -> None:
    queue(conn, "one")
    done = finish(conn, take(conn), {"rows": [1, 2.5, None, "ü"]}, NOON)
    assert (done.state, done.result, done.error, done.progress, done.finished_at) == (
        "done",
        {"rows": [1, 2.5, None, "ü"]},
        None,
        1.0,
        NOON,
    )
    queue(conn, "two")
    failed = fail(conn, take(conn), {"code": "no_customer_column", "title": "No."}, NOON)
    assert (failed.state, failed.error, failed.result) == ("failed", {"code": "no_customer_column", "title": "No."}, None)


def test_newest_jobs_are_listed_first_and_by_state(conn: Connection) -> None:
    first, second, third = (queue(conn, str(second), seconds=second) for second in range(3))
    take(conn)
    assert [job.id for job in list_jobs(conn)] == [third.id, second.id, first.id]
    assert [job.id for job in list_jobs(conn, ["queued"])] == [third.id, second.id]
    assert [job.id for job in list_jobs(conn, limit=1)] == [third.id]


WRITES = {
    "heartbeat": lambda conn, job: heartbeat(conn, job, NOON, LEASE),
    "progress": lambda conn, job: set_progress(conn, job, 0.1, ""),
    "check": check_claim,
    "finish": lambda conn, job: finish(conn, job, {}, NOON),
    "fail": lambda conn, job: fail(conn, job, {}, NOON),
    "cancelled": lambda conn, job: finish_cancelled(conn, job, NOON),
    "give back": give_back,
}


@pytest.mark.parametrize("name", WRITES)
def test_stale_token_writes_nothing(conn: Connection, name: str) -> None:
    queue(conn)
    stale = take(conn)
    expire_leases(conn, NOON + timedelta(seconds=61))
    held = take(conn, OTHER, NOON + timedelta(seconds=62))
    assert (held.id, held.token) == (stale.id, 2)
    with pytest.raises(ConflictError) as caught:
        WRITES[name](conn, stale)
    assert caught.value.code == "job_lost"
    assert load_job(conn, held.id) == held
    WRITES[name](conn, held)


@pytest.mark.parametrize("name", WRITES)
def test_job_that_is_over_is_not_written(conn: Connection, name: str) -> None:
    queue(conn)
    job = take(conn)
    over = finish(conn, job, {"a": 1}, NOON)
    with pytest.raises(ConflictError):
        WRITES[name](conn, job)
    assert load_job(conn, job.id) == over


def test_given_back_job_does_not_lose_an_attempt(conn: Connection) -> None:
    queue(conn)
    back = give_back(conn, take(conn))
    assert (back.state, back.attempt, back.lease_until) == ("queued", 0, None)
    assert take(conn).token == 2


def test_queued_job_is_cancelled_at_once(conn: Connection) -> None:
    job = cancel(conn, queue(conn).id, NOON)
    assert (job.state, job.finished_at) == ("cancelled", NOON)
    assert claim(conn, WORKER, NOON, LEASE) is None


def test_job_that_is_over_cannot_be_cancelled(conn: Connection) -> None:
    queue(conn)
    done = finish(conn, take(conn), {}, NOON)
    assert cancel(conn, done.id, NOON) == done


def test_failed_job_is_repeated_with_all_its_attempts(conn: Connection) -> None:
    queue(conn)
    failed = fail(conn, take(conn), {"code": "x"}, NOON)
    again = retry(conn, failed.id)
    assert (again.id, again.state, again.attempt, again.error, again.finished_at) == (failed.id, "queued", 0, None, None)
    assert take(conn).token == 2


def test_repeating_returns_the_equal_job_that_is_active(conn: Connection) -> None:
    failed = queue(conn)
    fail(conn, take(conn), {"code": "x"}, NOON)
    active = queue(conn)
    assert retry(conn, failed.id) == active
    assert load_job(conn, failed.id).state == "failed"


def test_done_job_is_not_repeated(conn: Connection) -> None:
    queue(conn)
    done = finish(conn, take(conn), {}, NOON)
    assert retry(conn, done.id) == done


def test_lease_that_ran_out_gives_the_job_to_another(conn: Connection) -> None:
    job = queue(conn)
    take(conn)
    assert expire_leases(conn, NOON + timedelta(seconds=60)) == []
    (back,) = expire_leases(conn, NOON + timedelta(seconds=61))
    assert (back.id, back.state, back.attempt, back.error) == (job.id, "queued", 1, None)


def test_job_fails_after_its_last_attempt(conn: Connection) -> None:
    queue(conn)
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert take(conn).attempt == attempt
        (back,) = expire_leases(conn, NOON + timedelta(hours=1))
    assert (back.state, back.finished_at) == ("failed", NOON + timedelta(hours=1))
    assert back.error
    assert back.error["code"] == "worker_lost"
    assert {"title", "detail", "fix"} <= back.error.keys()
    assert claim(conn, WORKER, NOON, LEASE) is None


def test_lost_job_that_was_to_be_cancelled_is(conn: Connection) -> None:
    queue(conn)
    cancel(conn, take(conn).id, NOON)
    (back,) = expire_leases(conn, NOON + timedelta(hours=1))
    assert (back.state, back.error) == ("cancelled", None)


def test_dead_processes_of_the_own_host_lose_their_jobs_at_once(conn: Connection) -> None:
    workers = {
        "dead": Worker("a", "boot-1", 7, 1.0),
        "alive": Worker("a", "boot-1", 8, 1.0),
        "before the host's last start": Worker("a", "boot-0", 8, 1.0),
        "elsewhere": Worker("b", "boot-1", 7, 1.0),
    }
    held = {}
    for second, (name, worker) in enumerate(workers.items()):
        queue(conn, name, seconds=second)
        held[name] = take(conn, worker).id
    asked: list[Worker] = []

    def is_alive(worker: Worker) -> bool:
        asked.append(worker)
        return worker.pid == 8

    back = take_back_dead(conn, Worker("a", "boot-1", 9, 2.0), is_alive, NOON)
    assert {job.id for job in back} == {held["dead"], held["before the host's last start"]}
    assert {job.state for job in back} == {"queued"}
    assert set(asked) == {workers["dead"], workers["alive"]}
    assert {job.id for job in list_jobs(conn, ["running"])} == {held["alive"], held["elsewhere"]}


def test_moment_without_zone_is_refused(conn: Connection) -> None:
    with pytest.raises(Exception, match="time zone"):
        add_job(conn, "import", {}, "k", datetime(2026, 3, 1))  # noqa: DTZ001


def test_eight_workers_share_the_jobs_and_never_one(engine: Engine) -> None:
    with write(engine) as conn:
        wanted = {queue(conn, str(number)).id for number in range(80)}

    def work(number: int) -> list[str]:
        worker, done = Worker("a", "boot", number, 0.0), []
        while True:
            with write(engine) as conn:
                job = claim(conn, worker, NOON, LEASE)
            if job is None:
                return done
            with write(engine) as conn:
                heartbeat(conn, job, NOON, LEASE)
            with write(engine) as conn:
                finish(conn, job, {"worker": number}, NOON)
            done.append(job.id)

    with ThreadPoolExecutor(8) as pool:
        shares = list(pool.map(work, range(8)))
    done = [job_id for share in shares for job_id in share]
    assert len(done) == 80
    assert set(done) == wanted
    with read(engine) as conn:
        assert {job.attempt for job in list_jobs(conn)} == {1}


def test_eight_askers_at_once_get_one_job(engine: Engine) -> None:
    def ask(number: int) -> str:
        with write(engine) as conn:
            return queue(conn, seconds=number).id

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(8)))) == 1


def test_a_worker_can_ask_for_some_kinds_only(conn: Connection) -> None:
    slow = queue(conn)
    quick = add_job(conn, "export", {}, "e", NOON + timedelta(seconds=1))
    assert [job.id for job in list_jobs(conn, ("queued",), kinds=("export",))] == [quick.id]
    taken = claim(conn, WORKER, NOON, LEASE, kinds=("export",))
    assert taken
    assert taken.id == quick.id
    assert claim(conn, WORKER, NOON, LEASE, kinds=("export",)) is None
    assert take(conn).id == slow.id


def test_steps_tell_when_each_began_and_start_anew_with_each_attempt(conn: Connection) -> None:
    queue(conn)
    job = take(conn)
    add_step(conn, job, "read", NOON)
    add_step(conn, job, "clean", NOON + timedelta(seconds=2.5))
    assert load_job(conn, job.id).steps == [{"name": "read", "at": 0.0}, {"name": "clean", "at": 2.5}]
    give_back(conn, job)
    again = take(conn, OTHER)
    assert again.steps == []
    with pytest.raises(ConflictError):
        add_step(conn, job, "late", NOON)


def test_done_work_is_found_by_what_it_was(conn: Connection) -> None:
    queue(conn)
    job = take(conn)
    assert find_done_job(conn, "k") is None
    finish(conn, job, {"n": 1}, NOON)
    queue(conn)
    newest = take(conn)
    finish(conn, newest, {"n": 2}, NOON + timedelta(seconds=9))
    found = find_done_job(conn, "k")
    assert found
    assert (found.id, found.result) == (newest.id, {"n": 2})
