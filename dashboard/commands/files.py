"""``inspect`` and ``segment``: a file in, answers and files out, without a store. Heavy libraries load while the file is being read."""

from __future__ import annotations

import argparse
from pathlib import Path

from dashboard.commands.options import column_options, import_options, read_options, recipe
from dashboard.commands.terminal import clear_progress, show_progress
from segmentation.errors import InvalidInputError


def inspect(options: argparse.Namespace) -> int:
    """Print what a file seems to be."""
    from dashboard.intake.reader import start_reading

    reading = start_reading(options.file, read_options(options))
    import orjson

    from dashboard.queries.files import inspect_table

    found = inspect_table(reading.result(), column_options(options))
    print(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
    return 0


def segment(options: argparse.Namespace) -> int:
    """Segment the customers of a file and write what was asked for; with ``--store`` by way of the store."""
    from dashboard.intake.reader import check_file, start_reading

    for path in filter(None, (options.out, options.report, options.rejected)):
        _check_place(path, options.file)
    if options.details:
        check_file(options.details)
    if options.store:
        from dashboard.commands.stored import segment_stored

        return segment_stored(options)
    if options.append_to or options.replaces:
        raise InvalidInputError("bad_option", "Versions are kept in the store.", fix="Add --store.")
    from dashboard.progress import Stopwatch

    watch = Stopwatch(show_progress, options.started)
    watch.step("read")
    reading = start_reading(options.file, read_options(options))
    with reading:
        from dashboard.commands.summary import summarise
        from dashboard.workflows.files import Outputs, segment_file

        outputs = Outputs(options.out, options.report, options.rejected)
        result = segment_file(reading, import_options(options), recipe(options), outputs, watch, options.details)
    clear_progress()
    print(summarise(result.report))
    return 0


def _check_place(path: Path, source: Path) -> None:
    """Refuse before any work what cannot be written, or would overwrite the person's own file."""
    if not path.parent.is_dir():
        raise InvalidInputError("no_such_folder", f'There is no folder "{path.parent}" to write "{path.name}" to.', fix="Create it first.")
    if path.is_dir() or (path.exists() and source.exists() and path.samefile(source)):
        raise InvalidInputError("bad_place", f'"{path}" cannot be written to.', fix="Choose another name.")
