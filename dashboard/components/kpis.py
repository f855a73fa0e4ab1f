"""The strip of key figures on top of a page: label, value, its months as a small line, and the change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from dash import html

from dashboard.components.basics import aria, hidden

_WIDTH, _HEIGHT, _EDGE = 100.0, 26.0, 4.0
_FEWEST_POINTS = 3


@dataclass(frozen=True)
class KpiShown:
    """A key figure in words.

    ``change`` is "8.4%" or "0.8 points" without a sign, ``direction`` 1, 0 or -1; ``against`` what it is compared with ("on last year").
    """

    label: str
    value: str
    title: str
    line: Sequence[float | None] = ()
    change: str | None = None
    direction: int = 0
    against: str = ""


def kpi_strip(kpis: Sequence[KpiShown]) -> html.Dl:
    """Draw the key figures side by side."""
    has_lines = any(_has_line(kpi.line) for kpi in kpis)
    return html.Dl([_cell(kpi, has_lines) for kpi in kpis], className="kpis", style={"--n": len(kpis)})


def _cell(kpi: KpiShown, has_lines: bool) -> html.Div:
    line = _sparkline(kpi.line) if has_lines and kpi.line else None
    below = [line, html.Div(_change(kpi), className="d") if kpi.change or kpi.against else None]
    inside = [html.B(kpi.value, className="num"), *below]
    return html.Div([html.Dt(kpi.label), html.Dd(inside, title=kpi.title)], className="kpi")


def _change(kpi: KpiShown) -> list[Any]:
    if kpi.change is None:
        return [kpi.against]
    arrow, word, look = {1: ("▲", "up ", "up"), -1: ("▼", "down ", "down"), 0: ("", "", "same")}[kpi.direction]
    mark = html.Span([html.Span(arrow, **aria(hidden="true")), hidden(word), " " if arrow else "", kpi.change], className=look)
    return [mark, " ", html.Em(kpi.against)]


def _has_line(values: Sequence[float | None]) -> bool:
    return sum(value is not None for value in values) >= _FEWEST_POINTS


def _sparkline(values: Sequence[float | None]) -> html.Div:
    """Draw values as a line with its area and a dot at the end: shapes cut out of coloured boxes, so that they follow the theme."""
    if not _has_line(values):
        return html.Div(className="ch")
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    low, high = min(value for _, value in known), max(value for _, value in known)
    points = [
        (_WIDTH * place / (len(values) - 1), _HEIGHT - _EDGE - (value - low) / ((high - low) or 1) * (_HEIGHT - 2 * _EDGE))
        for place, value in known
    ]
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    line = f"<path d='M{path}' fill='none' stroke='black' stroke-width='1.5' stroke-linejoin='round' vector-effect='non-scaling-stroke'/>"
    area = f"<path d='M{points[0][0]:.1f} {_HEIGHT}L{path}L{points[-1][0]:.1f} {_HEIGHT}Z'/>"
    end = {"left": f"{points[-1][0]:.1f}%", "top": f"{points[-1][1]:.1f}px"}
    parts = [html.I(className="area", style=_mask(area)), html.I(className="line", style=_mask(line)), html.I(className="dot", style=end)]
    return html.Div(html.Div(parts), className="ch spark", **aria(hidden="true"))


def _mask(shape: str) -> dict[str, str]:
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {_WIDTH:g} {_HEIGHT:g}' preserveAspectRatio='none'>{shape}</svg>"
    image = f'url("data:image/svg+xml,{quote(svg)}")'
    return {"maskImage": image, "WebkitMaskImage": image}
