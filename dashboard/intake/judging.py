"""Which character separates the cells of a text: each candidate is judged by how evenly it cuts the rows and how sensible its cells are.

After van den Burg, Nazábal and Sutton, "Wrangling messy CSV files by detecting row and type patterns" (2019): pattern score times type
score. Added: what stands within a date, a time, an amount or an address separates nothing; each column should hold one kind of thing;
lines above and below the table count little; and one column is a candidate like the others.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from dashboard.intake.spaces import GAPS, SPACES, UNIT, is_spaced, with_units

NO_DELIMITER = UNIT
"""Stands for the delimiter of a file of one column."""
SAMPLE_ROWS = 400
LINE_BREAK = re.compile(r"\r\n|\r|\n")
_TRUST = {
    ",": 1.0,
    ";": 1.0,
    "\t": 1.0,
    "|": 0.97,
    "\x01": 0.97,
    "^": 0.9,
    "~": 0.9,
    ":": 0.75,
    SPACES: 0.72,
    GAPS: 0.7,
    "*": 0.7,
    "&": 0.7,
    "#": 0.6,
    "!": 0.6,
}
"""How often a character is meant as a delimiter where it could be one."""
_COMMON = ",;\t|\x01^~"
_LEAST_SCORE = 0.2
_LEAST_SCORE_OF_RARE = 0.35
_JUDGED_COLUMNS = 60
_JUDGED_ROWS = 150
_EVEN_ENOUGH = 0.9
_USUAL_LIMIT = 1 << 17
_LOOKED_AT = 400
"""Characters of a cell or a line: no more are needed, and patterns take their time on long ones."""

_NUMBER = r"[-+]?[€£$¥]?\s?(?:\d{1,3}(?:[,.' ]\d{3})+(?:[.,]\d+)?|\d*[.,]?\d+(?:[eE][-+]?\d+)?|\d+\.)\s?(?:%|€|£|\$)?"
_MONTH = r"(?i:jan|feb|f[eé]v|m[aä]r|apr|avr|abr|ma[iy]|jui?n|jul|aug|ao[uû]|ago|sep|o[ck]t|nov|de[cz]|d[eé]c|dic|ene)[a-zéûä]{0,6}"
_DAY = (
    r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}"
    rf"|\d{{1,2}}[-. ]{{0,2}}{_MONTH}[-. ]{{1,2}}\d{{2,4}}|{_MONTH}\.? \d{{1,2}},? \d{{4}})"
)
_TIME = r"\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?: ?[AaPp]\.?[Mm]\.?)?"
_ZONE = r"(?: ?(?:Z|[A-Z]{3,4}|[-+]\d\d:?\d\d))?"
_MOMENT = rf"(?:{_DAY}(?:[T ]{{1,2}}{_TIME}{_ZONE})?|{_TIME}{_ZONE}|[A-Z][a-z]{{2}} [A-Z][a-z]{{2}} \d\d? {_TIME}{_ZONE} \d{{4}})"
_URL = r"(?:(?<!\w)\w+://|www\.)(?:(?:(?!://)[^\s\"<>|])*[/?=&][^\s\"<>|,;]*|[^\s\"<>|,;/]*)"
_MAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_MACHINE = r"[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}"
_KINDS = (
    ("number", re.compile(rf"\(?{_NUMBER}\)?"), 1.0),
    ("moment", re.compile(_MOMENT), 1.0),
    ("address", re.compile(rf"{_URL}|{_MAIL}|{_MACHINE}"), 1.0),
    ("gap", re.compile(r"n/?a|nan|null|none|true|false|yes|no|-+|\.+|\?", re.IGNORECASE), 0.95),
    ("code", re.compile(r"[\w.#/+-]*\w[\w.#/+-]*"), 0.95),
    ("phrase", re.compile(r"[\w'’(\"&£$@#*/.+-]+(?: [\w'’()\"&£$@#*/.%+-]+){0,5}[.!?]?"), 0.85),
    ("text", re.compile(r"[^,;|\t]*"), 0.65),
    ("marked text", re.compile(r"[\s\S]*"), 0.4),
)
_CUT_OFF = re.compile(r"^[,;:|&=^~\\]|[,;:|&=^~\\]$|^[^(\[{]*[)\]}]|[(\[{][^)\]}]*$|^([\"'])(?!.*\1)")
"""A cell that begins or ends as no cell does, or holds half a pair of brackets or marks: it was cut in the middle."""
_WHOLE = re.compile(
    rf"(?<![\w.,:/-])(?:{_MOMENT}|{_MACHINE})(?![\w:/-])|{_URL}|&(?:#\d+|[a-z]+);|(?<=[;\t|])-?[€£$]?\d[\d.]*,\d+(?=[;\t|]|$)|(?<=[€£$])\d{{1,3}}(?:,\d{{3}})+(?!\d)"
)
"""What is one thing although it may hold a delimiter."""
_AMOUNT_LINE = re.compile(r"-?\d[\d.]*,\d{1,2}|-?[€£$]\s?\d[\d.,]*|-?\d{1,3}(?:,\d{3})+\.\d+")
_OTHERWISE_CUT = re.compile(r"[^\s,;|\t][,;|\t][^\s,;|\t]")
_COMMENT = re.compile(r"\s*(?:#|//|%)")


class Judgement(NamedTuple):
    """A way to cut a text, how good it is, and the rows it gives."""

    score: float
    delimiter: str
    quote: str | None
    escape: str | None
    rows: list[list[str]]


def judge(sample: str, delimiters: Sequence[str] | None, styles: Sequence[tuple[str | None, str | None]]) -> Judgement | None:
    """Return the best way to cut a sample, with one of the delimiters if they are given; None: one column."""
    lines = [line[: 5 * _LOOKED_AT] for line in sample.splitlines()[:_JUDGED_ROWS] if line.strip()]
    if not delimiters and _is_one_column(lines):
        return None
    bare = [_WHOLE.sub("", line) for line in lines]
    trusts = {each: _TRUST[each] * _free_share(each, lines, bare) for each in _TRUST if each in sample}
    judged = [_best_way(sample, each, styles, 1 if delimiters else trusts[each]) for each in delimiters or trusts]
    likely = [way for way in judged if way.rows and (delimiters or way.score > _least(way.delimiter))]
    return max(likely, key=lambda way: way.score, default=None)


def _best_way(sample: str, delimiter: str, styles: Sequence[tuple[str | None, str | None]], trust: float) -> Judgement:
    """Return the best of the styles of quotation for a delimiter."""
    ways = [Judgement(0, delimiter, *style, cut(sample, delimiter, *style)) for style in styles if style[0] != delimiter]
    best = max((way._replace(score=trust * score(delimiter, way.rows, sample)) for way in ways), key=lambda way: way.score)
    if not _swallows(best.rows, delimiter):
        return best
    freely = score(delimiter, cut(sample, delimiter, None, None), sample)  # a mark that is never closed hides the rows behind it
    return best._replace(score=max(best.score, 0.9 * trust * freely))


def _least(delimiter: str) -> float:
    return _LEAST_SCORE if delimiter in _COMMON else _LEAST_SCORE_OF_RARE


def cut(sample: str, delimiter: str, quote: str | None, escape: str | None) -> list[list[str]]:
    """Cut a sample into rows of cells; blank rows stay as empty lists."""
    text = with_units("\n".join([*sample.splitlines()[: SAMPLE_ROWS + 1], ""]), delimiter, quote) if is_spaced(delimiter) else sample
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=UNIT if is_spaced(delimiter) else delimiter,
        quotechar=quote or '"',
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        escapechar=escape,
        skipinitialspace=has_spaces_before_quotes(sample, delimiter, quote),
    )
    csv.field_size_limit(max(len(sample), _USUAL_LIMIT))  # a cell may be as long as the sample
    rows = []
    try:
        for row in reader:
            rows.append(row)
            if len(rows) == SAMPLE_ROWS:
                break
    except csv.Error:
        return rows if len(rows) > 1 else []
    return rows[:-1] if len(rows) > 2 and len(rows) < SAMPLE_ROWS and not sample.endswith(("\n", "\r")) else rows


def has_spaces_before_quotes(sample: str, delimiter: str, quote: str | None) -> bool:
    """Tell whether quotation marks open a space behind the delimiter, and never at once."""
    return bool(quote) and f"{delimiter} {quote}" in sample and f"{delimiter}{quote}" not in sample and not is_spaced(delimiter)


def score(delimiter: str, rows: Sequence[Sequence[str]], sample: str) -> float:
    """Return from 0 to 1 how well rows are cut."""
    filled = without_comments([row for row in rows if any(cell.strip() for cell in row)])
    width = usual_width(filled)
    if width < 2:
        return 0.0
    even = [row for row in filled if len(row) == width]
    evenness = _evenness(filled, width)
    if delimiter not in _COMMON and evenness < _EVEN_ENOUGH:
        return 0.0
    if is_spaced(delimiter) and not _has_values(even):
        return 0.0
    if evenness < 0.8 and _is_prose(delimiter, sample):
        evenness **= 4
    elif evenness < 0.8:
        evenness = max(evenness, 0.8 * sum(len(row) > 1 for row in filled) / len(filled))
        even = [row for row in filled if len(row) > 1]
    return evenness**1.5 * _sense(even) * (1 - 1 / width) ** 0.5


def without_comments(rows: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """Leave out what is said above the table."""
    start = next((i for i, row in enumerate(rows) if not is_comment(row)), 0)
    return rows[start:]


def is_comment(row: Sequence[str]) -> bool:
    """Tell whether a row begins as a line of comment does."""
    return bool(row and _COMMENT.match(row[0]))


def usual_width(rows: Sequence[Sequence[str]]) -> int:
    """Return how many cells most rows have; a few wide rows tell more than as many lines of prose."""
    counts = Counter(map(len, rows))
    return max(counts, key=lambda width: (counts[width] * (width - 1) / width, width), default=0)


def _evenness(rows: Sequence[Sequence[str]], width: int) -> float:
    """Return the share of the rows that have the usual number of cells; rows above the first and below the last of them count little."""
    fits = [len(row) == width for row in rows]
    first, last = fits.index(True), len(fits) - fits[::-1].index(True)
    weight = 0.25 if sum(fits) > 1 else 1.0
    outside = sum(
        0.0 if _COMMENT.match(row[0]) else 1.0 if _OTHERWISE_CUT.search(row[0]) else weight for row in (*rows[:first], *rows[last:])
    )
    return sum(fits) / (last - first + outside)


def _swallows(rows: Sequence[Sequence[str]], delimiter: str) -> bool:
    return any("\n" in cell and delimiter in cell.partition("\n")[2] for row in rows for cell in row)


def _is_prose(delimiter: str, sample: str) -> bool:
    """Tell whether a delimiter is followed by a space as in a sentence."""
    return 2 * sample.count(delimiter + " ") >= sample.count(delimiter)


def _sense(rows: Sequence[Sequence[str]]) -> float:
    """Return how sensible the cells are: what they look like, and whether those of one column look alike."""
    step = max(1, len(rows) // _JUDGED_ROWS)
    width = min(max(map(len, rows)), _JUDGED_COLUMNS)
    worth = 0.0
    for place in range(width):
        cells = [kind_of(cell) for row in rows[::step] if place < len(row) and (cell := row[place].strip())]
        if not cells:
            worth += 0.6  # a column without any cell says nothing
            continue
        likest = Counter(kind for kind, _ in cells).most_common(1)[0][1] / len(cells)
        worth += sum(value for _, value in cells) / len(cells) * (0.75 + 0.25 * likest)
    return worth / width


@lru_cache(1 << 15)
def kind_of(cell: str) -> tuple[str, float]:
    """Return what a cell looks like, and how far that speaks for its being a whole cell."""
    cell = cell[:_LOOKED_AT]
    if _CUT_OFF.search(cell):
        return "cut off", 0.1
    return next((kind, worth) for kind, pattern, worth in _KINDS if pattern.fullmatch(cell))


def _has_values(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether a column below the first row holds nothing but values: words of a sentence do not."""
    columns = list(zip(*(rows[1:] or rows), strict=True))
    valued = [all(kind_of(cell)[0] in ("number", "moment", "gap") for cell in column) for column in columns]
    return any(valued) if len(rows) > 2 else sum(valued) >= 0.5 * len(valued)


def _free_share(delimiter: str, lines: Sequence[str], bare: Sequence[str]) -> float:
    """Return the share of a character's occurrences that do not stand within a date, a time, an amount or an address."""
    whole = sum(line.count(delimiter) for line in lines)
    free = sum(line.count(delimiter) for line in bare)
    if delimiter in ":#!" and 2 * sum(line.count(delimiter + " ") for line in lines) > whole:
        return 0.0
    return free / whole if whole else 0.0


def _is_one_column(lines: Sequence[str]) -> bool:
    """Tell whether each line is one thing: an address, a moment, an amount with its comma."""
    below = [line.strip().strip('"') for line in lines[1:]] or [line.strip() for line in lines]
    is_thing = [kind_of(line)[0] in ("moment", "address") for line in below]
    if not below:
        return False
    if sum(is_thing) >= _EVEN_ENOUGH * len(below):
        return True
    return len(lines) > 1 and all(map(_AMOUNT_LINE.fullmatch, below)) and ("," not in lines[0] or bool(re.match(r"-?[€£$]", lines[0])))
