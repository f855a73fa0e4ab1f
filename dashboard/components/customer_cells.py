"""Cells and addresses of customers: values as people read them, and the way to one customer or to another view of the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from dashboard.components.basics import href
from dashboard.components.predict_words import capital
from dashboard.components.segment_key import segment_key
from dashboard.formats import MISSING, day, is_year, money, whole
from dashboard.queries.customer_list import ListColumn
from dashboard.queries.segments import ShownSegment

PATH = "/customers"
STATE = ("dataset", "run", "filter", "moved", "search", "sort", "columns", "page")
"""What the address says of the list."""


def address(query: Mapping[str, str], **changes: str | None) -> str:
    """Return the address of another view of the list; None takes something off."""
    kept = {name: query[name] for name in STATE if name in query}
    return href(PATH, {**kept, **changes})


def column_words(column: ListColumn) -> str:
    """Return the head of a column."""
    return capital(column.label)


def is_figure(column: ListColumn) -> bool:
    """Tell whether a column stands right, in figures."""
    return column.kind in ("number", "money", "day")


def value_cell(column: ListColumn, value: Any, segments: Sequence[ShownSegment], currency: str | None, is_hidden: bool) -> Any:
    """Return what stands in a cell."""
    if is_hidden:
        return html.Span("hidden", className="dim", title="Personal data are shown to those who may export them")
    if column.kind == "segment":
        return segment_cell(value, segments)
    if value is None:
        return html.Span(MISSING, className="dim")
    if column.kind == "money":
        return money_words(value, column, currency)
    if column.kind == "day":
        return day(value)
    return number_words(value, column) if column.kind == "number" else value


def money_words(value: float, column: ListColumn, currency: str | None) -> str:
    """Return money in full; without cents where no customer has any."""
    words = money(value, currency, is_short=False)
    return words.removesuffix(".00") if column.is_whole else words


def number_words(value: float, column: ListColumn) -> str:
    """Return a number that is no money in full: 1,234 or 12.5; a year as it is."""
    if column.name == "birth_year" or is_year(value, column.label, column.unit):
        return f"{value:.0f}"
    return whole(value) if value == int(value) else f"{value:,.4g}".replace("-", "−") if abs(value) < 1_000 else f"{value:,.1f}"


def segment_cell(segment_id: int | None, segments: Sequence[ShownSegment]) -> Any:
    """Draw the letter and the name of a segment."""
    segment = next((each for each in segments if each.segment_id == segment_id), None)
    if segment is None:
        return html.Span("Not segmented", className="dim")
    return html.Span([segment_key(segment.letter), html.Span(segment.name)], className="seg-of")
