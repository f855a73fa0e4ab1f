"""Workers that live are told from those that fell silent or stopped."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from database.jobs import Worker
from database.workers import beat, delete_silent_workers, delete_worker, list_workers

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ONE, TWO = Worker("a", "boot-1", 100, 1000.5), Worker("b", "boot-2", 100, 2000.25)


def test_a_worker_is_seen_until_it_is_silent_for_too_long(conn: Connection) -> None:
    beat(conn, ONE, NOON)
    beat(conn, TWO, NOON + timedelta(seconds=30))
    assert list_workers(conn, NOON) == [ONE, TWO]
    assert list_workers(conn, NOON + timedelta(seconds=1)) == [TWO]
    beat(conn, ONE, NOON + timedelta(seconds=60))
    assert list_workers(conn, NOON + timedelta(seconds=1)) == [ONE, TWO]


def test_a_process_number_that_is_used_again_is_the_new_worker(conn: Connection) -> None:
    again = Worker("a", "boot-1", 100, 3000.0)
    beat(conn, ONE, NOON)
    beat(conn, again, NOON)
    assert list_workers(conn, NOON) == [again]
    delete_worker(conn, ONE)  # the old one's last word does not harm the new one
    assert list_workers(conn, NOON) == [again]


def test_stopped_and_silent_workers_are_forgotten(conn: Connection) -> None:
    beat(conn, ONE, NOON)
    beat(conn, TWO, NOON + timedelta(seconds=30))
    delete_worker(conn, TWO)
    assert list_workers(conn, NOON) == [ONE]
    delete_silent_workers(conn, NOON + timedelta(seconds=1))
    assert list_workers(conn, NOON) == []


def test_a_quick_worker_does_not_count_as_one_that_does_any_job(conn: Connection) -> None:
    beat(conn, ONE, NOON, is_quick=True)
    beat(conn, TWO, NOON, is_quick=False)
    beat(conn, ONE, NOON + timedelta(seconds=10))
    assert list_workers(conn, NOON) == [TWO]
    beat(conn, ONE, NOON, is_quick=False)  # its number is used again, by another sort
    assert list_workers(conn, NOON) == [ONE, TWO]
