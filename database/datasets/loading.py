"""How a version comes to be: begun, loaded in batches, published in one short transaction by the job that loaded it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, Index, update
from sqlalchemy.exc import IntegrityError

from database.bulk import PreparedRows, insert_rows
from database.datasets.columns import Part, check_columns
from database.datasets.records import Dataset, Facts, NewDataset, to_dataset
from database.datasets.rows import customer_column, version_table
from database.engine import is_postgres
from database.jobs import Job, check_claim
from database.tables import datasets, new_id
from segmentation.errors import ConflictError


def begin_dataset(conn: Connection, new: NewDataset, job: Job, now: datetime) -> Dataset:
    """Make an empty version that only its job sees, with its tables."""
    check_columns(new.columns)
    check_claim(conn, job)
    values = {**asdict(new), "id": new_id(), "state": "loading", "created_at": now, "job_id": job.id, "job_token": job.token}
    dataset = to_dataset(conn.execute(datasets.insert().values(values).returning(datasets)).one())
    for part in dataset.columns:
        version_table(dataset, part).create(conn)
        if not is_postgres(conn):
            _create_index(conn, dataset, part)
    return dataset


def add_rows(conn: Connection, job: Job, rows: PreparedRows) -> None:
    """Write one batch: at most a second of the write lock. A job that lost its claim writes nothing."""
    check_claim(conn, job)
    insert_rows(conn, rows)


def add_indexes(conn: Connection, dataset: Dataset) -> None:
    """Make on Postgres what a table is searched by, when its rows are in. (SQLite has it from the start: it would hold up all others.)"""
    if is_postgres(conn):
        conn.exec_driver_sql("SET LOCAL statement_timeout = 0")
        for part in dataset.columns:
            _create_index(conn, dataset, part)
            conn.exec_driver_sql(f"ANALYZE {version_table(dataset, part).name}")


def publish_dataset(conn: Connection, dataset: Dataset, job: Job, facts: Facts, now: datetime) -> Dataset:
    """Let everybody see the version, complete at once. Only the job that loaded it can."""
    check_claim(conn, job)
    values = {**asdict(facts), "revenue": None if facts.revenue is None else str(facts.revenue), "state": "published", "published_at": now}
    query = update(datasets).where(
        datasets.c.id == dataset.id, datasets.c.state == "loading", datasets.c.job_id == job.id, datasets.c.job_token == job.token
    )
    try:
        row = conn.execute(query.values(values).returning(datasets)).one_or_none()
    except IntegrityError:
        raise ConflictError("already_imported", "The same file with the same choices is already there.", dataset.name) from None
    if row is None:
        raise ConflictError("not_loading", "This import was given up or is already complete.", dataset.name)
    return to_dataset(row)


def _create_index(conn: Connection, dataset: Dataset, part: Part) -> None:
    key = customer_column(dataset, part)
    if key:
        table = version_table(dataset, part)
        Index(f"ix_{table.name}_{key}", table.c[key]).create(conn)
