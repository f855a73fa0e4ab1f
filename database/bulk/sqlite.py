"""Bulk rows on SQLite: executemany of many rows a statement."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from sqlalchemy import ColumnElement, Connection, Table, delete, literal_column, select, true, tuple_

from database.bulk.values import TEXT, Types, arrow_type

_ROWS_A_STATEMENT = 100
_MOST_MARKS = 32_766  # parameters of one statement
_READ_AT_ONCE = 500
"""Fewer rows than the new tuples that wake Python's garbage collector (700), which looks through all that the process holds."""
_ROWS_A_BATCH = 50_000
_DELETE_AT_ONCE = 50_000


def encode(columns: Sequence[pa.Array], _: Types) -> list[Any]:
    """Give the cells as Python objects, row by row in one list."""
    cells = [None] * (len(columns[0]) * len(columns))
    for index, values in enumerate(columns):
        cells[index :: len(columns)] = _as_list(values)
    return cells


def insert(driver: sqlite3.Connection, target: str, width: int, cells: list[Any]) -> None:
    """Insert many rows a statement: a quarter faster than one by one. What is left over follows one by one."""
    marks = f"({', '.join('?' * width)})"
    start = 0
    for n_at_once in (min(_ROWS_A_STATEMENT, _MOST_MARKS // width), 1):
        step = n_at_once * width
        stop = start + (len(cells) - start) // step * step
        # Names of our own and marks only; the values are bound.
        sql = f"INSERT INTO {target} VALUES {', '.join([marks] * n_at_once)}"  # noqa: S608  # nosec B608
        driver.executemany(sql, (cells[index : index + step] for index in range(start, stop, step)))
        start = stop


def fetch(driver: sqlite3.Connection, sql: str, types: Types) -> Iterator[pa.RecordBatch]:
    """Read the rows of a query in pieces."""
    cursor = driver.execute(sql)
    kinds = [arrow_type(kind) for kind in types.values()]
    while (columns := _read_columns(cursor, len(kinds)))[0]:
        arrays = [_from_list(values, kind) for values, kind in zip(columns, kinds, strict=True)]
        yield pa.RecordBatch.from_arrays(arrays, names=list(types))


def _read_columns(cursor: sqlite3.Cursor, width: int) -> list[list[Any]]:
    """Return the cells of the next rows, column by column."""
    columns: list[list[Any]] = [[] for _ in range(width)]
    while len(columns[0]) < _ROWS_A_BATCH and (rows := cursor.fetchmany(_READ_AT_ONCE)):
        for values, more in zip(columns, zip(*rows, strict=True), strict=True):
            values.extend(more)
    return columns


def delete_some(conn: Connection, table: Table, which: ColumnElement[bool] | None = None) -> bool:
    """Delete a batch of rows from SQLite, where a great deletion would hold up everybody. Return whether there were any."""
    has_rowid = table.dialect_options["sqlite"]["with_rowid"]
    keys: list[ColumnElement[Any]] = [literal_column("rowid")] if has_rowid else list(table.primary_key)
    batch = select(*keys).select_from(table).where(true() if which is None else which).limit(_DELETE_AT_ONCE)
    return conn.execute(delete(table).where(tuple_(*keys).in_(batch))).rowcount > 0


def _as_list(array: pa.Array) -> list[Any]:
    if pa.types.is_timestamp(array.type) or pa.types.is_date(array.type):
        array = array.dictionary_encode()  # moments repeat: each is written as text once
    if not pa.types.is_dictionary(array.type):
        return list(array.to_pylist())
    texts = array.dictionary.cast(pa.string())
    if len(texts) > len(array):
        return list(texts.take(array.indices).to_pylist())
    distinct = np.array([*texts.to_pylist(), None], dtype=object)
    return list(distinct[array.indices.fill_null(len(texts)).to_numpy()].tolist())


def _from_list(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    if kind == TEXT:
        return pa.array(values, pa.string()).dictionary_encode()
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return pa.array(values, pa.string()).cast(kind)
    return pa.array(values, pa.int64()).cast(kind) if pa.types.is_boolean(kind) else pa.array(values, kind)
