"""The map: axes by hand, the same sample for the same seed, every segment on it."""

import numpy as np
import pytest

from segmentation.clusters.projection import project


def cloud(n=400, seed=3):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, 3)) * (5.0, 2.0, 0.5)


def test_axes_of_a_line_are_those_by_hand():
    X = np.array([[-2.0, -2.0], [-1.0, -1.0], [1.0, 1.0], [2.0, 2.0]])
    found = project(X, np.array([1, 1, 2, 2]), seed=0)
    assert found.explained == (pytest.approx(1.0), pytest.approx(0.0))
    assert found.loadings[0] == pytest.approx([0.5**0.5, 0.5**0.5])
    assert found.centers[:, 0] == pytest.approx([-1.5 * 2**0.5, 1.5 * 2**0.5])
    assert found.points[:, 0] == pytest.approx([-2 * 2**0.5, -(2**0.5), 2**0.5, 2 * 2**0.5])


def test_the_widest_directions_come_first():
    found = project(cloud(), np.ones(400, np.int64), seed=0)
    assert np.abs(found.loadings).argmax(axis=1).tolist() == [0, 1]
    assert found.explained[0] > found.explained[1] > 0
    assert sum(found.explained) <= 1.0


def test_it_shares_the_variance_with_the_classic_way():
    X = cloud()
    singular = np.linalg.svd(X - X.mean(axis=0), compute_uv=False) ** 2
    assert project(X, np.ones(400, np.int64), seed=0).explained == pytest.approx(tuple(singular[:2] / singular.sum()))


def test_a_mirrored_cloud_has_the_same_signs():
    """The largest weight is positive, whatever sign the algebra gives."""
    for X in (cloud(), -cloud()):
        loadings = project(X, np.ones(400, np.int64), seed=0).loadings
        assert (loadings[np.arange(2), np.abs(loadings).argmax(axis=1)] > 0).all()


def test_the_sample_is_seeded_and_every_segment_is_on_it():
    segments = np.ones(400, np.int64)
    segments[7] = 2
    one, again, other = (project(cloud(), segments, seed=seed, most=50) for seed in (1, 1, 2))
    assert np.array_equal(one.points, again.points)
    assert not np.array_equal(one.points, other.points)
    assert len(one.points) <= 51
    assert sorted(set(one.segment_ids.tolist())) == [1, 2]
    assert one.n == 400


def test_segments_are_sampled_in_proportion():
    segments = np.repeat([1, 2], [300, 100])
    drawn = project(cloud(), segments, seed=0, most=40).segment_ids
    assert np.bincount(drawn).tolist() == [0, 30, 10]


def test_centers_count_everybody_not_the_sample():
    X, segments = cloud(), np.repeat([1, 2], 200)
    small, large = (project(X, segments, seed=0, most=most).centers for most in (10, 400))
    assert np.array_equal(small, large)


@pytest.mark.parametrize("X", [np.arange(5.0)[:, None], np.ones((5, 3))], ids=["one feature", "all alike"])
def test_without_two_directions_there_is_no_map(X):
    assert project(X, np.ones(5, np.int64), seed=0) is None
