"""A dataset read back from its rows in the store: the population to segment, and the cells of the labelled file."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.context import Context
from database.datasets import Dataset, load_dataset
from database.engine import read
from database.snapshots import load_snapshot
from segmentation.intake.decimals import decimal_texts
from segmentation.intake.parsing import parse_numbers
from segmentation.measures.catalogue import CustomerCatalogue, CustomerColumn, Population
from segmentation.measures.customers import ExactMoney


def load_customers(context: Context, dataset_id: str) -> StoredCustomers:
    """Read the customers of a published dataset, from its snapshot or else from the store."""
    with read(context.engine) as conn:
        record = load_dataset(conn, dataset_id)
        return StoredCustomers(record, load_snapshot(conn, context.snapshots, record, "customers"))


@dataclass(frozen=True)
class StoredCustomers:
    """The customers of a published version: its record, and the rows of its customers' table as written."""

    record: Dataset
    rows: pa.Table

    @property
    def ids(self) -> np.ndarray:
        """The ids, in the order of the rows."""
        return np.asarray(self._texts("customer_id").to_numpy(zero_copy_only=False), dtype=object)

    @property
    def as_of(self) -> date | None:
        """The day that recency and age were counted from."""
        text = self._description["as_of"]
        return date.fromisoformat(text) if text else None

    def find(self, customer_id: str) -> StoredCustomers | None:
        """Return one customer alone, None where there is none of this id; the other rows are not read."""
        ids = self._column("customer_id")
        if pa.types.is_dictionary(ids.type):
            wanted, where = pc.index(ids.dictionary, customer_id).as_py(), ids.indices
        else:
            wanted, where = customer_id, ids
        place = -1 if wanted == -1 else pc.index(where, wanted).as_py()
        return None if place < 0 else StoredCustomers(self.record, self.rows.slice(place, 1))

    def population(self) -> Population:
        """Return the customers as a segmentation takes them: the very numbers of the file they came from."""
        currency = self.record.facts.currency if self.record.facts else None
        return Population(self.record.kind, self.ids, self.catalogue(("number", "category", "text")), self.as_of, currency)

    def catalogue(self, kinds: Collection[str]) -> CustomerCatalogue:
        """Return every column that describes customers, with the values of those of some kinds."""
        columns, values = [], {}
        for stored in self._description["columns"]:
            facts = {name: value for name, value in stored.items() if name not in ("values", "decimal")}
            column = CustomerColumn(**facts)
            columns.append(column)
            if column.kind in kinds:
                values[column.name] = self._numbers(stored) if column.kind == "number" else self._categories(stored["values"])
        return CustomerCatalogue(tuple(columns), pd.DataFrame(values, index=pd.RangeIndex(self.rows.num_rows)))

    def measure(self, name: str) -> np.ndarray | None:
        """Return a measure as float64, NaN where a customer has none; None where the dataset has no such measure."""
        return self._floats(name) if name in self._measures else None

    def money(self, name: str) -> ExactMoney | None:
        """Return a measure as exact money, 0 where a customer has none; None where it is not money."""
        spec = self._measures.get(name)
        if spec is None or spec.type != "decimal":
            return None
        return ExactMoney(self._column(name).fill_null(0).to_numpy(), spec.scale)

    def attributes(self) -> dict[str, pa.Array]:
        """Return the cells of the person's own columns as they stand in the file, by header, in the order of the file."""
        return {attribute["header"]: self._texts(attribute["cells"]) for attribute in self._description["attributes"]}

    def filled(self) -> pa.Array | None:
        """Return for each customer the columns whose value was filled in; None where nothing was."""
        name = self._description.get("filled")
        return self._texts(name) if name else None

    @property
    def _description(self) -> Mapping[str, Any]:
        if self.record.facts is None:
            raise ValueError(f"dataset {self.record.id} is not published")
        found: Mapping[str, Any] = self.record.facts.details["customers"]
        return found

    @property
    def _specs(self) -> dict[str, Any]:
        return {spec.name: spec for spec in self.record.columns["customers"]}

    @property
    def _measures(self) -> dict[str, Any]:
        return {spec.name: spec for spec in self.record.columns["customers"] if not spec.header and spec.name != "customer_id"}

    def _column(self, name: str) -> pa.Array:
        column = self.rows.column(name)
        return column.chunk(0) if column.num_chunks == 1 else column.unify_dictionaries().combine_chunks()

    def _numbers(self, stored: Mapping[str, Any]) -> np.ndarray:
        """Return the values of a column of the file: of cells kept as text, by reading them as they were read."""
        name = stored["values"]
        if self._specs[name].type != "text":
            return self._floats(name)
        cells = self._column(name)
        cells = cells if pa.types.is_dictionary(cells.type) else cells.dictionary_encode()
        return parse_numbers(cells.dictionary, stored["decimal"]).as_floats()[np.asarray(cells.indices)]

    def _floats(self, name: str) -> np.ndarray:
        array, spec = self._column(name), self._specs[name]
        if spec.type == "float":
            return array.to_numpy(zero_copy_only=False)
        values = array.fill_null(0).to_numpy() / np.float64(10**spec.scale)
        return np.where(np.asarray(array.is_null()), np.nan, values)

    def _texts(self, name: str) -> pa.Array:
        array, spec = self._column(name), self._specs[name]
        if spec.type == "text":
            return array
        texts = pa.array(decimal_texts(array.fill_null(0).to_numpy(), spec.scale), pa.string())
        return pc.if_else(array.is_null(), "", texts)

    def _categories(self, name: str) -> np.ndarray:
        texts = np.array(self._texts(name).to_numpy(zero_copy_only=False), dtype=object)
        texts[texts == ""] = None
        return texts
