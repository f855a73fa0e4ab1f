"""A stored model places customers: the parameters that it takes, as plain numbers, and the way from a person's values to a segment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from segmentation.clusters.kmeans import kmeans
from segmentation.clusters.methods import MIXTURE_REGULARISATION, MIXTURE_STEPS, mixture_start
from segmentation.clusters.pieces import describe_pieces, place_by_pieces
from segmentation.clusters.rows import canonical_order, nearest_center
from segmentation.clusters.rules import QUANTILES, rfm_names, score_rfm
from segmentation.clusters.thirds import name_thirds, third_words
from segmentation.intake.columns import MEASURE_BY_NAME
from segmentation.measures.catalogue import CustomerColumn
from segmentation.measures.features import CategoryCoding, FeatureMatrix, Scaling

RFM_MEASURES = ("recency_days", "frequency_orders", "monetary_total")
_GAP = "(missing)"
"""The category of customers without one, as the features are coded."""


@dataclass(frozen=True)
class StoredModel:
    """What it takes to place a customer as the customers of a run were placed.

    Attributes
    ----------
    columns : tuple of CustomerColumn
        The features.
    scalings, codings
        How numbers and categories become points.
    centers : numpy.ndarray of float64, shape (k, d)
        Mean point of each segment, in the order of the segments.
    way : mapping
        How a customer is placed, as plain JSON values: ``kind`` is "center" (the nearest), "pieces" (the nearest piece of a segment),
        "mixture" (the likeliest), "rfm" or "thirds" (by the rule, else the nearest), with its parameters.
    is_filling : bool
        Whether customers without a category are placed all the same; for numbers their scaling says it.
    """

    columns: tuple[CustomerColumn, ...]
    scalings: tuple[Scaling, ...]
    codings: tuple[CategoryCoding, ...]
    centers: np.ndarray
    way: Mapping[str, Any]
    is_filling: bool = False

    @property
    def inputs(self) -> tuple[CustomerColumn, ...]:
        """What must be known of a customer: the features, and what a rule asks for beside them."""
        return (*self.columns, *(CustomerColumn(**each) for each in self.way.get("also", ())))

    @classmethod
    def from_dict(cls, model: Mapping[str, Any]) -> StoredModel:
        """Read a model as a run keeps it: features, scalings, codings, centers, placing, missing."""
        codings = [CategoryCoding(each["name"], tuple(each["categories"]), each["weight"]) for each in model["codings"]]
        return cls(
            tuple(CustomerColumn(**column) for column in model["features"]),
            tuple(Scaling(**scaling) for scaling in model["scalings"]),
            tuple(codings),
            np.array(model["centers"], dtype=np.float64),
            model["placing"],
            model["missing"] != "drop",
        )

    def points(self, frame: pd.DataFrame) -> np.ndarray:
        """Return customers as points, float64 of shape (n, d); NaN where a value is missing and the recipe does not fill it."""
        scalings, codings = {each.name: each for each in self.scalings}, {each.name: each for each in self.codings}
        blocks = []
        for column in self.columns:
            values = frame[column.name].to_numpy()
            if column.name in scalings:
                blocks.append(scalings[column.name].apply(values.astype(np.float64))[:, None])
            else:
                texts = np.array([_GAP if pd.isna(value) else str(value) for value in values], dtype=object)
                coded = codings[column.name].apply(texts)
                blocks.append(coded if self.is_filling else np.where((texts == _GAP)[:, None], np.nan, coded))
        return np.hstack(blocks)


@dataclass(frozen=True)
class Placed:
    """Customers placed by a model.

    Attributes
    ----------
    places : numpy.ndarray of int64, shape (n,)
        Position of the segment, 0..k-1; -1 for a customer that lacks a feature.
    distances : numpy.ndarray of float64, shape (n, k)
        To the mean point of each segment, on the features' scale.
    chances : numpy.ndarray of float64, shape (n, k), or None
        How likely each segment is, for a mixture.
    """

    places: np.ndarray
    distances: np.ndarray
    chances: np.ndarray | None = None


def place_customers(model: StoredModel, frame: pd.DataFrame) -> Placed:
    """Place customers into the segments of a model.

    Parameters
    ----------
    model : StoredModel
    frame : pandas.DataFrame, shape (n, at least the features)
        Numbers as float64 (NaN: missing), categories as text.

    Returns
    -------
    Placed
    """
    points = model.points(frame)
    is_whole = np.isfinite(points).all(axis=1)
    distances = np.sqrt(np.stack([((points - center) ** 2).sum(axis=1) for center in model.centers], axis=1))
    places, chances = np.full(len(points), -1, np.int64), None
    if is_whole.any():
        if model.way["kind"] == "mixture":
            chances = np.full(distances.shape, np.nan)
            chances[is_whole] = _chances(model.way, points[is_whole])
            places[is_whole] = np.argmax(chances[is_whole], axis=1)
        elif model.way["kind"] == "pieces":
            places[is_whole] = place_by_pieces(model.way, points[is_whole])
        else:
            places[is_whole] = nearest_center(points[is_whole], model.centers)
            _follow_rule(model, frame, is_whole, places)
    return Placed(places, distances, chances)


def describe_placing(
    features: FeatureMatrix, frame: pd.DataFrame, labels: np.ndarray, method: str, names: Sequence[str] = (), seed: int = 0
) -> dict[str, Any]:
    """Return how the customers of a run are placed, as plain JSON values.

    Parameters
    ----------
    features : FeatureMatrix
    frame : pandas.DataFrame
        All customers.
    labels : numpy.ndarray of int, shape (n segmented,)
        0..k-1, in the order of the segments.
    method : str
        Of the recipe.
    names : sequence of str
        Of the segments in their order, where a rule made them.
    seed : int
        Of the recipe.

    Returns
    -------
    dict
        See ``StoredModel.way``. A mixture is fitted again as it was; where that does not give the groups back, it goes on from them.
    """
    inside = frame.iloc[features.rows]
    if method == "mixture":
        return _mixture_of(features.X, labels, seed)
    if method == "hierarchical":
        return describe_pieces(features.X, labels, seed)
    if method == "rfm":
        cuts = {name: np.quantile(inside[name].to_numpy(np.float64), QUANTILES).tolist() for name in RFM_MEASURES}
        return {"kind": "rfm", "cuts": cuts, "names": list(names), "also": [asdict(column) for column in _beside(features)]}
    if method == "rules":
        chosen = [column for column in features.columns if column.kind == "number"][:2]
        cuts = {column.name: np.quantile(inside[column.name].to_numpy(np.float64), (1 / 3, 2 / 3)).tolist() for column in chosen}
        words = [list(third_words(column.role, column.label)) for column in chosen]
        return {"kind": "thirds", "cuts": cuts, "words": words, "names": list(names)}
    return {"kind": "center"}


def _beside(features: FeatureMatrix) -> list[CustomerColumn]:
    """Return the measures of RFM that are not among the features."""
    absent = [MEASURE_BY_NAME[name] for name in RFM_MEASURES if name not in features.names]
    return [CustomerColumn(each.name, None, each.label, "number", each.name, each.unit) for each in absent]


def _follow_rule(model: StoredModel, frame: pd.DataFrame, is_whole: np.ndarray, places: np.ndarray) -> None:
    """Replace the nearest segments by those of the rule; where the run has no customer of that name the nearest stays."""
    if model.way["kind"] not in ("rfm", "thirds"):
        return
    filled = _filled(model, frame)
    rows = np.flatnonzero(is_whole & ~np.any([np.isnan(values) for values in filled.values()], axis=0))
    places[is_whole & ~np.isin(np.arange(len(places)), rows)] = -1
    told = {name: values[rows] for name, values in filled.items()}
    found = _rfm_of(model.way, told) if model.way["kind"] == "rfm" else _thirds_of(model.way, told)
    by_name = {name: place for place, name in enumerate(model.way["names"])}
    places[rows] = [by_name.get(name, nearest) for name, nearest in zip(found, places[rows].tolist(), strict=True)]


def _filled(model: StoredModel, frame: pd.DataFrame) -> dict[str, np.ndarray]:
    fills = {scaling.name: scaling.fill for scaling in model.scalings}
    filled = {}
    for name in model.way["cuts"]:
        values, fill = frame[name].to_numpy(np.float64), fills.get(name)
        filled[name] = values if fill is None else np.where(np.isnan(values), fill, values)
    return filled


def _rfm_of(way: Mapping[str, Any], values: Mapping[str, np.ndarray]) -> list[str]:
    return [str(name) for name in rfm_names(score_rfm(values, way["cuts"]))]


def _thirds_of(way: Mapping[str, Any], values: Mapping[str, np.ndarray]) -> list[str]:
    words = way.get("words") or [third_words(None, label) for label in way["labels"]]  # runs of earlier versions keep labels
    return [str(name) for name in name_thirds(values.values(), way["cuts"].values(), words)]


def _mixture_of(X: np.ndarray, labels: np.ndarray, seed: int) -> dict[str, Any]:
    """Return the parameters of the mixture that gives the groups back best, its parts in the order of the groups."""
    order = canonical_order(X)
    rows, groups = X[order], labels[order]
    ways = [_fit_mixture(rows, start, groups) for start in (kmeans(rows, int(labels.max()) + 1, seed), groups)]
    return max(ways, key=lambda way: float((np.argmax(_chances(way, rows), axis=1) == groups).mean()))


def _fit_mixture(rows: np.ndarray, start: np.ndarray, groups: np.ndarray) -> dict[str, Any]:
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture
    from threadpoolctl import threadpool_limits

    k = int(groups.max()) + 1
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = GaussianMixture(k, reg_covar=MIXTURE_REGULARISATION, max_iter=MIXTURE_STEPS, **mixture_start(rows, start)).fit(rows)
        found = model.predict(rows)
    shared = np.bincount(groups * k + found, minlength=k * k).reshape(k, k)
    part = _best_pairing(shared)
    return {
        "kind": "mixture",
        "weights": model.weights_[part].tolist(),
        "means": model.means_[part].tolist(),
        "covariances": model.covariances_[part].tolist(),
    }


def _best_pairing(shared: np.ndarray) -> np.ndarray:
    """Return for each row the column paired with it so that most is shared, each column once; shape (k,)."""
    from scipy.optimize import linear_sum_assignment

    return np.asarray(linear_sum_assignment(-shared)[1])


def _chances(way: Mapping[str, Any], points: np.ndarray) -> np.ndarray:
    """Return how likely each group of a Gaussian mixture is for each point, shape (n, k), each row adding up to 1."""
    logs = []
    for weight, mean, covariance in zip(way["weights"], way["means"], way["covariances"], strict=True):
        matrix, offset = np.array(covariance), points - np.array(mean)
        _, log_size = np.linalg.slogdet(matrix)
        logs.append(np.log(weight) - (log_size + (offset * np.linalg.solve(matrix, offset.T).T).sum(axis=1)) / 2)
    logged = np.stack(logs, axis=1)
    shares = np.exp(logged - logged.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)
