"""Segments stay themselves on new data: by shared customers, by mean points; splits and merges are told."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.clusters.identity import Centres, match_segments


def repeat(*groups):
    """Old ids and new places of groups of customers: (old id, new place, how many)."""
    old = np.concatenate([np.full(n, segment) for segment, _, n in groups])
    new = np.concatenate([np.full(n, place) for _, place, n in groups])
    return old.astype(np.int64), new.astype(np.int64)


def events(identity):
    return [(event.kind, event.old, event.new) for event in identity.events]


def test_the_same_segments_in_another_order_keep_their_ids():
    old, new = repeat((1, 2, 50), (2, 0, 40), (5, 1, 30), (1, 0, 5), (0, 1, 7), (2, -1, 3))
    found = match_segments(old, new, [1, 2, 5], 3, [1, 2, 3, 4, 5])
    assert found.ids == found.continues == (2, 5, 1)
    assert found.kept == (1.0, 1.0, pytest.approx(50 / 55))
    assert events(found) == []


def test_a_segment_that_splits_goes_on_in_its_larger_part():
    old, new = repeat((1, 0, 60), (1, 1, 40), (2, 2, 50))
    found = match_segments(old, new, [1, 2], 3, [1, 2])
    assert found.continues == (1, None, 2)
    assert found.ids == (1, 3, 2)
    assert events(found) == [("split", (1,), (0, 1))]


def test_two_segments_that_merge_go_on_in_one():
    old, new = repeat((1, 0, 60), (2, 0, 40), (3, 1, 50))
    found = match_segments(old, new, [1, 2, 3], 2, [1, 2, 3])
    assert found.continues == (1, 3)
    assert events(found) == [("merged", (1, 2), (0,))]


def test_what_is_gone_and_what_is_new():
    old, new = repeat((1, 0, 50), (2, -1, 50), (0, 1, 50))
    found = match_segments(old, new, [1, 2], 2, [1, 2, 9])
    assert found.ids == (1, 10), "an id that any segment had before is not used again"
    assert events(found) == [("gone", (2,), ()), ("new", (), (1,))]


def test_everything_shaken_is_nothing_that_goes_on():
    draw = np.random.default_rng(1)
    found = match_segments(draw.integers(1, 6, 5_000), draw.integers(0, 5, 5_000), [1, 2, 3, 4, 5], 5, [1, 2, 3, 4, 5])
    assert found.continues == (None,) * 5
    assert found.ids == (6, 7, 8, 9, 10)


NOBODY = np.zeros(0, np.int64)


def centres(old, new, old_size=100, new_size=100):
    old, new = np.array(old), np.array(new)
    return Centres(old, new, np.full(len(old), old_size), np.full(len(new), new_size))


def test_by_their_mean_points():
    both = centres([[0.0, 0.0], [4.0, 0.0], [0.0, 4.0]], [[0.2, 3.8], [0.1, 0.1], [9.0, 9.0]])
    found = match_segments(NOBODY, NOBODY, [1, 2, 3], 3, [1, 2, 3], both)
    assert (found.how, found.continues, found.ids) == ("centres", (3, 1, None), (3, 1, 4))
    assert events(found) == [("gone", (2,), ()), ("new", (), (2,))]


def test_one_old_segment_matches_the_nearest():
    found = match_segments(NOBODY, NOBODY, [1], 2, [1], centres([[0.0]], [[5.0], [1.0]]))
    assert found.continues == (None, 1)


def test_a_segment_of_new_people_goes_on_by_what_it_is_like_beside_others_that_share_customers():
    old, new = repeat((1, 0, 50), (2, 1, 50))
    found = match_segments(old, new, [1, 2, 3], 3, [1, 2, 3], centres([[0.0], [5.0], [9.0]], [[0.0], [5.0], [9.1]], 50, 50))
    assert (found.how, found.ids) == ("customers", (1, 2, 3))
    assert found.kept == (1.0, 1.0, None)
    assert events(found) == []


def test_what_customers_say_is_not_overruled_by_mean_points():
    old, new = repeat((1, 1, 50), (2, 0, 50))
    found = match_segments(old, new, [1, 2], 2, [1, 2], centres([[0.0], [5.0]], [[0.0], [5.0]], 50, 50))
    assert found.ids == (2, 1)


@settings(deadline=None, max_examples=100)
@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 2**31), st.integers(0, 300))
def test_the_order_of_customers_has_no_say_and_ids_are_unique(n_old, k, seed, n):
    draw = np.random.default_rng(seed)
    old, new = draw.integers(0, n_old + 1, n), draw.integers(-1, k, n)
    ids = list(range(1, n_old + 1))
    found, order = match_segments(old, new, ids, k, ids), draw.permutation(n)
    assert match_segments(old[order], new[order], ids, k, ids) == found
    assert len(set(found.ids)) == k
    going_on = [each for each in found.continues if each is not None]
    assert set(going_on) <= set(ids)
