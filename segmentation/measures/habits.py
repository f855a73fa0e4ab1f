"""When orders come: by weekday and hour, and by month of the year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from segmentation.measures.monthly import Months

_YEAR = 12


@dataclass(frozen=True)
class WeekHours:
    """Orders by weekday (Monday first) and hour; ``hours`` has one row a weekday, or none where the log has days without times."""

    weekdays: tuple[int, ...]
    hours: tuple[tuple[int, ...], ...]
    n_orders: int


@dataclass(frozen=True)
class Seasonality:
    """How each calendar month (January first) compares with an average month of its year: 1 is average; over ``years`` full years."""

    index: tuple[float, ...]
    first: str
    last: str
    years: int


def of_table(counts: np.ndarray, has_times: bool | None) -> WeekHours:
    """Return orders counted by hour of the week, (168,) from Monday on; whether there are times of day is seen, unless it is said."""
    table = counts.reshape(7, 24)
    with_hours = bool(np.count_nonzero(table.sum(axis=0)) > 1) if has_times is None else has_times
    by_hour = tuple(tuple(row) for row in table.tolist()) if with_hours else ()
    return WeekHours(tuple(table.sum(axis=1).tolist()), by_hour, int(counts.sum()))


def seasonality(months: Months) -> Seasonality | None:
    """Average the last full years, each month as a part of the mean month of its twelve; None below two years.

    Revenue where there is money, else orders. Each year counts the same, however large it was.
    """
    full = [place for place, is_full in enumerate(months.is_full) if is_full]
    years = len(full) // _YEAR
    if years < 2:
        return None
    places = full[-years * _YEAR :]
    values = np.array([(months.units or months.orders)[place] for place in places], np.float64).reshape(years, _YEAR)
    means = values.mean(axis=1, keepdims=True)
    if (means <= 0).any():
        return None
    start = int(months.names[places[0]][5:]) - 1
    index = np.roll((values / means).mean(axis=0), start)
    return Seasonality(tuple(index.tolist()), months.names[places[0]], months.names[places[-1]], years)
