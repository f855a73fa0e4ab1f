"""Which datasets there are, and which one a page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.context import Context
from database.datasets import Dataset, find_dataset, list_datasets
from database.engine import read
from database.runs import Run, find_published_run, find_run, list_runs


@dataclass(frozen=True)
class Shown:
    """What a page is about: one dataset, the others to choose from, and (where it has one) the run to show."""

    dataset: Dataset
    others: Sequence[Dataset]
    run: Run | None
    runs: Sequence[Run]


def find_shown(context: Context, dataset_id: str | None = None, run_id: str | None = None) -> Shown | None:
    """Return the dataset wanted, else that of the run wanted, else the newest; None in an empty store.

    The run is the one wanted, else the team's, else the newest. What is wanted and gone falls back: a kept link still leads somewhere.
    """
    with read(context.engine) as conn:
        known = list_datasets(conn)
        if not known:
            return None
        dataset = next((each for each in known if each.id == dataset_id), None)
        if dataset is None and run_id:
            dataset = next((each for each in known if any(run.id == run_id for run in list_runs(conn, each.id))), None)
        dataset = dataset or known[0]
        runs = list_runs(conn, dataset.id)
        run = next((run for run in runs if run.id == run_id), None) or find_published_run(conn, dataset.id) or (runs[0] if runs else None)
    return Shown(dataset, [each for each in known if each.id != dataset.id], run, runs)


def find_again(context: Context, dataset_id: str, run_id: str | None) -> Shown | None:
    """Return what a page already shows, without what there is to choose from; None where the dataset is gone."""
    with read(context.engine) as conn:
        dataset = find_dataset(conn, dataset_id)
        run = find_run(conn, run_id) if run_id else None
    return Shown(dataset, (), run, () if run is None else (run,)) if dataset else None
