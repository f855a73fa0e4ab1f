"""What a report of a run says is what the pages show: the numbers of the queries, the words of the components."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pptx import Presentation

from dashboard.auth.permissions import OWNER
from dashboard.components.segment_words import lead
from dashboard.context import Context, open_context
from dashboard.exports.reports.checked import charts_of, check_page, check_presentation
from dashboard.exports.reports.content import ReportContent
from dashboard.exports.reports.html_report import html_report
from dashboard.exports.reports.presentation import write_presentation
from dashboard.figures.report import run_report
from dashboard.formats import days, whole
from dashboard.queries.reporting import ReportSources, load_report_sources
from dashboard.workflows.datasets import ImportRequest, request_import
from dashboard.workflows.doing import finish_own_job
from dashboard.workflows.runs import request_run
from dashboard.workflows.staging import staged
from segmentation.measures.recipe import Recipe
from tests.dashboard.making import settings_for, small_list, small_log

TODAY = date(2026, 11, 21)


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Context]:
    """A service on SQLite: a report reads through queries that are the same on either store."""
    context = open_context(settings_for(tmp_path / "var"))
    yield context
    context.close()


def sources_of(context: Context, path: Path, recipe: Recipe) -> ReportSources:
    with staged(context, path) as file:
        dataset_id = finish_own_job(context, request_import(context, ImportRequest(file, path.name)))["dataset_id"]
    return load_report_sources(context, str(finish_own_job(context, request_run(context, dataset_id, recipe))["run_id"]))


def small(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "shop.csv"
    path.write_text(text, encoding="utf-8")
    return path


def compare(sources: ReportSources, tmp_path: Path) -> ReportContent:
    """Read a report's slides back and hold them against what the pages are drawn from."""
    content = run_report(sources, TODAY)
    path = tmp_path / "report.pptx"
    write_presentation(path, content)
    check_presentation(path, content)
    page = tmp_path / "report.html"
    page.write_text(html_report(content), encoding="utf-8")
    check_page(page, content)
    shapes = [shape for slide in Presentation(str(path)).slides for shape in slide.shapes]
    charts = {shape.name: [list(series.values) for series in shape.chart.plots[0].series] for shape in shapes if shape.has_chart}
    words = {paragraph.text for shape in shapes if shape.has_text_frame for paragraph in shape.text_frame.paragraphs}
    overview, shown = sources.overview, sources.shown
    assert charts["shares-of-segments"][0] == [segment.share_customers for segment in shown.segments]
    if shown.has_money:
        assert charts["shares-of-segments"][1] == [segment.share_revenue for segment in shown.segments]
    assert shown.portrait
    rows = {row["name"]: row for row in shown.portrait["comparison"]["numbers"]}
    for place, segment in enumerate(shown.segments):
        indices = {round(row["segments"][place]["index"], 9) for row in rows.values() if row["segments"][place]["index"] is not None}
        assert {round(value, 9) for value in charts[f"indices-{place + 1}"][0]} <= indices
        assert {segment.name, whole(segment.size)} <= words
    if "months" in charts:
        assert overview.months and overview.months.units
        n = len(charts["months"][0])
        assert charts["months"][0] == [units / 10**overview.scale for units in overview.months.units[-n:]]
    for ranking in (*overview.lines, *overview.categories):
        if f"rank-{ranking.column}" in charts:
            sizes = [
                {"customers": e.customers, "orders": e.orders, "money": (e.units or 0) / 10**overview.scale}[ranking.by]
                for e in ranking.entries
            ]
            assert charts[f"rank-{ranking.column}"][0] == sizes[:9]
    return content


def test_a_log_has_months_and_what_was_bought(local: Context, tmp_path: Path) -> None:
    sources = sources_of(local, small(tmp_path, small_log()), Recipe(n_clusters=3))
    content = compare(sources, tmp_path)
    assert content.finding == lead(sources.shown)[0]
    assert content.trust and "silhouette" in sources.shown.report["structure"]["verdict"]
    assert not [words for words in ("silhouette", "(", ":") if words in content.trust.sentence]  # for analysts
    assert content.period == days(sources.overview.first_day, sources.overview.last_day)
    assert next(charts_of(content)).name == "months"
    assert content.account
    assert content.account.rows_read == content.account.rows_kept + sum(n for _, n in content.account.rules)
    assert content.account.rows_set_aside == sum(n for _, n in content.account.rules) == 3
    assert "The file does not say its currency." in content.account.caveats


def test_a_list_has_no_months(local: Context, tmp_path: Path) -> None:
    content = compare(sources_of(local, small(tmp_path, small_list()), Recipe(n_clusters=3)), tmp_path)
    assert "months" not in [chart.name for chart in content.charts]
    assert content.period is None and content.kpis_note == ""
    assert [kpi.value for kpi in content.kpis if kpi.label == "Customers"] == ["60"]


def test_segments_made_by_a_rule_say_so(local: Context, tmp_path: Path) -> None:
    content = compare(sources_of(local, small(tmp_path, small_log()), Recipe(method="rfm")), tmp_path)
    assert len(content.segments) > 3
    assert {segment.verdict_because for segment in content.segments} == {"Made by a rule, so nobody moves when it is repeated."}


def test_the_same_view_on_the_same_day_is_the_same_report(local: Context, tmp_path: Path) -> None:
    sources = sources_of(local, small(tmp_path, small_log()), Recipe(n_clusters=2))
    assert run_report(sources, TODAY) == run_report(load_report_sources(local, sources.shown.run.id), TODAY)
    assert run_report(sources, TODAY).made == "Made with Clientele on 21 Nov 2026"

    def made_by(author: str) -> str:
        shown = replace(sources.shown, run=replace(sources.shown.run, author=author))
        return run_report(replace(sources, shown=shown), TODAY).made

    assert made_by(OWNER.name) == "Made with Clientele on 21 Nov 2026"  # a machine is nobody
    assert made_by("Mara") == "Made with Clientele on 21 Nov 2026; segments by Mara"


@pytest.mark.real_data
def test_marketing_campaign_says_who_brings_the_money(local: Context, real_data: Callable[[str], Path], tmp_path: Path) -> None:
    content = compare(sources_of(local, real_data("marketing_campaign.csv"), Recipe()), tmp_path)
    assert content.segments[0].share_customers == pytest.approx(0.47, abs=0.02)
    assert content.segments[0].share_revenue == pytest.approx(0.885, abs=0.02)
    assert content.n_customers == 2_240 and sum(segment.size for segment in content.segments) == 2_216


@pytest.mark.real_data
def test_online_retail_keeps_the_published_numbers(local: Context, online_retail_csv: Path, tmp_path: Path) -> None:
    content = compare(sources_of(local, online_retail_csv, Recipe()), tmp_path)
    exact = {kpi.label: kpi.exact for kpi in content.kpis}
    assert exact["Customers"] == 4_338 and exact["Orders"] == 18_532
    assert exact["Revenue"] == pytest.approx(8_887_208.894)
    assert content.account and content.account.rows_kept == 392_692 and content.account.rows_set_aside == 149_217
    assert content.charts[0].name == "months" and len(content.charts[0].labels) == 13
