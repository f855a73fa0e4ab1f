"""RFM scores and the map."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from segmentation.clusters.rules import RFM_MAP, rfm_names, rfm_segments, score_rfm
from segmentation.errors import InvalidInputError


def test_the_map_covers_each_of_the_25_cells_once():
    cells = Counter((r, f) for recencies, frequencies, _ in RFM_MAP for r in recencies for f in frequencies)
    assert cells == {(r, f): 1 for r in range(1, 6) for f in range(1, 6)}


@pytest.mark.parametrize(
    ("recency", "frequency", "name"),
    [(5, 5, "Champions"), (4, 4, "Loyal"), (3, 5, "Loyal"), (5, 1, "New Customers"), (4, 1, "Promising"), (4, 3, "Potential Loyalists"),
     (3, 3, "Needs Attention"), (3, 2, "About to Sleep"), (2, 4, "At Risk"), (1, 5, "Can't Lose Them"), (1, 1, "Hibernating")],
)  # fmt: skip
def test_cells_have_their_names(recency, frequency, name):
    assert rfm_names(np.array([[recency, frequency, 3]])).tolist() == [name]


def test_ten_customers_by_hand():
    """Quantiles of 1..10 are 2.8, 4.6, 6.4, 8.2."""
    values = np.arange(1.0, 11.0)
    found = rfm_segments(values, values, values[::-1])
    assert found.cut_points["recency_days"] == pytest.approx((2.8, 4.6, 6.4, 8.2))
    assert found.scores[:, 0].tolist() == [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]
    assert found.scores[:, 1].tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert found.scores[:, 2].tolist() == [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]
    assert found.segments.tolist()[:3] == ["New Customers", "New Customers", "Potential Loyalists"]


def test_a_value_on_a_cut_point_does_not_exceed_it():
    cuts = dict.fromkeys(("recency_days", "frequency_orders", "monetary_total"), (1.0, 2.0, 3.0, 4.0))
    values = {name: np.array([1.0, 2.0, 4.0, 4.5]) for name in cuts}
    assert score_rfm(values, cuts).tolist() == [[5, 1, 1], [4, 2, 2], [2, 4, 4], [1, 5, 5]]


def test_equal_customers_share_a_score_in_any_order():
    rng = np.random.default_rng(0)
    recency, frequency, money = rng.integers(0, 400, 1_000), rng.choice([1, 1, 1, 2, 3, 8], 1_000), rng.integers(0, 50, 1_000) / 2
    found = rfm_segments(recency, frequency, money)
    for column, values in enumerate((recency, frequency, money)):
        assert len(set(zip(values.tolist(), found.scores[:, column].tolist(), strict=True))) == len(set(values.tolist()))
    order = rng.permutation(1_000)
    shuffled = rfm_segments(recency[order], frequency[order], money[order])
    assert (shuffled.scores == found.scores[order]).all()
    assert (shuffled.segments == found.segments[order]).all()
    assert shuffled.cut_points == found.cut_points


def test_one_customer_and_equal_customers_have_a_segment():
    found = rfm_segments(np.array([7, 7]), np.array([1, 1]), np.array([9.5, 9.5]))
    assert found.scores.tolist() == [[5, 1, 1], [5, 1, 1]]
    assert found.segments.tolist() == ["New Customers"] * 2


def test_missing_values_are_refused_by_name():
    with pytest.raises(InvalidInputError, match="Some customers have no monetary_total"):
        rfm_segments(np.array([1.0]), np.array([1.0]), np.array([np.nan]))
    with pytest.raises(InvalidInputError, match="no customers"):
        rfm_segments(np.array([]), np.array([]), np.array([]))
