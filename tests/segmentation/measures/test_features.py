"""Features: what is chosen, how it is scaled, and who is left out and why."""

import numpy as np
import pandas as pd
import pytest

from segmentation.dataset import build_dataset
from segmentation.errors import InvalidInputError
from segmentation.measures.catalogue import CustomerCatalogue, CustomerColumn
from segmentation.measures.features import build_features, skewness, transformed
from segmentation.measures.recipe import Recipe

LIST = """
| ID | Income | Spending Score | Gender | Flag | Note |
| 1  | 10     | 5              | m      | 0    | x1   |
| 2  | 20     | 7              | f      | 1    | x2   |
| 3  |        | 9              | f      | 0    | x3   |
| 4  | 1000   | 11             |        | 1    | x4   |
"""


def build(raw, **recipe):
    dataset = build_dataset(raw)
    return build_features(dataset.catalogue, Recipe(**{"transform": "none", **recipe}), dataset.mapping.kind)


def test_standardised_by_mean_and_population_deviation(table):
    matrix = build(table(LIST), features=("spending score",))
    np.testing.assert_allclose(matrix.X[:, 0], (np.array([5, 7, 9, 11]) - 8) / np.sqrt(5))
    assert matrix.names == ("spending_score",)


def test_a_customer_with_a_gap_is_named_with_the_reason(table):
    matrix = build(table(LIST), features=("Income", "Spending Score"))
    assert matrix.rows.tolist() == [0, 1, 3]
    assert matrix.not_segmented == {2: "Not segmented: income missing"}


def test_a_gap_can_be_filled_with_the_median(table):
    matrix = build(table(LIST), features=("income",), missing="median")
    assert matrix.rows.tolist() == [0, 1, 2, 3]
    assert matrix.scalings[0].fill == 20
    assert matrix.X[2, 0] == matrix.X[1, 0]


def test_a_cap_is_a_quantile_of_the_filled_values(table):
    matrix = build(table(LIST), features=("income",), cap={"Income": 0.5})
    assert matrix.scalings[0].cap == 20
    assert matrix.X[2, 0] == matrix.X[1, 0]


def test_the_scaling_repeats_the_matrix(table):
    matrix = build(table(LIST), features=("income", "spending score"), transform="log", cap={"income": 0.9})
    values = np.array([[10, 5], [20, 7], [1000, 11]], float)
    again = np.column_stack([scaling.apply(values[:, index]) for index, scaling in enumerate(matrix.scalings)])
    np.testing.assert_array_equal(again, matrix.X)


def test_auto_takes_the_logarithm_of_skewed_features_only(table):
    matrix = build(table(LIST.replace("| 3  |        |", "| 3  | 15     |")), features=("income", "spending score"), transform="auto")
    assert [scaling.transform for scaling in matrix.scalings] == ["log", "none"]


def test_categories_weigh_half_a_deviation_each(table):
    matrix = build(table(LIST), features=("gender",), method="mixed", missing="median")
    assert matrix.codings[0].categories == ("(missing)", "f", "m")
    squared = ((matrix.X[0] - matrix.X[1]) ** 2).sum()
    assert squared == pytest.approx(0.5)


def test_flags_running_numbers_and_constants_are_not_chosen_by_default(table):
    assert build(table(LIST)).names == ("income", "spending_score")


def test_a_constant_feature_separates_nobody_and_is_pointed_out(table):
    matrix = build(table("| ID | a | b |\n| 1 | 0.1 | 1 |\n| 2 | 0.1 | 2 |\n| 3 | 0.1 | 4 |"), features=("a", "b"))
    assert matrix.X[:, 0].tolist() == [0, 0, 0]
    assert [finding.code for finding in matrix.findings] == ["constant_feature"]


