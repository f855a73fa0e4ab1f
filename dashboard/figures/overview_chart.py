"""One chart of the overview: the figure, what is said around it, the numbers behind it, and how it wants to stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from unicodedata import east_asian_width

from dashboard.components.charts import DataTable, Told
from dashboard.figures.literal import literal
from dashboard.formats import percent
from segmentation.measures.demographics import round_step

TEXT = "var(--bs-body-color)"
SECOND = "var(--bs-secondary-color)"
THIRD = "var(--bs-tertiary-color)"
DATA, DATA_2, SOFT, DATA_2_SOFT = "var(--cl-data)", "var(--cl-data-2)", "var(--cl-data-soft)", "var(--cl-data-2)@.3"
REFERENCE, OTHERS, SURFACE = "var(--cl-ref-strong)", "var(--cl-ref)", "var(--cl-surface)"
HEIGHT = 222
_LINE = 15


@dataclass(frozen=True)
class Chart:
    """A chart and its card. ``legend`` is pairs of a look ("data", "soft", "tick") and words; ``beside`` a second figure on its left."""

    name: str
    told: Told
    figure: dict[str, Any]
    aria: str
    data: DataTable
    height: int = HEIGHT
    is_wide: bool = False
    legend: Sequence[tuple[str, str]] = ()
    beside: dict[str, Any] | None = None


def ticks(highest: float, words: Callable[[float], str], most: int = 4) -> dict[str, Any]:
    """Return the round values of an axis from 0 up to the highest, with their words, as Plotly's axis takes them."""
    step = round_step(highest / most) if highest > 0 else 1.0
    values = [step * place for place in range(int(highest / step + 0.25) + 1)]
    top = max(highest, values[-1]) * 1.06
    return {"tickvals": values, "ticktext": [round_words(words(value)) if value else "0" for value in values], "range": [0, top]}


def round_words(text: str) -> str:
    """Return the words of a round number without noughts behind the point: 50 k, not 50.0 k."""
    return re.sub(r"\.0+(?=\D|$)", "", re.sub(r"(\.\d*?[1-9])0+(?=\D|$)", r"\1", text))


def label(x: float, y: float, text: str, **options: Any) -> dict[str, Any]:
    """Return words at a point of a figure."""
    font = {"size": 11.5, "color": options.pop("colour", TEXT), "weight": options.pop("weight", 620)}
    return {"x": x, "y": y, "text": literal(text), "showarrow": False, "font": font, **options}


def words_trace(labels: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return labels at points of a figure as one trace: many of them are drawn several times faster so. Pixels of shift are not kept."""
    fonts = [each["font"] for each in labels]
    return {
        "type": "scatter",
        "mode": "text",
        "x": [each["x"] for each in labels],
        "y": [each["y"] for each in labels],
        "text": [each["text"] for each in labels],
        "textposition": [_BESIDE[each.get("xanchor", "center")] for each in labels],
        "textfont": {"size": 11.5, "color": [font["color"] for font in fonts], "weight": [font["weight"] for font in fonts]},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


_BESIDE = {"center": "middle center", "left": "middle right", "right": "middle left"}
"""An anchor on the left has the words on its right."""


def with_room(layout: dict[str, Any]) -> dict[str, Any]:
    """Return a layout whose margins have room for the words at its axes: Plotly would find it by drawing everything twice."""
    across, up = layout["xaxis"], layout["yaxis"]
    n_lines = max(words.count("<br>") + 1 for words in across["ticktext"])
    bottom = 6 + _LINE * n_lines + (_LINE + 8 if across.get("title", {}).get("text") else 0)
    left = max([text_width(words) for words in up.get("ticktext", ())], default=0.0) + 8
    margin = layout["margin"]
    room = {**margin, "l": max(margin["l"], left), "b": max(margin["b"], bottom)}
    return {**layout, "xaxis": {**across, "automargin": False}, "yaxis": {**up, "automargin": False}, "margin": room}


def month_name(name: str, with_year: bool = True) -> str:
    """Return "2026-11" as "Nov 2026" or "Nov"."""
    return f"{date.fromisoformat(name + '-01'):{'%b %Y' if with_year else '%b'}}"


def full_month_name(name: str) -> str:
    """Return "2026-11" as "November"."""
    return f"{date.fromisoformat(name + '-01'):%B}"


def text_width(text: str) -> float:
    """Return about how wide words are at the size of chart text, in pixels; rather too wide than cut off."""
    return sum(map(_char_width, text))


def _char_width(char: str) -> float:
    if east_asian_width(char) in "WF":
        return 12.0
    return 4.2 if char in "iljtfrI.,:;'|()[] ·" else 9.5 if char in "mwMW@%" else 8.0 if char.isupper() else 6.9


def cut(text: str, n: int = 20) -> str:
    """Return words that fit beside a chart; the whole stands in the table and on hover."""
    return text if len(text) <= n else text[: n - 1].rstrip() + "…"


def sentence(text: str) -> str:
    """Return words with a capital first letter."""
    return text[:1].upper() + text[1:]


def share_words(part: float, whole: float) -> str:
    """Return a part as whole percent of all."""
    return percent(part / whole) if whole else ""
