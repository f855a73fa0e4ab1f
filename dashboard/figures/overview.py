"""The overview in words and figures: key figures, and the charts that the data allow, best first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from dashboard.components.charts import DataTable
from dashboard.components.kpis import KpiShown
from dashboard.figures.overview_bands import histogram_chart
from dashboard.figures.overview_chart import THIRD, Chart, label, month_name
from dashboard.figures.overview_crossings import age_spend_chart, orders_chart, seasons_chart
from dashboard.figures.overview_customers import ages_chart, boxes_chart, parts_chart, shares_charts
from dashboard.figures.overview_heat import correlation_chart
from dashboard.figures.overview_months import months_chart
from dashboard.figures.overview_orders import cohorts_chart, concentration_chart, seasonality_chart, week_chart
from dashboard.figures.overview_rankings import countries_chart, ranking_chart
from dashboard.formats import MISSING, money, percent, plain, short, whole
from segmentation.measures.crossings import Crossings
from segmentation.measures.filters import DAYS, EVERYBODY, WEEK_HOUR, WEEKDAY, CustomerFilter, filtered_columns
from segmentation.measures.kpis import Kpi
from segmentation.measures.monthly import Comparison, Months
from segmentation.measures.overview import Overview, Undrawn
from segmentation.measures.rankings import Ranking

_LABELS = {
    "customers": "Customers",
    "revenue": "Revenue",
    "orders": "Orders",
    "average_order": "Average order",
    "revenue_per_customer": "Revenue per customer",
    "repeat_rate": "Repeat rate",
    "orders_per_customer": "Orders per customer",
    "typical_income": "Typical income",
    "average_age": "Average age",
    "average_score": "Average spending score",
    "days_since_purchase": "Days since purchase",
}

_EXPLAINED = {"typical_income": "half have more", "days_since_purchase": "half have more"}

MOST_CHARTS = 22
_SPARK_MONTHS = 24
_LOG_ORDER = (
    "months",
    "countries",
    "rank-region",
    "ages",
    "rank-category",
    "concentration",
    "boxes",
    "cohorts",
    "seasons",
    "week",
    "orders",
    "age-spend",
    "boxes-",
    "correlation",
    "rank-product",
    "rank-channel",
    "rank-payment",
    "rank-status",
    "rank-rating",
    "season",
    "rank-education",
    "rank-brand",
    "rank-shipping",
    "rank-marital_status",
    "rank-city",
    "rank-",
    "number-monetary_total",
    "number-frequency_orders",
    "shares",
    "number-",
)
_LIST_ORDER = (
    "number-monetary_total",
    "countries",
    "ages",
    "concentration",
    "parts-monetary_total",
    "campaigns",
    "correlation",
    "boxes",
    "age-spend",
    "boxes-",
    "rank-education",
    "rank-marital_status",
    "number-income",
    "parts-frequency_orders",
    "shares",
    "rank-",
    "number-frequency_orders",
    "number-",
)


def overview_kpis(overview: Overview, currency: str | None) -> list[KpiShown]:
    """Put the key figures into words."""
    against = against_words(overview.months, overview.comparison)
    periods = _periods_words(overview.months, overview.comparison)
    return [_kpi(kpi, currency, against, periods) for kpi in overview.kpis]


def against_words(months: Months | None, comparison: Comparison | None) -> str:
    """Say what a change is against, in as few words as a key figure has room for."""
    if comparison is None or months is None:
        return ""
    if comparison.basis != "before":
        return "on last year"
    first, last = (month_name(months.names[place], with_year=False) for place in comparison.before)
    return f"on {first}" if first == last else f"on {first}–{last}"


def comparison_words(months: Months | None, comparison: Comparison | None) -> str:
    """Say which months the changes compare with which."""
    periods = _periods_words(months, comparison)
    return f"changes: {periods[0]} on {periods[1]}" if periods else ""


def _periods_words(months: Months | None, comparison: Comparison | None) -> tuple[str, str] | None:
    if months is None or comparison is None:
        return None
    now, before = (_period_words(*(months.names[place] for place in ends)) for ends in (comparison.now, comparison.before))
    return now, before


def _period_words(first: str, last: str) -> str:
    """Return "2025" for a whole year, else "Jun – Nov 2011" or "Nov 2024 – Oct 2025"."""
    if first == last:
        return month_name(first)
    if first[:4] == last[:4]:
        return first[:4] if (first[5:], last[5:]) == ("01", "12") else f"{month_name(first, with_year=False)} – {month_name(last)}"
    return f"{month_name(first)} – {month_name(last)}"


def _kpi(kpi: Kpi, currency: str | None, against: str, periods: tuple[str, str] | None) -> KpiShown:
    title = f"{_LABELS[kpi.name]}: {_value(kpi, kpi.value, currency, is_short=False)}"
    change, direction = _change(kpi)
    if periods and change is not None:
        values = zip(periods, (kpi.now, kpi.before), strict=True)
        title += "".join(f"\n{period}: {_value(kpi, value, currency, is_short=False)}" for period, value in values)
    shown = _value(kpi, kpi.value, currency)
    return KpiShown(
        _LABELS[kpi.name],
        shown,
        title,
        kpi.by_month[-_SPARK_MONTHS:],
        change,
        direction,
        against if change else _EXPLAINED.get(kpi.name, ""),
    )


def _value(kpi: Kpi, value: float | None, currency: str | None, is_short: bool = True) -> str:
    if value is None or math.isnan(value):
        return MISSING
    if kpi.unit == "money":
        return money(value, currency, is_short)
    if kpi.unit == "share":
        return percent(value, 1 if kpi.n < 10_000 else 0)
    if kpi.unit in ("customers", "orders"):
        return short(value) if is_short else whole(value) if value == round(value) else f"{value:,.2f}"
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


def overview_charts(
    overview: Overview, currency: str | None, taken_off: str, chosen: CustomerFilter = EVERYBODY, besides: Crossings | None = None
) -> list[Chart]:
    """Draw the charts that the data allow, best first, with the marks full that a filter chooses."""
    charts = _every_chart(overview, besides or Crossings(), currency, taken_off, chosen)
    order = _LOG_ORDER if overview.kind == "transactions" else _LIST_ORDER
    ranked = sorted(charts, key=lambda chart: _rank(chart.name, order))
    return ranked[:MOST_CHARTS]


def charts_left(
    shown: Sequence[Chart], left: tuple[Overview, Crossings], currency: str | None, taken_off: str, chosen: CustomerFilter
) -> list[Chart]:
    """Draw the charts of all customers once more for those that a filter leaves; where nothing is left the chart says so."""
    drawn = _every_chart(*left, currency, taken_off, chosen)
    by_name = {chart.name: chart for chart in drawn}
    return [_noted(by_name.get(chart.name) or _nothing_left(chart), chosen) for chart in shown]


def _noted(chart: Chart, chosen: CustomerFilter) -> Chart:
    """Say below a chart that its own marks all stay, where some are chosen, and that facts of customers are about all they bought."""
    own = {column for pick in chart.data.picks if pick for column in filtered_columns(pick)}
    own |= {DAYS} if chart.name == "months" else {WEEKDAY, WEEK_HOUR} if chart.name == "week" else set()
    note = chart.told.note + (" All stay visible here." if own & set(chosen.columns) else "")
    return replace(chart, told=replace(chart.told, note=note))


def _nothing_left(chart: Chart) -> Chart:
    words = label(0.5, 0.5, "Nothing left here", xref="paper", yref="paper", colour=THIRD, weight=400)
    axis = {"visible": False}
    empty = {"data": [], "layout": {"xaxis": axis, "yaxis": axis, "annotations": [words]}}
    told = replace(chart.told, finding="Nothing is left here. Take a filter off to see more.", note="n = 0.")
    beside = {"data": [], "layout": {"xaxis": axis, "yaxis": axis}} if chart.beside else None
    said = f"{chart.told.title}. {told.finding}"
    return replace(chart, told=told, figure=empty, aria=said, data=DataTable(chart.data.headers, []), beside=beside, legend=())


def _rank(name: str, order: Sequence[str]) -> int:
    """Return where a chart stands: by its name, else by what its name begins with."""
    for place, wanted in enumerate(order):
        if name == wanted or (wanted.endswith("-") and name.startswith(wanted)):
            return place
    return len(order)


def _every_chart(overview: Overview, besides: Crossings, currency: str | None, taken_off: str, chosen: CustomerFilter) -> list[Chart]:
    of_log, of_customers = _log_charts(overview, currency, taken_off, chosen), _customer_charts(overview, currency, chosen)
    orders, ages, seasons = besides.orders, besides.ages, besides.seasons
    crossed = [
        orders_chart(orders, currency, chosen, besides.has_whole_orders) if orders and orders.n else None,
        age_spend_chart(ages, currency, chosen) if ages and ages.n else None,
        seasons_chart(seasons, overview.scale, currency, chosen) if seasons and seasons.n_lines else None,
    ]
    return [*of_log, *of_customers, *(chart for chart in crossed if chart)]


def _log_charts(overview: Overview, currency: str | None, taken_off: str, chosen: CustomerFilter) -> list[Chart]:
    scale = overview.scale
    found = [
        months_chart(overview.months, scale, currency, taken_off, chosen) if overview.months and overview.n_orders else None,
        cohorts_chart(overview.cohorts, chosen) if overview.cohorts and overview.cohorts.n else None,
        week_chart(overview.week, chosen) if overview.week and overview.week.n_orders else None,
        seasonality_chart(overview.seasonality, chosen) if overview.seasonality and any(overview.seasonality.index) else None,
        *(ranking_chart(ranking, scale, currency, chosen) for ranking in overview.lines if _is_worth_drawing(ranking, chosen)),
    ]
    return [chart for chart in found if chart]


def _is_worth_drawing(ranking: Ranking, chosen: CustomerFilter) -> bool:
    """Tell whether there is something to rank; of what a filter leaves, one value is worth a bar."""
    return len(ranking.entries) > (0 if chosen else 1)


def _customer_charts(overview: Overview, currency: str | None, chosen: CustomerFilter) -> list[Chart]:
    scale, shares = overview.scale, [share for share in overview.shares if share.n]
    found = [
        countries_chart(overview.countries, scale, currency, chosen) if overview.countries and overview.countries.entries else None,
        ages_chart(overview.ages, chosen) if overview.ages and overview.ages.n else None,
        concentration_chart(overview.concentration, scale, chosen) if overview.concentration and overview.concentration.n else None,
        *(boxes_chart(boxes, currency, chosen, is_first=not place) for place, boxes in enumerate(overview.boxes) if boxes.n),
        correlation_chart(overview.correlation) if overview.correlation and any(map(any, overview.correlation.pairs)) else None,
        *shares_charts(shares, chosen),
        *(parts_chart(parts, currency) for parts in overview.parts if sum(parts.sums) > 0),
        *(ranking_chart(ranking, scale, currency, chosen) for ranking in overview.categories if _is_worth_drawing(ranking, chosen)),
        *(histogram_chart(histogram, currency, chosen) for histogram in overview.numbers if histogram.n),
    ]
    return [chart for chart in found if chart]


_UNDRAWN = {
    "individual": "different for nearly every customer",
    "varied": "more different values than a chart has room for",
    "private": "names, codes or dates",
    "constant": "the same for all",
}


def undrawn_words(undrawn: Sequence[Undrawn]) -> str | None:
    """Say which columns have no chart, and why."""
    by_reason = {words: [each.label for each in undrawn if each.why == why] for why, words in _UNDRAWN.items()}
    parts = [f"{_listed(labels)} ({words})" for words, labels in by_reason.items() if labels]
    return f"No chart: {'; '.join(parts)}." if parts else None


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
