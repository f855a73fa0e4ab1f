"""Rows cut into batches, prepared without a lock, written in a transaction; and read back."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, Engine, Select, Table
from sqlalchemy.exc import DBAPIError

from database.bulk import postgres, sqlite
from database.bulk.values import arrow_type, canonical
from database.engine import is_postgres

_MOST_CELLS = 500_000
_MOST_BYTES = 64 << 20


@dataclass(frozen=True)
class PreparedRows:
    """Rows in the driver's own form: what is left to do under the write lock is short."""

    table: Table
    columns: tuple[str, ...]
    n: int
    payload: Any  # lines of text in a pyarrow.Buffer for Postgres, the cells row by row in one list for SQLite


def split_rows(rows: pa.Table) -> Iterator[pa.Table]:
    """Cut rows into batches that are each written in well under a second: between them others may write."""
    step = max(1, _MOST_CELLS // max(1, rows.num_columns))
    for start in range(0, rows.num_rows, step):
        yield from _halved(rows.slice(start, step))


def prepare_batches(store: Engine | Connection, table: Table, rows: pa.Table) -> Iterator[PreparedRows]:
    """Cut rows into batches and turn each into the driver's form, before any lock is taken."""
    batches = (prepare_rows(store, table, batch) for batch in split_rows(rows))
    return _one_ahead(batches) if is_postgres(store) else batches


def prepare_rows(store: Engine | Connection, table: Table, rows: pa.Table) -> PreparedRows:
    """Turn rows into the driver's form, before any lock is taken. Columns that ``rows`` lacks stay empty."""
    columns = [canonical(rows.column(name), table.c[name]) for name in rows.column_names]
    types = {name: table.c[name].type for name in rows.column_names}
    driver = postgres if is_postgres(store) else sqlite
    return PreparedRows(table, tuple(types), rows.num_rows, driver.encode(columns, types))


def insert_rows(conn: Connection, rows: PreparedRows) -> None:
    """Write prepared rows, in the caller's transaction."""
    quote = conn.dialect.identifier_preparer
    target = f"{quote.format_table(rows.table)} ({', '.join(quote.quote_identifier(name) for name in rows.columns)})"
    with _driver_of(conn) as driver:
        (postgres if is_postgres(conn) else sqlite).insert(driver, target, len(rows.columns), rows.payload)


def fetch_rows(conn: Connection, query: Select[Any]) -> pa.Table:
    """Read the rows of a query, text dictionary-encoded, in the order of the query or else as they were written."""
    types = {column.name: column.type for column in query.selected_columns}
    sql = str(query.compile(dialect=conn.dialect, compile_kwargs={"literal_binds": True}))
    with _driver_of(conn) as driver:
        batches = list((postgres if is_postgres(conn) else sqlite).fetch(driver, sql, types))
    return pa.Table.from_batches(batches, pa.schema({name: arrow_type(kind) for name, kind in types.items()})).unify_dictionaries()


def _halved(rows: pa.Table) -> Iterator[pa.Table]:
    """Cut further where the texts are long."""
    half = rows.num_rows // 2
    if half == 0 or sum(_n_bytes(column) for column in rows.columns) <= _MOST_BYTES:
        yield rows
    else:
        yield from _halved(rows.slice(0, half))
        yield from _halved(rows.slice(half))


def _n_bytes(column: pa.ChunkedArray) -> int:
    if pa.types.is_dictionary(column.type):
        parts = [pc.binary_length(chunk.dictionary).take(chunk.indices) for chunk in column.chunks]
    elif pa.types.is_string(column.type):
        parts = [pc.binary_length(chunk) for chunk in column.chunks]
    else:
        return 0
    return sum(pc.sum(lengths).as_py() or 0 for lengths in parts)


def _one_ahead(batches: Iterator[PreparedRows]) -> Iterator[PreparedRows]:
    """Prepare the next batch while Postgres, in a process of its own, takes this one in. (On SQLite the pause lets others write.)"""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = pool.submit(next, batches, None)
            yield batch


@contextmanager
def _driver_of(conn: Connection) -> Iterator[Any]:
    """Give the driver's own connection; raise what it raises as SQLAlchemy would, so that ``write`` can explain it."""
    base = conn.dialect.loaded_dbapi.Error
    try:
        yield conn.connection.driver_connection
    except base as error:
        lost = conn.dialect.is_disconnect(error, conn.connection.dbapi_connection, None)
        raise DBAPIError.instance(
            None, None, error, base, hide_parameters=True, connection_invalidated=lost, dialect=conn.dialect
        ) from error
