"""A finished report read back: the numbers in it must be those that were to be written."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from dashboard.exports.reports.content import ReportChart, ReportContent
from dashboard.exports.reports.fitting import clean
from segmentation.errors import UnavailableError


def check_page(path: Path, content: ReportContent) -> int:
    """Read a page back and return how many numbers in it were compared."""
    reader = _Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    reader.close()
    return _compare(sorted(reader.numbers), sorted(_numbers_of_page(content)))


def check_presentation(path: Path, content: ReportContent) -> int:
    """Open the slides again and return how many numbers of their charts were compared, and of the workbooks behind them."""
    from pptx import Presentation

    found: dict[str, list[list[float | None]]] = {}
    words: set[str] = set()
    for slide in Presentation(str(path)).slides:
        for shape in slide.shapes:
            if shape.has_chart:
                found[shape.name] = [list(series.values) for plot in shape.chart.plots for series in plot.series]
                _compare(_numbers_of_workbook(shape.chart), sorted(_as_in_workbook(value) for value in _present(found[shape.name])))
            elif shape.has_text_frame:
                words.update(paragraph.text for paragraph in shape.text_frame.paragraphs)
    expected = {clean(chart.name): [list(series.values) for series in chart.series] for chart in charts_of(content)}
    if found != expected or not {clean(kpi.value) for kpi in content.kpis} <= words:
        raise _different()
    return sum(len(_present(series)) for series in found.values()) + len(content.kpis)


def _present(series: list[list[float | None]]) -> list[float]:
    return [value for own in series for value in own if value is not None]


def _as_in_workbook(value: float) -> float:
    """Return a number in the 16 figures that a workbook keeps."""
    return float(f"{value:.16g}")


def _numbers_of_workbook(chart: Any) -> list[float]:
    """Return the numbers that open when somebody edits a chart."""
    import fastexcel

    sheet = fastexcel.read_excel(chart.part.chart_workbook.xlsx_part.blob).load_sheet(0, header_row=None, skip_rows=1)
    columns = [sheet.to_arrow().column(place).to_pylist() for place in range(1, sheet.width)]
    return sorted(float(value) for column in columns for value in column if value is not None)


def charts_of(content: ReportContent) -> Iterator[ReportChart]:
    """Return every chart of a report."""
    yield from content.charts
    if content.segments and content.shares:
        yield content.shares
    yield from (segment.indices for segment in content.segments if segment.indices)


def _compare(found: list[float], expected: list[float]) -> int:
    if found != expected:
        raise _different()
    return len(found)


def _different() -> UnavailableError:
    return UnavailableError("file_incomplete", "The numbers in the file are not those of the pages.", fix="Make the report again.")


def _numbers_of_page(content: ReportContent) -> Iterator[float]:
    for chart in charts_of(content):
        yield from (value for series in chart.series for value in series.values if value is not None)
    yield from (kpi.exact for kpi in content.kpis if kpi.exact is not None)
    for segment in content.segments:
        figures = (segment.size, segment.share_customers, segment.share_revenue, segment.revenue)
        yield from (float(figure) for figure in figures if figure is not None)
    if content.account:
        yield from (float(content.account.rows_read), float(content.account.rows_kept))


class _Reader(HTMLParser):
    """Collects the exact numbers in the markup, and minds that the page asks for nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers: list[float] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag in ("script", "link", "img", "iframe", "object") or known.keys() & {"src", "href"}:
            raise RuntimeError(f"the page has a <{tag}>")
        value = known.get("value") if tag == "data" else known.get("data-value")
        if value is not None:
            self.numbers.append(float(value))
