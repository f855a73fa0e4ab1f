"""The bar of filters below the title: dates, segments, every column, what is chosen and how many customers that leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from dash import dcc, html

from dashboard.components.basics import aria, data, icon
from dashboard.components.filters import choice_words
from dashboard.components.segment_key import segment_key
from dashboard.formats import days, is_year, money, plain, whole
from dashboard.queries.filtering import MOST_SHOWN, Field, Value
from dashboard.queries.segments import ShownSegment
from segmentation.measures.filters import DAYS, SEGMENT, Condition, CustomerFilter, Days, write_filter

PANEL = "filter-panel"


@dataclass(frozen=True)
class Left:
    """How many customers a filter leaves of all, and how much of their money; None without money."""

    n: int
    of: int
    money: float | None = None
    of_money: float | None = None


def pick_button(words: Any, condition: Condition, look: str = "", **options: Any) -> html.Button:
    """Draw a button that sets a condition, or takes it off where it is set (see ``assets/filters.js``)."""
    pick = data(pick=write_filter(CustomerFilter((condition,))))
    return html.Button(words, type="button", className=f"pick-one {look}".strip(), **pick, **options)


def left_words(left: Left, currency: str | None) -> html.Span:
    """Draw how many are left, with a bar."""
    share = left.n / left.of if left.of else 0.0
    told: list[Any] = [html.B(whole(left.n)), f" of {whole(left.of)} customers left"]
    if left.money is not None and left.of_money is not None:
        told += [" · ", html.B(money(left.money, currency)), f" of {money(left.of_money, currency)}"]
    return html.Span([html.I(style={"--v": f"{100 * share:.1f}%"}, **aria(hidden="true")), html.Span(told)], className="left")


def add_menu(fields: Sequence[Field]) -> html.Details:
    """Draw the menu of everything that can be filtered by; the values of what is chosen in it come when they are asked for."""
    entries = [html.Li(html.Button(field.label, type="button", **data(field=field.column), **aria(controls=PANEL))) for field in fields]
    values = html.Div(id=PANEL, className="values", **aria(live="polite"))
    inside = html.Div([html.Ul(entries, className="fields"), values], className="pop")
    return html.Details([html.Summary([icon("plus"), "Add filter"], className="btn ghost"), inside], className="popup add-filter")


def segment_menu(segments: Sequence[ShownSegment]) -> html.Details | None:
    """Draw the segments of the run shown, to choose some of them."""
    if not segments:
        return None
    entries = [
        pick_button([segment_key(each.letter), each.name, html.Small(whole(each.size))], Condition(SEGMENT, (str(each.segment_id),)), "add")
        for each in segments
    ]
    inside = html.Ul([html.Li(entry) for entry in entries], className="pop", **aria(label="Segments"))
    return html.Details([html.Summary(["Segment", icon("down")], className="btn ghost"), inside], className="popup")


def values_panel(field: Field, values: Sequence[Value], search: str, currency: str | None) -> list[Any]:
    """Draw the values of a column, to choose some; those of a long one can be searched."""
    marks = [_value_button(value, field, currency) for value in values]
    searching = [_search_box(field, search)] if search or len(values) >= MOST_SHOWN else []
    none = [] if marks else [html.P("Nothing like this here.", className="dim")]
    more = [html.P(f"The first {MOST_SHOWN}. Search for others.", className="xs dim")] if len(values) >= MOST_SHOWN else []
    return [html.H2(field.label), *searching, html.Ul([html.Li(mark) for mark in marks]), *none, *more]


def _value_button(value: Value, field: Field, currency: str | None) -> html.Button:
    words = value.words if value.words != value.text else choice_words(value.text, field, currency)
    return pick_button([html.Span(words), html.Small(whole(value.n))], Condition(field.column, (value.text,)), "add")


def number_panel(field: Field, ends: tuple[float, float], currency: str | None) -> list[Any]:
    """Draw two fields for the ends of a range of numbers."""
    told = f"From {_number(ends[0], field, currency)} to {_number(ends[1], field, currency)} in this dataset."
    last = "To" if field.is_whole else "To below"
    low, high = (f"{end:.0f}" if field.is_whole else str(end) for end in ends)
    inputs = html.Div([_input("From", "low", low), _input(last, "high", high)], className="ends")
    how = data(range=field.column, whole=str(field.is_whole).lower())
    apply = html.Button("Apply", type="button", className="btn primary", **how)
    return [html.H2(field.label), html.P(told, className="xs dim"), inputs, apply]


def period_menu(first: date, last: date, label: Any) -> html.Details:
    """Draw the range of dates: as it is, ready-made ones, and from a day to a day."""
    ranges = html.Ul([html.Li(_range_button(words, span)) for words, span in presets(first, last)])
    ends = (("From", "low", first), ("To", "high", last))
    inputs = html.Div([_input(words, name, day.isoformat()) for words, name, day in ends], className="ends")
    apply = html.Button("Apply", type="button", className="btn primary", **data(range=DAYS))
    summary = html.Summary([icon("calendar"), html.Span(label, id="overview-period"), icon("down")], className="btn")
    return html.Details([summary, html.Div([ranges, inputs, apply], className="pop dates")], className="popup period")


def presets(first: date, last: date) -> list[tuple[str, Days | None]]:
    """Return ready-made ranges that end with the last day of the data, those that are shorter than the data; first of all, all of it."""
    month = last.replace(day=1)
    spans = [
        ("Last 12 months", _months_back(month, 11), last),
        ("Last 6 months", _months_back(month, 5), last),
        ("Last 3 months", _months_back(month, 2), last),
        (f"This year ({last.year})", date(last.year, 1, 1), last),
        (f"Last year ({last.year - 1})", date(last.year - 1, 1, 1), date(last.year - 1, 12, 31)),
    ]
    fitting = [(words, Days(start, end)) for words, start, end in spans if start > first - timedelta(3) and end > first]
    return [("All dates", None), *fitting]


def _months_back(month: date, n: int) -> date:
    years, place = divmod(12 * month.year + month.month - 1 - n, 12)
    return date(years, place + 1, 1)


def _range_button(words: str, span: Days | None) -> html.Button:
    if span is None:
        return html.Button(words, type="button", className="pick-one", **data(drop="@days @month"))
    return pick_button([words, html.Small(days(span.first, span.last))], Condition(DAYS, (span,)))


def _search_box(field: Field, search: str) -> Any:
    hint = f"Search {field.label.lower()}"
    return dcc.Input(id="filter-search", type="text", value=search, placeholder=hint, className="search", debounce=0.25)


def _input(words: str, name: str, hint: str) -> html.Label:
    return html.Label([words, dcc.Input(type="text", name=name, placeholder=hint, autoComplete="off")])


def _number(value: float, field: Field, currency: str | None) -> str:
    if is_year(value, field.label, field.unit):
        return f"{value:.0f}"
    return money(value, currency, is_short=False) if field.unit == "money" else whole(value) if value == round(value) else plain(value)
