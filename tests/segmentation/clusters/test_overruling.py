"""The price of choosing the number of segments by hand, in a sentence that is true of the numbers."""

from __future__ import annotations

import numpy as np

from segmentation.clusters.choosing_k import choose_k, score_clustering
from segmentation.clusters.methods import fit
from segmentation.clusters.overruling import say_choice_by_hand
from segmentation.clusters.trust import judge
from segmentation.clusters.voting import KScore
from tests.segmentation.clusters.shapes import scattered_groups


def say(rows: np.ndarray, k: int) -> str:
    labels = fit(rows, "kmeans", k, seed=1).labels
    return say_choice_by_hand(rows, score_clustering(rows, labels), judge(rows, labels, seed=1).stability, choose_k(rows, 1), "kmeans", 1)


def test_another_number_than_the_criteria_say_has_a_price():
    rows = scattered_groups(400, 3, 1)[0]
    silhouettes = {score.k: score.silhouette for score in choose_k(rows, 1).scores}
    assert say(rows, 7).startswith(
        f"7 segments, chosen by hand instead of 4: groups less clear (silhouette {silhouettes[7]:.2f} instead of {silhouettes[4]:.2f}); "
    )


def test_the_same_number_costs_nothing():
    rows = scattered_groups(400, 3, 1)[0]
    assert say(rows, 4).startswith("4 segments, as chosen by hand. The criteria say the same: of 3 and 4 the largest number with a gap")


def score(k: int, silhouette: float, smallest: int, usable: int) -> KScore:
    return KScore(k, 1.0, silhouette, 0.0, 1.0, 1.0, 0.9, smallest, usable)


def test_segments_that_do_not_come_back_and_a_handful_are_named():
    rows = scattered_groups(400, 3, 1)[0]
    sentence = say_choice_by_hand(rows, score(3, 0.9, 5, 2), (0.9, 0.7, 0.4), choose_k(rows, 1), "kmeans", 1)
    assert "groups clearer (silhouette 0.90 instead of 0.78)" in sentence
    assert "; 2 of the 3 may not come back in other samples of the customers (of the 4: none)" in sentence
    assert sentence.endswith("the smallest segment holds only 5, fewer than the 10 worth a campaign.")
