"""The segment of a customer, explained: of one of the run's own, or of somebody whom a program describes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from dashboard.context import Context
from dashboard.versions.mix import with_mix
from dashboard.versions.reading import load_customers
from database.datasets import Dataset, load_dataset
from database.engine import read
from database.runs import Run, Segment, find_assignment, list_segments, load_run
from segmentation.clusters.assigning import StoredModel, place_customers
from segmentation.errors import ConflictError, InvalidInputError, NotFoundError
from segmentation.intake.mapping import header_words
from segmentation.measures.catalogue import CustomerColumn, known_headers
from segmentation.measures.mix import takes_mix
from segmentation.measures.recipe import Recipe
from segmentation.portraits.person import explain_person
from segmentation.portraits.unusual import say_unusual

ID = "customer_id"
LARGEST = 1e15
"""Of a number that is taken; no measure of a customer comes near it, and beyond it distances lose their meaning."""


@dataclass(frozen=True)
class RunModel:
    """A run's model with its segments in the order of the model's centres, as they are called now."""

    run: Run
    dataset: Dataset
    model: StoredModel
    fitted: Mapping[str, Any]
    returned: float
    segments: Sequence[Segment]

    @property
    def names(self) -> list[str]:
        """What the segments are called now."""
        return [segment.name for segment in self.segments]

    @property
    def currency(self) -> str | None:
        """The currency of the file, where it is known."""
        return self.dataset.facts.currency if self.dataset.facts else None

    def sources(self, column: CustomerColumn) -> Sequence[str]:
        """Return the columns of the run's file that one was worked out from, none where it stood there itself."""
        derived = self.dataset.facts.details["report"].get("derived", ()) if self.dataset.facts and column.header is None else ()
        return next((each["headers"] for each in derived if each["name"] == column.name and each["is_on"]), ())


def load_model(context: Context, run_id: str) -> RunModel:
    """Return the model of a run; a run of an earlier version has none that places others."""
    with read(context.engine) as conn:
        run, segments = load_run(conn, run_id), list_segments(conn, run_id)
        dataset = load_dataset(conn, run.dataset_id)
    model = run.model or {}
    if "placing" not in model:
        fix = "Segment the dataset again with the same recipe."
        raise ConflictError(
            "run_too_old", "This run was made by an earlier version, which did not keep what it takes.", f"Run {run_id}.", fix
        )
    return RunModel(run, dataset, StoredModel.from_dict(model), model["fitted"], model["returned"], segments)


