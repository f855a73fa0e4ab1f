"""CSV as RFC 4180 wants it, written from whole columns, safe to open in a spreadsheet."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segmentation.errors import UnavailableError

_NEEDS_QUOTES = r'[",\r\n]'
_FORMULA_START = r"^[=@\t\r]|^[+\-]"
_FILLING = "[\\d.,\\s()/\u00a0-]*"
_BENIGN = rf"^-+$|^[+\-]?{_FILLING}\d{_FILLING}(?:[eE][+\-]?\d+)?\s*%?$"
"""Negative numbers and telephone numbers begin with a sign too; they stay as they are."""
_ROWS_AT_ONCE = 200_000


def as_texts(values: pa.Array | np.ndarray | Sequence[object]) -> pa.StringArray:
    """Return a column as text, empty where there is no value."""
    array = values if isinstance(values, pa.Array | pa.ChunkedArray) else pa.array(values, from_pandas=True)
    return pc.fill_null(pc.cast(array, pa.string()), "")


def write_csv(path: Path, headers: Sequence[str], columns: Sequence[pa.Array]) -> int:
    """Write columns of one length to a file that appears whole or not at all; return how many formulas were made harmless.

    Raises
    ------
    UnavailableError
        ``cannot_write`` when the place cannot be written to.
    """
    safe_headers, n_headers = make_harmless(pa.array(list(headers), pa.string()))
    safe = [make_harmless(column) for column in columns]
    with replacing(path) as out:
        out.write((",".join(_quoted(safe_headers).to_pylist()) + "\r\n").encode())
        for start in range(0, len(columns[0]) if columns else 0, _ROWS_AT_ONCE):
            pieces = [_quoted(column.slice(start, _ROWS_AT_ONCE)) for column, _ in safe]
            lines = pc.binary_join_element_wise(*pieces, ",")
            out.write(("\r\n".join(lines.to_pylist()) + "\r\n").encode())
    return n_headers + sum(count for _, count in safe)


def make_harmless(column: pa.Array) -> tuple[pa.Array, int]:
    """Put an apostrophe before texts that a spreadsheet would run as a formula; returns (column, how many).

    Distinct texts are looked at once, so a long column of few texts costs little.
    """
    encoded = column if pa.types.is_dictionary(column.type) else None
    texts = encoded.dictionary if encoded is not None else column
    risky = pc.and_(pc.match_substring_regex(texts, _FORMULA_START), pc.invert(pc.match_substring_regex(texts, _BENIGN)))
    if pc.any(risky).as_py():
        texts = pc.if_else(risky, pc.binary_join_element_wise("'", texts, ""), texts)
    if encoded is None:
        return texts, int(pc.sum(risky).as_py() or 0)
    count = int(np.asarray(risky)[np.asarray(encoded.indices)].sum())
    return pa.DictionaryArray.from_arrays(encoded.indices, texts), count


def _quoted(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        return _quoted(column.dictionary).take(column.indices)
    needs = pc.match_substring_regex(column, _NEEDS_QUOTES)
    if not pc.any(needs).as_py():
        return column
    quoted = pc.binary_join_element_wise('"', pc.replace_substring(column, '"', '""'), '"', "")
    return pc.if_else(needs, quoted, column)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a file for writing that takes its place only when all of it is written."""
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent or Path())
    except OSError as error:
        raise UnavailableError(
            "cannot_write", f'"{path}" cannot be written: {error.strerror}.', fix="Choose a folder that exists and is yours."
        ) from error
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        raise UnavailableError("cannot_write", f'"{path}" cannot be written: {error.strerror}.', fix="Is the disk full?") from error
    finally:
        Path(temporary).unlink(missing_ok=True)
