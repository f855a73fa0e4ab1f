"""What a filter leaves, the plain way: a smaller source, and the ordinary sums over it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from segmentation.measures.cohorts import Cohorts, count_cohorts
from segmentation.measures.customers import ExactMoney, to_date
from segmentation.measures.habits import WeekHours, week_hours
from segmentation.measures.kpis import Kpi, log_kpis
from segmentation.measures.lines import Labels, Lines, read_labels
from segmentation.measures.monthly import Comparison, Months, count_months
from segmentation.measures.overview import money_by_country
from segmentation.measures.rankings import Ranking, count_values, find_names, rank_counts
from segmentation.measures.refreshing import Look
from segmentation.measures.selection import Source, narrow


def look_plainly(source: Source) -> Look:
    """Return what a filter leaves of a source, each filter narrowed once."""
    names: dict[str, Mapping[str, str]] = {}
    if source.lines is not None and source.product_names and "product" in source.lines.cells:
        names["product"] = find_names(source.lines, "product", source.product_names)
    return lru_cache(maxsize=None)(lambda chosen: NarrowedView(narrow(source, chosen), names))


class NarrowedView:
    """A :class:`View` of a source that holds nothing but what is left."""

    def __init__(self, left: Source, names: Mapping[str, Mapping[str, str]]) -> None:
        self.left = left
        self.names = names

    @property
    def lines(self) -> Lines:
        """The lines of a log."""
        if self.left.lines is None:
            raise ValueError("a list has no lines")
        return self.left.lines

    @property
    def n_customers(self) -> int:
        """Customers left."""
        return self.left.population.n_customers

    @property
    def n_orders(self) -> int:
        """Orders left."""
        return self.lines.n_orders

    @property
    def days(self) -> tuple[str, str] | None:
        """First and last day."""
        seconds = self.lines.seconds
        if seconds is None or not seconds.size:
            return None
        return to_date(int(seconds.min())).isoformat(), to_date(int(seconds.max())).isoformat()

    @property
    def money(self) -> ExactMoney | None:
        """Money of each customer."""
        return self.left.money

    def numbers(self, column: str) -> np.ndarray:
        """Numbers of the customers."""
        return self.left.population.catalogue.frame[column].to_numpy(np.float64)

    def labels(self, column: str) -> Labels:
        """Texts of the customers."""
        return read_labels(self.left.population.catalogue.frame[column])

    def kpis(self, months: Months | None, comparison: Comparison | None) -> tuple[Kpi, ...]:
        """Key figures."""
        return log_kpis(self.lines, months, comparison)

    def months(self, axis: Months) -> Months:
        """Months."""
        return count_months(self.lines, axis)

    def cohorts(self, axis: Months, names: Sequence[str]) -> Cohorts:
        """Cohorts."""
        return count_cohorts(self.lines, axis, names)

    def week(self, has_times: bool) -> WeekHours:
        """Weekdays and hours."""
        found = week_hours(self.lines, has_times)
        if found is None:
            raise ValueError("a log without dates")
        return found

    def ranking(self, known: Ranking) -> Ranking:
        """A ranking of lines."""
        found = self.lines.labels(known.column)
        return rank_counts(known, found.texts, count_values(self.lines, found))

    def money_by_country(self) -> Mapping[str, int] | None:
        """Money of each country."""
        return money_by_country(self.lines)

    def names_of(self, column: str) -> Mapping[str, str] | None:
        """Names of products."""
        return self.names.get(column)
