"""Columns that add up to a total in every row: what customers spend on, where they buy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from segmentation.measures.catalogue import CustomerCatalogue, CustomerColumn

_PURCHASES = ("web_purchases", "store_purchases", "catalog_purchases")
_LETTERS_ALIKE = 3


@dataclass(frozen=True)
class Parts:
    """The sums of the columns that make up ``total`` ("monetary_total" or "frequency_orders"), the largest first, of ``n`` customers.

    ``names`` are their labels without what they have in common, ``columns`` their names.
    """

    total: str
    names: tuple[str, ...]
    sums: tuple[float, ...]
    n: int
    columns: tuple[str, ...] = ()


def find_parts(catalogue: CustomerCatalogue) -> tuple[Parts, ...]:
    """Find columns that add up to the total spend, or to the number of orders, in every row.

    Candidates are the columns whose headers begin alike (``MntWines``, ``MntFruits``), and the purchases by web, shop and catalogue.
    """
    columns = {column.name: column for column in catalogue.numbers()}
    found = []
    for total, names in (
        ("monetary_total", _alike([column for column in columns.values() if column.role is None])),
        ("frequency_orders", [[name for name in _PURCHASES if name in columns]]),
    ):
        for group in names if total in columns else []:
            values = catalogue.frame[group].to_numpy(np.float64)
            if len(group) > 1 and np.array_equal(np.nansum(values, axis=1), catalogue.frame[total].to_numpy(np.float64)):
                labels = _without_beginning([columns[name].label for name in group])
                found.append(sum_parts(catalogue.frame, total, dict(zip(group, labels, strict=True))))
    return tuple(found)


def sum_parts(frame: pd.DataFrame, total: str, labels: Mapping[str, str]) -> Parts:
    """Sum the columns up that make up a total, given as name to label."""
    sums = sorted(((float(np.nansum(frame[name])), label, name) for name, label in labels.items()), reverse=True)
    values, names, columns = zip(*sums, strict=True)
    return Parts(total, names, values, len(frame), columns)


def _without_beginning(labels: list[str]) -> list[str]:
    """Return "Wines" and "Fruits" for "MntWines" and "MntFruits": without what all have in common up to a capital letter or a space."""
    first, last = min(labels), max(labels)
    n = next((place for place, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), 0)
    ends = all(label[n : n + 1].isupper() or label[n - 1 : n] in " _" for label in labels)
    return [label[n:] for label in labels] if n and ends else labels


def _alike(columns: list[CustomerColumn]) -> list[list[str]]:
    """Group columns whose names begin with the same three letters."""
    groups: dict[str, list[str]] = {}
    for column in columns:
        groups.setdefault(column.name[:_LETTERS_ALIKE].casefold(), []).append(column.name)
    return list(groups.values())
