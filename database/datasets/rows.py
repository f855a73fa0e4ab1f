"""The rows of a version: tables of its own, whose text, money and moments are kept to the bit."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, Engine, MetaData, Table, select

from database import bulk
from database.bulk import PreparedRows, fetch_rows
from database.datasets.columns import Part, sql_column
from database.datasets.records import Dataset
from database.tables import rejected_rows


def version_table(dataset: Dataset, part: Part) -> Table:
    """Describe one of the version's own tables: ``customers_<id>`` or ``transactions_<id>``."""
    return Table(f"{part}_{dataset.id}", MetaData(), *(sql_column(spec) for spec in dataset.columns[part]))


def customer_column(dataset: Dataset, part: Part) -> str | None:
    """Name the column with the customer's id, None where there is none."""
    return next((spec.name for spec in dataset.columns[part] if spec.role == "customer"), None)


def arrange_rows(dataset: Dataset, part: Part, rows: pa.Table) -> pa.Table:
    """Sort rows by customer, each one's in the order given: so an index grows at its end, and one customer's rows lie together."""
    key = customer_column(dataset, part)
    if key is None or rows.num_rows == 0:
        return rows
    ids = rows.column(key).combine_chunks()
    ids = ids if pa.types.is_dictionary(ids.type) else ids.dictionary_encode()
    rank = np.empty(len(ids.dictionary) + 1, np.int32)
    rank[pc.sort_indices(ids.dictionary).to_numpy()] = np.arange(len(ids.dictionary))
    rank[-1] = -1  # rows without a customer come first
    codes = ids.indices.fill_null(len(ids.dictionary)).to_numpy()
    return rows.take(pa.array(np.argsort(rank[codes], kind="stable")))


def prepare_batches(store: Engine | Connection, dataset: Dataset, part: Part, rows: pa.Table) -> Iterator[PreparedRows]:
    """Cut rows into batches and bring each into the driver's form, while no lock is held.

    Columns by their names in the table; decimals as int64 in units of 10**-scale; text dictionary-encoded or not.
    """
    return bulk.prepare_batches(store, version_table(dataset, part), rows)


def prepare_rejected(store: Engine | Connection, dataset: Dataset, rows: pa.Table) -> Iterator[PreparedRows]:
    """Do the same for rejected rows: ``row`` as in the person's file, ``column`` (header), ``value``, ``reason``."""
    return bulk.prepare_batches(store, rejected_rows, rows.append_column("dataset_id", pa.repeat(dataset.id, rows.num_rows)))


def load_rows(conn: Connection, dataset: Dataset, part: Part) -> pa.Table:
    """Read a whole part, as it was written: text dictionary-encoded, decimals as int64 in units of 10**-scale."""
    return fetch_rows(conn, select(version_table(dataset, part)))


def load_rejected_rows(conn: Connection, dataset_id: str) -> pa.Table:
    """Read the rejected rows in the order of the person's file: row, column, value, reason."""
    wanted = (rejected_rows.c.row, rejected_rows.c.column, rejected_rows.c.value, rejected_rows.c.reason)
    return fetch_rows(conn, select(*wanted).where(rejected_rows.c.dataset_id == dataset_id).order_by(rejected_rows.c.row))
