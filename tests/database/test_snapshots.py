"""Snapshots: whole or not there, checked, private, and made again from the store."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from sqlalchemy import Connection

from database.datasets import (
    ColumnSpec,
    Dataset,
    Facts,
    NewDataset,
    add_rows,
    arrange_rows,
    begin_dataset,
    prepare_batches,
    publish_dataset,
)
from database.jobs import Worker, add_job, claim
from database.snapshots import delete_snapshots, find_snapshot, load_snapshot, write_snapshot

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PART = "transactions"
SPECS = (
    ColumnSpec("customer", "Kunde", "customer", "text"),
    ColumnSpec("amount", "Betrag", "amount", "decimal", 2),
    ColumnSpec("date", "Datum", "date", "timestamp"),
    ColumnSpec("gift", "Geschenk", None, "boolean"),
    ColumnSpec("weight", "Gewicht", None, "float"),
)
ROWS = pa.table(
    {
        "customer": pa.chunked_array([["b", None], ["a", "b", ""]]),
        "amount": pa.array([1, -(2**62), None, 4, 5], pa.int64()),
        "date": pa.array([0, 1, 2, None, 4], pa.timestamp("us")),
        "gift": [True, None, False, True, False],
        "weight": [0.1, None, 2.5, float("inf"), 5.0],
    }
)
NEW = NewDataset("Shop", "transactions", "c" * 64, {PART: SPECS}, {})
FACTS = Facts(5, 5, 0, 2, None, None, [], [], {})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the snapshots are; it is not there yet."""
    return tmp_path / "snapshots"


@pytest.fixture
def dataset(conn: Connection) -> Dataset:
    """A published version."""
    add_job(conn, "import", {}, "k", NOON)
    job = claim(conn, Worker("a", "boot", 1, 0.0), NOON, timedelta(seconds=60))
    assert job
    loading = begin_dataset(conn, NEW, job, NOON)
    for batch in prepare_batches(conn, loading, PART, arrange_rows(loading, PART, ROWS)):
        add_rows(conn, job, batch)
    return publish_dataset(conn, loading, job, FACTS, NOON)


def only_file(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def test_snapshot_holds_what_was_written(dataset: Dataset, folder: Path) -> None:
    assert find_snapshot(folder, dataset, PART) is None
    write_snapshot(folder, dataset, PART, ROWS)
    found = find_snapshot(folder, dataset, PART)
    assert found is not None
    assert found.to_pylist() == ROWS.to_pylist()
    assert found.schema.field("customer").type == pa.dictionary(pa.int32(), pa.string())
    assert {column.num_chunks for column in found.columns} == {1}


def test_snapshot_from_the_store_equals_the_one_from_the_import(conn: Connection, dataset: Dataset, folder: Path) -> None:
    made = load_snapshot(conn, folder, dataset, PART)
    assert made.to_pylist() == ROWS.take([1, 4, 2, 0, 3]).to_pylist()
    write_snapshot(folder / "other", dataset, PART, arrange_rows(dataset, PART, ROWS))
    assert load_snapshot(conn, folder / "other", dataset, PART).to_pylist() == made.to_pylist()


def test_snapshot_is_not_read_from_the_store_again(
    conn: Connection, dataset: Dataset, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = load_snapshot(conn, folder, dataset, PART)
    monkeypatch.setattr("database.snapshots.load_rows", lambda *_: pytest.fail("the store was read again"))
    assert load_snapshot(conn, folder, dataset, PART).equals(made)


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "cut": lambda content: content[: len(content) // 2],
    "empty": lambda _: b"",
    "short": lambda _: b"x" * 8,
    "one bit": lambda content: content[:300] + bytes([content[300] ^ 1]) + content[301:],
    "end": lambda content: content[:-1] + bytes([content[-1] ^ 1]),
    "longer": lambda content: content + b"\0",
    "zeros": lambda content: bytes(len(content)),
    "something else": lambda _: b"customer,amount\n" * 100,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_snapshot_is_made_again(conn: Connection, dataset: Dataset, folder: Path, damage: str) -> None:
    made = load_snapshot(conn, folder, dataset, PART).to_pylist()
    path = only_file(folder)
    path.write_bytes(DAMAGES[damage](path.read_bytes()))
    assert find_snapshot(folder, dataset, PART) is None
    assert load_snapshot(conn, folder, dataset, PART).to_pylist() == made
    assert find_snapshot(folder, dataset, PART) is not None


def test_snapshot_outlives_its_name(conn: Connection, dataset: Dataset, folder: Path) -> None:
    made = load_snapshot(conn, folder, dataset, PART)
    only_file(folder).unlink()
    assert made.to_pylist() == ROWS.take([1, 4, 2, 0, 3]).to_pylist()


def test_snapshot_is_private(dataset: Dataset, folder: Path) -> None:
    write_snapshot(folder, dataset, PART, ROWS)
    assert stat.S_IMODE(only_file(folder).stat().st_mode) == 0o600
    assert stat.S_IMODE((folder).stat().st_mode) == 0o700


def test_failed_writing_leaves_nothing(dataset: Dataset, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_snapshot(folder, dataset, PART, ROWS)
    assert list(folder.iterdir()) == []


def test_after_an_erasure_the_old_snapshot_is_not_found(dataset: Dataset, folder: Path) -> None:
    write_snapshot(folder, dataset, PART, ROWS)
    assert find_snapshot(folder, replace(dataset, erasure_epoch=1), PART) is None


def test_snapshots_of_versions_that_are_gone_are_deleted(dataset: Dataset, folder: Path) -> None:
    for version in (dataset, replace(dataset, erasure_epoch=1), replace(dataset, id="0" * 16)):
        write_snapshot(folder, version, PART, ROWS)
    old, young = folder / ".a.part", folder / ".b.part"
    old.touch()
    young.touch()
    os.utime(old, (0, 0))
    delete_snapshots(folder, [dataset], NOON - timedelta(days=1000))
    assert find_snapshot(folder, dataset, PART) is not None
    assert {path.name for path in folder.iterdir()} == {f"transactions_{dataset.id}_0.arrow", ".b.part"}
    delete_snapshots(folder / "nowhere", [], NOON)


def test_part_without_rows(dataset: Dataset, folder: Path) -> None:
    write_snapshot(folder, dataset, PART, ROWS.slice(0, 0))
    found = find_snapshot(folder, dataset, PART)
    assert found is not None
    assert (found.num_rows, found.column_names) == (0, ROWS.column_names)
