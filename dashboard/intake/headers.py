"""The names of the columns: where the header stands, and a name for every column."""

from __future__ import annotations

import re
from collections.abc import Sequence

from segmentation.findings import Finding

MAX_HEADER = 200
_LOOKED_THROUGH = 20
_VALUE = re.compile(r"^[-+(]?\W{0,2}\d[\d.,:/\s()%-]*\w{0,3}$")


def looks_like_value(cell: str) -> bool:
    """Tell whether a cell is a number, an amount or a date rather than a name."""
    return bool(_VALUE.match(cell.strip()))


def is_header(first: Sequence[str], rest: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first row names the columns: no value among its cells, or none where the rows below have only values."""
    filled = [cell for cell in first if cell.strip()]
    if not filled:
        return False
    n_values = sum(looks_like_value(cell) for cell in filled)
    if n_values == 0:
        return True
    value_columns = [i for i in range(len(first)) if rest and all(i < len(row) and looks_like_value(row[i]) for row in rest[:50])]
    named = sum(not looks_like_value(first[i]) and bool(first[i].strip()) for i in value_columns)
    return named > 0 and n_values < len(filled) / 2


def names_values(first: Sequence[str], rest: Sequence[Sequence[str]]) -> bool:
    """Tell whether a row is a header beyond doubt: it has a name where the rows below have values, or nothing."""
    if not is_header(first, rest):
        return False
    columns = ([cell for cell in cells if cell.strip()] for name, *cells in zip(first, *rest, strict=True) if name.strip())
    return any(cells and all(map(looks_like_value, cells)) for cells in columns)


def start_behind_pairs(rows: Sequence[Sequence[str]], start: int) -> int:
    """Return the place of the header where pairs of words, as many as it has columns, and an empty row stand above it; else ``start``."""
    for place in range(start + 2, min(start + _LOOKED_THROUGH, len(rows))):
        above, first = _filled(rows[start:place]), rows[place]
        if any(cell.strip() for cell in rows[place - 1]) or not any(cell.strip() for cell in first):
            continue
        rest = [row for row in _filled(rows[place + 1 :]) if len(row) == len(first)]
        is_table_above = names_values(above[0], [row for row in above[1:] if len(row) == len(above[0])])
        if len(rest) > 2 * len(above) and names_values(first, rest) and not is_table_above:
            return place
    return start


def _filled(rows: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    return [row for row in rows if any(cell.strip() for cell in row)]


def name_columns(cells: Sequence[str]) -> tuple[list[str], list[Finding]]:
    """Return a unique name for every column: a repeated one gets a number, an empty one its place."""
    names: dict[str, int] = {}
    findings = []
    for place, cell in enumerate(cells, start=1):
        wanted = " ".join(cell.split())[:MAX_HEADER] or f"Column {place}"
        name = wanted
        while name in names:
            names[wanted] += 1
            name = f"{wanted} ({names[wanted]})"
        names[name] = 1
    renamed = [{"column": name, "value": cell[:MAX_HEADER]} for name, cell in zip(names, cells, strict=True) if name != cell.strip()]
    if renamed:
        message = (
            f"{len(renamed)} columns had no name of their own and were given one: {', '.join(str(each['column']) for each in renamed[:5])}."
        )
        findings.append(Finding("columns_renamed", "info", message, len(renamed), tuple(renamed[:5])))
    return list(names), findings
