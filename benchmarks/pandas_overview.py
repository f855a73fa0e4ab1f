"""The aggregates of the overview as a good analyst counts them with pandas: typed frames once, groupby and value_counts for each click."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from segmentation.measures.filters import DAYS, FIRST_MONTH, MONTH, WEEK_HOUR, WEEKDAY, WEEKDAYS, Band, Condition, CustomerFilter, Days
from segmentation.measures.overview import Overview
from tests.reference.filter_sql import correlations

_MOST_ENTRIES = 60


class PandasLog:
    """A log as frames: texts as categories, months, weekdays and hours worked out beforehand."""

    def __init__(self, rows: pa.Table, scale: int, measures: pd.DataFrame) -> None:
        lines = rows.to_pandas()
        lines = lines.assign(
            month=lines["date"].dt.strftime("%Y-%m").astype("category"),
            weekday=lines["date"].dt.weekday.astype("int8"),
            hour=lines["date"].dt.hour.astype("int8"),
        )
        self.lines, self.scale = lines, scale
        ids = sorted(lines["customer_id"].unique())
        self.people = measures.set_axis(pd.Index(ids), axis=0)
        first = lines.groupby("customer_id", observed=True)["date"].min().dt.strftime("%Y-%m")
        self.people = self.people.assign(first_month=first.reindex(ids).to_numpy())

    def describe(self, chosen: CustomerFilter, base: Overview) -> dict[str, Any]:
        """Return every part of the overview under a filter, as ``tests.reference.filter_sql`` has them."""
        self.known: dict[CustomerFilter, tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]] = {}
        people, lines, orders = self.narrow(chosen)
        per_customer = orders["customer_id"].value_counts()
        per_customer = per_customer[per_customer > 0]
        units = int(lines["amount"].sum())
        found: dict[str, Any] = {
            "customers": len(people),
            "orders": len(orders),
            "units": units,
            "repeat_rate": float((per_customer > 1).mean()) if len(per_customer) else None,
            "average_order": units / 10**self.scale / len(orders) if len(orders) else None,
        }
        found["concentration"] = self.concentration(chosen)
        if base.months:
            found["months"] = self.months(chosen, base.months.names)
        if base.week:
            found["week"] = self.week(chosen)
        if base.cohorts:
            found["cohorts"] = self.cohorts(chosen, base)
        if base.countries:
            found["countries"] = self.countries(chosen)
        for ranking in base.lines:
            found[f"lines {ranking.column}"] = self.ranking(chosen, ranking.column, ranking.by)
        for histogram in base.numbers:
            found[f"number {histogram.column}"] = self.histogram(chosen, histogram)
        if base.correlation:
            found["correlation"] = correlations(people[list(base.correlation.columns)])
        return found

    def concentration(self, chosen: CustomerFilter) -> tuple[int, int]:
        """Return the customers, and the fewest of them who make four fifths of the money."""
        people, lines, _ = self.narrow(chosen, ("monetary_total",))
        spend = lines.groupby("customer_id", observed=True)["amount"].sum().sort_values(ascending=False).cumsum()
        units = int(lines["amount"].sum())
        return len(people), int((spend * 10 < units * 8).sum()) + 1 if units > 0 else 0

    def narrow(self, chosen: CustomerFilter, own: Collection[str] = ()) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """Return the customers, lines and orders left under a filter without a chart's own columns; each filter is applied once."""
        view = chosen.without(own)
        if view not in self.known:
            people, lines = self.apply(view)
            self.known[view] = (people, lines, orders_of(lines))
        return self.known[view]

    def apply(self, chosen: CustomerFilter) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the customers and lines left under a filter."""
        people, lines = self.people, self.lines
        of_lines = []
        for condition in chosen.conditions:
            if condition.column in people or condition.column == FIRST_MONTH:
                people = people[match_people(people, condition)]
            else:
                of_lines.append(condition)
        if len(people) < len(self.people):
            lines = lines[lines["customer_id"].isin(people.index)]
        for condition in of_lines:
            lines = lines[match_lines(lines, condition)]
        return (people[people.index.isin(lines["customer_id"].unique())] if of_lines else people), lines

    def months(self, chosen: CustomerFilter, names: Collection[str]) -> dict[str, tuple[Any, ...]]:
        """Return orders, customers, new customers, money and repeat rate by month."""
        _, lines, orders = self.narrow(chosen, (MONTH, DAYS))
        by_month = orders.groupby("month", observed=False)
        pairs = orders[["month", "customer_id"]].drop_duplicates()
        is_new = pairs["month"].astype(str).to_numpy() == self.people["first_month"].reindex(pairs["customer_id"]).to_numpy()
        place = orders.sort_values("date", kind="stable").groupby("customer_id", observed=True).cumcount()
        columns = pd.DataFrame(
            {
                "orders": by_month.size(),
                "customers": pairs["month"].value_counts(),
                "new": pairs["month"][is_new].value_counts(),
                "units": lines.groupby("month", observed=False)["amount"].sum(),
                "started": orders["month"].reindex(place.index[place == 0]).value_counts(),
                "again": orders["month"].reindex(place.index[place == 1]).value_counts(),
            }
        ).reindex(list(names))
        columns = columns.fillna(0).astype("int64")
        rate = columns["again"].cumsum() / columns["started"].cumsum().clip(lower=1)
        rows = zip(*(columns[name].tolist() for name in ("orders", "customers", "new", "units")), rate.tolist(), strict=True)
        return dict(zip(names, rows, strict=True))

    def week(self, chosen: CustomerFilter) -> list[int]:
        """Return orders by hour of the week."""
        orders = self.narrow(chosen, (WEEKDAY, WEEK_HOUR))[2]
        table = pd.crosstab(orders["weekday"], orders["hour"]) if len(orders) else pd.DataFrame()
        return table.reindex(index=range(7), columns=range(24), fill_value=0).to_numpy().ravel().tolist()

    def cohorts(self, chosen: CustomerFilter, base: Overview) -> dict[str, tuple[int, ...]]:
        """Return the customers of each first month, and how many of them ordered later."""
        people, _, orders = self.narrow(chosen, (FIRST_MONTH,))
        pairs = orders[["month", "customer_id"]].drop_duplicates()
        firsts = people["first_month"].reindex(pairs["customer_id"]).to_numpy()
        table = pd.crosstab(firsts, pairs["month"].astype(str).to_numpy()) if len(pairs) else pd.DataFrame()
        sizes = people["first_month"].value_counts()
        if base.months is None or base.cohorts is None:
            return {}
        names = base.months.names
        table = table.reindex(index=list(names), columns=list(names), fill_value=0)
        last = max(place for place, is_full in enumerate(base.months.is_full) if is_full)
        return {
            first: (int(sizes.get(first, 0)), *table.loc[first, list(names[names.index(first) + 1 : last + 1])].tolist())
            for first in base.cohorts.names
        }

    def countries(self, chosen: CustomerFilter) -> dict[str, tuple[int, int]]:
        """Return customers and money by country."""
        people, lines, _ = self.narrow(chosen, ("country",))
        counts, units = people["country"].value_counts(), lines.groupby("country", observed=True)["amount"].sum()
        names = sorted({*counts.index, *units.index})
        return {name: (int(counts.get(name, 0)), int(units.get(name, 0))) for name in names}

    def ranking(self, chosen: CustomerFilter, column: str, by: str) -> list[tuple[str, int, int, int]]:
        """Return customers, orders and money of the values of a column, the largest first."""
        groups = self.narrow(chosen, (column,))[1].groupby(column, observed=True)
        table = groups.agg(customers=("customer_id", "nunique"), orders=("order", "nunique"), money=("amount", "sum")).reset_index()
        table = table.assign(name=table[column].astype(str)).sort_values([by, "name"], ascending=[False, True]).head(_MOST_ENTRIES)
        return list(zip(*(table[name].tolist() for name in ("name", "customers", "orders", "money")), strict=True))

    def histogram(self, chosen: CustomerFilter, known: Any) -> tuple[tuple[int, ...], int, float]:
        """Return the counts of the bands, how many there are, and their mean."""
        values = self.narrow(chosen, (known.column,))[0][known.column].dropna()
        edges = [*known.edges, np.inf]
        bands = pd.cut(values.clip(lower=edges[0]), edges, right=False, labels=False)
        counts = bands.value_counts().reindex(range(len(known.edges)), fill_value=0)
        return tuple(counts.tolist()), len(values), float(values.mean()) if len(values) else 0.0


def orders_of(lines: pd.DataFrame) -> pd.DataFrame:
    """Return one row an order: its customer, and when its first line was."""
    columns = ["order", "customer_id", "date", "month", "weekday", "hour"]
    return lines[columns].sort_values("date", kind="stable").drop_duplicates("order")


def match_people(people: pd.DataFrame, condition: Condition) -> pd.Series:
    """Tell which customers meet a condition."""
    column = people["first_month" if condition.column == FIRST_MONTH else condition.column]
    if not isinstance(condition.choices[0], Band):
        return column.isin(condition.choices)
    found = pd.Series(False, index=people.index)
    for band in condition.choices:
        if isinstance(band, Band):
            found |= (column >= (-np.inf if band.low is None else band.low)) & (column < (np.inf if band.high is None else band.high))
    return found


def match_lines(lines: pd.DataFrame, condition: Condition) -> pd.Series:
    """Tell which lines meet a condition."""
    choices = [each for each in condition.choices if isinstance(each, str)]
    if condition.column == MONTH:
        return lines["month"].isin(choices)
    if condition.column == WEEKDAY:
        return lines["weekday"].isin([WEEKDAYS.index(each) for each in choices])
    if condition.column == WEEK_HOUR:
        wanted = [24 * WEEKDAYS.index(each[:3]) + int(each[4:]) for each in choices]
        return (lines["weekday"].astype("int16") * 24 + lines["hour"]).isin(wanted)
    if condition.column == DAYS:
        (days,) = [each for each in condition.choices if isinstance(each, Days)]
        return lines["date"].between(pd.Timestamp(days.first), pd.Timestamp(days.last) + pd.Timedelta(days=1), inclusive="left")
    return lines[condition.column].isin(choices)
