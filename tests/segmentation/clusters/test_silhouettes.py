"""Silhouettes of many clusterings in one pass equal scikit-learn's one by one."""

from __future__ import annotations

import numpy as np
import pytest

from segmentation.clusters.methods import fit_each
from segmentation.clusters.silhouettes import PLOTTED, silhouette_plot, silhouettes
from tests.segmentation.clusters.shapes import WITHOUT_GROUPS, clear_groups, standardised


def test_four_points_by_hand():
    rows = np.array([[0.0], [1.0], [4.0], [6.0]])
    found = silhouettes(rows, {2: np.array([0, 0, 1, 1])})
    expected = [(5 - 1) / 5, (4 - 1) / 4, (3.5 - 2) / 3.5, (5.5 - 2) / 5.5]
    assert found.values[2] == pytest.approx(expected)
    assert found.mean[2] == pytest.approx(np.mean(expected))
    assert found.rows.tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(("n", "d"), [(50, 1), (700, 3), (2_500, 7)])
def test_equal_to_scikit_learn_for_every_k(n, d):
    from sklearn.metrics import silhouette_samples

    rows = standardised(np.random.default_rng(n).lognormal(size=(n, d))) + 100.0
    labels = {k: found.labels for k, found in fit_each(rows, "kmeans", range(2, 11), 0).items()}
    found = silhouettes(rows, labels)
    for k, own in labels.items():
        theirs = silhouette_samples(rows, own)
        assert found.mean[k] == pytest.approx(theirs.mean(), abs=1e-6)
        assert found.values[k] == pytest.approx(theirs, abs=2e-5)
        assert found.error[k] == 0.0


def test_labels_that_have_nothing_to_do_with_the_rows():
    from sklearn.metrics import silhouette_samples

    rng = np.random.default_rng(0)
    rows = rng.normal(size=(1_500, 2))
    labels = {key: rng.integers(key, size=1_500) for key in (2, 7, 12)}
    found = silhouettes(rows, labels)
    for key, own in labels.items():
        assert found.values[key] == pytest.approx(silhouette_samples(rows, own), abs=1e-6)


def test_a_row_alone_has_silhouette_nought_and_equal_rows_do_not_divide_by_it():
    found = silhouettes(np.array([[0.0], [0.0], [0.0], [9.0]]), {2: np.array([0, 0, 1, 1]), 3: np.array([0, 0, 1, 2])})
    assert found.values[2].tolist() == [1.0, 1.0, -1.0, 0.0]
    assert found.values[3].tolist() == [0.0, 0.0, 0.0, 0.0]


def test_one_cluster_has_no_silhouette():
    assert np.isnan(silhouettes(np.array([[0.0], [1.0]]), {1: np.array([0, 0])}).mean[1])


def test_the_order_of_rows_changes_no_bit():
    rng = np.random.default_rng(5)
    rows = np.round(rng.normal(size=(900, 3)), 1)
    labels = {k: found.labels for k, found in fit_each(rows, "kmeans", (2, 5), 0).items()}
    order = rng.permutation(900)
    straight, shuffled = silhouettes(rows, labels), silhouettes(rows[order], {k: own[order] for k, own in labels.items()})
    assert straight.mean == shuffled.mean


@pytest.mark.parametrize(
    "make", [lambda: clear_groups(6_000, 2, 0)[0], lambda: WITHOUT_GROUPS["log-normal"](np.random.default_rng(1), 6_000, 3)]
)
def test_a_sample_is_within_its_stated_error(make):
    rows = standardised(make())
    labels = {k: found.labels for k, found in fit_each(rows, "kmeans", (2, 4, 8), 0).items()}
    exact = silhouettes(rows, labels)
    misses = 0
    for seed in range(10):
        sampled = silhouettes(rows, labels, seed=seed, exact_rows=1_000)
        assert len(sampled.rows) < 6_000
        for k in labels:
            assert 0 < sampled.error[k] < 0.01
            assert sampled.values[k] == pytest.approx(exact.values[k][sampled.rows], abs=1e-12)
            misses += abs(sampled.mean[k] - exact.mean[k]) > 2 * sampled.error[k]
    assert misses <= 5  # of 30; two standard errors miss one time in twenty


def test_small_clusters_are_in_the_sample():
    rows = np.r_[np.random.default_rng(0).normal(size=(5_990, 2)), np.full((10, 2), 50.0) + np.arange(10)[:, None]]
    labels = np.r_[np.zeros(5_990, np.int64), np.ones(10, np.int64)]
    sampled = silhouettes(rows, {2: labels}, exact_rows=1_000)
    assert (labels[sampled.rows] == 1).sum() == 10


def test_the_plot_shows_each_group_from_its_best_to_its_worst_row():
    rows = standardised(clear_groups(1_200, 2, 0)[0])
    labels = fit_each(rows, "kmeans", [4], 0)[4].labels
    found = silhouettes(rows, {4: labels})
    plot = silhouette_plot(found, 4, labels)
    assert [len(group) for group in plot] == [PLOTTED] * 4
    for group, values in enumerate(plot):
        own = found.values[4][labels == group]
        assert values == sorted(values, reverse=True)
        assert (values[0], values[-1]) == (round(own.max(), 3), round(own.min(), 3))
        assert np.mean(values) == pytest.approx(own.mean(), abs=0.01)
    assert silhouette_plot(silhouettes(rows[:3], {2: np.array([0, 0, 1])}), 2, np.array([0, 0, 1]))[1] == [0.0]
