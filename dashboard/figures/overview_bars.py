"""Bars of the overview: sorted ones lying, bands in their natural order standing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.figures.literal import literal, literal_in_short
from dashboard.figures.overview_chart import DATA, OTHERS, SECOND, TEXT, cut, label, text_width, ticks, with_room
from dashboard.figures.overview_picks import Picks

_FEWEST_PLACES = 5
"""Fewer bars keep the thickness that so many would have."""
_LONGEST_NAME = 145
_MOST_TICKS = 4


@dataclass(frozen=True)
class Bar:
    """A lying bar: its name, its length, the words at its end, more words on hover; ``is_rest`` for all the others together."""

    name: str
    value: float
    words: str
    hover: str = ""
    is_rest: bool = False


def lying_bars(bars: Sequence[Bar], picks: Picks | None = None, longest: int = 20) -> dict[str, Any]:
    """Draw sorted bars from the top down, names on their left, words at their ends; the others together only if they fit the scale.

    With ``picks`` (one for each bar) a click anywhere in a bar's row chooses it. Names are cut to ``longest`` letters.
    """
    top = max([bar.value for bar in bars if not bar.is_rest] + [1e-12])
    names = cut_apart([bar.name for bar in bars], longest)
    left = min(max(text_width(name) for name in names), _LONGEST_NAME) + 12
    right = max(text_width(bar.words) for bar in bars) + 14
    colours = picks.colours() if picks else [DATA] * len(bars)
    trace: dict[str, Any] = {
        "type": "bar",
        "orientation": "h",
        "x": [0 if bar.is_rest and bar.value > top else max(bar.value, 0) for bar in bars],
        "y": list(range(len(bars))),
        "text": [bar.words for bar in bars],
        "textposition": "outside",
        "textfont": {"size": 11.5, "color": SECOND},
        "cliponaxis": False,
        "marker": {"color": [OTHERS if bar.is_rest else colour for bar, colour in zip(bars, colours, strict=True)]},
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
        "barmode": "overlay",
    }
    if picks is None:
        return {"data": [trace], "layout": layout}
    trace["meta"] = picks.meta()
    return {"data": [trace, _whole_rows(trace, [top] * len(bars), "x", picks)], "layout": layout}


def cut_apart(names: Sequence[str], n: int = 20) -> list[str]:
    """Return names that fit beside a chart; those that would be alike without their ends keep beginning and end."""
    short = [cut(name, n) for name in names]
    half = n // 2
    return [
        each if short.count(each) == 1 or len(name) <= n else f"{name[: n - half - 1].rstrip()}…{name[-half:].lstrip()}"
        for name, each in zip(names, short, strict=True)
    ]


def _whole_rows(trace: dict[str, Any], ends: Sequence[float], axis: str, picks: Picks) -> dict[str, Any]:
    """Return unseen bars over the whole length, so that a short bar is as easily chosen as a long one."""
    unseen: dict[str, Any] = {"marker": {"color": "rgba(0,0,0,0)"}, axis: list(ends), "meta": picks.meta()}
    shared: dict[str, Any] = {
        name: trace[name] for name in ("type", "orientation", "x", "y", "customdata", "hovertemplate") if name in trace
    }
    return {**shared, **unseen}


@dataclass(frozen=True)
class Standing:
    """Standing bars in the order given: names below, values, words on hover, how a value is written, and what stands below the axis."""

    names: Sequence[str]
    values: Sequence[float]
    hovers: Sequence[str]
    words: Callable[[float], str]
    below: str = ""


def standing_bars(shown: Standing, picks: Picks | None = None) -> dict[str, Any]:
    """Draw bars with a value axis; the highest bar says its value."""
    names, values = shown.names, shown.values
    peak = max(range(len(values)), key=lambda place: values[place])
    trace: dict[str, Any] = {
        "type": "bar",
        "x": list(range(len(values))),
        "y": list(values),
        "marker": {"color": picks.colours() if picks else DATA},
        "customdata": list(shown.hovers),
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    axis = ticks(max(values), shown.words, most=min(max(int(max(values)), 1), _MOST_TICKS))  # there is no half of a customer
    spare = max(_FEWEST_PLACES - len(values), 0) / 2
    layout = {
        "xaxis": {
            "tickvals": list(range(len(values))),
            "ticktext": list(names),
            "tickangle": 0,
            "range": [-0.6 - spare, len(values) - 0.4 + spare],
            "title": {"text": literal(shown.below)},
        },
        "yaxis": axis,
        "annotations": [label(peak, values[peak], shown.words(values[peak]), yshift=10, colour=TEXT)],
        "margin": {"l": 8, "r": 4, "t": 22, "b": 8},
        "bargap": 0.2,
        "barmode": "overlay",
    }
    layout = with_room(layout)
    if picks is None:
        return {"data": [trace], "layout": layout}
    trace["meta"] = picks.meta()
    return {"data": [trace, _whole_rows(trace, [axis["range"][1]] * len(values), "y", picks)], "layout": layout}
