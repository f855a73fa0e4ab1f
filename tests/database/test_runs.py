"""Runs: complete or not seen, found again by their recipe, edited beside what was computed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import Connection, Engine, func, select

from database.datasets import ColumnSpec, Facts, NewDataset, begin_dataset, delete_dataset, publish_dataset
from database.engine import read, write
from database.jobs import Job, Worker, add_job, claim, expire_leases, finish
from database.runs import (
    NewRun,
    Outcome,
    Run,
    Segment,
    add_assignments,
    add_segment_edit,
    begin_run,
    delete_run,
    drop_unfinished,
    find_published_run,
    find_run,
    find_run_by_recipe,
    finish_run,
    list_runs,
    list_segment_edits,
    list_segments,
    load_assignments,
    load_revision,
    load_run,
    prepare_assignments,
    publish_run,
    purge_run,
)
from database.tables import assignments, runs
from segmentation.errors import ConflictError, InvalidInputError, NotFoundError

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LEASE = timedelta(seconds=60)
WORKER = Worker("a", "boot", 1, 0.0)

RECIPE = {"features": ["recency_days", "monetary_total"], "k": "auto", "seed": 42}
BEST = Segment(1, "Recent big spenders", "#1b6ca8", "Loyalty programme", 2, {"share": 0.5, "differences": ["recent"]})
LOST = Segment(2, "Seldom, long ago", "#888888", "Leave out", 1, {"share": 0.25, "differences": []})
OUTCOME = Outcome({"centres": [[0.1, 1 / 3], [-2.5e-17, 4.0]]}, {"k": 2, "silhouette": 0.61618}, "f" * 64, [LOST, BEST])
WHO = pa.table(
    {
        "customer_id": ["z", "007", "Ω", "7"],
        "segment_id": pa.array([1, 1, 2, None], pa.int64()),
        "reason": [None, None, None, "Not segmented: income missing"],
    }
)


def begin_job(conn: Connection, key: str = "k") -> Job:
    add_job(conn, "run", {}, key, NOON)
    job = claim(conn, WORKER, NOON, LEASE)
    assert job
    return job


def add_dataset(conn: Connection, content: str = "c") -> str:
    job = begin_job(conn, f"import {content}")
    columns = {"customers": (ColumnSpec("customer", "Kunde", "customer", "text"),)}
    loading = begin_dataset(conn, NewDataset("Shop", "customers", content, columns, {}), job, NOON)
    published = publish_dataset(conn, loading, job, Facts(4, 4, 0, 4, None, None, [], [], {}), NOON)
    finish(conn, job, {}, NOON)
    return published.id


def compute(conn: Connection, job: Job, new: NewRun) -> Run:
    """Do all but the last step."""
    run = begin_run(conn, new, job, NOON)
    for batch in prepare_assignments(conn, run, WHO):
        add_assignments(conn, job, batch)
    return run


def add_run(conn: Connection, dataset_id: str, now: datetime = NOON, **recipe: Any) -> Run:
    job = begin_job(conn, f"run {dataset_id} {recipe}")
    new = NewRun(dataset_id, {**RECIPE, **recipe}, "1", "adi")
    run = finish_run(conn, compute(conn, job, new), job, OUTCOME, now)
    finish(conn, job, {}, now)
    return run


def test_run_is_as_it_was_computed(conn: Connection) -> None:
    run = add_run(conn, add_dataset(conn))
    assert load_run(conn, run.id) == run
    assert (run.recipe, run.model, run.report, run.fingerprint) == (RECIPE, OUTCOME.model, OUTCOME.report, "f" * 64)
    assert (run.author, run.finished_at, run.published_at) == ("adi", NOON, None)
    assert list_segments(conn, run.id) == [BEST, LOST]


def test_assignments_come_back_by_id_in_code_points(conn: Connection) -> None:
    run = add_run(conn, add_dataset(conn))
    assert load_assignments(conn, run.id).to_pylist() == WHO.take([1, 3, 0, 2]).to_pylist()
    assert load_assignments(conn, "0" * 16).num_rows == 0


def test_equal_recipe_on_equal_data_is_found(conn: Connection) -> None:
    dataset_id = add_dataset(conn)
    run = add_run(conn, dataset_id)
    same = NewRun(dataset_id, dict(reversed(RECIPE.items())), "1")
    assert find_run_by_recipe(conn, dataset_id, same.recipe_hash, "1") == run
    assert find_run_by_recipe(conn, dataset_id, same.recipe_hash, "2") is None
    assert find_run_by_recipe(conn, "0" * 16, same.recipe_hash, "1") is None
    assert find_run_by_recipe(conn, dataset_id, replace(same, recipe={**RECIPE, "k": 4}).recipe_hash, "1") is None


def test_equal_run_is_stored_once(engine: Engine) -> None:
    with write(engine) as conn:
        dataset_id = add_dataset(conn)
        add_run(conn, dataset_id)
    with pytest.raises(ConflictError, match="already there"), write(engine) as conn:
        add_run(conn, dataset_id)
    with read(engine) as conn:
        assert len(list_runs(conn, dataset_id)) == 1


def test_nobody_sees_a_run_before_it_is_finished(conn: Connection) -> None:
    dataset_id = add_dataset(conn)
    new = NewRun(dataset_id, RECIPE, "1")
    run = compute(conn, begin_job(conn), new)
    assert find_run(conn, run.id) is None
    assert find_run_by_recipe(conn, dataset_id, new.recipe_hash, "1") is None
    assert list_runs(conn, dataset_id) == []
    with pytest.raises(NotFoundError):
        load_run(conn, run.id)


def test_only_the_job_that_computed_it_finishes(conn: Connection) -> None:
    dataset_id = add_dataset(conn)
    stale = begin_job(conn)
    run = compute(conn, stale, NewRun(dataset_id, RECIPE, "1"))
    expire_leases(conn, NOON + timedelta(hours=1))
    again = claim(conn, WORKER, NOON, LEASE)
    assert again
    with pytest.raises(ConflictError, match="taken over"):
        add_assignments(conn, stale, next(prepare_assignments(conn, run, WHO)))
    with pytest.raises(ConflictError, match="taken over"):
        finish_run(conn, run, stale, OUTCOME, NOON)
    assert list_runs(conn, dataset_id) == []


def test_what_was_finished_is_not_finished_again(engine: Engine) -> None:
    with write(engine) as conn:
        dataset_id = add_dataset(conn)
        job = begin_job(conn)
        run = compute(conn, job, NewRun(dataset_id, RECIPE, "1"))
        finish_run(conn, run, job, OUTCOME, NOON)
    with pytest.raises(ConflictError, match="complete"), write(engine) as conn:
        finish_run(conn, run, job, replace(OUTCOME, segments=[replace(BEST, segment_id=9)]), NOON)
    with read(engine) as conn:
        assert list_segments(conn, run.id) == [BEST, LOST]


def test_run_needs_its_dataset(conn: Connection) -> None:
    dataset_id = add_dataset(conn)
    job = begin_job(conn)
    run = compute(conn, job, NewRun(dataset_id, RECIPE, "1"))
    delete_dataset(conn, dataset_id)
    with pytest.raises(NotFoundError):
        begin_run(conn, NewRun(dataset_id, RECIPE, "1"), job, NOON)
    with pytest.raises(ConflictError, match="given up"):
        finish_run(conn, run, job, OUTCOME, NOON)


def test_newest_run_is_listed_first(conn: Connection) -> None:
    dataset_id = add_dataset(conn)
    old, new = add_run(conn, dataset_id), add_run(conn, dataset_id, NOON + timedelta(days=1), k=5)
    add_run(conn, add_dataset(conn, "another"))
    assert [run.id for run in list_runs(conn, dataset_id)] == [new.id, old.id]


def test_one_run_is_the_team_s(conn: Connection) -> None:
    dataset_id, other = add_dataset(conn), add_dataset(conn, "other")
    first, second, elsewhere = add_run(conn, dataset_id), add_run(conn, dataset_id, k=5), add_run(conn, other)
    assert find_published_run(conn, dataset_id) is None
    publish_run(conn, elsewhere.id, NOON)
    assert publish_run(conn, first.id, NOON).published_at == NOON
    publish_run(conn, second.id, NOON)
    assert find_published_run(conn, dataset_id) == load_run(conn, second.id)
    assert load_run(conn, first.id).published_at is None
    publish_run(conn, first.id, NOON)  # and back
    assert find_published_run(conn, dataset_id) == load_run(conn, first.id)
    assert find_published_run(conn, other) == load_run(conn, elsewhere.id)


def test_edits_are_revisions_beside_what_was_computed(conn: Connection) -> None:
    run = add_run(conn, add_dataset(conn))
    assert load_revision(conn, run.id) == 0
    add_segment_edit(conn, run.id, 1, {"name": "Stars"}, NOON, "mara")
    add_segment_edit(conn, run.id, 2, {"colour": "#000000", "action": "Write"}, NOON)
    last = add_segment_edit(conn, run.id, 1, {"name": "Friends"}, NOON, "adi")
    assert (last.revision, load_revision(conn, run.id)) == (3, 3)
    assert list_segments(conn, run.id) == [replace(BEST, name="Friends"), replace(LOST, colour="#000000", action="Write")]
    assert list_segments(conn, run.id, 1) == [replace(BEST, name="Stars"), LOST]
    assert list_segments(conn, run.id, 0) == [BEST, LOST]
    assert [(edit.revision, edit.segment_id, edit.author) for edit in list_segment_edits(conn, run.id)] == [
        (1, 1, "mara"),
        (2, 2, None),
        (3, 1, "adi"),
    ]


@pytest.mark.parametrize("changes", [{"size": "9"}, {"name": "a", "profile": "b"}, {}])
def test_only_words_and_colours_can_be_edited(conn: Connection, changes: dict[str, str]) -> None:
    run = add_run(conn, add_dataset(conn))
    with pytest.raises(InvalidInputError, match="name, colour, action or text"):
        add_segment_edit(conn, run.id, 1, changes, NOON)
    assert load_revision(conn, run.id) == 0


def test_segment_that_is_not_there_cannot_be_edited(conn: Connection) -> None:
    run = add_run(conn, add_dataset(conn))
    for run_id, segment_id in ((run.id, 3), ("0" * 16, 1)):
        with pytest.raises(NotFoundError):
            add_segment_edit(conn, run_id, segment_id, {"name": "x"}, NOON)


def test_eight_people_edit_at_once(engine: Engine) -> None:
    with write(engine) as conn:
        run = add_run(conn, add_dataset(conn))

    def edit(number: int) -> int:
        with write(engine) as conn:
            return add_segment_edit(conn, run.id, 1, {"name": str(number)}, NOON).revision

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(edit, range(16))) == list(range(1, 17))


def test_two_people_publish_at_once(engine: Engine) -> None:
    with write(engine) as conn:
        dataset_id = add_dataset(conn)
        made = [add_run(conn, dataset_id, k=k).id for k in range(2, 6)]

    def make_the_teams(run_id: str) -> None:
        with write(engine) as conn:
            publish_run(conn, run_id, NOON)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(make_the_teams, made * 3))
    with read(engine) as conn:
        assert sum(run.published_at is not None for run in list_runs(conn, dataset_id)) == 1


def purge(engine: Engine, run_id: str) -> None:
    for _ in range(100):
        with write(engine) as conn:
            if not purge_run(conn, run_id):
                return
    pytest.fail("purging never ends")


def test_deleted_run_goes_with_its_assignments_and_edits(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("database.bulk.sqlite._DELETE_AT_ONCE", 3)
    with write(engine) as conn:
        dataset_id = add_dataset(conn)
        gone, kept = add_run(conn, dataset_id), add_run(conn, dataset_id, k=5)
        add_segment_edit(conn, gone.id, 1, {"name": "x"}, NOON)
        publish_run(conn, gone.id, NOON)
        assert purge_run(conn, gone.id) is False  # not deleted yet
        delete_run(conn, gone.id)
        assert find_published_run(conn, dataset_id) is None
        with pytest.raises(NotFoundError):
            delete_run(conn, gone.id)
    purge(engine, gone.id)
    with write(engine) as conn:
        assert conn.execute(select(runs.c.id)).scalars().all() == [kept.id]
        assert conn.execute(select(assignments.c.run_id).distinct()).scalars().all() == [kept.id]
        assert list_segment_edits(conn, gone.id) == []
        assert list_segments(conn, gone.id) == []
        assert add_run(conn, dataset_id).id != gone.id


def test_what_no_worker_computes_any_more_is_dropped(engine: Engine) -> None:
    with write(engine) as conn:
        dataset_id = add_dataset(conn)
        finished = add_run(conn, dataset_id)
        left = compute(conn, begin_job(conn, "killed"), NewRun(dataset_id, {**RECIPE, "k": 3}, "1"))
        expire_leases(conn, NOON + timedelta(hours=1))
        begin_job(conn, "killed")
        alive = compute(conn, begin_job(conn, "alive"), NewRun(dataset_id, {**RECIPE, "k": 4}, "1"))
        assert drop_unfinished(conn) == [left.id]
    purge(engine, left.id)
    with write(engine) as conn:
        assert drop_unfinished(conn) == []
        assert set(conn.execute(select(runs.c.id)).scalars()) == {finished.id, alive.id}
        assert conn.execute(select(func.count()).select_from(assignments)).scalar() == 2 * WHO.num_rows
