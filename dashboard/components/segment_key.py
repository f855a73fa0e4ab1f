"""A segment's letter in its colour, the same on every page."""

from __future__ import annotations

from dash import html

from dashboard.components.basics import hidden
from dashboard.figures.segments import colour_of, colour_on


def segment_colours(letter: str) -> dict[str, str]:
    """Return the style that gives an element, and what is in it, the colours of a segment."""
    return {"--c": colour_of(letter), "--on": colour_on(letter)}


def segment_key(letter: str) -> html.Span:
    """Draw the letter on its colour."""
    return html.Span([hidden("Segment "), letter], className="key", style=segment_colours(letter))
