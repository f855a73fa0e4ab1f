"""What changed between two versions of a dataset: which customers came, went and changed, and which columns look otherwise than before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from segmentation.measures.catalogue import CustomerColumn, Population

DriftKind = Literal["middle", "share", "new_value", "emptier", "fuller"]

_MOVES_BY_ITSELF = frozenset({"recency_days", "tenure_days", "age"})
"""What every customer's next day changes says nothing about the customer."""
DRIFT = 0.1
"""Population stability index from which a column has drifted; less is not worth a word (Siddiqi 2006, "Credit Risk Scorecards")."""
_NOISE = 3.0
"""The index must also be this many times what two samples of one population give: (bins - 1) (1/n + 1/m)."""
_N_BINS = 10
_MAX_LEVELS = 20
_LEAST_SHARE = 1e-4
_EMPTIER = 0.1
_NEW_VALUE = 0.02
_FEWEST = 50
"""Customers that each version must have before anything is said about its columns."""


@dataclass(frozen=True)
class Drift:
    """A column that looks otherwise than before.

    Attributes
    ----------
    column, label : str
    index : float
        Population stability index, 0 for no change.
    kind : {"middle", "share", "new_value", "emptier", "fuller"}
        What changed most: the median of a number, the share of a value (``value``), a value that is new, the share of empty cells.
    before, after : float
        That median or share (0..1).
    value : str or None
    """

    column: str
    label: str
    index: float
    kind: DriftKind
    before: float
    after: float
    value: str | None = None


@dataclass(frozen=True)
class Changes:
    """Two versions held against each other.

    Attributes
    ----------
    n_before, n_after : int
        Customers.
    n_new, n_gone, n_changed, n_same : int
        ``n_new + n_changed + n_same == n_after`` and ``n_gone + n_changed + n_same == n_before``.
    columns_new, columns_gone : tuple of str
        Headers.
    drifts : tuple of Drift
        The strongest first.
    """

    n_before: int
    n_after: int
    n_new: int
    n_gone: int
    n_changed: int
    n_same: int
    columns_new: tuple[str, ...]
    columns_gone: tuple[str, ...]
    drifts: tuple[Drift, ...]


def compare_versions(before: Population, after: Population) -> Changes:
    """Say what changed from one version to the next.

    A customer has changed where any column that both versions have says something else; the days since an order, which go on by
    themselves, do not count.

    Parameters
    ----------
    before, after : Population
        With the values of all their columns.

    Returns
    -------
    Changes
    """
    kinds = customer_changes(before, after).kinds
    counts = {kind: int(np.count_nonzero(kinds == kind)) for kind in ("new", "gone", "changed", "same")}
    headers = [[column.header for column in population.catalogue.columns if column.header] for population in (before, after)]
    return Changes(
        n_before=before.n_customers,
        n_after=after.n_customers,
        n_new=counts["new"],
        n_gone=counts["gone"],
        n_changed=counts["changed"],
        n_same=counts["same"],
        columns_new=tuple(header for header in headers[1] if header not in headers[0]),
        columns_gone=tuple(header for header in headers[0] if header not in headers[1]),
        drifts=tuple(find_drifts(before, after)),
    )


@dataclass(frozen=True)
class CustomerChanges:
    """What became of every customer of two versions.

    Attributes
    ----------
    ids : numpy.ndarray of object, shape (n,)
        All customers of both versions, sorted.
    kinds : numpy.ndarray of object, shape (n,)
        "new", "gone", "changed" or "same".
    labels : numpy.ndarray of object, shape (n,)
        The labels of the columns that say something else, joined by "; "; "" where none does.
    """

    ids: np.ndarray
    kinds: np.ndarray
    labels: np.ndarray


def customer_changes(before: Population, after: Population) -> CustomerChanges:
    """Say of every customer of the two versions what became of them.

    Parameters
    ----------
    before, after : Population
        With the values of all their columns.

    Returns
    -------
    CustomerChanges
    """
    ids = pd.Index(before.ids, dtype=object).union(pd.Index(after.ids, dtype=object))
    places = [pd.Index(population.ids, dtype=object).get_indexer(ids) for population in (before, after)]
    kinds = np.where(places[0] < 0, "new", np.where(places[1] < 0, "gone", "same")).astype(object)
    labels = np.full(len(ids), "", dtype=object)
    both = np.flatnonzero((places[0] >= 0) & (places[1] >= 0))
    for column, known in _common_columns(before, after):
        if column.name in _MOVES_BY_ITSELF:
            continue
        values = [
            population.catalogue.frame[name].to_numpy()[place[both]]
            for population, name, place in ((before, known.name, places[0]), (after, column.name, places[1]))
        ]
        rows = both[_differ(*values)]
        kinds[rows] = "changed"
        labels[rows] = [f"{said}; {column.label}" if said else column.label for said in labels[rows]]
    return CustomerChanges(ids.to_numpy(), kinds, labels)


