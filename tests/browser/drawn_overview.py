"""Every chart of the overview as the browser draws it, held against plain SQL on the store: nothing of the engine is asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from playwright.sync_api import Page

from segmentation.measures.crossings import Crossings
from segmentation.measures.filters import WEEKDAYS, Band, CustomerFilter, read_filter
from segmentation.measures.overview import Overview
from tests.reference.filter_sql import Asking, expected

_READ = """() => Object.fromEntries([...document.querySelectorAll(".card[data-chart]")].map(card => {
  const plain = values => values && typeof values === "object" && "length" in values ? Array.from(values, plain) : values;
  const traces = chart => chart.data.map(each => ({
    type: each.type, x: plain(each.x), y: plain(each.y), hovers: plain(each.customdata), picks: plain((each.meta || {}).picks),
    box: ["q1", "median", "q3"].map(name => (plain(each[name]) || [])[0])}));
  const note = card.querySelector(".note").textContent, said = chart => (chart.layout.annotations || []).map(each => each.text);
  const charts = [...card.querySelectorAll(".js-plotly-plot")].map(chart => ({note, traces: traces(chart), said: said(chart)}));
  return [card.dataset.chart, charts];
}))"""
_EXACT_TITLES = "all => all.map(each => each.title.split('\\n')[0])"

Drawn = list[dict[str, Any]]
"""The figures of one card; the chart itself is the last."""


def read_charts(page: Page) -> dict[str, Drawn]:
    """Return what each card draws."""
    found: dict[str, Drawn] = page.evaluate(_READ)
    return found


def key_figures(page: Page) -> dict[str, float]:
    """Return the exact key figures: they stand in the titles."""
    pairs = [title.rsplit(": ", 1) for title in page.eval_on_selector_all(".kpi dd", _EXACT_TITLES)]
    return {name: float(re.sub(r"[^\d.]", "", value)) for name, value in pairs if re.search(r"\d", value)}


class Wanted:
    """What SQL says that the page should show under a filter; ``base`` and ``crossings`` name charts, columns and bands."""

    def __init__(self, ask: Asking, base: Overview, crossings: Crossings) -> None:
        self.ask, self.base, self.crossings = ask, base, crossings
        self.parts = expected(ask.conn, ask.dataset, ask.chosen, base)

    def without(self, *columns: str) -> Asking:
        """Return the question of a chart that ignores the conditions on its own columns."""
        return self.ask.under(self.ask.chosen.without(columns))


def check(drawn: Mapping[str, Drawn], want: Wanted) -> list[str]:
    """Hold every chart with something in it against SQL; return their names. A chart that nothing checks fails."""
    checked = []
    for name, charts in drawn.items():
        if charts[-1]["traces"]:
            _checks(name)(charts, want, name)
            checked.append(name)
    return checked


def check_figures(figures: Mapping[str, float], want: Wanted) -> None:
    """Hold the key figures against SQL."""
    parts = want.parts
    n, orders = parts["customers"], parts.get("orders", 0)
    exact: dict[str, float | None] = {"Customers": n}
    if want.ask.is_log:
        revenue = parts["units"] / 10**want.base.scale
        exact |= {"Orders": orders, "Revenue": revenue}
        if n:
            exact |= {"Average order": revenue / orders, "Revenue per customer": revenue / n, "Repeat rate": 100 * parts["repeat_rate"]}
    else:
        exact |= {words: parts[name][1] for name, words in _OF_LISTS.items() if name in parts}
    assert figures.keys() >= {name for name, value in exact.items() if value is not None}
    for name, value in exact.items():
        if value is not None:
            rounded = {"Repeat rate": 0.051 if n < 10_000 else 0.51, **dict.fromkeys(_ROUNDED, max(0.051, value / 180))}
            assert abs(figures[name] - value) <= rounded.get(name, 0.0051), (name, figures[name], value)


_OF_LISTS = {
    "revenue": "Revenue",
    "revenue_per_customer": "Revenue per customer",
    "orders_per_customer": "Orders per customer",
    "average_age": "Average age",
    "average_score": "Average spending score",
}
_ROUNDED = ("Average age", "Average spending score")
"""Shown in three figures."""


def _checks(name: str) -> Callable[[Drawn, Wanted, str], None]:
    return _BY_NAME.get(name) or next(check for start, check in _BY_START.items() if name.startswith(start))


def _plain(text: Any) -> str:
    return str(text).replace("\u00a0", " ").replace("−", "-")


def _first_number(text: str) -> float:
    found = re.search(r"-?[\d,]+(\.\d+)?", _plain(text).replace("<b>", ""))
    assert found, text
    return float(found[0].replace(",", ""))


def _after_break(hover: str, place: int = 1) -> float:
    """Return the number with which a line of a hover begins."""
    return _first_number(hover.split("<br>")[place])


def _short(text: str) -> tuple[float, float]:
    """Return (a shortened number, half of its last digit)."""
    number, _, letter = _plain(text).lstrip("€£$").partition(" ")
    size = {"": 1.0, "k": 1e3, "M": 1e6, "bn": 1e9}[letter]
    decimals = len(number.partition(".")[2])
    return float(number.replace(",", "")) * size, 0.5 * 10**-decimals * size


def _one(pick: str) -> str:
    return str(read_filter(pick).conditions[0].choices[0])


def _months(charts: Drawn, want: Wanted, _: str) -> None:
    bars = charts[-1]["traces"][0]
    for pick, value, hover in zip(bars["picks"], bars["y"], bars["hovers"], strict=True):
        orders, _, _, units, _ = want.parts["months"][_one(pick)]
        assert round(value * 10**want.base.scale) == units, pick
        assert _first_number(hover.split(" · ")[1]) == orders, pick


def _season(charts: Drawn, want: Wanted, _: str) -> None:
    """Each month as a part of the mean month of its year, over the last full years."""
    full = [name for name, is_full in zip(want.base.months.names, want.base.months.is_full, strict=True) if is_full]  # type: ignore[union-attr]
    years = len(full) // 12
    view = want.without("@month", "@days")
    of_month = dict(view(f"SELECT {view.of_time('month')}, sum(units) FROM kept GROUP BY 1"))  # type: ignore[arg-type]
    table = np.array([float(of_month.get(name, 0)) for name in full[-12 * years :]]).reshape(years, 12)
    index = np.roll((table / table.mean(axis=1, keepdims=True)).mean(axis=0), int(full[-12 * years][5:]) - 1)
    np.testing.assert_allclose(charts[-1]["traces"][0]["y"], 100 * index, rtol=1e-9)


def _week(charts: Drawn, want: Wanted, _: str) -> None:
    trace, left = charts[-1]["traces"][0], list(want.parts["week"])
    if len(left) == len(WEEKDAYS):  # a log without hours
        assert trace["y"] == left
        return
    for picks, hovers in zip(trace["picks"], trace["hovers"], strict=True):
        for pick, hover in zip(picks, hovers, strict=True):
            day, hour = _one(pick).split(" ")
            assert _after_break(hover) == left[24 * WEEKDAYS.index(day) + int(hour)], pick
            left[24 * WEEKDAYS.index(day) + int(hour)] = 0
    assert not any(left)  # hours that are not drawn are empty


def _cohorts(charts: Drawn, want: Wanted, _: str) -> None:
    trace = charts[-1]["traces"][0]
    for picks, hovers in zip(trace["picks"], trace["hovers"], strict=True):
        size, *back = want.parts["cohorts"][_one(picks[0])]
        found = [re.search(r": ([\d,]+) of ([\d,]+)", hover) for hover in hovers]
        pairs = [tuple(int(each.replace(",", "")) for each in match.groups()) for match in found if match]
        assert pairs == [(count, size) for count in back][: len(pairs)], picks[0]
        assert len(pairs) == len(back) or not size


def _concentration(charts: Drawn, want: Wanted, _: str) -> None:
    view, query = want.without("monetary_total"), "SELECT sum(units) FROM kept GROUP BY customer_id"
    if not view.is_log:
        query = f"SELECT coalesce({view.number('monetary_total')}, 0) FROM people"
    money = [float(units) for (units,) in view(query)]
    running, n = np.cumsum(np.sort(money)[::-1]), len(money)
    curve = charts[-1]["traces"][2]
    places = np.round(np.array(curve["x"][1:]) / 100 * n).astype(int)
    np.testing.assert_allclose(curve["y"][1:], 100 * running[places - 1] / running[-1], rtol=1e-9)
    assert want.parts["concentration"] == (n, round(charts[-1]["traces"][3]["x"][0] / 100 * n))


def _lines(charts: Drawn, want: Wanted, name: str) -> None:
    ranking = next(each for each in want.base.lines if f"rank-{each.column}" == name)
    rows = {row[0]: row for row in want.parts[f"lines {ranking.column}"]}
    place = {"customers": 1, "orders": 2, "money": 3}[ranking.by]
    bars = charts[-1]["traces"][0]
    for pick, length, hover in zip(bars["picks"], bars["x"], bars["hovers"], strict=True):
        if pick:
            assert length == rows[_one(pick)][place], pick
            assert ranking.by == "customers" or _after_break(hover, 2) == rows[_one(pick)][1], pick
    assert [pick for pick in bars["picks"] if pick], name


def _customers(charts: Drawn, want: Wanted, name: str) -> None:
    bars, counts = charts[-1]["traces"][0], want.parts[f"category {name.removeprefix('rank-')}"]
    for pick, length in zip(bars["picks"], bars["x"], strict=True):
        assert not pick or length == counts[_one(pick)], pick


def _ranking(charts: Drawn, want: Wanted, name: str) -> None:
    is_of_lines = any(f"rank-{each.column}" == name for each in want.base.lines)
    (_lines if is_of_lines else _customers)(charts, want, name)


def _countries(charts: Drawn, want: Wanted, _: str) -> None:
    view, bars = want.without("country"), charts[-1]["traces"][0]
    counts = dict(view(f"SELECT {view.label('country')}, count(*) FROM people GROUP BY 1"))  # type: ignore[arg-type]
    for pick, length in zip(bars["picks"], bars["x"], strict=True):
        assert not pick or length == counts[_one(pick)], pick
    for land in charts[0]["traces"] if len(charts) > 1 else ():
        for pick, hover in zip(land["picks"], land["hovers"], strict=True):
            names = read_filter(pick).conditions[0].choices
            assert _after_break(hover) == sum(counts.get(str(each), 0) for each in names), pick


def _ages(charts: Drawn, want: Wanted, _: str) -> None:
    traces, axis = (
        [trace for trace in charts[-1]["traces"] if trace["type"] == "bar"],
        "x" if len(want.parts["ages"]) > 1 else "y",
    )  # side by side, or standing
    drawn = [[abs(value) for value in side[axis]] for side in traces[::2]]
    for lengths, counts in zip(drawn, want.parts["ages"].values(), strict=True):
        assert [value for value in lengths if value] == [count for count in counts if count]


def _age_spend(charts: Drawn, want: Wanted, _: str) -> None:
    view, trace = want.without("age", "monetary_total"), charts[-1]["traces"][0]
    picks = [pick for row in trace["picks"] for pick in row]
    cells = ", ".join(f"count(CASE WHEN {_in_bands(view, pick)} THEN 1 END)" for pick in picks)
    assert [round(_after_break(hover)) for row in trace["hovers"] for hover in row] == list(view(f"SELECT {cells} FROM people")[0])


def _in_bands(view: Asking, pick: str) -> str:
    """Write conditions on numbers. The last band of spend has no end; the first one of spend holds what is below it, too."""
    parts = []
    for condition in read_filter(pick).conditions:
        (band,), value = condition.choices, view.number(condition.column)
        assert isinstance(band, Band)
        parts += [f"{value} >= {band.low!r}"] * (band.low is not None) + [f"{value} < {band.high!r}"] * (band.high is not None)
    return " AND ".join(parts)


def _orders(charts: Drawn, want: Wanted, _: str) -> None:
    edges = want.crossings.orders.edges if want.crossings.orders else ()
    rows = want.without("@order_value")("SELECT customer_id, basket, sum(units) FROM kept GROUP BY 1, 2")
    values = np.array([float(units) for *_, units in rows]) / 10**want.base.scale
    counts, _ = np.histogram(np.maximum(values, edges[0]), [*edges, np.inf])
    assert charts[-1]["traces"][0]["y"] == counts.tolist()


def _seasons(charts: Drawn, want: Wanted, _: str) -> None:
    table, trace = want.crossings.seasons, charts[-1]["traces"][0]
    assert table is not None
    view = want.without(table.place, table.goods, "@month")
    place = f'k."{table.place}"' if table.place in view.varying else "p.place"
    people = f"SELECT customer_id, {view.label(table.place)} AS place FROM people"
    month, kept = view.of_time("month", "k.date"), f"kept k JOIN ({people}) p USING (customer_id)"
    query = f'SELECT {place}, k."{table.goods}", {month}, sum(k.units) FROM {kept} GROUP BY 1, 2, 3'
    units = {(place, kind, month): int(total) for place, kind, month, total in view(query)}
    for picks, hovers in zip(trace["picks"], trace["hovers"], strict=True):
        for pick, hover in zip(picks, hovers, strict=True):
            of = {condition.column: condition.choices for condition in read_filter(pick).conditions}
            exact = (
                sum(units.get((of[table.place][0], of[table.goods][0], month), 0) for month in of.get("@month", ())) / 10**want.base.scale
            )
            shown, half = _short(hover.rpartition(": ")[2])
            assert abs(shown - exact) <= half * 1.0001, pick


def _boxes(charts: Drawn, want: Wanted, name: str) -> None:
    first = want.base.boxes[0].number_column
    known = next(each for each in want.base.boxes if each.number_column == (name.partition("-")[2] or first))
    view, value = want.without(known.column), want.ask.number(known.number_column)
    rows = view(f"SELECT {view.label(known.column)}, {value} FROM people WHERE {value} IS NOT NULL")
    traces = charts[-1]["traces"]
    boxes = {trace["y"][0]: trace["box"] for trace in traces if trace["type"] == "box"}
    points = [pair for trace in traces if trace["type"] == "scatter" for pair in zip(trace["y"], trace["x"], strict=True)]
    numbers, n_far = [text for text in charts[-1]["said"] if text.startswith("n = ")], 0
    for place, (pick, n) in enumerate(zip(traces[-1]["picks"], numbers, strict=True)):
        values = sorted(float(number) for group, number in rows if group == _one(pick))
        assert _first_number(n[4:]) == len(values), pick
        if place in boxes:
            np.testing.assert_allclose(boxes[place], np.percentile(values, [25, 50, 75]), rtol=1e-9)
        else:  # too few for a box: each of them is a point, but those far out, which the note below counts
            near = sorted(x for y, x in points if y == place)
            assert near == values[: len(near)], pick
            n_far += len(values) - len(near)
    assert not n_far or "far value" in charts[-1]["note"], charts[-1]["note"]


def _bands(charts: Drawn, want: Wanted, name: str) -> None:
    counts, n, _ = want.parts[f"number {name.removeprefix('number-')}"]
    assert sum(charts[-1]["traces"][0]["y"]) == n
    assert [count for count in charts[-1]["traces"][0]["y"] if count] == [count for count in counts if count]


def _parts(charts: Drawn, want: Wanted, name: str) -> None:
    drawn = [length for length in charts[-1]["traces"][0]["x"] if length]
    np.testing.assert_allclose(drawn, [total for total in want.parts[f"parts {name.removeprefix('parts-')}"] if total], rtol=1e-9)


def _shares(charts: Drawn, want: Wanted, _: str) -> None:
    bars = charts[-1]["traces"][0]
    for pick, length, hover in zip(bars["picks"], bars["x"], bars["hovers"], strict=True):
        (condition,) = read_filter(pick).conditions
        n_yes, n = want.parts[f"share {condition.column}"]
        if " of " in hover:
            assert [int(each.replace(",", "")) for each in re.findall(r"[\d,]+", hover.partition("<br>")[2])] == [n_yes, n], pick
        else:
            assert length == (n_yes if condition.choices == ("1",) else n - n_yes), pick


def _correlation(charts: Drawn, want: Wanted, _: str) -> None:
    assert want.base.correlation is not None
    columns = want.base.correlation.columns
    rows = want.ask(f"SELECT {', '.join(map(want.ask.number, columns))} FROM people")
    people = pd.DataFrame(rows, columns=list(columns), dtype=float)
    for y, hovers in enumerate(charts[-1]["traces"][0]["hovers"], start=1):
        for x, hover in enumerate(hovers[:y]):
            both = people[[columns[x], columns[y]]].dropna()
            _, shown, n = hover.split("<br>")
            assert _first_number(n) == len(both), hover
            if shown:
                assert abs(_first_number(shown) - both.corr(method="spearman").iloc[0, 1]) <= 0.0051, hover


_BY_NAME: dict[str, Callable[[Drawn, Wanted, str], None]] = {
    "months": _months,
    "season": _season,
    "week": _week,
    "cohorts": _cohorts,
    "concentration": _concentration,
    "countries": _countries,
    "ages": _ages,
    "age-spend": _age_spend,
    "orders": _orders,
    "seasons": _seasons,
    "campaigns": _shares,
    "shares": _shares,
    "correlation": _correlation,
}
_BY_START = {"rank-": _ranking, "boxes": _boxes, "number-": _bands, "parts-": _parts}


def marks(drawn: Mapping[str, Drawn]) -> list[str]:
    """Return everything that a mark of the page chooses."""
    rows = [row for charts in drawn.values() for trace in charts[-1]["traces"] for row in trace["picks"] or ()]
    return [pick for row in rows for pick in (row if isinstance(row, list) else [row]) if pick]


def joined(picks: list[str]) -> CustomerFilter:
    """Return the filter after clicking on one mark after another."""
    conditions = [condition for pick in picks for condition in read_filter(pick).conditions]
    return CustomerFilter(tuple({condition.column: condition for condition in conditions}.values()))
