"""How a text file lays out its cells: delimiter, quotation marks, and where the header stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from dashboard.intake.headers import is_header, names_values, start_behind_pairs
from dashboard.intake.judging import (
    LINE_BREAK,
    NO_DELIMITER,
    cut,
    has_spaces_before_quotes,
    is_comment,
    judge,
    usual_width,
    without_comments,
)
from dashboard.intake.spaces import SPACES, is_spaced
from segmentation.errors import InvalidInputError

_SEP_LINE = re.compile(r"^\ufeff?\"?sep=(.)\"?\s*$", re.IGNORECASE)
_DELIMITER_NAMES = {"tab": "\t", "\\t": "\t", "space": SPACES, "comma": ",", "semicolon": ";", "pipe": "|"}
_ESCAPED_QUOTE = re.compile(r'\\"(?![,;\t|\r\n]|$)')
_MARKED = r"(?:^|[,;\t|^ ]){mark}[^{mark}\n]*{mark}(?:[,;\t|^ ]|$)"
_BACKSLASHES = re.compile(r"\\+")
_DOUBLED_QUOTE = re.compile(r'[^,;\t|\r\n"\\]""')


@dataclass(frozen=True)
class Layout:
    """The lay-out of a text file.

    ``first_row`` is the number of the header (or of the first row where there is none) counted in records from 1, ``skip_lines``
    the number of lines before it, ``n_above`` how many of them hold text that is left out. ``is_ragged``: most rows leave out
    empty cells at their end. ``skips_spaces``: those behind a delimiter belong to no cell.
    """

    delimiter: str
    quote: str | None
    escape: str | None
    header: tuple[str, ...] | None
    n_columns: int
    first_row: int
    skip_lines: int
    n_above: int
    is_ragged: bool = False
    skips_spaces: bool = False


def find_layout(sample: str, delimiter: str | None = None, header_row: int | None = None) -> Layout:
    """Judge a sample of whole lines; the person's delimiter and header row (0: none) win."""
    lines = sample.splitlines()
    delimiter = _check_delimiter(delimiter)
    declared = _SEP_LINE.match(lines[0]) if lines else None
    if declared:
        delimiter = delimiter or declared.group(1)
    best = judge(sample, delimiter, _quote_styles(sample))
    if best is None:
        return _one_column(sample, header_row)
    layout = _place_header(best.delimiter, best.quote, best.escape, best.rows, header_row)
    return replace(layout, skips_spaces=has_spaces_before_quotes(sample, best.delimiter, best.quote))


def _check_delimiter(wanted: str | None) -> str | None:
    if not wanted:
        return None
    delimiter = _DELIMITER_NAMES.get(wanted.lower(), wanted)
    if len(delimiter) != 1 or not delimiter.isascii() or delimiter.isalnum() or delimiter in "\"'\r\n\0":
        raise InvalidInputError(
            "unknown_delimiter", f'"{wanted}" cannot separate cells.', fix='Use one character such as "," or ";", or "tab".'
        )
    return delimiter


def _quote_styles(sample: str) -> list[tuple[str | None, str | None]]:
    styles: list[tuple[str | None, str | None]] = [('"', None)]
    if _ESCAPED_QUOTE.search(sample) or _are_escaped(sample):  # one backslash before the closing mark is the end of a path
        styles = [*(styles if _DOUBLED_QUOTE.search(sample) else ()), ('"', "\\")]
    styles[:0] = [(mark, None) for mark in "'~" if '"' not in sample and re.search(_MARKED.format(mark=mark), sample, re.MULTILINE)]
    return styles


def _are_escaped(sample: str) -> bool:
    """Tell whether every backslash is written twice, as only a program does that escapes them."""
    runs = _BACKSLASHES.findall(sample) if '"' in sample else []
    return bool(runs) and all(len(run) % 2 == 0 for run in runs)


def _one_column(sample: str, header_row: int | None) -> Layout:
    return _place_header(NO_DELIMITER, '"', None, cut(sample, NO_DELIMITER, '"', None), header_row)


def _place_header(delimiter: str, quote: str | None, escape: str | None, rows: Sequence[Sequence[str]], header_row: int | None) -> Layout:
    """Find the first row of the table: titles above it have fewer cells."""
    width = usual_width(without_comments([row for row in rows if any(cell.strip() for cell in row)])) or 1
    start = next((i for i, row in enumerate(rows) if len(row) == width and _is_start(row) and not _is_remark(rows, i, delimiter)), 0)
    start = _check_header_row(header_row, rows) if header_row else start_behind_pairs(rows, start)
    first = list(rows[start]) if rows else []
    if header_row is None and start:
        start, first = _header_above(rows, start, delimiter)
    rest = [row for row in rows[start + 1 :] if len(row) == len(first)]
    is_ragged = delimiter != NO_DELIMITER and not is_spaced(delimiter) and _is_ragged(rows[start + 1 :], len(first))
    has_header = is_header(first, rest) if header_row is None else header_row > 0
    above = [row for row in rows[:start] if any(cell.strip() for cell in row) and not _SEP_LINE.match(delimiter.join(row))]
    skip_lines = _lines_before(rows, start, delimiter)
    return Layout(delimiter, quote, escape, tuple(first) if has_header else None, len(first), start + 1, skip_lines, len(above), is_ragged)


