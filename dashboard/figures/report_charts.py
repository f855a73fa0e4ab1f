"""The charts of a report: the numbers that the pages draw, as labels and values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.components.index_table import row_label
from dashboard.exports.reports.content import ReportChart, Series, Unit
from dashboard.figures.overview_chart import OTHERS, Chart, sentence
from dashboard.queries.segments import SegmentsOfRun
from segmentation.measures.demographics import AGE_BANDS, Ages
from segmentation.measures.overview import Overview

MOST_CHARTS = 5
"""One over time across the width, and four beside one another."""
_MOST_MEASURES = 8


def report_charts(overview: Overview, drawn: Sequence[Chart]) -> tuple[ReportChart, ...]:
    """Return the best of the page's charts that are bars; the others need a screen."""
    found = [_ages(chart, overview.ages) if chart.name == "ages" and overview.ages else _bars(chart, overview) for chart in drawn]
    return tuple(chart for chart in found if chart)[:MOST_CHARTS]


def _bars(chart: Chart, overview: Overview) -> ReportChart | None:
    """Take labels and values from the figure that the page shows, without the bar of all the others."""
    trace = chart.figure["data"][0]
    if trace["type"] != "bar" or len(chart.figure["data"]) > 1 or chart.name == "season":
        return None
    values = trace["x" if trace.get("orientation") == "h" else "y"]
    colours = trace["marker"]["color"]
    shown = [place for place in range(len(values)) if isinstance(colours, str) or colours[place] != OTHERS]
    labels = tuple(sentence(chart.data.rows[place][0]) for place in shown)
    unit = _unit(chart, overview)
    scale = 10**overview.scale if unit == "money" and chart.name.startswith("rank-") else 1  # rankings are drawn in whole units
    series = [Series(_what(chart), tuple(float(values[place]) / scale for place in shown))]
    if before := _before(chart, len(values)):
        series = [Series("This year", series[0].values), Series("The year before", before)]
    is_over_time = chart.name == "months" or chart.name.startswith("number-")
    note = chart.told.note.replace(" and share", "", 1)
    return ReportChart(chart.name, chart.told.title, chart.told.finding, note, unit, labels, tuple(series), is_over_time)


def _what(chart: Chart) -> str:
    """Return what the bars are, in the word of the table behind the chart."""
    return chart.told.note.partition(",")[0].rstrip(".").removesuffix(" and share")


def _before(chart: Chart, n: int) -> tuple[float | None, ...]:
    """Return the year before, which the page draws as marks across the bars; nothing where it is not known."""
    marks = {round((mark["x0"] + mark["x1"]) / 2): float(mark["y0"]) for mark in chart.figure["layout"].get("shapes", [])}
    return tuple(marks.get(place) for place in range(n)) if chart.name == "months" and marks else ()


def _unit(chart: Chart, overview: Overview) -> Unit:
    if chart.name == "shares":
        return "share"
    if chart.name == "months":
        return "money" if overview.months and overview.months.units is not None else "count"
    sorted_by = {f"rank-{ranking.column}": ranking.by for ranking in overview.lines}
    return "money" if sorted_by.get(chart.name) == "money" or chart.name == "parts-monetary_total" else "count"


def _ages(chart: Chart, ages: Ages) -> ReportChart:
    """Take the bands from the first that has anybody to the last, one series a gender."""
    filled = [place for place in range(len(AGE_BANDS)) if any(group.counts[place] for group in ages.groups)]
    shown = range(filled[0], filled[-1] + 1)
    series = tuple(Series(group.name or "Customers", tuple(float(group.counts[place]) for place in shown)) for group in ages.groups)
    labels = tuple(AGE_BANDS[place] for place in shown)
    return ReportChart(chart.name, chart.told.title, chart.told.finding, chart.told.note, "count", labels, series, is_over_time=True)


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
