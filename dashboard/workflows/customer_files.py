"""Exactly the customers of a list become a file: with the columns of the labelled one, read back, counted and added up."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa

from dashboard.context import Context, now
from dashboard.exports.labelled import LabelledCustomers, lay_out_labelled, with_filled, write_labelled
from dashboard.exports.verified import verify_file
from dashboard.queries.customers import Wanted, match_customers
from dashboard.queries.moved import read_moved, write_moved
from dashboard.versions.reading import load_customers
from dashboard.workflows.exports import KEEP_EXPORTS, key_measures, label_stored, take_customers
from dashboard.workflows.staging import safe_name, stage_file
from dashboard.workflows.work import Work
from database.datasets import load_dataset
from database.engine import read, write
from database.files import find_file
from database.jobs import Job, add_job, find_done_job, job_key
from database.runs import load_revision, load_run
from segmentation.errors import UnavailableError
from segmentation.measures.filters import read_filter, write_filter

KIND = "customers"
_VERSION = "1"
_MONEY = "monetary_total"


def request_customers(context: Context, dataset_id: str, run_id: str | None, wanted: Wanted, author: str | None = None) -> Job:
    """Queue the file of those whom a filter and a search leave, or return the equal job whose file is still there."""
    match_customers(context, _load(context, dataset_id), run_id, wanted)  # a filter that cannot be is told now
    params: dict[str, Any] = {"dataset_id": dataset_id, "filter": write_filter(wanted.chosen), "search": wanted.search}
    params |= {"moved": write_moved(wanted.moved)} if wanted.moved else {}
    with write(context.engine) as conn:
        params["epoch"] = load_dataset(conn, dataset_id).erasure_epoch
        if run_id is not None:
            load_run(conn, run_id)
            params |= {"run_id": run_id, "revision": load_revision(conn, run_id)}
        key = job_key(KIND, None, params, _VERSION)
        known = find_done_job(conn, key)
        if known and known.result and find_file(conn, known.result["file_id"]):
            return known
        return add_job(conn, KIND, params, key, now(), author)


def export_customers(work: Work) -> Mapping[str, Any]:
    """Write the file, check it, and put it into the store."""
    params = work.job.params
    dataset = _load(work.context, params["dataset_id"])
    wanted = Wanted(read_filter(params["filter"]), params["search"], sees_personal=True, moved=read_moved(params.get("moved", "")))
    work.progress(0.05, "Looking for the customers")
    _, mask = match_customers(work.context, dataset, params.get("run_id"), wanted)
    work.progress(0.2, "Joining customers and segments")
    labelled = take_customers(_label(work.context, params), mask)
    with TemporaryDirectory() as folder:
        path = Path(folder) / safe_name(f"{dataset.name[:40]} - customers.csv")
        work.progress(0.4, "Writing the file")
        n_formulas = write_labelled(path, labelled)
        work.progress(0.7, "Checking the file")
        verified = verify_file(path, int(mask.sum()))
        total = _check_total(work.context, params["dataset_id"], mask, path)
        work.progress(0.9, "Storing the file")
        file = stage_file(work.context, path, keep=KEEP_EXPORTS)
    if file.sha256 != verified.sha256:
        raise RuntimeError("the file changed while it was stored")
    facts = {"file_id": file.id, "name": file.name, "rows": verified.rows, "size": file.size, "sha256": file.sha256}
    return {**facts, "formulas": n_formulas, "total": total}


def _load(context: Context, dataset_id: str) -> Any:
    with read(context.engine) as conn:
        return load_dataset(conn, dataset_id)


def _label(context: Context, params: Mapping[str, Any]) -> LabelledCustomers:
    """Return all customers, with their segments where a run is named."""
    if "run_id" in params:
        return label_stored(context, params["run_id"], params["revision"])
    stored = load_customers(context, params["dataset_id"])
    ids = pa.array(stored.ids, pa.string())
    none = pa.array([""], pa.string()).take(pa.array(np.zeros(len(ids), np.int32)))
    labelled = lay_out_labelled(ids, np.zeros(len(ids), np.int64), none, key_measures(stored), stored.attributes())
    filled = stored.filled()
    return labelled if filled is None else with_filled(labelled, filled)


def _check_total(context: Context, dataset_id: str, mask: np.ndarray, path: Path) -> str | None:
    """Add up the money in the finished file, and compare it with that in the store; None where there is none."""
    money = load_customers(context, dataset_id).money(_MONEY)
    if money is None:
        return None
    expected = Decimal(int(money.units[mask].sum(dtype=np.int64))).scaleb(-money.scale)
    with path.open(encoding="utf-8", newline="") as file:
        found = sum((Decimal(row[_MONEY]) for row in csv.DictReader(file) if row[_MONEY]), Decimal(0))
    if found != expected:
        raise UnavailableError("file_incomplete", f"The file adds up to {found:,} instead of {expected:,}.", fix="Download it again.")
    return f"{found:f}"
