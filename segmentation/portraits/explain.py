"""Which customers are in a segment: for each, one rule of a few conditions on the original columns, with coverage and precision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from segmentation.portraits.conditions import Condition, category_choices, number_cuts, say_conditions
from segmentation.portraits.traits import ProfileColumn, numbers_of
from segmentation.portraits.wording import percent_text

_BEAM = 16
"""Rules kept at each length."""
_PER_SIDE = 3
"""Single conditions kept of one column and one direction, so that one column does not fill the beam."""
_MIN_GAIN = 0.01
"""What a further condition must add to the F1 score to be worth reading."""
_MIN_LIFT = 1.1
"""A rule whose customers are hardly more often in the segment than all customers explains nothing."""


@dataclass(frozen=True)
class Rule:
    """A rule that describes one segment.

    Attributes
    ----------
    segment_id : int
    sentence : str
    conditions : tuple of Condition
        All must be met. Empty where no short rule tells the segment from the others.
    coverage : float
        Share of the segment's customers that fit, 0..1.
    precision : float
        Share of those who fit that are in the segment, 0..1.
    """

    segment_id: int
    sentence: str
    conditions: tuple[Condition, ...]
    coverage: float
    precision: float

    def fits(self, frame: pd.DataFrame) -> np.ndarray:
        """Return whom of the frame's customers the rule fits, bool of shape (n,)."""
        return np.logical_and.reduce([condition.fits(frame) for condition in self.conditions] or [np.ones(len(frame), bool)])


def explain_segments(
    frame: pd.DataFrame, segment_ids: np.ndarray, columns: Sequence[ProfileColumn], max_conditions: int = 3
) -> tuple[Rule, ...]:
    """Find for every segment the rule with the best F1 score (harmonic mean of coverage and precision).

    A beam search over cuts at the segment's own quantiles; a condition more must add 0.01 to the score. The numbers are rounded
    before they are scored, so coverage and precision are those of the rule as it reads.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, columns)
    segment_ids : numpy.ndarray of int, shape (n,)
        1..k; 0 for customers that are not segmented, which count nowhere.
    columns : sequence of ProfileColumn
        Conditions are on these; the first of equally good ones is taken.
    max_conditions : int
        At least 1.

    Returns
    -------
    tuple of Rule
        In the order of the segment ids.
    """
    is_in = np.asarray(segment_ids) > 0
    inside, labels = frame.loc[is_in], np.asarray(segment_ids)[is_in]
    has_age = any(column.role == "age" for column in columns)
    usable = [column for column in columns if not (has_age and column.role == "birth_year")]
    numbers = {column.name: numbers_of(inside, column.name) for column in usable if column.kind == "number"}
    ordered = {name: np.sort(values[~np.isnan(values)]) for name, values in numbers.items()}
    ids = np.unique(labels)
    if ids.size == 1:
        return (Rule(int(ids[0]), "All customers are in this segment.", (), 1.0, 1.0),)
    rules = []
    for segment_id in ids:
        is_member = labels == segment_id
        conditions = list(_conditions(inside, usable, is_member, numbers, ordered))
        masks = np.array([_mask(condition, inside, numbers) for condition in conditions], bool).reshape(-1, labels.size)
        chosen = _search(conditions, masks, is_member, max_conditions)
        rules.append(_rule(int(segment_id), [conditions[at] for at in chosen], masks[list(chosen)], is_member))
    return tuple(rules)


def _conditions(
    frame: pd.DataFrame,
    columns: Sequence[ProfileColumn],
    is_member: np.ndarray,
    numbers: dict[str, np.ndarray],
    ordered: dict[str, np.ndarray],
) -> list[Condition]:
    found: dict[Condition, None] = {}
    for column in columns:
        if column.kind == "number":
            members = numbers[column.name][is_member]
            for cut in number_cuts(ordered[column.name], np.sort(members[~np.isnan(members)])):
                found.update({Condition(column, ">", cut): None, Condition(column, "<=", cut): None})
        else:
            choices = category_choices(frame[column.name], is_member)
            found.update({Condition(column, operator, category): None for operator, category in choices})
    return list(found)


