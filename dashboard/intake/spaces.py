"""Cells that only spaces keep apart: one delimiter for every run of them."""

from __future__ import annotations

import re

SPACES = " "
"""Runs of spaces and tabs."""
GAPS = "  "
"""Runs of two spaces or more: a single one belongs to the cell."""
UNIT = "\x1f"
"""Stands between the cells instead; no text file holds this character."""
_RUNS = {SPACES: r"[ \t]+", GAPS: r"[ \t]*\t[ \t]*|  +"}


def is_spaced(delimiter: str) -> bool:
    """Tell whether nothing but spaces keeps the cells apart."""
    return delimiter in _RUNS


def with_units(text: str, delimiter: str, quote: str | None) -> str:
    r"""Return lines that end with \n with one unit in the place of each run of spaces outside of quotation marks."""
    text = re.sub(r"(?m)^[ \t]+|(?<![ \t])[ \t]+$", "", text)  # tried once a run: a run of a million takes no hour
    if not quote or quote not in text:
        return re.sub(_RUNS[delimiter], UNIT, text)
    kept = rf"(?m)(?:(?<=[ \t])|^)({quote}(?:[^{quote}\n]|{quote}{quote})*{quote})(?=[ \t]|$)|{_RUNS[delimiter]}"
    return re.sub(kept, lambda found: found[1] or UNIT, text)
