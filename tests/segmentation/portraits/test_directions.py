"""Axes in words: the heavy features, with the direction in which they grow."""

import numpy as np

from segmentation.portraits.directions import MOST_NAMED, say_direction

COLUMNS = [("frequency_orders", "number of orders"), ("recency_days", "days since the last purchase"), (None, "Points")]


def test_the_heaviest_feature_is_said_first_and_light_ones_not():
    assert say_direction(np.array([0.3, -0.6, 0.1]), COLUMNS) == ("a more recent last order", "more orders")


def test_a_column_of_unknown_meaning_keeps_its_own_name():
    assert say_direction(np.array([0.0, 0.0, -1.0]), COLUMNS) == ("less: Points",)
    assert say_direction(np.array([0.0, 0.0, 1.0]), COLUMNS) == ("more: Points",)


def test_at_most_a_few_are_named():
    assert len(say_direction(np.ones(9), [(None, str(place)) for place in range(9)])) == MOST_NAMED
