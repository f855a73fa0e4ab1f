"""RFM: scores from 1 to 5 by value, and the map from recency and frequency to a segment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentation.errors import InvalidInputError

QUANTILES = (0.2, 0.4, 0.6, 0.8)

# recency scores, frequency scores, segment: each of the 25 pairs once
RFM_MAP = (
    ((5,), (4, 5), "Champions"),
    ((4,), (4, 5), "Loyal"),
    ((3,), (4, 5), "Loyal"),
    ((4, 5), (2, 3), "Potential Loyalists"),
    ((5,), (1,), "New Customers"),
    ((4,), (1,), "Promising"),
    ((3,), (3,), "Needs Attention"),
    ((3,), (1, 2), "About to Sleep"),
    ((1, 2), (3, 4), "At Risk"),
    ((1, 2), (5,), "Can't Lose Them"),
    ((1, 2), (1, 2), "Hibernating"),
)
MAP_NAME = "clientele-rfm-11"


@dataclass(frozen=True)
class RfmSegments:
    """Customers by the RFM map.

    Attributes
    ----------
    scores : ndarray of int64, shape (n, 3)
        Recency, frequency and monetary score, 1 to 5, 5 is best.
    segments : ndarray of str, shape (n,)
        Segment of each customer.
    cut_points : mapping of str to tuple of float
        The four cut points by measure, in its own units, ascending: what is needed to score another customer the same way.
    map_name : str
        Which map was used.
    """

    scores: NDArray[np.int64]
    segments: NDArray[np.str_]
    cut_points: Mapping[str, tuple[float, ...]]
    map_name: str = MAP_NAME


def rfm_segments(
    recency_days: NDArray[np.float64], frequency_orders: NDArray[np.float64], monetary_total: NDArray[np.float64]
) -> RfmSegments:
    """Score customers and place them on the RFM map.

    Parameters
    ----------
    recency_days : ndarray of shape (n,)
        Days since the last purchase, 0 upwards.
    frequency_orders : ndarray of shape (n,)
        Distinct orders, 1 upwards.
    monetary_total : ndarray of shape (n,)
        Net spend, in any currency.

    Returns
    -------
    RfmSegments
        Customers with the same value have the same score; the order of the customers does not matter.

    Raises
    ------
    InvalidInputError
        No customers, or a missing or infinite value.

    Notes
    -----
    Score = 1 + the number of the 20, 40, 60 and 80 % quantiles that the value exceeds; for recency 5 minus that number. Ranking instead
    (``rank(method="first")``) would give equal customers different scores by their place in the file. The map covers each of the 25
    pairs of recency and frequency once; the monetary score orders customers inside a segment.
    """
    measures = {"recency_days": recency_days, "frequency_orders": frequency_orders, "monetary_total": monetary_total}
    values = {name: np.asarray(value, dtype=np.float64) for name, value in measures.items()}
    for name, value in values.items():
        _check(name, value)
    cut_points = {name: tuple(float(cut) for cut in np.quantile(value, QUANTILES)) for name, value in values.items()}
    scores = score_rfm(values, cut_points)
    return RfmSegments(scores, rfm_names(scores), cut_points)


def score_rfm(values: Mapping[str, NDArray[np.float64]], cut_points: Mapping[str, tuple[float, ...]]) -> NDArray[np.int64]:
    """Score customers by given cut points, such as those stored with a run.

    Parameters
    ----------
    values : mapping of str to ndarray of shape (n,)
        ``recency_days``, ``frequency_orders`` and ``monetary_total``, finite.
    cut_points : mapping of str to tuple of float
        Four for each, ascending.

    Returns
    -------
    ndarray of int64, shape (n, 3)
        Recency, frequency and monetary score, 1 to 5.
    """
    exceeded = {name: np.searchsorted(cut_points[name], values[name], side="left") for name in values}
    return np.stack([5 - exceeded["recency_days"], 1 + exceeded["frequency_orders"], 1 + exceeded["monetary_total"]], axis=1)


def rfm_names(scores: NDArray[np.int64]) -> NDArray[np.str_]:
    """Return the segment of each customer on the RFM map.

    Parameters
    ----------
    scores : ndarray of shape (n, 2 or more)
        Recency and frequency score, 1 to 5.

    Returns
    -------
    ndarray of str, shape (n,)
        Names of ``RFM_MAP``.
    """
    names = np.empty((6, 6), dtype=f"U{max(len(name) for _, _, name in RFM_MAP)}")
    for recencies, frequencies, name in RFM_MAP:
        names[np.ix_(recencies, frequencies)] = name
    return names[scores[:, 0], scores[:, 1]]


def _check(name: str, value: NDArray[np.float64]) -> None:
    """Refuse what has no quantiles."""
    if value.size == 0:
        raise InvalidInputError("nothing_to_segment", "There are no customers to score.")
    bad = int((~np.isfinite(value)).sum())
    if bad:
        raise InvalidInputError(
            "not_finite",
            f"Some customers have no {name}.",
            f"{bad:,} of {value.size:,} customers are concerned.",
            "Leave them out or fill the gaps.",
        )
