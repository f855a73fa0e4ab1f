"""The customers of another file are labelled with the model of a run, and it is said how unlike they are to those it was made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.context import Context, now
from dashboard.exports.labelled import filled_features, label_dataset, write_labelled
from dashboard.exports.report import describe_step, plain_json
from dashboard.exports.verified import verify_file
from dashboard.queries.predict import RunModel, load_model
from dashboard.versions.mix import with_mix_of_file
from dashboard.workflows.choices import check_choices
from dashboard.workflows.combining import read_staged
from dashboard.workflows.exports import KEEP_EXPORTS
from dashboard.workflows.recalling import choices_beside
from dashboard.workflows.staging import safe_name, stage_file
from dashboard.workflows.work import Work
from database.engine import read, write
from database.files import find_file
from database.jobs import Job, add_job, find_done_job, find_job, job_key
from database.runs import load_revision
from database.uploads import Upload, load_upload
from segmentation.clusters.assigning import Placed, place_customers
from segmentation.clusters.likeness import Likeness, measure_likeness, say_likeness
from segmentation.dataset import Dataset, build_dataset
from segmentation.errors import InvalidInputError
from segmentation.measures.catalogue import CustomerCatalogue, CustomerColumn

if TYPE_CHECKING:
    from sqlalchemy import Connection

_SCORING_VERSION = "4"
_FIX = "Say which of its columns hold it, or send a file that has it."
_MOST_NAMED = 12
_SHARES = {"read": 0.0, "columns": 0.4, "clean": 0.5, "customers": 0.6}


def request_scoring(context: Context, run_id: str, upload_id: str, author: str | None = None) -> Job:
    """Queue the labelling of an uploaded file with a run, or return the equal job whose file is still there."""
    load_model(context, run_id)
    with write(context.engine) as conn:
        upload = load_upload(conn, upload_id)
        about = {"run_id": run_id, "upload_id": upload_id, "name": upload.file.name}
        params = {**about, "choices": _decided(conn, upload), "revision": load_revision(conn, run_id)}
        key = job_key("scoring", None, params, _SCORING_VERSION)
        known = find_done_job(conn, key)
        if known and known.result and find_file(conn, known.result["file_id"]):
            return known
        return add_job(conn, "scoring", params, key, now(), author)


def _decided(conn: Connection, upload: Upload) -> dict[str, Any]:
    """Return what a person decided about a file; what was only recalled for an import of it is not of their making."""
    looked = find_job(conn, upload.job_id) if upload.job_id else None
    found = (looked.result if looked else None) or {}
    if found.get("recalled") and found["choices"] == dict(upload.choices):
        return {"read": upload.choices["read"]} if "read" in upload.choices else {}
    return dict(upload.choices)


def score_upload(work: Work) -> Mapping[str, Any]:
    """Read a file as it would be imported, label its customers, write the labelled file, and say how like they are."""
    known = load_model(work.context, work.job.params["run_id"])
    dataset, name = _read_upload(work, known)
    frame = fitting_frame(known, with_mix_of_file(dataset, known.model.inputs))
    work.progress(0.7, "Labelling the customers")
    placed = place_customers(known.model, frame)
    likeness = measure_likeness(known.model, known.fitted, frame, placed)
    segment_ids = np.array([0, *(segment.segment_id for segment in known.segments)])[placed.places + 1]
    names = _names(known, frame, placed)
    filled = filled_features(known.model.columns, frame, segment_ids) if known.model.is_filling else None
    labelled = label_dataset(dataset, segment_ids, names, filled)
    with TemporaryDirectory() as folder:
        path = Path(folder) / safe_name(f"{Path(name).stem[:60]} - customers.csv")
        work.progress(0.8, "Writing the file")
        formulas = write_labelled(path, labelled)
        verified = verify_file(path, len(labelled.columns[0]))
        file = stage_file(work.context, path, keep=KEEP_EXPORTS)
    answer = {"file_id": file.id, "name": file.name, "rows": verified.rows, "size": file.size, "sha256": file.sha256, "formulas": formulas}
    told = {"segments": _sizes(known, placed), "likeness": describe_likeness(likeness), "left_out": _left_out(names, placed)}
    return dict(plain_json({**answer, **told, **_account(dataset)}))


def fitting_frame(known: RunModel, catalogue: CustomerCatalogue) -> pd.DataFrame:
    """Return the features of a run as another file has them; what it lacks altogether is said at once."""
    columns, absent = {}, []
    for wanted in known.model.inputs:
        try:
            column = catalogue.find(wanted.name if wanted.role or wanted.header is None else wanted.header)
        except InvalidInputError:
            absent.append(_named(known, wanted))
            continue
        values = catalogue.frame[column.name]
        if wanted.kind == "number" and column.kind != "number":
            if values.notna().any():
                raise InvalidInputError("not_a_number", f'"{column.name}" holds words in this file, and the run takes a number.', fix=_FIX)
            values = pd.Series(np.nan, index=values.index)
        elif wanted.kind == "category" and column.kind == "number":
            values = values.map(lambda value: None if np.isnan(value) else f"{value:g}")
        columns[wanted.name] = values
    if absent:
        title = f"This file does not have what the run takes: {', '.join(absent)}."
        raise InvalidInputError("features_missing", title, f"Its columns are {_headers_of(catalogue)}.", _FIX)
    return pd.DataFrame(columns)


def _named(known: RunModel, column: CustomerColumn) -> str:
    """Name what a file lacks, and what it could be worked out from."""
    sources = " and ".join(f'"{header}"' for header in known.sources(column))
    return f'"{column.header or column.label}"' + (f" (or {sources})" if sources else "")


def _headers_of(catalogue: CustomerCatalogue) -> str:
    headers = [f'"{column.header}"' for column in catalogue.columns if column.header]
    more = f" and {len(headers) - _MOST_NAMED} more" if len(headers) > _MOST_NAMED else ""
    return ", ".join(headers[:_MOST_NAMED]) + more


def describe_likeness(likeness: Likeness) -> dict[str, Any]:
    """Return how like the customers are, as plain values and in words."""
    return {**asdict(likeness), "level": likeness.level, "sentences": say_likeness(likeness)}


def _read_upload(work: Work, known: RunModel) -> tuple[Dataset, str]:
    """Understand the file as chosen, else as the run's own was."""

    def step(name: str) -> None:
        work.step(_SHARES[name], name)

    with read(work.context.engine) as conn:
        upload = load_upload(conn, work.job.params["upload_id"])
    choices = check_choices(work.job.params["choices"])
    step("read")
    raw = read_staged(work, upload.id, choices.reading)
    options, today = choices_beside(work.context, raw, choices, known.dataset).options, now().date()
    dataset = build_dataset(raw, options, step, today)
    day = _day_of_run(known, dataset)
    if day and options.as_of is None:
        dataset = build_dataset(raw, replace(options, as_of=day), today=today)
    return dataset, upload.file.name


