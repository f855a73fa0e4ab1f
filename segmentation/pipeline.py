"""From customers to named segments: the order of the steps and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from segmentation.clusters.assigning import StoredModel, describe_placing, place_customers
from segmentation.clusters.choosing_k import KChoice, KScore, choose_k, score_clustering
from segmentation.clusters.likeness import describe_fitted
from segmentation.clusters.methods import fit
from segmentation.clusters.overruling import say_choice_by_hand
from segmentation.clusters.progress import OnProgress, unheard
from segmentation.clusters.rules import rfm_segments
from segmentation.clusters.silhouettes import silhouette_plot, silhouettes
from segmentation.clusters.thirds import third_words, thirds_segments
from segmentation.clusters.trust import Trust, judge
from segmentation.clusters.within import fill_within_segments
from segmentation.clusters.worth import FeatureWorth, measure_worth
from segmentation.dataset import OnStep
from segmentation.errors import InvalidInputError
from segmentation.findings import Finding
from segmentation.measures.catalogue import Population
from segmentation.measures.features import FeatureMatrix, build_features
from segmentation.measures.recipe import MAX_CLUSTERS, MIN_CLUSTERS, Recipe
from segmentation.portraits.explain import Rule, explain_segments
from segmentation.portraits.naming import SegmentName, name_segments
from segmentation.portraits.playbook import Action, suggest_action
from segmentation.portraits.profiles import ProfileColumn, SegmentProfile, profile_segments

ALGORITHM_VERSION = "9"
"""Raised when the same recipe on the same data would give another result than before, or say more of it."""


@dataclass(frozen=True)
class Segment:
    """One segment with everything that is said about it."""

    profile: SegmentProfile
    name: SegmentName
    action: Action
    rule: Rule | None
    stability: float | None
    verdict: str


@dataclass(frozen=True)
class ModelParts:
    """What it takes, beside features and centres, to place other customers, and what each feature is worth.

    Attributes
    ----------
    placing, fitted : mapping
        Plain JSON values; see ``clusters.assigning.describe_placing`` and ``clusters.likeness.describe_fitted``.
    returned : float
        Share of the customers (0..1) whom the model places in the very segment that they are in.
    worth : tuple of FeatureWorth
    """

    placing: Mapping[str, Any]
    fitted: Mapping[str, Any]
    returned: float
    worth: tuple[FeatureWorth, ...]


@dataclass(frozen=True)
class Segmentation:
    """A finished segmentation.

    Attributes
    ----------
    recipe : Recipe
    features : FeatureMatrix
    segment_ids : numpy.ndarray of int64, shape (n customers,)
        1..k in the order of money (of size without money), 0 for customers that are not segmented.
    segments : tuple of Segment
        Segment ``i`` has the id ``i + 1``.
    k_reason : str
        Why there are as many segments as there are, one sentence.
    k_scores : tuple of KScore
        One for each number of segments that was tried, ascending; empty where a rule makes them.
    silhouette_plot : tuple of list of float
        Silhouettes of each segment, descending, at most 200 of them.
    silhouette, inertia : float
        Of the customers segmented, on the features' scale.
    centers : numpy.ndarray of float64, shape (k, d)
        Mean point of each segment.
    trust : Trust
    fingerprint : str
        SHA-256 over the lines ``customer_id,segment_id`` of all customers in the order of the ids.
    findings : tuple of Finding
    model : ModelParts
    """

    recipe: Recipe
    features: FeatureMatrix
    segment_ids: np.ndarray
    segments: tuple[Segment, ...]
    k_reason: str
    k_scores: tuple[KScore, ...]
    silhouette: float
    inertia: float
    centers: np.ndarray
    trust: Trust
    fingerprint: str
    model: ModelParts
    silhouette_plot: tuple[list[float], ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class _Division:
    """Who belongs together, before anyone has a name.

    ``labels`` are 0..k-1 over the segmented customers; ``overruled`` is what the criteria would choose where somebody chose by hand.
    """

    labels: np.ndarray
    reason: str
    scores: tuple[KScore, ...] = ()
    names: tuple[str, ...] = ()
    overruled: KChoice | None = None


def segment_customers(
    population: Population, recipe: Recipe, on_step: OnStep = lambda _: None, on_progress: OnProgress = unheard
) -> Segmentation:
    """Segment customers.

    Parameters
    ----------
    population : Population
    recipe : Recipe
    on_step : callable, optional
        Called with the name of each step ("features", "choose_k", "halves", "fit", "stability", "structure", "profile") as it begins.
    on_progress : callable, optional
        Called within the long steps.

    Returns
    -------
    Segmentation

    Raises
    ------
    InvalidInputError
        When the recipe does not fit the data; the sentence says what to change.
    """
    if population.n_customers == 1:
        raise InvalidInputError(
            "one_customer", "There is only one customer, which makes no segments.", fix="Check which column says who the customer is."
        )

    def tell(step: str, done: int, of: int) -> None:
        if done == 0:
            on_step(step)
        on_progress(step, done, of)

    on_step("features")
    features, division = _divide_features(population, recipe, tell)
    labels, order = _by_money(division.labels, population, features)
    names = tuple(division.names[label] for label in order) if division.names else ()
    segment_ids = np.zeros(population.n_customers, np.int64)
    segment_ids[features.rows] = labels + 1
    widths = silhouettes(features.X, {0: labels})
    score = score_clustering(features.X, labels, widths=widths)
    trust = judge(features.X, labels, method=None if division.names else _clusterer(recipe), seed=recipe.seed, on_progress=tell)
    on_step("profile")
    return Segmentation(
        recipe=recipe,
        features=features,
        segment_ids=segment_ids,
        segments=_portray(population, features, segment_ids, trust, names),
        k_reason=_reason(features.X, score, trust, division, recipe),
        k_scores=division.scores,
        silhouette=score.silhouette,
        inertia=score.inertia,
        centers=_middles(features.X, labels),
        trust=trust,
        fingerprint=fingerprint(population.ids, segment_ids),
        model=_describe_model(population, features, labels, names, recipe),
        silhouette_plot=tuple(silhouette_plot(widths, 0, labels)),
        findings=features.findings,
    )


def fingerprint(ids: np.ndarray, segment_ids: np.ndarray) -> str:
    """Return the SHA-256 over the lines ``customer_id,segment_id``.

    Parameters
    ----------
    ids : numpy.ndarray of object, shape (n,)
        Sorted.
    segment_ids : numpy.ndarray of int, shape (n,)
        0 where not segmented.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    lines = "".join(f"{customer},{segment}\n" for customer, segment in zip(ids, segment_ids.tolist(), strict=True))
    return hashlib.sha256(lines.encode()).hexdigest()


