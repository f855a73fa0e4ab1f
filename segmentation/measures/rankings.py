"""Values of a column, the largest first: of customers (country, education) and of lines (product, payment)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from segmentation.measures.lines import Labels, Lines, read_labels

MOST_ENTRIES = 60
"""Kept of the values of lines."""
MOST_PLACES = 1_000
"""Kept of the values of customers: all countries, however they are spelt; of towns the largest."""
By = Literal["customers", "orders", "money"]


@dataclass(frozen=True)
class Entry:
    """One value: how many customers and orders have it, and the money of its lines (whole units of 10**-scale).

    ``code`` is how it stands in its own column, where ``name`` comes from another one.
    """

    name: str
    customers: int
    orders: int | None = None
    units: int | None = None
    code: str | None = None

    @property
    def text(self) -> str:
        """How it stands in its column: what a filter by it says."""
        return self.name if self.code is None else self.code


@dataclass(frozen=True)
class Ranking:
    """The values of a column.

    Attributes
    ----------
    column : str
        Role or name in the store.
    label : str
        Plain words, or the person's header.
    by : {"customers", "orders", "money"}
        What they are sorted by, the largest first; equal ones by name.
    entries : tuple of Entry
        Of lines at most ``MOST_ENTRIES``, of customers at most ``MOST_PLACES``.
    n_values : int
        Different values in all.
    n_customers : int
        Customers with a value, each counted once.
    n_unknown : int
        Customers (of lines: lines) without one.
    total : int
        What the entries' shares are of: customers with a value, orders with a value, or the money of lines with a value.
    """

    column: str
    label: str
    by: By
    entries: tuple[Entry, ...]
    n_values: int
    n_customers: int
    n_unknown: int
    total: int


def rank_customers(column: str, label: str, values: Sequence[str | None] | pd.Series, units: Mapping[str, int] | None = None) -> Ranking:
    """Count the customers of each value.

    Parameters
    ----------
    column, label : str
    values : sequence of str or None, shape (n,)
        One a customer, None or NA where not known.
    units : mapping of str to int, optional
        Money of each value, where it is known. A value that only lines have (a country somebody has left) comes with 0 customers.
    """
    return rank_labels(column, label, read_labels(values), units)


def rank_labels(column: str, label: str, labels: Labels, units: Mapping[str, int] | None = None) -> Ranking:
    """Count the customers of each value, given as codes; a value that nobody has is left out."""
    counts = np.bincount(labels.codes[labels.codes >= 0], minlength=len(labels.texts))
    count_of = {text: count for text, count in zip(labels.texts, counts.tolist(), strict=True) if count}
    names = [*count_of, *(name for name in units or {} if name not in count_of)]
    entries = [Entry(name, count_of.get(name, 0), None, None if units is None else units.get(name, 0)) for name in names]
    entries.sort(key=lambda entry: (-entry.customers, -(entry.units or 0), entry.name))
    known = int(counts.sum())
    kept = tuple(entries[:MOST_PLACES])
    return Ranking(column, label, "customers", kept, len(entries), known, labels.codes.size - known, known)


@dataclass(frozen=True)
class ValueCounts:
    """The lines of each text of a column, by its code: ``customers`` and ``orders`` (n,), ``units`` (n,) or None without money.

    ``n_customers`` and ``n_orders`` have any text, each counted once; ``n_unknown`` lines have none.
    """

    customers: np.ndarray
    orders: np.ndarray
    units: np.ndarray | None
    n_customers: int
    n_orders: int
    n_unknown: int


def rank_lines(column: str, label: str, by: By, texts: Sequence[str], counts: ValueCounts) -> Ranking:
    """Rank the values of a column of lines.

    An order or a customer with lines of several values counts with each of them. Without money to share out, they are sorted by orders.
    """
    has_money = counts.units is not None and counts.units.sum() > 0
    return rank_counts(Ranking(column, label, "orders" if by == "money" and not has_money else by, (), 0, 0, 0, 0), texts, counts)


def rank_counts(ranking: Ranking, texts: Sequence[str], counts: ValueCounts) -> Ranking:
    """Return a ranking of the same column, sorted by the same, with other counts in it."""
    money = np.zeros(len(texts), np.int64) if counts.units is None else counts.units
    sizes = {"customers": counts.customers, "orders": counts.orders, "money": money}[ranking.by]
    used = np.flatnonzero(counts.orders)
    largest = used
    if used.size > MOST_ENTRIES:  # only these need to be put into order by their texts
        largest = used[sizes[used] >= np.partition(sizes[used], -MOST_ENTRIES)[-MOST_ENTRIES]]
    places = sorted(largest.tolist(), key=lambda code: (-sizes[code], texts[code]))[:MOST_ENTRIES]
    units = None if counts.units is None else counts.units
    entries = [
        Entry(texts[place], int(counts.customers[place]), int(counts.orders[place]), None if units is None else int(units[place]))
        for place in places
    ]
    total = {"customers": counts.n_customers, "orders": counts.n_orders, "money": int(money.sum())}[ranking.by]
    return replace(
        ranking, entries=tuple(entries), n_values=used.size, n_customers=counts.n_customers, n_unknown=counts.n_unknown, total=total
    )


def find_names(lines: Lines, column: str, names: str) -> Mapping[str, str]:
    """Return for each text of a column what most of its lines say in another one: for products their descriptions.

    Where several are as frequent the first in the alphabet is taken.
    """
    codes, other = lines.labels(column), lines.labels(names)
    chosen = (codes.codes >= 0) & (other.codes >= 0)
    pairs = pd.Series(codes.codes[chosen].astype(np.int64) * len(other.texts) + other.codes[chosen]).value_counts(sort=False)
    best: dict[int, tuple[int, str]] = {}
    for pair, count in zip(pairs.index.tolist(), pairs.tolist(), strict=True):
        code, name = divmod(pair, len(other.texts))
        best[code] = min(best.get(code, (0, "")), (-count, other.texts[name]))
    return {codes.texts[code]: name for code, (_, name) in best.items()}


def name_entries(ranking: Ranking, names: Mapping[str, str], most: int = 25) -> Ranking:
    """Give the first entries their names. One without any keeps its code; those of one name have their codes before it."""
    shown = ranking.entries[:most]
    texts = [names.get(entry.text, entry.text) for entry in shown]
    unique = [f"{entry.text} {text}" if texts.count(text) > 1 else text for text, entry in zip(texts, shown, strict=True)]
    named = [replace(entry, name=name, code=entry.text) for entry, name in zip(shown, unique, strict=True)]
    return replace(ranking, entries=(*named, *ranking.entries[most:]))
