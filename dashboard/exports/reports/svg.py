"""Charts of the page as SVG: bars lying or standing, their numbers beside them and, exact, in the markup."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from dashboard.exports.reports import colours
from dashboard.exports.reports.content import ReportChart, Series, number_words
from dashboard.exports.reports.fitting import clean, cut, text_width

_SIZE = 10.5
_BAR, _GAP, _ROW_GAP = 11.0, 2.0, 8.0
_LETTERS_OF_END = 12
_LONGEST_LABEL = 0.42
"""Part of the width that labels may take."""
_AVERAGE, _LEAST_END = 100.0, 180.0
"""Where bars of indices begin, and how far they have room at least."""
_MOST_NAMED = 8
"""More standing bars than these have no room for a number each: only the highest and the last are told."""
_WORDS = 16.0
"""The height of a value above its bar, with room for a mark."""


def draw_chart(chart: ReportChart, currency: str | None, width: float) -> str:
    """Draw a chart as wide as that many units; a unit is a CSS pixel where the page is not scaled."""
    return _standing(chart, currency, width) if chart.is_over_time else _lying(chart, currency, width)


def series_colour(chart: ReportChart, place: int) -> str:
    """Return the colour of a series: what it is compared with is grey, the second of two people's groups orange."""
    if len(chart.series) == 1:
        return colours.DATA
    if chart.unit == "share":
        return (colours.REFERENCE, colours.DATA)[place]
    return (colours.DATA, colours.REFERENCE if chart.has_marks else colours.DATA_SECOND)[place]


def _svg(parts: list[str], width: float, height: float, chart: ReportChart) -> str:
    told = escape(clean(f"{chart.title}. {chart.finding}".strip()))
    head = f'<svg viewBox="0 0 {width:g} {height:.0f}" role="img" aria-label="{told}">'
    return f"{head}{''.join(parts)}</svg>"


def _lying(chart: ReportChart, currency: str | None, width: float) -> str:
    labels = _cut_apart(chart.labels, _LONGEST_LABEL * width)
    left = max(text_width(label, _SIZE) for label in labels) + 10
    told = [[number_words(value, chart.unit, currency) for value in series.values] for series in chart.series]
    right = max(text_width(words, _SIZE) for own in told for words in own) + 8
    lowest, highest = _ends(chart, _LEAST_END if chart.unit == "index" else 0)
    scale = (width - left - right) / (highest - lowest)
    origin = left - lowest * scale
    zero = origin + (_AVERAGE * scale if chart.unit == "index" else 0)
    row = len(chart.series) * (_BAR + _GAP) + _ROW_GAP
    parts = [f'<path class="axis" d="M{zero:.1f} 0V{row * len(labels):.1f}"/>']
    for place, label in enumerate(labels):
        top = place * row + _ROW_GAP / 2
        middle = top + (row - _ROW_GAP) / 2 + 3
        parts.append(f'<text class="label" x="0" y="{middle:.1f}">{_titled(label, chart.labels[place])}</text>')
        for number in range(len(chart.series)):
            parts += _bar(chart, number, place, (origin, zero, scale, top + number * (_BAR + _GAP)), told[number][place])
    return _svg(parts, width, row * len(labels), chart)


def _cut_apart(labels: Sequence[str], width: float) -> list[str]:
    """Cut labels to a width; those that would be alike without their ends keep beginning and end."""
    short = [cut(label, width, _SIZE) for label in labels]
    ends = [clean(label)[-_LETTERS_OF_END:].lstrip() for label in labels]
    return [
        each if short.count(each) == 1 or each == clean(label) else cut(label, width - text_width(end, _SIZE), _SIZE) + end
        for label, each, end in zip(labels, short, ends, strict=True)
    ]


def _bar(chart: ReportChart, number: int, place: int, where: tuple[float, float, float, float], words: str) -> list[str]:
    origin, zero, scale, top = where
    value = chart.series[number].values[place]
    if value is None:
        return []
    end = origin + value * scale
    colour = series_colour(chart, number) if chart.unit != "index" or value >= _AVERAGE else colours.DATA_SECOND
    start, length = min(zero, end), abs(end - zero)
    rect = f'<rect x="{start:.1f}" y="{top:.1f}" width="{length:.1f}" height="{_BAR:g}" rx="2" fill="#{colour}" data-value="{value!r}"/>'
    return [rect, f'<text class="value" x="{max(end, zero) + 5:.1f}" y="{top + _BAR - 2:.1f}">{escape(words)}</text>']


