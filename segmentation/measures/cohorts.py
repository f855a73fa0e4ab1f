"""Who came back: customers by the month of their first order, and how many of them ordered in each later month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from segmentation.measures.lines import Lines
from segmentation.measures.monthly import Months, month_numbers

_MOST_COHORTS = 12
_FEWEST_MONTHS = 3
_FEWEST_CUSTOMERS = 100
"""Shares of fewer customers, spread over twelve months, would be noise."""


@dataclass(frozen=True)
class Cohorts:
    """The last 12 months that are full, as months of a first order.

    Attributes
    ----------
    names : tuple of str
        "2026-11".
    sizes : tuple of int
        Customers with their first order in the month.
    returned : tuple of tuple of int
        Of each month: how many of them ordered again 1, 2, 3 ... months later, as far as full months are known.
    n : int
        Customers in all these months.
    """

    names: tuple[str, ...]
    sizes: tuple[int, ...]
    returned: tuple[tuple[int, ...], ...]
    n: int


def find_cohorts(lines: Lines, months: Months) -> Cohorts | None:
    """Count who came back; None below three full months, or below a hundred customers who began in the months shown."""
    full = [place for place, is_full in enumerate(months.is_full) if is_full]
    if len(full) < _FEWEST_MONTHS or lines.order_seconds is None:
        return None
    first_month = int(np.datetime64(months.names[0], "M").astype(np.int64))
    order_months, n = month_numbers(lines.order_seconds) - first_month, len(months.names)
    started = np.full(lines.n_customers, n)
    np.minimum.at(started, lines.order_customers, order_months)
    active = np.zeros((n, lines.n_customers), bool)
    active[order_months, lines.order_customers] = True
    shown = full[-_MOST_COHORTS:]
    if int(np.isin(started, shown).sum()) < _FEWEST_CUSTOMERS:
        return None
    members = [started == place for place in shown]
    returned = [
        tuple(int((active[later] & who).sum()) for later in range(place + 1, full[-1] + 1))
        for place, who in zip(shown, members, strict=True)
    ]
    sizes = tuple(int(who.sum()) for who in members)
    return Cohorts(tuple(months.names[place] for place in shown), sizes, tuple(returned), sum(sizes))
