"""What the overview page shows of a dataset: computed once without a filter, then kept; counted anew under each filter."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import TypeAdapter

from dashboard.context import Context
from dashboard.queries.answers import load_answer
from dashboard.queries.crossings import cross_left, load_crossings
from dashboard.queries.sources import load_look
from database.datasets import Dataset
from database.engine import read
from database.jobs import list_jobs
from segmentation.measures.crossings import Crossings
from segmentation.measures.filters import EVERYBODY, SEGMENT, CustomerFilter
from segmentation.measures.indexed import IndexedLook
from segmentation.measures.overview import Overview, describe
from segmentation.measures.refreshing import refresh

_NAME = "overview:13"
"""The number is counted up whenever the same data give another answer."""
_SHAPE: TypeAdapter[Overview] = TypeAdapter(Overview)


@dataclass(frozen=True)
class Counted:
    """Everything that the page counts of some customers."""

    overview: Overview
    crossings: Crossings


def load_overview(context: Context, dataset: Dataset, chosen: CustomerFilter = EVERYBODY, run_id: str | None = None) -> Overview:
    """Return what the overview page shows of a published dataset, of all customers or of what a filter leaves of them."""
    base = load_answer(context, dataset, _NAME, _SHAPE, lambda: _describe(context, dataset))
    return refresh(base, chosen, _look(context, dataset, chosen, run_id)) if chosen else base


def load_counted(context: Context, dataset: Dataset) -> Counted:
    """Return everything that the page counts of all customers."""
    return Counted(load_overview(context, dataset), load_crossings(context, dataset))


def count_left(context: Context, dataset: Dataset, whole: Counted, chosen: CustomerFilter, run_id: str | None) -> Counted:
    """Count once more what a filter leaves; what the charts have in common is matched once."""
    look = _look(context, dataset, chosen, run_id)
    return Counted(refresh(whole.overview, chosen, look), cross_left(look, chosen, whole.crossings))


def _look(context: Context, dataset: Dataset, chosen: CustomerFilter, run_id: str | None) -> IndexedLook:
    return load_look(context, dataset, run_id if SEGMENT in chosen.columns else None)


def _describe(context: Context, dataset: Dataset) -> Overview:
    look = load_look(context, dataset)
    return describe(look.source, look)


def count_imports(context: Context) -> int:
    """Return how many files wait or are being imported."""
    with read(context.engine) as conn:
        return len(list_jobs(conn, ("queued", "running"), kinds=("import",)))
