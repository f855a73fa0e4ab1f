"""The demo shop by the command line."""

from __future__ import annotations

import argparse

from dashboard.commands.terminal import clear_progress, show_progress
from dashboard.context import Context, open_context
from dashboard.progress import STEPS
from dashboard.settings import load_settings
from dashboard.workflows.demo import request_demo
from dashboard.workflows.doing import finish_own_job
from dashboard.workflows.jobs import HANDLERS
from database.datasets import list_datasets, load_dataset
from database.engine import read
from database.runs import list_segments


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
    """Load the demo shop in this process, or wait for the worker that is at it; say what came of it."""
    show_progress("Making the demo shop")
    result = finish_own_job(context, request_demo(context), _say, HANDLERS)
    with read(context.engine) as conn:
        facts, n_segments = load_dataset(conn, result["dataset_id"]).facts, len(list_segments(conn, result["run_id"]))
    n_customers = facts.n_customers if facts else 0
    return f"The demo shop is loaded: {n_customers:,} customers in {n_segments} segments."


def _say(step: str) -> None:
    show_progress(f"Demo shop: {STEPS[step][1].lower()}")
