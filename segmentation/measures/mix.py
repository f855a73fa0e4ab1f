"""The category mix of a customer: which share of their spend went into each of the largest categories of a log."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from segmentation.measures.catalogue import CustomerCatalogue, CustomerColumn
from segmentation.measures.lines import Labels, Lines
from segmentation.measures.recipe import MIX, Recipe

PREFIX = "share_of_"
_LABEL = "share of "
MOST_SHARES = 8
"""Categories with a share of their own, by money: what is bought beside them counts in the whole, and in no feature."""


def takes_mix(recipe: Recipe) -> bool:
    """Tell whether a recipe segments by shares of spend.

    Parameters
    ----------
    recipe : Recipe

    Returns
    -------
    bool
    """
    return recipe.scenario == MIX or any(name.startswith(PREFIX) for name in recipe.features)


def find_largest(categories: Labels, units: np.ndarray) -> tuple[str, ...]:
    """Return the categories that brought most money, those with equal money by name.

    Parameters
    ----------
    categories : Labels
        Of m lines.
    units : numpy.ndarray of int64, shape (m,)
        Money of each line.

    Returns
    -------
    tuple of str
        At most ``MOST_SHARES``; none where there are fewer than two with money.
    """
    known = categories.codes >= 0
    sums = np.zeros(len(categories.texts), np.int64)
    np.add.at(sums, categories.codes[known], units[known])
    by_text = {text: int(total) for text, total in zip(categories.texts, sums.tolist(), strict=True) if total > 0}
    largest = sorted(by_text, key=lambda text: (-by_text[text], text))
    return tuple(largest[:MOST_SHARES]) if len(largest) > 1 else ()


def mix_categories(columns: Sequence[CustomerColumn]) -> tuple[str, ...]:
    """Return the categories whose shares are among some columns, in their order.

    Parameters
    ----------
    columns : sequence of CustomerColumn

    Returns
    -------
    tuple of str
        As they stand in the log.
    """
    return tuple(column.label.removeprefix(_LABEL) for column in columns if column.name.startswith(PREFIX))


def add_mix(catalogue: CustomerCatalogue, lines: Lines, categories: Labels, largest: Sequence[str]) -> CustomerCatalogue:
    """Put the shares of spend beside the other columns of the customers.

    Parameters
    ----------
    catalogue : CustomerCatalogue
    lines : Lines
        Of the catalogue's customers, in its order.
    categories : Labels
        Of the lines.
    largest : sequence of str
        As ``find_largest`` gives them, for the whole log; of one that the lines do not have nobody bought anything.

    Returns
    -------
    CustomerCatalogue
        With a column ``share_of_<category>`` each: 0..1, the category's spend in all spend of the customer (both at least 0, returns taken
        off); NaN for customers without any spend.
    """
    columns, frame = list(catalogue.columns), catalogue.frame.copy(deep=False)
    spent = _spend(lines, categories)
    whole = spent.sum(axis=1)
    taken = {column.name for column in columns}
    for text in largest:
        name = _free_name(text, taken)
        taken.add(name)
        columns.append(CustomerColumn(name, None, f"{_LABEL}{text}", "number", None, "share"))
        own = spent[text].to_numpy() if text in spent else np.zeros(len(whole))
        frame[name] = np.divide(own, whole, out=np.full(len(whole), np.nan), where=whole.to_numpy() > 0)
    return CustomerCatalogue(tuple(columns), frame)


def _spend(lines: Lines, categories: Labels) -> pd.DataFrame:
    """Return what each customer spent on each category, never below nothing."""
    width = len(categories.texts) + 1
    codes = np.where(categories.codes < 0, width - 1, categories.codes)
    totals = lines.sum_units(lines.customers * width + codes, lines.n_customers * width).reshape(-1, width)
    return pd.DataFrame(lines.as_money(np.maximum(totals, 0)), columns=[*categories.texts, ""])


def _free_name(text: str, taken: set[str]) -> str:
    plain = PREFIX + (re.sub(r"\W+", "_", text.casefold()).strip("_") or "category")
    number, name = 1, plain
    while name in taken:
        number += 1
        name = f"{plain}_{number}"
    return name
