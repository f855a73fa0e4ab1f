"""A stored run becomes a file: written, read back and compared, and only then offered."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.context import Context, now
from dashboard.exports.labelled import (
    KEY_MEASURES,
    LabelledCustomers,
    all_filled,
    filled_for_run,
    lay_out_labelled,
    measure_texts,
    with_filled,
    write_labelled,
)
from dashboard.exports.verified import verify_file
from dashboard.exports.workbook import write_workbook
from dashboard.versions.mix import with_mix
from dashboard.versions.reading import StoredCustomers, load_customers
from dashboard.workflows.staging import safe_name, stage_file
from dashboard.workflows.work import Work
from database.datasets import load_dataset
from database.engine import read, write
from database.files import find_file
from database.jobs import Job, add_job, find_done_job, job_key
from database.runs import list_segments, load_assignments, load_revision, load_run
from segmentation.errors import NotFoundError
from segmentation.measures.mix import takes_mix
from segmentation.measures.recipe import Recipe

if TYPE_CHECKING:
    from sqlalchemy import Connection

Format = Literal["csv", "xlsx"]
KEEP_EXPORTS = timedelta(days=1)
_EXPORT_VERSION = "2"


def request_export(context: Context, run_id: str, kind: Format, author: str | None = None, segments: Collection[int] | None = None) -> Job:
    """Queue an export of a run (or of some of its segments) as they are called now, or return the equal job whose file is still there."""
    with write(context.engine) as conn:
        load_run(conn, run_id)
        params: dict[str, Any] = {"run_id": run_id, "format": kind, "revision": load_revision(conn, run_id)}
        if segments is not None:
            params["segments"] = sorted(set(segments))
            _check_segments(conn, run_id, params["segments"])
        key = job_key("export", None, params, _EXPORT_VERSION)
        known = find_done_job(conn, key)
        if known and known.result and find_file(conn, known.result["file_id"]):
            return known
        return add_job(conn, "export", params, key, now(), author)


def export_run(work: Work) -> Mapping[str, Any]:
    """Write the labelled customers of a run, check the file, and put it into the store."""
    params = work.job.params
    work.progress(0.05, "Joining customers and segments")
    labelled = label_stored(work.context, params["run_id"], params["revision"], params.get("segments"))
    with TemporaryDirectory() as folder:
        path = Path(folder) / _file_name(work.context, params)
        work.progress(0.2, "Writing the file")
        n_formulas = write_labelled(path, labelled) if params["format"] == "csv" else _write_workbook(path, labelled)
        work.progress(0.6, "Checking the file")
        verified = verify_file(path, len(labelled.columns[0]))
        work.progress(0.8, "Storing the file")
        file = stage_file(work.context, path, keep=KEEP_EXPORTS)
    if file.sha256 != verified.sha256:
        raise RuntimeError("the file changed while it was stored")
    return {"file_id": file.id, "name": file.name, "rows": verified.rows, "size": file.size, "sha256": file.sha256, "formulas": n_formulas}


def label_stored(context: Context, run_id: str, revision: int | None = None, segments: Collection[int] | None = None) -> LabelledCustomers:
    """Put the segments of a stored run beside its customers, joined by customer id.

    Segments are named as of a revision, else as they are now; with ``segments`` only the customers of these.
    """
    with read(context.engine) as conn:
        run = load_run(conn, run_id)
        names = {segment.segment_id: segment.name for segment in list_segments(conn, run_id, revision)}
        assignments = load_assignments(conn, run_id)
    customers = load_customers(context, run.dataset_id)
    ids = pa.array(customers.ids, pa.string())
    place = pc.index_in(ids, value_set=assignments.column("customer_id").combine_chunks().cast(pa.string()))
    if place.null_count or len(assignments) != len(ids):
        raise RuntimeError(f"run {run_id} does not have the customers of its dataset")
    segment_ids = assignments.column("segment_id").combine_chunks().fill_null(0).take(place).to_numpy(zero_copy_only=False)
    reasons = assignments.column("reason").combine_chunks().cast(pa.string()).take(place).to_pylist()
    labels = [reason if reason is not None else names[number] for number, reason in zip(segment_ids.tolist(), reasons, strict=True)]
    labelled = lay_out_labelled(
        ids, segment_ids.astype(np.int64), pa.array(labels, pa.string()), key_measures(customers), customers.attributes()
    )
    stored = customers.filled()
    by_import = None if stored is None else np.array(stored.to_pylist(), dtype=object)
    recipe = Recipe.from_dict(run.recipe)
    population = customers.population()
    if takes_mix(recipe):
        population = replace(population, catalogue=with_mix(context, customers, population.catalogue))
    filled = all_filled(by_import, filled_for_run(population, recipe, segment_ids))
    labelled = labelled if filled is None else with_filled(labelled, pa.array(filled, pa.string()))
    return labelled if segments is None else take_customers(labelled, np.isin(segment_ids, list(segments)))


def take_customers(labelled: LabelledCustomers, is_wanted: np.ndarray) -> LabelledCustomers:
    """Return the rows of some customers."""
    wanted = pa.array(is_wanted)
    return LabelledCustomers(labelled.headers, tuple(column.filter(wanted) for column in labelled.columns))


def _check_segments(conn: Connection, run_id: str, segments: Collection[int]) -> None:
    if unknown := set(segments) - {segment.segment_id for segment in list_segments(conn, run_id)}:
        raise NotFoundError("no_such_segment", "There is no such segment.", f"Run {run_id}, segment {min(unknown)}.")


def _file_name(context: Context, params: Mapping[str, Any]) -> str:
    """Name the file after the dataset, and after the segment where it is one alone."""
    with read(context.engine) as conn:
        dataset = load_dataset(conn, load_run(conn, params["run_id"]).dataset_id)
        names = {segment.segment_id: segment.name for segment in list_segments(conn, params["run_id"], params["revision"])}
    chosen = params.get("segments", [])
    what = names[chosen[0]] if len(chosen) == 1 else "customers"
    return safe_name(f"{dataset.name[:40]} - {what[:40]}.{params['format']}")


def key_measures(customers: StoredCustomers) -> dict[str, pa.Array]:
    """Return the key measures as texts."""
    measures = {name: customers.measure(name) for name in KEY_MEASURES}
    return {name: measure_texts(values, customers.money(name)) for name, values in measures.items() if values is not None}


def _write_workbook(path: Path, labelled: LabelledCustomers) -> int:
    write_workbook(path, labelled)
    return 0
