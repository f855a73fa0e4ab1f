"""Gaps filled within the segment: who lacks a value goes to the segment nearest by what is known, and gets its middle value."""

from __future__ import annotations

import numpy as np
import pandas as pd

from segmentation.measures.features import FeatureMatrix
from segmentation.measures.gaps import fill_with_middle


def fill_within_segments(frame: pd.DataFrame, features: FeatureMatrix, labels: np.ndarray) -> pd.DataFrame:
    """Fill the gaps of the features by the median (or the most frequent category) of the segment that a customer is nearest to.

    Nearness is the mean squared distance to the segment's mean point over the features that are known of the customer, on their own
    scale; a customer of whom none is known belongs to the largest segment.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n customers, columns)
        Of all customers.
    features : FeatureMatrix
        Of the customers who lack nothing.
    labels : numpy.ndarray of int64, shape (n rows of ``features``,)
        Their segments, 0..k-1.

    Returns
    -------
    pandas.DataFrame
        The same without gaps in the features; other columns as they were. Independent of the order of the rows.
    """
    rest = np.setdiff1d(np.arange(len(frame)), features.rows)
    if not rest.size:
        return frame
    segments = np.empty(len(frame), np.int64)
    segments[features.rows] = labels
    segments[rest] = _nearest(_points(frame.iloc[rest], features), features.X, labels)
    filled = {}
    for column in features.columns:
        values = frame[column.name].to_numpy().copy()
        for label in range(int(labels.max()) + 1):
            rows = np.flatnonzero(segments == label)
            values[rows] = fill_with_middle(values[rows], "number" if column.kind == "number" else "category")
        filled[column.name] = values
    return frame.assign(**filled)


def _points(frame: pd.DataFrame, features: FeatureMatrix) -> np.ndarray:
    """Return customers on the features' scale, NaN where something is not known."""
    scalings = {scaling.name: scaling for scaling in features.scalings}
    codings = {coding.name: coding for coding in features.codings}
    blocks = []
    for column in features.columns:
        values = frame[column.name].to_numpy()
        if column.name in scalings:
            known = values.astype(np.float64)
            blocks.append(np.where(np.isnan(known), np.nan, scalings[column.name].apply(known))[:, None])
        else:
            is_missing = np.asarray(pd.isna(values))
            blocks.append(np.where(is_missing[:, None], np.nan, codings[column.name].apply(np.where(is_missing, "", values))))
    return np.hstack(blocks)


def _nearest(points: np.ndarray, X: np.ndarray, labels: np.ndarray) -> np.ndarray:
    k = int(labels.max()) + 1
    centers = np.vstack([X[labels == label].mean(axis=0) for label in range(k)])
    is_known = ~np.isnan(points)
    n_known = is_known.sum(axis=1)
    squares = np.where(is_known[:, None, :], (np.nan_to_num(points)[:, None, :] - centers[None, :, :]) ** 2, 0.0).sum(axis=2)
    largest = int(np.argmax(np.bincount(labels, minlength=k)))
    return np.where(n_known > 0, np.argmin(squares / np.maximum(n_known, 1)[:, None], axis=1), largest)
