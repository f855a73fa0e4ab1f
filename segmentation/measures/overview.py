"""Who the customers are and what they do: everything that the overview page shows of one dataset, as plain numbers."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa

from segmentation.intake.mapping import header_words
from segmentation.intake.parsing import parse_numbers
from segmentation.intake.typed import is_numeric
from segmentation.measures.catalogue import MAX_CATEGORIES, CustomerCatalogue, CustomerColumn, Population
from segmentation.measures.cohorts import FEWEST_CUSTOMERS, Cohorts, cohort_names
from segmentation.measures.concentration import Concentration, concentrate
from segmentation.measures.customers import ExactMoney
from segmentation.measures.demographics import (
    Ages,
    Boxes,
    Correlation,
    Histogram,
    Share,
    bin_numbers,
    correlate,
    count_ages,
    is_yes_or_no,
)
from segmentation.measures.filters import EVERYBODY
from segmentation.measures.habits import Seasonality, WeekHours, seasonality
from segmentation.measures.kpis import Kpi, list_kpis
from segmentation.measures.lines import Lines
from segmentation.measures.monthly import Comparison, Months, compare_months, month_axis
from segmentation.measures.parts import Parts, find_parts
from segmentation.measures.rankings import By, Ranking, name_entries, rank_customers, rank_lines
from segmentation.measures.running import is_running_number
from segmentation.measures.selection import VARYING, Source
from segmentation.measures.spreads import NOTHING_TO_COMPARE, SpreadChoices, choose_spreads, list_choices
from segmentation.measures.views import Look, View

_LINE_COLUMNS: Mapping[str, By] = {
    "category": "money",
    "product": "money",
    "brand": "money",
    "channel": "orders",
    "payment": "orders",
    "status": "orders",
    "shipping": "orders",
    "rating": "orders",
}
"""Columns of a log that say something of a line, and what to sort them by."""
_CUSTOMER_ORDER = ("region", "city", "education", "marital_status", "consent")
PLACES = frozenset({"country", "region", "city"})
"""There may be thousands of them, and they are counted all the same; another text that differs so much names individuals."""
_NOT_AS_BARS = frozenset({"country", "gender"})
_HISTOGRAM_ORDER = ("monetary_total", "income", "frequency_orders", "order_value_mean", "recency_days", "tenure_days")
_NOT_OF_A_LOG = frozenset({"recency_days", "tenure_days", "items_total", "products_distinct"})
"""Measures of a log whose spread says little that its months, orders and cohorts do not."""
_ALIKE = frozenset({"items_total", "products_distinct"})
"""Measures of a log that move with the number of orders and its money anyway."""
_MOST_OTHERS = 3
_MOST_STARS = 11
_OF_DATES = frozenset({"year", "quarter", "month", "week", "weekday", "day"})
"""Words of headers that repeat what the dates say."""
_MOST_CORRELATED = 10


@dataclass(frozen=True)
class Undrawn:
    """A column without a chart, and why: different for most customers, of many values, a name, code or date, or the same for all."""

    label: str
    why: Literal["individual", "varied", "private", "constant"]


@dataclass(frozen=True)
class Overview:
    """Everything that the overview page shows of one dataset; what the data do not allow is empty or None.

    Money is in whole units of 10**-``scale`` wherever it is called ``units``.
    """

    kind: Literal["transactions", "customers"]
    n_customers: int
    n_orders: int | None
    scale: int
    first_day: str | None
    last_day: str | None
    kpis: tuple[Kpi, ...]
    months: Months | None = None
    comparison: Comparison | None = None
    concentration: Concentration | None = None
    cohorts: Cohorts | None = None
    week: WeekHours | None = None
    seasonality: Seasonality | None = None
    countries: Ranking | None = None
    lines: tuple[Ranking, ...] = ()
    ages: Ages | None = None
    categories: tuple[Ranking, ...] = ()
    numbers: tuple[Histogram, ...] = ()
    shares: tuple[Share, ...] = ()
    parts: tuple[Parts, ...] = ()
    boxes: tuple[Boxes, ...] = ()
    spreads: SpreadChoices = NOTHING_TO_COMPARE
    correlation: Correlation | None = None
    undrawn: tuple[Undrawn, ...] = ()


def describe(source: Source, look: Look) -> Overview:
    """Describe a dataset and its customers, without a filter.

    Parameters
    ----------
    source : Source
    look : function of CustomerFilter to View
        The way to count its lines.

    Returns
    -------
    Overview
        Parts without data are None or empty.
    """
    return overview_of_list(source.population, source.money) if source.lines is None else overview_of_log(source, look(EVERYBODY))


def overview_of_log(source: Source, view: View) -> Overview:
    """Describe a log and its customers.

    Parameters
    ----------
    source : Source
    view : View
        All of it, for counting.

    Returns
    -------
    Overview
        Parts without data are None or empty.
    """
    lines = source.lines
    if lines is None:
        raise ValueError("a list is no log")
    axis = month_axis(lines)
    months = view.months(axis) if axis else None
    comparison = compare_months(months) if months else None
    first_day, last_day = view.days or (None, None)
    about_log = Overview(
        kind="transactions",
        n_customers=view.n_customers,
        n_orders=view.n_orders,
        scale=lines.scale,
        first_day=first_day,
        last_day=last_day,
        kpis=view.kpis(months, comparison),
        months=months,
        comparison=comparison,
        cohorts=_cohorts(view, months) if months else None,
        week=view.week() if lines.seconds is not None else None,
        seasonality=seasonality(months) if months else None,
        lines=_line_rankings(source, lines, view),
    )
    return _with_customers(about_log, source.catalogue, source.money, view.money_by_country())


def _cohorts(view: View, months: Months) -> Cohorts | None:
    names = cohort_names(months)
    found = view.cohorts(months, names) if names else None
    return found if found and found.n >= FEWEST_CUSTOMERS else None


def _line_rankings(source: Source, lines: Lines, view: View) -> tuple[Ranking, ...]:
    others = source.others
    plain = [name for name, header in others.items() if name in lines.cells and not _OF_DATES & set(header_words(header).split())]
    plain = [name for name in plain if _is_category_of_lines(lines.cells[name])][:_MOST_OTHERS]
    shown = [(name, name, by) for name, by in _LINE_COLUMNS.items() if name in lines.cells and _has_steps(name, lines.cells[name])]
    shown += [(name, name, "money") for name in VARYING if name in source.varying]
    shown += [(name, others[name], "money") for name in plain]
    ranked = [rank_lines(*column, *view.counts(column[0])) for column in shown]
    names = [view.names_of(ranking.column) for ranking in ranked]
    return tuple(ranking if known is None else name_entries(ranking, known) for ranking, known in zip(ranked, names, strict=True))


def _has_steps(name: str, cells: pa.DictionaryArray) -> bool:
    """Tell whether a rating has a few steps (0 to 10 at most); other columns may have any number of values."""
    return name != "rating" or len(cells.dictionary) <= _MOST_STARS


def _is_category_of_lines(cells: pa.DictionaryArray) -> bool:
    """Tell whether a column of unknown meaning has a few different texts that are not numbers."""
    n = cells.indices.unique().drop_null()
    return 2 <= len(n) <= MAX_CATEGORIES and not is_numeric(parse_numbers(cells.dictionary.take(n)))


def overview_of_list(population: Population, money: ExactMoney | None = None) -> Overview:
    """Describe a customer list.

    Parameters
    ----------
    population : Population
    money : ExactMoney, optional
        Total spend of each customer, in the same order; None: the list has none.

    Returns
    -------
    Overview
        Parts without data are None or empty; a list has no months.
    """
    frame = population.catalogue.frame
    revenue = float(money.total_units / np.float64(10**money.scale)) if money else None
    known = {column.name: frame[column.name] for column in population.catalogue.numbers()}
    about_list = Overview(
        kind="customers",
        n_customers=population.n_customers,
        n_orders=None,
        scale=money.scale if money else 0,
        first_day=None,
        last_day=None,
        kpis=list_kpis(pd.DataFrame(known, index=frame.index), revenue),
        parts=find_parts(population.catalogue),
    )
    return _with_customers(about_list, population.catalogue, money, None)


def _with_customers(
    overview: Overview, catalogue: CustomerCatalogue, money: ExactMoney | None, by_country: Mapping[str, int] | None
) -> Overview:
    """Add what the columns of the customers say."""
    catalogue, running = _without_running_numbers(_with_places(catalogue))
    frame, columns = catalogue.frame, {column.name: column for column in catalogue.columns}
    genders = frame["gender"].tolist() if "gender" in frame else None
    ages = count_ages(frame["age"].to_numpy(np.float64), genders) if _is_number(columns, "age") else None
    ignored = {"age", "birth_year"} | (_NOT_OF_A_LOG if overview.kind == "transactions" else set())
    numbers, shares, constants = _numbers(catalogue, ignored)
    shown = _NOT_AS_BARS if ages and len(ages.groups) > 1 else _NOT_AS_BARS - {"gender"}
    categories = [column for column in catalogue.columns if column.kind == "category" and column.name not in shown]
    categories.sort(key=lambda column: _place(column.name, _CUSTOMER_ORDER))
    ranked = [rank_customers(column.name, column.label, frame[column.name]) for column in categories]
    constants += [ranking.label for ranking in ranked if ranking.n_values < 2]
    spreads = list_choices(catalogue)
    return replace(
        overview,
        concentration=concentrate(money.units) if money else None,
        countries=rank_customers("country", "country", frame["country"], by_country) if _is_category(columns, "country") else None,
        ages=ages,
        categories=tuple(ranking for ranking in ranked if ranking.n_values > 1),
        numbers=tuple(numbers),
        shares=tuple(shares),
        boxes=choose_spreads(catalogue, spreads),
        spreads=spreads,
        correlation=_correlation(catalogue, _ALIKE if overview.kind == "transactions" else frozenset()),
        undrawn=(
            *_undrawn_texts(catalogue),
            *(Undrawn(column.label, "individual") for column in running),
            *(Undrawn(label, "constant") for label in constants),
        ),
    )


def _undrawn_texts(catalogue: CustomerCatalogue) -> list[Undrawn]:
    """Say of each text that is no category why it has no chart."""

    def read(column: CustomerColumn) -> Undrawn:
        texts = catalogue.frame[column.name]
        n = texts.nunique()
        if n < 2:
            return Undrawn(column.label, "constant")
        return Undrawn(column.label, "individual" if 2 * n > texts.count() else "varied" if n > MAX_CATEGORIES else "private")

    return [read(column) for column in catalogue.columns if column.kind == "text"]


def _with_places(catalogue: CustomerCatalogue) -> CustomerCatalogue:
    """Take places for categories, however many there are, as long as two customers on average share one."""

    def read(column: CustomerColumn) -> CustomerColumn:
        if column.kind != "text" or column.name not in PLACES:
            return column
        texts = catalogue.frame[column.name]
        return replace(column, kind="category") if 2 * texts.nunique() <= texts.count() else column

    return replace(catalogue, columns=tuple(read(column) for column in catalogue.columns))


def _without_running_numbers(catalogue: CustomerCatalogue) -> tuple[CustomerCatalogue, list[CustomerColumn]]:
    """Leave out the person's own columns that only count the rows: there is nothing to see in them."""
    own = [column for column in catalogue.columns if column.kind == "number" and column.role is None and not column.unit]
    running = [column for column in own if is_running_number(catalogue.frame[column.name].to_numpy(np.float64))]
    return replace(catalogue, columns=tuple(column for column in catalogue.columns if column not in running)), running


