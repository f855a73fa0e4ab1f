"""The category mix of customers, read from the lines of their log: of those stored, and of those of a file just read."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from dashboard.context import Context
from dashboard.versions.reading import StoredCustomers
from dashboard.versions.transactions import lay_out_transactions
from database.datasets import Dataset
from database.engine import read
from database.snapshots import load_snapshot
from segmentation.dataset import Dataset as DatasetOfFile
from segmentation.measures.catalogue import CustomerCatalogue, CustomerColumn
from segmentation.measures.lines import read_lines
from segmentation.measures.mix import add_mix, find_largest, mix_categories

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


def with_mix_of_file(dataset: DatasetOfFile, wanted: Sequence[CustomerColumn]) -> CustomerCatalogue:
    """Return the catalogue of a file just read with the shares among the wanted columns; as it is where its lines do not tell them."""
    categories = mix_categories(wanted)
    if not categories or dataset.mapping.kind != "transactions":
        return dataset.catalogue
    rows = lay_out_transactions(dataset).rows
    if not {_CATEGORY, _AMOUNT} <= set(rows.column_names):
        return dataset.catalogue
    lines = read_lines(rows.select(["customer_id", _CATEGORY, _AMOUNT]), pa.array(dataset.customers.ids, pa.string()))
    return add_mix(dataset.catalogue, lines, lines.labels(_CATEGORY), categories)
