"""What is known of a stored run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dashboard.context import Context
from database.datasets import load_dataset
from database.engine import read
from database.runs import load_run


def stored_report(context: Context, run_id: str, timing: Mapping[str, float], findings: Iterable[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """Return the report of a run as ``segment`` writes it, from what is stored, with what was noticed since."""
    with read(context.engine) as conn:
        run = load_run(conn, run_id)
        facts = load_dataset(conn, run.dataset_id).facts
    if facts is None or run.report is None:
        raise ValueError(f"run {run_id} is not finished")
    noticed = [*facts.findings, *run.report["findings"], *findings]
    dataset = {**facts.details["report"], "receipt": facts.receipt, "findings": noticed}
    return {"dataset": dataset, "run": run.report["run"], "timing": dict(timing)}