def _day_of_run(known: RunModel, dataset: Dataset) -> date | None:
    """Return the day that the run looks back from, where a file ends within the time of the run and would be counted from another day.

    A part of the run's customers then has the measures that it has in the run; older and newer files are counted from their own last day.
    """
    first = known.dataset.facts.details["report"].get("date_min") if known.dataset.facts else None
    last, day = dataset.customers.date_max, (known.run.report or {}).get("run", {}).get("as_of")
    if not (first and last and day):
        return None
    return date.fromisoformat(day) if dataset.customers.as_of != date.fromisoformat(day) and first <= last.isoformat() < day else None


def _names(known: RunModel, frame: pd.DataFrame, placed: Placed) -> pa.Array:
    """Return the segment of each customer by name, or why there is none; the first feature that is missing names the reason."""
    names = np.array(["", *known.names], dtype=object)[placed.places + 1]
    for column in reversed(known.model.inputs):
        names[(placed.places < 0) & frame[column.name].isna().to_numpy()] = f"Not segmented: {column.label} missing"
    return pa.array(names, pa.string())


def _sizes(known: RunModel, placed: Placed) -> list[dict[str, Any]]:
    return [
        {"segment_id": segment.segment_id, "name": segment.name, "size": int((placed.places == place).sum()), "size_before": segment.size}
        for place, segment in enumerate(known.segments)
    ]


def _left_out(names: pa.Array, placed: Placed) -> list[dict[str, Any]]:
    """Return why customers have no segment, and how many for each reason, the commonest first."""
    reasons = pc.value_counts(names.filter(pa.array(placed.places < 0))).to_pylist()
    counted = [{"reason": each["values"], "count": each["counts"]} for each in reasons]
    return sorted(counted, key=lambda each: (-each["count"], each["reason"]))


def _account(dataset: Dataset) -> dict[str, Any]:
    """Return what became of the rows of the file."""
    receipt = [describe_step(step) for step in dataset.cleaned.receipt if step.rows_in > step.rows_out]
    return {"kind": dataset.mapping.kind, "rows_read": dataset.rows_read, "rows_rejected": dataset.rows_rejected, "receipt": receipt}
