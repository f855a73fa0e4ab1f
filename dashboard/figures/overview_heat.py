"""Heat maps of the overview: numbers in their cells, no colour bar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dashboard.components.charts import DataTable, Told
from dashboard.figures.overview_chart import THIRD, Chart, cut, label, text_width
from dashboard.formats import counted
from segmentation.measures.demographics import Correlation

Cells = Sequence[Sequence[float | None]]
_STEPS = {"seq": 8, "div": 9}
_STRONG = 0.05


def heat_figure(
    cells: Cells, rows: Sequence[str], columns: Sequence[str], hovers: Sequence[Sequence[str]], words: Callable[[float], str], scale: str
) -> dict[str, Any]:
    """Draw a table of numbers in colours: ``scale`` "seq" from nothing to the most, "div" from -1 to 1."""
    known = [value for row in cells for value in row if value is not None]
    low, high = (-1.0, 1.0) if scale == "div" else (min(known), max(known))
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
        "customdata": [list(row) for row in hovers],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    left = max(text_width(cut(row)) for row in rows) + 12
    at_left = {"xref": "paper", "xanchor": "left", "xshift": -left, "weight": 520, "name": "row"}
    numbers = [
        label(x, y, words(value), colour=f"var(--{scale}-t{steps[y][x]})", weight=400)
        for y, row in enumerate(cells)
        for x, value in enumerate(row)
        if value is not None and words(value)
    ]
    layout = {
        "xaxis": {"visible": False},
        "yaxis": {"visible": False, "range": [len(rows) - 0.5, -1.5]},
        "annotations": [label(0, place, cut(row), **at_left) for place, row in enumerate(rows)]
        + [label(place, -1, column, colour=THIRD, weight=400) for place, column in enumerate(columns)]
        + numbers,
        "margin": {"l": left, "r": 2, "t": 2, "b": 2},
    }
    return {"data": [trace], "layout": layout}


def _step(value: float, low: float, high: float, n: int) -> int:
    return min(int((value - low) / ((high - low) or 1.0) * n), n - 1)


def correlation_chart(correlation: Correlation) -> Chart:
    """Draw how numbers move together as half a heat map."""
    labels, n = correlation.labels, len(correlation.labels)
    cells = [[correlation.values[y][x] if x < y else None for x in range(n - 1)] for y in range(1, n)]
    pairs = [(abs(value), x, y + 1, value) for y, row in enumerate(cells) for x, value in enumerate(row) if value is not None]
    finding = _finding(labels, max(pairs)) if pairs else "Too few customers have both of any two numbers."
    hovers = [
        [
            f"<b>{labels[x]} and {labels[y]}</b><br>{_two_digits(correlation.values[y][x])}, n = {counted(correlation.pairs[y][x], 'customer')}"
            for x in range(n - 1)
        ]
        for y in range(1, n)
    ]
    fewest = min((correlation.pairs[y][x] for y in range(n) for x in range(y)), default=0)
    most = max((correlation.pairs[y][x] for y in range(n) for x in range(y)), default=0)
    figure = heat_figure(cells, labels[1:], [cut(label_, 11) for label_ in labels[:-1]], hovers, _two_digits, "div")
    population = f"n = {most:,}" if fewest == most else f"n = {fewest:,} to {most:,}"
    note = f"Correlation of ranks, from −1 (opposite) over 0 (nothing in common) to 1 (together); colour is direction, not good or bad. {population}."
    rows = [
        [labels[x], labels[y], _two_digits(correlation.values[y][x]), f"{correlation.pairs[y][x]:,}"] for y in range(1, n) for x in range(y)
    ]
    table = DataTable(["Number", "Other number", "Correlation", "Customers"], rows)
    return Chart(
        "correlation", Told("What moves together", finding, note), figure, f"Correlations of numbers. {finding}", table, 30 * n + 20, True
    )


def _finding(labels: Sequence[str], strongest: tuple[float, int, int, float]) -> str:
    _, x, y, value = strongest
    first = labels[x][:1].upper() + labels[x][1:]
    way = "move together most" if value > 0 else "move against each other most"
    return f"{first} and {labels[y]} {way}: {_two_digits(value)}."


def _two_digits(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}".replace("-", "−").replace("−0.00", "0.00")
