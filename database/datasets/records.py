"""What is known of each dataset version, as it stands in the table ``datasets``."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import Connection, Row, select

from database.datasets.columns import ColumnSpec, Part
from database.tables import datasets
from segmentation.errors import NotFoundError


@dataclass(frozen=True)
class NewDataset:
    """What is known of a dataset before its rows are read."""

    name: str
    kind: Literal["customers", "transactions"]
    content_hash: str
    columns: Mapping[Part, Sequence[ColumnSpec]]
    source: Mapping[str, Any]  # the file's name, dialect, mapping and options: what a next file of this shape is read with
    parent_id: str | None = None
    author: str | None = None


@dataclass(frozen=True)
class Facts:
    """What is known of a dataset when its rows are in. Money as exact decimals, in the file's currency."""

    rows_read: int
    rows_kept: int
    rows_rejected: int
    n_customers: int
    revenue: Decimal | None
    currency: str | None
    receipt: Sequence[Mapping[str, Any]]
    findings: Sequence[Mapping[str, Any]]
    details: Mapping[str, Any]

    def __post_init__(self) -> None:
        if self.rows_read != self.rows_kept + self.rows_rejected:
            raise ValueError(f"{self.rows_read} rows read are not {self.rows_kept} kept and {self.rows_rejected} rejected")


@dataclass(frozen=True)
class Dataset:
    """One version. ``facts`` is there from its publication on."""

    id: str
    name: str
    kind: Literal["customers", "transactions"]
    content_hash: str
    columns: Mapping[Part, Sequence[ColumnSpec]]
    source: Mapping[str, Any]
    parent_id: str | None
    author: str | None
    created_at: datetime
    published_at: datetime | None
    erasure_epoch: int
    facts: Facts | None


def content_hash(file_sha256: str, mapping: Mapping[str, Any], options: Mapping[str, Any], parent_id: str | None = None) -> str:
    """Name the content: the same file with the same mapping and options (appended to the same version) is one dataset."""
    words = json.dumps([file_sha256, mapping, options, parent_id], sort_keys=True, allow_nan=False, ensure_ascii=False)
    return hashlib.sha256(words.encode()).hexdigest()


def find_dataset(conn: Connection, dataset_id: str) -> Dataset | None:
    """Return a published version, None where there is none."""
    row = conn.execute(select(datasets).where(datasets.c.id == dataset_id, datasets.c.state == "published")).one_or_none()
    return to_dataset(row) if row else None


def load_dataset(conn: Connection, dataset_id: str) -> Dataset:
    """Return a published version."""
    dataset = find_dataset(conn, dataset_id)
    if dataset is None:
        raise NotFoundError("no_such_dataset", "There is no such dataset.", f"Its id would be {dataset_id}.", "It may have been deleted.")
    return dataset


def find_dataset_by_content(conn: Connection, content: str) -> Dataset | None:
    """Return the published version with this ``content_hash``, None where there is none."""
    row = conn.execute(select(datasets).where(datasets.c.content_hash == content, datasets.c.state == "published")).one_or_none()
    return to_dataset(row) if row else None


def list_datasets(conn: Connection) -> Sequence[Dataset]:
    """Return the published versions, the newest first."""
    query = select(datasets).where(datasets.c.state == "published").order_by(datasets.c.published_at.desc(), datasets.c.id)
    return [to_dataset(row) for row in conn.execute(query)]


def to_dataset(row: Row[Any]) -> Dataset:
    """Read a row of ``datasets``."""
    values = row._mapping
    facts = None
    if row.rows_read is not None:
        revenue = None if row.revenue is None else Decimal(row.revenue)
        facts = Facts(**{name: values[name] for name in Facts.__dataclass_fields__ if name != "revenue"}, revenue=revenue)
    columns = {part: tuple(ColumnSpec(**spec) for spec in specs) for part, specs in row.columns.items()}
    plain = {name: values[name] for name in Dataset.__dataclass_fields__ if name not in ("facts", "columns")}
    return Dataset(**plain, columns=columns, facts=facts)
