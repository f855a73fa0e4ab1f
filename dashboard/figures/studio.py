"""How many segments: the criteria by the number of segments, the chosen one full."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Any

Figure = dict[str, Any]
_GAP = 2
"""So many steps apart stand numbers of segments between which none was tried."""


def clearness_by_k(scores: Sequence[Mapping[str, Any]], chosen: int) -> Figure:
    """Draw the silhouette of each number of segments."""
    return _by_k([score["k"] for score in scores], [score["silhouette"] for score in scores], chosen, ".2f", starts_at_zero=False)


def spread_by_k(scores: Sequence[Mapping[str, Any]], chosen: int) -> Figure:
    """Draw the spread inside the segments, that of the smallest number counted as 100."""
    return _by_k([score["k"] for score in scores], relative_spread(scores), chosen, ".0f", starts_at_zero=True)


def relative_spread(scores: Sequence[Mapping[str, Any]]) -> list[float]:
    """Return the spread inside the segments in percent of that of the smallest number of segments."""
    first = scores[0]["inertia"] or 1.0
    return [100 * score["inertia"] / first for score in scores]


def _by_k(ks: Sequence[int], values: Sequence[float], chosen: int, form: str, starts_at_zero: bool) -> Figure:
    chosen_at, places = ks.index(chosen), _places(ks)
    low, high = (0.0 if starts_at_zero else min(values)), max(values)
    room = (high - low) or abs(high) or 1.0
    bottom = 0.0 if starts_at_zero else low - 0.15 * room
    full = ["var(--cl-data)" if k == chosen else "var(--cl-surface)" for k in ks]
    edge = ["var(--cl-surface)" if k == chosen else "var(--cl-data)" for k in ks]
    line = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": places,
        "y": list(values),
        "customdata": list(ks),
        "cliponaxis": False,
        "line": {"color": "var(--cl-data)", "width": 2},
        "marker": {"size": [11 if k == chosen else 7.5 for k in ks], "color": full, "line": {"color": edge, "width": 1.75}, "opacity": 1},
        "hovertemplate": "<b>%{customdata} segments</b><br>%{y:" + form + "}<extra></extra>",
    }
    x, y = places[chosen_at], values[chosen_at]
    drop = {"type": "line", "x0": x, "x1": x, "y0": bottom, "y1": y, "line": {"color": "var(--cl-data)", "width": 1}, "layer": "below"}
    label = {
        "x": x,
        "y": y,
        "text": f"<b>{y:{form}}</b>",
        "showarrow": False,
        "yshift": 13,
        "xshift": 14 if starts_at_zero or chosen_at == 0 else 0,
        "font": {"color": "var(--bs-body-color)"},
    }
    ticks = {"tickvals": places, "ticktext": [str(k) for k in ks]}
    return {
        "data": [line],
        "layout": {
            "margin": {"l": 8, "r": 12, "t": 20, "b": 8},
            "xaxis": {**ticks, "title": {"text": "Number of segments"}, "range": [places[0] - 0.15, places[-1] + 0.15]},
            "yaxis": {"range": [bottom, high + 0.18 * room], "nticks": 4},
            "shapes": [drop],
            "annotations": [label],
        },
    }


def _places(ks: Sequence[int]) -> list[int]:
    """Return where each number stands along the axis: side by side, a number chosen far beyond the others after a gap."""
    steps = [min(after - before, _GAP) for before, after in pairwise(ks)]
    return list(accumulate(steps, initial=ks[0]))
