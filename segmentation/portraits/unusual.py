"""What is said of a customer whom a run has seen nobody like: values outside what it knew, or far from the segment they are put in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from segmentation.clusters.assigning import StoredModel
from segmentation.measures.catalogue import CustomerColumn
from segmentation.portraits.person import value_text


def say_unusual(
    model: StoredModel, fitted: Mapping[str, Any], values: Mapping[str, Any], place: int, distance: float, name: str
) -> tuple[str, ...]:
    """Say in which way a customer is unlike all customers of the run.

    Parameters
    ----------
    model : StoredModel
    fitted : mapping
        What ``clusters.likeness.describe_fitted`` told of the customers of the run.
    values : mapping
        The features by name; gaps say nothing.
    place : int
        Their segment, 0..k-1.
    distance : float
        To its middle, on the features' scale.
    name : str
        What it is called.

    Returns
    -------
    tuple of str
        Sentences, none for a customer like the others. Outside is below the least or above the greatest value of the run's customers, or
        a category that none of them has; far is further from the middle than 99 % of the segment (``clusters.likeness.FAR``).
    """
    told = [said for column in model.inputs if (said := _outside(column, fitted["features"][column.name], values[column.name]))]
    if distance > fitted["reach"][place] + 1e-9:
        told.append(f"Further from the middle of “{name}” than 99 of 100 of its customers.")
    return tuple(told)


def _outside(column: CustomerColumn, known: Mapping[str, Any], value: Any) -> str | None:
    if pd.isna(value):
        return None
    if column.kind == "category":
        return None if str(value) in known["levels"] else f"None of the customers of the run has {column.label} {value}."
    low, high = known["range"]
    if low <= value <= high:
        return None
    subject = f"{column.label[:1].upper()}{column.label[1:]}"
    told, most = ("below", low) if value < low else ("above", high)
    return f"{subject} of {value_text(float(value))} is {told} that of every customer of the run ({value_text(most)})."
