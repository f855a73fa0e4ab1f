"""The options of the command line: how they are written, and what they mean to the rooms below."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast

from segmentation.errors import InvalidInputError

if TYPE_CHECKING:
    from dashboard.intake.reader import ReadOptions
    from segmentation.dataset import ImportOptions
    from segmentation.intake.cleaning_rules import Gap
    from segmentation.measures.recipe import Recipe


def add_reading(parser: argparse.ArgumentParser) -> None:
    """Describe how a file is read."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a customer list or a transaction log: CSV, TSV, text, XLSX, XLS or ODS")
    parser.add_argument("--sheet", help="the sheet of a workbook")
    parser.add_argument("--encoding", help="e.g. utf-8, cp1252; guessed otherwise")
    parser.add_argument("--delimiter", help='e.g. ";", "tab", "space"; guessed otherwise')
    parser.add_argument("--header-row", type=int, metavar="N", help="the row that names the columns, 0 for none; guessed otherwise")
    parser.add_argument("--decimal", help='decimal mark: "." or ","; guessed otherwise')
    parser.add_argument("--date-order", metavar="dmy|mdy|ymd", help="order of day, month and year; guessed otherwise")


def add_columns(parser: argparse.ArgumentParser) -> None:
    """Describe what columns mean."""
    parser.add_argument("--map", nargs="+", action="extend", default=[], metavar="ROLE=HEADER", help="say which column means what")
    parser.add_argument(
        "--customer",
        metavar="HEADER|HEADER+HEADER|row",
        help='the column that says who the customer is; several joined by "+" where only together they do; "row": each row is one',
    )
    parser.add_argument(
        "--derive", nargs="+", action="extend", default=[], metavar="NAME=on|off", help="switch what is worked out from columns"
    )
    parser.add_argument("--leave-out", nargs="+", action="extend", default=[], metavar="HEADER", help="columns not to be kept anywhere")


def add_cleaning(parser: argparse.ArgumentParser) -> None:
    """Describe which rows count."""
    parser.add_argument("--rules", nargs="+", action="extend", default=[], metavar="NAME=on|off", help="switch cleaning rules")
    parser.add_argument("--returns", default="drop", metavar="net|drop", help="net cancelled and returned lines, or drop them (default)")
    parser.add_argument(
        "--repeats",
        default="newest",
        metavar="newest|merge|sum",
        help="a customer in several rows of a list",
    )
    parser.add_argument(
        "--gaps",
        nargs="+",
        action="extend",
        default=[],
        metavar="HEADER|all=leave|drop|median|similar",
        help="what customers lack",
    )
    parser.add_argument(
        "--limit",
        nargs="+",
        action="extend",
        default=[],
        metavar="COLUMN=0.99",
        help="larger values count as this quantile, everywhere",
    )
    parser.add_argument("--as-of", metavar="YYYY-MM-DD", help="the day to look back from; default: the day after the newest date")


def add_recipe(parser: argparse.ArgumentParser) -> None:
    """Describe how to segment."""
    parser.add_argument("--features", metavar="NAME,NAME,...", help="canonical names or headers")
    parser.add_argument("--scenario", metavar="rfm|frequency-spend|age-frequency-spend|demographics|demographics-behaviour|all")
    parser.add_argument("--cap", nargs="+", action="extend", default=[], metavar="COLUMN=0.99", help="count larger values as this quantile")
    parser.add_argument("--missing", default="drop", metavar="drop|median|similar|segment", help="customers with a gap: leave out or fill")
    parser.add_argument("--transform", default="auto", metavar="none|log|yeo-johnson|auto")
    parser.add_argument("--method", default="kmeans", metavar="kmeans|hierarchical|mixture|mixed|rfm|rules")
    parser.add_argument("--k", default="auto", metavar="auto|N", help="number of segments")
    parser.add_argument("--seed", type=int, default=42, metavar="N")


def read_options(options: argparse.Namespace) -> ReadOptions:
    """Return what was said about reading the file."""
    from dashboard.intake.reader import ReadOptions

    names = {"tab": "\t", "\\t": "\t", "space": " ", "comma": ",", "semicolon": ";", "pipe": "|"}
    delimiter = names.get(options.delimiter, options.delimiter)
    return ReadOptions(sheet=options.sheet, encoding=options.encoding, delimiter=delimiter, header_row=options.header_row)


def column_options(options: argparse.Namespace) -> ImportOptions:
    """Return what was said about its columns."""
    from segmentation.dataset import ImportOptions

    return ImportOptions(
        roles=_pairs("--map", options.map),
        customer=options.customer,
        decimal=options.decimal,
        date_order=options.date_order,
        derived=_switches("--derive", options.derive),
        leave_out=tuple(options.leave_out),
    )


def import_options(options: argparse.Namespace) -> ImportOptions:
    """Return what was said about its columns and rows."""
    rules = _switches("--rules", options.rules)
    as_of = _day(options.as_of)
    return replace(
        column_options(options),
        rules=rules,
        returns=options.returns,
        as_of=as_of,
        repeats=options.repeats,
        gaps=cast("dict[str, Gap]", _pairs("--gaps", options.gaps)),
        cap={name: _number(f"--limit {name}", value) for name, value in _pairs("--limit", options.limit).items()},
    )


def recipe(options: argparse.Namespace) -> Recipe:
    """Return what was said about segmenting."""
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


def _switches(option: str, texts: Sequence[str]) -> dict[str, bool]:
    words = {"on": True, "off": False}
    pairs = _pairs(option, texts)
    for name, value in pairs.items():
        if value not in words:
            raise InvalidInputError("bad_option", f'{option} {name}={value} says neither "on" nor "off".')
    return {name: words[value] for name, value in pairs.items()}


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