def _clusterer(recipe: Recipe) -> str:
    """Mixed data are coded so that K-means minimises the cost of k-prototypes, its modes relaxed to means."""
    return recipe.method if recipe.method in ("hierarchical", "mixture") else "kmeans"


def _divide_features(population: Population, recipe: Recipe, tell: OnProgress) -> tuple[FeatureMatrix, _Division]:
    """Divide the customers; where gaps are to be filled within the segment, divide once more with them filled."""
    features = build_features(population.catalogue, recipe, population.kind)
    division = _divide(population, features, recipe, tell)
    if recipe.missing == "segment" and features.not_segmented:
        filled = fill_within_segments(population.catalogue.frame, features, division.labels)
        features = build_features(replace(population.catalogue, frame=filled), recipe, population.kind)
        division = _divide(population, features, recipe, tell)
    return features, division


def _divide(population: Population, features: FeatureMatrix, recipe: Recipe, tell: OnProgress) -> _Division:
    if recipe.method == "rfm":
        return _divide_by_rfm(population, features)
    if recipe.method == "rules":
        return _divide_by_thirds(population, features)
    if recipe.n_clusters is None:
        choice = choose_k(features.X, recipe.seed, _clusterer(recipe), MIN_CLUSTERS, MAX_CLUSTERS, tell)
        return _Division(choice.clusterings[choice.n_clusters].labels, choice.reason, choice.scores)
    tell("fit", 0, 1)
    clustering = fit(features.X, _clusterer(recipe), recipe.n_clusters, recipe.seed)
    score = score_clustering(features.X, clustering.labels)
    reason = f"{score.k} segments, as chosen by hand."
    try:
        choice = choose_k(features.X, recipe.seed, _clusterer(recipe), MIN_CLUSTERS, MAX_CLUSTERS)
    except InvalidInputError:  # nothing to choose from
        return _Division(clustering.labels, reason, (score,))
    others = {other.k: other for other in choice.scores}
    scores = tuple(sorted(({score.k: score} | others).values(), key=lambda each: each.k))
    return _Division(clustering.labels, reason, scores, overruled=choice)


def _reason(X: np.ndarray, score: KScore, trust: Trust, division: _Division, recipe: Recipe) -> str:
    """Say why there are as many segments, and what a choice by hand costs."""
    if division.overruled is None:
        return division.reason
    return say_choice_by_hand(X, score, trust.stability, division.overruled, _clusterer(recipe), recipe.seed)


