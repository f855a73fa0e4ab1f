"""The command line: ``python -m dashboard COMMAND``. Heavy libraries are imported while the file is already being read."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from segmentation.errors import AppError, InvalidInputError

if TYPE_CHECKING:
    from dashboard.intake.reader import ReadOptions

_STARTED = time.perf_counter()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status: 0 done, 2 a person can mend it, 1 our mistake."""
    options = build_parser().parse_args(arguments)
    try:
        command: Callable[[argparse.Namespace], int] = options.run
        return command(options)
    except AppError as error:
        _clear_progress()
        print(f"{error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        _clear_progress()
        print("Stopped.", file=sys.stderr)
        return 130


def build_parser() -> argparse.ArgumentParser:
    """Describe every command and option."""
    parser = argparse.ArgumentParser(prog="python -m dashboard", description="Clientele: a customer file in, named segments out.")
    commands = parser.add_subparsers(title="commands", required=True)
    inspect = commands.add_parser("inspect", help="say what a file seems to be, as JSON")
    _add_reading(inspect)
    inspect.set_defaults(run=_inspect)
    segment = commands.add_parser("segment", help="segment the customers of a file")
    _add_reading(segment)
    _add_cleaning(segment)
    _add_recipe(segment)
    segment.add_argument("--out", type=Path, metavar="LABELLED.csv", help="write the customers with their segments")
    segment.add_argument("--report", type=Path, metavar="REPORT.json", help="write the report")
    segment.add_argument("--rejected", type=Path, metavar="REJECTED.csv", help="write the rows that were not kept, and why")
    segment.set_defaults(run=_segment)
    return parser


def _add_reading(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="a customer list or a transaction log: CSV, TSV, text or XLSX")
    parser.add_argument("--sheet", help="the sheet of a workbook")
    parser.add_argument("--encoding", help="e.g. utf-8, cp1252; guessed otherwise")
    parser.add_argument("--delimiter", help='e.g. ";", "tab", "space"; guessed otherwise')
    parser.add_argument("--decimal", help='decimal mark: "." or ","; guessed otherwise')
    parser.add_argument("--date-order", metavar="dmy|mdy|ymd", help="order of day, month and year; guessed otherwise")


def _add_cleaning(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--map", nargs="+", action="extend", default=[], metavar="ROLE=HEADER", help="say which column means what")
    parser.add_argument("--customer", metavar="HEADER|row", help='the column that says who the customer is; "row": each row is one')
    parser.add_argument("--rules", nargs="+", action="extend", default=[], metavar="NAME=on|off", help="switch cleaning rules")
    parser.add_argument("--returns", default="drop", metavar="net|drop", help="net cancelled and returned lines, or drop them (default)")
    parser.add_argument("--as-of", metavar="YYYY-MM-DD", help="the day to look back from; default: the day after the newest date")


def _add_recipe(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--features", metavar="NAME,NAME,...", help="canonical names or headers")
    parser.add_argument("--scenario", metavar="rfm|frequency-spend|age-frequency-spend|demographics|all")
    parser.add_argument("--cap", nargs="+", action="extend", default=[], metavar="COLUMN=0.99", help="count larger values as this quantile")
    parser.add_argument("--missing", default="drop", metavar="drop|median", help="customers with a gap: leave out (default) or fill")
    parser.add_argument("--transform", default="auto", metavar="none|log|yeo-johnson|auto")
    parser.add_argument("--method", default="kmeans", metavar="kmeans|hierarchical|mixture|mixed|rfm|rules")
    parser.add_argument("--k", default="auto", metavar="auto|N", help="number of segments")
    parser.add_argument("--seed", type=int, default=42, metavar="N")


def _inspect(options: argparse.Namespace) -> int:
    from dashboard.intake.reader import start_reading

    reading = start_reading(options.file, _read_options(options))
    import orjson

    from dashboard.queries import inspect_table

    found = inspect_table(reading.result(), options.decimal, options.date_order)
    print(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
    return 0


def _segment(options: argparse.Namespace) -> int:
    from dashboard.intake.reader import start_reading
    from dashboard.progress import Stopwatch

    for path in filter(None, (options.out, options.report, options.rejected)):
        _check_place(path, options.file)
    watch = Stopwatch(_show_progress if sys.stderr.isatty() else lambda _: None, _STARTED)
    watch.step("read")
    reading = start_reading(options.file, _read_options(options))
    with reading:
        from dashboard.summary import summarise
        from dashboard.workflows.files import Outputs, segment_file

        result = segment_file(
            reading, _import_options(options), _recipe(options), Outputs(options.out, options.report, options.rejected), watch
        )
    _clear_progress()
    print(summarise(result.report))
    return 0


def _read_options(options: argparse.Namespace) -> ReadOptions:
    from dashboard.intake.reader import ReadOptions

    names = {"tab": "\t", "\\t": "\t", "space": " ", "comma": ",", "semicolon": ";", "pipe": "|"}
    delimiter = names.get(options.delimiter, options.delimiter)
    return ReadOptions(sheet=options.sheet, encoding=options.encoding, delimiter=delimiter)


def _import_options(options: argparse.Namespace):  # type: ignore[no-untyped-def]
    from segmentation.dataset import ImportOptions

    switches = {"on": True, "off": False}
    rules = _pairs("--rules", options.rules)
    for rule, value in rules.items():
        if value not in switches:
            raise InvalidInputError("bad_option", f'--rules {rule}={value} says neither "on" nor "off".')
    return ImportOptions(
        roles=_pairs("--map", options.map),
        customer=options.customer,
        decimal=options.decimal,
        date_order=options.date_order,
        rules={rule: switches[value] for rule, value in rules.items()},
        returns=options.returns,
        as_of=_day(options.as_of),
    )


def _recipe(options: argparse.Namespace):  # type: ignore[no-untyped-def]
    from segmentation.measures.recipe import Recipe

    return Recipe(
        features=tuple(name.strip() for name in options.features.split(",") if name.strip()) if options.features else (),
        scenario=options.scenario,
        transform=options.transform,
        cap={name: _number(f"--cap {name}", value) for name, value in _pairs("--cap", options.cap).items()},
        missing=options.missing,
        method=options.method,
        n_clusters=None if options.k == "auto" else int(_number("--k", options.k)),
        seed=options.seed,
    )


def _pairs(option: str, texts: Sequence[str]) -> dict[str, str]:
    pairs = {}
    for text in texts:
        name, mark, value = text.partition("=")
        if not mark:
            raise InvalidInputError("bad_option", f'{option} "{text}" lacks its "=".', fix=f"Write {option} NAME=VALUE.")
        pairs[name.strip()] = value.strip()
    return pairs


def _number(option: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InvalidInputError("bad_option", f'{option} "{text}" is not a number.') from None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidInputError("bad_option", f'--as-of "{text}" is not a day of the calendar.', fix="Write it as 2024-12-31.") from None


def _check_place(path: Path, source: Path) -> None:
    """Refuse before any work what cannot be written, or would overwrite the person's own file."""
    if not path.parent.is_dir():
        raise InvalidInputError("no_such_folder", f'There is no folder "{path.parent}" to write "{path.name}" to.', fix="Create it first.")
    if path.is_dir() or (path.exists() and source.exists() and path.samefile(source)):
        raise InvalidInputError("bad_place", f'"{path}" cannot be written to.', fix="Choose another name.")


def _show_progress(words: str) -> None:
    print(f"\r\x1b[2K{words} ...", end="", file=sys.stderr, flush=True)


def _clear_progress() -> None:
    if sys.stderr.isatty():
        print("\r\x1b[2K", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
