"""What is known of a stored run: kept in the cache once it was read, since neither a run nor its dataset ever changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dashboard.context import Context
from dashboard.exports.report import plain_json
from database.datasets import load_dataset
from database.engine import read
from database.runs import load_run, load_run_key
from segmentation.pipeline import ALGORITHM_VERSION


def stored_report(context: Context, run_id: str, timing: Mapping[str, float], findings: Iterable[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """Return the report of a run as ``segment`` writes it, with what was noticed since."""
    with read(context.engine) as conn:
        key = f"report:{ALGORITHM_VERSION}:{load_run_key(conn, run_id)}"
    known = context.cache.find(key)
    if known is None:
        known = _read_report(context, run_id)
        context.cache.keep(key, known)
    dataset = {**known["dataset"], "findings": [*known["dataset"]["findings"], *findings]}
    return {"dataset": dataset, "run": known["run"], "timing": dict(timing)}


def _read_report(context: Context, run_id: str) -> dict[str, Any]:
    with read(context.engine) as conn:
        run = load_run(conn, run_id)
        facts = load_dataset(conn, run.dataset_id).facts
    if facts is None or run.report is None:
        raise ValueError(f"run {run_id} is not finished")
    noticed = [*facts.findings, *run.report["findings"]]
    dataset = {**facts.details["report"], "receipt": facts.receipt, "findings": noticed}
    return dict(plain_json({"dataset": dataset, "run": run.report["run"]}))
