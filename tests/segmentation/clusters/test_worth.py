"""What features are worth, against scipy and scikit-learn, and by data where the answer is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from segmentation.clusters.worth import agreement_matrix, cramers_v, eta_squared, say_worth
from segmentation.measures.catalogue import CustomerCatalogue, CustomerColumn, Population
from segmentation.measures.recipe import Recipe
from segmentation.pipeline import segment_customers


def test_eta_squared_is_the_r_squared_of_group_means() -> None:
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 3, 200)
    values = labels + rng.normal(size=200)
    fitted = np.array([values[labels == each].mean() for each in range(3)])[labels]
    assert eta_squared(values, labels) == pytest.approx(np.var(fitted) / np.var(values))
    assert eta_squared(np.array([1.0, 1, 5, 5]), np.array([0, 0, 1, 1])) == 1
    assert eta_squared(np.full(4, 0.1), np.array([0, 0, 1, 1])) == 0


def test_cramers_v_is_that_of_scipy() -> None:
    from scipy.stats.contingency import association

    rng = np.random.default_rng(2)
    one = rng.integers(0, 4, 300)
    other = np.where(rng.random(300) < 0.5, one % 3, rng.integers(0, 3, 300))
    assert cramers_v(one, other) == pytest.approx(association(pd.crosstab(one, other).to_numpy(), method="cramer"))
    assert cramers_v(np.array(["a", "a"]), np.array([0, 1])) == 0


def test_agreement_is_that_of_scikit_learn_on_common_customers() -> None:
    from sklearn.metrics import adjusted_rand_score

    rng = np.random.default_rng(3)
    labelings = [rng.integers(0, 4, 120) for _ in range(3)]
    matrix = agreement_matrix([*labelings, np.zeros(120, int)])
    for i in range(3):
        for j in range(3):
            both = (labelings[i] > 0) & (labelings[j] > 0)
            assert matrix[i, j] == pytest.approx(adjusted_rand_score(labelings[i][both], labelings[j][both]))
    assert np.isnan(matrix[3, :3]).all()


def two_groups_and_noise(order: np.ndarray | None = None) -> Population:
    rng = np.random.default_rng(4)
    frame = pd.DataFrame({"clear": np.repeat([0.0, 40.0], 150) + rng.normal(size=300), "dull": rng.permutation(300) % 3 * 1.0})
    order = np.arange(300) if order is None else order
    columns = tuple(CustomerColumn(name, name, name, "number") for name in frame)
    ids = np.array([f"c{i:03}" for i in range(300)], dtype=object)
    return Population("customers", ids, CustomerCatalogue(columns, frame.iloc[order].reset_index(drop=True)))


def test_the_feature_that_makes_the_segments_is_told_from_the_one_that_does_not() -> None:
    recipe = Recipe(features=("clear", "dull"), n_clusters=2, transform="none")
    worth = segment_customers(two_groups_and_noise(), recipe).model.worth
    assert [each.name for each in worth] == ["clear", "dull"]
    assert worth[0].change > 0.9
    assert worth[0].strength > 0.95
    assert not worth[1].is_needed
    assert say_worth(worth) == ["The segments depend most on clear.", "Dull carries nothing: leave it out and try again."]


def test_worth_does_not_depend_on_the_order_of_customers() -> None:
    recipe = Recipe(features=("clear", "dull"), n_clusters=3, transform="none")
    shuffled = two_groups_and_noise(np.random.default_rng(5).permutation(300))
    one, other = (segment_customers(each, recipe).model.worth for each in (two_groups_and_noise(), shuffled))
    assert [each.name for each in one] == [each.name for each in other]
    assert [each.change for each in one] == pytest.approx([each.change for each in other])
    assert [each.strength for each in one] == pytest.approx([each.strength for each in other])
