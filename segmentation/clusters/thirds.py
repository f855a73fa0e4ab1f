"""Segments by a rule that anyone can check: each feature cut in thirds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

LEVELS = ("low", "middle", "high")
WORDS = {
    "recency_days": ("bought lately", "bought a while ago", "bought long ago"),
    "frequency_orders": ("few orders", "some orders", "many orders"),
    "monetary_total": ("low spend", "middle spend", "high spend"),
    "order_value_mean": ("small orders", "middle-sized orders", "large orders"),
    "age": ("younger", "middle-aged", "older"),
    "income": ("smaller budgets", "middle budgets", "larger budgets"),
}
"""How names say the thirds of a measure, the least first; of others they say level and label."""


def third_words(role: str | None, label: str) -> tuple[str, ...]:
    """Return the words for the thirds of a column.

    Parameters
    ----------
    role : str or None
        What the column means.
    label : str
        Its plain words.

    Returns
    -------
    tuple of three str
        The least first.
    """
    return WORDS.get(role or "", tuple(f"{level} {label}" for level in LEVELS))


def thirds_segments(values: np.ndarray, words: Sequence[Sequence[str]]) -> np.ndarray:
    """Name each customer by the third of each feature, e.g. ``"High spend, younger"``.

    Cut points are values (the 1/3 and 2/3 quantiles, a value belongs to the third that it does not exceed), so equal
    customers share a segment and the order of the rows has no say.

    Parameters
    ----------
    values : numpy.ndarray of float64, shape (n, d)
        One or two features without gaps.
    words : sequence of three str
        For the thirds of each, see `third_words`.

    Returns
    -------
    numpy.ndarray of str, shape (n,)
    """
    cuts = [np.quantile(column, (1 / 3, 2 / 3)) for column in values.T]
    return name_thirds(values.T, cuts, words)


def name_thirds(columns: Iterable[np.ndarray], cuts: Iterable[np.ndarray], words: Sequence[Sequence[str]]) -> np.ndarray:
    """Name customers by given cut points, such as those stored with a run.

    Parameters
    ----------
    columns : iterable of numpy.ndarray of float64, shape (n,)
    cuts : iterable of two numbers
        Ascending, for each column.
    words : sequence of three str
        For each column.

    Returns
    -------
    numpy.ndarray of str, shape (n,)
    """
    parts = [np.array(own)[(column[:, None] > np.asarray(two)).sum(axis=1)] for column, two, own in zip(columns, cuts, words, strict=True)]
    names = [", ".join(pieces) for pieces in zip(*parts, strict=True)]
    return np.array([name[:1].upper() + name[1:] for name in names], dtype=np.str_)
