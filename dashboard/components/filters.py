"""Filters in words: chips that take one off, and how many customers are left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.components.basics import aria, data, icon
from dashboard.formats import day, days, is_year, money, plain, whole
from dashboard.queries.filtering import Field, find_field
from segmentation.measures.filters import FIRST_MONTH, MONTH, UNKNOWN, WEEK_HOUR, WEEKDAY, Band, Choice, Condition, CustomerFilter, Days

_WEEKDAYS = {
    "Mon": "Monday", "Tue": "Tuesday", "Wed": "Wednesday", "Thu": "Thursday", "Fri": "Friday", "Sat": "Saturday", "Sun": "Sunday",
}  # fmt: skip
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MOST_NAMED = 3
_LONGEST = 40


def filter_chips(chosen: CustomerFilter, fields: Sequence[Field], currency: str | None = None) -> list[Any]:
    """Draw a chip for each condition, whose button takes it off, and a button that takes all off."""
    drawn: list[Any] = [_chip(condition, find_field(fields, condition.column), currency) for condition in chosen.conditions]
    if drawn:
        reset = html.Button("Reset", type="button", className="btn ghost reset", **data(drop="*"), **aria(label="Take all filters off"))
        drawn.append(reset)
    return drawn


def _chip(condition: Condition, field: Field, currency: str | None) -> html.Span:
    words = condition_words(condition, field, currency)
    label = aria(label=f"Take off: {field.label} {words}")
    off = html.Button(icon("cross"), type="button", title="Take this filter off", **data(drop=condition.column), **label)
    return html.Span([html.Span(f"{field.label}:"), words, off], className="chip")


def filter_words(chosen: CustomerFilter, fields: Sequence[Field], currency: str | None = None) -> list[str]:
    """Return each condition in words: "Country: France or Spain"."""
    found = [(condition, find_field(fields, condition.column)) for condition in chosen.conditions]
    return [f"{field.label}: {condition_words(condition, field, currency)}" for condition, field in found]


def condition_words(condition: Condition, field: Field, currency: str | None = None) -> str:
    """Return the choices of a condition in words: France or Spain; 25 to 34; Nov 2011."""
    words = [choice_words(choice, field, currency) for choice in condition.choices]
    words = [each if len(each) <= _LONGEST else f"{each[: _LONGEST - 1].rstrip()}…" for each in words]
    if len(words) > _MOST_NAMED + 1:
        return f"{', '.join(words[:_MOST_NAMED])} or {len(words) - _MOST_NAMED} others"
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def choice_words(choice: Choice, field: Field, currency: str | None = None) -> str:
    """Return one choice in words."""
    if isinstance(choice, Days):
        return _days_words(choice)
    if isinstance(choice, Band):
        return _band_words(choice, field, currency)
    if choice in field.names or choice == UNKNOWN:
        return field.names.get(choice, "not known")
    return _text_words(choice, field)


def _text_words(text: str, field: Field) -> str:
    if field.kind == "yes" or field.column == "consent":
        return {"1": "yes", "0": "no"}.get(text, text)
    if field.column in (MONTH, FIRST_MONTH):
        return month_words(text)
    name, _, hour = text.partition(" ")
    if field.column == WEEK_HOUR and hour.isdecimal():
        return f"{_WEEKDAYS.get(name, name)} {hour} to {int(hour) + 1} o'clock"
    return _WEEKDAYS.get(text, text) if field.column == WEEKDAY else text


def month_words(text: str) -> str:
    """Return "2011-11" as "Nov 2011"; what is no month as it stands."""
    year, _, month = text.partition("-")
    return f"{_MONTHS[int(month) - 1]} {year}" if month.isdecimal() and 1 <= int(month) <= len(_MONTHS) else text


def _days_words(choice: Days) -> str:
    if choice.first is None:
        return f"up to {day(choice.last)}"
    if choice.last is None:
        return f"from {day(choice.first)}"
    return day(choice.first) if choice.first == choice.last else days(choice.first, choice.last)


def _band_words(band: Band, field: Field, currency: str | None) -> str:
    def words(value: float) -> str:
        if is_year(value, field.label, field.unit):
            return f"{value:.0f}"
        return money(value, currency) if field.unit == "money" else whole(value) if value == round(value) else plain(value)

    if band.low is None:
        return f"below {words(band.high or 0.0)}"
    if band.high is None:
        return f"{words(band.low)} and more"
    if field.is_whole and field.unit != "money":
        return words(band.low) if band.high - band.low <= 1 else f"{words(band.low)} to {words(band.high - 1)}"
    return f"{words(band.low)} to below {words(band.high)}"
