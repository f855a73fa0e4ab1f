"""Who is new, gone or changed since the version before, as a file; and which versions a dataset has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from dashboard.context import Context
from dashboard.exports.delimited import as_texts, write_csv
from dashboard.versions.reading import StoredCustomers, load_customers
from database.datasets import Dataset
from segmentation.errors import NotFoundError
from segmentation.measures.changes import customer_changes

_MONEY = "monetary_total"


@dataclass(frozen=True)
class Version:
    """One version of a dataset: its number, counted from 1, and the versions made from it."""

    dataset: Dataset
    number: int
    next_ids: Sequence[str]

    @property
    def is_current(self) -> bool:
        """Whether nothing has taken its place."""
        return not self.next_ids


def number_versions(datasets: Sequence[Dataset]) -> Mapping[str, Version]:
    """Return each dataset as a version, by id."""
    by_id = {dataset.id: dataset for dataset in datasets}
    following: dict[str, list[str]] = {}
    for dataset in datasets:
        if dataset.parent_id in by_id:
            following.setdefault(dataset.parent_id or "", []).append(dataset.id)
    return {each.id: Version(each, len(_line_of(each, by_id)), tuple(following.get(each.id, ()))) for each in datasets}


def versions_of(dataset: Dataset, datasets: Sequence[Dataset]) -> Sequence[Version]:
    """Return the versions that one belongs to, the oldest first: those it was made from, itself, and those made from it."""
    numbered = number_versions(datasets)
    first = _line_of(dataset, {each.id: each for each in datasets})[-1]
    waiting, found = [first], []
    while waiting:
        version = numbered[waiting.pop(0)]
        found.append(version)
        waiting.extend(version.next_ids)
    return sorted(found, key=lambda version: (version.number, version.dataset.created_at))


def _line_of(dataset: Dataset, by_id: Mapping[str, Dataset]) -> list[str]:
    line = [dataset.id]
    while (parent := by_id[line[-1]].parent_id) in by_id and parent not in line:
        line.append(parent or "")
    return line


def write_changes(context: Context, dataset: Dataset, path: Path) -> None:
    """Write one line for every customer that is not the same as in the version before: what became of them, what changed, their money."""
    if dataset.parent_id is None:
        raise NotFoundError("no_version_before", "This dataset has no version before it.", dataset.name)
    before, after = (load_customers(context, dataset_id) for dataset_id in (dataset.parent_id, dataset.id))
    found = customer_changes(before.population(), after.population())
    rows = np.flatnonzero(found.kinds != "same")
    headers, columns = ["customer_id", "change", "changed"], [found.ids[rows], found.kinds[rows], found.labels[rows]]
    for name, stored in (("before", before), ("after", after)):
        if (money := _money(stored, found.ids[rows])) is not None:
            headers.append(f"{_MONEY}_{name}")
            columns.append(money)
    write_csv(path, headers, [as_texts(column) for column in columns])


def _money(stored: StoredCustomers, ids: np.ndarray) -> np.ndarray | None:
    """Return the money of some customers, nothing where the version does not know one."""
    values = stored.measure(_MONEY)
    if values is None:
        return None
    return pd.Series(values, index=pd.Index(stored.ids, dtype=object)).reindex(ids).to_numpy()
