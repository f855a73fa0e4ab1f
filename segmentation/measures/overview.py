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
from segmentation.measures.cohorts import Cohorts, find_cohorts
from segmentation.measures.concentration import Concentration, concentrate
from segmentation.measures.customers import ExactMoney, to_date
from segmentation.measures.demographics import (
    Ages,
    Boxes,
    Correlation,
    Histogram,
    Share,
    bin_numbers,
    correlate,
    count_ages,
    find_boxes,
    is_yes_or_no,
)
from segmentation.measures.habits import Seasonality, WeekHours, seasonality, week_hours
from segmentation.measures.kpis import Kpi, list_kpis, log_kpis
from segmentation.measures.lines import Lines
from segmentation.measures.monthly import Comparison, Months, by_month, compare_months
from segmentation.measures.parts import Parts, find_parts
from segmentation.measures.rankings import By, Ranking, find_names, name_entries, rank_customers, rank_lines

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
_NOT_AS_BARS = frozenset({"country", "gender"})
_HISTOGRAM_ORDER = ("monetary_total", "income", "frequency_orders", "order_value_mean", "recency_days", "tenure_days")
_BOX_NUMBERS = ("income", "monetary_total", "order_value_mean")
_BOX_CATEGORIES = ("education", "marital_status", "gender")
_NOT_OF_A_LOG = frozenset({"recency_days", "tenure_days", "items_total", "products_distinct"})
"""Measures of a log whose spread says little that its months, orders and cohorts do not."""
_MOST_OTHERS = 3
_OF_DATES = frozenset({"year", "quarter", "month", "week", "weekday", "day"})
"""Words of headers that repeat what the dates say."""
_MOST_BOXES = 8
_MOST_CORRELATED = 10


@dataclass(frozen=True)
class Undrawn:
    """A column without a chart, and why: a text of its own for nearly every customer, or the same for all."""

    label: str
    why: Literal["individual", "constant"]


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
    boxes: Boxes | None = None
    correlation: Correlation | None = None
    undrawn: tuple[Undrawn, ...] = ()


def overview_of_log(
    lines: Lines,
    population: Population,
    money: ExactMoney | None = None,
    product_names: str | None = None,
    others: Mapping[str, str] | None = None,
) -> Overview:
    """Describe a log and its customers.

    Parameters
    ----------
    lines : Lines
        The kept lines of the log, money in whole units of 10**-scale.
    population : Population
        The same customers in the same order.
    money : ExactMoney, optional
        Their total spend; None: the log has no money.
    product_names : str, optional
        The column of the lines that names what ``product`` has codes for.
    others : mapping of str to str, optional
        Columns without a known meaning, name to label; those with a few different texts are ranked.

    Returns
    -------
    Overview
        Parts without data are None or empty.
    """
    months = by_month(lines)
    comparison = compare_months(months) if months else None
    seconds = lines.seconds if lines.seconds is not None and lines.seconds.size else None
    about_log = Overview(
        kind="transactions",
        n_customers=lines.n_customers,
        n_orders=lines.n_orders,
        scale=lines.scale,
        first_day=None if seconds is None else to_date(int(seconds.min())).isoformat(),
        last_day=None if seconds is None else to_date(int(seconds.max())).isoformat(),
        kpis=log_kpis(lines, months, comparison),
        months=months,
        comparison=comparison,
        cohorts=find_cohorts(lines, months) if months else None,
        week=week_hours(lines),
        seasonality=seasonality(months) if months else None,
        lines=_line_rankings(lines, product_names, others or {}),
    )
    return _with_customers(about_log, population.catalogue, money, money_by_country(lines))


