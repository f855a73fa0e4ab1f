"""The drawings of the page of segments, as plain data in tokens of colour."""

from __future__ import annotations

COLOURED = "ABCDEFGHIJ"
"""Ten colours can be told apart; further segments are told by their letter only."""


def colour_of(letter: str) -> str:
    """Return the colour of a segment."""
    return f"var(--seg-{COLOURED.index(letter) + 1})" if letter in COLOURED else "var(--cl-ref)"


def colour_on(letter: str) -> str:
    """Return the colour of a letter on that of its segment."""
    return f"var(--seg-{COLOURED.index(letter) + 1}-on)" if letter in COLOURED else "var(--cl-surface)"
