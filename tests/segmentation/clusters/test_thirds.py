"""Thirds: by hand, and ties stay together."""

import numpy as np

from segmentation.clusters.thirds import thirds_segments


def test_two_features_by_hand():
    values = np.array([[1.0, 30], [2, 20], [3, 10]])
    assert thirds_segments(values, ("spend", "age")).tolist() == ["Low spend, high age", "Middle spend, middle age", "High spend, low age"]


def test_equal_values_share_a_third_whatever_their_order():
    values = np.array([[1.0], [1], [1], [1], [5], [9]])
    names = thirds_segments(values, ("orders",))
    assert names.tolist() == ["Low orders"] * 4 + ["High orders"] * 2
    order = np.array([5, 0, 3, 4, 1, 2])
    assert thirds_segments(values[order], ("orders",)).tolist() == names[order].tolist()
