"""The drawings of the page of segments, as plain data in tokens of colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.queries.segments import COLOURED

Figure = dict[str, Any]


def colour_of(letter: str) -> str:
    """Return the colour of a segment."""
    return f"var(--seg-{COLOURED.index(letter) + 1})" if letter in COLOURED else "var(--cl-ref)"


def colour_on(letter: str) -> str:
    """Return the colour of a letter on that of its segment."""
    return f"var(--seg-{COLOURED.index(letter) + 1}-on)" if letter in COLOURED else "var(--cl-surface)"


def draw_map(portrait: Mapping[str, Any], letters: Sequence[str], names: Sequence[str]) -> Figure:
    """Draw customers as points on the two axes, and each segment's letter at its centre."""
    clouds = [_cloud(portrait, place, letter) for place, letter in enumerate(letters)]
    centers = portrait["centers"]
    marks = {
        "type": "scatter",
        "mode": "markers+text",
        "x": [center[0] for center in centers],
        "y": [center[1] for center in centers],
        "text": list(letters),
        "customdata": list(names),
        "hovertemplate": "<b>%{customdata}</b><extra></extra>",
        "textfont": {"size": 13, "color": [colour_on(letter) for letter in letters]},
        "marker": {
            "symbol": "square",
            "size": 23,
            "color": [colour_of(letter) for letter in letters],
            "line": {"width": 2, "color": "var(--cl-surface)"},
        },
    }
    axis = {"showgrid": False, "showticklabels": False, "zeroline": True, "zerolinecolor": "var(--cl-grid)", "showline": False}
    return {"data": [*clouds, marks], "layout": {"xaxis": axis, "yaxis": {**axis, "scaleanchor": "x"}}}


def _cloud(portrait: Mapping[str, Any], place: int, letter: str) -> Figure:
    at = [index for index, segment in enumerate(portrait["segments"]) if segment == place + 1]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [portrait["x"][index] for index in at],
        "y": [portrait["y"][index] for index in at],
        "hoverinfo": "skip",
        "marker": {"size": 5, "opacity": 0.5, "color": colour_of(letter)},
    }


def draw_scores(values: Mapping[int, float], chosen: int, label: str, digits: int, from_zero: bool = False) -> Figure:
    """Draw a criterion by number of segments, the chosen number full and labelled."""
    ks = sorted(values)
    tried = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": ks,
        "y": [values[k] for k in ks],
        "line": {"color": "var(--cl-ref)", "width": 1.75},
        "marker": {"color": "var(--cl-surface)", "size": 6, "line": {"color": "var(--cl-ref)", "width": 1.5}},
        "hovertemplate": f"<b>%{{x}} segments</b><br>%{{y:.{digits}f}}<extra></extra>",
    }
    lowest, highest = min(values.values()), max(values.values())
    low = 0 if from_zero else lowest - 0.35 * (highest - lowest or 1)
    full = {
        "type": "scatter",
        "mode": "markers+text",
        "x": [chosen],
        "y": [values[chosen]],
        "text": [label],
        "textposition": "top center" if not from_zero else "top right",
        "textfont": {"color": "var(--bs-body-color)", "weight": 620},
        "cliponaxis": False,
        "hoverinfo": "skip",
        "marker": {"color": "var(--cl-data)", "size": 10},
    }
    drop = {"type": "line", "x0": chosen, "x1": chosen, "y0": low, "y1": values[chosen], "line": {"color": "var(--cl-data)", "width": 1}}
    layout = {
        "shapes": [drop],
        "xaxis": {"tickvals": ks, "title": {"text": "Number of segments"}, "range": [ks[0] - 0.4, ks[-1] + 0.6]},
        "yaxis": {"range": [low, highest + 0.18 * (highest - low)], "nticks": 4},
    }
    return {"data": [tried, full], "layout": layout}


def draw_boxes(row: Mapping[str, Any], letters: Sequence[str], names: Sequence[str], medians: Sequence[str]) -> Figure:
    """Draw the spread of a measure, one box a segment; where there are few customers, their values as points."""
    rows = [f"{name}<br>n = {box['n']:,}" for name, box in zip(names, row["boxes"], strict=True)]
    data = []
    for place, (letter, box) in enumerate(zip(letters, row["boxes"], strict=True)):
        if box["n"]:
            data.append(_points(box, place, letter) if box["points"] else _box(box, place, letter))
    labels = [_median(box["median"], place, text) for place, (box, text) in enumerate(zip(row["boxes"], medians, strict=True)) if box["n"]]
    places = list(range(len(rows)))
    layout = {
        "annotations": labels,
        "yaxis": {"tickvals": places, "ticktext": rows, "range": [len(rows) - 0.4, -0.75], "showgrid": False, "tickfont": {"size": 11.5}},
        "xaxis": {"showgrid": True, "gridcolor": "var(--cl-grid)", "nticks": 5, "showline": False, "tickformat": "~s"},
        "boxgap": 0.5,
    }
    return {"data": data, "layout": layout}


def _box(box: Mapping[str, Any], place: int, letter: str) -> Figure:
    return {
        "type": "box",
        "orientation": "h",
        "y": [place],
        "q1": [box["lower_quartile"]],
        "median": [box["median"]],
        "q3": [box["upper_quartile"]],
        "lowerfence": [box["low"]],
        "upperfence": [box["high"]],
        "width": 0.42,
        "fillcolor": f"{colour_of(letter)}@.28",
        "line": {"color": colour_of(letter), "width": 1.5},
        "hoverinfo": "x",
    }


def _points(box: Mapping[str, Any], place: int, letter: str) -> Figure:
    marker = {"color": colour_of(letter), "size": 6, "opacity": 0.6}
    return {"type": "scatter", "mode": "markers", "x": box["points"], "y": [place] * box["n"], "hoverinfo": "x", "marker": marker}


def _median(median: float, place: int, text: str) -> Figure:
    font = {"color": "var(--bs-body-color)", "size": 11.5, "weight": 620}
    return {"x": median, "y": place - 0.24, "text": text, "showarrow": False, "yanchor": "bottom", "yshift": -1, "font": font}
