"""Bulk rows on Postgres: COPY, as tab-separated text in and as CSV out."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from sqlalchemy.types import TypeEngine

from database.bulk.values import Types, arrow_type
from database.tables import ExactDecimal

_MISSING = r"\N"
_ESCAPES = {"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"}  # the backslash first
_BLOCK = 64 << 20  # a row must fit


def encode(columns: Sequence[pa.Array], types: Types) -> pa.Buffer:
    """Write the rows as COPY reads them: tabs between cells, a line feed behind each row."""
    *cells, last = (_as_text(values, kind) for values, kind in zip(columns, types.values(), strict=True))
    last = pc.binary_join_element_wise(last.fill_null(_MISSING), "\n", "")
    lines = pc.binary_join_element_wise(*cells, last, "\t", null_handling="replace", null_replacement=_MISSING)
    _, _, content = lines.buffers()
    return content.slice(0, pc.sum(pc.binary_length(lines)).as_py() or 0)


def insert(driver: Any, target: str, _: int, lines: pa.Buffer) -> None:
    """Send the lines."""
    with driver.cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN") as copy:
        copy.write(memoryview(lines))


def fetch(driver: Any, sql: str, types: Types) -> Iterator[pa.RecordBatch]:
    """Read the rows of a query in pieces."""
    with driver.cursor() as cursor:
        # Rows as they were written: no scan that begins in the middle, none by several processes; and it may take its time.
        for setting in ("synchronize_seqscans = off", "max_parallel_workers_per_gather = 0", "statement_timeout = 0"):
            cursor.execute(f"SET LOCAL {setting}")
        with cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT csv)") as copy:
            first = bytes(copy.read())
            if first:
                yield from _parsed(_CopyFile(copy, first), types)


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


def _parsed(source: io.RawIOBase, types: Types) -> Iterator[pa.RecordBatch]:
    """Read CSV as Postgres writes it: an empty text has quotes, a missing value has none."""
    decimals = {name: kind.scale for name, kind in types.items() if isinstance(kind, ExactDecimal)}
    converting = pacsv.ConvertOptions(
        column_types={name: pa.decimal128(19, decimals[name]) if name in decimals else arrow_type(kind) for name, kind in types.items()},
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
        true_values=["t"],
        false_values=["f"],
    )
    reading = pacsv.ReadOptions(column_names=list(types), block_size=_BLOCK, use_threads=False)
    parsing = pacsv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False)
    for batch in pacsv.open_csv(io.BufferedReader(source, 1 << 20), reading, parsing, converting):
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
