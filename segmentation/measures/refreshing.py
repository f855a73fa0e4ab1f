"""The overview under a filter: the same charts as without one, each about what is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from segmentation.measures.concentration import Concentration, share_out
from segmentation.measures.demographics import Ages, Boxes, Correlation, Share, compare_ranks, rebin_numbers, recount_ages, respread
from segmentation.measures.filters import DAYS, FIRST_MONTH, MONTH, WEEK_HOUR, WEEKDAY, CustomerFilter
from segmentation.measures.habits import Seasonality, seasonality
from segmentation.measures.kpis import MEASURE_OF, Kpi, list_kpis
from segmentation.measures.monthly import Months
from segmentation.measures.overview import Overview
from segmentation.measures.parts import sum_parts
from segmentation.measures.rankings import Ranking, name_entries, rank_counts, rank_labels
from segmentation.measures.views import Look, View

_OF_MONTHS = (MONTH, DAYS)
_OF_WEEK = (WEEKDAY, WEEK_HOUR)
_OF_AGES = ("age", "gender")
_OF_SPEND = ("monetary_total",)


def refresh(base: Overview, chosen: CustomerFilter, look: Look) -> Overview:
    """Draw an overview anew under a filter.

    Parameters
    ----------
    base : Overview
        The overview without a filter. It says which charts there are, with which columns, bands and months.
    chosen : CustomerFilter
    look : function of CustomerFilter to View
        Whoever asks twice for the same may be given the same.

    Returns
    -------
    Overview
        Every part of ``base``; those for which nothing is left are empty, with an n of 0. A part ignores the conditions on its own
        columns: months and seasonality those on months and days, the week those on weekdays and hours, cohorts those on the first month,
        a ranking, histogram or share those on its column, ages those on age and gender, boxes those on their category, concentration
        those on total spend. All else obeys the whole filter. Where days or months are chosen there are no periods left to compare:
        ``comparison`` is None, and so are the key figures' ``now`` and ``before``.
    """
    here = look(chosen)
    of_log = _refresh_log(base, chosen, look) if base.kind == "transactions" else replace(base, kpis=_list_kpis(base, here))
    return replace(
        of_log,
        n_customers=here.n_customers,
        concentration=base.concentration and _concentration(base.concentration, look(chosen.without(_OF_SPEND))),
        countries=base.countries and _rank_customers(base.countries, chosen, look),
        ages=base.ages and _ages(base.ages, look(chosen.without(_OF_AGES))),
        categories=tuple(_rank_customers(ranking, chosen, look) for ranking in base.categories),
        numbers=tuple(rebin_numbers(look(chosen.without([each.column])).numbers(each.column), each) for each in base.numbers),
        shares=tuple(_share(each, look(chosen.without([each.column]))) for each in base.shares),
        parts=tuple(
            sum_parts(_frame(here, each.columns), each.total, dict(zip(each.columns, each.names, strict=True))) for each in base.parts
        ),
        boxes=tuple(_boxes(each, look(chosen.without([each.column]))) for each in base.boxes),
        correlation=base.correlation and _correlation(base.correlation, here),
    )


def _refresh_log(base: Overview, chosen: CustomerFilter, look: Look) -> Overview:
    here = look(chosen)
    first_day, last_day = here.days or (None, None)
    comparison = None if set(_OF_MONTHS) & set(chosen.columns) else base.comparison
    counted = base.months and here.months(base.months)
    of_years = base.months and look(chosen.without(_OF_MONTHS)).months(base.months)
    return replace(
        base,
        n_orders=here.n_orders,
        first_day=first_day,
        last_day=last_day,
        kpis=here.kpis(counted, comparison),
        months=of_years,
        comparison=comparison,
        cohorts=look(chosen.without([FIRST_MONTH])).cohorts(base.months, base.cohorts.names) if base.cohorts and base.months else None,
        week=base.week and look(chosen.without(_OF_WEEK)).week(bool(base.week.hours)),
        seasonality=_seasonality(base.seasonality, of_years) if base.seasonality and of_years else None,
        lines=tuple(_rank_lines(ranking, look(chosen.without([ranking.column]))) for ranking in base.lines),
    )


def _concentration(known: Concentration, view: View) -> Concentration | None:
    """Who brought how much by some of their purchases cannot be chosen by what they spent in all: then ``least`` is empty."""
    if view.money is None:
        return None
    found = share_out(view.money.units, known.share)
    return found if view.has_all_purchases else replace(found, least=())


def _seasonality(known: Seasonality, months: Months) -> Seasonality:
    return seasonality(months) or replace(known, index=())


def _rank_lines(known: Ranking, view: View) -> Ranking:
    found, names = rank_counts(known, *view.counts(known.column)), view.names_of(known.column)
    return found if names is None else name_entries(found, names)


def _rank_customers(known: Ranking, chosen: CustomerFilter, look: Look) -> Ranking:
    view, has_money = look(chosen.without([known.column])), any(entry.units is not None for entry in known.entries)
    return rank_labels(known.column, known.label, view.labels(known.column), view.money_by_country() if has_money else None)


def _list_kpis(base: Overview, view: View) -> tuple[Kpi, ...]:
    names = [kpi.name for kpi in base.kpis]
    frame = _frame(view, [MEASURE_OF[name] for name in names if name in MEASURE_OF])
    revenue = None if view.money is None else float(view.money.total_units / np.float64(10**view.money.scale))
    return list_kpis(frame, revenue, names)


def _frame(view: View, columns: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame({name: view.numbers(name) for name in columns}, index=range(view.n_customers))


def _ages(known: Ages, view: View) -> Ages:
    has_genders = any(group.texts for group in known.groups)
    return recount_ages(view.numbers("age"), view.labels("gender") if has_genders else None, known)


def _share(known: Share, view: View) -> Share:
    values = view.numbers(known.column)
    return replace(known, n_yes=int(np.nansum(values)), n=int(np.isfinite(values).sum()))


def _correlation(known: Correlation, view: View) -> Correlation:
    return compare_ranks({name: view.order_codes(name) for name in known.columns}, known.labels)


def _boxes(known: Boxes, view: View) -> Boxes:
    return respread(view.numbers(known.number_column), view.labels(known.column), known)
