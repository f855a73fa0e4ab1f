"""Gaps between groups: seen where there are some, and nowhere in a cloud, however it is cut."""

from __future__ import annotations

import numpy as np
import pytest

from segmentation.clusters.kmeans import kmeans
from segmentation.clusters.methods import fit
from segmentation.clusters.rows import canonical_order
from segmentation.clusters.separation import are_apart, find_clumps, spread_counts
from tests.segmentation.clusters.shapes import HARD_WITHOUT_GROUPS, WITHOUT_GROUPS, overlapping, scattered_groups, standardised

CLOUDS = WITHOUT_GROUPS | HARD_WITHOUT_GROUPS


def in_order(rows: np.ndarray) -> np.ndarray:
    return rows[canonical_order(rows)]


@pytest.mark.parametrize("shape", CLOUDS)
@pytest.mark.parametrize("d", [2, 3, 7])
def test_a_cloud_has_no_gap_wherever_it_is_cut(shape, d):
    for seed, k in enumerate((2, 3, 4, 6, 8)):
        rows = in_order(standardised(CLOUDS[shape](np.random.default_rng(seed), 800, d)))
        assert not find_clumps(rows, kmeans(rows, k, seed, 0.2), seed).any()


def test_two_clouds_are_apart_from_four_deviations_on():
    said = {}
    for apart in (2, 3, 4, 6):
        rows = in_order(overlapping(apart)(np.random.default_rng(0), 2_000, 2))
        said[apart] = are_apart(find_clumps(rows, kmeans(rows, 2, 0), 0))
    assert said == {2: False, 3: False, 4: True, 6: True}


def test_a_group_cut_in_two_is_one_clump():
    rows = in_order(scattered_groups(600, 2, 0)[0])
    clumps = find_clumps(rows, kmeans(rows, 5, 0), 0)
    assert len(clumps) == 5
    assert len(np.unique(clumps)) == 4
    assert not are_apart(clumps)


def test_three_in_a_row_are_linked_by_the_middle_one():
    line = np.linspace(0, 1, 900)[:, None]
    assert find_clumps(line, np.repeat([0, 1, 2], 300), 0).tolist() == [0, 0, 0]


def test_what_lies_between_counts_is_no_gap_but_yes_and_no_are_apart():
    counts = np.repeat(np.arange(6.0), [400, 200, 100, 50, 25, 25])[:, None]
    assert not find_clumps(counts, (counts[:, 0] > 0).astype(np.int64), 0).any()
    flags = np.repeat([[0.0], [1.0]], 200, axis=0)
    assert find_clumps(flags, np.repeat([0, 1], 200), 0).tolist() == [0, 1]


def test_counts_are_spread_over_their_room_and_nothing_else_moves():
    counts = np.repeat(np.arange(5.0), 10)
    exact = np.random.default_rng(0).normal(size=50)
    spread = spread_counts(np.column_stack([counts, exact, counts > 2]), 3)
    assert (np.round(spread[:, 0]) == counts).all()
    assert len(np.unique(spread[:, 0])) == 50
    assert (spread[:, 1] == exact).all()
    assert (spread[:, 2] == (counts > 2)).all()


def test_groups_on_one_spot_have_no_gap():
    assert find_clumps(np.zeros((40, 2)), np.repeat([0, 1], 20), 0).tolist() == [0, 0]


def test_a_few_are_too_few_for_a_sure_gap():
    rows = np.array([[0.0], [0.1], [5.0], [5.1]])
    assert not find_clumps(rows, np.array([0, 0, 1, 1]), 0).any()


def test_gaps_are_those_of_the_fit_for_every_method():
    rows = in_order(scattered_groups(500, 3, 2)[0])
    for method in ("kmeans", "hierarchical", "mixture"):
        assert are_apart(find_clumps(rows, fit(rows, method, 4, seed=0).labels, 0))
