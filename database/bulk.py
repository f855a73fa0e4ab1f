"""Many rows at once, in and out, as Arrow tables: COPY on Postgres, executemany of tuples on SQLite.

Values keep their every bit: text to the character, money as whole units of 10**-scale (int64 in Arrow, NUMERIC in Postgres, INTEGER in
SQLite). Missing is null; NaN counts as missing, and minus zero as zero, since SQLite keeps neither.
"""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Double,
    Engine,
    Integer,
    Select,
    Table,
    delete,
    literal_column,
    select,
    true,
    tuple_,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from database.engine import is_postgres
from database.tables import ExactDecimal
from segmentation.errors import InvalidInputError

_MOST_CELLS = 500_000
_MOST_BYTES = 64 << 20
_READ_AT_ONCE = 50_000
_DELETE_AT_ONCE = 50_000
_ROWS_A_STATEMENT = 100
_MOST_MARKS = 32_766  # parameters of one statement in SQLite
_BLOCK = 8 << 20
_MISSING = r"\N"
_ESCAPES = {"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"}  # the backslash first
Types = Mapping[str, TypeEngine[Any]]
_TEXT = pa.dictionary(pa.int32(), pa.string())


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


def prepare_batches(store: Engine | Connection, table: Table, rows: pa.Table) -> Iterator[PreparedRows]:
    """Cut rows into batches and turn each into the driver's form, before any lock is taken."""
    batches = (prepare_rows(store, table, batch) for batch in split_rows(rows))
    return _one_ahead(batches) if is_postgres(store) else batches


def _one_ahead(batches: Iterator[PreparedRows]) -> Iterator[PreparedRows]:
    """Prepare the next batch while Postgres, in a process of its own, takes this one in. (On SQLite the pause lets others write.)"""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = pool.submit(next, batches, None)
            yield batch


def prepare_rows(store: Engine | Connection, table: Table, rows: pa.Table) -> PreparedRows:
    """Turn rows into the driver's form, before any lock is taken. Columns that ``rows`` lacks stay empty."""
    columns = {name: _canonical(rows.column(name), table.c[name]) for name in rows.column_names}
    if is_postgres(store):
        payload = _as_copy_text([_as_text(values, table.c[name].type) for name, values in columns.items()])
    else:
        payload = [None] * (rows.num_rows * len(columns))
        for index, values in enumerate(columns.values()):
            payload[index :: len(columns)] = _as_list(values)
    return PreparedRows(table, tuple(columns), rows.num_rows, payload)


def insert_rows(conn: Connection, rows: PreparedRows) -> None:
    """Write prepared rows, in the caller's transaction."""
    quote = conn.dialect.identifier_preparer
    target = f"{quote.format_table(rows.table)} ({', '.join(quote.quote(name) for name in rows.columns)})"
    driver: Any = conn.connection.driver_connection
    with _driver_errors(conn):
        (_copy_in if is_postgres(conn) else _insert_many)(driver, target, rows)


def _copy_in(driver: Any, target: str, rows: PreparedRows) -> None:
    with driver.cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN") as copy:
        copy.write(memoryview(rows.payload))


