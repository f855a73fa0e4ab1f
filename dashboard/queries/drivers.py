"""What goes with a column of a dataset, how groups differ, and how far its segmentations agree: computed once, then kept in the cache."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from dashboard.context import Context
from dashboard.exports.report import plain_json
from dashboard.versions.reading import load_customers
from database.datasets import Dataset, load_dataset
from database.engine import read
from database.runs import list_runs, load_assignments
from segmentation.clusters.worth import agreement_matrix
from segmentation.errors import InvalidInputError
from segmentation.measures.catalogue import CustomerCatalogue, CustomerColumn
from segmentation.portraits.drivers import find_drivers
from segmentation.portraits.group_effects import measure_group_effect

VERSION = 3
"""Counted up whenever the same data give another answer."""
_ABOUT_COLUMN = ("name", "header", "label", "kind", "role", "unit")
_SEED = 42
MOST_RUNS = 20
_MONEY = {"monetary_total", "order_value_mean", "frequency_orders"}
"""Each follows from the two others."""


def list_columns(dataset: Dataset) -> list[CustomerColumn]:
    """Return the columns of a dataset that tell customers apart: numbers and categories, by name."""
    stored = dataset.facts.details["customers"]["columns"] if dataset.facts else ()
    columns = [CustomerColumn(**{name: each[name] for name in _ABOUT_COLUMN if name in each}) for each in stored]
    return sorted((column for column in columns if column.kind != "text"), key=lambda column: column.label.casefold())


def load_drivers(context: Context, dataset_id: str, column: str) -> dict[str, Any]:
    """Return what goes with a column, and which columns were left out because they are worked out from it or it from them."""

    def compute(dataset: Dataset, catalogue: CustomerCatalogue) -> dict[str, Any]:
        target = catalogue.find(column)
        same = find_kin(catalogue, target, _parts(dataset))
        candidates = [each for each in catalogue.columns if each not in same]
        found = find_drivers(catalogue.frame, candidates, target, _SEED)
        left_out = [each.name for each in same if each != target]
        return {"dataset_id": dataset_id, "column": target.name, "left_out": left_out, **asdict(found)}

    return _kept(context, dataset_id, f"drivers:{column}", compute)


def load_effect(context: Context, dataset_id: str, category: str, number: str) -> dict[str, Any]:
    """Return how a number differs between the groups of a category."""

    def compute(_: Dataset, catalogue: CustomerCatalogue) -> dict[str, Any]:
        groups, values = catalogue.find(category), catalogue.find(number)
        if values.kind != "number":
            raise InvalidInputError("not_a_number", f'"{values.name}" holds words.', fix="Give a column of numbers.")
        if groups.kind == "text" or groups == values:
            raise InvalidInputError("not_a_category", f'"{groups.name}" does not put customers in groups.', fix="Give another column.")
        labels = (groups.label, values.label)
        texts = catalogue.frame[groups.name]
        if groups.kind == "number":
            texts = texts.map(lambda value: None if np.isnan(value) else f"{value:g}")
        found = measure_group_effect(texts, catalogue.frame[values.name], labels, _SEED)
        return {"dataset_id": dataset_id, "category": groups.name, "number": values.name, **asdict(found)}

    return _kept(context, dataset_id, f"effect:{category}\n{number}", compute)


def load_agreement(context: Context, dataset_id: str) -> dict[str, Any]:
    """Return how far the newest runs of a dataset agree, each with each."""
    with read(context.engine) as conn:
        load_dataset(conn, dataset_id)
        runs = list_runs(conn, dataset_id)[:MOST_RUNS]
        tables = [load_assignments(conn, run.id) for run in runs]
    labelings = [
        table.column("segment_id").combine_chunks().fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64) for table in tables
    ]
    matrix = agreement_matrix(labelings)
    described = [
        {
            "run_id": run.id,
            "method": run.recipe["method"],
            "features": (run.report or {}).get("run", {}).get("features", []),
            "n_clusters": (run.report or {}).get("run", {}).get("n_clusters"),
            "seed": run.recipe["seed"],
        }
        for run in runs
    ]
    return dict(plain_json({"dataset_id": dataset_id, "runs": described, "matrix": matrix.tolist(), "sentence": _say_agreement(matrix)}))


def find_kin(catalogue: CustomerCatalogue, target: CustomerColumn, parts: Mapping[str, set[str]]) -> list[CustomerColumn]:
    """Return the columns made of the same columns of the file as the target, itself among them: they predict it and tell nothing."""

    def sources(column: CustomerColumn) -> set[str]:
        return parts.get(column.name, set()) | ({column.header} if column.header else {column.name})

    wanted = sources(target)
    is_money = target.name in _MONEY
    return [each for each in catalogue.columns if sources(each) & wanted or (is_money and each.name in _MONEY)]


def _parts(dataset: Dataset) -> dict[str, set[str]]:
    """Return the headers that each derived column was worked out from."""
    report = dataset.facts.details["report"] if dataset.facts else {}
    return {each["name"]: set(each["headers"]) for each in report.get("derived", ()) if each["is_on"]}


def _kept(context: Context, dataset_id: str, what: str, compute: Callable[[Dataset, CustomerCatalogue], dict[str, Any]]) -> dict[str, Any]:
    """Return an answer about a dataset, from the cache where it is."""
    with read(context.engine) as conn:
        dataset = load_dataset(conn, dataset_id)
    key = f"driving:{VERSION}:{dataset.id}:{dataset.erasure_epoch}:{what}"
    known = context.cache.find(key)
    if known is None:
        known = plain_json(compute(dataset, load_customers(context, dataset_id).population().catalogue))
        context.cache.keep(key, known)
    return dict(known)


def _say_agreement(matrix: np.ndarray) -> str:
    if len(matrix) < 2:
        return "There is nothing to compare: segment this dataset another way first."
    pairs = matrix[np.tril_indices(len(matrix), -1)]
    known = pairs[~np.isnan(pairs)]
    if not known.size:
        return "The segmentations have no customers in common."
    middle = float(np.median(known))
    told = "largely agree" if middle >= 0.8 else "agree in part" if middle >= 0.4 else "disagree"
    return (
        f"The {len(matrix)} segmentations {told} (1 is the same, 0 is chance: {known.min():.2f} to {known.max():.2f}, middle {middle:.2f})."
    )
