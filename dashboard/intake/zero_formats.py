"""Numbers that a workbook shows with leading zeros, by their format alone: 1234 shown as 01234."""

from __future__ import annotations

import html
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

_FORMAT = re.compile(rb"<numFmt\s[^>]*>")
_IDENTIFIER = re.compile(rb'numFmtId="(\d+)"')
_ZEROS = re.compile(rb'formatCode="(0{2,})"')
_STYLES = re.compile(rb"<cellXfs.*?</cellXfs>", re.DOTALL)
_STYLE = re.compile(rb"<xf\s[^>]*>")
_SHEET = re.compile(rb"<sheet\s[^>]*>")
_RELATION = re.compile(rb"<Relationship\s[^>]*>")
_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d+)"(?: s="(\d+)")?([^>]*)>')
_NUMBER = re.compile(rb'^\s*(?:t="n")?\s*$')
_PIECE = 1 << 20
_MIXED = -1
"""Stands for the width of a column where only some numbers are shown with leading zeros."""


def zero_widths(path: Path, sheet: str, n_above: int) -> list[int]:
    """Return, for each column of a sheet with cells in it, how many digits its numbers are shown with: 0 where no format says so.

    The ``n_above`` rows of the titles and the header do not count. Without such a format in the workbook the sheet is not looked at.
    """
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        styles = _zero_styles(archive.read("xl/styles.xml")) if "xl/styles.xml" in names else {}
        part = _part_of(archive, sheet) if styles and "xl/_rels/workbook.xml.rels" in names else None
        if part not in names or part is None:
            return []
        columns: defaultdict[bytes, Counter[int]] = defaultdict(Counter)
        for (letters, style, rest), count in _count_cells(archive, part, n_above).items():
            columns[letters][styles.get(style, 0) if _NUMBER.match(rest) else 0] += count
    return [_width(columns[letters]) for letters in sorted(columns, key=lambda letters: (len(letters), letters))]


def _width(cells: Counter[int]) -> int:
    widths = [width for width, count in cells.items() if count > 0]
    return widths[0] if len(widths) == 1 else _MIXED if any(widths) else 0


def _zero_styles(xml: bytes) -> dict[bytes, int]:
    """Return the numbers of the cell styles whose format is nothing but zeros, and how many zeros."""
    widths = {
        found[1]: len(zeros[1]) for each in _FORMAT.findall(xml) if (zeros := _ZEROS.search(each)) and (found := _IDENTIFIER.search(each))
    }
    block = _STYLES.search(xml)
    styles = _STYLE.findall(block[0]) if block else []
    return {b"%d" % i: widths[found[1]] for i, each in enumerate(styles) if (found := _IDENTIFIER.search(each)) and found[1] in widths}


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """Return the name of the part of the archive that holds a sheet."""
    tags = {_attribute(tag, b"name"): _attribute(tag, rb"\w+:id") for tag in _SHEET.findall(archive.read("xl/workbook.xml"))}
    targets = {_attribute(tag, b"Id"): _attribute(tag, b"Target") for tag in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels"))}
    target = targets.get(tags.get(sheet, ""))
    if not target:
        return None
    return target[1:] if target.startswith("/") else f"xl/{target}"


def _attribute(tag: bytes, name: bytes) -> str:
    found = re.search(rb"\s" + name + rb'="([^"]*)"', tag)
    return html.unescape(found[1].decode("utf-8", "replace")) if found else ""


def _count_cells(archive: zipfile.ZipFile, part: str, n_above: int) -> Counter[tuple[bytes, bytes, bytes]]:
    """Count the cells of a sheet, which may be large, by column, style and kind; the rows above the data keep their columns with none."""
    counts: Counter[tuple[bytes, bytes, bytes]] = Counter()
    above = True
    for piece in _whole_tags(archive, part):
        cells = [cell for cell in _CELL.findall(piece) if not cell[3].endswith(b"/")]
        for letters, row, style, rest in cells if above else ():
            above = int(row) <= n_above
            if not above:
                break
            counts[letters, style, rest] -= 1
        counts.update((letters, style, rest) for letters, _, style, rest in cells)
    return counts


def _whole_tags(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    rest = b""
    with archive.open(part) as file:
        while piece := file.read(_PIECE):
            piece = rest + piece
            end = piece.rfind(b">") + 1
            rest = piece[end:]
            yield piece[:end]
