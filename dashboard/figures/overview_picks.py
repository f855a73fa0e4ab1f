"""What a click on each mark of a chart chooses, and which marks are chosen: those keep their colour, the others step back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from dashboard.figures.overview_chart import DATA, SOFT
from segmentation.measures.demographics import AGE_BANDS
from segmentation.measures.derived import MAX_AGE
from segmentation.measures.filters import (
    DAYS,
    MONTH,
    Band,
    Choice,
    Condition,
    CustomerFilter,
    Days,
    is_number_text,
    write_choice,
    write_filter,
)

_AGES = (0.0, 18.0, 25.0, 35.0, 45.0, 55.0, 65.0, MAX_AGE + 1.0)
AGE_CHOICES = dict(zip(AGE_BANDS, (Band(low, high) for low, high in pairwise(_AGES)), strict=True))
"""What each band of ages stands for."""


@dataclass(frozen=True)
class Picks:
    """For each mark the conditions that a click sets, as the filter writes them (None: no click), and whether it is chosen now."""

    conditions: tuple[str | None, ...]
    is_on: tuple[bool, ...]

    @property
    def any_on(self) -> bool:
        """Whether some mark is chosen, so that the others step back."""
        return any(self.is_on)

    def colours(self, full: str = DATA, soft: str = SOFT) -> list[str]:
        """Return the colour of each mark."""
        return [full if is_on or not self.any_on else soft for is_on in self.is_on]

    def meta(self) -> dict[str, Any]:
        """Return what ``assets/filters.js`` reads from a trace."""
        return {"picks": list(self.conditions)}

    def take(self, places: Sequence[int]) -> Picks:
        """Return those of some marks."""
        return Picks(tuple(self.conditions[place] for place in places), tuple(self.is_on[place] for place in places))


def picks(chosen: CustomerFilter, marks: Sequence[Sequence[Condition]]) -> Picks:
    """Return the picks of marks, each of which stands for some conditions (none: it cannot be chosen)."""
    return Picks(_written(marks), tuple(_is_on(chosen, mark) for mark in marks))


def _written(marks: Sequence[Sequence[Condition]]) -> tuple[str | None, ...]:
    return tuple(write_filter(CustomerFilter(tuple(mark))) or None for mark in marks)


def picks_of(chosen: CustomerFilter, column: str, choices: Sequence[Choice | None]) -> Picks:
    """Return the picks of marks that each stand for one choice of a column."""
    known = chosen.find(column)
    wanted = known.choices if known else ()
    is_on = tuple(choice is not None and any(touches(choice, each) for each in wanted) for choice in choices)
    return Picks(tuple(None if choice is None else write_choice(column, choice) for choice in choices), is_on)


def picks_within(chosen: CustomerFilter, marks: Sequence[Sequence[Condition]]) -> Picks:
    """Return the picks of marks of several conditions each, which are chosen when they agree with what is filtered by of these."""
    columns = {condition.column for mark in marks for condition in mark if chosen.find(condition.column)}
    parts = [[condition for condition in mark if condition.column in columns] for mark in marks]
    return Picks(_written(marks), tuple(_is_on(chosen, part) for part in parts))


def picks_of_months(chosen: CustomerFilter, names: Sequence[str]) -> Picks:
    """Return the picks of months; chosen are also those of which the days chosen hold a part."""
    found = picks_of(chosen, MONTH, list(names))
    days = chosen.find(DAYS)
    if days is None or found.any_on:
        return found
    spans = [(each.first.isoformat()[:7] if each.first else "", each.last.isoformat()[:7] if each.last else "~") for each in _days(days)]
    return Picks(found.conditions, tuple(any(first <= name <= last for first, last in spans) for name in names))


def _days(condition: Condition) -> list[Days]:
    return [choice for choice in condition.choices if isinstance(choice, Days)]


def _is_on(chosen: CustomerFilter, mark: Sequence[Condition]) -> bool:
    found = [(condition, chosen.find(condition.column)) for condition in mark]
    return bool(mark) and all(
        known is not None and any(touches(own, wanted) for own in condition.choices for wanted in known.choices)
        for condition, known in found
    )


def touches(mark: Choice, wanted: Choice) -> bool:
    """Tell whether what a mark stands for is wanted, at least in part."""
    if isinstance(mark, Band) and isinstance(wanted, Band):
        starts_before = wanted.high is None or mark.low is None or mark.low < wanted.high
        return starts_before and (wanted.low is None or mark.high is None or wanted.low < mark.high)
    if isinstance(wanted, Band) and isinstance(mark, str):
        number = float(mark) if is_number_text(mark) else math.nan
        return number >= (-math.inf if wanted.low is None else wanted.low) and number < (math.inf if wanted.high is None else wanted.high)
    return mark == wanted