def _header_above(rows: Sequence[Sequence[str]], start: int, delimiter: str) -> tuple[int, list[str]]:
    """Return the place and the cells of the header: the first row of the usual length, or a row above that names more or fewer columns."""
    width = len(rows[start])
    if not is_spaced(delimiter) and (wider := _wider_header(rows, start)) is not None:
        return wider, list(rows[wider])
    named = rows[start - 1]
    if _lacks_trailing_names(rows, start):
        return start - 1, [*named, *[""] * (width - len(named))]
    if _lacks_first_name(rows, start):
        return start - 1, ["", *named]
    if (
        is_comment(named)
        and len(unmarked := " ".join(named).lstrip("#/% ").split()) == width
        and is_spaced(delimiter)
        and is_header(unmarked, [])
    ):
        return start - 1, unmarked
    return start, list(rows[start])


def _wider_header(rows: Sequence[Sequence[str]], start: int) -> int | None:
    """Return the place of a row of names that every row below is shorter than or as long as: the rows leave out what is empty."""
    rest = [row for row in rows[start + 1 :] if len(row) == len(rows[start])]
    for place in range(start):
        row, below = rows[place], rows[place + 1 :]
        is_named = len(row) > len(rows[start]) and all(cell.strip() for cell in row) and is_header(row, [])
        if is_named and all(len(each) > 0 for each in rows[place + 1 : start + 1]) and _is_ragged(below, len(row)):
            return None if names_values(rows[start], rest) else place
    return None


def _is_ragged(rows: Sequence[Sequence[str]], width: int) -> bool:
    """Tell whether most rows are shorter than the header, and hardly one is longer: what is empty at the end was left out."""
    lengths = [len(row) for row in rows if any(cell.strip() for cell in row)]
    n_short = sum(length < width for length in lengths)
    return n_short > 0.5 * len(lengths) and sum(length > width for length in lengths) <= 0.1 * len(lengths)


def _lacks_first_name(rows: Sequence[Sequence[str]], start: int) -> bool:
    """Tell whether the row above is the header without a name for the numbers of the rows, as R writes it."""
    named, below = rows[start - 1], [row for row in rows[start:] if len(row) == len(rows[start])]
    if len(named) != len(rows[start]) - 1 or not all(cell.strip() for cell in named) or not is_header(named, []):
        return False
    numbers = [row[0].strip() for row in below]
    return len(numbers) > 1 and numbers in ([str(i + first) for i in range(len(numbers))] for first in (0, 1))


def _check_header_row(header_row: int, rows: Sequence[Sequence[str]]) -> int:
    if not 0 < header_row <= len(rows):
        title = f"Row {header_row:,} cannot be the header: only the first {len(rows):,} rows are looked at."
        raise InvalidInputError("no_such_row", title, fix="Give the number of the row that names the columns, 0 for none.")
    return header_row - 1


def _lacks_trailing_names(rows: Sequence[Sequence[str]], start: int) -> bool:
    """Tell whether the row above is the header all the same: the rows below end with delimiters and nothing behind them."""
    named, below = rows[start - 1], [row for row in rows[start:] if len(row) == len(rows[start])]
    return 1 < len(named) < len(rows[start]) and is_header(named, []) and not any("".join(row[len(named) :]).strip() for row in below)


def _is_remark(rows: Sequence[Sequence[str]], place: int, delimiter: str) -> bool:
    """Tell whether a row is a line of comment and not a header that begins with its mark."""
    return is_comment(rows[place]) and (is_spaced(delimiter) or any(is_comment(row) for row in rows[place + 1 : place + 2]))


def _is_start(row: Sequence[str]) -> bool:
    return len(row) == 1 or sum(bool(cell.strip()) for cell in row) > 1


def _lines_before(rows: Sequence[Sequence[str]], start: int, delimiter: str) -> int:
    """Count the physical lines of the records above the table; a quoted cell may hold several."""
    if is_spaced(delimiter):
        return start
    return sum(1 + sum(len(LINE_BREAK.findall(cell)) for cell in row) for row in rows[:start])
