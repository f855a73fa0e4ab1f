"""Migrations: the tables are those of ``tables.metadata``, there and back, and nothing that both versions know is lost."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, MetaData, insert, select, text

from database import migrate
from database.engine import alter, is_postgres, read, write
from database.tables import (
    assignments,
    datasets,
    file_chunks,
    files,
    jobs,
    metadata,
    recipes,
    rejected_rows,
    runs,
    segment_edits,
    segments,
    uploads,
    workers,
)
from segmentation.errors import ConflictError

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

_POSTGRES_CATALOG = """
SELECT 'column', table_name, column_name, concat_ws('|', data_type, character_maximum_length, is_nullable, column_default)
  FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version'
UNION ALL SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'
UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 'alembic_version'::regclass
"""


def catalog(engine: Engine) -> set[tuple[Any, ...]]:
    """All that the store itself knows about its tables, but for the order of their columns."""
    with read(engine) as conn:
        if is_postgres(conn):
            return {tuple(row) for row in conn.execute(text(_POSTGRES_CATALOG))}
        found: set[tuple[Any, ...]] = set()
        for name, kind, table, sql in conn.execute(text("SELECT name, type, tbl_name, sql FROM sqlite_master")).all():
            if table == "alembic_version":
                continue
            if kind == "index":
                found.add((kind, name, table, " ".join((sql or "").split())))
                continue
            found |= {(name, *row[1:]) for row in conn.execute(text(f"PRAGMA table_xinfo({name})"))}
            found |= {(name, line.strip(" ,)")) for line in (sql or "").splitlines() if "CONSTRAINT" in line or "ROWID" in line}
        return found


@pytest.fixture
def engine(empty_engine: Engine) -> Engine:
    """A store of its own with its tables, whose shape may be changed."""
    migrate.upgrade(empty_engine)
    return empty_engine


@pytest.fixture
def described(empty_engine: Engine) -> set[tuple[Any, ...]]:
    """What the store knows when the tables are made as ``tables`` describes them."""
    engine = empty_engine
    with write(engine) as conn:
        metadata.create_all(conn)
        conn.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
    found = catalog(engine)
    with alter(engine) as conn:
        metadata.drop_all(conn)
        conn.execute(text("DROP TABLE alembic_version"))
    return found


def fill(engine: Engine) -> None:
    """Put one row into every table."""
    dataset, run, job, file = "d" * 16, "r" * 16, "j" * 16, "f" * 16
    published = {"state": "published", "created_at": NOON, "job_id": job, "job_token": 1}
    finished = {**published, "state": "finished"}
    rows = {
        jobs: {"id": job, "kind": "import", "params": {}, "key": "k", "state": "done", "created_at": NOON},
        workers: {"host": "a", "pid": 7, "boot": "b", "started": 1000.5, "seen_at": NOON},
        datasets: {
            "id": dataset,
            "name": "Shop",
            "kind": "customers",
            "content_hash": "c",
            "columns": {},
            "source": {},
            **published,
        },
        rejected_rows: {"dataset_id": dataset, "row": 7, "column": "Age", "value": "ü", "reason": "no age"},
        runs: {
            "id": run,
            "dataset_id": dataset,
            "recipe": {"k": 4},
            "recipe_hash": "h",
            "algorithm_version": "1",
            **finished,
        },
        segments: {"run_id": run, "segment_id": 1, "name": "Best", "colour": "#fff", "action": "", "size": 1, "profile": {"n": 0.1}},
        assignments: {"run_id": run, "customer_id": "007", "segment_id": 1},
        segment_edits: {"run_id": run, "revision": 1, "segment_id": 1, "changes": {"name": "Top"}, "created_at": NOON},
        files: {"id": file, "name": "a.csv", "created_at": NOON, "expires_at": NOON},
        file_chunks: {"file_id": file, "number": 0, "data": b"\x00\xff"},
        uploads: {"id": file, "choices": {"decimal": ","}, "created_at": NOON},
        recipes: {"id": run, "name": "RFM", "name_key": "rfm", "recipe": {"k": 4}, "created_at": NOON, "changed_at": NOON},
    }
    with write(engine) as conn:
        for table, row in rows.items():
            conn.execute(insert(table).values(row))


def contents(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    with read(engine) as conn:
        return {table.name: [dict(row._mapping) for row in conn.execute(select(table))] for table in metadata.sorted_tables}


def tables(engine: Engine) -> set[str]:
    found = MetaData()
    found.reflect(engine)
    return set(found.tables)


def test_empty_store_has_no_revision(empty_engine: Engine) -> None:
    assert migrate.current(empty_engine) is None


def test_migrated_tables_are_those_described(described: set[tuple[Any, ...]], empty_engine: Engine) -> None:
    migrate.upgrade(empty_engine)
    assert migrate.current(empty_engine) == migrate.head()
    assert catalog(empty_engine) == described
    with read(empty_engine) as conn:
        assert compare_metadata(MigrationContext.configure(conn), metadata) == []


def test_every_step_back_and_forth_gives_the_same_tables(engine: Engine) -> None:
    wanted = catalog(engine)
    migrate.downgrade(engine, "0001")
    assert catalog(engine) != wanted
    migrate.upgrade(engine)
    assert catalog(engine) == wanted
    migrate.downgrade(engine, "base")
    assert tables(engine) == {"alembic_version"}
    migrate.upgrade(engine)
    assert catalog(engine) == wanted


def test_data_survive_a_step_back_and_forth(engine: Engine) -> None:
    fill(engine)
    before = contents(engine)
    assert all(len(rows) == 1 for rows in before.values())
    migrate.downgrade(engine, "0001")
    younger: dict[str, list[dict[str, Any]]] = {"files": [], "file_chunks": [], "workers": [], "uploads": [], "recipes": []}
    assert younger.keys().isdisjoint(tables(engine))
    migrate.upgrade(engine)
    assert contents(engine) == {**before, **younger}


def test_data_do_not_stop_the_way_back_to_nothing(engine: Engine) -> None:
    fill(engine)
    migrate.downgrade(engine, "base")
    assert tables(engine) == {"alembic_version"}


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    fill(engine)
    before = contents(engine)
    migrate.upgrade(engine)
    assert contents(engine) == before


def test_references_still_hold_after_a_migration(engine: Engine) -> None:
    fill(engine)
    migrate.downgrade(engine, "0001")
    migrate.upgrade(engine)
    with write(engine) as conn:
        conn.execute(datasets.delete())
    after = contents(engine)
    assert [name for name, rows in after.items() if rows] == ["jobs"]


def test_eight_processes_starting_at_once_migrate_once(store_url: str, make_engine: Callable[[str], Engine]) -> None:
    def start(_: int) -> str | None:
        engine = make_engine(store_url)
        migrate.upgrade(engine)
        return migrate.current(engine)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(start, range(8))) == {migrate.head()}


def test_store_of_a_newer_version_is_left_alone(engine: Engine) -> None:
    with write(engine) as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConflictError, match="newer"):
        migrate.upgrade(engine)
    assert migrate.current(engine) == "9999"


def test_broken_migration_leaves_the_store_as_it_was(engine: Engine) -> None:
    wanted = catalog(engine)
    with pytest.raises(ZeroDivisionError), alter(engine) as conn:
        conn.execute(text("DROP TABLE file_chunks"))
        raise ZeroDivisionError
    assert catalog(engine) == wanted


def test_migration_that_breaks_a_reference_is_refused(engine: Engine) -> None:
    fill(engine)
    with pytest.raises(Exception, match=r"break references|violates foreign key"), alter(engine) as conn:
        conn.execute(text("UPDATE runs SET dataset_id = 'nowhere'"))
    assert contents(engine)["runs"][0]["dataset_id"] == "d" * 16
