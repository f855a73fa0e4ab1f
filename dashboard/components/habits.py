"""How each segment buys: days of the week, months, goods. Bars of the page itself, in the columns of the matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from dash import html

from dashboard.components.basics import aria
from dashboard.components.segment_key import segment_colours
from dashboard.formats import days, percent
from dashboard.queries.segments import SegmentsOfRun, ShownSegment

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_GOODS = {"category": "Top categories", "product": "Top products", None: "Top products"}


def habit_rows(shown: SegmentsOfRun, habits: Mapping[str, Any]) -> list[Any]:
    """Draw three rows of the matrix, a cell a segment."""
    what = "revenue" if habits["has_money"] else "orders"
    period = days(_day(habits["first_second"]), _day(habits["last_second"]))
    rows = [
        _label("Orders by weekday", "share of the week"),
        *(_weekdays(segment, own, _tallest(habits["weekdays"])) for segment, own in _with(shown, habits["weekdays"])),
        _label(f"{what.capitalize()} by month", period),
        *(
            _months(segment, own, habits["first_month"], _tallest(habits["months"]), what)
            for segment, own in _with(shown, habits["months"])
        ),
    ]
    if any(habits["top_goods"]) and habits["n_goods"] > 1:
        largest = max(share for own in habits["top_goods"] for _, share in own)
        rows.append(_label(_GOODS[habits["goods"]], f"share of {what if habits['has_money'] else 'lines'}"))
        rows += [
            _goods(segment, own, largest, "good" if habits["goods"] == "category" else "good long")
            for segment, own in _with(shown, habits["top_goods"])
        ]
    return rows


def _with(shown: SegmentsOfRun, values: Sequence[Any]) -> list[tuple[ShownSegment, Any]]:
    return list(zip(shown.segments, values, strict=True))


def _tallest(table: Sequence[Sequence[float]]) -> float:
    return max(max(row) for row in table) or 1.0


def _day(second: int) -> date:
    return datetime.fromtimestamp(second, UTC).date()


def _label(words: str, more: str) -> html.Div:
    return html.Div(html.Span([words, html.Br(), html.Em(more)]), className="rl tall")


def _cell(inside: Sequence[Any], segment: ShownSegment, told: str) -> html.Div:
    return html.Div(html.Div(inside, role="img", **aria(label=told)), className="pc", style=segment_colours(segment.letter))


def _nothing(segment: ShownSegment, words: str) -> html.Div:
    """Say that there is nothing to draw, instead of bars without height."""
    return html.Div(html.P(words, className="xs dim"), className="pc", style=segment_colours(segment.letter))


def _weekdays(segment: ShownSegment, shares: Sequence[float], tallest: float) -> html.Div:
    if max(shares) <= 0:
        return _nothing(segment, "No orders")
    told = f"{segment.name}, orders by weekday: " + ", ".join(f"{name} {percent(own)}" for name, own in zip(_WEEKDAYS, shares, strict=True))
    peak = max(range(7), key=lambda place: shares[place])
    bars = _bars(shares, peak, tallest, [f"{name}: {percent(own)}" for name, own in zip(_WEEKDAYS, shares, strict=True)])
    letters = html.Div(
        [html.Span(name[0], className="on" if place == peak else None) for place, name in enumerate(_WEEKDAYS)], className="ticks"
    )
    return _cell([_peak(percent(shares[peak]), peak, 7), bars, letters], segment, told)


def _months(segment: ShownSegment, shares: Sequence[float], first: str, tallest: float, what: str) -> html.Div:
    if max(shares) <= 0:
        return _nothing(segment, f"No {what} in these months")
    names = [_month_name(first, place) for place in range(len(shares))]
    peak = max(range(len(shares)), key=lambda place: shares[place])
    told = f"{segment.name}, {what} by month: highest in {names[peak]} with {percent(shares[peak])}"
    bars = _bars(shares, peak, tallest, [f"{name}: {percent(own, 1)}" for name, own in zip(names, shares, strict=True)])
    ends = html.Div([html.Span(names[0]), html.Span(names[-1] if len(names) > 1 else "")], className="ends")
    return _cell([_peak(f"{names[peak]} {percent(shares[peak])}", peak, len(shares)), bars, ends], segment, told)


def _month_name(first: str, place: int) -> str:
    months = int(first[:4]) * 12 + int(first[5:]) - 1 + place
    return f"{date(months // 12, months % 12 + 1, 1):%b %Y}"


def _peak(words: str, place: int, count: int) -> html.B:
    """Name the highest bar, above it where there is room."""
    middle = (place + 0.5) / count
    look = (
        {"left": "0"}
        if middle < 0.25
        else {"right": "0"}
        if middle > 0.75
        else {"left": f"{100 * middle:.0f}%", "transform": "translateX(-50%)"}
    )
    return html.B(words, className="peak", style=look)


def _bars(shares: Sequence[float], peak: int, tallest: float, titles: Sequence[str]) -> html.Div:
    bars = [
        html.I(title=title, className="on" if place == peak else None, style={"height": f"{100 * max(share, 0) / tallest:.1f}%"})
        for place, (share, title) in enumerate(zip(shares, titles, strict=True))
    ]
    return html.Div(bars, className="bars" if len(bars) <= 12 else "bars thin")


def _goods(segment: ShownSegment, top: Sequence[tuple[str, float]], largest: float, look: str) -> html.Div:
    if not top:
        return _nothing(segment, "Nothing bought")
    told = f"{segment.name} buy most: " + ", ".join(f"{name} {percent(share)}" for name, share in top)
    rows = []
    for name, share in top:
        bar = html.I(style={"width": f"{100 * share / largest:.0f}%"})
        rows.append(html.Div([html.Span(name, title=name), html.Span(bar, className="track"), html.Span(percent(share))], className=look))
    return _cell(rows, segment, told)
