"""The beam search against all conjunctions, one by one."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.portraits.rule_search import MIN_GAIN, looked_at, search_rule


def f1(fits: np.ndarray, is_member: np.ndarray) -> float:
    return 2 * (fits & is_member).sum() / (fits.sum() + is_member.sum())


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 10_000), st.integers(4, 150))
def test_no_pair_of_conditions_is_better(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(5, n))
    masks = np.vstack([values > cut for cut in (-0.5, 0.5)] + [values <= cut for cut in (0, 1)])
    is_member = (values[0] + values[1] > 0) & (rng.random(n) < 0.9)
    is_member[:2] = True, False
    found = search_rule(masks[:, is_member], masks[:, ~is_member], range(20), (int(is_member.sum()), int((~is_member).sum())), 2)
    singles = {(at,): f1(masks[at], is_member) for at in range(20)}
    pairs = {pair: f1(masks[list(pair)].all(axis=0), is_member) for pair in combinations(range(20), 2)}
    trivial = f1(np.ones(n, bool), is_member)
    best_single, best_pair = max(singles.values()), max(pairs.values())
    expected = best_single if best_single >= trivial + MIN_GAIN else trivial
    expected = best_pair if best_pair >= expected + MIN_GAIN else expected
    score = {(): trivial, **singles, **pairs}[found]
    assert score == pytest.approx(expected)


def test_a_large_group_is_looked_at_in_even_steps() -> None:
    chosen = np.zeros(200_000, bool)
    chosen[::2] = True
    rows = looked_at(chosen)
    assert 25_000 <= rows.size <= 30_000
    assert np.all(chosen[rows])
    assert np.all(np.diff(rows) == np.diff(rows)[0])
    assert looked_at(chosen[:1000]).size == 500


def test_a_sample_stands_for_all() -> None:
    """Members and others looked at in different proportions give the rule that all of them would."""
    rng = np.random.default_rng(2)
    values = rng.normal(size=40_000)
    is_member = values > 1.5
    masks = np.vstack([values > cut for cut in (0, 0.5, 1, 1.5, 2)])
    sizes = (int(is_member.sum()), int((~is_member).sum()))
    assert search_rule(masks[:, is_member], masks[:, ~is_member][:, ::20], range(5), sizes, 1) == (3,)
