"""Revenue (or orders) by month, the year before as marks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.components.charts import DataTable, Told
from dashboard.figures.overview_axis import value_axis
from dashboard.figures.overview_chart import (
    DATA,
    REFERENCE,
    SOFT,
    SURFACE,
    Chart,
    full_month_name,
    label,
    month_name,
    with_room,
)
from dashboard.figures.overview_picks import Picks, picks_of_months
from dashboard.formats import counted, money, short, whole
from segmentation.measures.filters import EVERYBODY, CustomerFilter
from segmentation.measures.monthly import Months

_YEAR = 12
_MOST_BARS = 24
_NEAR = 0.15
"""A mark less than this part of the highest bar above another would lie on the words there."""
_MOST_WIDE_BARS = 13
"""More bars are narrower than their names."""


@dataclass(frozen=True)
class _Bar:
    """One month: what it came to, and the same month a year before where that was full too."""

    name: str
    value: float
    before: float | None
    is_full: bool
    days: int
    orders: int


def months_chart(months: Months, scale: int, currency: str | None, taken_off: str, chosen: CustomerFilter = EVERYBODY) -> Chart | None:
    """Draw the last 12 months with the year before as marks; where less than two years are known, all months without marks.

    ``taken_off`` says what became of returns. Without money the bars are orders. None below three months: no line to see.
    """
    if len(months.names) < 3:
        return None
    bars, has_money = _bars(months, scale), months.units is not None
    words = (lambda value: money(value, currency)) if has_money else short
    picks = picks_of_months(chosen, [bar.name for bar in bars])
    what = "Revenue" if has_money else "Orders"
    n_orders = sum(bar.orders for bar in bars)
    has_before = any(bar.before is not None for bar in bars)
    has_part = any(not bar.is_full for bar in bars)
    note = f"{what} per month{', ' + taken_off if has_money else ''}, n = {counted(n_orders, 'order')}."
    return Chart(
        name="months",
        told=Told(f"Monthly {what.lower()}", months_finding(bars, words), note),
        figure=_figure(bars, words, _exact(has_money, currency), picks),
        aria=f"{what} by month as bars{', the year before as marks' if has_before else ''}. {months_finding(bars, words)}",
        data=_table(bars, what, has_money, currency, picks),
        height=232,
        is_wide=True,
        legend=_legend(has_before, has_part),
    )


def _bars(months: Months, scale: int) -> list[_Bar]:
    values = [units / 10**scale for units in months.units] if months.units is not None else [float(count) for count in months.orders]
    places = list(range(len(values)))
    is_long = sum(months.is_full) >= 2 * _YEAR
    if is_long:
        last_full = max(place for place in places if months.is_full[place])
        places = [place for place in places if place > last_full - _YEAR]
    bars = []
    for place in places[-_MOST_BARS:]:
        back = place - _YEAR
        before = values[back] if is_long and back >= 0 and months.is_full[back] and months.is_full[place] else None
        facts = (months.is_full[place], months.days[place], months.orders[place])
        bars.append(_Bar(months.names[place], values[place], before, *facts))
    return bars


def months_finding(bars: Sequence[_Bar], words: Any) -> str:
    """Say which month is the peak, and which fell below the year before."""
    full = [bar for bar in bars if bar.is_full] or list(bars)
    peak = max(full, key=lambda bar: bar.value)
    years = {bar.name[:4] for bar in full if bar.name[5:] == peak.name[5:]}
    name = full_month_name(peak.name) + (f" {peak.name[:4]}" if len(years) > 1 else "")
    said = f"{name} is the peak: {words(peak.value)}."
    compared = [bar for bar in full if bar.before is not None]
    below = [full_month_name(bar.name) for bar in compared if bar.before is not None and bar.value < bar.before]
    if not compared:
        return said
    if not below:
        return f"{said} Every month was above last year."
    if len(below) == len(compared):
        return f"{said} Every month fell below last year."
    if len(below) <= 2:
        return f"{said} Only {' and '.join(below)} fell below last year."
    return f"{said} {len(below)} of {len(compared)} months fell below last year."


def _figure(bars: Sequence[_Bar], words: Any, exact: Any, picks: Picks) -> dict[str, Any]:
    known = [bar.value for bar in bars] + [bar.before or 0 for bar in bars]
    trace = {
        "type": "bar",
        "x": list(range(len(bars))),
        "y": [bar.value for bar in bars],
        "marker": {"color": picks.colours() if picks.any_on else [DATA if bar.is_full else SOFT for bar in bars]},
        "customdata": [_hover(bar, exact) for bar in bars],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    axis_y = value_axis(min(known), max(known), words)
    low, high = axis_y["range"]
    unseen = {"marker": {"color": "rgba(0,0,0,0)"}, "base": low, "y": [high - low] * len(bars), "meta": picks.meta()}
    places = list(range(len(bars)))
    every = 1 if len(bars) <= _MOST_WIDE_BARS else 2
    axis = {
        "tickvals": places[::every],
        "ticktext": [_tick(bars, place, every) for place in places[::every]],
        "range": [-0.6, len(bars) - 0.4],
    }
    layout = {
        "xaxis": axis,
        "yaxis": axis_y,
        "shapes": [line for place, bar in enumerate(bars) if bar.before is not None for line in _mark(place, bar.before)],
        "annotations": _labels(bars, words),
        "margin": {"l": 8, "r": 4, "t": 22, "b": 8},
        "barmode": "overlay",
    }
    return {"data": [{**trace, "meta": picks.meta()}, {**trace, **unseen}], "layout": with_room(layout)}


def _tick(bars: Sequence[_Bar], place: int, every: int) -> str:
    name = month_name(bars[place].name, with_year=False)
    is_first = place < every or bars[place].name[:4] != bars[place - every].name[:4]
    return f"{name}<br>{bars[place].name[:4]}" if is_first else name


def _hover(bar: _Bar, exact: Any) -> str:
    part = "" if bar.is_full else f"<br>{counted(bar.days, 'day')} of the month"
    before = "" if bar.before is None else f"<br>{exact(bar.before)} the year before"
    return f"<b>{month_name(bar.name)}</b><br>{exact(bar.value)} · {counted(bar.orders, 'order')}{before}{part}"


def _mark(place: int, value: float) -> list[dict[str, Any]]:
    """Draw a mark across a bar: a line with an edge in the colour of the card."""
    ends = {"type": "line", "x0": place - 0.4, "x1": place + 0.4, "y0": value, "y1": value}
    return [{**ends, "line": {"color": SURFACE, "width": 4.5}}, {**ends, "line": {"color": REFERENCE, "width": 2.5}}]


def _labels(bars: Sequence[_Bar], words: Any) -> list[dict[str, Any]]:
    """Name the peak, the lowest and the latest full month where these do not stand side by side and have room."""
    full = [place for place, bar in enumerate(bars) if bar.is_full]
    if not full:
        return []
    peak, low = max(full, key=lambda place: bars[place].value), min(full, key=lambda place: bars[place].value)
    named = [peak]
    for place in (full[-1], low):
        is_free = len(bars) <= _MOST_WIDE_BARS or _stands_out(bars, place)
        if is_free and all(abs(place - other) > (1 if len(bars) <= _MOST_WIDE_BARS else 3) for other in named):
            named.append(place)
    highest = max(bar.value for bar in bars)
    return [label(place, _height_of_words(bars[place], highest), words(bars[place].value), yshift=10) for place in named]


def _height_of_words(bar: _Bar, highest: float) -> float:
    """Return where the value of a bar is written: above it, and above the mark of the year before where that is near."""
    before = bar.before or 0
    is_near = bar.value < before < bar.value + _NEAR * highest
    return max(bar.value, before if is_near else 0, 0)


def _stands_out(bars: Sequence[_Bar], place: int) -> bool:
    """Tell whether words above a narrow bar would not lie over its neighbours."""
    beside = [bars[other].value for other in (place - 1, place + 1) if 0 <= other < len(bars)]
    return all(value <= bars[place].value for value in beside)


def _legend(has_before: bool, has_part: bool) -> list[tuple[str, str]]:
    shown = [("data", "This year"), ("tick", "Last year")] if has_before else []
    return shown + ([("soft", "Part of a month")] if has_part else [])


def _exact(has_money: bool, currency: str | None) -> Callable[[float | None], str]:
    return (lambda value: money(value, currency, is_short=False)) if has_money else whole


def _table(bars: Sequence[_Bar], what: str, has_money: bool, currency: str | None, picks: Picks) -> DataTable:
    exact = _exact(has_money, currency)
    headers = ["Month", what, "The year before"] + (["Orders"] if has_money else [])
    rows = [[_row_name(bar), exact(bar.value), exact(bar.before)] + ([whole(bar.orders)] if has_money else []) for bar in bars]
    return DataTable(headers, rows, picks.conditions)


def _row_name(bar: _Bar) -> str:
    return month_name(bar.name) + ("" if bar.is_full else f" ({counted(bar.days, 'day')})")
