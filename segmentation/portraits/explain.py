"""Which customers are in a segment: for each, one rule of a few conditions on the original columns, with coverage and precision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from segmentation.portraits.conditions import Condition, category_choices, number_cuts, say_conditions
from segmentation.portraits.rule_search import looked_at, search_rule
from segmentation.portraits.traits import ProfileColumn, numbers_of, without_repeats
from segmentation.portraits.wording import percent_text


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
        return np.logical_and.reduce([np.ones(len(frame), bool), *(condition.fits(frame) for condition in self.conditions)])


def explain_segments(
    frame: pd.DataFrame, segment_ids: np.ndarray, columns: Sequence[ProfileColumn], max_conditions: int = 3
) -> tuple[Rule, ...]:
    """Find for every segment the rule with the best F1 score (harmonic mean of coverage and precision).

    A beam search over cuts at the segment's own quantiles; a condition more must add 0.01 to the score. The numbers are rounded
    before they are scored, so coverage and precision are those of the rule as it reads, and they are counted on all customers. The
    search itself looks at 30,000 members and 30,000 others at most, evenly spaced in the order of the rows; below that the order of
    the rows has no say.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, columns)
        One row a customer, sorted by id.
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
    labels = np.asarray(segment_ids)[is_in]
    customers = _Customers(frame.loc[is_in], without_repeats(columns))
    ids = np.unique(labels)
    if ids.size == 1:
        return (Rule(int(ids[0]), "All customers are in this segment.", (), 1.0, 1.0),)
    return tuple(_explain(customers, int(segment_id), labels == segment_id, max_conditions) for segment_id in ids)


class _Customers:
    """The segmented customers, their numbers ready and sorted once for all segments."""

    def __init__(self, frame: pd.DataFrame, columns: Sequence[ProfileColumn]) -> None:
        self.frame = frame
        self.columns = columns
        self._numbers = {column.name: numbers_of(frame, column.name) for column in columns if column.kind == "number"}
        self._sorted = {name: np.sort(values[~np.isnan(values)]) for name, values in self._numbers.items()}

    def conditions(self, is_member: np.ndarray) -> list[Condition]:
        """Return the conditions worth trying for a segment."""
        found: dict[Condition, None] = {}
        for column in self.columns:
            if column.kind == "number":
                members = self._numbers[column.name][is_member]
                for cut in number_cuts(self._sorted[column.name], np.sort(members[~np.isnan(members)])):
                    found.update({Condition(column, ">", cut): None, Condition(column, "<=", cut): None})
            else:
                choices = category_choices(self.frame[column.name], is_member)
                found.update({Condition(column, operator, category): None for operator, category in choices})
        return list(found)

    def fitting(self, conditions: Sequence[Condition], rows: np.ndarray) -> np.ndarray:
        """Return whom of the customers at ``rows`` each condition fits, bool of shape (conditions, rows)."""
        names = {condition.column.name for condition in conditions}
        numbers = {name: values[rows] for name, values in self._numbers.items() if name in names}
        texts = self.frame.iloc[rows] if names - numbers.keys() else self.frame
        masks = np.empty((len(conditions), rows.size), bool)
        for mask, condition in zip(masks, conditions, strict=True):
            values = numbers.get(condition.column.name)
            mask[:] = condition.fits(texts) if values is None else condition.fits_numbers(values)
        return masks


def _explain(customers: _Customers, segment_id: int, is_member: np.ndarray, max_conditions: int) -> Rule:
    conditions = customers.conditions(is_member)
    size = int(is_member.sum())
    share = size / is_member.size
    sides = [(condition.column.name, condition.operator) for condition in conditions]
    members, others = (customers.fitting(conditions, looked_at(chosen)) for chosen in (is_member, ~is_member))
    chosen = search_rule(members, others, sides, (size, is_member.size - size), max_conditions) if conditions else ()
    if not chosen:
        sentence = f"No rule of a few conditions tells this segment from the others; it is {percent_text(share)} of the customers."
        return Rule(segment_id, sentence, (), 1.0, share)
    rule = tuple(conditions[at] for at in chosen)
    fits = customers.fitting(rule, np.arange(is_member.size)).all(axis=0)
    hits = int((fits & is_member).sum())
    coverage, precision = hits / size, hits / int(fits.sum())
    told = f"{percent_text(coverage)} of this segment fit, {percent_text(precision)} of those who fit are in it."
    return Rule(segment_id, f"{say_conditions(rule)}: {told}", rule, coverage, precision)
