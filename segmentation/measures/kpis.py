"""The key figures of a log or of a customer list, by month and over two periods where there are dates."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from segmentation.measures.demographics import is_age
from segmentation.measures.monthly import Months

Unit = Literal["customers", "orders", "money", "share", "years", "pieces", "days", ""]


@dataclass(frozen=True)
class Kpi:
    """One key figure.

    Attributes
    ----------
    name : str
        "customers", "revenue", "orders", "average_order", "revenue_per_customer", "repeat_rate" or, of a list, a measure.
    value : float or None
        Over all customers and purchases that the page is about; None where there is nothing to average.
    unit : str
    by_month : tuple of float or None
        The same in each full month (None where a month has no orders to divide by).
    now, before : float or None
        The same over the two periods compared; None where nothing can be compared.
    n : int
        Customers that the value is taken over.
    """

    name: str
    value: float | None
    unit: Unit
    n: int
    by_month: tuple[float | None, ...] = ()
    now: float | None = None
    before: float | None = None


@dataclass(frozen=True)
class Totals:
    """Of a stretch of time: customers with an order, those with two or more, orders, money in whole units (None without money)."""

    customers: int
    repeaters: int
    orders: int
    units: int | None


_LOG_KPIS: dict[str, tuple[Unit, Callable[[Totals, float], float | None]]] = {
    "customers": ("customers", lambda t, _: t.customers),
    "revenue": ("money", lambda _, revenue: revenue),
    "orders": ("orders", lambda t, _: t.orders),
    "average_order": ("money", lambda t, revenue: _ratio(revenue, t.orders)),
    "revenue_per_customer": ("money", lambda t, revenue: _ratio(revenue, t.customers)),
    "repeat_rate": ("share", lambda t, _: _ratio(t.repeaters, t.customers)),
}


def kpis_of(total: Totals, periods: tuple[Totals, Totals] | None, months: Months | None, scale: int) -> tuple[Kpi, ...]:
    """Return the key figures of what was counted in all, over the two periods that are compared (now, before), and by month.

    Those of money are left out where there is none. The repeat rate is the share of customers with two orders or more: in all, of the
    customers so far at each month's end, and of the customers of each period within that period.
    """
    found = []
    for name, (unit, measure) in _LOG_KPIS.items():
        if unit == "money" and total.units is None:
            continue
        value, now, before = (
            None if each is None else measure(each, float((each.units or 0) / np.float64(10**scale)))
            for each in (total, *(periods or (None, None)))
        )
        found.append(Kpi(name, value, unit, total.customers, _by_month(name, months, scale), now, before))
    return tuple(found)


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _by_month(name: str, months: Months | None, scale: int) -> tuple[float | None, ...]:
    if months is None:
        return ()
    money = [float(units / np.float64(10**scale)) for units in months.units or [0] * len(months.names)]
    of_month: dict[str, Callable[[int], float | None]] = {
        "customers": lambda m: months.customers[m],
        "revenue": lambda m: money[m],
        "orders": lambda m: months.orders[m],
        "average_order": lambda m: money[m] / months.orders[m] if months.orders[m] else None,
        "revenue_per_customer": lambda m: money[m] / months.customers[m] if months.customers[m] else None,
        "repeat_rate": lambda m: months.repeat_rate[m],
    }
    return tuple(of_month[name](m) for m, is_full in enumerate(months.is_full) if is_full)


_LIST_KPIS: tuple[tuple[str, str, Unit, Callable[[np.ndarray], float]], ...] = (
    ("revenue", "monetary_total", "money", lambda values: float(np.sum(values))),
    ("revenue_per_customer", "monetary_total", "money", lambda values: float(np.mean(values))),
    ("orders_per_customer", "frequency_orders", "orders", lambda values: float(np.mean(values))),
    ("typical_income", "income", "money", lambda values: float(np.median(values))),
    ("average_age", "age", "years", lambda values: float(np.mean(values))),
    ("average_score", "spending_score", "", lambda values: float(np.mean(values))),
    ("days_since_purchase", "recency_days", "days", lambda values: float(np.median(values))),
)
_MOST_KPIS = 6
MEASURE_OF = {name: column for name, column, _, _ in _LIST_KPIS}
"""The column that each key figure of a list is taken over."""


def list_kpis(frame: pd.DataFrame, revenue: float | None = None, names: Collection[str] | None = None) -> tuple[Kpi, ...]:
    """Return up to six key figures of a customer list: how many, and what the measures that it has come to.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, m)
        Measures by canonical name; NaN where missing, which no figure counts. Ages below 0 or above ``MAX_AGE`` do not count either.
    revenue : float, optional
        The exact total spend, in place of the sum of floats.
    names : collection of str, optional
        Which figures to return, also where nobody is left to take them over; else those that can be taken.
    """
    found = [Kpi("customers", len(frame), "customers", len(frame))]
    for name, column, unit, measure in _LIST_KPIS:
        values = frame[column].to_numpy(np.float64) if column in frame else np.zeros(0)
        values = values[np.isfinite(values) & (is_age(values) if column == "age" else True)]
        if values.size if names is None else name in names:
            value = revenue if name == "revenue" and revenue is not None else measure(values) if values.size else None
            found.append(Kpi(name, value, unit, int(values.size)))
    return tuple(found[:_MOST_KPIS])
