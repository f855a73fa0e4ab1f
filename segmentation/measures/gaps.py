"""Values of customers that are missing: filled from the others, and marked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from segmentation.measures.catalogue import CustomerCatalogue, CustomerColumn

N_ALIKE = 10
"""How many similar customers a gap is filled from."""
_MOST_DONORS = 5_000
_AT_ONCE = 1_000
_CATEGORY_WEIGHT = np.sqrt(0.5)


def fill_with_middle(values: np.ndarray, kind: str) -> np.ndarray:
    """Fill gaps by the median of numbers, or the most frequent category (of equals the first in alphabetical order).

    Parameters
    ----------
    values : numpy.ndarray, shape (n,)
        Floats with NaN, or objects with None.
    kind : {"number", "category"}

    Returns
    -------
    numpy.ndarray, shape (n,)
        As it was where nothing is known.
    """
    is_missing = np.asarray(pd.isna(values))
    if is_missing.all() or not is_missing.any():
        return values
    filled = values.copy()
    filled[is_missing] = _middle(values[~is_missing], kind)
    return filled


def fill_from_similar(catalogue: CustomerCatalogue, column: CustomerColumn) -> np.ndarray:
    """Fill the gaps of a column from the ten customers who are most alike in all other known columns.

    Numbers are compared on one scale, categories by being the same; what is not known of a customer counts as average. Customers as
    near as the tenth are all asked, so neither ids nor the order of rows have a say. Of more than 5,000 who could be asked, every
    n-th by value is.

    Parameters
    ----------
    catalogue : CustomerCatalogue
    column : CustomerColumn

    Returns
    -------
    numpy.ndarray, shape (n,)
        The median, or the most frequent category, of those; as it was where nobody is known.
    """
    values = catalogue.frame[column.name].to_numpy()
    is_missing = np.asarray(pd.isna(values))
    others = [each for each in catalogue.columns if each.name != column.name and each.kind != "text" and _is_free(each, column)]
    if is_missing.all() or not is_missing.any() or not others:
        return fill_with_middle(values, column.kind)
    points = _points(catalogue.frame, others)
    donors = np.flatnonzero(~is_missing)
    by_value = donors[np.lexsort((*points[donors].T, _ranks(values[donors])))]
    donors = by_value[np.linspace(0, by_value.size - 1, min(by_value.size, _MOST_DONORS)).astype(np.int64)]
    filled = values.copy()
    gaps = np.flatnonzero(is_missing)
    for start in range(0, gaps.size, _AT_ONCE):
        rows = gaps[start : start + _AT_ONCE]
        for row, near in zip(rows, _nearest(points[rows], points[donors]), strict=True):
            filled[row] = _middle(values[donors[near]], column.kind)
    return filled


def _is_free(other: CustomerColumn, column: CustomerColumn) -> bool:
    """Tell whether a column says something of its own: the year of birth is the age again."""
    return {other.role, column.role} != {"age", "birth_year"}


def _middle(values: np.ndarray, kind: str) -> object:
    if kind == "number":
        return float(np.median(values.astype(np.float64)))
    names, counts = np.unique(values.astype(str), return_counts=True)
    return str(names[counts.argmax()])


def _ranks(values: np.ndarray) -> np.ndarray:
    return np.asarray(pd.factorize(values, sort=True)[0])


def _points(frame: pd.DataFrame, columns: Sequence[CustomerColumn]) -> np.ndarray:
    """Return the customers as points, float64 of shape (n, d); an unknown value stands at the mean."""
    blocks = []
    for column in columns:
        if column.kind == "number":
            values = frame[column.name].to_numpy(np.float64)
            block = values[:, None]
        else:
            codes = _ranks(frame[column.name].to_numpy())
            block = np.where(codes[:, None] < 0, np.nan, _CATEGORY_WEIGHT * (codes[:, None] == np.arange(codes.max(initial=0) + 1)))
        is_known = ~np.isnan(block[:, 0])
        if not is_known.any():
            continue
        block = block - block[is_known].mean(axis=0)
        if column.kind == "number":
            block = block / (block[is_known].std() or 1.0)
        blocks.append(np.nan_to_num(block))
    return np.hstack(blocks) if blocks else np.zeros((len(frame), 1))


def _nearest(points: np.ndarray, donors: np.ndarray) -> list[np.ndarray]:
    distances = (points**2).sum(axis=1)[:, None] - 2 * points @ donors.T + (donors**2).sum(axis=1)
    distances = np.round(distances, 9)  # the dust of adding up in another order parts nobody
    limit = np.partition(distances, min(N_ALIKE, donors.shape[0]) - 1, axis=1)[:, min(N_ALIKE, donors.shape[0]) - 1]
    return [np.flatnonzero(row <= most) for row, most in zip(distances, limit, strict=True)]
