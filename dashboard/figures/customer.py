"""What one customer spent over time, as bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard.components.filters import month_words
from dashboard.figures.overview_axis import value_axis
from dashboard.formats import money, whole

_MOST_LABELS = 8


def draw_spend(spend: Sequence[tuple[str, float]], has_money: bool, currency: str | None) -> dict[str, Any]:
    """Draw the money (else the orders) of each month or year, the largest with its value."""
    names = [month_words(name) for name, _ in spend]
    values = [value for _, value in spend]

    def in_words(value: float) -> str:
        return money(value, currency) if has_money else whole(value)

    words = [in_words(value) for value in values]
    largest = max(range(len(values)), key=lambda place: values[place])
    step = -(-len(names) // _MOST_LABELS)
    bars = {
        "type": "bar",
        "x": list(range(len(names))),
        "y": values,
        "text": [text if place == largest else "" for place, text in enumerate(words)],
        "textposition": "outside",
        "cliponaxis": False,
        "constraintext": "none",  # else it shrinks to the width of its bar, beyond reading where there are many
        "textangle": 0,
        "marker": {"color": "var(--cl-data)"},
        "customdata": [f"{name}: {text}" for name, text in zip(names, words, strict=True)],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    ticks = {"tickvals": list(range(0, len(names), step)), "ticktext": names[::step], "range": [-0.7, max(5.0, len(names) - 0.3)]}
    return {
        "data": [bars],
        "layout": {"xaxis": ticks, "yaxis": value_axis(min(values), max(values), in_words), "margin": {"l": 8, "r": 8, "t": 20, "b": 8}},
    }
