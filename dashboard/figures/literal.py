"""Words from a file or a person, as a figure takes them: Plotly reads tags in every text that it draws."""

from __future__ import annotations

_LONGEST = 80


def literal(text: str) -> str:
    """Return words that Plotly shows as they stand: no tag in them is bold, a new line or a link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def literal_in_short(text: str) -> str:
    """Return the beginning of words as they stand, for a hover: it does not break its lines."""
    return literal(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…")