def _line_rankings(lines: Lines, product_names: str | None, others: Mapping[str, str]) -> tuple[Ranking, ...]:
    ranked = [rank_lines(lines, name, name, by) for name, by in _LINE_COLUMNS.items() if name in lines.cells]
    if product_names:
        ranked = [
            name_entries(ranking, find_names(lines, "product", product_names)) if ranking.column == "product" else ranking
            for ranking in ranked
        ]
    plain = [name for name, header in others.items() if name in lines.cells and not _OF_DATES & set(header_words(header).split())]
    plain = [name for name in plain if _is_category_of_lines(lines.cells[name])]
    return (*ranked, *(rank_lines(lines, name, others[name], "money") for name in plain[:_MOST_OTHERS]))


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
    described = _with_customers(about_list, population.catalogue, money, None)
    return replace(described, correlation=_correlation(population.catalogue))


def money_by_country(lines: Lines) -> Mapping[str, int] | None:
    """Return the exact money of the lines of each country, None where lines have no countries or no money."""
    if "country" not in lines.cells or lines.units is None:
        return None
    found = lines.labels("country")
    units = lines.sum_units(found.codes, len(found.texts))
    return {found.texts[code]: int(units[code]) for code in np.unique(found.codes[found.codes >= 0]).tolist()}


def _with_customers(
    overview: Overview, catalogue: CustomerCatalogue, money: ExactMoney | None, by_country: Mapping[str, int] | None
) -> Overview:
    """Add what the columns of the customers say."""
    frame, columns = catalogue.frame, {column.name: column for column in catalogue.columns}
    genders = frame["gender"].tolist() if "gender" in frame else None
    ages = count_ages(frame["age"].to_numpy(np.float64), genders) if _is_number(columns, "age") else None
    ignored = {"age", "birth_year"} | (_NOT_OF_A_LOG if overview.kind == "transactions" else set())
    numbers, shares, constants = _numbers(catalogue, ignored)
    shown = _NOT_AS_BARS if ages and len(ages.groups) > 1 else _NOT_AS_BARS - {"gender"}
    categories = [column for column in catalogue.columns if column.kind == "category" and column.name not in shown]
    categories.sort(key=lambda column: _place(column.name, _CUSTOMER_ORDER))
    ranked = [rank_customers(column.name, column.label, frame[column.name]) for column in categories]
    individual = [Undrawn(column.label, "individual") for column in catalogue.columns if column.kind == "text"]
    constants += [ranking.label for ranking in ranked if ranking.n_values < 2]
    return replace(
        overview,
        concentration=concentrate(money.units) if money else None,
        countries=rank_customers("country", "country", frame["country"], by_country) if _is_category(columns, "country") else None,
        ages=ages,
        categories=tuple(ranking for ranking in ranked if ranking.n_values > 1),
        numbers=tuple(numbers),
        shares=tuple(shares),
        boxes=_boxes(catalogue),
        undrawn=(*individual, *(Undrawn(label, "constant") for label in constants)),
    )


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


def _boxes(catalogue: CustomerCatalogue) -> Boxes | None:
    """Choose the number and the category that tell most: income by education, if they are there."""
    columns = {column.name: column for column in catalogue.columns}
    for number in _BOX_NUMBERS:
        for category in _BOX_CATEGORIES:
            if not _is_number(columns, number) or not _is_category(columns, category):
                continue
            groups, values = catalogue.frame[category], catalogue.frame[number].to_numpy(np.float64)
            if 2 <= groups.nunique() <= _MOST_BOXES:
                found = find_boxes(columns[number].label, columns[category].label, columns[number].unit, values, groups.tolist())
                return found and replace(found, column=category, number_column=number)
    return None


def _correlation(catalogue: CustomerCatalogue) -> Correlation | None:
    """Choose the numbers to compare: measures first, no constants, no yes-or-no columns, nothing twice."""
    chosen: list[CustomerColumn] = []
    for column in sorted(catalogue.numbers(), key=lambda column: column.role is None):
        values = catalogue.frame[column.name].to_numpy(np.float64)
        is_varied = np.unique(values[np.isfinite(values)]).size > 2
        if column.name != "birth_year" and is_varied and len(chosen) < _MOST_CORRELATED:
            chosen.append(column)
    found = correlate({column.name: catalogue.frame[column.name].to_numpy(np.float64) for column in chosen})
    return found and replace(found, labels=tuple(column.label for column in chosen))
