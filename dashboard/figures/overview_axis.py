"""A value axis with a line at zero, for numbers that may lie below it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from dashboard.figures.overview_chart import round_words, ticks
from segmentation.measures.demographics import round_step

_MOST_TICKS_A_SIDE = 3


def value_axis(lowest: float, highest: float, words: Callable[[float], str], most: int = 4) -> dict[str, Any]:
    """Return an axis from zero up; where there are values below zero from there, with a line at zero."""
    if lowest >= 0:
        return ticks(highest, words, most)
    step = round_step(max(highest, -lowest) / _MOST_TICKS_A_SIDE)
    values = [step * place for place in range(math.ceil(lowest / step), math.floor(max(highest, 0) / step) + 1)]
    named = [round_words(words(value)) if value else "0" for value in values]
    edge = 0.06 * (max(highest, 0) - lowest)
    zero = {"zeroline": True, "zerolinecolor": "var(--cl-axis)", "zerolinewidth": 1}
    return {"tickvals": values, "ticktext": named, "range": [lowest - edge, max(highest, 0) + edge], **zero}
