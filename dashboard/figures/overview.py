"""The overview in words and figures: key figures, and the charts that the data allow, best first."""

from __future__ import annotations

import math
from collections.abc import Sequence

from dashboard.components.kpis import KpiShown
from dashboard.figures.overview_chart import Chart, month_name
from dashboard.figures.overview_months import months_chart
from dashboard.formats import MISSING, counted, money, percent, plain, short, whole
from segmentation.measures.monthly import Comparison, Months
from segmentation.measures.overview import Kpi, Overview

_LABELS = {
    "customers": "Customers",
    "revenue": "Revenue",
    "orders": "Orders",
    "average_order": "Average order",
    "revenue_per_customer": "Revenue per customer",
    "repeat_rate": "Repeat rate",
}


def overview_kpis(overview: Overview, currency: str | None) -> list[KpiShown]:
    """Put the key figures into words."""
    against = against_words(overview.comparison)
    periods = _periods_words(overview.months, overview.comparison)
    return [_kpi(kpi, currency, against, periods) for kpi in overview.kpis]


def against_words(comparison: Comparison | None) -> str:
    """Say what a change is against."""
    if comparison is None:
        return ""
    n = comparison.n_months
    if comparison.basis == "year":
        return "on the year before"
    if comparison.basis == "same_months":
        return f"on the same {counted(n, 'month')} last year"
    return "on the month before" if n == 1 else f"on the {n} months before"


def _periods_words(months: Months | None, comparison: Comparison | None) -> tuple[str, str] | None:
    if months is None or comparison is None:
        return None
    now, before = ([month_name(months.names[place]) for place in ends] for ends in (comparison.now, comparison.before))
    return " – ".join(dict.fromkeys(now)), " – ".join(dict.fromkeys(before))


def _kpi(kpi: Kpi, currency: str | None, against: str, periods: tuple[str, str] | None) -> KpiShown:
    title = f"{_LABELS.get(kpi.name, kpi.name)}: {_value(kpi, kpi.value, currency, is_short=False)}"
    change, direction = _change(kpi)
    if periods and change is not None:
        values = zip(periods, (kpi.now, kpi.before), strict=True)
        title += "".join(f"\n{period}: {_value(kpi, value, currency, is_short=False)}" for period, value in values)
    shown = _value(kpi, kpi.value, currency)
    return KpiShown(_LABELS.get(kpi.name, kpi.name), shown, title, kpi.by_month, change, direction, against if change else "")


def _value(kpi: Kpi, value: float | None, currency: str | None, is_short: bool = True) -> str:
    if value is None or math.isnan(value):
        return MISSING
    if kpi.unit == "money":
        return money(value, currency, is_short)
    if kpi.unit == "share":
        return percent(value, 1 if kpi.n < 10_000 else 0)
    if kpi.unit in ("customers", "orders"):
        return short(value) if is_short else whole(value)
    return plain(value)


def _change(kpi: Kpi) -> tuple[str | None, int]:
    """Return (the change without its sign, its direction); shares change by points."""
    if kpi.now is None or kpi.before is None or not kpi.before > 0 or math.isnan(kpi.now):
        return None, 0
    difference = 100 * (kpi.now - kpi.before) if kpi.unit == "share" else 100 * (kpi.now / kpi.before - 1)
    rounded = round(abs(difference), 1 if abs(difference) < 100 else 0)
    if rounded == 0:
        return "No change", 0
    words = f"{rounded:.1f} points" if kpi.unit == "share" else f"{rounded:,.1f}%" if rounded < 100 else f"{rounded:,.0f}%"
    return words, 1 if difference > 0 else -1


def overview_charts(overview: Overview, currency: str | None, taken_off: str) -> Sequence[Chart]:
    """Draw the charts that the data allow."""
    charts = [months_chart(overview.months, overview.scale, currency, taken_off) if overview.months else None]
    return [chart for chart in charts if chart]
