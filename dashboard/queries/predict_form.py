"""The form of a run: what it asks of a customer, what usual values are, and what somebody typed into it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.formats import MISSING
from dashboard.queries.predict import LARGEST, RunModel, describe_person
from segmentation.measures.catalogue import CustomerColumn

LONGEST = 200
"""Characters of a value; an address holds no longer one."""
MOST_IN_ADDRESS = 40
_TYPED = "v."
"""Stands before the name of a feature in an address."""
_NOT_KNOWN = ("", "-", "?", MISSING)
_SIGNS = re.compile(r"[\s€$£¥₹'’_]|R\$")
_WRITTEN: tuple[tuple[re.Pattern[str], dict[str, str | int | None]], ...] = (
    (re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?"), {",": None}),
    (re.compile(r"-?\d{1,3}(\.\d{3})+,\d+"), {".": None, ",": "."}),
    (re.compile(r"-?\d{1,3}(\.\d{3}){2,}"), {".": None}),
    (re.compile(r"-?\d+,\d+"), {",": "."}),
    (re.compile(r"-?(\d+(\.\d*)?|\.\d+)"), {}),
)
"""12,345.6 as pages write it, 12.345,6, 1.234.567, 12,5 and 12.5; each with what to put for which mark."""
_SUFFIX = {"k": 1e3, "M": 1e6}


@dataclass(frozen=True)
class Field:
    """What a run asks of a customer; ``usual`` is where eight in ten of its customers are, ``levels`` the words, the commonest first."""

    name: str
    label: str
    kind: str
    unit: str | None
    default: str
    usual: tuple[float, float] | None
    every: tuple[float, float] | None
    levels: Sequence[str]


@dataclass(frozen=True)
class Described:
    """A form as it stands: the texts, what is wrong with them by field, and the answer where nothing is."""

    fields: Sequence[Field]
    typed: Mapping[str, str]
    problems: Mapping[str, str]
    answer: Mapping[str, Any] | None

    @property
    def changed(self) -> dict[str, str]:
        """What is otherwise than at the beginning."""
        defaults = {field.name: field.default for field in self.fields}
        return {name: text for name, text in self.typed.items() if text != defaults[name]}


def to_address(texts: Mapping[str, str]) -> dict[str, str]:
    """Return what an address says of the values of a form; of very many only the first."""
    return {f"{_TYPED}{name}": text or MISSING for name, text in list(texts.items())[:MOST_IN_ADDRESS]}


def from_address(query: Mapping[str, str]) -> dict[str, str]:
    """Return the values of a form that an address holds."""
    return {name.removeprefix(_TYPED): value for name, value in query.items() if name.startswith(_TYPED)}


def read_fields(known: RunModel) -> list[Field]:
    """Return the fields of a run's form, filled in with a customer in the middle of them all."""
    return [_field(column, known.fitted["features"][column.name]) for column in known.model.inputs]


def describe(known: RunModel, typed: Mapping[str, str]) -> Described:
    """Read what was typed (fields left out are as at the beginning) and place the customer where all of it can be read."""
    fields = read_fields(known)
    texts = {field.name: _text(typed.get(field.name, field.default)) for field in fields}
    values: dict[str, Any] = {}
    problems = {}
    for field in fields:
        value, problem = _read(field, texts[field.name], known.model.is_filling)
        values[field.name] = value
        if problem:
            problems[field.name] = problem
    answer = None if problems else describe_person(known, values)
    return Described(fields, texts, problems, answer)


def read_number(text: str) -> float | None:
    """Return the number that somebody typed, None where it is none."""
    bare = _SIGNS.sub("", text.replace("−", "-"))
    factor = _SUFFIX.get(bare[-1:], 1.0)
    bare = bare[:-1] if factor != 1.0 else bare
    for shape, marks in _WRITTEN:
        if shape.fullmatch(bare):
            return float(bare.translate(str.maketrans(marks))) * factor
    return None


def _text(text: str) -> str:
    plain = text.strip()
    return "" if plain in _NOT_KNOWN else plain


def _read(field: Field, text: str, is_filling: bool) -> tuple[float | str | None, str | None]:
    """Return the value and what is wrong with it."""
    if not text:
        return None, None if is_filling else "Fill this in: the segments rest on it."
    if len(text) > LONGEST:
        return None, f"At most {LONGEST} characters."
    if field.kind == "category":
        return text, None
    number = read_number(text)
    if number is None:
        return None, "Not a number. Write it like 1,234 or 12.5."
    if abs(number) > LARGEST:
        return None, "This number is too large."
    return number, None


def _field(column: CustomerColumn, known: Mapping[str, Any]) -> Field:
    if column.kind == "category":
        levels = list(known["levels"])
        return Field(column.name, column.label, column.kind, column.unit, levels[0] if levels else "", None, None, levels)
    edges, every = known["edges"], (known["range"][0], known["range"][1])
    if not edges:
        return Field(column.name, column.label, column.kind, column.unit, "", None, None, ())
    middle = known["mean"] if column.unit == "share" else _median(edges, known["shares"])  # shares of a whole add up to it
    default = f"{middle:.0f}" if known["is_whole"] or abs(middle) >= 1_000 else f"{middle:.4g}"
    usual = (edges[0], edges[-1])
    return Field(column.name, column.label, column.kind, column.unit, default, usual if usual != every else None, every, ())


def _median(edges: Sequence[float], shares: Sequence[float]) -> float:
    """Return the middle of the customers; ``edges`` are the tenths without repeats, ``shares`` how many are up to each."""
    so_far = 0.0
    for edge, share in zip(edges, shares, strict=False):
        so_far += share
        if so_far >= 0.5 - 1e-9:
            return float(edge)
    return float(edges[-1])
