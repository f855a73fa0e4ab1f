"""The charts of a report: the numbers that the pages draw, as labels and values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.components.index_table import row_label
from dashboard.exports.reports.content import ReportChart, Series, Unit
from dashboard.figures.overview_chart import Chart, month_name
from dashboard.figures.overview_customers import is_of_campaign
from dashboard.figures.overview_rankings import as_drawn, called
from dashboard.queries.segments import SegmentsOfRun
from segmentation.measures.demographics import AGE_BANDS, Ages, Boxes, Histogram, Share
from segmentation.measures.monthly import Months
from segmentation.measures.overview import Overview
from segmentation.measures.parts import Parts
from segmentation.measures.rankings import Ranking

MOST_CHARTS = 5
"""One over time across the width, and four beside one another."""
_MOST_BARS = 9
_MOST_MEASURES = 8
_YEAR = 12


def report_charts(overview: Overview, drawn: Sequence[Chart]) -> tuple[ReportChart, ...]:
    """Return the best of the page's charts that are bars, in its words; the others need a screen."""
    found = [_chart(chart, overview) for chart in drawn]
    return tuple(chart for chart in found if chart)[:MOST_CHARTS]


@dataclass(frozen=True)
class _Bars:
    """What a chart shows: a value for each label and series."""

    unit: Unit
    labels: Sequence[str]
    series: Sequence[Series]
    is_over_time: bool = False


def _chart(chart: Chart, overview: Overview) -> ReportChart | None:
    bars = _bars(chart, overview)
    if bars is None:
        return None
    note = chart.told.note.replace(" and share", "", 1)
    if chart.name == "boxes":
        note = f"{note.partition('. ')[0]}. Bars: half of each group have more."
    said = (chart.name, chart.told.title, chart.told.finding, note, bars.unit)
    return ReportChart(*said, tuple(called(label) for label in bars.labels), tuple(bars.series), bars.is_over_time)


def _bars(chart: Chart, overview: Overview) -> _Bars | None:
    """Find the numbers behind a chart of the page."""
    if chart.name == "months" and overview.months:
        return _months(overview.months, [row[0] for row in chart.data.rows], overview.scale)
    if chart.name == "ages" and overview.ages:
        return _ages(overview.ages)
    if chart.name == "countries" and overview.countries:
        return _ranking(overview.countries, overview.scale)
    if chart.name in ("shares", "campaigns"):
        return _shares([share for share in overview.shares if share.n and is_of_campaign(share) == (chart.name == "campaigns")])
    kind, _, column = chart.name.partition("-")
    rankings = {ranking.column: ranking for ranking in (*overview.categories, *overview.lines)}
    if kind == "rank" and column in rankings:
        return _ranking(rankings[column], overview.scale)
    found = [
        *(_parts(parts) for parts in overview.parts if chart.name == f"parts-{parts.total}"),
        *(_middles(boxes) for boxes in overview.boxes[:1] if chart.name == "boxes"),
        *(_histogram(each, [row[0] for row in chart.data.rows]) for each in overview.numbers if chart.name == f"number-{each.column}"),
    ]
    return found[0] if found else None


def _months(months: Months, labels: Sequence[str], scale: int) -> _Bars:
    """Take the months that the page shows, and the year before where it has all of them."""
    values = [units / 10**scale for units in months.units] if months.units is not None else [float(count) for count in months.orders]
    first = [month_name(name) for name in months.names].index(labels[0].partition(" (")[0])
    places = range(first, first + len(labels))
    unit: Unit = "count" if months.units is None else "money"
    own = tuple(values[place] for place in places)
    if first < _YEAR:
        return _Bars(unit, labels, [Series("Orders" if months.units is None else "Revenue", own)], is_over_time=True)
    before = tuple(values[place - _YEAR] if months.is_full[place - _YEAR] else None for place in places)
    return _Bars(unit, labels, [Series("This year", own), Series("The year before", before)], is_over_time=True)


