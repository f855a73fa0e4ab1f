"""Thirds: by hand, and ties stay together."""

import numpy as np

from segmentation.clusters.thirds import third_words, thirds_segments


def test_two_features_by_hand():
    values = np.array([[1.0, 30], [2, 20], [3, 10]])
    assert thirds_segments(values, [third_words(None, "spend"), third_words(None, "age")]).tolist() == [
        "Low spend, high age",
        "Middle spend, middle age",
        "High spend, low age",
    ]


def test_equal_values_share_a_third_whatever_their_order():
    values = np.array([[1.0], [1], [1], [1], [5], [9]])
    words = [third_words("frequency_orders", "number of orders")]
    names = thirds_segments(values, words)
    assert names.tolist() == ["Few orders"] * 4 + ["Many orders"] * 2
    order = np.array([5, 0, 3, 4, 1, 2])
    assert thirds_segments(values[order], words).tolist() == names[order].tolist()
