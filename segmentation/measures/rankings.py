"""Values of a column, the largest first: of customers (country, education) and of lines (product, payment)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from segmentation.measures.lines import Lines

MOST_ENTRIES = 60
"""Kept of the values of lines; of customers all are kept (there are some 200 countries)."""
_LARGEST_TABLE = 100_000_000
"""Cells of a table of values by customers up to which a look-up takes less time than a sort."""

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
        Of lines at most ``MOST_ENTRIES``.
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
    codes, texts = pd.factorize(np.asarray(values, dtype=object))
    counts = np.bincount(codes[codes >= 0], minlength=len(texts))
    count_of = dict(zip((str(text) for text in texts), counts.tolist(), strict=True))
    names = [*count_of, *(name for name in units or {} if name not in count_of)]
    entries = [Entry(name, count_of.get(name, 0), None, None if units is None else units.get(name, 0)) for name in names]
    entries.sort(key=lambda entry: (-entry.customers, -(entry.units or 0), entry.name))
    known = int(counts.sum())
    return Ranking(column, label, "customers", tuple(entries), len(entries), known, codes.size - known, known)


def rank_lines(lines: Lines, column: str, label: str, by: By) -> Ranking:
    """Sum up the lines of each value of a column of texts.

    An order or a customer with lines of several values counts with each of them. Without money to share out, orders are counted.
    """
    found = lines.labels(column)
    n, known = len(found.texts), found.codes >= 0
    used = np.flatnonzero(np.bincount(found.codes[known], minlength=n))
    units = None if lines.units is None else lines.sum_units(found.codes, n)
    by = "orders" if by == "money" and (units is None or units.sum() <= 0) else by
    kept = used
    if by == "money" and units is not None:  # the others need not be counted
        kept = np.array(sorted(used.tolist(), key=lambda code: (-units[code], found.texts[code]))[:MOST_ENTRIES], np.int64)
    places = np.full(n + 1, -1, np.int32)  # the last one stands for code -1
    places[kept] = np.arange(kept.size)
    codes = places[found.codes]
    customers = _distinct(codes, lines.customers, kept.size, lines.n_customers)
    orders = _distinct(codes, lines.orders, kept.size, lines.n_orders)
    entries = [
        Entry(found.texts[code], int(customers[place]), int(orders[place]), None if units is None else int(units[code]))
        for place, code in enumerate(kept.tolist())
    ]
    entries.sort(key=lambda entry: (-_size(entry, by), entry.name))
    n_customers = _count_used(lines.customers[known], lines.n_customers)
    n_orders = _count_used(lines.orders[known], lines.n_orders)
    total = {"customers": n_customers, "orders": n_orders, "money": 0 if units is None else int(units.sum())}[by]
    return Ranking(column, label, by, tuple(entries[:MOST_ENTRIES]), used.size, n_customers, int((~known).sum()), total)


def name_entries(lines: Lines, ranking: Ranking, column: str, most: int = 25) -> Ranking:
    """Name the first entries by what most of their lines say in another column: products by their descriptions.

    Where several texts are as frequent the first in the alphabet is taken. An entry without any keeps its code; entries of one name
    have their codes before it.
    """
    codes, names = lines.labels(ranking.column), lines.labels(column)
    code_of = {text: code for code, text in enumerate(codes.texts)}
    wanted = np.full(len(codes.texts), -1)
    shown = ranking.entries[:most]
    wanted[[code_of[entry.name] for entry in shown]] = np.arange(len(shown))
    place = np.where(codes.codes >= 0, wanted[codes.codes], -1)
    chosen = (place >= 0) & (names.codes >= 0)
    pairs, counts = np.unique(place[chosen].astype(np.int64) * len(names.texts) + names.codes[chosen], return_counts=True)
    best: dict[int, tuple[int, str]] = {}
    for pair, count in zip(pairs.tolist(), counts.tolist(), strict=True):
        entry, name = divmod(pair, len(names.texts))
        best[entry] = min(best.get(entry, (0, "")), (-count, names.texts[name]))
    texts = [best[number][1] if number in best else entry.name for number, entry in enumerate(shown)]
    unique = [f"{entry.name} {text}" if texts.count(text) > 1 else text for text, entry in zip(texts, shown, strict=True)]
    named = [replace(entry, name=name, code=entry.text) for entry, name in zip(shown, unique, strict=True)]
    return replace(ranking, entries=(*named, *ranking.entries[most:]))


def _size(entry: Entry, by: By) -> int:
    return {"customers": entry.customers, "orders": entry.orders or 0, "money": entry.units or 0}[by]


def _distinct(codes: np.ndarray, members: np.ndarray, n_codes: int, n_members: int) -> np.ndarray:
    """Count the different members (customers, orders) of each code; codes below 0 are left out."""
    if n_codes * n_members <= _LARGEST_TABLE:
        table = np.zeros((n_codes + 1, n_members), bool)  # the last row takes code -1
        table[codes, members] = True
        return np.asarray(table[:-1].sum(axis=1))
    known = codes >= 0
    pairs = pd.unique(codes[known].astype(np.int64) * n_members + members[known])
    return np.bincount(pairs // n_members, minlength=n_codes)


def _count_used(codes: np.ndarray, n: int) -> int:
    used = np.zeros(n, bool)
    used[codes] = True
    return int(used.sum())
