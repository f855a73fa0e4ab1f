"""The colours of a report: the light theme of the style sheet (a test compares them), since paper is light."""

from __future__ import annotations

TEXT, SECOND, THIRD = "1D1F20", "55544E", "66645D"
SURFACE, PAGE, SUNKEN, LINE = "FFFFFF", "F6F5F1", "F1EFEA", "E2DFD7"
ACCENT, ACCENT_SOFT = "0B5C6E", "E1EEF0"
DATA, DATA_SECOND, REFERENCE, GRID, AXIS = "1C7183", "B2621F", "958F81", "ECEAE4", "C9C5BA"

SEGMENTS = {
    "A": ("1D97CA", "0F1416"),
    "B": ("CB6A05", "0F1416"),
    "C": ("017052", "FFFFFF"),
    "D": ("965782", "FFFFFF"),
    "E": ("605600", "FFFFFF"),
    "F": ("6851D2", "FFFFFF"),
    "G": ("611E13", "FFFFFF"),
    "H": ("0E2098", "FFFFFF"),
    "I": ("719859", "0F1416"),
    "J": ("36383D", "FFFFFF"),
}
"""A segment's colour, and that of the letter on it."""
OTHER_SEGMENT = (REFERENCE, SURFACE)
"""Of the segments after the tenth: they are told by their letter only."""

VERDICTS = {"use": ("17633F", "E0F0E6", "✓"), "care": ("7A4A00", "FAEDCF", "!"), "no": ("8F2B1F", "F9E4DF", "×")}
"""Of each look: the colour of its words, of the ground below them, and its sign."""


def segment_colours(letter: str) -> tuple[str, str]:
    """Return the colour of a segment, and that of the letter on it."""
    return SEGMENTS.get(letter, OTHER_SEGMENT)
