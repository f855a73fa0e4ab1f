"""What a filter leaves, as the parts of an overview ask for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import numpy as np

from segmentation.measures.cohorts import Cohorts
from segmentation.measures.customers import ExactMoney
from segmentation.measures.filters import CustomerFilter
from segmentation.measures.habits import WeekHours
from segmentation.measures.kpis import Kpi
from segmentation.measures.lines import Labels
from segmentation.measures.monthly import Comparison, Months
from segmentation.measures.rankings import ValueCounts


class View(Protocol):
    """The customers left, and of a log the lines left. Of a list, only what is about customers may be asked for."""

    @property
    def n_customers(self) -> int:
        """Customers left."""

    @property
    def n_orders(self) -> int:
        """Orders with a line left."""

    @property
    def days(self) -> tuple[str, str] | None:
        """First and last day with a line left ("2026-11-21"); None without any."""

    @property
    def money(self) -> ExactMoney | None:
        """Money of each customer left, of the lines left; None without money."""

    @property
    def has_all_purchases(self) -> bool:
        """Whether no condition is on purchases, so that all of the customers left count."""

    def numbers(self, column: str) -> np.ndarray:
        """A column of numbers of the customers left, NaN where missing; measures are those of all their purchases."""

    def order_codes(self, column: str) -> np.ndarray:
        """Where these numbers stand in order, -1 where missing: equal ones alike, and among the customers left in the same order."""

    def labels(self, column: str) -> Labels:
        """A column of texts of the customers left."""

    def kpis(self, months: Months | None, comparison: Comparison | None) -> tuple[Kpi, ...]:
        """Key figures of a log, over months counted under the same filter."""

    def months(self, axis: Months) -> Months:
        """Months of an axis."""

    def cohorts(self, axis: Months, names: Sequence[str]) -> Cohorts:
        """Cohorts of some months."""

    def week(self, has_times: bool | None = None) -> WeekHours:
        """Weekdays, and hours where the log has them; whether it has them is seen in what is left, unless it is said."""

    def counts(self, column: str) -> tuple[Sequence[str], ValueCounts]:
        """The texts of a column of lines, and what lies behind each."""

    def money_by_country(self) -> Mapping[str, int] | None:
        """Money of the lines of each country, where lines have countries."""

    def names_of(self, column: str) -> Mapping[str, str] | None:
        """What the texts of a column of lines are called, if another column says so: under every filter the same."""


Look = Callable[[CustomerFilter], View]
"""From a filter to what it leaves."""
