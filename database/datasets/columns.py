"""The columns of a version's tables: our names for them, what they mean, how they are kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Double, Text
from sqlalchemy.types import TypeEngine

from database.tables import ExactDecimal
from segmentation.errors import TooLargeError
from segmentation.intake.columns import ROLE_BY_NAME

Part = Literal["customers", "transactions"]
ColumnType = Literal["text", "integer", "decimal", "float", "date", "timestamp", "boolean"]

MOST_COLUMNS = 400
"""Columns of a file that can be kept."""
_MOST_STORED = 440  # with our own beside them; a row of Postgres fits a page of 8 kB only so: 18 bytes for each long text
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
CUSTOMER_ID = "customer_id"
"""Who the customer is, in both tables of a version: whatever a column of the file is called."""
_NOT_OURS = {"rowid", "oid", "tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"}  # every table has these by itself
_SQL_TYPES: dict[str, TypeEngine[Any]] = {
    "text": Text(),
    "integer": BigInteger(),
    "float": Double(),
    "date": Date(),
    "timestamp": DateTime(),
    "boolean": Boolean(create_constraint=False),
}


@dataclass(frozen=True)
class ColumnSpec:
    """A column of a version's table: our name, the person's header, what it means, how it is kept."""

    name: str
    header: str
    role: str | None
    type: ColumnType
    scale: int = 0  # decimals of a decimal


def name_columns(headers: Sequence[str], roles: Mapping[str, str]) -> list[str]:
    """Name the columns of a table: by role (``roles`` is header to role) where mapped, else by a safe form of the header.

    A column that is not mapped never gets the name of a role or of the customer's id: "country" as an attribute becomes ``country_2``.
    """
    taken = _NOT_OURS | set(ROLE_BY_NAME) | {CUSTOMER_ID}
    names = []
    for number, header in enumerate(headers, start=1):
        name = roles.get(header) or _free(_slug(header) or f"column_{number}", taken)
        taken.add(name)
        names.append(name)
    return names


def check_columns(columns: Mapping[Part, Sequence[ColumnSpec]]) -> None:
    """Refuse a file that is too wide; anything else that is wrong with the columns is a bug."""
    for part, specs in columns.items():
        names = [spec.name for spec in specs]
        n_of_file = len({spec.header for spec in specs if spec.header})
        if n_of_file > MOST_COLUMNS or len(names) > _MOST_STORED:
            raise too_many_columns(n_of_file)
        wrong = [name for name in names if not _NAME.fullmatch(name) or name in _NOT_OURS or names.count(name) > 1]
        if not names or wrong or any(not 0 <= spec.scale <= 18 for spec in specs):
            raise ValueError(f"{part} cannot have columns {wrong or specs}")


def too_many_columns(n: int) -> TooLargeError:
    """Return what is wrong with a file of so many columns."""
    return TooLargeError("too_many_columns", f"The file has {n:,} columns.", f"At most {MOST_COLUMNS} can be kept.", "Leave some out.")


def sql_column(spec: ColumnSpec) -> Column[Any]:
    """Describe the column of the table."""
    kind = ExactDecimal(spec.scale) if spec.type == "decimal" else _SQL_TYPES[spec.type]
    return Column(spec.name, kind, quote=True)  # "nothing" is a keyword of SQLite that SQLAlchemy does not know


def _slug(header: str) -> str:
    plain = unicodedata.normalize("NFKD", header.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_0123456789")[:40].strip("_")


def _free(name: str, taken: set[str]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    return free
