"""The way from a file to segments, with the step that the person is at."""

from __future__ import annotations

from dash import html

from dashboard.components.basics import aria, icon

_STEPS = ("Choose a file", "Check columns", "Import", "Find segments")


def way_line(current: int) -> html.Ol:
    """Draw the four steps; ``current`` counts from 1."""
    return html.Ol([_step(number, words, current) for number, words in enumerate(_STEPS, start=1)], className="steps")


def _step(number: int, words: str, current: int) -> html.Li:
    if number < current:
        return html.Li([html.Span(icon("tick")), words], className="done")
    return html.Li(
        [html.Span(str(number)), words], className="on" if number == current else "", **(aria(current="step") if number == current else {})
    )
