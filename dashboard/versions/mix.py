"""The category mix of stored customers, read from the lines of their log."""

from __future__ import annotations

import pyarrow as pa

from dashboard.context import Context
from dashboard.versions.reading import StoredCustomers
from database.datasets import Dataset
from database.engine import read
from database.snapshots import load_snapshot
from segmentation.measures.catalogue import CustomerCatalogue
from segmentation.measures.lines import read_lines
from segmentation.measures.mix import add_mix, find_largest

_CATEGORY, _AMOUNT = "category", "amount"


def has_mix(dataset: Dataset) -> bool:
    """Tell whether a dataset is a log whose lines say what was bought for how much."""
    return {_CATEGORY, _AMOUNT} <= {spec.role for spec in dataset.columns.get("transactions", ())}


def with_mix(context: Context, customers: StoredCustomers, catalogue: CustomerCatalogue) -> CustomerCatalogue:
    """Return a catalogue of these customers with their shares of spend by category; as it is where the dataset has none."""
    if not has_mix(customers.record):
        return catalogue
    with read(context.engine) as conn:
        rows = load_snapshot(conn, context.snapshots, customers.record, "transactions").select(["customer_id", _CATEGORY, _AMOUNT])
    everyone = read_lines(rows, rows.column("customer_id").unify_dictionaries().chunk(0).dictionary)
    largest = find_largest(everyone.labels(_CATEGORY), everyone.units) if everyone.units is not None else ()
    lines = read_lines(rows, pa.array(customers.ids, pa.string()))
    return add_mix(catalogue, lines, lines.labels(_CATEGORY), largest)