def _is_number(columns: Mapping[str, CustomerColumn], name: str) -> bool:
    return name in columns and columns[name].kind == "number"


def _is_category(columns: Mapping[str, CustomerColumn], name: str) -> bool:
    return name in columns and columns[name].kind == "category"


def _place(name: str, order: tuple[str, ...]) -> int:
    return order.index(name) if name in order else len(order)


def _numbers(catalogue: CustomerCatalogue, ignored: Set[str]) -> tuple[list[Histogram], list[Share], list[str]]:
    """Sort the numbers into histograms, yes-or-no columns, and those that are the same for everybody."""
    histograms, shares, constants = [], [], []
    for column in sorted(catalogue.numbers(), key=lambda column: _place(column.name, _HISTOGRAM_ORDER)):
        values = catalogue.frame[column.name].to_numpy(np.float64)
        if is_yes_or_no(values):
            shares.append(Share(column.name, column.label, int(np.nansum(values)), int(np.isfinite(values).sum())))
        elif column.name not in ignored:
            histogram = bin_numbers(column.name, column.label, column.unit, values)
            if histogram:
                histograms.append(histogram)
            else:
                constants.append(column.label)
    return histograms, sorted(shares, key=lambda share: (-share.n_yes / max(share.n, 1), share.label)), constants


def _correlation(catalogue: CustomerCatalogue, ignored: Set[str]) -> Correlation | None:
    """Choose the numbers to compare: measures first, no constants, no yes-or-no columns, nothing twice."""
    chosen: list[CustomerColumn] = []
    for column in sorted(catalogue.numbers(), key=lambda column: column.role is None):
        values = catalogue.frame[column.name].to_numpy(np.float64)
        is_varied = np.unique(values[np.isfinite(values)]).size > 2
        if column.name not in ("birth_year", *ignored) and is_varied and len(chosen) < _MOST_CORRELATED:
            chosen.append(column)
    found = correlate({column.name: catalogue.frame[column.name].to_numpy(np.float64) for column in chosen})
    return found and replace(found, labels=tuple(column.label for column in chosen))
