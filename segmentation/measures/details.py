"""What is missing in each column that describes customers, and how far its largest values stand out: what a person decides about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from segmentation.intake.cleaning import detail_headers
from segmentation.intake.cleaning_rules import ALL_DETAILS
from segmentation.intake.mapping import ColumnMapping
from segmentation.intake.table import RawTable
from segmentation.measures.catalogue import CustomerCatalogue
from segmentation.measures.mending import ChangedValues

QUANTILES = (0.95, 0.99, 0.999)
"""Limits that are offered for large values."""
_FEWEST_VALUES = 12
"""A column of fewer different numbers has no extremes worth a limit."""


@dataclass(frozen=True)
class Detail:
    """A column that describes customers.

    Attributes
    ----------
    name : str
        Canonical measure or role, else the header; what a limit is chosen by.
    header : str or None
        The column of the file, what a way with gaps is chosen by; None for a computed measure.
    label : str
    unit : str or None
    is_asked : bool
        Whether a choice for ``"all"`` missing details means it too.
    n, n_missing, n_filled : int
        Customers; those without a value; those whose value was filled in.
    largest : float or None
        None where it holds no numbers, or few different ones.
    limits : tuple of (float, float)
        The quantiles of ``QUANTILES`` with their values.
    """

    name: str
    header: str | None
    label: str
    unit: str | None
    is_asked: bool
    n: int
    n_missing: int
    n_filled: int
    largest: float | None = None
    limits: tuple[tuple[float, float], ...] = ()


def describe_details(
    raw: RawTable, mapping: ColumnMapping, catalogue: CustomerCatalogue, changed: Sequence[ChangedValues]
) -> tuple[Detail, ...]:
    """Describe every column that is no name or address, values as they count after all rules.

    Parameters
    ----------
    raw : RawTable
    mapping : ColumnMapping
    catalogue : CustomerCatalogue
    changed : sequence of ChangedValues

    Returns
    -------
    tuple of Detail
        In the order of the catalogue.
    """
    asked = detail_headers(raw, mapping, {ALL_DETAILS: "drop"}, "drop")
    filled = {change.column: int(change.rows.size) for change in changed if change.rule == "filled"}
    described = []
    for column in catalogue.columns:
        if column.kind == "text":
            continue
        values = catalogue.frame[column.name].to_numpy()
        header = column.header if column.header in raw.headers else None
        n_missing = int(np.count_nonzero(pd.isna(values)))
        largest, limits = _extremes(values.astype(np.float64)) if column.kind == "number" else (None, ())
        facts = (header in asked, values.size, n_missing, filled.get(column.name, 0), largest, limits)
        described.append(Detail(column.name, header, column.label, column.unit, *facts))
    return tuple(described)


def _extremes(values: np.ndarray) -> tuple[float | None, tuple[tuple[float, float], ...]]:
    known = values[np.isfinite(values)]
    if np.unique(known).size < _FEWEST_VALUES:
        return None, ()
    limits = zip(QUANTILES, np.quantile(known, QUANTILES).tolist(), strict=True)
    return float(known.max()), tuple((share, float(value)) for share, value in limits)
