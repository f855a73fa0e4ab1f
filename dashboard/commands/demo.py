"""The demo shop as a dataset with one finished run, marked as what it is."""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from dashboard.commands.terminal import clear_progress, show_progress
from dashboard.context import Context, now, open_context
from dashboard.progress import STEPS
from dashboard.settings import load_settings
from dashboard.workflows.datasets import ImportRequest, request_import
from dashboard.workflows.doing import finish_own_job
from dashboard.workflows.runs import request_run
from dashboard.workflows.staging import staged
from database.datasets import list_datasets, load_dataset
from database.engine import read, write
from database.jobs import Job
from database.runs import list_segments, publish_run
from segmentation.demo import demo_log
from segmentation.measures.recipe import Recipe

NAME = "Demo shop"
SEED = 1
N_LINES = 40_000


def load(options: argparse.Namespace) -> int:
    """Load the demo shop and segment it; with ``--if-empty`` only into a store that has no dataset."""
    context = open_context(load_settings())
    try:
        if options.if_empty and has_datasets(context):
            return 0
        sentence = load_demo(context)
    finally:
        context.close()
        clear_progress()
    print(sentence)
    return 0


def has_datasets(context: Context) -> bool:
    """Tell whether anything was imported."""
    with read(context.engine) as conn:
        return bool(list_datasets(conn))


def load_demo(context: Context) -> str:
    """Import the demo shop, segment it and make that the team's run; what is there already is not done again."""
    show_progress("Making the demo shop")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "demo_shop.csv"
        demo_log(SEED, N_LINES).to_csv(path, index=False)
        with staged(context, path) as file:
            job = request_import(context, ImportRequest(file, NAME, is_demo=True))
            dataset_id = str(finish_own_job(context, job, _say)["dataset_id"])
    answer = request_run(context, dataset_id, Recipe())
    run_id = str(finish_own_job(context, answer, _say)["run_id"]) if isinstance(answer, Job) else answer.id
    with write(context.engine) as conn:
        publish_run(conn, run_id, now())
        facts, n_segments = load_dataset(conn, dataset_id).facts, len(list_segments(conn, run_id))
    n_customers = facts.n_customers if facts else 0
    return f"The demo shop is loaded: {n_customers:,} customers in {n_segments} segments."


def _say(step: str) -> None:
    show_progress(f"Demo shop: {STEPS[step][1].lower()}")
