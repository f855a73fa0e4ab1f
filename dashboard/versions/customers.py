"""The customers of a dataset as a table: measures, and the cells of their own columns so that each can be given back to the letter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from dashboard.versions.layout import Layout
from database.datasets import ColumnSpec, ColumnType, name_columns
from segmentation.dataset import Dataset
from segmentation.intake.decimals import decimal_texts
from segmentation.intake.parsing import OK, parse_numbers

_WHOLE_BELOW = 2.0**53


@dataclass(frozen=True)
class CustomersToStore:
    """The table and, as plain JSON, what it takes to read it again (``dashboard/versions/reading.py``)."""

    layout: Layout
    description: Mapping[str, Any]


def lay_out_customers(dataset: Dataset) -> CustomersToStore:
    """Make the customers' table: id, measures, and the person's own columns."""
    layout = Layout()
    id_header = dataset.mapping.header("customer") or ""
    layout.add(ColumnSpec("customer_id", id_header, "customer", "text"), pa.array(dataset.customers.ids, pa.string()))
    for name in dataset.customers.measures.columns:
        _add_measure(layout, dataset, name)
    measures = set(dataset.customers.measures.columns)
    own = {column.header: column for column in dataset.catalogue.columns if column.name not in measures}
    role_of = {header: role for role, header in dataset.mapping.roles.items()}
    headers = list(dataset.customers.attribute_rows)
    stored = {}
    for header, name in zip(headers, name_columns(headers, role_of), strict=True):
        spec = ColumnSpec(layout.free_name(name, "_cell"), header, role_of.get(header), "text")
        stored[header] = _add_attribute(layout, dataset, spec, is_number=header in own and own[header].kind == "number")
    values = {column.name: stored[column.header or ""] for column in own.values()}
    values |= {name: _Place("", _add_changed(layout, dataset, name)) for name in sorted({change.column for change in dataset.changed})}
    marks = dataset.filled
    if marks is not None:
        name = layout.free_name("filled", "_values")
        marked = layout.add(ColumnSpec(name, "", None, "text"), pa.array(marks, pa.string()))
    description = {
        "columns": [{**asdict(column), **_place(values.get(column.name), column.name)} for column in dataset.catalogue.columns],
        "attributes": [{"header": header, "cells": place.cells} for header, place in stored.items()],
        "as_of": dataset.customers.as_of.isoformat() if dataset.customers.as_of else None,
        **({} if marks is None else {"filled": marked}),
    }
    return CustomersToStore(layout, description)


@dataclass(frozen=True)
class _Place:
    """Where an attribute is kept: the column with its cells, that with its values, and the decimal mark to read cells as values by."""

    cells: str
    values: str
    decimal: str | None = None


def _add_changed(layout: Layout, dataset: Dataset, column: str) -> str:
    """Keep the values of a column as they count, beside its cells as they stand; returns where."""
    values, name = dataset.catalogue.frame[column].to_numpy(), layout.free_name(f"{name_columns([column], {})[0]}_counted", "_value")
    if dataset.catalogue.find(column).kind == "number":
        kind, numbers = _without_loss(np.nan_to_num(values.astype(np.float64)))
        return layout.add(ColumnSpec(name, "", None, kind), pa.array(numbers, mask=np.isnan(values.astype(np.float64))))
    return layout.add(
        ColumnSpec(name, "", None, "text"), pa.array([value if isinstance(value, str) else "" for value in values], pa.string())
    )


def _place(place: _Place | None, measure: str) -> dict[str, Any]:
    return {"values": place.values, "decimal": place.decimal} if place else {"values": measure}


def _add_measure(layout: Layout, dataset: Dataset, name: str) -> None:
    values = dataset.customers.measures[name].to_numpy(np.float64)
    is_missing = np.isnan(values)
    money = dataset.customers.money.get(name)
    if money is not None:
        layout.add(ColumnSpec(name, "", name, "decimal", money.scale), pa.array(money.units, mask=is_missing))
        return
    kind, numbers = _without_loss(np.where(is_missing, 0.0, values))
    layout.add(ColumnSpec(name, "", name, kind), pa.array(numbers, mask=is_missing))


def _without_loss(values: np.ndarray) -> tuple[ColumnType, np.ndarray]:
    """Keep numbers as integers where all are whole, else as floats, bit for bit."""
    if np.all(values == np.trunc(values)) and np.all(np.abs(values) < _WHOLE_BELOW):
        return "integer", values.astype(np.int64)
    return "float", values


def _add_attribute(layout: Layout, dataset: Dataset, spec: ColumnSpec, is_number: bool) -> _Place:
    """Add a column of the person's file; returns where it is kept.

    A number is kept as a number where that gives back every cell to the letter; else as text, to be read again when it is needed. Only
    where a text says too little by itself (3 % in a column of shares) its value has a column beside it.
    """
    texts = dataset.raw.distinct(spec.header)
    codes = dataset.raw.codes(spec.header)[dataset.customers.attribute_rows[spec.header]]
    if not is_number:
        name = layout.add(spec, pa.DictionaryArray.from_arrays(pa.array(codes), texts))
        return _Place(name, name)
    parsed = parse_numbers(texts)  # of all cells of the file, as the catalogue reads them
    kind: ColumnType = "decimal" if parsed.scale else "integer"
    numbers = pa.array(parsed.units[codes], mask=parsed.state[codes] != OK)
    used = np.unique(codes)
    written = np.where(parsed.state[used] == OK, decimal_texts(parsed.units[used], parsed.scale), "")
    if np.array_equal(written, texts.take(pa.array(used)).to_numpy(zero_copy_only=False)):
        name = layout.add(ColumnSpec(spec.name, spec.header, spec.role, kind, parsed.scale), numbers)
        return _Place(name, name)
    cells = layout.add(spec, pa.DictionaryArray.from_arrays(pa.array(codes), texts))
    mark = parsed.decimal or "."
    if np.array_equal(parse_numbers(texts.take(pa.array(used)), mark).as_floats(), parsed.as_floats()[used], equal_nan=True):
        return _Place(cells, cells, mark)
    beside = layout.free_name(f"{cells}_number", "_value")
    return _Place(cells, layout.add(ColumnSpec(beside, spec.header, None, kind, parsed.scale), numbers))
