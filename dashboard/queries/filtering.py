"""What a dataset can be filtered by: its columns with their words, and the values of one of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
from pydantic import TypeAdapter

from dashboard.auth.personal import is_personal
from dashboard.context import Context
from dashboard.queries.answers import load_answer
from dashboard.queries.segments import ShownSegment
from dashboard.queries.sources import load_source
from database.datasets import Dataset
from segmentation.errors import ForbiddenError
from segmentation.intake.columns import ROLE_BY_NAME
from segmentation.measures.catalogue import MAX_CATEGORIES
from segmentation.measures.demographics import is_yes_or_no
from segmentation.measures.filters import (
    DAYS,
    DERIVED,
    FIRST_MONTH,
    MONTH,
    ORDER_VALUE,
    SEGMENT,
    UNKNOWN,
    WEEK_HOUR,
    WEEKDAY,
    WEEKDAYS,
)
from segmentation.measures.lines import month_numbers
from segmentation.measures.overview import PLACES
from segmentation.measures.selection import Source

MOST_SHOWN = 60
_OF_TIME = {MONTH: "Month", WEEKDAY: "Weekday", FIRST_MONTH: "Month of first order"}
_ONLY_WORDS = {DAYS: "Dates", WEEK_HOUR: "Weekday and hour"}
"""They have words and no menu of values; both choose purchases."""

Kind = Literal["words", "number", "yes", "segment", "time"]


@dataclass(frozen=True)
class Field:
    """Something to filter by.

    ``names`` are words for choices that a person would not read as they stand (ids of segments); ``is_of_lines`` says that it chooses
    purchases rather than customers.
    """

    column: str
    label: str
    kind: Kind
    unit: str | None = None
    is_whole: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    is_of_lines: bool = False


@dataclass(frozen=True)
class Value:
    """One value of a field: as a filter has it, in words, and how many customers (of purchases: lines) have it."""

    text: str
    words: str
    n: int


_NAME = "fields:6"
_SHAPE: TypeAdapter[tuple[Field, ...]] = TypeAdapter(tuple[Field, ...])


def load_fields(context: Context, dataset: Dataset, segments: Sequence[ShownSegment] = ()) -> tuple[Field, ...]:
    """Return what a dataset can be filtered by, the segments of a run first."""
    known = load_answer(context, dataset, _NAME, _SHAPE, lambda: list_fields(load_source(context, dataset)))
    return (*_segment_field(segments), *known)


def _segment_field(segments: Sequence[ShownSegment]) -> tuple[Field, ...]:
    names = {str(segment.segment_id): segment.name for segment in segments}
    return (Field(SEGMENT, "Segment", "segment", names=names | {UNKNOWN: "Not segmented"}),) if segments else ()


def list_fields(source: Source) -> tuple[Field, ...]:
    """Return what a dataset can be filtered by, in the order in which a menu shows it."""
    columns = [column.name for column in source.catalogue.columns if column.kind != "text" or column.name in PLACES]
    found = [_field_of_customers(source, name) for name in columns]
    if source.lines is not None:
        known = set(source.catalogue.frame.columns)
        wanted = [name for name in source.lines.cells if name not in known and name != source.product_names]
        found += [Field(name, _sentence(source.others.get(name, name)), "words", is_of_lines=True) for name in wanted]
        if source.lines.units is not None:
            found.append(Field(ORDER_VALUE, "Order value", "number", "money", source.lines.scale == 0, is_of_lines=True))
        if source.lines.seconds is not None:
            found += [Field(column, label, "time", is_of_lines=column != FIRST_MONTH) for column, label in _OF_TIME.items()]
    return tuple(found)


def find_field(fields: Sequence[Field], column: str) -> Field:
    """Return a field by its column; one without a menu entry has its words all the same."""
    known = next((each for each in fields if each.column == column), None)
    if known is None and column in _ONLY_WORDS:
        return Field(column, _ONLY_WORDS[column], "time", is_of_lines=True)
    return known or Field(column, _sentence(column), "words")


def tells_who(source: Source, name: str) -> bool:
    """Tell whether a filter on a column could find out who somebody is."""
    known = next((column for column in source.population.catalogue.columns if column.name == name), None)
    if known is not None:
        return is_personal(known)
    if name in DERIVED or name in ROLE_BY_NAME or source.lines is None or name not in source.lines.cells:
        return name in ROLE_BY_NAME and ROLE_BY_NAME[name].is_about_customer
    return len(source.lines.cells[name].dictionary) > MAX_CATEGORIES


def refuse_personal(source: Source, names: Iterable[str]) -> None:
    """Refuse to sort or filter by what tells who somebody is, for whoever may not see it."""
    for name in names:
        if tells_who(source, name):
            raise ForbiddenError(
                "personal_column", f'Sorting or filtering by "{name[:60]}" would show personal data.', fix="Ask whoever gives access."
            )


def list_values(source: Source, shown: Field, search: str = "") -> list[Value]:
    """Return the values of a field that hold the words searched for, the most frequent (of time: the latest) first, at most 60."""
    counts = _count_values(source, shown)
    wanted = search.strip().casefold()
    found = [
        Value(text, words, n)
        for text, n in counts.items()
        if n and wanted in (words := shown.names.get(text, text or "Not known")).casefold()
    ]
    return found[:MOST_SHOWN]


def number_range(source: Source, column: str) -> tuple[float, float] | None:
    """Return the least and the largest known value of a number; None where none is known."""
    values = _numbers(source, column)
    values = values[np.isfinite(values)]
    return (float(values.min()), float(values.max())) if values.size else None


def _numbers(source: Source, column: str) -> np.ndarray:
    if column == ORDER_VALUE and source.lines is not None:
        return source.lines.order_values()
    return source.population.catalogue.frame[column].to_numpy(np.float64)


def _field_of_customers(source: Source, name: str) -> Field:
    column = source.population.catalogue.find(name)
    if column.kind != "number":
        return Field(name, _sentence(column.label), "words")
    values = source.population.catalogue.frame[name].to_numpy(np.float64)
    known = values[np.isfinite(values)]
    kind: Kind = "yes" if is_yes_or_no(values) else "number"
    return Field(name, _sentence(column.label), kind, column.unit, bool(np.all(known == np.round(known))))


def _count_values(source: Source, shown: Field) -> dict[str, int]:
    """Return how often each value occurs, in the order to show."""
    if shown.column == SEGMENT and source.segment_ids is not None:
        ids, counts = np.unique(source.segment_ids, return_counts=True)
        by_id = {UNKNOWN if number == 0 else str(number): int(n) for number, n in zip(ids.tolist(), counts.tolist(), strict=True)}
        return {text: by_id.get(text, 0) for text in shown.names}
    frame, lines = source.catalogue.frame, source.lines
    if shown.column in frame:
        values = frame[shown.column]
        if shown.kind == "yes":
            return {"1": int((values == 1).sum()), "0": int((values == 0).sum()), UNKNOWN: int(values.isna().sum())}
        texts = values.astype(object).where(values.notna(), UNKNOWN).value_counts()
        return {str(text): int(n) for text, n in texts.items()}
    if lines is None:
        return {}
    if lines.seconds is not None and lines.order_seconds is not None and shown.kind == "time":
        return _count_times(lines.seconds, lines.order_seconds, lines.order_customers, shown.column)
    found = lines.labels(shown.column)
    counts = np.bincount(np.where(found.codes < 0, len(found.texts), found.codes), minlength=len(found.texts) + 1)
    order = np.argsort(-counts, kind="stable").tolist()
    return {(found.texts[code] if code < len(found.texts) else UNKNOWN): int(counts[code]) for code in order if counts[code]}


def _count_times(seconds: np.ndarray, order_seconds: np.ndarray, customers: np.ndarray, column: str) -> dict[str, int]:
    if column == WEEKDAY:
        counts = np.bincount((seconds // 86_400 + 3) % 7, minlength=7)
        return dict(zip(WEEKDAYS, counts.tolist(), strict=True))
    if column == FIRST_MONTH:
        seconds = pd.Series(order_seconds).groupby(customers).min().to_numpy()
    months, n = np.unique(month_numbers(seconds), return_counts=True)
    names = months.astype("datetime64[M]").astype(str)
    return dict(zip(names[::-1].tolist(), n[::-1].tolist(), strict=True))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
