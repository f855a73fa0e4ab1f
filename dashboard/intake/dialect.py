"""How a text file lays out its cells: judged by how evenly and how sensibly each candidate cuts the rows."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.intake.headers import is_header, looks_like_value
from segmentation.errors import InvalidInputError

CANDIDATES = (",", ";", "\t", "|", "^", "~", ":")
SPACES = " "
"""Runs of spaces."""
NO_DELIMITER = "\x1f"
"""Stands for the delimiter of a file of one column; no text file holds this character."""
SAMPLE_ROWS = 400
_SEP_LINE = re.compile(r"^\ufeff?\"?sep=(.)\"?\s*$", re.IGNORECASE)
_DELIMITER_NAMES = {"tab": "\t", "\\t": "\t", "space": SPACES, "comma": ",", "semicolon": ";", "pipe": "|"}
_COLON_WITHIN = re.compile(r"://|\d:\d\d")
_DECIMAL_COMMA = re.compile(r"^-?[\d.]+,\d{1,2}$")
_ESCAPED_QUOTE = re.compile(r'\\"(?![,;\t|\r\n]|$)')
_BACKSLASHES = re.compile(r"\\+")
_DOUBLED_QUOTE = re.compile(r'[^,;\t|\r\n"\\]""')
_WORD = re.compile(r"^[\w .&'’/@+-]{1,60}$")


@dataclass(frozen=True)
class Layout:
    """The lay-out of a text file.

    ``first_row`` is the number of the header (or of the first row where there is none) counted in records from 1, ``skip_lines``
    the number of lines before it, ``n_above`` how many of them hold text that is left out. ``is_ragged``: most rows leave out
    empty cells at their end.
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


def find_layout(sample: str, delimiter: str | None = None, header_row: int | None = None) -> Layout:
    """Judge a sample of whole lines; the person's delimiter and header row (0: none) win."""
    lines = sample.splitlines()
    delimiter = _check_delimiter(delimiter)
    declared = _SEP_LINE.match(lines[0]) if lines else None
    if declared:
        delimiter = delimiter or declared.group(1)
    candidates = (delimiter,) if delimiter else (*CANDIDATES, SPACES)
    quotes = _quote_styles(sample)
    judged = [
        (score(rows), -order, each, quote, escape, rows)
        for order, (each, (quote, escape)) in enumerate((each, style) for each in candidates for style in quotes)
        if (rows := cut(sample, each, quote, escape)) and (delimiter or _is_plausible(each, rows, lines))
    ]
    best = max(judged, key=lambda judgement: judgement[:2], default=None)
    if best is None or (best[0] <= 0 and not delimiter):
        return _one_column(sample, header_row)
    _, _, chosen, quote, escape, rows = best
    return _place_header(chosen, quote, escape, rows, header_row)


def _check_delimiter(wanted: str | None) -> str | None:
    if not wanted:
        return None
    delimiter = _DELIMITER_NAMES.get(wanted.lower(), wanted)
    if len(delimiter) != 1 or not delimiter.isascii() or delimiter.isalnum() or delimiter in "\"'\r\n\0":
        raise InvalidInputError(
            "unknown_delimiter", f'"{wanted}" cannot separate cells.', fix='Use one character such as "," or ";", or "tab".'
        )
    return delimiter


def _is_plausible(delimiter: str, rows: Sequence[Sequence[str]], lines: Sequence[str]) -> bool:
    """Tell whether a candidate is more than part of what the cells say: a time, an address, an amount, words of a sentence."""
    if delimiter == ":":
        return not any(_COLON_WITHIN.search(line) for line in lines[:SAMPLE_ROWS])
    if delimiter == ",":
        below = [line.strip() for line in lines[1:SAMPLE_ROWS] if line.strip()]
        return not below or "," in lines[0] or not all(map(_DECIMAL_COMMA.match, below))
    if delimiter == SPACES:
        filled = [row for row in rows if row]
        even = [row for row in filled if len(row) == len(filled[0])] if filled else []
        columns = zip(*(even[1:] or even), strict=True)
        return len(even) > 0.9 * len(filled) and any(all(map(looks_like_value, column)) for column in columns)
    return True


def cut(sample: str, delimiter: str, quote: str | None, escape: str | None) -> list[list[str]]:
    """Cut a sample into rows of cells; blank rows stay as empty lists."""
    if delimiter == SPACES:
        return [line.split() for line in sample.splitlines()[:SAMPLE_ROWS]]
    reader = csv.reader(
        io.StringIO(sample, newline=""),
        delimiter=delimiter,
        quotechar=quote or '"',
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        escapechar=escape,
        doublequote=True,
    )
    rows = []
    try:
        for row in reader:
            rows.append(row)
            if len(rows) == SAMPLE_ROWS:
                break
    except csv.Error:
        return rows if len(rows) > 1 else []
    return rows[:-1] if len(rows) > 2 and len(rows) < SAMPLE_ROWS and not sample.endswith(("\n", "\r")) else rows


