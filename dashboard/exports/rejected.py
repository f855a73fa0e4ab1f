"""The rows that were not kept, as a file: where they stand, what is wrong, and their own cells."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from dashboard.exports.delimited import as_texts, write_csv
from segmentation.dataset import Dataset
from segmentation.intake.cleaning_rules import RULES

_OWN_HEADERS = ("row", "column", "value", "reason")


def write_rejected(path: Path, dataset: Dataset) -> int:
    """Write one line for every rejected row; returns how many lines.

    Columns: the number of the row as in the person's file, the column and value that decided, the reason, then the row's own cells.
    """
    rejected = dataset.cleaned.rejected
    unreadable = dataset.raw.unreadable
    n_lost = len(unreadable)
    reasons = pa.array([RULES[name] for name in rejected.rule_names], pa.string())
    numbers = np.concatenate([np.array([row.row for row in unreadable], np.int64), dataset.raw.row_numbers[rejected.indices]])
    in_file_order = pa.array(np.argsort(numbers, kind="stable"))
    own = [
        as_texts(numbers),
        _joined([""] * n_lost, pa.DictionaryArray.from_arrays(pa.array(rejected.rules), pa.array(rejected.rule_headers, pa.string()))),
        _joined([row.text for row in unreadable], _deciding_values(dataset)),
        _joined([row.reason for row in unreadable], pa.DictionaryArray.from_arrays(pa.array(rejected.rules), reasons)),
    ]
    cells = [
        _joined(
            [""] * n_lost,
            pa.DictionaryArray.from_arrays(pa.array(dataset.raw.codes(header)[rejected.indices]), dataset.raw.distinct(header)),
        )
        for header in dataset.raw.headers
    ]
    headers = [*_OWN_HEADERS, *(f"{header} (cell)" if header in _OWN_HEADERS else header for header in dataset.raw.headers)]
    write_csv(path, headers, [column.take(in_file_order) for column in (*own, *cells)])
    return n_lost + int(rejected.indices.size)


def _deciding_values(dataset: Dataset) -> pa.Array:
    """Return the cell that each rejected row was judged by, empty where the whole row was."""
    rejected = dataset.cleaned.rejected
    values = np.full(rejected.indices.size, "", dtype=object)
    for rule, header in enumerate(rejected.rule_headers):
        chosen = np.flatnonzero(rejected.rules == rule)
        if header and chosen.size:
            codes = pa.array(dataset.raw.codes(header)[rejected.indices[chosen]])
            values[chosen] = dataset.raw.distinct(header).take(codes).to_numpy(zero_copy_only=False)
    return pa.array(values, pa.string())


def _joined(first: list[str], rest: pa.Array) -> pa.Array:
    if not first:
        return rest
    return pa.concat_arrays([pa.array(first, pa.string()), rest.cast(pa.string())])
