"""Numbers of customers in bands: spend, income, orders."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dashboard.components.charts import DataTable, Told
from dashboard.figures.overview_bars import Standing, standing_bars
from dashboard.figures.overview_chart import Chart, round_words, sentence, share_words
from dashboard.figures.overview_picks import picks_of
from dashboard.formats import counted, is_year, money, percent, short, whole
from segmentation.measures.demographics import Histogram
from segmentation.measures.filters import EVERYBODY, Band, Choice, CustomerFilter

_EXACT_BELOW = 10_000
"""Up to here whole numbers are written in full, so a band can end at one."""
_MANY = 0.2
"""From this share on it is worth saying how many have a single order."""
_AXIS_LETTERS = 46
"""About as many letters fit side by side below a narrow chart."""
_COUNTED = ("days", "orders", "pieces", "products", "visits")


@dataclass(frozen=True)
class BandBars:
    """Bands as standing bars, and their names in full."""

    drawn: Standing
    full_names: tuple[str, ...]


def bars_of(histogram: Histogram, currency: str | None, what: str = "customer") -> BandBars:
    """Return the bars of a number in its bands."""
    names = band_names(histogram, currency)
    hovers = [
        f"<b>{name}</b><br>{counted(count, what)} · {share_words(count, histogram.n)}"
        for name, count in zip(names, histogram.counts, strict=True)
    ]
    return BandBars(Standing(_axis_names(histogram, names, currency), histogram.counts, hovers, short, _unit(histogram)), tuple(names))


def histogram_chart(histogram: Histogram, currency: str | None, chosen: CustomerFilter = EVERYBODY) -> Chart:
    """Draw a number in its bands."""
    title = sentence(histogram.label.replace("_", " "))
    bars = bars_of(histogram, currency)
    missing = f"; {whole(histogram.n_missing)} not known" if histogram.n_missing else ""
    finding = histogram_finding(histogram, currency)
    picks = picks_of(chosen, histogram.column, choices_of(histogram))
    rows = [[name, whole(count)] for name, count in zip(bars.full_names, histogram.counts, strict=True)]
    return Chart(
        name=f"number-{histogram.column}",
        told=Told(title, finding, f"Customers, n = {whole(histogram.n)}{missing}.{growing_words(histogram)}"),
        figure=standing_bars(bars.drawn, picks),
        aria=f"{title} in bands. {finding}",
        data=DataTable([title, "Customers"], rows, picks.conditions),
    )


def choices_of(histogram: Histogram) -> list[Choice]:
    """Return what each band stands for; the first takes all below, the last all above, as in the counts."""
    edges = histogram.edges
    if histogram.is_discrete:
        return [str(int(edge)) for edge in edges]
    return [Band(low, high) for low, high in zip((None, *edges[1:]), (*edges[1:], None), strict=True)]


def is_growing(histogram: Histogram) -> bool:
    """Tell whether the bands differ in width."""
    widths = {round(end - edge, 9) for edge, end in zip(histogram.edges, histogram.edges[1:], strict=False)}
    return not histogram.is_discrete and len(widths) > 1


def growing_words(histogram: Histogram) -> str:
    """Say where the bands differ in width."""
    return " Bands grow wider." if is_growing(histogram) else ""


def _unit(histogram: Histogram) -> str:
    return sentence(histogram.unit) if histogram.unit and histogram.unit not in ("money", histogram.label) else ""


def number_words(unit: str | None, currency: str | None) -> Callable[[float], str]:
    """Return how a number of a customer is written: money with its sign, 50 k rather than 50.0 k."""
    sign = " %" if unit == "%" else ""
    return lambda value: round_words(money(value, currency) if unit == "money" else f"{short(value)}{sign}")


def _words_of(histogram: Histogram, currency: str | None) -> Callable[[float], str]:
    """Return how a number of a histogram is written: years as they are."""
    return (lambda value: f"{value:.0f}") if _is_of_years(histogram) else number_words(histogram.unit, currency)


def _is_of_years(histogram: Histogram) -> bool:
    """Tell whether the numbers are years."""
    return histogram.is_whole and all(is_year(edge, histogram.label, histogram.unit) for edge in histogram.edges)


def band_names(histogram: Histogram, currency: str | None) -> list[str]:
    """Name the bands: 3, 5–9, 1 k to below 2 k, 50 and more."""
    words, edges = _words_of(histogram, currency), histogram.edges
    if histogram.is_discrete:
        return [words(edge) for edge in edges]
    ends = [*edges[1:], 2 * edges[-1] - edges[-2] if len(edges) > 1 else edges[-1]]
    named = [_band_name(edge, end, histogram.is_whole, words) for edge, end in zip(edges, ends, strict=True)]
    return [*named[:-1], f"{words(edges[-1])} and more"] if histogram.is_open else named


def _band_name(edge: float, end: float, is_whole: bool, words: Callable[[float], str]) -> str:
    if not is_whole or edge >= _EXACT_BELOW:
        return f"{words(edge)} to below {words(end)}"
    return words(edge) if end - edge <= 1 else f"{words(edge)}–{words(end - 1)}"


def _axis_names(histogram: Histogram, names: Sequence[str], currency: str | None) -> list[str]:
    """Return the names where they are short, else each second lower edge."""
    words = _words_of(histogram, currency)
    last = f"{words(histogram.edges[-1])}+" if histogram.is_open else names[-1]
    whole_names = [*names[:-1], last]
    if max(len(name) for name in whole_names) * len(names) <= _AXIS_LETTERS:
        return whole_names
    edges = [*(words(edge) for edge in histogram.edges[:-1]), last if histogram.is_open else words(histogram.edges[-1])]
    every = 1 if max(len(name) for name in edges) * len(names) <= _AXIS_LETTERS else 2
    return [name if (len(edges) - 1 - place) % every == 0 else "" for place, name in enumerate(edges)]


def histogram_finding(histogram: Histogram, currency: str | None) -> str:
    """Say where the middle is, or which value is the most frequent."""
    words = _words_of(histogram, currency)
    unit = f" {histogram.unit}" if histogram.unit in _COUNTED else ""
    if histogram.is_discrete:
        count, value = max(zip(histogram.counts, histogram.edges, strict=True), key=lambda pair: (pair[0], -pair[1]))
        most, average = percent(count / histogram.n), words(histogram.mean)
        one = unit.removesuffix("s") if value == 1 else unit
        return f"{most} have {words(value)}{one}." if unit else f"Most frequent is {words(value)}: {most}; the average is {average}."
    with_one = histogram.counts[0] / histogram.n
    if histogram.unit == "orders" and histogram.edges[:2] == (1, 2) and with_one >= _MANY:
        return f"{percent(with_one)} have one; the average is {words(histogram.mean)}."
    if _is_of_years(histogram):
        return f"Half have {words(histogram.median)} or later."
    return f"Half have {words(histogram.median)}{unit} or more; the average is {words(histogram.mean)}."
