"""The command line: ``python -m dashboard COMMAND``; without a command it serves."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from dashboard.commands.hints import with_option
from dashboard.commands.options import add_cleaning, add_columns, add_reading, add_recipe
from dashboard.commands.terminal import clear_progress
from segmentation.errors import AppError

_STARTED = time.perf_counter()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status: 0 done, 2 a person can mend it, 1 our mistake."""
    options = build_parser().parse_args(arguments)
    options.started = _STARTED
    module, _, name = options.run.partition(":")
    try:
        command: Callable[[argparse.Namespace], int] = getattr(import_module(f"dashboard.commands.{module}"), name)
        return command(options)
    except AppError as error:
        clear_progress()
        print(with_option(error.code, str(error)), file=sys.stderr)
        return 1 if error.code == "internal_error" else 2
    except KeyboardInterrupt:
        clear_progress()
        print("Stopped.", file=sys.stderr)
        return 130


def build_parser() -> argparse.ArgumentParser:
    """Describe every command and option. Each names its function as text: only the chosen one is imported."""
    parser = argparse.ArgumentParser(prog="python -m dashboard", description="Clientele: a customer file in, named segments out.")
    parser.set_defaults(run="service:serve")
    commands = parser.add_subparsers(title="commands")

    def add(name: str, run: str, words: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=words, description=words)
        command.set_defaults(run=run)
        return command

    add("serve", "service:serve", "serve, web and worker together (what happens without a command)")
    worker = add("worker", "service:work", "do the jobs of the store, as one more process")
    worker.add_argument("--quick", action="store_true", help="only what somebody waits for at the screen: looking at files, downloads")
    inspect = add("inspect", "files:inspect", "say what a file seems to be, as JSON")
    add_reading(inspect)
    add_columns(inspect)
    segment = add("segment", "files:segment", "segment the customers of a file")
    add_reading(segment)
    add_columns(segment)
    add_cleaning(segment)
    add_recipe(segment)
    segment.add_argument("--out", type=Path, metavar="LABELLED.csv", help="write the customers with their segments")
    segment.add_argument("--report", type=Path, metavar="REPORT.json", help="write the report")
    segment.add_argument("--rejected", type=Path, metavar="REJECTED.csv", help="write the rows that were not kept, and why")
    segment.add_argument("--details", type=Path, metavar="FILE", help="a customer list to put beside the orders")
    segment.add_argument("--store", action="store_true", help="remember the dataset and the run in the store")
    version = segment.add_mutually_exclusive_group()
    version.add_argument("--append-to", metavar="DATASET", help="with --store: add the rows to this dataset")
    version.add_argument("--replaces", metavar="DATASET", help="with --store: the next version of this dataset")
    demo = add("demo", "demo:load", "load a demo shop with one finished run")
    demo.add_argument("--if-empty", action="store_true", help="only into a store without any dataset")
    add("migrate", "service:migrate", "bring the store to this version")
    add("doctor", "doctor:examine", "check the installation and say what is wrong")
    return parser


if __name__ == "__main__":
    sys.exit(main())
