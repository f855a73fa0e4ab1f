"""Segments against the average: a table of coloured cells, and the most frequent categories."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from dash import html

from dashboard.components.basics import aria
from dashboard.components.segment_key import segment_colours, segment_key
from dashboard.formats import MISSING, money, percent, short
from dashboard.queries.segments import SegmentsOfRun

LABELS = {
    "monetary_total": "Revenue per customer",
    "frequency_orders": "Orders per customer",
    "order_value_mean": "Average order, by customer",
    "recency_days": "Days since last order",
    "tenure_days": "Days since first order",
    "items_total": "Pieces per customer",
    "products_distinct": "Different products",
    "income": "Yearly income",
}
"""What a measure is called here, where it is not what sentences call it."""
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


def index_table(shown: SegmentsOfRun, comparison: Mapping[str, Any]) -> html.Div:
    """Draw the table: a row a column of the data, a cell a segment with index and figure."""
    rows = [_head(shown)]
    for group, own in groupby(comparison["numbers"], key=lambda row: row["group"]):
        left_out = comparison["n_left_out"] if group == "Other" else 0
        rows.append(_group(f"{group}: those that differ most, {left_out} more differ less" if left_out else group))
        rows += [_number_row(row, shown) for row in own]
    return html.Div(rows, className="tbl", role="table", **aria(label="Segments compared with the average"))


def category_table(shown: SegmentsOfRun, columns: Sequence[Mapping[str, Any]]) -> html.Div:
    """Draw the most frequent categories of each column: a cell a segment with index and share."""
    rows = [_head(shown)]
    for column in columns:
        rows.append(_group(f"{row_label({'role': None, **column})}{_of_how_many(column)}"))
        rows += [_category_row(share, column) for share in column["top"]]
    return html.Div(rows, className="tbl", role="table", **aria(label="Categories compared with the average"))


def _of_how_many(column: Mapping[str, Any]) -> str:
    more = column["n_categories"] - len(column["top"])
    return f", the {len(column['top'])} most frequent of {column['n_categories']}" if more > 0 else ""


def _head(shown: SegmentsOfRun) -> html.Div:
    first = html.Div([html.Span("Measure"), html.B("Average")], className="rl hd2", role="columnheader")
    return _row([first, *(segment_head(segment.letter, segment.name) for segment in shown.segments)])


def segment_head(letter: str, name: str) -> html.Div:
    """Draw the head of a segment's column."""
    return html.Div([segment_key(letter), html.B(name, title=name)], className="ch2", role="columnheader", style=segment_colours(letter))


def _row(cells: Sequence[Any]) -> html.Div:
    return html.Div(cells, className="row-of", role="row")


def _group(words: str) -> html.Div:
    return html.Div(html.Div(html.Span(words), className="gr", role="rowheader"), className="row-of", role="row")


def _number_row(row: Mapping[str, Any], shown: SegmentsOfRun) -> html.Div:
    average = value_text(row["overall"], row, shown.currency)
    label = html.Div([html.Span(row_label(row), title=row["label"]), html.B(average)], className="rl", role="rowheader")
    figures = [(figure["index"], value_text(figure["mean"], row, shown.currency), figure["n"]) for figure in row["segments"]]
    return _row([label, *(_cell(*figure) for figure in figures)])


def _category_row(share: Mapping[str, Any], column: Mapping[str, Any]) -> html.Div:
    label = html.Div(
        [html.Span(share["category"], title=share["category"]), html.B(percent(share["overall"]))], className="rl", role="rowheader"
    )
    figures = zip(share["indexes"], share["shares"], column["n"], strict=True)
    return _row([label, *(_cell(index, percent(own), n) for index, own, n in figures)])


def _cell(index: float | None, text: str, n: int) -> html.Div:
    known = index if n else None
    step = step_of(known) if known is not None else 4
    told = f"{text}, of {n:,} customers" if n else "not known of anybody here"
    return html.Div(
        [html.B(MISSING if known is None else f"{known:,.0f}"), html.Span(text if n else MISSING)],
        className="cell",
        role="cell",
        title=told,
        style={"background": f"var(--div-{step})", "color": f"var(--div-t{step})"},
    )