def _ranking(ranking: Ranking, scale: int) -> _Bars:
    what = {"customers": "Customers", "orders": "Orders", "money": "Revenue"}[ranking.by]
    shown = as_drawn(ranking).entries[:_MOST_BARS]
    sizes = {"customers": [each.customers for each in shown], "orders": [each.orders or 0 for each in shown]}
    values = [(each.units or 0) / 10**scale for each in shown] if ranking.by == "money" else sizes[ranking.by]
    unit: Unit = "money" if ranking.by == "money" else "count"
    return _Bars(unit, [each.name for each in shown], [Series(what, tuple(float(value) for value in values))])


def _middles(boxes: Boxes) -> _Bars:
    """Take the median of each group, the highest first."""
    shown = boxes.boxes[::-1]
    series = Series("Median", tuple(box.quartiles[1] for box in shown))
    return _Bars("money" if boxes.unit == "money" else "count", [box.name for box in shown], [series])


def _parts(parts: Parts) -> _Bars:
    is_money = parts.total == "monetary_total"
    series = Series("Spend" if is_money else "Orders", tuple(parts.sums[:_MOST_BARS]))
    return _Bars("money" if is_money else "count", parts.names[:_MOST_BARS], [series])


def _shares(shares: Sequence[Share]) -> _Bars:
    """Take the shares of those who said yes; of a single column both answers."""
    labels, values = [share.label for share in shares], [share.n_yes / share.n for share in shares]
    if len(shares) == 1:
        labels, values = ["Yes", "No"], [values[0], 1 - values[0]]
    return _Bars("share", labels[:_MOST_BARS], [Series("Share of customers", tuple(values[:_MOST_BARS]))])


def _histogram(histogram: Histogram, labels: Sequence[str]) -> _Bars | None:
    if len(labels) != len(histogram.counts):
        return None
    series = Series("Customers", tuple(float(count) for count in histogram.counts))
    return _Bars("count", labels, [series], is_over_time=True)


def _ages(ages: Ages) -> _Bars:
    """Take the bands from the first that has anybody to the last, one series a gender."""
    filled = [place for place in range(len(AGE_BANDS)) if any(group.counts[place] for group in ages.groups)]
    shown = range(filled[0], filled[-1] + 1)
    series = [Series(group.name or "Customers", tuple(float(group.counts[place]) for place in shown)) for group in ages.groups]
    return _Bars("count", [AGE_BANDS[place] for place in shown], series, is_over_time=True)


def shares_of_segments(shown: SegmentsOfRun, finding: str, note: str) -> ReportChart:
    """Put each segment's share of customers beside its share of revenue."""
    segments = shown.segments
    series = [Series("Share of customers", tuple(segment.share_customers for segment in segments))]
    if shown.has_money:
        series.append(Series("Share of revenue", tuple(segment.share_revenue for segment in segments)))
    labels = tuple(f"{segment.letter}  {segment.name}" for segment in segments)
    title = "Share of customers and of revenue" if shown.has_money else "Share of customers"
    return ReportChart("shares-of-segments", title, finding, note, "share", labels, tuple(series))


def measures_to_show(comparison: Mapping[str, Any], features: Sequence[str]) -> list[Mapping[str, Any]]:
    """Choose the measures that every segment is shown by, the same for all: what the segments were made of first."""
    usable = [row for row in comparison["numbers"] if all(figure["index"] is not None for figure in row["segments"] if figure["n"])]
    return sorted(usable, key=lambda row: row["name"] not in features)[:_MOST_MEASURES]


def indices_of_segment(rows: Sequence[Mapping[str, Any]], place: int, name: str) -> ReportChart | None:
    """Return a segment against the average of all, one bar a measure; None where no measure can be compared."""
    known = [(row_label(row), row["segments"][place]) for row in rows if row["segments"][place]["n"]]
    if not known:
        return None
    return ReportChart(
        name=f"indices-{place + 1}",
        title="Compared with the average",
        finding="",
        note="100 = average of all customers in segments.",
        unit="index",
        labels=tuple(label for label, _ in known),
        series=(Series(name, tuple(float(figure["index"]) for _, figure in known)),),
    )
