"""Trust: clear groups are called so, a cloud is called a cloud, and segments that dissolve are not for targeting."""

from __future__ import annotations

import numpy as np
import pytest

from segmentation.clusters.agreement import adjusted_rand
from segmentation.clusters.choosing_k import choose_k
from segmentation.clusters.clouds import matched_clouds, one_peak, shuffled_columns
from segmentation.clusters.methods import fit
from segmentation.clusters.rows import canonical_order
from segmentation.clusters.structure import find_structure
from segmentation.clusters.trust import judge, stability
from tests.segmentation.clusters.shapes import HARD_WITHOUT_GROUPS, WITHOUT_GROUPS, clear_groups, scattered_groups, standardised

SEEDS = 20


@pytest.mark.parametrize(
    ("shape", "d"),
    [(shape, d) for shape in ("uniform", "one Gaussian", "log-normal", "correlated") for d in (2, 3, 7)]
    + [("correlated log-normal", 3), ("counts", 3)]
    + [(shape, 3) for shape in HARD_WITHOUT_GROUPS],
)
def test_data_without_groups_are_called_structureless(shape, d):
    called = 0
    for seed in range(SEEDS):
        rows = standardised((WITHOUT_GROUPS | HARD_WITHOUT_GROUPS)[shape](np.random.default_rng(seed), 500, d))
        k = 2 + seed % 5
        found = find_structure(rows[canonical_order(rows)], k, seed)
        called += found.sentence.startswith("Structureless: the groups are cuts through one cloud")
    assert called >= 0.95 * SEEDS


@pytest.mark.parametrize("d", [2, 3, 7])
def test_four_clear_groups_are_called_clear(d):
    called = 0
    for seed in range(SEEDS):
        rows, _ = clear_groups(500, d, seed)
        called += find_structure(rows[canonical_order(rows)], 4, seed).level == "clear"
    assert called >= 0.95 * SEEDS


@pytest.mark.parametrize(("d", "shares"), [(2, (0.25,) * 4), (2, (0.5, 0.25, 0.15, 0.1)), (3, (0.25,) * 4), (7, (0.5, 0.25, 0.15, 0.1))])
def test_four_groups_are_found_and_called_clear(d, shares):
    found = 0
    for seed in range(SEEDS):
        rows, groups = scattered_groups(500, d, seed, shares)
        choice = choose_k(rows, seed)
        is_found = choice.n_clusters == 4 and adjusted_rand(choice.labels, groups) > 0.95
        found += is_found and find_structure(rows[canonical_order(rows)], 4, seed).level == "clear"
    assert found >= 0.95 * SEEDS


def test_the_figures_say_whose_they_are():
    """They are of a sample in compact groups, whatever the method of the run: not the clearness of its own segments."""
    rows, _ = clear_groups(1_500, 2, seed=1)
    assert "(1,000 of the customers in 4 compact groups: silhouette 0." in find_structure(rows[canonical_order(rows)], 4, 1).sentence


@pytest.mark.parametrize(("shape", "level"), [("uniform", "none"), ("correlated", "none"), ("groups", "clear")])
def test_from_rows_to_a_judgement_with_k_chosen(shape, level):
    for seed in range(3):
        rows = clear_groups(500, 3, seed)[0] if shape == "groups" else WITHOUT_GROUPS[shape](np.random.default_rng(seed), 500, 3)
        trust = judge(rows, choose_k(rows, seed=seed).labels, seed=seed)
        assert trust.level == level
        assert level == "none" or set(trust.verdicts) == {"use"}


def test_groups_on_the_corners_of_a_square_are_no_cloud():
    """Shuffling the columns gives the same four groups: such a reference alone would call them structureless."""
    rows = standardised(clear_groups(500, 2, 0)[0])
    trust = judge(rows, fit(rows, "kmeans", 4, seed=0).labels)
    assert trust.silhouette_reference > 0.7
    assert trust.silhouette_cloud < 0.55
    assert trust.level == "clear"


def test_clear_groups_come_back_and_cuts_through_a_cloud_do_not():
    rows, _ = clear_groups(300, 2, 0)
    order = np.lexsort(rows.T[::-1])
    labels = fit(rows, "kmeans", 4, seed=0).labels
    assert stability(rows[order], labels[order], "kmeans", 0).min() > 0.95
    cloud = np.random.default_rng(0).normal(size=(300, 2))
    trust = judge(cloud, fit(cloud, "kmeans", 8, seed=0).labels)
    assert min(value for value in trust.stability if value is not None) < 0.75
    assert all((verdict == "use") <= (value >= 0.85) for verdict, value in zip(trust.verdicts, trust.stability, strict=True))


def test_labels_by_chance_dissolve():
    rng = np.random.default_rng(1)
    rows, _ = clear_groups(400, 2, 0)
    trust = judge(rows, rng.integers(4, size=400))
    assert max(trust.stability) < 0.5
    assert set(trust.verdicts) == {"do not target"}


def test_what_is_for_use_is_found_again_and_what_is_not_to_be_targeted_is_not():
    """Held against other resamples than those behind the verdict, each grouped with the full search."""
    again: dict[str, list[float]] = {"use": [], "use with care": [], "do not target": []}
    for seed in range(4):
        cloud = WITHOUT_GROUPS["uniform" if seed % 2 else "one Gaussian"](np.random.default_rng(seed), 300, 2 + seed % 2)
        for shape in (cloud, scattered_groups(300, 2, seed, (0.5, 0.3, 0.1, 0.1))[0]):
            rows = shape[canonical_order(shape)]
            for k in (4, 8):
                labels = fit(rows, "kmeans", k, seed=0).labels
                for group, verdict in enumerate(judge(rows, labels, seed=seed).verdicts):
                    again[verdict].append(_share_found_again(rows, labels, group, seed))
    assert np.mean(np.array(again["use"]) >= 0.75) >= 0.95
    assert np.mean(again["do not target"]) < 0.6 < np.mean(again["use with care"])


