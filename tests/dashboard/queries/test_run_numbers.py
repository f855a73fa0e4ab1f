"""The numbers that people call runs by."""

from __future__ import annotations

from datetime import UTC, datetime

from dashboard.queries.run_numbers import next_number, number_runs
from database.runs import Run

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def a_run(run_id: str, number: int | None) -> Run:
    report = {"run": {}} | ({"number": number} if number else {})
    return Run(run_id, "d", {}, "hash", "1", None, NOON, NOON, None, None, report, "f")


def test_a_number_is_the_one_that_was_given() -> None:
    runs = [a_run("newest", 7), a_run("middle", 4), a_run("first", 1)]
    assert number_runs(runs) == {"newest": 7, "middle": 4, "first": 1}
    assert next_number(runs) == 8
    assert next_number(()) == 1


def test_runs_stored_before_numbers_were_kept_have_their_place() -> None:
    runs = [a_run("new", 3), a_run("older", None), a_run("oldest", None)]
    assert number_runs(runs) == {"new": 3, "older": 2, "oldest": 1}
