"""kill -9 at any point of an import, a segmentation and an export: nothing half-visible, taken up at once, the same result."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, inspect, select

from dashboard.context import Context
from dashboard.settings import Settings
from dashboard.workflows.datasets import ImportRequest, request_import
from dashboard.workflows.exports import request_export
from dashboard.workflows.runs import request_run
from dashboard.workflows.staging import StagedFile, drop_file, stage_file
from dashboard.workflows.tidying import tidy_store
from database.datasets import delete_dataset, list_datasets, version_table
from database.engine import read, write
from database.files import read_chunks
from database.jobs import Job, load_job, retry
from database.runs import delete_run, list_runs, load_assignments, load_run
from database.tables import assignments, files, metadata, rejected_rows, segments
from segmentation.measures.recipe import Recipe
from tests.dashboard.making import small_log

KILLS = 20
RECIPE = Recipe(n_clusters=3)


class MortalWorker:
    """Workers that die on demand; see tests/dashboard/mortal_worker.py."""

    def __init__(self, settings: Settings, project: Path) -> None:
        address = {"DATABASE_URL": settings.database_url}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.dashboard.mortal_worker"],
            cwd=project,
            env={**os.environ, "CLIENTELE_DATA_DIR": str(settings.data_dir), **address},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout.readline() == "ready\n"

    def live(self, until: str = "0") -> tuple[int, int]:
        """Let one worker live; returns its status and, where it ended by itself, the events it came through."""
        self._process.stdin.write(f"{until}\n")
        self._process.stdin.flush()
        status, count = self._process.stdout.readline().split()
        return int(status), int(count)

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


@pytest.fixture
def worker(context: Context, project: Path) -> Iterator[MortalWorker]:
    made = MortalWorker(context.settings, project)
    yield made
    made.close()


def ask_for_import(context: Context, folder: Path, seed: int = 1) -> Job:
    path = folder / "log.csv"
    path.write_text(small_log(30, seed), encoding="utf-8")
    file = stage_file(context, path)
    return request_import(context, ImportRequest(StagedFile(file.id, file.name, file.sha256), "Shop"))


def look(context: Context, job: Job) -> Job:
    with read(context.engine) as conn:
        return load_job(conn, job.id)


def check_datasets(context: Context) -> None:
    """Whatever can be seen is whole."""
    with read(context.engine) as conn:
        for dataset in list_datasets(conn):
            facts = dataset.facts
            assert facts is not None
            counts = [conn.execute(select(func.count()).select_from(version_table(dataset, part))).scalar() for part in dataset.columns]
            n_rejected = conn.execute(select(func.count()).where(rejected_rows.c.dataset_id == dataset.id)).scalar()
            assert [*counts, n_rejected] == [facts.n_customers, facts.rows_kept, facts.rows_rejected]
            for run in list_runs(conn, dataset.id):
                assert load_assignments(conn, run.id).num_rows == facts.n_customers
                assert conn.execute(select(func.count()).where(segments.c.run_id == run.id)).scalar() == 3


def check_nothing_is_left_over(context: Context) -> None:
    with read(context.engine) as conn:
        datasets = list_datasets(conn)
        runs = [run.id for dataset in datasets for run in list_runs(conn, dataset.id)]
        assert set(conn.execute(select(assignments.c.run_id).distinct()).scalars()) == set(runs)
        assert set(conn.execute(select(rejected_rows.c.dataset_id).distinct()).scalars()) == {dataset.id for dataset in datasets}
    tables = set(inspect(context.engine).get_table_names()) - set(metadata.tables) - {"alembic_version"}
    assert tables == {f"{part}_{dataset.id}" for dataset in datasets for part in dataset.columns}
    assert {path.name.split("_")[1] for path in context.snapshots.iterdir()} == {dataset.id for dataset in datasets}


def kill_often(context: Context, worker: MortalWorker, n_events: int, ask: Callable[[], Job], undo: Callable[[Job], None]) -> Job:
    """Kill a worker at twenty random points of one kind of job; returns the job as the last, undisturbed worker left it."""
    draw, n_in_mid_work = random.Random(7), 0
    job = ask()
    for _ in range(KILLS):
        if job.state == "failed":  # three workers died of it: a person repeats it
            assert job.error["code"] == "worker_lost"
            with write(context.engine) as conn:
                retry(conn, job.id)
        until = str(draw.randint(1, n_events)) if draw.random() < 0.8 else f"{draw.uniform(0.05, 1.5):.3f}"
        worker.live(until)
        check_datasets(context)
        job = look(context, job)
        n_in_mid_work += job.state == "running"
        if job.state == "done":
            undo(job)
            job = ask()
    assert n_in_mid_work > KILLS // 2, "most kills were to hit the work"
    for _ in range(2):  # the first worker may only find that three before it died of the job
        assert worker.live()[0] == 0
        if look(context, job).state == "failed":
            with write(context.engine) as conn:
                retry(conn, job.id)
    return look(context, job)


def delete_now(context: Context, dataset_id: str) -> None:
    with write(context.engine) as conn:
        delete_dataset(conn, dataset_id)
    tidy_store(context)


@pytest.mark.slow
def test_killed_at_twenty_points_of_an_import_and_of_a_segmentation(context: Context, worker: MortalWorker, tmp_path: Path) -> None:
    # Undisturbed, to know what comes out and how many events there are.
    first = ask_for_import(context, tmp_path)
    status, n_import = worker.live()
    assert status == 0
    dataset_id = look(context, first).result["dataset_id"]
    run_job_row = request_run(context, dataset_id, RECIPE)
    status, n_run = worker.live()
    assert status == 0
    with read(context.engine) as conn:
        wanted = load_run(conn, look(context, run_job_row).result["run_id"]).fingerprint
    delete_now(context, dataset_id)

    def undo_import(job: Job) -> None:
        delete_now(context, job.result["dataset_id"])

    imported = kill_often(context, worker, n_import, lambda: ask_for_import(context, tmp_path), undo_import)
    assert imported.state == "done"
    dataset_id = imported.result["dataset_id"]

    def undo_run(job: Job) -> None:
        with write(context.engine) as conn:
            delete_run(conn, job.result["run_id"])
        tidy_store(context)

    segmented = kill_often(context, worker, n_run, lambda: request_run(context, dataset_id, RECIPE), undo_run)
    assert segmented.state == "done"
    with read(context.engine) as conn:
        assert load_run(conn, segmented.result["run_id"]).fingerprint == wanted
    check_datasets(context)
    check_nothing_is_left_over(context)


@pytest.mark.slow
def test_killed_at_twenty_points_of_an_export(context: Context, worker: MortalWorker, tmp_path: Path) -> None:
    dataset_job = ask_for_import(context, tmp_path)
    worker.live()
    run_row = request_run(context, look(context, dataset_job).result["dataset_id"], RECIPE)
    worker.live()
    run_id = look(context, run_row).result["run_id"]
    first = request_export(context, run_id, "csv")
    status, n_export = worker.live()
    wanted = look(context, first).result
    assert (status, wanted["rows"]) == (0, 30)

    def undo(job: Job) -> None:
        drop_file(context, job.result["file_id"])

    undo(look(context, first))
    exported = kill_often(context, worker, n_export, lambda: request_export(context, run_id, "csv"), undo)
    assert exported.state == "done"
    assert (exported.result["sha256"], exported.result["size"]) == (wanted["sha256"], wanted["size"])
    with read(context.engine) as conn:
        whole = b"".join(read_chunks(conn, exported.result["file_id"]))
        every = conn.execute(select(files.c.sha256).where(files.c.name == wanted["name"], files.c.sha256.is_not(None))).scalars().all()
    assert hashlib.sha256(whole).hexdigest() == wanted["sha256"]
    assert set(every) == {wanted["sha256"]}  # one that died just before its end may leave a whole file, none a part of one


def test_a_mortal_worker_really_dies(context: Context, worker: MortalWorker, tmp_path: Path) -> None:
    """The test of the test: the job of a killed worker is running and nobody's, until the next one takes it up at once."""
    job = ask_for_import(context, tmp_path)
    status, _ = worker.live("12")
    assert status == -signal.SIGKILL
    assert look(context, job).state == "running"
    assert worker.live()[0] == 0
    done = look(context, job)
    assert (done.state, done.attempt) == ("done", 2)