def _insert_many(driver: sqlite3.Connection, target: str, rows: PreparedRows) -> None:
    """Insert many rows a statement: a quarter faster than one by one. What is left over follows one by one."""
    cells, width = rows.payload, len(rows.columns)
    marks = f"({', '.join('?' * width)})"
    start = 0
    for n_at_once in (min(_ROWS_A_STATEMENT, _MOST_MARKS // width), 1):
        step = n_at_once * width
        stop = start + (len(cells) - start) // step * step
        sql = f"INSERT INTO {target} VALUES {', '.join([marks] * n_at_once)}"  # noqa: S608
        driver.executemany(sql, (cells[index : index + step] for index in range(start, stop, step)))
        start = stop


def fetch_rows(conn: Connection, query: Select[Any]) -> pa.Table:
    """Read the rows of a query, text dictionary-encoded, in the order of the query or else as they were written."""
    types = {column.name: column.type for column in query.selected_columns}
    sql = str(query.compile(dialect=conn.dialect, compile_kwargs={"literal_binds": True}))
    with _driver_errors(conn):
        batches = list((_copied if is_postgres(conn) else _fetched)(conn, sql, types))
    return pa.Table.from_batches(batches, pa.schema({name: _arrow_type(kind) for name, kind in types.items()})).unify_dictionaries()


def delete_some(conn: Connection, table: Table, which: ColumnElement[bool] | None = None) -> bool:
    """Delete a batch of rows from SQLite, where a great deletion would hold up everybody. Return whether there were any."""
    has_rowid = table.dialect_options["sqlite"]["with_rowid"]
    keys: list[ColumnElement[Any]] = [literal_column("rowid")] if has_rowid else list(table.primary_key)
    batch = select(*keys).select_from(table).where(true() if which is None else which).limit(_DELETE_AT_ONCE)
    return conn.execute(delete(table).where(tuple_(*keys).in_(batch))).rowcount > 0


def _arrow_type(sql: TypeEngine[Any]) -> pa.DataType:
    if isinstance(sql, (Integer, ExactDecimal)):
        return pa.int64()
    for kind, arrow in ((Double, pa.float64()), (Date, pa.date32()), (DateTime, pa.timestamp("us")), (Boolean, pa.bool_())):
        if isinstance(sql, kind):
            return arrow
    return _TEXT


def _canonical(values: pa.ChunkedArray, column: Column[Any]) -> pa.Array:
    """Give the column as one array of the type it has in the store; text may be dictionary-encoded or not."""
    array = values.chunk(0) if values.num_chunks == 1 else values.unify_dictionaries().combine_chunks()
    wanted = _arrow_type(column.type)
    if wanted != _TEXT:
        array = array.cast(wanted)
        if pa.types.is_floating(wanted):
            return pc.if_else(pc.is_nan(array), None, array)
        return _without_fraction(array) if pa.types.is_timestamp(wanted) else array
    texts = array.dictionary if pa.types.is_dictionary(array.type) else array
    if pc.any(pc.match_substring(texts, "\0")).as_py():
        raise InvalidInputError(
            "nul_character", "A cell holds a character that no store can keep (NUL).", f"Column {column.name}.", "Remove it from the file."
        )
    return array


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


def _without_fraction(array: pa.Array) -> pa.Array:
    """Leave the fraction of a second out where there is none: shorter, and as SQLite's users write a moment."""
    try:
        return array.cast(pa.timestamp("s"))
    except pa.ArrowInvalid:
        return array


def _as_copy_text(columns: list[pa.Array]) -> pa.Buffer:
    """Write the rows as COPY reads them: tabs between cells, a line feed behind each row."""
    *cells, last = columns
    last = pc.binary_join_element_wise(last.fill_null(_MISSING), "\n", "")
    lines = pc.binary_join_element_wise(*cells, last, "\t", null_handling="replace", null_replacement=_MISSING)
    _, _, content = lines.buffers()
    return content.slice(0, pc.sum(pc.binary_length(lines)).as_py() or 0)


def _as_text(array: pa.Array, sql: TypeEngine[Any]) -> pa.Array:
    if isinstance(sql, ExactDecimal):
        array = _reinterpret(array.cast(pa.decimal128(19, 0)), sql.scale)
    if pa.types.is_dictionary(array.type):
        return _escaped(array.dictionary.cast(pa.string())).take(array.indices)
    return _escaped(array) if pa.types.is_string(array.type) else array.cast(pa.string())


def _escaped(texts: pa.Array) -> pa.Array:
    for character, escape in _ESCAPES.items():
        texts = pc.replace_substring(texts, character, escape)
    return texts


def _reinterpret(decimals: pa.Array, scale: int) -> pa.Array:
    """Move the decimal point without touching a digit."""
    return pa.Array.from_buffers(pa.decimal128(19, scale), len(decimals), decimals.buffers(), offset=decimals.offset)


def _copied(conn: Connection, sql: str, types: Types) -> Iterator[pa.RecordBatch]:
    driver: Any = conn.connection.driver_connection
    with driver.cursor() as cursor:
        # Rows as they were written: no scan that begins in the middle, none by several processes; and it may take its time.
        for setting in ("synchronize_seqscans = off", "max_parallel_workers_per_gather = 0", "statement_timeout = 0"):
            cursor.execute(f"SET LOCAL {setting}")
        with cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT csv)") as copy:
            first = bytes(copy.read())
            if first:
                yield from _parsed(_CopyFile(copy, first), types)


def _parsed(source: io.RawIOBase, types: Types) -> Iterator[pa.RecordBatch]:
    """Read CSV as Postgres writes it: an empty text has quotes, a missing value has none."""
    decimals = {name: kind.scale for name, kind in types.items() if isinstance(kind, ExactDecimal)}
    converting = pacsv.ConvertOptions(
        column_types={name: pa.decimal128(19, decimals[name]) if name in decimals else _arrow_type(kind) for name, kind in types.items()},
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
        true_values=["t"],
        false_values=["f"],
    )
    reading = pacsv.ReadOptions(column_names=list(types), block_size=_BLOCK, use_threads=False)
    parsing = pacsv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False)
    for batch in pacsv.open_csv(io.BufferedReader(source, _BLOCK), reading, parsing, converting):
        arrays = [_reinterpret(batch.column(name), 0).cast(pa.int64()) if name in decimals else batch.column(name) for name in types]
        yield pa.RecordBatch.from_arrays(arrays, names=list(types))


class _CopyFile(io.RawIOBase):
    """What COPY sends, as a file to read from."""

    def __init__(self, copy: Any, first: bytes) -> None:
        self._copy, self._rest = copy, memoryview(first)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._rest:
            self._rest = memoryview(bytes(self._copy.read()))
        n = min(len(buffer), len(self._rest))
        buffer[:n] = self._rest[:n]
        self._rest = self._rest[n:]
        return n


def _fetched(conn: Connection, sql: str, types: Types) -> Iterator[pa.RecordBatch]:
    driver: Any = conn.connection.driver_connection
    cursor = driver.execute(sql)
    kinds = [_arrow_type(kind) for kind in types.values()]
    while rows := cursor.fetchmany(_READ_AT_ONCE):
        arrays = [_from_list(values, kind) for values, kind in zip(zip(*rows, strict=True), kinds, strict=True)]
        yield pa.RecordBatch.from_arrays(arrays, names=list(types))


def _from_list(values: tuple[Any, ...], kind: pa.DataType) -> pa.Array:
    if kind == _TEXT:
        return pa.array(values, pa.string()).dictionary_encode()
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return pa.array(values, pa.string()).cast(kind)
    return pa.array(values, pa.int64()).cast(kind) if pa.types.is_boolean(kind) else pa.array(values, kind)


@contextmanager
def _driver_errors(conn: Connection) -> Iterator[None]:
    """Raise what the driver raises as SQLAlchemy would have, so that ``write`` can explain it."""
    base = conn.dialect.loaded_dbapi.Error
    try:
        yield
    except base as error:
        lost = conn.dialect.is_disconnect(error, conn.connection.dbapi_connection, None)
        raise DBAPIError.instance(
            None, None, error, base, hide_parameters=True, connection_invalidated=lost, dialect=conn.dialect
        ) from error
