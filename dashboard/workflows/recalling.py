"""A file of a shape that was imported before is read as it was read then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.context import Context
from dashboard.workflows.choices import Choices, check_choices
from database.datasets import Dataset, Part, list_datasets
from database.engine import read
from segmentation.errors import InvalidInputError
from segmentation.findings import Finding
from segmentation.intake.cleaning_rules import ALL_DETAILS
from segmentation.intake.keys import is_key, with_key
from segmentation.intake.mapping import EACH_ROW, map_columns
from segmentation.intake.table import RawTable

_ALIKE = 0.7
"""Two files have one shape when they share at least this part of all headers that either has."""
_OF_ONE_FILE = frozenset({"read", "as_of", "append_to", "replaces", "details", "recall"})
"""What was decided about one file and says nothing about the next."""
_MOST_NAMED = 8


@dataclass(frozen=True)
class Recalled:
    """What is remembered: the dataset that had this shape, how it was read, and the headers that are new and gone since."""

    dataset: Dataset
    choices: Choices
    new: Sequence[str]
    gone: Sequence[str]

    def finding(self) -> Finding:
        """Say so, as a warning where the shape has drifted."""
        if not self.new and not self.gone:
            return Finding(
                "choices_recalled", "info", f'The columns are those of "{self.dataset.name}"; they were read as they were then.', 1
            )
        parts = [f"{words} {_listed(headers)}" for words, headers in (("new:", self.new), ("gone:", self.gone)) if headers]
        message = f'The columns are nearly those of "{self.dataset.name}" and were read as they were then. {"; ".join(parts).capitalize()}.'
        return Finding("shape_drifted", "warning", message, len(self.new) + len(self.gone))


def recall_choices(context: Context, raw: RawTable, choices: Choices) -> Recalled | None:
    """Return how the last file of this shape was read; None where there was none, or where the person has decided something already."""
    if _is_decided(choices):
        return None
    with read(context.engine) as conn:
        datasets = [dataset for dataset in list_datasets(conn) if dataset.facts and not dataset.source.get("is_demo")]
    headers = raw.headers
    known = [(_likeness(headers, headers_of(dataset)), -place, dataset) for place, dataset in enumerate(datasets)]
    likeness, _, dataset = max(known, key=lambda each: each[:2], default=(0.0, 0, None))
    if dataset is None or likeness < _ALIKE:
        return None
    before = headers_of(dataset)
    try:
        chosen = _choices_of(dataset, raw, choices)
    except InvalidInputError:  # of a time when there were other choices
        return None
    return Recalled(dataset, chosen, [each for each in headers if each not in before], [each for each in before if each not in headers])


def choices_beside(context: Context, raw: RawTable, choices: Choices, dataset: Dataset) -> Choices:
    """Return how a file is read whose customers are to be held against those of a dataset.

    As that was, since it may have been read in several ways; otherwise only where the person has decided it, or where the file has the
    shape of another dataset rather than of this one.
    """
    if _is_decided(choices):
        return choices
    recalled = recall_choices(context, raw, choices)
    if recalled and _likeness(raw.headers, headers_of(recalled.dataset)) > _likeness(raw.headers, headers_of(dataset)):
        return recalled.choices
    try:
        return _choices_of(dataset, raw, choices)
    except InvalidInputError:  # of a time when there were other choices
        return choices


def _is_decided(choices: Choices) -> bool:
    return not choices.recall or bool(set(choices.as_json()) - {"read"})


def headers_of(dataset: Dataset) -> list[str]:
    """Return the headers of the file that a dataset was made of."""
    part: Part = "transactions" if dataset.kind == "transactions" else "customers"
    stored = [spec.header for spec in dataset.columns[part] if spec.header]
    return [header for header in stored if not is_key(header, stored)] + list(dataset.source.get("leave_out") or ())


def _likeness(one: Sequence[str], other: Sequence[str]) -> float:
    return len(set(one) & set(other)) / len(set(one) | set(other))


def _choices_of(dataset: Dataset, raw: RawTable, choices: Choices) -> Choices:
    """Return what was decided then, and of what was guessed then only what would be guessed otherwise now: the same file stays the same."""
    source, facts = dataset.source, dataset.facts
    names = [name for name in Choices.model_fields if name in source and name not in _OF_ONE_FILE]
    kept = {name: source[name] for name in names if source[name] is not None}
    if not _has_key(raw, kept.get("customer")):
        del kept["customer"]
    decided = {role: header for role, header in kept.get("roles", {}).items() if not header or header in raw.headers}
    try:
        guessed = map_columns(raw, decided, kept.get("customer")).roles
    except InvalidInputError:
        guessed = {}
    mapped = {role: header for role, header in (facts.details["report"]["mapping"] if facts else {}).items() if header in raw.headers}
    kept["roles"] = {**decided, **{role: header for role, header in mapped.items() if guessed.get(role) != header}}
    if kept.get("customer") is not None:
        kept["roles"].pop("customer", None)
    kept["gaps"] = {header: way for header, way in kept.get("gaps", {}).items() if header in (*raw.headers, ALL_DETAILS)}
    kept["cap"] = {header: quantile for header, quantile in kept.get("cap", {}).items() if header in raw.headers}
    kept["leave_out"] = [header for header in kept.get("leave_out", []) if header in raw.headers]
    return check_choices({**kept, "read": choices.read.model_dump(exclude_none=True)})


def _has_key(raw: RawTable, customer: str | None) -> bool:
    """Tell whether a file has the columns by which customers were told apart; without such a choice any has."""
    if customer is None or customer == EACH_ROW:
        return True
    try:
        return with_key(raw, customer)[0] is not raw or customer in raw.headers
    except InvalidInputError:
        return False


def _listed(headers: Sequence[str]) -> str:
    shown = ", ".join(f'"{header}"' for header in headers[:_MOST_NAMED])
    return shown if len(headers) <= _MOST_NAMED else f"{shown} and {len(headers) - _MOST_NAMED} more"
