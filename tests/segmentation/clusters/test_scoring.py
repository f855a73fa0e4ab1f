"""New rows go to the nearest centre."""

from __future__ import annotations

import json

import numpy as np
import pytest

from segmentation.clusters.methods import fit
from segmentation.clusters.scoring import assign
from segmentation.errors import InvalidInputError
from tests.segmentation.clusters.shapes import WITHOUT_GROUPS, standardised


def test_nearest_and_next_by_hand():
    found = assign(np.array([[1.0, 0.0], [0.0, 6.0]]), [[0.0, 0.0], [4.0, 0.0], [0.0, 5.0]])
    assert found.labels.tolist() == [0, 2]
    assert found.distances.tolist() == [1.0, 1.0]
    assert found.next_labels.tolist() == [1, 0]
    assert found.next_distances.tolist() == [3.0, 6.0]


def test_customers_of_the_fit_get_their_own_segment_back_through_json():
    rows = standardised(WITHOUT_GROUPS["log-normal"](np.random.default_rng(0), 2_000, 3))
    found = fit(rows, "kmeans", 6, seed=0)
    assert (assign(rows, json.loads(json.dumps(found.centers.tolist()))).labels == found.labels).all()


def test_one_centre_has_no_next():
    found = assign(np.array([[3.0]]), [[1.0]])
    assert (found.labels.tolist(), found.next_labels.tolist(), found.next_distances.tolist()) == ([0], [-1], [np.inf])


def test_other_features_and_missing_values_are_refused():
    with pytest.raises(InvalidInputError, match="2 features, the customers have 1"):
        assign(np.array([[1.0]]), [[0.0, 0.0]])
    with pytest.raises(InvalidInputError, match="missing or infinite"):
        assign(np.array([[np.nan]]), [[0.0]])
