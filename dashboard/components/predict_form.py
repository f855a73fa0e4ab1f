"""The form that describes one customer: a field for everything that the run takes, with what is usual and what is wrong."""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from dashboard.components.basics import button, card
from dashboard.components.predict_words import capital, unit_words, value_words
from dashboard.queries.predict_form import LONGEST, Described, Field

_SETTLED_MS = 350
"""How long somebody has stopped typing before the answer is asked for."""
_FINDING = "The answer follows as you type."
_NOTE = "Filled in with a customer in the middle of them all. The address of this page holds the values: copy it to share them."


def field_id(name: str) -> dict[str, str]:
    """Return the id of the control of a feature."""
    return {"type": "predict", "name": name}


def problem_id(name: str) -> dict[str, str]:
    """Return the id of the place where is said what is wrong with it."""
    return {"type": "predict-problem", "name": name}


def person_form(described: Described, currency: str | None) -> html.Section:
    """Draw the form as it stands."""
    fields = [_field(field, described, currency) for field in described.fields]
    again = button("Start again", "predict-again", "ghost small")
    return card("Describe a customer", html.Div(fields, className="fields"), _FINDING, _NOTE, look="form", actions=again)


def _field(field: Field, described: Described, currency: str | None) -> html.Div:
    text, problem = described.typed[field.name], described.problems.get(field.name)
    unit = unit_words(field.label, field.unit, currency)
    label = html.Span([capital(field.label), html.Small(unit) if unit else None])
    control = _words(field, text) if field.kind == "category" else _number(field, text)
    place = html.P(problem, id=problem_id(field.name), className="wrong", role="alert")
    return html.Div([html.Label([label, control]), _usual(field, currency), place], className="field")


def _number(field: Field, text: str) -> dbc.Input:
    """Draw a box that takes any text; nothing of it is ever changed from outside, which would undo what is being typed."""
    facts: dict[str, Any] = {"autocomplete": "off", "maxlength": LONGEST, "debounce": _SETTLED_MS}
    return dbc.Input(id=field_id(field.name), type="text", value=text, placeholder="not known", **facts)


def _words(field: Field, text: str) -> dbc.Select:
    known = list(field.levels)
    strange = [text] if text and text not in known else []
    options = [{"value": "", "label": "not known"}, *({"value": level, "label": level} for level in (*known, *strange))]
    return dbc.Select(id=field_id(field.name), options=options, value=text)


def _usual(field: Field, currency: str | None) -> html.P | None:
    """Say where most customers of the run are, and the least and the greatest of all."""
    if field.every is None:
        n = len(field.levels)
        return html.P(f"{n} different in the run, the most frequent first", className="usual") if n else None
    every = _range(field.every, field, currency)
    words = f"most {_range(field.usual, field, currency)}; all {every}" if field.usual else f"all {every}"
    return html.P(words, className="usual", title="Most: eight in ten customers of the run")


def _range(ends: tuple[float, float], field: Field, currency: str | None) -> str:
    first, last = (value_words(end, field.unit, currency) for end in ends)
    return f"{first} to {last}"