def find_drifts(before: Population, after: Population) -> list[Drift]:
    """Return the columns that both versions have and that look otherwise than before, the strongest first."""
    if min(before.n_customers, after.n_customers) < _FEWEST:
        return []
    found = []
    for column, known in _common_columns(before, after):
        if column.kind == "text" or column.name in _MOVES_BY_ITSELF:
            continue
        values = [population.catalogue.frame[name].to_numpy() for population, name in ((before, known.name), (after, column.name))]
        drift = _drift_of_numbers(column, *values) if column.kind == "number" else _drift_of_categories(column, *values)
        if drift:
            found.append(drift)
    return sorted(found, key=lambda drift: (-drift.index, drift.column))


def _common_columns(before: Population, after: Population) -> list[tuple[CustomerColumn, CustomerColumn]]:
    """Return (column of after, the same of before) of one kind in both."""
    known = {column.name: column for column in before.catalogue.columns}
    return [
        (column, known[column.name])
        for column in after.catalogue.columns
        if column.name in known and known[column.name].kind == column.kind
    ]


def _differ(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    both_missing = np.asarray(pd.isna(one)) & np.asarray(pd.isna(other))
    return np.asarray(one != other) & ~both_missing


def _drift_of_numbers(column: CustomerColumn, before: np.ndarray, after: np.ndarray) -> Drift | None:
    filled = [values[~np.isnan(values)] for values in (before, after)]
    if gaps := _gap_drift(column, [1 - filled[0].size / before.size, 1 - filled[1].size / after.size], before.size, after.size):
        return gaps
    if min(filled[0].size, filled[1].size) < _FEWEST:
        return None
    edges = np.unique(np.quantile(filled[0], np.arange(1, _N_BINS) / _N_BINS))
    shares = [np.bincount(np.searchsorted(edges, values, side="left"), minlength=edges.size + 1) / values.size for values in filled]
    index = stability_index(shares[0], shares[1])
    if not _is_drift(index, edges.size + 1, filled[0].size, filled[1].size):
        return None
    return Drift(column.name, column.label, index, "middle", float(np.median(filled[0])), float(np.median(filled[1])))


def _drift_of_categories(column: CustomerColumn, before: np.ndarray, after: np.ndarray) -> Drift | None:
    filled = [values[~np.asarray(pd.isna(values))] for values in (before, after)]
    if gaps := _gap_drift(column, [1 - filled[0].size / before.size, 1 - filled[1].size / after.size], before.size, after.size):
        return gaps
    if min(filled[0].size, filled[1].size) < _FEWEST:
        return None
    counts = [pd.Series(values, dtype=object).value_counts() for values in filled]
    levels = sorted(set(counts[0].index[:_MAX_LEVELS]) | set(counts[1].index[:_MAX_LEVELS]))
    shares = [
        _with_rest([float(count.get(level, 0)) for level in levels], values.size) for count, values in zip(counts, filled, strict=True)
    ]
    index = stability_index(shares[0], shares[1])
    if not _is_drift(index, len(levels) + 1, filled[0].size, filled[1].size):
        return None
    moved = int(np.argmax(np.abs(shares[1] - shares[0])[: len(levels)]))
    fresh = [place for place in range(len(levels)) if shares[0][place] == 0 and shares[1][place] >= _NEW_VALUE]
    place = max(fresh, key=lambda place: shares[1][place]) if fresh else moved
    kind: DriftKind = "new_value" if fresh else "share"
    return Drift(column.name, column.label, index, kind, float(shares[0][place]), float(shares[1][place]), levels[place])


def _with_rest(counts: Sequence[float], n: int) -> np.ndarray:
    return np.array([*counts, n - sum(counts)]) / n


def _gap_drift(column: CustomerColumn, empty: list[float], n_before: int, n_after: int) -> Drift | None:
    """Return a drift where the share of empty cells has moved by more than a tenth."""
    if abs(empty[1] - empty[0]) < _EMPTIER:
        return None
    index = stability_index(np.array([empty[0], 1 - empty[0]]), np.array([empty[1], 1 - empty[1]]))
    if not _is_drift(index, 2, n_before, n_after):
        return None
    return Drift(column.name, column.label, index, "emptier" if empty[1] > empty[0] else "fuller", empty[0], empty[1])


def _is_drift(index: float, n_bins: int, n_before: int, n_after: int) -> bool:
    return index >= max(DRIFT, _NOISE * (n_bins - 1) * (1 / n_before + 1 / n_after))


def stability_index(before: np.ndarray, after: np.ndarray) -> float:
    """Return the population stability index of two rows of shares, sum of (after - before) ln(after / before); 0 for none.

    Shares below 0.0001 count as that, so that an empty bin gives no infinite index.

    Parameters
    ----------
    before, after : numpy.ndarray of float64, shape (n bins,)
        Shares (0..1) of the same bins, each row adding up to 1.

    Returns
    -------
    float
        0 and up.
    """
    one, other = np.maximum(before, _LEAST_SHARE), np.maximum(after, _LEAST_SHARE)
    return float(np.sum((other - one) * np.log(other / one)))
