"""What the overview page shows besides: orders by value, age against spend, regions by categories by seasons."""

from __future__ import annotations

from functools import partial

import numpy as np
from pydantic import TypeAdapter

from dashboard.context import Context
from dashboard.queries.sources import load_look, load_source
from database.datasets import Dataset
from segmentation.measures.baskets import bin_orders
from segmentation.measures.crossings import Crossings, cross_ages, cross_seasons, season_cells, with_sums
from segmentation.measures.demographics import rebin_numbers
from segmentation.measures.filters import EVERYBODY, MONTH, SEGMENT, CustomerFilter
from segmentation.measures.indexed import IndexedLook
from segmentation.measures.selection import Source

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
    return _cross_some(load_look(context, dataset, run_id if SEGMENT in chosen.columns else None), chosen, whole)


def _cross_all(source: Source) -> Crossings:
    everyone = np.ones(source.population.n_customers, bool)
    if source.lines is None:
        return Crossings(ages=cross_ages(source, everyone))
    every_line = np.ones(source.lines.customers.size, bool)
    return Crossings(bin_orders(source.lines), cross_ages(source, everyone), cross_seasons(source, every_line))


def _cross_some(look: IndexedLook, chosen: CustomerFilter, whole: Crossings) -> Crossings:
    """Count again; a table ignores the conditions on its own columns."""
    orders, seasons = whole.orders, whole.seasons
    if orders is not None:
        orders = rebin_numbers(look(chosen).order_values(), orders)
    if seasons is not None:
        cells = look.index.cells("seasons", partial(season_cells, look.source, seasons), seasons.n_cells)
        seasons = with_sums(seasons, *look(chosen.without((seasons.place, seasons.goods, MONTH))).sum_cells(cells, seasons.n_cells))
    ages = whole.ages and cross_ages(look.source, look(chosen.without(("age", "monetary_total"))).is_left, whole.ages)
    return Crossings(orders, ages, seasons)
