"""The number of groups: what the criteria measure, who is elected, and a reason that is true."""

from __future__ import annotations

import json
import math
import re

import numpy as np
import pytest

from segmentation.clusters.choosing_k import choose_k, score_clustering
from segmentation.clusters.methods import fit
from segmentation.clusters.prediction import prediction_strengths
from segmentation.clusters.voting import KScore, decide, knee, smallest_allowed
from segmentation.errors import InvalidInputError
from tests.segmentation.clusters.shapes import WITHOUT_GROUPS, clear_groups, standardised


def score(k: int, silhouette: float, **given: float) -> KScore:
    values = {
        "inertia": 100.0 / k, "silhouette_error": 0.0, "calinski_harabasz": 1.0, "davies_bouldin": 1.0,
        "prediction_strength": 0.5, "smallest": 100, "usable": k,
    } | given  # fmt: skip
    return KScore(k=k, silhouette=silhouette, **values)


def test_criteria_equal_scikit_learn():
    from sklearn import metrics

    rows = standardised(WITHOUT_GROUPS["log-normal"](np.random.default_rng(0), 800, 3))
    for found in choose_k(rows, seed=1).scores:
        labels = fit(rows, "kmeans", found.k, seed=1).labels
        assert found.silhouette == pytest.approx(metrics.silhouette_score(rows, labels), abs=1e-6)
        assert found.calinski_harabasz == pytest.approx(metrics.calinski_harabasz_score(rows, labels))
        assert found.davies_bouldin == pytest.approx(metrics.davies_bouldin_score(rows, labels))
        assert found.smallest == np.bincount(labels).min()
        assert found.inertia == pytest.approx(fit(rows, "kmeans", found.k, seed=1).inertia)


@pytest.mark.parametrize("k", [2, 3, 4, 6])
@pytest.mark.parametrize("d", [2, 7])
def test_clear_groups_are_counted(k, d):
    for seed in range(5):
        rows, groups = clear_groups(500, d, seed, k=k)
        choice = choose_k(rows, seed=seed)
        assert choice.n_clusters == k
        assert len(set(zip(groups.tolist(), choice.labels.tolist(), strict=True))) == k


def test_the_choice_does_not_depend_on_the_order_of_rows():
    rng = np.random.default_rng(2)
    rows = np.round(rng.normal(size=(400, 3)), 1)
    order = rng.permutation(400)
    straight, shuffled = choose_k(rows, seed=3), choose_k(rows[order], seed=3)
    assert straight.scores == shuffled.scores
    assert straight.reason == shuffled.reason
    assert (straight.labels[order] == shuffled.labels).all()


def test_the_groups_are_those_of_fit():
    rows = clear_groups(300, 2, 0)[0]
    choice = choose_k(rows, seed=5)
    for k, found in choice.clusterings.items():
        assert (found.labels == fit(rows, "kmeans", k, seed=5).labels).all()


def test_prediction_strength_is_high_for_groups_and_low_without():
    strengths = prediction_strengths(clear_groups(600, 2, 0)[0], range(2, 7), "kmeans", 0)
    assert strengths[4] > 0.95
    assert max(strengths[5], strengths[6]) < 0.8
    without = prediction_strengths(np.random.default_rng(0).normal(size=(600, 2)), range(3, 7), "kmeans", 0)
    assert max(without.values()) < 0.8


def test_prediction_strength_of_rows_too_few_to_halve_is_unknown():
    strengths = prediction_strengths(np.arange(6.0)[:, None], [2, 4], "kmeans", 0)
    assert not math.isnan(strengths[2])
    assert math.isnan(strengths[4])


def test_a_handful_is_not_elected_however_good_its_silhouette():
    scores = [score(2, 0.9, smallest=26, usable=1), score(3, 0.5, calinski_harabasz=2.0), score(4, 0.4)]
    k, reason = decide(scores, 4_338)
    assert k == 3
    assert "2 would split off only 26 customers (0.6 %)" in reason


def test_groups_that_come_back_are_preferred_to_those_that_do_not():
    k, reason = decide([score(2, 0.3, prediction_strength=0.95), score(5, 0.6, davies_bouldin=0.5)], 1_000)
    assert k == 2
    assert reason.startswith("2 segments: the only number whose groups come back in another half of the customers, and the smallest")


def test_votes_decide_among_equals():
    scores = [
        score(2, 0.50, calinski_harabasz=10, davies_bouldin=0.9),
        score(3, 0.45, calinski_harabasz=30, davies_bouldin=0.5),
        score(4, 0.40, calinski_harabasz=20, davies_bouldin=0.7),
        score(5, 0.30, calinski_harabasz=5, davies_bouldin=1.0),
    ]
    expected = "3 segments: best or second best on 3 of 4 criteria, and the smallest still holds 10 % of customers."
    assert decide(scores, 1_000) == (3, expected)


def test_when_every_number_splits_off_a_handful_usable_segments_count_and_the_reason_says_so():
    scores = [
        score(2, 0.9, smallest=26, usable=1),
        score(3, 0.5, smallest=26, usable=2),
        score(4, 0.6, smallest=13, usable=3, calinski_harabasz=2.0),
    ]
    k, reason = decide(scores, 4_338)
    assert k == 4
    assert "every number tried splits off a handful" in reason
    assert "3 segments are large enough to use and the smallest holds only 13 customers (0.3 %)" in reason


