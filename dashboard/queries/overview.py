"""What the overview page shows of a dataset: computed once, then kept in the cache."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from pydantic import TypeAdapter

from dashboard.context import Context
from dashboard.versions.reading import StoredCustomers, load_customers
from database.datasets import Dataset
from database.engine import read
from database.jobs import list_jobs
from database.snapshots import load_snapshot
from segmentation.intake.columns import ROLE_BY_NAME
from segmentation.intake.mapping import header_words
from segmentation.measures.lines import Lines, read_lines
from segmentation.measures.overview import Overview, overview_of_list, overview_of_log

_VERSION = 4
"""Counted up whenever the same data give another answer."""
_SHAPE: TypeAdapter[Overview] = TypeAdapter(Overview)


def load_overview(context: Context, dataset: Dataset) -> Overview:
    """Return what the overview page shows of a published dataset."""
    key = f"overview:{_VERSION}:{dataset.id}:{dataset.erasure_epoch}"
    known = context.cache.find(key)
    if known is not None:
        return _SHAPE.validate_python(known)
    overview = _compute(context, dataset.id)
    plain: dict[str, Any] = _SHAPE.dump_python(overview, mode="json")
    context.cache.keep(key, plain)
    return overview


def count_imports(context: Context) -> int:
    """Return how many files wait or are being imported."""
    with read(context.engine) as conn:
        return len(list_jobs(conn, ("queued", "running"), kinds=("import",)))


def _compute(context: Context, dataset_id: str) -> Overview:
    stored = load_customers(context, dataset_id)
    if stored.record.kind == "customers":
        return overview_of_list(stored.population(), stored.money("monetary_total"))
    names, others = _unmapped(stored)
    return overview_of_log(_load_lines(context, stored), stored.population(), stored.money("monetary_total"), names, others)


def _unmapped(stored: StoredCustomers) -> tuple[str | None, dict[str, str]]:
    """Return (the column that names products, the other columns without a role that say something of a line), by name in the store."""
    about_customers = {spec.header for spec in stored.record.columns["customers"]}
    free = [spec for spec in stored.record.columns["transactions"] if spec.role is None and spec.header not in about_customers]
    names = next((spec.name for spec in free if header_words(spec.header) in ROLE_BY_NAME["product"].headers), None)
    return names, {spec.name: spec.header for spec in free if spec.name != names}


def _load_lines(context: Context, stored: StoredCustomers) -> Lines:
    with read(context.engine) as conn:
        rows = load_snapshot(conn, context.snapshots, stored.record, "transactions")
    scale = next((spec.scale for spec in stored.record.columns["transactions"] if spec.name == "amount"), 0)
    return read_lines(rows, pa.array(stored.ids, pa.string()), scale)
