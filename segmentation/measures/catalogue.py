"""What is known about each customer: the measures and the file's own columns, as numbers or categories."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa

from segmentation.errors import InvalidInputError
from segmentation.intake.columns import MEASURE_BY_NAME, ROLE_BY_NAME
from segmentation.intake.mapping import ColumnMapping, Kind, header_words, measure_headers
from segmentation.intake.parsing import parse_numbers
from segmentation.intake.table import RawTable
from segmentation.intake.typed import is_numeric
from segmentation.measures.customers import CustomerTable

MAX_CATEGORIES = 30
"""A text column of unknown meaning with more different values names individuals rather than groups."""
_MAX_KNOWN_CATEGORIES = 250
"""The same for a column known to hold categories; there are some 200 countries."""
_PRIVATE_ROLES = frozenset({"email", "phone", "first_name", "last_name", "zip", "customer", "signup_date", "birth_date", "last_order"})


@dataclass(frozen=True)
class CustomerColumn:
    """One column that describes customers.

    Attributes
    ----------
    name : str
        Canonical measure or role where there is one, else the person's header.
    header : str or None
        The column of the file behind it; None for a computed measure.
    label : str
        Plain words for a sentence.
    kind : {"number", "category", "text"}
        ``text`` is neither to be averaged nor counted (names, addresses).
    role : str or None
        Canonical measure or role.
    unit : str or None
    """

    name: str
    header: str | None
    label: str
    kind: Literal["number", "category", "text"]
    role: str | None = None
    unit: str | None = None


@dataclass(frozen=True)
class CustomerCatalogue:
    """Every describable column of the customers, with its values ready.

    Attributes
    ----------
    columns : tuple of CustomerColumn
    frame : pandas.DataFrame, shape (n customers, columns)
        Numbers as float64 (NaN where missing), categories as str (NA where blank), by column name.
    """

    columns: tuple[CustomerColumn, ...]
    frame: pd.DataFrame

    def find(self, wanted: str) -> CustomerColumn:
        """Return the column that a person means by a canonical name or a header, written in whatever case.

        Raises
        ------
        InvalidInputError
            ``unknown_feature`` with the names that exist.
        """
        words = header_words(wanted)
        found = (
            self._first(lambda column: wanted in (column.name, column.header))
            or self._first(lambda column: words in (header_words(column.name), header_words(column.header or column.name)))
            or self._first(lambda column: words in known_headers(column.role))
        )
        if found:
            return found
        usable = ", ".join(f'"{column.name}"' if " " in column.name else column.name for column in self.columns if column.kind == "number")
        raise InvalidInputError(
            "unknown_feature",
            f'There is no feature "{wanted}" in this file.',
            fix=f"Choose from: {usable}." if usable else "The file has no numbers.",
        )

    def _first(self, matches: Callable[[CustomerColumn], bool]) -> CustomerColumn | None:
        return next((column for column in self.columns if matches(column)), None)

    def numbers(self) -> tuple[CustomerColumn, ...]:
        """Return the columns that hold numbers."""
        return tuple(column for column in self.columns if column.kind == "number")


@dataclass(frozen=True)
class Population:
    """The customers to be segmented, wherever they come from: a file just read, or the store.

    Attributes
    ----------
    kind : {"transactions", "customers"}
    ids : numpy.ndarray of object, shape (n,)
        Sorted; the rows of ``catalogue.frame`` in the same order.
    catalogue : CustomerCatalogue
    as_of : datetime.date or None
        The day that recency and age were counted from.
    currency : str or None
        ISO 4217 code of the money, where it is known.
    """

    kind: Kind
    ids: np.ndarray
    catalogue: CustomerCatalogue
    as_of: date | None = None
    currency: str | None = None

    @property
    def n_customers(self) -> int:
        """Number of customers."""
        return int(self.ids.size)


def known_headers(role: str | None) -> tuple[str, ...]:
    """Return the headers under which files bring a measure or a role.

    Parameters
    ----------
    role : str or None
        Canonical measure or role.

    Returns
    -------
    tuple of str
        As ``header_words`` writes them; none for None.
    """
    measure, known_role = MEASURE_BY_NAME.get(role or ""), ROLE_BY_NAME.get(role or "")
    return (measure.headers if measure else ()) + (known_role.headers if known_role else ())


def describe_customers(raw: RawTable, mapping: ColumnMapping, customers: CustomerTable) -> CustomerCatalogue:
    """Collect the measures and the file's own columns of the customers.

    Parameters
    ----------
    raw : RawTable
    mapping : ColumnMapping
    customers : CustomerTable

    Returns
    -------
    CustomerCatalogue
    """
    columns: list[CustomerColumn] = []
    values: dict[str, np.ndarray] = {}
    source = {name: header for name, header in mapping.roles.items() if name in MEASURE_BY_NAME}
    if mapping.kind == "customers":
        source.update(measure_headers(raw, set(mapping.roles.values())))
        if "amount" in mapping.roles:
            source.setdefault("monetary_total", mapping.roles["amount"])
    for name in customers.measures.columns:
        measure = MEASURE_BY_NAME[name]
        columns.append(CustomerColumn(name, source.get(name), measure.label, "number", name, measure.unit))
        values[name] = customers.measures[name].to_numpy(np.float64)
    used = {column.header for column in columns}
    role_of = {header: role for role, header in mapping.roles.items()}
    for header, rows in customers.attribute_rows.items():
        if header in used:
            continue
        column, content = _describe(raw, header, role_of.get(header), rows)
        if column.name in values:
            column = CustomerColumn(header, header, header, column.kind, column.role, column.unit)
        columns.append(column)
        values[column.name] = content
    return CustomerCatalogue(tuple(columns), pd.DataFrame(values, index=pd.RangeIndex(customers.n_customers)))


def _describe(raw: RawTable, header: str, role: str | None, rows: np.ndarray) -> tuple[CustomerColumn, np.ndarray]:
    name = role or header
    label = name.replace("_", " ") if role else header
    codes, texts = raw.codes(header)[rows], raw.distinct(header)
    as_text = np.array(texts.to_numpy(zero_copy_only=False), dtype=object)
    if role is None or ROLE_BY_NAME[role].type in ("number", "money", "year"):
        parsed = parse_numbers(texts)
        if is_numeric(parsed) and not _looks_like_code(texts):
            return CustomerColumn(name, header, label, "number", role, parsed.unit), parsed.as_floats()[codes]
    is_known = role is not None and ROLE_BY_NAME[role].type == "category"
    limit = _MAX_KNOWN_CATEGORIES if is_known else min(MAX_CATEGORIES, codes.size // 2)
    is_private = role in _PRIVATE_ROLES or np.unique(codes).size > limit
    as_text[as_text == ""] = None
    content = as_text[codes]
    return CustomerColumn(name, header, label, "text" if is_private else "category", role), content


def _looks_like_code(texts: pa.Array) -> bool:
    """Tell whether numbers are written with leading zeros, as codes are and quantities never."""
    return any(len(text) > 1 and text[0] == "0" and text.isdigit() for text in texts.slice(0, 1000).to_pylist())
