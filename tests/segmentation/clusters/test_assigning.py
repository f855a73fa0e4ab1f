"""A stored model places the customers of its own run where they are, and strangers by the same rule."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from segmentation.clusters.assigning import StoredModel, describe_placing, place_customers
from segmentation.clusters.likeness import Likeness, describe_fitted, measure_likeness, say_likeness
from segmentation.clusters.pieces import describe_pieces, place_by_pieces
from segmentation.measures.catalogue import CustomerCatalogue, CustomerColumn, Population
from segmentation.measures.features import CategoryCoding, Scaling
from segmentation.measures.recipe import Recipe
from segmentation.pipeline import Segmentation, segment_customers

NUMBERS = ("recency_days", "frequency_orders", "monetary_total")


def shop(n: int = 400, seed: int = 0, shift: float = 0.0) -> Population:
    rng = np.random.default_rng(seed)
    sort = rng.integers(0, 3, n)
    frame = pd.DataFrame(
        {
            "recency_days": np.rint(rng.gamma(3, (10, 30, 80) @ np.eye(3)[sort].T)) + shift,
            "frequency_orders": 1.0 + rng.poisson(np.array([12, 5, 1])[sort]),
            "monetary_total": np.round(rng.lognormal(np.array([7, 5, 3])[sort], 0.5), 2),
            "level": np.array(["gold", "silver", "bronze"], dtype=object)[sort],
        }
    )
    columns = [CustomerColumn(name, None, name, "number", name) for name in NUMBERS]
    columns.append(CustomerColumn("level", "level", "level", "category"))
    ids = np.array([f"c{i:04}" for i in range(n)], dtype=object)
    return Population("customers", ids, CustomerCatalogue(tuple(columns), frame))


def model_of(found: Segmentation, missing: str = "drop") -> StoredModel:
    """As the store gives it back."""
    features = found.features
    kept = {
        "features": [column.__dict__ for column in features.columns],
        "scalings": [scaling.__dict__ for scaling in features.scalings],
        "codings": [coding.__dict__ for coding in features.codings],
        "centers": found.centers.tolist(),
        "placing": found.model.placing,
        "missing": missing,
    }
    return StoredModel.from_dict(json.loads(json.dumps(kept)))


@pytest.mark.parametrize(
    ("method", "least"), [("kmeans", 1.0), ("mixed", 1.0), ("rfm", 1.0), ("rules", 1.0), ("mixture", 1.0), ("hierarchical", 0.98)]
)
def test_own_customers_return(method: str, least: float) -> None:
    population = shop()
    features = (*NUMBERS, "level") if method == "mixed" else NUMBERS
    found = segment_customers(population, Recipe(features=features, method=method, n_clusters=3))
    placed = place_customers(model_of(found), population.catalogue.frame)
    share = float((placed.places + 1 == found.segment_ids).mean())
    assert share >= least
    assert found.model.returned == pytest.approx(share)


def line_model(**changes: object) -> StoredModel:
    """Two segments on one feature, with middles at 10 and 20."""
    columns = (CustomerColumn("spend", None, "spend", "number"),)
    values = {"way": {"kind": "center"}, "scalings": (Scaling("spend", "none", None, None, 10.0, 10.0, None),)} | changes
    return StoredModel(columns, codings=(), centers=np.array([[0.0], [1.0]]), **values)  # type: ignore[arg-type]


def test_the_nearest_middle_by_hand() -> None:
    placed = place_customers(line_model(), pd.DataFrame({"spend": [10.0, 14.0, 16.0, 40.0, np.nan]}))
    assert placed.places.tolist() == [0, 0, 1, 1, -1]
    assert placed.distances[1] == pytest.approx([0.4, 0.6])


def test_a_gap_takes_what_the_recipe_fills_in() -> None:
    model = line_model(scalings=(Scaling("spend", "none", None, None, 10.0, 10.0, 19.0),))
    assert place_customers(model, pd.DataFrame({"spend": [np.nan]})).places.tolist() == [1]


def test_a_mixture_by_hand_agrees_with_scipy() -> None:
    from scipy.stats import multivariate_normal

    way = {"kind": "mixture", "weights": [0.9, 0.1], "means": [[0.0], [1.0]], "covariances": [[[0.25]], [[0.04]]]}
    placed = place_customers(line_model(way=way), pd.DataFrame({"spend": [15.0, 20.0]}))
    points = [0.5, 1.0]
    dense = np.array([[0.9 * multivariate_normal.pdf(x, 0, 0.25), 0.1 * multivariate_normal.pdf(x, 1, 0.04)] for x in points])
    assert placed.chances == pytest.approx(dense / dense.sum(axis=1, keepdims=True))
    assert placed.places.tolist() == dense.argmax(axis=1).tolist()


def test_a_category_that_is_missing_or_unknown() -> None:
    columns = (CustomerColumn("level", "level", "level", "category"),)
    coding = (CategoryCoding("level", ("gold", "silver"), 1.0),)
    frame = pd.DataFrame({"level": np.array(["silver", "lead", None], dtype=object)})
    placed = place_customers(StoredModel(columns, (), coding, np.array([[1.0, 0.0], [0.0, 1.0]]), {"kind": "center"}), frame)
    assert placed.places.tolist() == [1, 0, -1]
    filling = StoredModel(columns, (), coding, np.array([[1.0, 0.0], [0.0, 1.0]]), {"kind": "center"}, is_filling=True)
    assert place_customers(filling, frame).places[2] == 0


def test_rfm_places_by_the_cut_points_of_the_run() -> None:
    population = shop()
    found = segment_customers(population, Recipe(method="rfm"))
    model = model_of(found)
    best = pd.DataFrame({"recency_days": [0.0], "frequency_orders": [99.0], "monetary_total": [1e6]})
    names = [segment.name.name for segment in found.segments]
    assert names[place_customers(model, best).places[0]] == "Champions"
    placing = describe_placing(found.features, population.catalogue.frame, found.segment_ids - 1, "rfm", names)
    assert placing["cuts"]["recency_days"] == pytest.approx(np.quantile(population.catalogue.frame["recency_days"], [0.2, 0.4, 0.6, 0.8]))


def test_rfm_asks_for_its_measures_whatever_the_features() -> None:
    population = shop()
    found = segment_customers(population, Recipe(method="rfm", features=("frequency_orders",)))
    model = model_of(found)
    assert [column.name for column in model.inputs] == ["frequency_orders", "recency_days", "monetary_total"]
    frame = population.catalogue.frame[[column.name for column in model.inputs]]
    assert (place_customers(model, frame).places + 1 == found.segment_ids).all()
    gap = frame.head(2).assign(recency_days=[np.nan, frame["recency_days"].iloc[1]])
    assert place_customers(model, gap).places.tolist() == [-1, found.segment_ids[1] - 1]


def test_the_same_people_are_alike_and_others_are_not() -> None:
    population = shop()
    found = segment_customers(population, Recipe(features=(*NUMBERS, "level"), method="mixed", n_clusters=3))
    model, frame = model_of(found), population.catalogue.frame
    same = measure_likeness(model, found.model.fitted, frame, place_customers(model, frame))
    assert same.level == "alike"
    assert [each.index for each in same.features] == pytest.approx([0, 0, 0, 0])
    assert [each.outside for each in same.features] == [0, 0, 0, 0]
    assert same.far <= 0.011
    other = shop(seed=5, shift=2_000).catalogue.frame.assign(level="platinum")
    unlike = measure_likeness(model, found.model.fitted, other, place_customers(model, other))
    assert unlike.level == "unlike"
    by_name = {each.name: each for each in unlike.features}
    assert by_name["recency_days"].outside == 1
    assert by_name["level"].outside == 1
    assert "segment them anew" in say_likeness(unlike)[0]


def test_the_stability_index_by_hand() -> None:
    values = pd.DataFrame({"spend": np.arange(1.0, 1_001.0)})
    model = line_model()
    fitted = describe_fitted(model.columns, values, place_customers(model, values))
    upper = pd.DataFrame({"spend": np.repeat(np.arange(501.0, 1_001.0), 2)})  # nothing in five bins, a fifth in each of the others
    found = measure_likeness(model, fitted, upper, place_customers(model, upper)).features[0]
    wanted = 5 * (0.2 - 0.1) * np.log(0.2 / 0.1) + 5 * (1e-4 - 0.1) * np.log(1e-4 / 0.1)
    assert found.index == pytest.approx(wanted, rel=0.01)
    assert found.outside == 0


def test_few_customers_have_no_index() -> None:
    model = line_model()
    many, few = pd.DataFrame({"spend": np.arange(200.0)}), pd.DataFrame({"spend": [1.0, 2.0, 500.0]})
    found = measure_likeness(model, describe_fitted(model.columns, many, place_customers(model, many)), few, place_customers(model, few))
    assert found.features[0].index is None
    assert found.features[0].outside == pytest.approx(1 / 3)
    assert "too few" in say_likeness(found)[1]


def test_of_those_who_lack_what_the_segments_rest_on_nothing_is_claimed() -> None:
    model = line_model()
    values = pd.DataFrame({"spend": np.arange(200.0)})
    fitted = describe_fitted(model.columns, values, place_customers(model, values))

    def found(n_without: int) -> Likeness:
        frame = pd.DataFrame({"spend": np.where(np.arange(200) % 10 < n_without, np.nan, np.arange(200.0))})
        return measure_likeness(model, fitted, frame, place_customers(model, frame))

    assert [found(tenths).level for tenths in (0, 1, 2, 5)] == ["alike", "alike", "somewhat unlike", "unknown"]
    assert "Too few" in say_likeness(found(5))[0]
    assert "Spend could not be read for any of them." in say_likeness(found(10))
    assert not any("could not be read" in sentence for sentence in say_likeness(found(9)))


def test_pieces_follow_a_shape_that_no_middle_tells() -> None:
    rng = np.random.default_rng(2)
    angle, radius = rng.uniform(0, 2 * np.pi, 600), np.repeat([1.0, 4.0], 300)
    X = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]) + rng.normal(scale=0.1, size=(600, 2))
    rings = np.repeat([0, 1], 300)
    way = json.loads(json.dumps(describe_pieces(X, rings, seed=1)))
    assert way == describe_pieces(X[::-1], rings[::-1], seed=1)
    assert (place_by_pieces(way, X) == rings).all()
    assert len(way["points"]) == len(way["groups"]) == 100
    assert place_by_pieces(way, np.array([[0.9, 0.0], [0.0, -5.0]])).tolist() == [0, 1]


def test_pieces_by_hand() -> None:
    way = {"kind": "pieces", "points": [[0.0], [2.0], [1.0]], "groups": [1, 1, 0]}
    placed = place_customers(line_model(way=way), pd.DataFrame({"spend": [9.0, 19.0, 27.0, np.nan]}))
    assert placed.places.tolist() == [1, 0, 1, -1]


@pytest.mark.parametrize("told", [{"words": [["few", "some", "many"]]}, {"labels": ["orders"]}])
def test_thirds_by_hand_also_of_runs_of_an_earlier_version(told: dict[str, object]) -> None:
    names = ["Many", "Few"] if "words" in told else ["High orders", "Low orders"]
    way = {"kind": "thirds", "cuts": {"spend": [10.0, 20.0]}, "names": names, **told}
    placed = place_customers(line_model(way=way), pd.DataFrame({"spend": [10.0, 12.0, 21.0]}))
    assert placed.places.tolist() == [1, 0, 0]  # the run has nobody in the middle third: the nearer of the two middles, 10 and 20