def predict(context: Context, run_id: str, customers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the segment of each described customer with everything that is said about it."""
    known = load_model(context, run_id)
    rows = [_read_customer(known, given, number) for number, given in enumerate(customers, start=1)]
    return {"run_id": run_id, "returned": known.returned, "customers": [describe_person(known, *row) for row in rows]}


def explain_customer(context: Context, run_id: str, customer_id: str) -> dict[str, Any]:
    """Return one of the run's customers, explained."""
    known = load_model(context, run_id)
    with read(context.engine) as conn:
        assigned = find_assignment(conn, run_id, customer_id)
    stored = load_customers(context, known.run.dataset_id).find(customer_id)
    if assigned is None or stored is None:
        title = "There is no such customer in this run."
        raise NotFoundError("no_such_customer", title, f"The id would be {customer_id[:80]!r}.", "Write it as the file does.")
    catalogue = stored.catalogue(("number", "category"))
    frame = (with_mix(context, stored, catalogue) if takes_mix(Recipe.from_dict(known.run.recipe)) else catalogue).frame
    values = {column.name: frame[column.name].iloc[0] for column in known.model.inputs}
    segment_id, reason = assigned
    if segment_id is None:
        return {"run_id": run_id, **_not_placed(known, customer_id, values, reason or "Not segmented")}
    place = next(place for place, segment in enumerate(known.segments) if segment.segment_id == segment_id)
    return {"run_id": run_id, **_placed(known, customer_id, values, place)}


def describe_person(known: RunModel, values: Mapping[str, Any], customer_id: str | None = None) -> dict[str, Any]:
    """Return what is said of somebody of whom every feature is given, None where it is not known."""
    gaps = [column for column in known.model.inputs if pd.isna(values[column.name])]
    plain = {**values, **{column.name: np.nan if column.kind == "number" else None for column in gaps}}
    place = int(place_customers(known.model, pd.DataFrame({name: [value] for name, value in plain.items()})).places[0])
    if place < 0:
        return _not_placed(known, customer_id, plain, f"Not segmented: {', '.join(column.label for column in gaps)} missing")
    return _placed(known, customer_id, plain, place)


def _placed(known: RunModel, customer_id: str | None, values: Mapping[str, Any], place: int) -> dict[str, Any]:
    person = explain_person(known.model, known.fitted, pd.Series(values, dtype=object), known.names, place)
    segment, following = known.segments[place], known.segments[person.next_place]
    is_alone = following is segment
    return {
        "customer_id": customer_id,
        **_told_of_segment(segment),
        "currency": known.currency,
        "reason": None,
        "sureness": person.sureness,
        "sentence": person.sentence,
        "next_segment_id": None if is_alone else following.segment_id,
        "next_name": None if is_alone else following.name,
        "next_colour": None if is_alone else following.colour,
        "distances": [
            {"segment_id": each.segment_id, "name": each.name, "distance": distance}
            for each, distance in zip(known.segments, person.distances, strict=True)
        ],
        "why": list(person.differences),
        "unusual": list(say_unusual(known.model, known.fitted, values, place, person.distances[place], segment.name)),
        "beside": [
            {**{name: _plain(value) for name, value in asdict(each).items()}, "unit": column.unit}
            for each, column in zip(person.comparisons, known.model.inputs, strict=True)
        ],
        "moves": [
            {"feature": move.name, "value": _plain(move.value), "needed": _plain(move.needed)}
            | _segment_of(known.segments[move.place], move.sentence)
            for move in person.moves
        ],
    }


def _told_of_segment(segment: Segment) -> dict[str, Any]:
    """Return what is said of a segment; ``stability`` is 0..1, None where it was made by a rule."""
    return {
        "segment_id": segment.segment_id,
        "colour": segment.colour,
        "name": segment.name,
        "action": segment.action,
        "verdict": segment.profile["verdict"],
        "stability": segment.profile["stability"],
    }


def _segment_of(segment: Segment, sentence: str) -> dict[str, Any]:
    return {"segment_id": segment.segment_id, "colour": segment.colour, "name": segment.name, "sentence": sentence}


def _not_placed(known: RunModel, customer_id: str | None, values: Mapping[str, Any], reason: str) -> dict[str, Any]:
    """Return the answer about a customer who lacks a feature."""
    beside = [
        {
            "name": column.name,
            "label": column.label,
            "value": _plain(values[column.name]),
            "segment": None,
            "everyone": _everyone(known, column),
            "unit": column.unit,
        }
        for column in known.model.inputs
    ]
    nothing = ("segment_id", "colour", "name", "action", "verdict", "stability", "sureness", "next_segment_id", "next_name", "next_colour")
    lists: dict[str, list[Any]] = {"distances": [], "why": [], "unusual": [], "moves": []}
    told = {"reason": reason, "sentence": f"{reason}.", "currency": known.currency}
    return {"customer_id": customer_id, **dict.fromkeys(nothing), **lists, **told, "beside": beside}


def _everyone(known: RunModel, column: CustomerColumn) -> float | str | None:
    told = known.fitted["features"][column.name]
    return told["mean"] if column.kind == "number" else next(iter(told["levels"]), None)


def _plain(value: Any) -> Any:
    """Return a value as JSON knows it."""
    if value is None or isinstance(value, str):
        return value
    return None if pd.isna(value) else float(value)


def _read_customer(known: RunModel, given: Mapping[str, Any], number: int) -> tuple[dict[str, Any], str | None]:
    """Return the values by feature and the id of a described customer."""
    columns = known.model.inputs
    values: dict[str, Any] = dict.fromkeys(column.name for column in columns)
    for field, value in given.items():
        if field == ID:
            continue
        column = _find_column(columns, field, number)
        values[column.name] = _read_value(column, value, f"Customer {number}, field {field[:80]!r}.")
    name = given.get(ID)
    return values, None if name is None else str(name)


def _find_column(columns: Sequence[CustomerColumn], field: str, number: int) -> CustomerColumn:
    exact = [column for column in columns if field in (column.name, column.header)]
    found = exact or [column for column in columns if header_words(field) in _words_of(column)]
    if found:
        return found[0]
    listed = ", ".join(f'"{column.name}"' for column in columns)
    title = f"This run does not use a field {field[:80]!r}."
    raise InvalidInputError("unknown_field", title, f"Customer {number}.", f"It uses {listed}, and {ID} if you like.")


def _words_of(column: CustomerColumn) -> tuple[Any, ...]:
    return (*(header_words(text) for text in (column.name, column.label, column.header or column.name)), *known_headers(column.role))


def _read_value(column: CustomerColumn, value: Any, where: str) -> Any:
    if value is None or value == "":
        return None
    if column.kind == "category":
        if isinstance(value, bool | list | dict) or len(str(value)) > 2_000:
            raise InvalidInputError("bad_value", f"{column.label} takes a word.", where, "Write it as the file does.")
        return str(value)
    try:
        number = float("nan") if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = float("nan")
    if not math.isfinite(number):
        raise InvalidInputError(
            "bad_value", f"{column.label} takes a number.", where, "Write it with a decimal point and no unit, e.g. 12.5."
        )
    if abs(number) > LARGEST:
        raise InvalidInputError("bad_value", f"{column.label} is too large.", where, f"Write a number up to {LARGEST:,.0f}.")
    return number
