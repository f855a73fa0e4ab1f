"""Bars of the overview: sorted ones lying, bands in their natural order standing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.figures.literal import literal, literal_in_short
from dashboard.figures.overview_chart import DATA, OTHERS, SECOND, TEXT, cut, label, text_width, ticks

_FEWEST_PLACES = 5
"""Fewer bars keep the thickness that so many would have."""
_LONGEST_NAME = 145


@dataclass(frozen=True)
class Bar:
    """A lying bar: its name, its length, the words at its end, more words on hover; ``is_rest`` for all the others together."""

    name: str
    value: float
    words: str
    hover: str = ""
    is_rest: bool = False


def lying_bars(bars: Sequence[Bar]) -> dict[str, Any]:
    """Draw sorted bars from the top down, names on their left, words at their ends; the others together only if they fit the scale."""
    top = max([bar.value for bar in bars if not bar.is_rest] + [1e-12])
    names = [cut(bar.name) for bar in bars]
    left = min(max(text_width(name) for name in names), _LONGEST_NAME) + 12
    right = max(text_width(bar.words) for bar in bars) + 14
    trace = {
        "type": "bar",
        "orientation": "h",
        "x": [0 if bar.is_rest and bar.value > top else max(bar.value, 0) for bar in bars],
        "y": list(range(len(bars))),
        "text": [bar.words for bar in bars],
        "textposition": "outside",
        "textfont": {"size": 11.5, "color": SECOND},
        "cliponaxis": False,
        "marker": {"color": [OTHERS if bar.is_rest else DATA for bar in bars]},
        "customdata": [bar.hover or f"<b>{literal_in_short(bar.name)}</b><br>{bar.words}" for bar in bars],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    at_left = {"xref": "paper", "xanchor": "left", "xshift": -left, "weight": 520}
    layout = {
        "xaxis": {"visible": False, "range": [0, top]},
        "yaxis": {"visible": False, "range": [max(len(bars), _FEWEST_PLACES) - 0.5, -0.5]},
        "annotations": [label(0, place, name, **at_left) for place, name in enumerate(names)],
        "margin": {"l": left, "r": right, "t": 4, "b": 4},
        "bargap": 0.38,
    }
    return {"data": [trace], "layout": layout}


def standing_bars(
    names: Sequence[str], values: Sequence[float], words: Callable[[float], str], hovers: Sequence[str], below: str = ""
) -> dict[str, Any]:
    """Draw bars in the order given, with a value axis; the highest bar says its value."""
    peak = max(range(len(values)), key=lambda place: values[place])
    trace = {
        "type": "bar",
        "x": list(range(len(values))),
        "y": list(values),
        "marker": {"color": DATA},
        "customdata": list(hovers),
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    layout = {
        "xaxis": {
            "tickvals": list(range(len(values))),
            "ticktext": list(names),
            "tickangle": 0,
            "range": [-0.6, len(values) - 0.4],
            "title": {"text": literal(below)},
        },
        "yaxis": ticks(max(values), words),
        "annotations": [label(peak, values[peak], words(values[peak]), yshift=10, colour=TEXT)],
        "margin": {"l": 8, "r": 4, "t": 22, "b": 8},
        "bargap": 0.2,
    }
    return {"data": [trace], "layout": layout}
