"""Who came back: customers by the month of their first order, and how many of them ordered in each later month."""

from __future__ import annotations

from dataclasses import dataclass

from segmentation.measures.monthly import Months

_MOST_COHORTS = 12
_FEWEST_MONTHS = 3
FEWEST_CUSTOMERS = 100
"""Shares of fewer customers, spread over twelve months, would be noise."""


@dataclass(frozen=True)
class Cohorts:
    """Up to twelve full months (see :func:`cohort_names`), as months of a first order of all.

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


def cohort_names(months: Months) -> tuple[str, ...]:
    """Return the months to show: the last twelve full ones, none where there are fewer than three.

    Where hardly anybody began in those, as in the log of customers who were all won at the start, the last twelve in which somebody did.
    """
    full = [place for place, is_full in enumerate(months.is_full) if is_full]
    if len(full) < _FEWEST_MONTHS:
        return ()
    shown = full[-_MOST_COHORTS:]
    if sum(months.new_customers[place] for place in shown) < FEWEST_CUSTOMERS:
        shown = [place for place in full if months.new_customers[place]][-_MOST_COHORTS:]
    return tuple(months.names[place] for place in shown)


def last_full(months: Months) -> int:
    """Return the place of the last full month; -1 without any."""
    return max((place for place, is_full in enumerate(months.is_full) if is_full), default=-1)
