"""Two or three things at once, in figures: orders by value, age against spend, regions by categories by seasons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.components.charts import DataTable, Told
from dashboard.figures.literal import literal_in_short
from dashboard.figures.overview_bands import bars_of, choices_of, growing_words, histogram_finding, number_words
from dashboard.figures.overview_bars import cut_apart, standing_bars
from dashboard.figures.overview_chart import SECOND, THIRD, Chart, cut, label, sentence, share_words, text_width
from dashboard.figures.overview_heat import Heat, heat_figure
from dashboard.figures.overview_picks import AGE_CHOICES, Picks, picks_of, picks_within
from dashboard.formats import counted, money, short, whole
from segmentation.measures.crossings import SEASONS, AgeSpend, SeasonTable
from segmentation.measures.demographics import AGE_BANDS, Histogram
from segmentation.measures.filters import EVERYBODY, MONTH, ORDER_VALUE, Choice, Condition, CustomerFilter

_ROW = 21
_FROM = "from"
"""Stands above the lower ends of bands of spend."""


def orders_chart(orders: Histogram, currency: str | None, chosen: CustomerFilter = EVERYBODY, is_whole: bool = True) -> Chart:
    """Draw orders in bands of their value. Where only a part of some is left, they cannot be chosen by what is drawn."""
    finding = histogram_finding(orders, currency).replace("Half have", "Half come to").replace("have one", "come to one")
    bars = bars_of(orders, currency, "order")
    rows = [[name, whole(count)] for name, count in zip(bars.full_names, orders.counts, strict=True)]
    picks = picks_of(chosen, ORDER_VALUE, choices_of(orders)) if is_whole else None
    return Chart(
        name="orders",
        told=Told("Basket: what an order comes to", finding, f"Orders, n = {whole(orders.n)}.{growing_words(orders)}"),
        figure=standing_bars(bars.drawn, picks),
        aria=f"Orders by their value. {finding}",
        data=DataTable(["Order value", "Orders"], rows, picks.conditions if picks else ()),
    )


def age_spend_chart(crossed: AgeSpend, currency: str | None, chosen: CustomerFilter) -> Chart:
    """Draw customers by age and spend as a heat map, the highest spend on top."""
    used = [place for place in range(len(AGE_BANDS)) if any(row[place] for row in crossed.counts)] or list(range(len(AGE_BANDS)))
    ages = [AGE_BANDS[place] for place in range(used[0], used[-1] + 1)]
    bars = bars_of(crossed.spend, currency, "customer")
    bands = list(zip(bars.full_names, crossed.counts, choices_of(crossed.spend), strict=True))[::-1]
    words = number_words("money", currency)
    heads = [words(edge) for edge in crossed.spend.edges][::-1]
    found = [picks_within(chosen, [_age_and_spend(age, choice) for age in ages]) for _, _, choice in bands]
    hovers = [[_hover(f"{age}, {name}", row[AGE_BANDS.index(age)], crossed.n) for age in ages] for name, row, _ in bands]
    cells = [[float(row[AGE_BANDS.index(age)]) or None for age in ages] for _, row, _ in bands]
    finding = _most_common(crossed, bars.full_names)
    figure = heat_figure(Heat(cells, heads, [age.replace("under ", "<") for age in ages], hovers, short, picks=found))
    left = max(figure["layout"]["margin"]["l"], text_width(_FROM) + 12)
    figure["layout"]["margin"]["l"] = left
    figure["layout"]["annotations"].append(label(0, -1, _FROM, xref="paper", xanchor="left", xshift=-left, colour=THIRD, weight=400))
    return Chart(
        name="age-spend",
        told=Told(
            "Age against spend", finding, f"Customers, n = {whole(crossed.n)} with both known.{_stays(chosen, 'age', 'monetary_total')}"
        ),
        figure=figure,
        aria=f"Customers by age and total spend. {finding}",
        data=DataTable(["Total spend", *ages], [[name, *(whole(row[AGE_BANDS.index(age)]) for age in ages)] for name, row, _ in bands]),
        height=max(_ROW * (len(bands) + 1) + 8, 222),
    )


def _age_and_spend(age: str, spend: Choice) -> list[Condition]:
    return [Condition("age", (AGE_CHOICES[age],)), Condition("monetary_total", (spend,))]


def _stays(chosen: CustomerFilter, *own: str) -> str:
    """Say that a table ignores what is chosen of its own columns."""
    return " All stay visible here." if set(own) & set(chosen.columns) else ""


def _hover(what: str, count: int, n: int) -> str:
    return f"<b>{literal_in_short(what)}</b><br>{counted(count, 'customer')} · {share_words(count, n)}"


def _most_common(crossed: AgeSpend, names: tuple[str, ...]) -> str:
    count, row, place = max((count, -row, -place) for row, counts in enumerate(crossed.counts) for place, count in enumerate(counts))
    return f"The most are {AGE_BANDS[-place]} and spend {names[-row]}: {share_words(count, crossed.n)}."


@dataclass(frozen=True)
class _Row:
    """A category in a region: what it came to in each season (money or lines), and what a click on each chooses."""

    place: str
    kind: str
    values: tuple[float, ...]
    picks: Picks


def seasons_chart(table: SeasonTable, scale: int, currency: str | None, chosen: CustomerFilter) -> Chart:
    """Draw the largest regions, and in each the largest categories, by season."""
    rows = _rows(table, 10**scale if table.has_money else 1, chosen)

    def words(value: float) -> str:
        return money(value, currency) if table.has_money else short(value)

    def exact(value: float) -> str:
        return money(value, currency, is_short=False) if table.has_money else whole(value)

    value, season, best = max(((row.values[season], season, row) for row in rows for season in range(4)), key=lambda each: each[0])
    finding = f"{cut(sentence(best.kind), 40)} in {cut(best.place, 40)} in {SEASONS[season].lower()} brings the most: {words(value)}."
    what = "Revenue" if table.has_money else "Lines"
    note = f"{what} of the largest, winter from December, n = {counted(table.n_lines, 'line')}."
    note += _stays(chosen, table.place, table.goods, MONTH)
    head = [sentence(table.place), sentence(table.goods), *SEASONS]
    return Chart(
        name="seasons",
        told=Told(f"{sentence(table.place)}, {table.goods} and season", finding, note),
        figure=_seasons_figure(table, rows, words),
        aria=f"{what} by {table.place}, {table.goods} and season. {finding}",
        data=DataTable(head, [[row.place, row.kind, *map(exact, row.values)] for row in rows]),
        height=_ROW * (len(rows) + 1) + 8,
        is_wide=True,
    )


def _rows(table: SeasonTable, size: int, chosen: CustomerFilter) -> list[_Row]:
    found = []
    for number, place in enumerate(table.places):
        for kind_number, kind in enumerate(table.kinds):
            values = tuple(table.values[season][number][kind_number] / size for season in range(len(SEASONS)))
            own = [Condition(table.place, (place,)), Condition(table.goods, (kind,))]
            marks = [[*own, Condition(MONTH, months)] if months else own for months in table.months]
            found.append(_Row(place, kind, values, picks_within(chosen, marks)))
    return found


def _seasons_figure(table: SeasonTable, rows: Sequence[_Row], words: Callable[[float], str]) -> dict[str, Any]:
    """Write the place once for its rows, and the category at each."""
    hovers = [[f"{_heading(row)}<br>{name}: {words(value)}" for name, value in zip(SEASONS, row.values, strict=True)] for row in rows]
    cells = [[value or None for value in row.values] for row in rows]
    figure = heat_figure(Heat(cells, [""] * len(rows), SEASONS, hovers, words, picks=[row.picks for row in rows]))
    places, kinds = cut_apart(table.places, 14), cut_apart(table.kinds, 16)
    first, second = max(map(text_width, places)) + 12, max(map(text_width, kinds)) + 12
    figure["layout"]["margin"]["l"] = first + second
    at_left = {"xref": "paper", "xanchor": "left"}
    for number, place in enumerate(places):
        start = number * len(kinds)
        figure["layout"]["annotations"].append(label(0, start, place, **at_left, xshift=-(first + second), weight=520))
        figure["layout"]["annotations"] += [
            label(0, start + row, kind, **at_left, xshift=-second, colour=SECOND, weight=400) for row, kind in enumerate(kinds)
        ]
    return figure


def _heading(row: _Row) -> str:
    return f"<b>{literal_in_short(row.place)}, {literal_in_short(row.kind)}</b>"
