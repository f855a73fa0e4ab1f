"""The drawings of the page of segments, as plain data in tokens of colour."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.components.index_table import value_text
from dashboard.components.segment_key import colour_of, colour_on
from dashboard.figures.literal import literal
from dashboard.queries.segments import SegmentsOfRun

Figure = dict[str, Any]

_FAR_APART = 20
"""Medians that differ by more than this factor are drawn on a scale of tens."""


def draw_map(portrait: Mapping[str, Any], shown: SegmentsOfRun) -> Figure:
    """Draw customers as points on the two axes, and each segment's letter at its centre."""
    letters = [segment.letter for segment in shown.segments]
    clouds = [_cloud(portrait, place, letter) for place, letter in enumerate(letters)]
    centers = portrait["centers"]
    marks = {
        "type": "scatter",
        "mode": "markers+text",
        "x": [center[0] for center in centers],
        "y": [center[1] for center in centers],
        "text": letters,
        "customdata": [literal(segment.name) for segment in shown.segments],
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


def draw_by_k(scores: Sequence[Mapping[str, Any]], k: int, word: str) -> dict[str, Figure]:
    """Draw what spoke for the number of segments: how clear the groups are, and how wide. Nothing where no other number was tried."""
    known = [score for score in scores if score["silhouette"] is not None]
    if len(known) < 2 or k not in [score["k"] for score in known]:
        return {}
    clearness = {score["k"]: score["silhouette"] for score in known}
    spread = {score["k"]: 100 * score["inertia"] / (known[0]["inertia"] or 1) for score in known}
    return {
        "silhouette": _by_k(clearness, k, f"{clearness[k]:.2f} at {word}", 2),
        "spread": _by_k(spread, k, f"{spread[k]:.0f} at {word}", 0, from_zero=True),
    }


def _by_k(values: Mapping[int, float], chosen: int, label: str, digits: int, from_zero: bool = False) -> Figure:
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
        "textposition": "top right" if from_zero or chosen == ks[0] else "top center",  # beside the axis there is no room on the left
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


def _is_far_apart(row: Mapping[str, Any]) -> bool:
    """Tell whether boxes are so far apart that on an even scale the small ones would be lines; days are never shown otherwise than even."""
    known = [box for box in row["boxes"] if box["n"]]
    if row["unit"] == "days":
        return False
    return min(box["low"] for box in known) > 0 and max(box["median"] for box in known) > _FAR_APART * min(box["median"] for box in known)


def draw_boxes(row: Mapping[str, Any], shown: SegmentsOfRun) -> Figure:
    """Draw the spread of a measure, one box a segment; where there are few customers, their values as points."""
    boxes = list(zip(shown.segments, row["boxes"], strict=True))
    rows = [f"{literal(segment.name)}<br>n = {box['n']:,}" for segment, box in boxes]
    data = []
    for place, (segment, box) in enumerate(boxes):
        if box["n"]:
            data.append(_points(box, place, segment.letter) if box["points"] else _box(box, place, segment.letter))
    is_log = _is_far_apart(row)
    labels = [
        _median(math.log10(box["median"]) if is_log else box["median"], place, value_text(box["median"], row, shown.currency))
        for place, (_, box) in enumerate(boxes)
        if box["n"]
    ]
    places = list(range(len(rows)))
    scale = {"type": "log", "dtick": 1} if is_log else {"nticks": 5}
    layout: Figure = {
        "annotations": labels,
        "yaxis": {"tickvals": places, "ticktext": rows, "range": [len(rows) - 0.4, -0.75], "showgrid": False, "tickfont": {"size": 11.5}},
        "xaxis": {"showgrid": True, "gridcolor": "var(--cl-grid)", "showline": False, "tickformat": "~s", **scale},
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
