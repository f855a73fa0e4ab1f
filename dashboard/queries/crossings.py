"""What the overview page shows besides: orders by value, age against spend, regions by categories by seasons."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from pydantic import TypeAdapter

from dashboard.context import Context
from dashboard.queries.sources import load_segment_ids, load_source
from database.datasets import Dataset
from segmentation.measures.baskets import bin_orders, rebin_orders
from segmentation.measures.crossings import Crossings, cross_ages, cross_seasons
from segmentation.measures.filters import EVERYBODY, MONTH, SEGMENT, CustomerFilter
from segmentation.measures.selection import Selection, Source, select

_VERSION = 1
_SHAPE: TypeAdapter[Crossings] = TypeAdapter(Crossings)


def load_crossings(context: Context, dataset: Dataset, chosen: CustomerFilter = EVERYBODY, run_id: str | None = None) -> Crossings:
    """Return them of all customers (kept in the cache), or of what a filter leaves."""
    key = f"crossings:{_VERSION}:{dataset.id}:{dataset.erasure_epoch}"
    known = context.cache.find(key)
    if known is None:
        known = _SHAPE.dump_python(_cross_all(load_source(context, dataset)), mode="json")
        context.cache.keep(key, known)
    whole = _SHAPE.validate_python(known)
    if not chosen or whole == Crossings():
        return whole
    source = load_source(context, dataset)
    if run_id and SEGMENT in chosen.columns:
        source = replace(source, segment_ids=load_segment_ids(context, run_id, source.population.ids))
    return _cross_some(source, chosen, whole)


def _cross_all(source: Source) -> Crossings:
    everyone = np.ones(source.population.n_customers, bool)
    if source.lines is None:
        return Crossings(ages=cross_ages(source, everyone))
    every_line = np.ones(source.lines.customers.size, bool)
    return Crossings(bin_orders(source.lines), cross_ages(source, everyone), cross_seasons(source, every_line))


def _cross_some(source: Source, chosen: CustomerFilter, whole: Crossings) -> Crossings:
    """Count again; a table ignores the conditions on its own columns."""
    kept: dict[CustomerFilter, Selection] = {}

    def left(*own: str) -> Selection:
        others = chosen.without(own)
        if others not in kept:
            kept[others] = select(source, others)
        return kept[others]

    orders, seasons = whole.orders, whole.seasons
    if source.lines is not None and orders is not None:
        orders = rebin_orders(source.lines, _lines(left()), orders)
    if seasons is not None:
        seasons = cross_seasons(source, _lines(left(seasons.place, seasons.goods, MONTH)), seasons)
    ages = whole.ages and cross_ages(source, left("age", "monetary_total").customers, whole.ages)
    return Crossings(orders, ages, seasons)


def _lines(selection: Selection) -> np.ndarray:
    if selection.lines is None:
        raise ValueError("a list has no lines")
    return selection.lines
