"""Segments against the average: a table of coloured cells, and the most frequent categories."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from dash import dcc, html

from dashboard.components.basics import aria, href
from dashboard.components.segment_key import segment_colours, segment_key
from dashboard.formats import MISSING, money, month, percent, short
from dashboard.queries.segments import SegmentsOfRun
from segmentation.measures.filters import SEGMENT, Condition, write_filter

LABELS = {
    "monetary_total": "Revenue per customer",
    "frequency_orders": "Orders per customer",
    "order_value_mean": "Average order",
    "recency_days": "Days since last order",
    "tenure_days": "Days since first order",
    "items_total": "Pieces per customer",
    "products_distinct": "Different products",
    "income": "Yearly income",
}
"""What a measure is called here, where it is not what sentences call it."""
PATTERNS = {
    "basket": "One order",
    "category": "Categories",
    "brand": "Brands",
    "product": "Products",
    "channel": "Channels",
    "payment": "Payment",
    "shipping": "Delivery",
    "status": "Order status",
    "rating": "Ratings",
    "season": "Season",
    "spend_on": "What they spend on",
    "bought_where": "Where they buy",
    "campaigns": "Campaigns accepted",
}
_BASKET = {"value": "Value of an order", "pieces": "Pieces in an order", "lines": "Lines in an order"}
_BASES = {"spend": "their spend", "orders": "their orders", "revenue": "their revenue", "customers": "customers"}
IN_GROUPS, BY_DIFFERENCE = "groups", "difference"
"""Two ways to sort the index table; the others are the ids of the segments."""
_BELOW = (33, 60, 80, 95)
_UP_TO = (105, 125, 167, 300)


def step_of(index: float) -> int:
    """Return the colour step, 0 (far below the average) to 8 (far above); 4 is the average."""
    return bisect_right(_BELOW, index) if index < _BELOW[-1] else 4 + bisect_left(_UP_TO, index)


def value_text(value: float | None, row: Mapping[str, Any], currency: str | None) -> str:
    """Return a figure of a row in its unit."""
    if row.get("is_flag"):
        return percent(value)
    return money(value, currency) if row["unit"] == "money" else short(value)


def row_label(row: Mapping[str, Any]) -> str:
    """Return what a row is called."""
    return LABELS.get(row["role"] or "") or row["label"][:1].upper() + row["label"][1:]


def table_head(title: str, said: Any) -> html.Div:
    """Draw the title of a part of the matrix."""
    return html.Div([html.H2(title), said], className="sec")


def ramp() -> html.Span:
    """Draw the scale of the colours."""
    steps = [html.I(style={"background": f"var(--div-{step})"}) for step in range(9)]
    scale = html.Span(["below ", *steps, " above"], className="ramp")
    words = html.Span("Colour shows distance from the average, not good or bad.", className="dim")
    return html.Span([html.Span("100 = average of all customers"), scale, words], className="lgd")


def index_table(shown: SegmentsOfRun, comparison: Mapping[str, Any], sort: str | None = None) -> list[Any]:
    """Draw the rows of the table: a row a column of the data, a cell a segment with index and figure; sorted rows stand without groups."""
    rows = [_head(shown, sort or IN_GROUPS)]
    ordered = sort_rows(comparison["numbers"], [segment.segment_id for segment in shown.segments], sort)
    if ordered is not None:
        return rows + [_number_row(row, shown) for row in ordered]
    for group, own in groupby(comparison["numbers"], key=lambda row: row["group"]):
        left_out = comparison["n_left_out"] if group == "Other" else 0
        rows.append(_group(f"{group}: those that differ most, {left_out} more differ less" if left_out else group))
        rows += [_number_row(row, shown) for row in own]
    return rows


def sort_rows(rows: Sequence[Mapping[str, Any]], ids: Sequence[int], sort: str | None) -> list[Mapping[str, Any]] | None:
    """Sort by the index of a segment (its id, "-" before it: the smallest first) or by how much the segments differ; None: in groups."""
    if sort == BY_DIFFERENCE:
        return sorted(rows, key=_difference, reverse=True)
    wanted = (sort or "").removeprefix("-")
    if not wanted.isdecimal() or int(wanted) not in ids:
        return None
    place, sign = ids.index(int(wanted)), 1 if (sort or "").startswith("-") else -1
    return sorted(rows, key=lambda row: math.inf if (index := row["segments"][place]["index"]) is None else sign * index)


def _difference(row: Mapping[str, Any]) -> float:
    """Return how far the segment furthest from the average is from it, half as far as twice."""
    known = [figure["index"] for figure in row["segments"] if figure["n"] and figure["index"] is not None]
    return max((abs(math.log(max(index, 1.0) / 100)) for index in known), default=-1.0)


def category_rows(shown: SegmentsOfRun, columns: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Draw the most frequent categories of each column: a cell a segment with index and share."""
    rows = [_head(shown)]
    for column in columns:
        rows.append(
            _group(f"{row_label({'role': None, **column})}, share of customers{_of_how_many(len(column['top']), column['n_categories'])}")
        )
        rows += [_category_row(share, column, shown) for share in column["top"]]
    return rows


