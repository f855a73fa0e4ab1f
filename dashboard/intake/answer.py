"""What the child hands to its parent: an Arrow stream with the cells and a small JSON file with the rest."""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from segmentation.errors import AppError
from segmentation.findings import Finding
from segmentation.intake.table import Dialect, RawTable, UnreadableRow


def save_error(folder: Path, error: AppError) -> None:
    """Leave what is wrong with the file."""
    values = {"code": error.code, "kind": error.kind, "title": error.title, "detail": error.detail, "fix": error.fix}
    _save(folder, {"error": values})


def leave_mark(folder: Path, error: BaseException) -> None:
    """Leave where a mistake of ours broke, for the log; not its words, which may be a person's."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    (folder / "mistake.txt").write_text(
        f"{type(error).__name__} in {frame.name}, {Path(frame.filename).name}:{frame.lineno}", encoding="utf-8"
    )


def find_mark(folder: Path) -> str | None:
    """Return what ``leave_mark`` left."""
    path = folder / "mistake.txt"
    return path.read_text(encoding="utf-8") if path.exists() else None


def save_rest(
    folder: Path, dialect: Dialect, rows: dict[str, Any], unreadable: Iterable[UnreadableRow], findings: Iterable[Finding]
) -> None:
    """Leave everything but the cells; ``rows`` says how positions become row numbers."""
    _save(
        folder,
        {
            "dialect": asdict(dialect),
            "rows": rows,
            "unreadable": [asdict(row) for row in unreadable],
            "findings": [{**asdict(finding), "examples": [dict(example) for example in finding.examples]} for finding in findings],
        },
    )


def _save(folder: Path, values: dict[str, Any]) -> None:
    temporary = folder / "answer.tmp"
    temporary.write_text(json.dumps(values), encoding="utf-8")
    temporary.rename(folder / "answer.json")


def load_table(folder: Path, found: dict[str, Any]) -> RawTable:
    """Put the answer together in the parent; blank rows are left out, their numbers are not used."""
    with pa.memory_map(str(folder / "cells.arrow")) as source, pa.ipc.open_stream(source) as stream:
        table = stream.read_all()
    # One column after the other: never more than one of them is held twice.
    table = pa.table([_one_chunk(column.unify_dictionaries()) for column in table.itercolumns()], names=table.column_names)
    unreadable = tuple(UnreadableRow(**row) for row in found["unreadable"])
    numbers = _row_numbers(
        table.num_rows, found["rows"]["first"], np.array([*(row.row for row in unreadable), *found["rows"]["blank"]], np.int64)
    )
    is_blank = _blank_rows(table)
    if is_blank.any():
        table, numbers = table.filter(pa.array(~is_blank)), numbers[~is_blank]
        table = pa.table([_one_chunk(column) for column in table.columns], names=table.column_names)
    findings = tuple(Finding(**{**finding, "examples": tuple(finding["examples"])}) for finding in found["findings"])
    return RawTable(table, numbers, Dialect(**{**found["dialect"], "sheets": tuple(found["dialect"]["sheets"])}), unreadable, findings)


def _one_chunk(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """Return a column in one chunk whose dictionary holds only texts that occur."""
    if column.num_chunks == 0:
        return pa.array([], pa.string()).dictionary_encode()
    array = column.combine_chunks()
    array = array.chunk(0) if isinstance(array, pa.ChunkedArray) else array
    used = np.zeros(len(array.dictionary), bool)
    used[np.asarray(array.indices)] = True
    if used.all():
        return array
    renumber = (np.cumsum(used) - 1).astype(np.int32)
    kept = array.dictionary.filter(pa.array(used))
    return pa.DictionaryArray.from_arrays(pa.array(renumber[np.asarray(array.indices)]), kept)


def _row_numbers(n_rows: int, first: int, taken: np.ndarray) -> np.ndarray:
    """Number the readable rows from ``first``, skipping the numbers that are ``taken``."""
    everything = np.arange(first, first + n_rows + taken.size, dtype=np.int64)
    return everything if taken.size == 0 else np.setdiff1d(everything, taken, assume_unique=True)


def _blank_rows(table: pa.Table) -> np.ndarray:
    """Rows without a single character but white space."""
    is_blank = np.ones(table.num_rows, bool)
    for column in table.columns:
        array = column.chunk(0)
        texts = array.dictionary.to_pylist() if len(array.dictionary) < 50 else None
        empty = np.array([not text.strip() for text in texts], bool) if texts is not None else _empty_texts(array.dictionary)
        is_blank &= empty[np.asarray(array.indices)] if len(array.dictionary) else True
        if not is_blank.any():
            break
    return is_blank


def _empty_texts(texts: pa.Array) -> np.ndarray:
    import pyarrow.compute as pc

    return np.asarray(pc.equal(pc.utf8_trim_whitespace(texts), ""))