@pytest.mark.parametrize(
    ("recipe", "code"),
    [
        ({"features": ("colour",)}, "unknown_feature"),
        ({"features": ("gender",)}, "feature_is_text"),
        ({"features": ("note",), "method": "mixed"}, "feature_is_text"),
        ({"features": ("income",), "cap": {"spending score": 0.9}}, "unknown_cap"),
        ({"scenario": "rfm"}, "scenario_impossible"),
    ],
)
def test_a_recipe_that_cannot_work_says_why(table, recipe, code):
    with pytest.raises(InvalidInputError) as caught:
        build(table(LIST), **recipe)
    assert caught.value.code == code


def columns_of(**values):
    columns = tuple(CustomerColumn(name, name, name, "number", name) for name in values)
    return CustomerCatalogue(columns, pd.DataFrame(values, dtype=np.float64))


@pytest.mark.parametrize("missing", ["drop", "median", "similar", "segment"])
def test_a_feature_of_which_nothing_is_known_is_told_so(missing):
    catalogue = columns_of(age=[30, 40, 50], income=[np.nan] * 3)
    with pytest.raises(InvalidInputError, match="every value is missing") as caught:
        build_features(catalogue, Recipe(features=("age", "income"), missing=missing), "customers")
    assert caught.value.code == "feature_empty"
    assert '"income" is not known of any customer' in caught.value.title


def test_nothing_known_is_not_all_the_same():
    with pytest.raises(InvalidInputError, match="Every value is missing") as caught:
        build_features(columns_of(age=[np.nan] * 3, income=[np.nan] * 3), Recipe(), "customers")
    assert caught.value.code == "no_features"
    with pytest.raises(InvalidInputError, match=r"all the same in the numbers of this file \(age\)") as caught:
        build_features(columns_of(age=[30, 30, 30], income=[np.nan] * 3), Recipe(), "customers")
    assert caught.value.code == "customers_alike"


def test_a_scenario_goes_without_what_nobody_is_known_to_have():
    matrix = build_features(columns_of(age=[30, 40, 50], income=[np.nan] * 3), Recipe(scenario="demographics"), "customers")
    assert matrix.names == ("age",)
    assert "income" in matrix.findings[0].message


def test_nobody_left_says_what_to_do(table):
    with pytest.raises(InvalidInputError, match="with the median"):
        build(table("| ID | a | b |\n| 1 | | 1 |\n| 2 | 5 | |\n| 3 | | 4 |"), features=("a", "b"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"transform": "cube"},
        {"method": "magic"},
        {"scenario": "x"},
        {"missing": "guess"},
        {"n_clusters": 1},
        {"cap": {"a": 1.5}},
        {"cap": {"a": 0.1}},
    ],
)
def test_options_that_do_not_exist_are_refused(wrong):
    with pytest.raises(InvalidInputError):
        Recipe(**wrong)


def test_transforms_by_hand():
    values = np.array([-3.0, 0.0, 3.0])
    np.testing.assert_allclose(transformed(values, "log"), [-np.log(4), 0, np.log(4)])
    np.testing.assert_allclose(transformed(values, "yeo-johnson", 1.0), values)
    np.testing.assert_allclose(transformed(values, "yeo-johnson", 0.0), [-(4**2 - 1) / 2, 0, np.log(4)])
    np.testing.assert_allclose(transformed(values, "yeo-johnson", 2.0), [-np.log(4), 0, (4**2 - 1) / 2])


def test_yeo_johnson_is_scikit_learns():
    from sklearn.preprocessing import PowerTransformer

    values = np.random.default_rng(3).lognormal(size=200)
    reference = PowerTransformer(method="yeo-johnson", standardize=False).fit(values[:, None])
    power = float(reference.lambdas_[0])
    np.testing.assert_allclose(transformed(values, "yeo-johnson", power), reference.transform(values[:, None])[:, 0], rtol=1e-9)


def test_skewness_of_known_values():
    assert skewness(np.array([1.0, 2.0, 3.0])) == 0
    assert skewness(np.array([0.0, 0, 0, 1])) == pytest.approx(1.1547005)
    assert skewness(np.ones(3)) == 0
