"""The labelled customers as a file for campaign tools."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from dashboard.exports.delimited import as_texts, write_csv
from segmentation.dataset import Dataset
from segmentation.measures.customers import ExactMoney
from segmentation.pipeline import Segmentation

_KEY_MEASURES = ("recency_days", "frequency_orders", "monetary_total")


@dataclass(frozen=True)
class LabelledCustomers:
    """A table ready to be written: one row a customer, sorted by id."""

    headers: tuple[str, ...]
    columns: tuple[pa.Array, ...]


def label_customers(dataset: Dataset, segmentation: Segmentation) -> LabelledCustomers:
    """Put the segments beside the customers, joined by position in the one table that both were computed on.

    First the id, the segment and the key measures, then the person's own columns with the text of their file.
    """
    customers = dataset.customers
    columns: dict[str, pa.Array] = {"customer_id": pa.array(customers.ids, pa.string())}
    columns["segment_id"] = as_texts(pa.array(segmentation.segment_ids, mask=segmentation.segment_ids == 0))
    columns["segment"] = segment_names(segmentation)
    for measure in _KEY_MEASURES:
        if measure in customers.measures:
            columns[measure] = _measure_texts(dataset, measure)
    for header, rows in customers.attribute_rows.items():
        indices = pa.array(dataset.raw.codes(header)[rows])
        columns[_free_name(header, columns)] = pa.DictionaryArray.from_arrays(indices, dataset.raw.distinct(header))
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


def _measure_texts(dataset: Dataset, measure: str) -> pa.Array:
    values = dataset.customers.measures[measure].to_numpy(np.float64)
    money = dataset.customers.money.get(measure)
    texts = money_texts(money) if money else _number_texts(values)
    return pa.array(np.where(np.isnan(values), "", np.asarray(texts, dtype=object)), pa.string())


def money_texts(money: ExactMoney) -> list[str]:
    """Return exact amounts as text with the decimals of the file (two at least where it has any)."""
    if money.scale == 0:
        return [str(units) for units in money.units.tolist()]
    base = 10**money.scale
    padding = "0" * max(0, 2 - money.scale)
    return [
        f"{'-' if units < 0 else ''}{abs(units) // base}.{abs(units) % base:0{money.scale}d}{padding}" for units in money.units.tolist()
    ]


def _number_texts(values: np.ndarray) -> list[str]:
    return [str(int(value)) if value.is_integer() else repr(value) for value in values.tolist()]


def _free_name(header: str, taken: Container[str]) -> str:
    """Return the header, with a number where one of our own columns already has that name."""
    name, number = header, 2
    while name in taken:
        name, number = f"{header} ({number})", number + 1
    return name