def _mask(condition: Condition, frame: pd.DataFrame, numbers: dict[str, np.ndarray]) -> np.ndarray:
    if isinstance(condition.value, str):
        return condition.fits(frame)
    values = numbers[condition.column.name]
    return values > condition.value if condition.operator == ">" else values <= condition.value


def _search(conditions: Sequence[Condition], masks: np.ndarray, is_member: np.ndarray, max_conditions: int) -> tuple[int, ...]:
    """Return the positions of the conditions of the best rule; a beam search with counts of set bits."""
    everyone, members = _pack(masks), _pack(masks[:, is_member])
    size = int(is_member.sum())
    scores = _f1(_count(members), _count(everyone), size)
    beam: list[tuple[int, ...]] = [(at,) for at in _spread(conditions, scores)]
    best: tuple[int, ...] = ()
    best_score = 0.0
    for length in range(1, max_conditions + 1):
        if length > 1:
            beam, scores = _extend(beam, everyone, members, size)
        elif beam:
            scores = scores[[rule[0] for rule in beam]]
        if beam and scores[0] >= best_score + _MIN_GAIN:
            best, best_score = beam[0], float(scores[0])
    return best


def _spread(conditions: Sequence[Condition], scores: np.ndarray) -> list[int]:
    """Return the best conditions, at most a few of one column and direction."""
    taken: dict[tuple[str, str], int] = {}
    chosen = []
    for at in np.argsort(-scores, kind="stable"):
        side = (conditions[at].column.name, conditions[at].operator)
        taken[side] = taken.get(side, 0) + 1
        if taken[side] <= _PER_SIDE:
            chosen.append(int(at))
    return chosen[: 2 * _BEAM]


def _extend(beam: list[tuple[int, ...]], everyone: np.ndarray, members: np.ndarray, size: int) -> tuple[list[tuple[int, ...]], np.ndarray]:
    """Return the best rules with one condition more, best first, and their scores."""
    found: dict[tuple[int, ...], float] = {}
    for rule in beam:
        fitting = np.bitwise_and.reduce(everyone[list(rule)], axis=0)
        fitting_members = np.bitwise_and.reduce(members[list(rule)], axis=0)
        scores = _f1(_count(members & fitting_members), _count(everyone & fitting), size)
        for at in np.argsort(-scores, kind="stable")[:_BEAM]:
            if at not in rule:
                found[tuple(sorted((*rule, int(at))))] = float(scores[at])
    ranked = sorted(found, key=lambda rule: (-found[rule], rule))[:_BEAM]
    return ranked, np.array([found[rule] for rule in ranked])


def _pack(masks: np.ndarray) -> np.ndarray:
    """Pack booleans of shape (m, n) into 64-bit words, uint64 of shape (m, ceil(n / 64))."""
    packed = np.packbits(masks, axis=1)
    return np.ascontiguousarray(np.pad(packed, ((0, 0), (0, -packed.shape[1] % 8)))).view(np.uint64)


def _count(words: np.ndarray) -> np.ndarray:
    return np.bitwise_count(words).sum(axis=1, dtype=np.int64)


def _f1(hits: np.ndarray, fitting: np.ndarray, size: int) -> np.ndarray:
    return 2 * hits / (fitting + size)


def _rule(segment_id: int, conditions: Sequence[Condition], masks: np.ndarray, is_member: np.ndarray) -> Rule:
    fits = masks.all(axis=0)
    hits, n_fitting = int((fits & is_member).sum()), int(fits.sum())
    share = float(is_member.mean())
    precision = hits / n_fitting if n_fitting else 0.0
    if not conditions or precision < min(_MIN_LIFT * share, 1.0):
        sentence = f"No rule of a few conditions tells this segment from the others; it is {percent_text(share)} of the customers."
        return Rule(segment_id, sentence, (), 1.0, share)
    coverage = hits / int(is_member.sum())
    told = f"{percent_text(coverage)} of this segment fit, {percent_text(precision)} of those who fit are in it."
    return Rule(segment_id, f"{say_conditions(conditions)}: {told}", tuple(conditions), coverage, precision)
