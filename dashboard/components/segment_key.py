"""A segment's letter in its colour, the same on every page."""

from __future__ import annotations

from dash import html

from dashboard.components.basics import hidden
from dashboard.queries.segments import COLOURED


def colour_of(letter: str) -> str:
    """Return the colour of a segment."""
    return f"var(--seg-{COLOURED.index(letter) + 1})" if letter in COLOURED else "var(--cl-ref)"


def colour_on(letter: str) -> str:
    """Return the colour of a letter on that of its segment."""
    return f"var(--seg-{COLOURED.index(letter) + 1}-on)" if letter in COLOURED else "var(--cl-surface)"


def segment_colours(letter: str) -> dict[str, str]:
    """Return the style that gives an element, and what is in it, the colours of a segment."""
    return {"--c": colour_of(letter), "--on": colour_on(letter)}


def segment_key(letter: str) -> html.Span:
    """Draw the letter on its colour."""
    return html.Span([hidden("Segment "), letter], className="key", style=segment_colours(letter))
