"""Which rows of the version before give way to rows of the file."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from segmentation.intake.mapping import ColumnMapping
from segmentation.intake.table import RawTable


def replaced_rows(raw: RawTable, mapping: ColumnMapping, is_kept: np.ndarray) -> tuple[np.ndarray, str]:
    """Mark the rows of the version before whose place the file's rows take: those of the same customer (a list) or order (a log).

    Without order numbers an order is a customer and a moment.

    Parameters
    ----------
    raw : RawTable
    mapping : ColumnMapping
    is_kept : numpy.ndarray of bool, shape (n rows,)
        Only kept rows of the file take a place.

    Returns
    -------
    replaced : numpy.ndarray of bool, shape (n rows,)
    header : str
        The column that was looked at.
    """
    keys = [role for role in _key_roles(mapping) if role in mapping.roles]
    codes = [_codes(raw, mapping.roles[role]) for role in keys]
    replaced = np.zeros(raw.n_rows, bool)
    if not codes:
        return replaced, ""
    key = codes[0] if len(codes) == 1 else codes[0] * (int(codes[1].max(initial=0)) + 1) + codes[1]
    newer = pd.unique(key[raw.n_earlier :][is_kept[raw.n_earlier :]])
    replaced[: raw.n_earlier] = np.isin(key[: raw.n_earlier], newer)
    return replaced, mapping.roles[keys[0]]


def _key_roles(mapping: ColumnMapping) -> tuple[str, ...]:
    if mapping.kind == "customers":
        return ("customer",)
    return ("order",) if "order" in mapping.roles else ("customer", "date")


def _codes(raw: RawTable, header: str) -> np.ndarray:
    trimmed = pc.utf8_trim_whitespace(raw.distinct(header)).dictionary_encode()
    return np.asarray(trimmed.indices).astype(np.int64)[raw.codes(header)]
