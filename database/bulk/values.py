"""The types of a table's columns in Arrow, and values brought to them: the same for both stores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Boolean, Column, Date, DateTime, Double, Integer
from sqlalchemy.types import TypeEngine

from database.tables import ExactDecimal
from segmentation.errors import InvalidInputError

Types = Mapping[str, TypeEngine[Any]]
TEXT = pa.dictionary(pa.int32(), pa.string())


def arrow_type(sql: TypeEngine[Any]) -> pa.DataType:
    """Return what a column of this type is in Arrow; a decimal is its whole units of 10**-scale."""
    if isinstance(sql, (Integer, ExactDecimal)):
        return pa.int64()
    for kind, arrow in ((Double, pa.float64()), (Date, pa.date32()), (DateTime, pa.timestamp("us")), (Boolean, pa.bool_())):
        if isinstance(sql, kind):
            return arrow
    return TEXT


def canonical(values: pa.ChunkedArray, column: Column[Any]) -> pa.Array:
    """Give the column as one array of the type it has in the store; text may be dictionary-encoded or not."""
    array = values.chunk(0) if values.num_chunks == 1 else values.unify_dictionaries().combine_chunks()
    wanted = arrow_type(column.type)
    if wanted != TEXT:
        array = array.cast(wanted)
        if pa.types.is_floating(wanted):
            return pc.if_else(pc.is_nan(array), None, array)
        return _without_fraction(array) if pa.types.is_timestamp(wanted) else array
    array = array if pa.types.is_dictionary(array.type) else array.cast(pa.string())
    texts = array.dictionary if pa.types.is_dictionary(array.type) else array
    if pc.any(pc.match_substring(texts, "\0")).as_py():
        raise InvalidInputError(
            "nul_character", "A cell holds a character that no store can keep (NUL).", f"Column {column.name}.", "Remove it from the file."
        )
    return array


def _without_fraction(array: pa.Array) -> pa.Array:
    """Leave the fraction of a second out where there is none: shorter, and as SQLite's users write a moment."""
    try:
        return array.cast(pa.timestamp("s"))
    except pa.ArrowInvalid:
        return array
