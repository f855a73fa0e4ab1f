"""The best conjunction of a few conditions for one group: a beam search that counts set bits."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

_BEAM = 16
"""Rules kept at each length."""
_FIRST_BEAM = 32
_PER_SIDE = 3
"""Single conditions kept of one side (a column and a direction), so that one column does not fill the beam."""
MIN_GAIN = 0.01
"""What a further condition must add to the F1 score to be worth reading."""
_MAX_LOOKED_AT = 30_000

Found = tuple[int, ...]


@dataclass(frozen=True)
class _Sample:
    """Which conditions fit the customers looked at: bits of members and of others, and how many customers each bit stands for."""

    members: np.ndarray
    others: np.ndarray
    member_weight: float
    other_weight: float
    size: int

    def scores(self, rule: Found = ()) -> np.ndarray:
        """Return the F1 score of a rule with each condition added, shape (m,)."""
        hits = self.member_weight * _count(self.members & _all_of(self.members, rule))
        misses = self.other_weight * _count(self.others & _all_of(self.others, rule))
        return 2 * hits / (hits + misses + self.size)


def looked_at(chosen: np.ndarray) -> np.ndarray:
    """Return the positions of the customers that a search looks at: all, or evenly spaced ones of more than 30,000."""
    positions = np.flatnonzero(chosen)
    return positions[:: max(1, -(-positions.size // _MAX_LOOKED_AT))]


def search_rule(members: np.ndarray, others: np.ndarray, sides: Sequence[Hashable], sizes: tuple[int, int], max_conditions: int) -> Found:
    """Return the positions of the conditions whose conjunction has the best F1 score; empty where no rule beats having none.

    Parameters
    ----------
    members, others : numpy.ndarray of bool, shape (m, customers looked at)
        Whom each condition fits, of the group and of the others.
    sides : sequence of hashable, length m
        Conditions of one side (a column and a direction) are alternatives.
    sizes : (int, int)
        Customers in the group and outside, of whom those looked at may be a sample.
    max_conditions : int
    """
    size, rest = sizes
    sample = _Sample(_pack(members), _pack(others), size / members.shape[1], rest / others.shape[1], size)
    scores = sample.scores()
    beam: list[Found] = [(at,) for at in _best_of_each_side(sides, scores)]
    best_scores = [float(scores[at]) for (at,) in beam]
    best: Found = ()
    best_score = 2 * size / (2 * size + rest)
    for length in range(1, max_conditions + 1):
        if length > 1:
            beam, best_scores = _extend(beam, sample)
        if beam and best_scores[0] >= best_score + MIN_GAIN:
            best, best_score = beam[0], best_scores[0]
    return best


def _best_of_each_side(sides: Sequence[Hashable], scores: np.ndarray) -> list[int]:
    taken: dict[Hashable, int] = {}
    chosen = []
    for at in np.argsort(-scores, kind="stable"):
        taken[sides[at]] = taken.get(sides[at], 0) + 1
        if taken[sides[at]] <= _PER_SIDE:
            chosen.append(int(at))
    return chosen[:_FIRST_BEAM]


def _extend(beam: list[Found], sample: _Sample) -> tuple[list[Found], list[float]]:
    """Return the best rules with one condition more, best first, and their scores."""
    found: dict[Found, float] = {}
    for rule in beam:
        scores = sample.scores(rule)
        for at in np.argsort(-scores, kind="stable")[:_BEAM]:
            if at not in rule:
                found[tuple(sorted((*rule, int(at))))] = float(scores[at])
    ranked = sorted(found, key=lambda rule: (-found[rule], rule))[:_BEAM]
    return ranked, [found[rule] for rule in ranked]


def _pack(masks: np.ndarray) -> np.ndarray:
    """Pack booleans of shape (m, n) into 64-bit words, uint64 of shape (m, ceil(n / 64))."""
    packed = np.packbits(masks, axis=1)
    return np.ascontiguousarray(np.pad(packed, ((0, 0), (0, -packed.shape[1] % 8)))).view(np.uint64)


def _all_of(words: np.ndarray, rule: Found) -> np.ndarray:
    if not rule:
        return np.array(~np.uint64(0))
    return np.asarray(np.bitwise_and.reduce(words[list(rule)], axis=0))


def _count(words: np.ndarray) -> np.ndarray:
    return np.asarray(np.bitwise_count(words).sum(axis=1, dtype=np.int64))