def pattern_rows(shown: SegmentsOfRun, patterns: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Draw what, where and how each segment buys: a cell a segment with index and share."""
    rows = [_head(shown)]
    for pattern in patterns:
        title = PATTERNS.get(pattern["label"], pattern["label"])
        base = "mean of all orders" if pattern["base"] == "one order" else f"share of {_BASES.get(pattern['base'], pattern['base'])}"
        rows.append(_group(f"{title}, {base}{_of_how_many(len(pattern['rows']), pattern['n_values'])}{_when(pattern['period'])}"))
        rows += [_pattern_row(row, pattern, shown) for row in pattern["rows"]]
    return rows


def table_of(rows: list[Any], told: str, **options: Any) -> html.Div:
    """Put rows into a table."""
    return html.Div(rows, className="tbl", role="table", **aria(label=told), **options)


def _of_how_many(shown: int, n: int) -> str:
    return f", the {shown} largest of {n:,}" if n > shown else ""


def _when(period: Sequence[str] | None) -> str:
    """Say which months count, where not all of them do."""
    return f", {month(period[0])} – {month(period[1])}" if period else ""


def _head(shown: SegmentsOfRun, sort: str | None = None) -> html.Div:
    """Draw the names of the columns; with ``sort`` they are buttons that sort by it."""
    if sort is None:
        first = html.Div([html.Span("Measure"), html.B("Average")], className="rl hd2", role="columnheader")
        return _row([first, *(segment_head(segment.letter, segment.name) for segment in shown.segments)])
    wanted = IN_GROUPS if sort == BY_DIFFERENCE else BY_DIFFERENCE
    words = "Differs most" if sort == BY_DIFFERENCE else "Measure"
    hint = "Put the measures in groups again" if sort == BY_DIFFERENCE else "Sort by how much the segments differ"
    first = html.Div(
        [_sorter(wanted, [words], sort == BY_DIFFERENCE and "descending", hint), html.B("Average")],
        className="rl hd2",
        role="columnheader",
        **aria(sort="descending" if sort == BY_DIFFERENCE else "none"),
    )
    return _row([first, *(_sorting_head(segment.segment_id, segment.letter, segment.name, sort) for segment in shown.segments)])


def _sorting_head(segment_id: int, letter: str, name: str, sort: str) -> html.Div:
    order = {str(segment_id): "descending", f"-{segment_id}": "ascending"}.get(sort, "none")
    wanted = f"-{segment_id}" if order == "descending" else IN_GROUPS if order == "ascending" else str(segment_id)
    hint = {"descending": "Smallest first", "ascending": "Put the measures in groups again", "none": f"Sort by {name}"}[order]
    inside = _sorter(wanted, [segment_key(letter), html.B(name, title=name)], order != "none" and order, hint)
    return html.Div(inside, className="ch2", role="columnheader", style=segment_colours(letter), **aria(sort=order))


def _sorter(wanted: str, inside: list[Any], order: str | bool, hint: str) -> html.Button:
    mark = html.Span(
        {"descending": "↓", "ascending": "↑"}.get(str(order), "↕"), className="way" if order else "way off", **aria(hidden="true")
    )
    facts: dict[str, Any] = {"data-sort": wanted}
    return html.Button(
        [*inside, mark], id={"type": "index-sort", "by": wanted}, type="button", n_clicks=0, className="sorter", title=hint, **facts
    )


def segment_head(letter: str, name: str) -> html.Div:
    """Draw the head of a segment's column."""
    return html.Div([segment_key(letter), html.B(name, title=name)], className="ch2", role="columnheader", style=segment_colours(letter))


def _row(cells: Sequence[Any]) -> html.Div:
    return html.Div(cells, className="row-of", role="row")


def _group(words: str) -> html.Div:
    return html.Div(html.Div(html.Span(words), className="gr", role="rowheader"), className="row-of", role="row")


def _label(words: str, more: str, title: str) -> html.Div:
    return html.Div([html.Span(words, title=title), html.B(more)], className="rl", role="rowheader")


def _number_row(row: Mapping[str, Any], shown: SegmentsOfRun) -> html.Div:
    label = _label(row_label(row), value_text(row["overall"], row, shown.currency), row["label"])
    cells = [
        _cell(figure["index"], value_text(figure["mean"], row, shown.currency), figure["n"], customers_link(shown, segment.segment_id))
        for segment, figure in zip(shown.segments, row["segments"], strict=True)
    ]
    return _row([label, *cells])


def _category_row(share: Mapping[str, Any], column: Mapping[str, Any], shown: SegmentsOfRun) -> html.Div:
    label = _label(share["category"], percent(share["overall"]), share["category"])
    figures = zip(shown.segments, share["indexes"], share["shares"], column["n"], strict=True)
    cells = [
        _cell(index, percent(own), n, customers_link(shown, segment.segment_id, column["name"], share["category"]))
        for segment, index, own, n in figures
    ]
    return _row([label, *cells])


def _pattern_row(row: Mapping[str, Any], pattern: Mapping[str, Any], shown: SegmentsOfRun) -> html.Div:
    def words(value: float | None) -> str:
        if pattern["unit"] == "share":
            return percent(value)
        return money(value, shown.currency) if row["name"] == "value" else short(value)

    name = _BASKET.get(row["name"], row["name"]) if pattern["base"] == "one order" else row["name"]
    counted = "customers" if pattern["base"] in ("spend", "customers") or pattern["label"] == "bought_where" else "orders"
    cells = []
    for place, segment in enumerate(shown.segments):
        link = customers_link(shown, segment.segment_id, pattern["column"], row["name"])
        cells.append(_cell(row["indexes"][place], words(row["values"][place]), pattern["n"][place], link, counted))
    return _row([_label(name, words(row["overall"]), name), *cells])


def _index_text(index: float | None) -> str:
    """Return an index in full; next to nothing does not read as nothing."""
    return MISSING if index is None else "<1" if 0 < index <= 0.5 else f"{index:,.0f}"


def customers_link(shown: SegmentsOfRun, segment_id: int, column: str | None = None, value: str | None = None) -> str:
    """Return the address of the customers of a segment, of those with a value where one is named; the page's filter goes on."""
    chosen = shown.chosen.replacing(Condition(SEGMENT, (str(segment_id),)))
    if column is not None and value is not None:
        chosen = chosen.replacing(Condition(column, (value,)))
    return href("/customers", {"run": shown.run.id, "filter": write_filter(chosen)})


def _cell(index: float | None, text: str, n: int, link: str, counted: str = "customers") -> html.Div:
    known = index if n else None
    step = step_of(known) if known is not None else 4
    told = f"{text}, of {n:,} {counted}" if n else "not known of anybody here"
    inside: list[Any] = [
        html.B(_index_text(known)),
        text if n else MISSING,
    ]  # few parts: there are hundreds of cells
    if not n:
        return html.Div(inside, className=f"cell d{step}", role="cell", title=told)
    return html.Div(dcc.Link(inside, href=link, title=told), className=f"cell d{step}", role="cell")
