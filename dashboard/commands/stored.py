"""``segment --store``: the same work as jobs of the store, done by this very process; what is written comes from the store."""

from __future__ import annotations

import argparse
from contextlib import ExitStack

from dashboard.commands.options import import_options, read_options, recipe
from dashboard.commands.summary import summarise
from dashboard.commands.terminal import clear_progress, show_progress
from dashboard.context import Context, now, open_context
from dashboard.exports.labelled import write_labelled
from dashboard.exports.rejected import write_rejected
from dashboard.exports.report import write_report
from dashboard.intake.reader import check_file, read_file
from dashboard.progress import Stopwatch
from dashboard.queries.rejected import write_stored_rejected
from dashboard.queries.runs import stored_report
from dashboard.settings import load_settings
from dashboard.workflows.combining import Combination, name_of
from dashboard.workflows.datasets import ImportRequest, request_import
from dashboard.workflows.doing import finish_own_job
from dashboard.workflows.exports import label_stored
from dashboard.workflows.files import formula_finding
from dashboard.workflows.runs import request_run
from dashboard.workflows.staging import staged
from database.engine import read
from database.jobs import Job
from database.runs import load_run
from segmentation.dataset import ImportOptions, build_dataset
from segmentation.measures.recipe import Recipe


def segment_stored(options: argparse.Namespace) -> int:
    """Import a file and segment its customers, both remembered."""
    choices, chosen_recipe = import_options(options), recipe(options)
    check_file(options.file)
    watch = Stopwatch(show_progress, options.started)
    watch.step("read")
    context = open_context(load_settings())
    try:
        run_id = _remember(context, options, choices, chosen_recipe, watch)
        watch.step("write")
        findings = []
        if options.out:
            findings = [finding.as_dict() for finding in formula_finding(write_labelled(options.out, label_stored(context, run_id)))]
        if options.rejected:
            _write_rejected(context, options, choices, run_id)
        report = stored_report(context, run_id, watch.finish(), findings)
        if options.report:
            write_report(options.report, report)
    finally:
        context.close()
    clear_progress()
    print(summarise(report))
    return 0


def _write_rejected(context: Context, options: argparse.Namespace, choices: ImportOptions, run_id: str) -> None:
    """Write the rows that were set aside, with their own cells where all of them are those of the file, which is at hand."""
    if options.append_to or options.details:
        with read(context.engine) as conn:
            dataset_id = load_run(conn, run_id).dataset_id
        write_stored_rejected(context, dataset_id, options.rejected)
    else:
        write_rejected(options.rejected, build_dataset(read_file(options.file, read_options(options)), choices, today=now().date()))


def _remember(context: Context, options: argparse.Namespace, choices: ImportOptions, chosen: Recipe, watch: Stopwatch) -> str:
    """Do both jobs; returns the id of the run."""
    with ExitStack() as files:
        file = files.enter_context(staged(context, options.file))
        details = files.enter_context(staged(context, options.details)) if options.details else None
        together = Combination(options.append_to, options.replaces, details)
        name = name_of(context, together) or options.file.stem
        request = ImportRequest(file, name, read_options(options), choices, together=together)
        dataset_id = str(finish_own_job(context, request_import(context, request), watch.step)["dataset_id"])
    answer = request_run(context, dataset_id, chosen)
    return str(finish_own_job(context, answer, watch.step)["run_id"]) if isinstance(answer, Job) else answer.id
