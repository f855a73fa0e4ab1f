"""What the overview page shows of a dataset: computed once, then kept in the cache."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from dashboard.context import Context
from dashboard.queries.sources import load_source
from database.datasets import Dataset
from database.engine import read
from database.jobs import list_jobs
from segmentation.measures.filters import EVERYBODY, SEGMENT, CustomerFilter, write_filter
from segmentation.measures.narrowed import look_plainly
from segmentation.measures.overview import Overview, overview_of_list, overview_of_log
from segmentation.measures.refreshing import refresh
from segmentation.measures.selection import Source

_VERSION = 6
"""Counted up whenever the same data give another answer."""
_SHAPE: TypeAdapter[Overview] = TypeAdapter(Overview)


def load_overview(context: Context, dataset: Dataset, chosen: CustomerFilter = EVERYBODY, run_id: str | None = None) -> Overview:
    """Return what the overview page shows of a published dataset, of all customers or of what a filter leaves of them."""
    run = run_id if SEGMENT in chosen.columns else None
    key = f"overview:{_VERSION}:{dataset.id}:{dataset.erasure_epoch}:{run}:{write_filter(chosen)}"
    known = context.cache.find(key)
    if known is not None:
        return _SHAPE.validate_python(known)
    source = load_source(context, dataset, run)
    overview = refresh(load_overview(context, dataset), chosen, look_plainly(source)) if chosen else describe(source)
    plain: dict[str, Any] = _SHAPE.dump_python(overview, mode="json")
    context.cache.keep(key, plain)
    return overview


def describe(source: Source) -> Overview:
    """Return everything that the page shows of a source."""
    if source.lines is None:
        return overview_of_list(source.population, source.money)
    return overview_of_log(source.lines, source.population, source.money, source.product_names, source.others)


def count_imports(context: Context) -> int:
    """Return how many files wait or are being imported."""
    with read(context.engine) as conn:
        return len(list_jobs(conn, ("queued", "running"), kinds=("import",)))
