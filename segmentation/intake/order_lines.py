"""Orders of several lines whose customer or total stands in the first line only, as shops export them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa

from segmentation.intake.cleaning import CleaningStep, examples_of
from segmentation.intake.cleaning_repeats import with_cells
from segmentation.intake.cleaning_rules import RULES
from segmentation.intake.columns import ROLE_BY_NAME
from segmentation.intake.mapping import ColumnMapping
from segmentation.intake.parsing import missing_mask
from segmentation.intake.table import RawTable

_OF_ORDER = frozenset({"date", "time", "channel", "payment", "status", "shipping"})
_LEAST_SHARE = 0.9
"""Where fewer of the lines without a customer or a total have a first line, those are missing for another reason."""
_MOST_TOTALS = 0.01
"""Where more of the orders of several lines have several amounts, an amount belongs to its line, and one that is missing is missing."""


def complete_order_lines(raw: RawTable, mapping: ColumnMapping, is_on: bool | None = None) -> tuple[RawTable, CleaningStep | None]:
    """Give the further lines of an order what only its first line says: customer, date and the like; the money of the order counts once.

    Parameters
    ----------
    raw : RawTable
    mapping : ColumnMapping
    is_on : bool, optional
        Default: where nearly all lines without a customer (or without an amount, where orders have only one) have a line of the same
        order with both above them.

    Returns
    -------
    raw : RawTable
        With the lines completed. Where a line has no amount and its order's first line has, its amount is 0.
    step : CleaningStep or None
        How many lines were completed; None where nothing was.
    """
    roles = mapping.roles
    if mapping.kind != "transactions" or is_on is False or not {"order", "customer"} <= set(roles):
        return raw, None
    is_blank = _blank(raw, roles["customer"]) | _lacks_total(raw, roles)
    orders, first = _first_lines(raw, roles["order"], is_blank)
    source = first[orders]
    is_further = is_blank & ~_blank(raw, roles["order"]) & (source < np.arange(raw.n_rows)) & (source >= 0)
    rows = np.flatnonzero(is_further)
    if not rows.size or (is_on is None and rows.size < _LEAST_SHARE * np.count_nonzero(is_blank & ~_blank(raw, roles["order"]))):
        return raw, None
    columns = raw.columns
    for role, header in roles.items():
        if role in _OF_ORDER or ROLE_BY_NAME[role].is_about_customer:
            cells = raw.distinct(header).take(pa.array(raw.codes(header)[source[rows]])).to_pylist()
        elif role == "amount":
            cells = ["0"] * rows.size
        else:
            continue
        chosen = _blank(raw, header)[rows] & ~_blank(raw, header)[source[rows]]
        if chosen.any():
            filled = [cell for cell, is_chosen in zip(cells, chosen, strict=True) if is_chosen]
            columns = columns.set_column(raw.headers.index(header), header, with_cells(raw, header, rows[chosen], filled))
    step = CleaningStep(
        "order_lines_completed", 0, 0, RULES["order_lines_completed"], int(rows.size), examples_of(raw, rows, roles["order"])
    )
    return replace(raw, columns=columns), step


def _lacks_total(raw: RawTable, roles: Mapping[str, str]) -> np.ndarray:
    """Mark lines without an amount where an order has its amount only once: it is the total of the order."""
    lacks = np.zeros(raw.n_rows, bool)
    if "amount" not in roles:
        return lacks
    has_amount, orders = ~_blank(raw, roles["amount"]), raw.codes(roles["order"])
    n_lines, n_amounts = np.bincount(orders), np.bincount(orders, weights=has_amount)
    is_long = n_lines > 1
    if np.count_nonzero(n_amounts[is_long] > 1) > _MOST_TOTALS * np.count_nonzero(is_long):
        return lacks
    return ~has_amount


def _blank(raw: RawTable, header: str) -> np.ndarray:
    return np.asarray(missing_mask(raw.distinct(header)))[raw.codes(header)]


def _first_lines(raw: RawTable, header: str, is_blank: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the order of each line as a number, and for each order its first line with a customer (-1: none)."""
    orders = raw.codes(header).astype(np.int64)
    first = np.full(int(orders.max(initial=0)) + 1, -1)
    named = pd.Series(np.flatnonzero(~is_blank)).groupby(orders[~is_blank]).min()
    first[named.index.to_numpy()] = named.to_numpy()
    return orders, first