def _divide_by_rfm(population: Population, features: FeatureMatrix) -> _Division:
    wanted = ("recency_days", "frequency_orders", "monetary_total")
    absent = [name for name in wanted if name not in population.catalogue.frame]
    if absent:
        raise InvalidInputError(
            "rfm_needs_purchases", f"The RFM method needs {', '.join(absent)}, which this file does not have.", fix="Use another method."
        )
    values = population.catalogue.frame.loc[features.rows, list(wanted)]
    result = rfm_segments(*(values[name].to_numpy() for name in wanted))
    return _named_division(result.segments, "the RFM map gives {k} segments: quintiles of recency and frequency.")


def _divide_by_thirds(population: Population, features: FeatureMatrix) -> _Division:
    numbers = [column for column in features.columns if column.kind == "number"][:2]
    values = population.catalogue.frame.loc[features.rows, [column.name for column in numbers]].to_numpy(np.float64)
    names = thirds_segments(values, [third_words(column.role, column.label) for column in numbers])
    told = " and ".join(column.label for column in numbers)
    return _named_division(names, f"{{k}} segments: thirds of {told}.")


def _named_division(names: np.ndarray, reason: str) -> _Division:
    distinct, labels = np.unique(names.astype(str), return_inverse=True)
    sentence = reason.format(k=distinct.size)
    return _Division(labels, sentence[0].upper() + sentence[1:], names=tuple(str(name) for name in distinct))


def _by_money(labels: np.ndarray, population: Population, features: FeatureMatrix) -> tuple[np.ndarray, np.ndarray]:
    """Renumber labels by money, then size, then mean point; returns (labels, old label of each new one)."""
    n_labels = int(labels.max()) + 1
    sizes = np.bincount(labels, minlength=n_labels)
    money: np.ndarray = np.zeros(n_labels)
    if "monetary_total" in population.catalogue.frame:
        spend = population.catalogue.frame["monetary_total"].to_numpy(np.float64)[features.rows]
        money = np.bincount(labels, weights=np.nan_to_num(spend), minlength=n_labels)
    centers = _middles(features.X, labels)
    shares = np.round(money / max(float(np.abs(money).sum()), np.finfo(np.float64).tiny), 12)  # dust must not decide between equals
    order = np.lexsort((*np.round(-centers.T[::-1], 9), -sizes, -shares))
    new_label = np.empty(n_labels, np.int64)
    new_label[order] = np.arange(n_labels)
    return new_label[labels], order


def _middles(X: np.ndarray, labels: np.ndarray) -> np.ndarray:
    return np.vstack([X[labels == label].mean(axis=0) for label in range(labels.max() + 1)])


def _describe_model(
    population: Population, features: FeatureMatrix, labels: np.ndarray, names: tuple[str, ...], recipe: Recipe
) -> ModelParts:
    frame: pd.DataFrame = population.catalogue.frame
    placing = describe_placing(features, frame, labels, recipe.method, names, recipe.seed)
    centers, is_filling = _middles(features.X, labels), recipe.missing != "drop"
    model = StoredModel(features.columns, features.scalings, features.codings, centers, placing, is_filling)
    inside = frame.iloc[features.rows]
    placed = place_customers(model, inside)
    fitted = describe_fitted(model.inputs, inside, replace(placed, places=labels))
    returned = float((placed.places == labels).mean())
    return ModelParts(placing, fitted, returned, measure_worth(model, inside, labels, recipe.seed))


def profile_columns(population: Population) -> tuple[ProfileColumn, ...]:
    """Return the columns that portraits may speak of: numbers and categories, no names or addresses."""
    return tuple(
        ProfileColumn(
            column.name, column.label, column.kind, column.role, column.unit, population.currency if column.unit == "money" else None
        )
        for column in population.catalogue.columns
        if column.kind != "text"
    )


def _portray(
    population: Population, features: FeatureMatrix, segment_ids: np.ndarray, trust: Trust, names: tuple[str, ...]
) -> tuple[Segment, ...]:
    columns = profile_columns(population)
    frame: pd.DataFrame = population.catalogue.frame
    revenue = "monetary_total" if "monetary_total" in frame else None
    profiles = profile_segments(frame, segment_ids, columns, features.names, revenue)
    given = tuple(SegmentName(name, "by the rule that made the segment") for name in names) or name_segments(profiles, columns)
    rules = {rule.segment_id: rule for rule in explain_segments(frame, segment_ids, columns)}
    return tuple(
        Segment(profile, name, suggest_action(profile), rules.get(profile.segment_id), trust.stability[index], trust.verdicts[index])
        for index, (profile, name) in enumerate(zip(profiles, given, strict=True))
    )
