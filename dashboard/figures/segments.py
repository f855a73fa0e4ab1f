"""The drawings of the page of segments, as plain data in tokens of colour."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

from dashboard.components.index_table import value_text
from dashboard.components.segment_key import colour_of, colour_on
from dashboard.figures.literal import literal
from dashboard.formats import percent
from dashboard.queries.segments import SegmentsOfRun

Figure = dict[str, Any]

_LONGEST_LINE = 24
"""Letters of a segment's name beside its box."""
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


def draw_silhouettes(plot: Sequence[Sequence[float]], shown: SegmentsOfRun) -> Figure | None:
    """Draw the clearness of every customer, one block a segment, as high as the segment is large; None where it is not known."""
    blocks = [(segment, own) for segment, own in zip(shown.segments, plot, strict=False) if own]
    if len(blocks) < 2:
        return None
    total = sum(segment.size for segment, _ in blocks) or 1
    lowest = min(0.0, *(min(own) for _, own in blocks))
    data, letters, top = [], [], 0.0
    for segment, own in blocks:
        height = max(100 * segment.size / total, 6.0)
        ranks = [top + height * place / max(len(own) - 1, 1) for place in range(len(own))]
        data.append(_block(own, ranks, segment.letter))
        letters.append(_block_letter(segment.letter, lowest, top + height / 2))
        top += height + 4
    mean = shown.report["silhouette"]
    line = {
        "type": "line",
        "x0": mean,
        "x1": mean,
        "y0": -2,
        "y1": top,
        "line": {"color": "var(--cl-ref-strong)", "width": 1.5, "dash": "dot"},
    }
    label = {"x": mean, "y": -3, "text": f"all {mean:.2f}".replace("-", "−"), "showarrow": False, "yanchor": "bottom", "font": {"size": 11}}
    layout = {
        "shapes": [line],
        "annotations": [*letters, label],
        "yaxis": {"range": [top, -14], "showgrid": False, "showticklabels": False},
        "xaxis": {"range": [lowest - 0.08, max(max(own) for _, own in blocks) * 1.05], "nticks": 6, "zeroline": True},
    }
    return {"data": data, "layout": layout}


def _block(values: Sequence[float], ranks: Sequence[float], letter: str) -> Figure:
    outline = {
        "x": [0, *values, 0],
        "y": [ranks[0], *ranks, ranks[-1]],
        "fill": "toself",
        "fillcolor": colour_of(letter),
        "line": {"width": 0},
    }
    return {"type": "scatter", "mode": "lines", "hoverinfo": "skip", **outline}


def _block_letter(letter: str, x: float, y: float) -> Figure:
    return {"x": x, "y": y, "text": f"<b>{letter}</b>", "showarrow": False, "xanchor": "right", "xshift": -6, "font": {"size": 12}}


def draw_contribution(shown: SegmentsOfRun) -> Figure | None:
    """Draw how customers add up to revenue, highest spend per customer first; None without money or a second segment."""
    known = [segment for segment in shown.segments if segment.size and segment.share_revenue is not None]
    if len(known) < 2:
        return None
    known.sort(key=lambda segment: -(segment.share_revenue or 0) / segment.share_customers)
    even = {"type": "scatter", "mode": "lines", "x": [0, 100], "y": [0, 100], "line": {"color": "var(--cl-ref)", "width": 1, "dash": "dot"}}
    data: list[Figure] = [{**even, "hoverinfo": "skip"}]
    x = y = 0.0
    for segment in known:
        to_x, to_y = x + 100 * segment.share_customers, y + 100 * (segment.share_revenue or 0)
        shares = literal(f"{percent(segment.share_customers)} of customers, {percent(segment.share_revenue)} of revenue")
        words = f"<b>{literal(segment.name)}</b><br>{shares}"
        data.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": [x, to_x],
                "y": [y, to_y],
                "line": {"color": colour_of(segment.letter), "width": 4},
                "marker": {"size": [0, 9], "color": colour_of(segment.letter)},
                "hovertemplate": f"{words}<extra></extra>",
            }
        )
        x, y = to_x, to_y
    axis = {"range": [-2, 104], "tickvals": [0, 25, 50, 75, 100], "ticksuffix": "%"}
    return {
        "data": data,
        "layout": {"xaxis": {**axis, "title": {"text": "of customers"}}, "yaxis": {**axis, "title": {"text": "of revenue"}}},
    }


def draw_by_k(scores: Sequence[Mapping[str, Any]], k: int, word: str, knee: int | None = None) -> dict[str, Figure]:
    """Draw what spoke for the number of segments: how clear the groups are, and how wide. Nothing where no other number was tried.

    ``knee`` is where the spread bends.
    """
    known = [score for score in scores if score["silhouette"] is not None]
    if len(known) < 2 or k not in [score["k"] for score in known]:
        return {}
    clearness = {score["k"]: score["silhouette"] for score in known}
    spread = {score["k"]: 100 * score["inertia"] / (known[0]["inertia"] or 1) for score in known}
    return {
        "silhouette": _by_k(clearness, k, f"{clearness[k]:.2f} at {word}", 2),
        "spread": _with_knee(_by_k(spread, k, f"{spread[k]:.0f} at {word}", 0, from_zero=True), spread, knee if knee != k else None),
    }


def _with_knee(figure: Figure, spread: Mapping[int, float], knee: int | None) -> Figure:
    """Point at the bend, where it is not at the chosen number."""
    if knee is None or knee not in spread:
        return figure
    arrow = {"x": knee, "y": spread[knee], "text": "bend", "showarrow": True, "arrowhead": 0, "arrowwidth": 1, "ax": 14, "ay": -26}
    colours = {"arrowcolor": "var(--cl-ref-strong)", "font": {"size": 11.5, "color": "var(--bs-body-color)"}}
    return {**figure, "layout": {**figure["layout"], "annotations": [{**arrow, **colours}]}}


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
    comes_down = chosen != ks[0] and values[max(k for k in ks if k < chosen)] > values[chosen]
    low = 0 if from_zero else lowest - 0.35 * (highest - lowest or 1)
    full = {
        "type": "scatter",
        "mode": "markers+text",
        "x": [chosen],
        "y": [values[chosen]],
        "text": [label],
        # beside the axis there is no room on the left, and a line that comes down from there would run through the words
        "textposition": "top right" if from_zero or chosen == ks[0] or comes_down else "top center",
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
    rows = [f"{_in_lines(segment.name)}<br>n = {box['n']:,}" for segment, box in boxes]
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


def _in_lines(name: str) -> str:
    """Return a name in two lines at most, so that a long one leaves room for the boxes."""
    return "<br>".join(literal(line) for line in wrap(name, _LONGEST_LINE, max_lines=2, placeholder=" …"))


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
