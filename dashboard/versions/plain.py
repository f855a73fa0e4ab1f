"""The rows of a stored version as a table of text again, for other rows to stand below them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.context import Context
from dashboard.versions.reading import StoredCustomers
from database.datasets import ColumnSpec, Dataset, Part, load_dataset
from database.engine import read
from database.snapshots import load_snapshot
from segmentation.intake.appending import plain_table
from segmentation.intake.decimals import decimal_texts
from segmentation.intake.mapping import ColumnMapping
from segmentation.intake.table import Dialect, RawTable
from segmentation.intake.typed import read_typed


def load_plain(context: Context, dataset_id: str) -> tuple[RawTable, ColumnMapping]:
    """Return the kept rows of a version in plain form (numbers with a point, moments as ISO 8601), and what its columns mean."""
    with read(context.engine) as conn:
        record = load_dataset(conn, dataset_id)
        part: Part = "transactions" if record.kind == "transactions" else "customers"
        rows = load_snapshot(conn, context.snapshots, record, part)
    mapping, dialect = _mapping(record), _report(record)["dialect"]
    columns = _lines(record, rows) if part == "transactions" else _people(StoredCustomers(record, rows))
    table = pa.table({header: texts.dictionary_encode() for header, texts in columns.items()})
    raw = RawTable(table, np.arange(1, table.num_rows + 1), Dialect())
    if part == "transactions":  # moments and numbers are kept as such, and are plain when they are written out
        return raw, mapping
    return plain_table(raw, mapping, read_typed(raw, mapping, dialect["decimal"], dialect["date_order"])), mapping


def _report(record: Dataset) -> dict[str, Any]:
    if record.facts is None:
        raise ValueError(f"dataset {record.id} is not published")
    report: dict[str, Any] = record.facts.details["report"]
    return report


def _mapping(record: Dataset) -> ColumnMapping:
    roles = _report(record)["mapping"]
    return ColumnMapping(record.kind, roles, is_row_customer="customer" not in roles)


def _lines(record: Dataset, rows: pa.Table) -> dict[str, pa.Array]:
    """Return the columns of the file behind the lines of a log; what was computed has no header."""
    return {spec.header: _texts(rows.column(spec.name).combine_chunks(), spec) for spec in record.columns["transactions"] if spec.header}


def _people(customers: StoredCustomers) -> dict[str, pa.Array]:
    key = next(spec for spec in customers.record.columns["customers"] if spec.name == "customer_id")
    cells = {header: texts.cast(pa.string()) for header, texts in customers.attributes().items()}
    return {key.header: pa.array(customers.ids, pa.string()), **cells} if key.header else cells


def _texts(array: pa.Array, spec: ColumnSpec) -> pa.Array:
    if spec.type == "text":
        return pc.fill_null(array.cast(pa.string()), "")
    if spec.type == "timestamp":
        has_time = bool(pc.any(pc.not_equal(array, pc.floor_temporal(array, unit="day"))).as_py())
        return pc.fill_null(pc.strftime(array, "%Y-%m-%dT%H:%M:%S" if has_time else "%Y-%m-%d"), "")
    texts = pa.array(decimal_texts(array.fill_null(0).to_numpy(zero_copy_only=False), spec.scale), pa.string())
    return pc.if_else(array.is_null(), "", texts)