def _share_found_again(rows: np.ndarray, labels: np.ndarray, group: int, seed: int) -> float:
    """Return in which share of 15 resamples a group has a counterpart that it shares more than half of its customers with."""
    rng = np.random.default_rng(1_000 + seed)
    found = 0
    for _ in range(15):
        drawn = np.unique(rng.integers(len(rows), size=len(rows)))
        other = fit(rows[drawn], "kmeans", int(labels.max()) + 1, seed=7).labels
        own = labels[drawn] == group
        found += max((own & (other == c)).sum() / (own | (other == c)).sum() for c in range(other.max() + 1)) >= 0.5
    return found / 15


def test_a_handful_is_to_be_used_with_care_however_stable():
    rows = np.r_[clear_groups(400, 2, 0)[0], np.full((5, 2), 60.0) + np.arange(5)[:, None]]
    labels = fit(rows, "kmeans", 5, seed=0).labels
    trust = judge(rows, labels)
    smallest = int(np.argmin(np.bincount(labels)))
    assert np.bincount(labels)[smallest] == 5
    assert trust.stability[smallest] > 0.85
    assert trust.verdicts[smallest] == "use with care"


def test_segments_by_a_rule_have_no_stability_and_are_judged_by_size():
    rows = np.random.default_rng(0).normal(size=(300, 2))
    labels = (rows[:, 0] > 0).astype(np.int64) + (rows[:, 0] > 2.5)
    trust = judge(rows, labels, method=None)
    assert trust.stability == (None, None, None)
    assert trust.verdicts == ("use", "use", "use with care")


def test_the_judgement_does_not_depend_on_the_order_of_rows():
    rng = np.random.default_rng(0)
    rows = np.round(rng.normal(size=(250, 3)), 1)
    labels = fit(rows, "kmeans", 3, seed=0).labels
    order = rng.permutation(250)
    assert judge(rows, labels, seed=4) == judge(rows[order], labels[order], seed=4)


@pytest.mark.parametrize("method", ["hierarchical", "mixture"])
def test_every_method_can_be_judged(method):
    rows, _ = clear_groups(200, 2, 0)
    trust = judge(rows, fit(rows, method, 4, seed=0).labels, method)
    assert set(trust.verdicts) == {"use"}


@pytest.mark.parametrize(
    ("rows", "labels"),
    [
        (np.arange(5.0)[:, None], np.array([0, 0, 1, 1, 1])),
        (np.repeat([[0.0], [1.0]], 30, axis=0), np.repeat([0, 1], 30)),
        (np.arange(50.0)[:, None], np.zeros(50, np.int64)),
    ],
)
def test_too_few_or_too_alike_to_tell(rows, labels):
    trust = judge(rows, labels)
    assert trust.level == "unknown"
    assert np.isnan(trust.silhouette_cloud)
    assert len(trust.verdicts) == labels.max() + 1


def test_shuffled_columns_keep_each_column():
    rows = np.arange(12.0).reshape(6, 2)
    for copy in shuffled_columns(rows, 3, np.random.default_rng(0)):
        assert (np.sort(copy, axis=0) == rows).all()


def test_clouds_keep_spread_and_correlation():
    rng = np.random.default_rng(0)
    rows = standardised(WITHOUT_GROUPS["correlated"](rng, 2_000, 3))
    rows = np.column_stack([rows, np.zeros(2_000)])
    for cloud in matched_clouds(rows, 2, rng):
        assert np.cov(cloud[:, :3].T) == pytest.approx(np.cov(rows[:, :3].T), abs=0.08)
        assert (cloud[:, 3] == 0).all()


def test_one_peak_fills_the_valley_between_two():
    column = np.r_[np.random.default_rng(0).normal(-4, 1, 500), np.random.default_rng(1).normal(4, 1, 500)]
    peak = one_peak(column)
    assert (np.abs(column) < 1).mean() < 0.02
    assert (np.abs(peak) < 1).mean() > 0.08
    assert peak.std() == pytest.approx(column.std(), rel=0.25)
    assert (np.diff(peak) >= 0).all()


def test_one_peak_leaves_what_has_one():
    for column in (np.random.default_rng(0).lognormal(size=2_000), np.random.default_rng(0).geometric(0.3, 2_000).astype(np.float64)):
        assert np.abs(one_peak(column) - np.sort(column)).mean() < 0.06 * column.std()
        assert one_peak(column).mean() == pytest.approx(column.mean(), rel=0.02)


@pytest.mark.real_data
def test_a_high_silhouette_of_online_retail_means_outliers_not_groups(retail_rfm):
    rows = standardised(retail_rfm)
    trust = judge(rows, fit(rows, "kmeans", 4, seed=42).labels, seed=42)
    assert trust.silhouette_cloud > 0.5
    assert trust.level == "none"


@pytest.mark.real_data
def test_the_groups_of_the_mall_are_clear(mall):
    trust = judge(mall, fit(mall, "kmeans", 5, seed=42).labels, seed=42)
    assert trust.level == "clear"
    assert set(trust.verdicts) == {"use"}
