"""Who came back: customers by the month of their first order, and how many of them ordered in each later month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segmentation.measures.lines import Lines, month_numbers
from segmentation.measures.monthly import Months

_MOST_COHORTS = 12
_FEWEST_MONTHS = 3
_FEWEST_CUSTOMERS = 100
"""Shares of fewer customers, spread over twelve months, would be noise."""


@dataclass(frozen=True)
class Cohorts:
    """The last 12 months that are full, as months of a first order of all.

    Attributes
    ----------
    names : tuple of str
        "2026-11".
    sizes : tuple of int
        Customers whose first order of all was in the month, also where a filter takes that order away.
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
    if len(full) < _FEWEST_MONTHS:
        return None
    found = count_cohorts(lines, months, [months.names[place] for place in full[-_MOST_COHORTS:]])
    return found if found.n >= _FEWEST_CUSTOMERS else None


def count_cohorts(lines: Lines, months: Months, names: Sequence[str]) -> Cohorts:
    """Count who came back of those whose first order of all was in each of some months of an axis; orders are those of ``lines``."""
    if lines.order_seconds is None or lines.first_months is None:
        raise ValueError("a log without dates")
    last_full = max(place for place, is_full in enumerate(months.is_full) if is_full)
    active = np.zeros((len(months.names), lines.n_customers), bool)
    active[month_numbers(lines.order_seconds) - months.first, lines.order_customers] = True
    sizes, returned = [], []
    for place in map(months.names.index, names):
        who = lines.first_months == months.first + place
        sizes.append(int(who.sum()))
        returned.append(tuple(int((active[later] & who).sum()) for later in range(place + 1, last_full + 1)))
    return Cohorts(tuple(names), tuple(sizes), tuple(returned), sum(sizes))
