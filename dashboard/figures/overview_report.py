"""The view of the overview as a report of one page: key figures and the best charts, of whom the filters leave."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dashboard.components.kpis import KpiShown
from dashboard.exports.reports.content import ReportContent, ReportKpi
from dashboard.figures.overview import comparison_words, overview_kpis
from dashboard.figures.overview_chart import Chart, sentence
from dashboard.figures.report_charts import report_charts
from dashboard.formats import counted, day, days, percent, whole
from segmentation.measures.overview import Overview

_ARROWS = {1: "▲ ", -1: "▼ ", 0: ""}


@dataclass(frozen=True)
class ReportedView:
    """What the page shows: the dataset's name, its filters in words, everybody, those who are left, and the charts of these."""

    title: str
    filters: tuple[str, ...]
    whole: Overview
    left: Overview
    charts: Sequence[Chart]
    currency: str | None


def view_report(view: ReportedView, today: date) -> ReportContent:
    """Return what a report of a view says; ``today`` is the day on it."""
    left = view.left
    words = overview_kpis(left, view.currency)
    told = next((chart.told.finding for chart in view.charts if chart.name in ("concentration", "months")), "")
    return ReportContent(
        title=view.title,
        period=days(left.first_day, left.last_day) if left.first_day else None,
        n_customers=left.n_customers,
        made=f"Made with Clientele on {day(today)}",
        currency=view.currency,
        finding=told,
        basis=_basis(view),
        filters=view.filters,
        kpis=tuple(_kpi(shown, kpi.value) for shown, kpi in zip(words, left.kpis, strict=True)),
        kpis_note=sentence(comparison_words(left.months, left.comparison)),
        charts=report_charts(left, [chart for chart in view.charts if chart.data.rows]),
    )


def _basis(view: ReportedView) -> str:
    if not view.filters:
        return ""
    n, of = view.left.n_customers, view.whole.n_customers
    return f"About {whole(n)} of {counted(of, 'customer')} ({percent(n / of if of else 0.0)}), whom the filters leave."


def _kpi(shown: KpiShown, exact: float | None) -> ReportKpi:
    change = f"{_ARROWS[shown.direction]}{shown.change} {shown.against}".strip() if shown.change else shown.against
    return ReportKpi(shown.label, shown.value, None if exact is None or math.isnan(exact) else exact, change)
