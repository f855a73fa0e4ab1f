"""A finished report read back: the numbers in it must be those that were to be written."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from dashboard.exports.reports.content import ReportChart, ReportContent
from segmentation.errors import UnavailableError


def check_page(path: Path, content: ReportContent) -> int:
    """Read a page back and return how many numbers in it were compared."""
    reader = _Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    reader.close()
    return _compare(sorted(reader.numbers), sorted(_numbers_of_page(content)))


def charts_of(content: ReportContent) -> Iterator[ReportChart]:
    """Return every chart of a report."""
    yield from content.charts
    if content.segments and content.shares:
        yield content.shares
    yield from (segment.indices for segment in content.segments if segment.indices)


def _compare(found: list[float], expected: list[float]) -> int:
    if found != expected:
        raise UnavailableError("file_incomplete", "The numbers in the file are not those of the pages.", fix="Make the report again.")
    return len(found)


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