def test_when_nothing_is_usable_the_reason_says_so():
    k, reason = decide([score(2, 0.9, smallest=1, usable=1)], 1_000)
    assert k == 2
    assert "no number tried gives two segments of a useful size; the smallest of these holds only 1 customer (0.1 %)" in reason


def test_a_handful_is_two_per_cent_or_ten_customers_or_a_tenth_of_a_short_list():
    assert [smallest_allowed(n) for n in (4_338, 1_000, 200, 60, 4)] == [87, 20, 10, 6, 1]


def test_knee_is_where_the_curve_bends():
    inertias = {2: 100.0, 3: 50.0, 4: 10.0, 5: 8.0, 6: 6.0}
    assert knee([score(k, 0.0, inertia=value) for k, value in inertias.items()]) == 4
    assert knee([score(2, 0.0), score(3, 0.0)]) is None


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (np.array([[1.0, 2.0]]), "one_customer"),
        (np.zeros((50, 2)), "all_alike"),
        (np.array([[1.0], [np.nan], [2.0]]), "not_finite"),
        (np.zeros((0, 1)), "nothing_to_segment"),
    ],
)
def test_rows_without_a_choice_are_refused_in_words(rows, code):
    with pytest.raises(InvalidInputError) as refusal:
        choose_k(rows, seed=0)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    "rows",
    [
        np.array([[0.0], [1.0]]),
        np.repeat([[0.0, 1.0], [3.0, 1.0]], 20, axis=0),
        np.column_stack([np.arange(40.0), np.zeros(40)]),
        np.repeat(np.arange(3.0), [1, 1, 98])[:, None],
    ],
)
def test_degenerate_rows_get_a_bounded_k_and_a_reason(rows):
    choice = choose_k(rows, seed=0)
    n_different = len(np.unique(rows, axis=0))
    assert 2 <= choice.n_clusters <= min(8, n_different)
    assert choice.reason.startswith(f"{choice.n_clusters} segments: ")
    json.dumps([found.as_dict() for found in choice.scores], allow_nan=False)


@pytest.mark.parametrize(("n", "most"), [(12, 2), (25, 2), (40, 4), (85, 8), (200, 8)])
def test_a_segment_holds_ten_customers_on_average(n, most):
    choice = choose_k(np.random.default_rng(n).normal(size=(n, 2)), seed=0)
    assert [found.k for found in choice.scores] == list(range(2, most + 1))
    assert choice.reason.endswith(f"More than {most} would leave fewer than 10 customers to a segment on average.") == (most < 8)


def test_the_largest_number_of_segments_that_are_all_apart_is_chosen():
    scores = [score(2, 0.6, n_clumps=2), score(3, 0.5, n_clumps=2), score(4, 0.5, n_clumps=4), score(5, 0.7, n_clumps=4)]
    expected = (
        "4 segments: of 2 and 4 the largest number with a gap between every two segments, and the smallest still holds 10 % of customers."
    )
    assert decide(scores, 1_000) == (4, expected)
    k, reason = decide([*scores[:2], score(4, 0.5, n_clumps=4, smallest=3, usable=3)], 1_000)
    assert (k, reason.startswith("2 segments: the only number with a gap")) == (2, True)


def test_one_group_can_be_measured_too():
    found = score_clustering(np.array([[0.0], [2.0]]), np.array([0, 0]))
    assert (found.k, found.inertia, found.smallest) == (1, 2.0, 2)
    assert math.isnan(found.silhouette)


@pytest.mark.real_data
def test_online_retail_is_not_split_in_whales_and_the_rest(retail_rfm):
    choice = choose_k(standardised(retail_rfm), seed=42)
    assert choice.scores[0].k == 2
    assert choice.scores[0].smallest == 26
    assert choice.n_clusters == 4
    assert re.search(r"3 segments are large enough to use and the smallest holds only 13 customers \(0\.3 %\)", choice.reason)


@pytest.mark.real_data
def test_the_five_groups_of_the_mall_are_counted(mall):
    assert choose_k(mall, seed=42).n_clusters == 5


@pytest.mark.parametrize(
    ("strengths", "chosen", "words"),
    [
        ((0.75, 0.6, 0.3), 3, "mostly come back"),
        ((0.45, 0.4, 0.3), 2, "come back best"),
        ((0.9, 0.6, 0.3), 2, "come back in"),
        ((math.nan, math.nan, math.nan), 4, ""),
    ],
)
def test_numbers_whose_groups_do_not_come_back_do_not_stand(strengths, chosen, words):
    """The silhouette grows with k, as it does in a cloud without groups; how well groups come back decides who stands."""
    scores = [
        score(k, 0.2 + k / 50, calinski_harabasz=k, davies_bouldin=1 / k, prediction_strength=strength)
        for k, strength in zip((2, 3, 4), strengths, strict=True)
    ]
    k, reason = decide(scores, 1000)
    assert k == chosen
    assert words in reason
