"""A report of a run in words and numbers: those of the overview and of the page of segments, as they stand there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Literal

from dashboard.auth.permissions import OWNER
from dashboard.components.segment_cards import BADGES, typeset, verdict_sentence
from dashboard.components.segment_words import lead, made_with, structure_words
from dashboard.exports.reports.content import Account, ReportContent, ReportSegment, Trust
from dashboard.figures.overview import overview_charts
from dashboard.figures.overview_chart import Chart, sentence
from dashboard.figures.overview_report import ReportedView, view_report
from dashboard.figures.report_charts import indices_of_segment, measures_to_show, shares_of_segments
from dashboard.formats import counted
from dashboard.queries.reporting import ReportSources
from dashboard.queries.segments import SegmentsOfRun, ShownSegment
from database.datasets import Dataset

_LEVELS = {
    "clear": "Clear groups",
    "some": "Some structure",
    "none": "No groups of their own",
    "unknown": "Cannot be told",
}
_LOOKS: Mapping[str, Literal["use", "care", "no"]] = {"use": "use", "use with care": "care", "do not target": "no"}
_MOST_FINDINGS = 4
_MOST_CAVEATS = 5


def run_report(sources: ReportSources, today: date) -> ReportContent:
    """Return what a report of a run says; ``today`` is the day on it."""
    shown, overview = sources.shown, sources.overview
    charts = overview_charts(overview, shown.currency, _returns(shown.dataset))
    everybody = view_report(ReportedView(shown.dataset.name, (), overview, overview, charts, shown.currency), today)
    finding, basis = lead(shown)
    return replace(
        everybody,
        made=everybody.made if shown.run.author in (None, OWNER.name) else f"{everybody.made}; segments by {shown.run.author}",
        finding=finding,
        basis=basis,
        findings=_findings(charts),
        segments=_segments(shown),
        shares=shares_of_segments(shown, finding, _population(shown)),
        trust=_trust(shown),
        account=_account(shown.dataset),
    )


def _returns(dataset: Dataset) -> str:
    return "returns taken off" if dataset.source.get("returns") == "net" else "returns not counted"


def _findings(charts: Sequence[Chart]) -> tuple[tuple[str, str], ...]:
    """Return what the page's best charts say, how revenue is spread first."""
    first = sorted(charts, key=lambda chart: chart.name != "concentration")[:_MOST_FINDINGS]
    return tuple((chart.told.title, chart.told.finding) for chart in first)


def _population(shown: SegmentsOfRun) -> str:
    return f"n = {counted(shown.n_segmented, 'customer')} in segments."


def _segments(shown: SegmentsOfRun) -> tuple[ReportSegment, ...]:
    comparison = shown.portrait["comparison"] if shown.portrait else {"numbers": ()}
    rows = measures_to_show(comparison, shown.report["features"])
    return tuple(_segment(segment, shown, place, rows) for place, segment in enumerate(shown.segments))


def _segment(segment: ShownSegment, shown: SegmentsOfRun, place: int, rows: Sequence[Mapping[str, Any]]) -> ReportSegment:
    return ReportSegment(
        letter=segment.letter,
        name=segment.name,
        size=segment.size,
        share_customers=segment.share_customers,
        share_revenue=segment.share_revenue,
        revenue=segment.revenue,
        look=_LOOKS[segment.verdict],
        verdict=BADGES[segment.verdict][2],
        verdict_because=verdict_sentence(segment, shown.level),
        differences=tuple(typeset(words) for words in segment.differences),
        rule=typeset(segment.rule) if segment.rule else None,
        action=segment.action or "No action yet.",
        indices=indices_of_segment(rows, place, segment.name),
    )


def _trust(shown: SegmentsOfRun) -> Trust:
    return Trust(
        level=_LEVELS[shown.level or "unknown"],
        sentence=structure_words(shown),
        why_so_many=sentence(typeset(shown.report["k_reason"])),
        method=made_with(shown),
    )


def _account(dataset: Dataset) -> Account | None:
    facts = dataset.facts
    if facts is None:
        return None
    rules = ((step["why"], step["rows_in"] - step["rows_out"]) for step in facts.receipt)
    return Account(
        rows_read=facts.rows_read,
        rows_kept=facts.rows_kept,
        rows_set_aside=facts.rows_rejected,
        rules=tuple((sentence(why), n) for why, n in rules if n),
        caveats=_caveats(dataset),
    )


def _caveats(dataset: Dataset) -> tuple[str, ...]:
    """Say what a reader must know: what was noticed in the file, and what segments are not."""
    facts = dataset.facts
    noticed = [finding["message"] for finding in facts.findings if finding["severity"] == "warning"] if facts else []
    money = ["The file does not say its currency."] if facts and facts.revenue is not None and facts.currency is None else []
    always = ["Segments say how customers behaved in these data, not why; with new data customers move between them."]
    return (*always, *money, *noticed[: _MOST_CAVEATS - 1 - len(money)])
