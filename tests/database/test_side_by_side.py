"""Nobody is held up: heartbeats and people's clicks get their turn while a worker imports or deletes many rows."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event

import numpy as np
import pyarrow as pa
import pytest
from sqlalchemy import Engine

from database.datasets import (
    ColumnSpec,
    Dataset,
    Facts,
    NewDataset,
    add_indexes,
    add_rows,
    arrange_rows,
    begin_dataset,
    delete_dataset,
    list_datasets,
    load_rows,
    prepare_batches,
    publish_dataset,
    purge_dataset,
)
from database.engine import read, write
from database.jobs import Job, Worker, add_job, claim, heartbeat, set_progress

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LEASE = timedelta(seconds=60)
SPECS = (ColumnSpec("customer", "Kunde", "customer", "text"), *(ColumnSpec(f"c{n}", f"C{n}", None, "integer") for n in range(4)))
N_ROWS = 60_000
HEARTBEATS = 5


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make as many batches as a large file has."""
    monkeypatch.setattr("database.bulk.rows._MOST_CELLS", 5_000)
    monkeypatch.setattr("database.bulk.sqlite._DELETE_AT_ONCE", 1_000)


def begin(engine: Engine) -> tuple[Job, Dataset]:
    with write(engine) as conn:
        add_job(conn, "import", {}, "k", NOON)
        job = claim(conn, Worker("a", "boot", 1, 0.0), NOON, LEASE)
        assert job
        return job, begin_dataset(conn, NewDataset("Shop", "transactions", "c", {"transactions": SPECS}, {}), job, NOON)


def rows() -> pa.Table:
    numbers = np.arange(N_ROWS)
    return pa.table({"customer": [str(number % 997) for number in numbers], **{f"c{n}": numbers + n for n in range(4)}})


def load(engine: Engine, job: Job, dataset: Dataset, after_each: Callable[[], None]) -> None:
    for batch in prepare_batches(engine, dataset, "transactions", arrange_rows(dataset, "transactions", rows())):
        with write(engine) as conn:
            add_rows(conn, job, batch)
            set_progress(conn, job, 0.5, "Loading rows")
        after_each()


@pytest.mark.usefixtures("small_batches")
def test_heartbeats_come_between_the_batches_of_an_import(engine: Engine, make_engine: Callable[[str], Engine]) -> None:
    job, dataset = begin(engine)
    begun, events = Event(), []

    def beat() -> None:
        begun.wait()
        other = make_engine(engine.url.render_as_string(hide_password=False))
        for _ in range(HEARTBEATS):
            with write(other) as conn:
                heartbeat(conn, job, NOON, LEASE)
            events.append("heartbeat")

    def loaded() -> None:
        events.append("batch")
        begun.set()

    with ThreadPoolExecutor(1) as pool:
        beating = pool.submit(beat)
        load(engine, job, dataset, loaded)
        beating.result()
    assert events.count("batch") >= 50
    assert events.count("heartbeat") == HEARTBEATS
    last_batch = len(events) - 1 - events[::-1].index("batch")
    assert events.index("heartbeat") < last_batch, "the heartbeats had to wait for the end of the import"


@pytest.mark.usefixtures("small_batches")
def test_rows_of_many_batches_are_published_at_once_and_deleted_in_pieces(engine: Engine) -> None:
    job, dataset = begin(engine)
    load(engine, job, dataset, lambda: None)
    with write(engine) as conn:
        add_indexes(conn, dataset)
    with write(engine) as conn:
        publish_dataset(conn, dataset, job, Facts(N_ROWS, N_ROWS, 0, 997, None, None, [], [], {}), NOON)
        with read(engine) as other:
            assert list_datasets(other) == []
    with read(engine) as conn:
        (published,) = list_datasets(conn)
        loaded = load_rows(conn, published, "transactions")
    assert loaded.sort_by("c0").column("c3").to_pylist() == [number + 3 for number in range(N_ROWS)]
    with write(engine) as conn:
        delete_dataset(conn, published.id)
    n_pieces = 1
    while True:
        with write(engine) as conn:
            if not purge_dataset(conn, published.id):
                break
        n_pieces += 1
    assert n_pieces == (1 if engine.dialect.name == "postgresql" else N_ROWS // 1_000 + 1)
