"""What the overview should show under a filter, asked of the store in plain SQL, without anything of the engine.

``expected`` returns a dict of parts; ``filter_seen.seen`` takes the same parts out of an overview, to be held against them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

import pandas as pd
from sqlalchemy import Connection, text

from database.datasets import Dataset
from segmentation.measures.filters import (
    DAYS,
    FIRST_MONTH,
    MONTH,
    ORDER_VALUE,
    SEGMENT,
    UNKNOWN,
    WEEK_HOUR,
    WEEKDAY,
    WEEKDAYS,
    Band,
    Condition,
    CustomerFilter,
    Days,
)
from segmentation.measures.overview import Overview

_SPELLINGS = {
    "sqlite": {
        "month": "substr({0}, 1, 7)",
        "day": "substr({0}, 1, 10)",
        "weekday": "CAST(strftime('%w', {0}) AS INTEGER)",
        "hour": "CAST(substr({0}, 12, 2) AS INTEGER)",
    },
    "postgresql": {
        "month": "to_char({0}, 'YYYY-MM')",
        "day": "to_char({0}, 'YYYY-MM-DD')",
        "weekday": "CAST(extract(dow FROM {0}) AS INTEGER)",
        "hour": "CAST(extract(hour FROM {0}) AS INTEGER)",
    },
}
MOST_ENTRIES = 60
FEWEST_PAIRS = 20
OLDEST = 110


@dataclass
class Asking:
    """A filter on a dataset: the common tables of every question about what it leaves, and the values that they name."""

    conn: Connection
    dataset: Dataset
    chosen: CustomerFilter
    run_id: str | None = None

    def __post_init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.specs = {spec.name: spec for spec in self.dataset.columns["customers"]}
        assert self.dataset.facts is not None
        self.columns = {each["name"]: each for each in self.dataset.facts.details["customers"]["columns"]}
        self.is_log = "transactions" in self.dataset.columns
        self.cells = {spec.name for spec in self.dataset.columns.get("transactions", ())}
        self.varying = {name for name in ("region", "city") if name in self.cells and name in self.columns and self._varies(name)}
        self.scale = next((spec.scale for spec in self.dataset.columns.get("transactions", ()) if spec.name == "amount"), 0)
        self.tables = self._tables()

    def __call__(self, query: str) -> list[tuple[Any, ...]]:
        """Answer a question about ``people`` (customers left), ``kept`` (lines left) and ``orders`` (those with a line left)."""
        return [tuple(row) for row in self.conn.execute(text(f"WITH {self.tables} {query}"), self.values)]

    def under(self, chosen: CustomerFilter) -> Asking:
        return Asking(self.conn, self.dataset, chosen, self.run_id)

    def of_time(self, what: str, column: str = "date") -> str:
        return _SPELLINGS[self.conn.dialect.name][what].format(column)

    def number(self, name: str) -> str:
        """A number as it is on the page, whatever it is stored as."""
        spec = self.specs[self.columns[name]["values"]]
        if spec.type == "text":
            return f"CAST(NULLIF(\"{spec.name}\", '') AS DOUBLE PRECISION)"
        is_scaled = spec.type == "decimal" and self.conn.dialect.name == "sqlite"
        return f'CAST("{spec.name}" AS DOUBLE PRECISION)' + (f" / {10**spec.scale}.0" if is_scaled else "")

    def cell(self, name: str) -> str:
        """A cell of a line as text, nothing where it is not known."""
        return f"coalesce(CAST(\"{name}\" AS TEXT), '')"

    def label(self, name: str) -> str:
        return f"coalesce(\"{self.columns[name]['values']}\", '')"

    def _basket(self) -> str:
        return '"order"' if "order" in self.cells else self.of_time("day")

    def _varies(self, column: str) -> bool:
        """Whether one in five of those who ordered twice has several values: then it is purchases that have them."""
        counts = f"count(DISTINCT {self._basket()}) AS orders, count(DISTINCT NULLIF(\"{column}\", '')) AS texts"
        of_each = f"SELECT customer_id, {counts} FROM transactions_{self.dataset.id} GROUP BY 1"
        again = "count(CASE WHEN orders > 1 THEN 1 END), count(CASE WHEN texts > 1 THEN 1 END)"
        n_again, n_several = self.conn.execute(text(f"SELECT {again} FROM ({of_each}) e")).one()
        return bool(n_again and 5 * n_several >= n_again)

    def _tables(self) -> str:
        of_lines = [each for each in self.chosen.conditions if not self._is_of_customers(each.column)]
        customers = " AND ".join(["1 = 1", *(self._condition(each) for each in self.chosen.conditions if each not in of_lines)])
        people = f"chosen AS (SELECT c.* FROM customers_{self.dataset.id} c{self._joins()} WHERE {customers})"
        if not self.is_log:
            return f"{people}, people AS (SELECT * FROM chosen)"
        # SQLite has whole numbers of units, Postgres decimals.
        units = "amount" if self.conn.dialect.name == "sqlite" else f"CAST(amount * {10**self.scale} AS BIGINT)"
        month, table = self.of_time("month"), f"transactions_{self.dataset.id}"
        of_order = ", sum(units) OVER (PARTITION BY customer_id, basket) AS of_order" if self.chosen.find(ORDER_VALUE) else ""
        bought = f"SELECT *, {self._basket()} AS basket, {units} AS units FROM {table}"
        lines = " AND ".join(["customer_id IN (SELECT customer_id FROM chosen)", *(self._condition(each) for each in of_lines)])
        return ", ".join(
            [
                f"firsts AS (SELECT customer_id, min({month}) AS first_month FROM {table} GROUP BY 1)",
                people,
                f"bought AS (SELECT *{of_order} FROM ({bought}) b)",
                f"kept AS (SELECT * FROM bought WHERE {lines})",
                f"people AS (SELECT * FROM chosen{' WHERE customer_id IN (SELECT customer_id FROM kept)' if of_lines else ''})",
                "orders AS (SELECT customer_id, basket, min(date) AS began FROM kept GROUP BY 1, 2)",
            ]
        )

    def _joins(self) -> str:
        joins = " LEFT JOIN firsts USING (customer_id)" if self.is_log else ""
        if self.run_id is None:
            return joins
        self.values["run_id"] = self.run_id
        wanted = "SELECT customer_id, segment_id FROM assignments WHERE run_id = :run_id"
        return f"{joins} LEFT JOIN ({wanted}) s USING (customer_id)"

    def _is_of_customers(self, column: str) -> bool:
        return (column in self.columns and column not in self.varying) or column in (SEGMENT, FIRST_MONTH)

    def _condition(self, condition: Condition) -> str:
        column, choices = condition.column, condition.choices
        if column in self.columns and self.columns[column]["kind"] == "number":
            return f"({' OR '.join(self._number_condition(self.number(column), each) for each in choices)})"
        if column == ORDER_VALUE:
            value = f"(CAST(of_order AS DOUBLE PRECISION) / {10**self.scale}.0)"
            return f"({' OR '.join(self._number_condition(value, each) for each in choices)})"
        if column == DAYS:
            return f"({' OR '.join(self._days_condition(each) for each in choices if isinstance(each, Days))})"
        names = {
            SEGMENT: "coalesce(CAST(segment_id AS TEXT), '')",
            FIRST_MONTH: "first_month",
            MONTH: self.of_time("month"),
            WEEKDAY: self.of_time("weekday"),
            WEEK_HOUR: f"24 * {self.of_time('weekday')} + {self.of_time('hour')}",
        }
        is_of_customers = self._is_of_customers(column)
        names[column] = names.get(column) or (self.label(column) if is_of_customers else self.cell(column))
        wanted = [_as_stored(column, each) for each in choices if isinstance(each, str)]
        return f"{names[column]} IN ({', '.join(self._value(each) for each in wanted)})"

    def _number_condition(self, number: str, choice: Any) -> str:
        if isinstance(choice, Band):
            ends = [f"{number} >= {self._value(choice.low)}"] if choice.low is not None else []
            ends += [f"{number} < {self._value(choice.high)}"] if choice.high is not None else []
            return f"({' AND '.join(ends)})"
        return f"{number} IS NULL" if choice == UNKNOWN else f"{number} = {self._value(float(choice))}"

    def _days_condition(self, days: Days) -> str:
        day = self.of_time("day")
        ends = [f"{day} >= {self._value(days.first.isoformat())}"] if days.first else []
        ends += [f"{day} <= {self._value(days.last.isoformat())}"] if days.last else []
        return f"({' AND '.join(ends)})"

    def _value(self, value: Any) -> str:
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f":{name}"


def _as_stored(column: str, choice: str) -> Any:
    if column == WEEKDAY:
        return _sunday_first(choice)
    if column == WEEK_HOUR:
        day, _, hour = choice.partition(" ")
        return 24 * _sunday_first(day) + int(hour)
    return choice


def _sunday_first(name: str) -> int:
    return (WEEKDAYS.index(name) + 1) % 7


def expected(conn: Connection, dataset: Dataset, chosen: CustomerFilter, base: Overview, run_id: str | None = None) -> dict[str, Any]:
    """Return what the page should show.

    ``base`` is the overview without a filter: it says which charts there are, and in which bands and months.
    """
    ask = Asking(conn, dataset, chosen, run_id)

    def part(own: Sequence[str], count: Callable[[Asking], Any]) -> Any:
        return count(ask.under(chosen.without(own)))

    found: dict[str, Any] = {"customers": ask("SELECT count(*) FROM people")[0][0]}
    for each in base.categories:
        found[f"category {each.column}"] = part([each.column], lambda view, each=each: _people_by(view, each.column))
    for each in base.numbers:
        found[f"number {each.column}"] = part([each.column], lambda view, each=each: _bands(view, each))
    for each in base.shares:
        found[f"share {each.column}"] = part([each.column], lambda view, each=each: _share(view, each.column))
    if base.ages:
        found["ages"] = part(["age", "gender"], lambda view: _ages(view, base.ages))
    for each in base.boxes:
        found[f"boxes {each.number_column}"] = part([each.column], lambda view, each=each: _boxes(view, each))
    for each in base.parts:
        sums = ", ".join(f"coalesce(sum({ask.number(name)}), 0)" for name in each.columns)
        found[f"parts {each.total}"] = sorted(ask(f"SELECT {sums} FROM people")[0], reverse=True)
    if base.correlation:
        columns = base.correlation.columns
        rows = ask(f"SELECT {', '.join(map(ask.number, columns))} FROM people")
        found["correlation"] = correlations(pd.DataFrame(rows, columns=list(columns), dtype=float))
    if base.concentration:
        found["concentration"] = part(["monetary_total"], _concentration)
    return found | (_of_log(ask, base, part) if base.kind == "transactions" else _of_list(ask, base))


def correlations(people: pd.DataFrame) -> dict[str, tuple[int, float | None]]:
    """Each pair of numbers by ranks, as pandas has it, with the customers who have both; None of fewer than twenty."""
    found: dict[str, tuple[int, float | None]] = {}
    for one, other in combinations(people.columns, 2):
        both = people[[one, other]].dropna()
        is_known = len(both) >= FEWEST_PAIRS and both.nunique().min() > 1
        found[f"{one} {other}"] = (len(both), round(float(both.corr(method="spearman").iloc[0, 1]), 4) if is_known else None)
    return found


def _of_log(ask: Asking, base: Overview, part: Callable[[Sequence[str], Callable[[Asking], Any]], Any]) -> dict[str, Any]:
    n_orders, n_customers = ask("SELECT count(*), count(DISTINCT customer_id) FROM orders")[0]
    repeaters = ask("SELECT count(*) FROM (SELECT customer_id FROM orders GROUP BY 1 HAVING count(*) > 1) r")[0][0]
    units = int(ask("SELECT coalesce(sum(units), 0) FROM kept")[0][0])
    found: dict[str, Any] = {"orders": n_orders, "units": units, "repeat_rate": repeaters / n_customers if n_customers else None}
    found["average_order"] = units / 10**base.scale / n_orders if n_orders else None
    if base.months:
        found["months"] = part([MONTH, DAYS], lambda view: _months(view, base.months.names))
    if base.week:
        found["week"] = part([WEEKDAY, WEEK_HOUR], lambda view: _week(view, bool(base.week.hours)))
    if base.cohorts:
        found["cohorts"] = part([FIRST_MONTH], lambda view: _cohorts(view, base))
    if base.countries:
        found["countries"] = part(["country"], _countries)
    for each in base.lines:
        found[f"lines {each.column}"] = part([each.column], lambda view, each=each: _lines(view, each.column, each.by))
    return found


def _people_by(view: Asking, column: str) -> dict[str, int]:
    return dict(view(f"SELECT {view.label(column)}, count(*) FROM people GROUP BY 1"))  # type: ignore[arg-type]


def _countries(view: Asking) -> dict[str, tuple[int, int | None]]:
    people = {name: n for name, n in _people_by(view, "country").items() if name}
    if "country" not in view.cells:
        return {name: (n, None) for name, n in people.items()}
    query = "SELECT country, sum(units) FROM kept WHERE coalesce(country, '') <> '' GROUP BY 1"
    units = {name: int(total) for name, total in view(query)}
    return {name: (people.get(name, 0), units.get(name, 0)) for name in people.keys() | units.keys()}


def _bands(view: Asking, histogram: Any) -> tuple[Any, ...]:
    value, edges = view.number(histogram.column), histogram.edges
    if histogram.is_discrete:
        tests = [f"{value} = {edge!r}" for edge in edges]
    else:
        tests = [f"{value} >= {low!r} AND {value} < {high!r}" for low, high in zip(edges, (*edges[1:], float("1e300")), strict=True)]
        tests[0] = f"{value} < {edges[1]!r}" if len(edges) > 1 else f"{value} IS NOT NULL"
    counts = ", ".join(f"count(CASE WHEN {test} THEN 1 END)" for test in tests)
    found = view(f"SELECT {counts}, count({value}), avg({value}) FROM people")[0]
    return tuple(found[:-2]), found[-2], found[-1] or 0.0


def _share(view: Asking, column: str) -> tuple[int, int]:
    value = view.number(column)
    return view(f"SELECT count(CASE WHEN {value} = 1 THEN 1 END), count({value}) FROM people")[0]  # type: ignore[return-value]


def _ages(view: Asking, known: Any) -> dict[str, tuple[int, ...]]:
    age, edges = view.number("age"), (0, 18, 25, 35, 45, 55, 65, OLDEST + 1)
    bands = ", ".join(f"count(CASE WHEN {age} >= {low} AND {age} < {high} THEN 1 END)" for low, high in pairwise(edges))
    found = {}
    for group in known.groups:
        which = ", ".join(view._value(each) for each in group.texts)
        found[group.name] = view(f"SELECT {bands} FROM people" + (f" WHERE {view.label('gender')} IN ({which})" if which else ""))[0]
    return found


def _boxes(view: Asking, known: Any) -> dict[str, tuple[int, float, float]]:
    value, name = view.number(known.number_column), view.label(known.column)
    query = f"SELECT {name}, count(*), min({value}), max({value}) FROM people WHERE {value} IS NOT NULL AND {name} <> '' GROUP BY 1"
    return {group: (n, low, high) for group, n, low, high in view(query)}


def _concentration(view: Asking) -> tuple[int, int]:
    money = "sum(units) AS units FROM kept GROUP BY customer_id"
    if not view.is_log:
        money = f"coalesce({view.number('monetary_total')}, 0) AS units FROM people"
    n = view("SELECT count(*) FROM people")[0][0]
    both = f"SELECT {money}), total AS (SELECT sum(units) AS total FROM spent"
    running = "SELECT sum(units) OVER (ORDER BY units DESC ROWS UNBOUNDED PRECEDING) AS running, total FROM spent CROSS JOIN total"
    view.tables += f", spent AS ({both})"
    query = f"SELECT count(CASE WHEN running * 10 < total * 8 THEN 1 END), max(total) FROM ({running}) r"
    below, total = view(query)[0]
    return n, below + 1 if total is not None and total > 0 else 0


def _months(view: Asking, names: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    month = view.of_time("month", "began")
    orders = {name: rest for name, *rest in view(f"SELECT {month}, count(*), count(DISTINCT customer_id) FROM orders GROUP BY 1")}
    newcomers = f"orders JOIN firsts USING (customer_id) WHERE {month} = first_month"
    new = dict(view(f"SELECT first_month, count(DISTINCT customer_id) FROM {newcomers} GROUP BY 1"))  # type: ignore[arg-type]
    units = dict(view(f"SELECT {view.of_time('month')}, sum(units) FROM kept GROUP BY 1"))  # type: ignore[arg-type]
    ranked = f"SELECT {month} AS month, row_number() OVER (PARTITION BY customer_id ORDER BY began) AS place FROM orders"
    begun = {(place, name): n for place, name, n in view(f"SELECT place, month, count(*) FROM ({ranked}) r WHERE place < 3 GROUP BY 1, 2")}
    found, so_far, again = {}, 0, 0
    for name in names:
        so_far, again = so_far + begun.get((1, name), 0), again + begun.get((2, name), 0)
        counts = orders.get(name, (0, 0))
        found[name] = (*counts, new.get(name, 0), int(units.get(name, 0)), again / max(so_far, 1))
    return found


def _week(view: Asking, with_hours: bool) -> list[int]:
    hour = view.of_time("hour", "began") if with_hours else "0"
    found = {(day, at): n for day, at, n in view(f"SELECT {view.of_time('weekday', 'began')}, {hour}, count(*) FROM orders GROUP BY 1, 2")}
    hours = range(24) if with_hours else (0,)
    return [found.get(((day + 1) % 7, at), 0) for day in range(7) for at in hours]


def _cohorts(view: Asking, base: Overview) -> dict[str, tuple[int, ...]]:
    assert base.months is not None
    assert base.cohorts is not None
    sizes = dict(view("SELECT first_month, count(*) FROM people JOIN firsts USING (customer_id) GROUP BY 1"))  # type: ignore[arg-type]
    month = view.of_time("month", "began")
    query = f"SELECT first_month, {month}, count(DISTINCT customer_id) FROM orders JOIN firsts USING (customer_id) GROUP BY 1, 2"
    active = {(first, later): n for first, later, n in view(query)}
    names = base.months.names
    last = max(place for place, is_full in enumerate(base.months.is_full) if is_full)
    return {
        first: (sizes.get(first, 0), *(active.get((first, later), 0) for later in names[names.index(first) + 1 : last + 1]))
        for first in base.cohorts.names
    }


def _lines(view: Asking, column: str, by: str) -> list[tuple[str, int, int, int]]:
    known = f"SELECT {view.cell(column)} AS name, customer_id, basket, units FROM kept WHERE {view.cell(column)} <> ''"
    query = f"SELECT name, customer_id, basket, sum(units) AS units FROM ({known}) k GROUP BY 1, 2, 3"
    rows = view(f"SELECT name, count(DISTINCT customer_id), count(*), sum(units) FROM ({query}) g GROUP BY 1")
    found = [(name, customers, orders, int(units)) for name, customers, orders, units in rows]
    size = {"customers": 1, "orders": 2, "money": 3}[by]
    return sorted(found, key=lambda row: (-row[size], row[0]))[:MOST_ENTRIES]


def _of_list(ask: Asking, base: Overview) -> dict[str, Any]:
    columns = {
        "revenue": ("sum", "monetary_total"),
        "revenue_per_customer": ("avg", "monetary_total"),
        "orders_per_customer": ("avg", "frequency_orders"),
        "average_age": ("avg", "age"),
        "average_score": ("avg", "spending_score"),
    }
    found: dict[str, Any] = {}
    for name, (how, column) in columns.items():
        if any(kpi.name == name for kpi in base.kpis):
            value = ask.number(column)
            which = f" WHERE {value} >= 0 AND {value} < {OLDEST + 1}" if column == "age" else ""
            n, answer = ask(f"SELECT count({value}), {how}({value}) FROM people{which}")[0]
            found[name] = (n, answer if n else 0.0 if name == "revenue" else None)
    return found
