"""The labelled customers as a file for campaign tools."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from dashboard.exports.delimited import as_texts, write_csv
from segmentation.dataset import Dataset
from segmentation.measures.catalogue import CustomerColumn, Population
from segmentation.measures.customers import ExactMoney
from segmentation.measures.features import choose_features
from segmentation.measures.mending import marks_of
from segmentation.measures.recipe import Recipe
from segmentation.pipeline import Segmentation

KEY_MEASURES = ("recency_days", "frequency_orders", "monetary_total")
"""The measures that stand before the person's own columns."""


@dataclass(frozen=True)
class LabelledCustomers:
    """A table ready to be written: one row a customer, sorted by id."""

    headers: tuple[str, ...]
    columns: tuple[pa.Array, ...]


def label_customers(dataset: Dataset, segmentation: Segmentation) -> LabelledCustomers:
    """Put the segments beside the customers, joined by position in the one table that both were computed on."""
    by_run = filled_for_run(dataset.population, segmentation.recipe, segmentation.segment_ids)
    return label_dataset(dataset, segmentation.segment_ids, segment_names(segmentation), by_run)


def label_dataset(dataset: Dataset, segment_ids: np.ndarray, segments: pa.Array, by_run: np.ndarray | None = None) -> LabelledCustomers:
    """Put segments (0: none) and their names beside the customers of a dataset, in their order; ``by_run``: what was filled in for it."""
    customers = dataset.customers
    measures = {
        name: measure_texts(customers.measures[name].to_numpy(np.float64), customers.money.get(name))
        for name in KEY_MEASURES
        if name in customers.measures
    }
    attributes = {
        header: pa.DictionaryArray.from_arrays(pa.array(dataset.raw.codes(header)[rows]), dataset.raw.distinct(header))
        for header, rows in customers.attribute_rows.items()
    }
    ids = pa.array(customers.ids, pa.string())
    filled = all_filled(dataset.filled, by_run)
    labelled = lay_out_labelled(ids, segment_ids, segments, measures, attributes)
    return labelled if filled is None else with_filled(labelled, pa.array(filled, pa.string()))


def filled_for_run(population: Population, recipe: Recipe, segment_ids: np.ndarray) -> np.ndarray | None:
    """Return for each customer the features that a recipe filled in; None where it fills nothing."""
    if recipe.missing == "drop":
        return None
    columns = choose_features(population.catalogue, recipe, population.kind)[0]
    return filled_features(columns, population.catalogue.frame, segment_ids)


def filled_features(columns: Sequence[CustomerColumn], frame: pd.DataFrame, segment_ids: np.ndarray) -> np.ndarray | None:
    """Return for each customer with a segment the features without a value; None where nobody lacks any."""
    gaps = [(column.header or column.label, np.flatnonzero(frame[column.name].isna() & (segment_ids > 0))) for column in columns]
    return marks_of([(name, rows) for name, rows in gaps if rows.size], len(frame))


def all_filled(by_import: np.ndarray | None, by_run: np.ndarray | None) -> np.ndarray | None:
    """Return for each customer the columns filled at the import or for the segmentation; None where nothing was."""
    if by_import is None or by_run is None:
        return by_run if by_import is None else by_import
    return np.array(["; ".join(filter(None, both)) for both in zip(by_import, by_run, strict=True)], dtype=object)


def with_filled(labelled: LabelledCustomers, filled: pa.Array) -> LabelledCustomers:
    """Add the last column: which values of a customer were filled in and do not stand in the file."""
    return LabelledCustomers((*labelled.headers, _free_name("filled", labelled.headers)), (*labelled.columns, filled))


def lay_out_labelled(
    ids: pa.Array, segment_ids: np.ndarray, segments: pa.Array, measures: Mapping[str, pa.Array], attributes: Mapping[str, pa.Array]
) -> LabelledCustomers:
    """First the id, the segment (0: none) and the key measures, then the person's own columns with the text of their file."""
    columns: dict[str, pa.Array] = {"customer_id": ids}
    columns["segment_id"] = as_texts(pa.array(segment_ids, mask=segment_ids == 0))
    columns["segment"] = segments
    columns.update(measures)
    for header, cells in attributes.items():
        columns[_free_name(header, columns)] = cells
    return LabelledCustomers(tuple(columns), tuple(columns.values()))


def write_labelled(path: Path, labelled: LabelledCustomers) -> int:
    """Write the labelled customers as CSV; returns how many texts were kept from acting as formulas."""
    return write_csv(path, labelled.headers, labelled.columns)


def segment_names(segmentation: Segmentation) -> pa.DictionaryArray:
    """Return the name of each customer's segment, or the reason why there is none."""
    names = ["", *(segment.name.name for segment in segmentation.segments)]
    reasons = sorted(set(segmentation.features.not_segmented.values()))
    codes = segmentation.segment_ids.astype(np.int32)
    position = {reason: len(names) + index for index, reason in enumerate(reasons)}
    for row, reason in segmentation.features.not_segmented.items():
        codes[row] = position[reason]
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array([*names, *reasons], pa.string()))


def measure_texts(values: np.ndarray, money: ExactMoney | None) -> pa.Array:
    """Return a measure as text, exactly where it is money, empty where it is missing."""
    texts = money_texts(money) if money else _number_texts(values)
    return pa.array(np.where(np.isnan(values), "", np.asarray(texts, dtype=object)), pa.string())


def money_texts(money: ExactMoney) -> list[str]:
    """Return exact amounts as text with the decimals of the file (two at least where it has any)."""
    if money.scale == 0:
        return [str(units) for units in money.units.tolist()]
    base = 10**money.scale
    padding = "0" * max(0, 2 - money.scale)
    return [f"{'-' * (units < 0)}{abs(units) // base}.{abs(units) % base:0{money.scale}d}{padding}" for units in money.units.tolist()]


def _number_texts(values: np.ndarray) -> list[str]:
    return [str(int(value)) if value.is_integer() else repr(value) for value in values.tolist()]


def _free_name(header: str, taken: Container[str]) -> str:
    """Return the header, with a number where one of our own columns already has that name."""
    name, number = header, 2
    while name in taken:
        name, number = f"{header} ({number})", number + 1
    return name
