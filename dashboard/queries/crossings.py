"""What the overview page shows besides: orders by value, age against spend, regions by categories by seasons."""

from __future__ import annotations

from functools import partial

import numpy as np
from pydantic import TypeAdapter

from dashboard.context import Context
from dashboard.queries.answers import load_answer
from dashboard.queries.sources import load_source
from database.datasets import Dataset
from segmentation.measures.baskets import bin_orders
from segmentation.measures.crossings import Crossings, cross_ages, cross_seasons, season_cells, with_sums
from segmentation.measures.demographics import rebin_numbers
from segmentation.measures.filters import MONTH, ORDER_VALUE, CustomerFilter
from segmentation.measures.indexed import IndexedLook
from segmentation.measures.selection import Source

_NAME = "crossings:3"
_SHAPE: TypeAdapter[Crossings] = TypeAdapter(Crossings)


def load_crossings(context: Context, dataset: Dataset) -> Crossings:
    """Return them of all customers."""
    return load_answer(context, dataset, _NAME, _SHAPE, lambda: _cross_all(load_source(context, dataset)))


def _cross_all(source: Source) -> Crossings:
    everyone = np.ones(source.population.n_customers, bool)
    if source.lines is None:
        return Crossings(ages=cross_ages(source, everyone))
    every_line = np.ones(source.lines.customers.size, bool)
    return Crossings(bin_orders(source.lines), cross_ages(source, everyone), cross_seasons(source, every_line))


def cross_left(look: IndexedLook, chosen: CustomerFilter, whole: Crossings) -> Crossings:
    """Count again what a filter leaves; a table ignores the conditions on its own columns."""
    orders, seasons, is_whole = whole.orders, whole.seasons, True
    if orders is not None:
        bought = look(chosen.without((ORDER_VALUE,)))
        orders, is_whole = rebin_numbers(bought.order_values(), orders), bought.has_whole_orders
    if seasons is not None:
        cells = look.index.cells("seasons", partial(season_cells, look.source, seasons), seasons.n_cells)
        seasons = with_sums(seasons, *look(chosen.without((seasons.place, seasons.goods, MONTH))).sum_cells(cells, seasons.n_cells))
    ages = whole.ages and cross_ages(look.source, look(chosen.without(("age", "monetary_total"))).is_left, whole.ages)
    return Crossings(orders, ages, seasons, is_whole)