def score(rows: Sequence[Sequence[str]]) -> float:
    """Return how well rows are cut: how many have the commonest number of cells, and how many cells look like something."""
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if not filled:
        return 0.0
    width, count = Counter(len(row) for row in filled).most_common(1)[0]
    if width < 2:
        return 0.0
    cells = [cell.strip() for row in filled if len(row) == width for cell in row]
    sensible = sum(not cell or looks_like_value(cell) or bool(_WORD.match(cell)) for cell in cells) / len(cells)
    return (count / len(filled)) ** 2 * sensible * (1 - 1 / width) ** 0.5


def _quote_styles(sample: str) -> list[tuple[str | None, str | None]]:
    styles: list[tuple[str | None, str | None]] = [('"', None)]
    if _ESCAPED_QUOTE.search(sample) or _are_escaped(sample):  # one backslash before the closing mark is the end of a path
        styles = [*(styles if _DOUBLED_QUOTE.search(sample) else ()), ('"', "\\")]
    if re.search(r"(?:^|[,;\t|])'[^'\n]*'(?:[,;\t|]|$)", sample, re.MULTILINE) and '"' not in sample:
        styles.insert(0, ("'", None))
    return styles


def _are_escaped(sample: str) -> bool:
    """Tell whether every backslash is written twice, as only a program does that escapes them."""
    runs = _BACKSLASHES.findall(sample) if '"' in sample else []
    return bool(runs) and all(len(run) % 2 == 0 for run in runs)


def _one_column(sample: str, header_row: int | None) -> Layout:
    return _place_header(NO_DELIMITER, '"', None, cut(sample, NO_DELIMITER, '"', None), header_row)


def _place_header(delimiter: str, quote: str | None, escape: str | None, rows: Sequence[Sequence[str]], header_row: int | None) -> Layout:
    """Find the first row of the table: titles above it have fewer cells."""
    lengths = [len(row) for row in rows if any(cell.strip() for cell in row)]
    width = Counter(lengths).most_common(1)[0][0] if lengths else 1
    start = next((i for i, row in enumerate(rows) if len(row) == width and _is_start(row)), 0)
    if header_row:
        start = _check_header_row(header_row, rows)
    first = list(rows[start]) if rows else []
    if header_row is None and start:
        start, first = _header_above(rows, start, delimiter)
    rest = [row for row in rows[start + 1 :] if len(row) == len(first)]
    is_ragged = delimiter not in (SPACES, NO_DELIMITER) and _is_ragged(rows[start + 1 :], len(first))
    has_header = is_header(first, rest) if header_row is None else header_row > 0
    above = [row for row in rows[:start] if any(cell.strip() for cell in row) and not _SEP_LINE.match(delimiter.join(row))]
    skip_lines = _lines_before(rows, start, delimiter)
    return Layout(delimiter, quote, escape, tuple(first) if has_header else None, len(first), start + 1, skip_lines, len(above), is_ragged)


def _header_above(rows: Sequence[Sequence[str]], start: int, delimiter: str) -> tuple[int, list[str]]:
    """Return the place and the cells of the header: the first row of the usual length, or a row above that names more or fewer columns."""
    width = len(rows[start])
    if delimiter != SPACES and (wider := _wider_header(rows, start)) is not None:
        return wider, list(rows[wider])
    named = rows[start - 1]
    if _lacks_trailing_names(rows, start):
        return start - 1, [*named, *[""] * (width - len(named))]
    if _lacks_first_name(rows, start):
        return start - 1, ["", *named]
    return start, list(rows[start])


def _wider_header(rows: Sequence[Sequence[str]], start: int) -> int | None:
    """Return the place of a row of names that every row below is shorter than or as long as: the rows leave out what is empty."""
    rest = [row for row in rows[start + 1 :] if len(row) == len(rows[start])]
    for place in range(start):
        row, below = rows[place], rows[place + 1 :]
        is_named = len(row) > len(rows[start]) and all(cell.strip() for cell in row) and is_header(row, [])
        if is_named and all(len(each) > 0 for each in rows[place + 1 : start + 1]) and _is_ragged(below, len(row)):
            return None if _names_values(rows[start], rest) else place
    return None


def _names_values(first: Sequence[str], rest: Sequence[Sequence[str]]) -> bool:
    """Tell whether a row is a header beyond doubt: it has a name where all rows below have values."""
    columns = zip(first, *rest, strict=True) if rest else ()
    return is_header(first, rest) and any(all(map(looks_like_value, cells)) for _, *cells in columns)


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


def _is_start(row: Sequence[str]) -> bool:
    return len(row) == 1 or sum(bool(cell.strip()) for cell in row) > 1


def _lines_before(rows: Sequence[Sequence[str]], start: int, delimiter: str) -> int:
    """Count the physical lines of the records above the table; a quoted cell may hold several."""
    if delimiter == SPACES:
        return start
    return sum(1 + sum(len(cell.splitlines()) - 1 for cell in row if cell) for row in rows[:start])
