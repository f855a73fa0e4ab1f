"""What the overview page shows of a dataset: computed once without a filter, then kept; counted anew under each filter."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from dashboard.context import Context
from dashboard.queries.sources import load_index, load_segment_ids
from database.datasets import Dataset
from database.engine import read
from database.jobs import list_jobs
from segmentation.measures.filters import EVERYBODY, SEGMENT, CustomerFilter
from segmentation.measures.indexed import IndexedLook
from segmentation.measures.overview import Overview, describe
from segmentation.measures.refreshing import refresh

_VERSION = 7
"""Counted up whenever the same data give another answer."""
_SHAPE: TypeAdapter[Overview] = TypeAdapter(Overview)


def load_overview(context: Context, dataset: Dataset, chosen: CustomerFilter = EVERYBODY, run_id: str | None = None) -> Overview:
    """Return what the overview page shows of a published dataset, of all customers or of what a filter leaves of them."""
    base = _load_base(context, dataset)
    if not chosen:
        return base
    index = load_index(context, dataset)
    has_segments = run_id is not None and SEGMENT in chosen.columns
    segment_ids = load_segment_ids(context, run_id, index.source.population.ids) if has_segments and run_id else None
    return refresh(base, chosen, IndexedLook(index, segment_ids))


def _load_base(context: Context, dataset: Dataset) -> Overview:
    key = f"overview:{_VERSION}:{dataset.id}:{dataset.erasure_epoch}"
    known = context.cache.find(key)
    if known is not None:
        return _SHAPE.validate_python(known)
    index = load_index(context, dataset)
    overview = describe(index.source, IndexedLook(index))
    plain: dict[str, Any] = _SHAPE.dump_python(overview, mode="json")
    context.cache.keep(key, plain)
    return overview


def count_imports(context: Context) -> int:
    """Return how many files wait or are being imported."""
    with read(context.engine) as conn:
        return len(list_jobs(conn, ("queued", "running"), kinds=("import",)))
