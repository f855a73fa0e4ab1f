"""The spread of a number in the groups of a category: which pairs can be compared, and which of them tell most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from segmentation.measures.catalogue import CustomerCatalogue
from segmentation.measures.demographics import Boxes, find_boxes

_ORDER = (
    *("monetary_total", "income", "age", "frequency_orders", "order_value_mean", "recency_days"),
    *("education", "marital_status", "gender", "country", "region", "city"),
)
"""What is offered first, numbers and categories."""
_TELLING_NUMBERS = ("income", "monetary_total", "order_value_mean")
_TELLING_CATEGORIES = ("education", "marital_status", "gender")
MOST_GROUPS = 12
_MOST_UNASKED = 8
"""More groups are drawn only for whoever asks for them."""
_FEWEST = 3
"""Customers in the second largest group: with fewer there is nothing to compare the largest with."""


@dataclass(frozen=True)
class SpreadColumn:
    """A column to choose: its name, the same in plain words, and (of a category) how many groups it has."""

    column: str
    label: str
    n_groups: int = 0


@dataclass(frozen=True)
class SpreadChoices:
    """The numbers whose spread can be compared, and the categories by which, the most usual first."""

    numbers: tuple[SpreadColumn, ...] = ()
    categories: tuple[SpreadColumn, ...] = ()

    def allow(self, number: str, category: str) -> bool:
        """Tell whether a pair is among them."""
        return any(each.column == number for each in self.numbers) and any(each.column == category for each in self.categories)


NOTHING_TO_COMPARE = SpreadChoices()


def list_choices(catalogue: CustomerCatalogue) -> SpreadChoices:
    """Return what can be compared.

    Parameters
    ----------
    catalogue : CustomerCatalogue

    Returns
    -------
    SpreadChoices
        Numbers of more than two different values, and categories of 2 to ``MOST_GROUPS`` groups, at least two of them with some
        customers. What names somebody is neither a number nor a category of a catalogue.
    """
    columns = sorted(catalogue.columns, key=lambda column: _ORDER.index(column.name) if column.name in _ORDER else len(_ORDER))
    numbers = [each for each in columns if each.kind == "number" and each.name != "birth_year" and _is_varied(catalogue.frame[each.name])]
    sizes = {each.name: catalogue.frame[each.name].value_counts() for each in columns if each.kind == "category"}
    categories = [each for each in columns if each.name in sizes and _is_comparable(sizes[each.name])]
    return SpreadChoices(
        tuple(SpreadColumn(each.name, each.label) for each in numbers),
        tuple(SpreadColumn(each.name, each.label, sizes[each.name].size) for each in categories),
    )


def _is_varied(values: pd.Series) -> bool:
    """Tell whether a number has more than two different values, without sorting them."""
    known = values.to_numpy(np.float64)
    known = known[np.isfinite(known)]
    return bool(known.size and np.any((known != known.min()) & (known != known.max())))


def _is_comparable(sizes: pd.Series) -> bool:
    return 2 <= sizes.size <= MOST_GROUPS and int(sizes.iloc[1]) >= _FEWEST


def spread_pair(catalogue: CustomerCatalogue, number: str, category: str) -> Boxes | None:
    """Return the spread of a number in each group of a category.

    Parameters
    ----------
    catalogue : CustomerCatalogue
    number, category : str
        Names of columns, allowed by :func:`list_choices`.

    Returns
    -------
    Boxes or None
        None where the number is known in fewer than two groups.
    """
    columns = {column.name: column for column in catalogue.columns}
    values, groups = catalogue.frame[number].to_numpy(np.float64), catalogue.frame[category].tolist()
    found = find_boxes(columns[number].label, columns[category].label, columns[number].unit, values, groups)
    return found and replace(found, column=category, number_column=number)


def choose_spreads(catalogue: CustomerCatalogue, choices: SpreadChoices) -> tuple[Boxes, ...]:
    """Choose the pairs that tell most: income and spend by education, if they are there; else the first that can be compared.

    Parameters
    ----------
    catalogue : CustomerCatalogue
    choices : SpreadChoices
        Of the same catalogue.

    Returns
    -------
    tuple of Boxes
        At most two.
    """
    names = [each.column for each in choices.categories if each.n_groups <= _MOST_UNASKED]
    telling = [name for name in _TELLING_CATEGORIES if name in names]
    others = [name for name in names if name not in (*telling, "country")]
    income = [found for number in _TELLING_NUMBERS if (found := _first(catalogue, choices, [number], telling))][:1]
    spend = _first(catalogue, choices, ["monetary_total"], [*telling, *others])
    chosen = (*income, *([spend] if spend and spend not in income else []))
    last = None if chosen else _first(catalogue, choices, [each.column for each in choices.numbers], names)
    return (last,) if last else chosen


def _first(catalogue: CustomerCatalogue, choices: SpreadChoices, numbers: Sequence[str], categories: Sequence[str]) -> Boxes | None:
    pairs = [(number, category) for number in numbers for category in categories if choices.allow(number, category)]
    return next((found for pair in pairs if (found := spread_pair(catalogue, *pair))), None)
