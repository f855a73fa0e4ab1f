"""Runs: one stored segmentation each. What was computed never changes once finished; what people edit are revisions beside it.

The order of things: ``begin_run``, ``add_assignments`` for each of ``prepare_assignments``, ``finish_run`` with the segments, by the
job that computed it. An equal recipe on the same dataset version then answers from the store: ``find_run_by_recipe``.
"""

from database.runs.computing import (
    Outcome,
    add_assignments,
    begin_run,
    find_assignment,
    finish_run,
    load_assignments,
    number_run,
    prepare_assignments,
)
from database.runs.records import (
    NewRun,
    Run,
    find_published_run,
    find_run,
    find_run_by_recipe,
    list_runs,
    load_run,
    load_run_key,
    publish_run,
    withdraw_run,
)
from database.runs.removal import delete_run, drop_unfinished, purge_run
from database.runs.segments import EDITABLE, Segment, SegmentEdit, add_segment_edit, list_segment_edits, list_segments, load_revision

__all__ = [
    "EDITABLE",
    "NewRun",
    "Outcome",
    "Run",
    "Segment",
    "SegmentEdit",
    "add_assignments",
    "add_segment_edit",
    "begin_run",
    "delete_run",
    "drop_unfinished",
    "find_assignment",
    "find_published_run",
    "find_run",
    "find_run_by_recipe",
    "finish_run",
    "list_runs",
    "list_segment_edits",
    "list_segments",
    "load_assignments",
    "load_revision",
    "load_run",
    "load_run_key",
    "number_run",
    "prepare_assignments",
    "publish_run",
    "purge_run",
    "withdraw_run",
]
