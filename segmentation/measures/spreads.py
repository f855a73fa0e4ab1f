"""The spread of a number in the groups of a category: which pairs can be compared, and which of them tell most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

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
    """A column to choose: its name, the same in plain words, and how many different values it has."""

    column: str
    label: str
    n_values: int


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
    sizes = {column.name: catalogue.frame[column.name].value_counts() for column in columns if column.kind != "text"}
    known = [(column.kind, SpreadColumn(column.name, column.label, len(sizes[column.name]))) for column in columns if column.name in sizes]
    numbers = tuple(each for kind, each in known if kind == "number" and each.column != "birth_year" and each.n_values > 2)
    categories = tuple(
        each for kind, each in known if kind == "category" and 2 <= each.n_values <= MOST_GROUPS and sizes[each.column].iloc[1] >= _FEWEST
    )
    return SpreadChoices(numbers, categories)


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
    names = [each.column for each in choices.categories if each.n_values <= _MOST_UNASKED]
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
