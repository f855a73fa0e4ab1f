"""Columns that add up to a total in every row: what customers spend on, where they buy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from segmentation.measures.catalogue import CustomerCatalogue, CustomerColumn

_PURCHASES = ("web_purchases", "store_purchases", "catalog_purchases")
_LETTERS_ALIKE = 3


@dataclass(frozen=True)
class Parts:
    """The sums of the columns that make up ``total`` ("monetary_total" or "frequency_orders"), the largest first, of ``n`` customers."""

    total: str
    names: tuple[str, ...]
    sums: tuple[float, ...]
    n: int


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
                sums = sorted(zip((float(np.nansum(catalogue.frame[name])) for name in group), labels, strict=True), reverse=True)
                found.append(Parts(total, tuple(label for _, label in sums), tuple(value for value, _ in sums), len(values)))
    return tuple(found)


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
