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


def cohort_names(months: Months) -> tuple[str, ...]:
    """Return the months to show: the last twelve full ones, none where there are fewer than three."""
    full = [name for name, is_full in zip(months.names, months.is_full, strict=True) if is_full]
    return tuple(full[-_MOST_COHORTS:]) if len(full) >= _FEWEST_MONTHS else ()


def last_full(months: Months) -> int:
    """Return the place of the last full month; -1 without any."""
    return max((place for place, is_full in enumerate(months.is_full) if is_full), default=-1)
