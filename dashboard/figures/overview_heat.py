"""Heat maps of the overview: numbers in their cells, no colour bar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboard.components.charts import DataTable, Told
from dashboard.figures.literal import literal_in_short
from dashboard.figures.overview_chart import HEIGHT, TEXT, THIRD, Chart, cut, label, sentence, text_width, words_trace
from dashboard.figures.overview_picks import Picks
from dashboard.formats import counted
from segmentation.measures.demographics import Correlation

Cells = Sequence[Sequence[float | None]]
_STEPS = {"seq": 8, "div": 9}
_MOST_IN_NARROW = 5
_FEW_TO_THE_RIGHT = 4
"""Of so many columns at the right end the names have less room."""


@dataclass(frozen=True)
class Heat:
    """A table of numbers: names of its rows and columns, words on hover, how a number is written.

    ``scale`` is "seq" from nothing to the most, "div" from -1 to 1. ``picks`` are those of the cells, one a row. Names of rows longer than
    ``longest`` letters are cut.
    """

    cells: Cells
    rows: Sequence[str]
    columns: Sequence[str]
    hovers: Sequence[Sequence[str]]
    words: Callable[[float], str]
    scale: str = "seq"
    picks: Sequence[Picks] = field(default=())
    longest: int = 20


def heat_figure(heat: Heat) -> dict[str, Any]:
    """Draw a table of numbers in colours, the cells that are chosen framed."""
    cells, rows, scale, words = heat.cells, [cut(row, heat.longest) for row in heat.rows], heat.scale, heat.words
    known = [value for row in cells for value in row if value is not None]
    low, high = (-1.0, 1.0) if scale == "div" else (min(known, default=0.0), max(known, default=1.0))
    steps = [[None if value is None else _step(value, low, high, _STEPS[scale]) for value in row] for row in cells]
    n = _STEPS[scale]
    trace = {
        "type": "heatmap",
        "z": steps,
        "zmin": -0.5,
        "zmax": n - 0.5,
        "xgap": 1.5,
        "ygap": 1.5,
        "colorscale": [[(step + edge) / n, f"var(--{scale}-{step})"] for step in range(n) for edge in (0, 1)],
        "showscale": False,
        "hoverongaps": False,
        "customdata": [list(row) for row in heat.hovers],
        "hovertemplate": "%{customdata}<extra></extra>",
        "meta": {"picks": [list(row.conditions) for row in heat.picks]},
    }
    left = max(text_width(row) for row in rows) + 12
    at_left = {"xref": "paper", "xanchor": "left", "xshift": -left, "weight": 520, "name": "row"}
    numbers = [
        label(x, y, words(value), colour=f"var(--{scale}-t{steps[y][x]})", weight=400)
        for y, row in enumerate(cells)
        for x, value in enumerate(row)
        if value is not None and words(value)
    ]
    heads = [label(place, -1, column, colour=THIRD, weight=400) for place, column in enumerate(heat.columns)]
    layout = {
        "xaxis": {"visible": False, "range": [-0.5, max(map(len, cells)) - 0.5]},
        "yaxis": {"visible": False, "range": [len(rows) - 0.5, -1.5]},
        "annotations": [label(0, place, row, **at_left) for place, row in enumerate(rows) if row],
        "margin": {"l": left, "r": 2, "t": 2, "b": 2},
        "shapes": _frames(heat.picks, cells),
    }
    return {"data": [trace, words_trace(heads + numbers)], "layout": layout}


def _frames(found: Sequence[Picks], cells: Cells) -> list[dict[str, Any]]:
    """Frame the cells that are chosen; an empty one has nothing to frame."""
    line = {"color": TEXT, "width": 2}
    return [
        {"type": "rect", "x0": x - 0.48, "x1": x + 0.48, "y0": y - 0.46, "y1": y + 0.46, "line": line}
        for y, row in enumerate(found)
        for x, is_on in enumerate(row.is_on)
        if is_on and cells[y][x] is not None
    ]


def _step(value: float, low: float, high: float, n: int) -> int:
    return min(int((value - low) / ((high - low) or 1.0) * n), n - 1)


def correlation_chart(correlation: Correlation) -> Chart:
    """Draw how numbers move together as half a heat map, each number named where its column begins."""
    labels, n = [sentence(name) for name in correlation.labels], len(correlation.labels)
    cells = [[correlation.values[y][x] if x < y else None for x in range(n - 1)] for y in range(1, n)]
    pairs = [(abs(value), x, y, value) for y, row in enumerate(cells, start=1) for x, value in enumerate(row) if value is not None]
    finding = _finding(labels, max(pairs)) if pairs else "Too few customers have both of any two numbers."
    counts = [correlation.pairs[y][x] for y in range(n) for x in range(y)]
    population = f"{min(counts):,}" if min(counts) == max(counts) else f"{min(counts):,} to {max(counts):,}"
    rows = [
        [labels[x], labels[y], _two_digits(correlation.values[y][x]), f"{correlation.pairs[y][x]:,}"] for y in range(1, n) for x in range(y)
    ]
    return Chart(
        name="correlation",
        told=Told("What moves together", finding, f"{_HOW_TO_READ} n = {population} customers."),
        figure=_correlation_figure(correlation, labels, cells),
        aria=f"Correlations of numbers. {finding}",
        data=DataTable(["Number", "Other number", "Correlation", "Customers"], rows),
        height=max(30 * n + 10, HEIGHT),
        is_wide=n > _MOST_IN_NARROW,
    )


_HOW_TO_READ = "Correlation of ranks from −1 (opposite) over 0 (unrelated) to 1 (together). Colour is direction, not good or bad."


def _correlation_figure(correlation: Correlation, labels: Sequence[str], cells: Cells) -> dict[str, Any]:
    n = len(labels)
    hovers = [
        [
            f"<b>{literal_in_short(labels[x])} and {literal_in_short(labels[y].lower())}</b><br>{_two_digits(correlation.values[y][x])}"
            f"<br>{counted(correlation.pairs[y][x], 'customer')}"
            for x in range(n - 1)
        ]
        for y in range(1, n)
    ]
    longest = 30 if n > _MOST_IN_NARROW else 20
    figure = heat_figure(Heat(cells, labels[1:], [], hovers, _two_digits, "div", longest=longest))
    names = [cut(name, longest if place < n - _FEW_TO_THE_RIGHT else 20 if place < n - 2 else 14) for place, name in enumerate(labels)]
    heads = [label(x - 0.45, x - 1, names[x], xanchor="left", colour=THIRD, weight=400) for x in range(n - 1)]
    figure["data"].append(words_trace(heads))
    figure["layout"]["margin"]["r"] = max(text_width(names[n - 2]) - 30, 2)
    return figure


def _finding(labels: Sequence[str], strongest: tuple[float, int, int, float]) -> str:
    _, x, y, value = strongest
    way = "move together most" if value > 0 else "move against each other most"
    return f"{labels[x]} and {labels[y].lower()} {way}: {_two_digits(value)}."


def _two_digits(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}".replace("-", "−").replace("−0.00", "0.00")
