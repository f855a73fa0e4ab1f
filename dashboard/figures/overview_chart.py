"""One chart of the overview: the figure, what is said around it, the numbers behind it, and how it wants to stand."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboard.components.charts import DataTable, Told
from dashboard.formats import money, percent

TEXT = "var(--bs-body-color)"
SECOND = "var(--bs-secondary-color)"
THIRD = "var(--bs-tertiary-color)"
DATA, DATA_2, SOFT = "var(--cl-data)", "var(--cl-data-2)", "var(--cl-data-soft)"
REFERENCE, OTHERS, SURFACE = "var(--cl-ref-strong)", "var(--cl-ref)", "var(--cl-surface)"
HEIGHT = 222


@dataclass(frozen=True)
class Chart:
    """A chart and its card. ``legend`` is pairs of a look ("bar", "soft", "tick") and words; ``beside`` a second figure on its left."""

    name: str
    told: Told
    figure: dict[str, Any]
    aria: str
    data: DataTable
    height: int = HEIGHT
    is_wide: bool = False
    legend: Sequence[tuple[str, str]] = ()
    beside: dict[str, Any] | None = None


def ticks(highest: float, words: Callable[[float], str], most: int = 4) -> dict[str, Any]:
    """Return the round values of an axis from 0 to above the highest, with their words, as Plotly's axis takes them."""
    step = _round_step(highest / most) if highest > 0 else 1.0
    values = [step * place for place in range(math.ceil(highest / step - 1e-9) + 1)]
    return {"tickvals": values, "ticktext": [words(value) if value else "0" for value in values], "range": [0, values[-1] * 1.04]}


def _round_step(least: float) -> float:
    """Return the smallest of 1, 2, 2.5, 5 times a power of ten that is not below."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= least * (1 - 1e-9))


def tick_money(currency: str | None) -> Callable[[float], str]:
    """Return how money is written at an axis: 200 k rather than 200.0 k."""
    return lambda value: money(value, currency)


def label(x: float, y: float, text: str, **options: Any) -> dict[str, Any]:
    """Return words at a point of a figure."""
    font = {"size": 11.5, "color": options.pop("colour", TEXT), "weight": options.pop("weight", 620)}
    return {"x": x, "y": y, "text": text, "showarrow": False, "font": font, **options}


def month_name(name: str, with_year: bool = True) -> str:
    """Return "2026-11" as "Nov 2026" or "Nov"."""
    return f"{date.fromisoformat(name + '-01'):{'%b %Y' if with_year else '%b'}}"


def full_month_name(name: str) -> str:
    """Return "2026-11" as "November"."""
    return f"{date.fromisoformat(name + '-01'):%B}"


def share_words(part: float, whole: float) -> str:
    """Return a part as whole percent of all."""
    return percent(part / whole) if whole else ""
