"""The agreement of two segmentations: by hand, and against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from segmentation.clusters.agreement import adjusted_rand

LABELS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=2, max_size=60)


def test_by_hand() -> None:
    # 6 customers: pairs together in one 3 + 3 = 6, in the other 1 + 6 = 7, in both 1 + 3 = 4; of 15 pairs.
    one, other = np.array([0, 0, 0, 1, 1, 1]), np.array([0, 0, 1, 1, 1, 1])
    expected = 6 * 7 / 15
    assert adjusted_rand(one, other) == pytest.approx((4 - expected) / (6.5 - expected))


def test_numbering_does_not_matter() -> None:
    one = np.array([1, 1, 2, 2, 5])
    assert adjusted_rand(one, np.array([3, 3, 0, 0, 1])) == 1


@pytest.mark.parametrize("labels", [[], [0], [0, 0, 0], [0, 1, 2]])
def test_nothing_to_tell_apart_agrees(labels: list[int]) -> None:
    assert adjusted_rand(np.array(labels, np.int64), np.array(labels, np.int64)) == 1


@given(LABELS)
@settings(deadline=None, max_examples=60)
def test_is_that_of_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    one, other = np.array(pairs).T
    assert adjusted_rand(one, other) == pytest.approx(adjusted_rand_score(one, other), abs=1e-12)
    assert adjusted_rand(one, other) == adjusted_rand(other, one)