def _ends(chart: ReportChart, least_end: float = 0.0) -> tuple[float, float]:
    """Return where the axis of values begins and ends: nothing is always on it, and what is less than nothing too."""
    values = [value for series in chart.series for value in series.values if value is not None]
    lowest, highest = min([0.0, *values]), max([least_end, *values])
    return lowest, highest if highest > lowest else lowest + 1


def _titled(shown: str, full: str) -> str:
    return f"{escape(shown)}<title>{escape(clean(full))}</title>" if shown != clean(full) else escape(shown)


def _standing(chart: ReportChart, currency: str | None, width: float) -> str:
    height, top = 132.0, 16.0
    n, beside = len(chart.labels), 1 if chart.has_marks else len(chart.series)
    lowest, highest = _ends(chart)
    scale = (height - top) / (highest - lowest)
    zero = height + lowest * scale
    step = width / n
    bar = step * 0.68 / beside
    parts = [f'<path class="axis" d="M0 {zero:.1f}H{width:g}"/>']
    for number, series in enumerate(chart.series):
        named = _named(series, n) if number == 0 else set()
        for place, value in enumerate(series.values):
            if value is None:
                continue
            x = place * step + step * 0.16 + number % beside * bar
            parts.append(_column(chart, number, value, (x, bar, zero, scale)))
            if place in named:
                words = escape(number_words(value, chart.unit, currency))
                middle = min(max(x + bar / 2, 18), width - 18)
                y = zero - _height_of_words(chart, place, value, scale) - 4
                parts.append(f'<text class="value top" x="{middle:.1f}" y="{y:.1f}">{words}</text>')
    return _svg(parts + _below(chart, step, height), width, height + 30, chart)


def _column(chart: ReportChart, number: int, value: float, where: tuple[float, float, float, float]) -> str:
    """Draw a standing bar, or a mark across it."""
    x, bar, zero, scale = where
    look = f'fill="#{series_colour(chart, number)}" data-value="{value!r}"'
    if chart.has_marks and number == 1:
        place = f'x="{x - 2:.1f}" y="{zero - value * scale - 1.5:.1f}" width="{bar + 4:.1f}" height="3" rx="1"'
        return f'<rect {place} stroke="#{colours.SURFACE}" {look}/>'
    y, tall = zero - max(value, 0) * scale, abs(value) * scale
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{bar:.1f}" height="{tall:.1f}" rx="1.5" {look}/>'


def _height_of_words(chart: ReportChart, place: int, value: float, scale: float) -> float:
    """Return where the value of a bar is written: above it, and above the mark of the year before where that would lie on the words."""
    mark = chart.series[1].values[place] if chart.has_marks else None
    is_near = mark is not None and 0 < (mark - value) * scale < _WORDS
    return max(mark if is_near and mark is not None else value, 0) * scale


def _named(series: Series, n: int) -> set[int]:
    """Return which bars say their number: all of a few, else the highest, and the last where it stands apart."""
    if n <= _MOST_NAMED:
        return set(range(n))
    peak = max(range(n), key=lambda place: series.values[place] or 0)
    return {peak} | ({n - 1} if n - 1 - peak > 1 else set())


def _below(chart: ReportChart, step: float, height: float) -> list[str]:
    """Write the labels below their bars on two lines, leaving out some where they are too wide."""
    lines = [_two_lines(label) for label in chart.labels]
    widest = max(text_width(part, 9) for pair in lines for part in pair)
    every = max(1, -(-int(widest + 4) // max(int(step), 1)))
    parts = []
    for place in range(0, len(lines), every):
        for row, part in enumerate(lines[place]):
            if part:
                x = min(max(place * step + step / 2, text_width(part, 9) / 2), step * len(lines) - text_width(part, 9) / 2)
                parts.append(f'<text class="tick" x="{x:.1f}" y="{height + 12 + 11 * row:.1f}">{escape(part)}</text>')
    return parts


def _two_lines(label: str) -> tuple[str, str]:
    """Split "Jan 2025" and "0 to below 20" after the first word, or before "to"."""
    first, _, rest = clean(label).partition(" to " if " to " in label else " ")
    return first, f"to {rest}" if " to " in label else rest
