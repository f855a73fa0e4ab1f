"""Who moved where, counted by hand, and sums that come out."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.measures.migration import Labelled, follow_customers, migration_matrix, pair_segments


def side(money=True, **segments):
    ids = np.array(sorted(segments), dtype=object)
    values = [segments[each] for each in ids]
    return Labelled(ids, np.array([value[0] for value in values]), np.array([float(value[1]) for value in values]) if money else None)


def test_a_small_move_by_hand():
    before = side(a=(1, 10), b=(1, 20), c=(2, 5), d=(0, 1))
    after = side(b=(2, 25), c=(2, 6), d=(1, 2), e=(1, 3))
    found = migration_matrix(follow_customers(before, after))
    assert (found.old, found.new) == ((1, 2, 0, -1), (1, 2, -1))
    assert found.customers.tolist() == [[0, 1, 1], [0, 1, 0], [1, 0, 0], [1, 0, 0]]
    assert found.money_before.tolist() == [[0, 20, 10], [0, 5, 0], [1, 0, 0], [0, 0, 0]]
    assert found.money_after.tolist() == [[0, 25, 0], [0, 6, 0], [2, 0, 0], [3, 0, 0]]


def test_without_money_on_one_side_there_is_none():
    found = migration_matrix(follow_customers(side(a=(1, 10)), side(money=False, a=(1, 0))))
    assert found.money_before is None
    assert found.customers.tolist() == [[1]]


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**31), st.integers(1, 60), st.integers(1, 60))
def test_sums_come_out_whatever_the_order(seed, n_before, n_after):
    draw = np.random.default_rng(seed)

    def random_side(n):
        ids = draw.choice([f"c{i:02}" for i in range(80)], n, replace=False).astype(object)
        return Labelled(ids, draw.integers(0, 5, n), draw.integers(0, 1000, n) / 4)

    before, after = random_side(n_before), random_side(n_after)
    moves = follow_customers(before, after)
    found = migration_matrix(moves)
    assert found.customers.sum() == len(set(before.ids) | set(after.ids))
    assert found.money_before.sum() == before.money.sum()
    assert found.money_after.sum() == after.money.sum()
    order = draw.permutation(n_before)
    again = follow_customers(Labelled(before.ids[order], before.segments[order], before.money[order]), after)
    assert np.array_equal(again.old, moves.old)
    assert np.array_equal(migration_matrix(again).customers, found.customers)


def test_segments_stand_beside_those_they_share_most_customers_with():
    old = np.repeat([1, 2, 3, 0], [50, 40, 30, 5])
    new = np.concatenate([np.full(45, 7), np.full(5, 8), np.full(40, 8), np.full(30, 9), np.full(5, 9)])
    ids = np.array([f"c{place:03}" for place in range(125)], dtype=object)
    found = migration_matrix(follow_customers(Labelled(ids, old), Labelled(ids, new)))
    assert pair_segments(found) == ((1, 7), (2, 8), (3, 9))
    one_less = migration_matrix(follow_customers(Labelled(ids, old), Labelled(ids, np.where(new == 9, 8, new))))
    assert pair_segments(one_less) == ((1, 7), (2, 8)), "each stands beside one only"
    apart = migration_matrix(follow_customers(Labelled(ids[:90], old[:90]), Labelled(ids[90:], new[90:])))
    assert pair_segments(apart) == ()
