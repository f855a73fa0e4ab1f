"""What an overview shows under a filter, in the parts in which ``filter_sql.expected`` asks the store for it."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from segmentation.measures.overview import Overview


def seen(overview: Overview) -> dict[str, Any]:
    """Return the parts of an overview as ``expected`` has them."""
    kpis = {kpi.name: kpi for kpi in overview.kpis}
    found: dict[str, Any] = {"customers": overview.n_customers}
    for each in overview.categories:
        known = {entry.text: entry.customers for entry in each.entries}
        found[f"category {each.column}"] = known | ({"": each.n_unknown} if each.n_unknown else {})
    for each in overview.numbers:
        found[f"number {each.column}"] = (each.counts, each.n, each.mean)
    for each in overview.shares:
        found[f"share {each.column}"] = (each.n_yes, each.n)
    if overview.ages:
        found["ages"] = {group.name: group.counts for group in overview.ages.groups}
    for each in overview.boxes:
        found[f"boxes {each.number_column}"] = {box.name: (box.n, *_ends(box)) for box in each.boxes}
    for each in overview.parts:
        found[f"parts {each.total}"] = sorted(each.sums, reverse=True)
    if known := overview.correlation:
        pairs = combinations(range(len(known.columns)), 2)
        found["correlation"] = {f"{known.columns[x]} {known.columns[y]}": (known.pairs[x][y], known.values[x][y]) for x, y in pairs}
    if overview.concentration:
        found["concentration"] = (overview.concentration.n, overview.concentration.n_top)
    if overview.kind == "customers":
        names = ("revenue", "revenue_per_customer", "orders_per_customer", "average_age", "average_score")
        return found | {name: (kpis[name].n, kpis[name].value) for name in names if name in kpis}
    return found | _seen_of_log(overview)


def _ends(box: Any) -> tuple[float, float]:
    return min(*box.points, *box.whiskers), max(*box.points, *box.whiskers)


def _seen_of_log(overview: Overview) -> dict[str, Any]:
    kpis = {kpi.name: kpi for kpi in overview.kpis}
    found: dict[str, Any] = {"orders": overview.n_orders, "units": round(kpis["revenue"].value * 10**overview.scale)}
    found |= {name: kpis[name].value for name in ("repeat_rate", "average_order")}
    if months := overview.months:
        columns = (months.orders, months.customers, months.new_customers, months.units or (), months.repeat_rate)
        found["months"] = dict(zip(months.names, zip(*columns, strict=True), strict=True))
    if overview.week:
        hours = overview.week.hours
        found["week"] = [n for row in hours for n in row] if hours else list(overview.week.weekdays)
    if cohorts := overview.cohorts:
        found["cohorts"] = {name: (size, *later) for name, size, later in zip(cohorts.names, cohorts.sizes, cohorts.returned, strict=True)}
    if overview.countries:
        found["countries"] = {entry.text: (entry.customers, entry.units) for entry in overview.countries.entries}
    for each in overview.lines:
        found[f"lines {each.column}"] = [(entry.text, entry.customers, entry.orders, entry.units) for entry in each.entries]
    return found
