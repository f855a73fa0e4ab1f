"""What the overview page shows of a dataset: computed once without a filter, then kept; counted anew under each filter."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from dashboard.context import Context
from dashboard.queries.sources import load_look
from database.datasets import Dataset
from database.engine import read
from database.jobs import list_jobs
from segmentation.measures.filters import EVERYBODY, SEGMENT, CustomerFilter
from segmentation.measures.overview import Overview, describe
from segmentation.measures.refreshing import refresh

_VERSION = 8
"""Counted up whenever the same data give another answer."""
_SHAPE: TypeAdapter[Overview] = TypeAdapter(Overview)


def load_overview(context: Context, dataset: Dataset, chosen: CustomerFilter = EVERYBODY, run_id: str | None = None) -> Overview:
    """Return what the overview page shows of a published dataset, of all customers or of what a filter leaves of them."""
    base = _load_base(context, dataset)
    if not chosen:
        return base
    return refresh(base, chosen, load_look(context, dataset, run_id if SEGMENT in chosen.columns else None))


def _load_base(context: Context, dataset: Dataset) -> Overview:
    key = f"overview:{_VERSION}:{dataset.id}:{dataset.erasure_epoch}"
    known = context.cache.find(key)
    if known is not None:
        return _SHAPE.validate_python(known)
    look = load_look(context, dataset)
    overview = describe(look.source, look)
    plain: dict[str, Any] = _SHAPE.dump_python(overview, mode="json")
    context.cache.keep(key, plain)
    return overview


def count_imports(context: Context) -> int:
    """Return how many files wait or are being imported."""
    with read(context.engine) as conn:
        return len(list_jobs(conn, ("queued", "running"), kinds=("import",)))
