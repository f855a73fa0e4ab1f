"""What is said about how numbers and dates were read: what is open, what counts as missing, what was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segmentation.findings import Finding
from segmentation.intake.parsing import MISSING, OK, UNREADABLE, ParsedNumbers, missing_mask, parse_numbers
from segmentation.intake.table import RawTable
from segmentation.intake.values import DateColumn, NumberColumn

_MAX_EXAMPLES = 5
_FEWEST_VALUES, _FAR_OUT, _LEAST_DIGITS = 20, 2, 3
_ORDER_WORDS = {"dmy": "day first", "mdy": "month first", "ymd": "year first"}


def say_how_read(raw: RawTable, numbers: Mapping[str, NumberColumn], dates: Mapping[str, DateColumn]) -> tuple[Finding, ...]:
    """Say how the columns with a meaning were read.

    Parameters
    ----------
    raw : RawTable
    numbers, dates : mapping of str to column
        By role.

    Returns
    -------
    tuple of Finding
        Questions first, then what counts as missing.
    """
    findings = []
    for moment in dates.values():
        findings += _about_dates(moment)
    orders = {column.parsed.order: column.header for column in dates.values() if column.parsed.order in ("dmy", "mdy")}
    if len(orders) > 1:
        message = (
            f'The dates in "{orders["dmy"]}" are written day first, those in "{orders["mdy"]}" month first; each was read in its own way.'
        )
        findings.append(Finding("mixed_date_orders", "warning", message, 2, tuple({"column": header} for header in orders.values())))
    for number in numbers.values():
        findings += _about_numbers(raw, number)
    columns: list[NumberColumn | DateColumn] = [*numbers.values(), *dates.values()]
    for column in columns:
        findings += _unreadable(raw, column)
    return (*findings, *say_what_is_missing(raw, {column.header: column for column in columns}))


def _about_dates(column: DateColumn) -> list[Finding]:
    parsed, findings, where = column.parsed, [], ({"column": column.header},)
    if parsed.is_order_open:
        read_as = _ORDER_WORDS[str(parsed.order)]
        message = f'The dates in "{column.header}" can be read day first or month first; they were read {read_as}. Say which it is.'
        findings.append(Finding("ambiguous_dates", "question", message, int(column.codes.size), where))
    if n := int(np.count_nonzero(parsed.is_coarse[column.codes])) if parsed.is_coarse.any() else 0:
        message = f'{n:,} cells of "{column.header}" are months, quarters or weeks without a day; the first day of each counts.'
        findings.append(Finding("dates_without_day", "info", message, n, where))
    if len(parsed.zones) > 1:
        message = (
            f'The times in "{column.header}" are of several time zones ({", ".join(parsed.zones[:4])}); each counts as its clock showed it.'
        )
        findings.append(Finding("time_zones", "info", message, len(parsed.zones), where))
    return findings


def _about_numbers(raw: RawTable, column: NumberColumn) -> list[Finding]:
    parsed, findings = column.parsed, []
    if parsed.is_mark_open:
        findings.append(
            Finding("ambiguous_decimal_mark", "question", _open_mark(raw, column), int(column.codes.size), ({"column": column.header},))
        )
    if parsed.n_rounded:
        message = f'Some numbers in "{column.header}" have more than six decimals; they were rounded.'
        findings.append(Finding("rounded_numbers", "info", message, parsed.n_rounded, ({"column": column.header},)))
    if parsed.unit:
        findings.append(_unit_left_out(raw, column.header, parsed))
    return findings + _stand_ins(raw, column)


def _stand_ins(raw: RawTable, column: NumberColumn) -> list[Finding]:
    """Point out a value of one digit repeated that is more than twice the next: 666666 and 99999 often stand for "not known"."""
    known = np.unique(column.parsed.units[column.parsed.state == OK])
    if known.size < _FEWEST_VALUES or known[-1] <= _FAR_OUT * known[-2]:
        return []
    digits = str(int(known[-1])).removesuffix("0" * column.parsed.scale)
    if len(digits) < _LEAST_DIGITS or len(set(digits)) > 1 or digits[0] == "0":
        return []
    rows = np.flatnonzero((column.units == known[-1]) & (column.state == OK))
    examples = tuple(
        {"row": int(raw.row_numbers[row]), "column": column.header, "value": raw.text(column.header, int(row))}
        for row in rows[:_MAX_EXAMPLES]
    )
    times = f"{rows.size:,} time{'s' if rows.size > 1 else ''}"
    value = examples[0]["value"]
    message = f'"{column.header}" has the value {value} {times}, far above all others: it may stand for "not known". It was taken as it is.'
    return [Finding("suspicious_value", "warning", message, int(rows.size), examples)]


def _open_mark(raw: RawTable, column: NumberColumn) -> str:
    """Ask by an example what the mark in the numbers means."""
    marked = raw.distinct(column.header)
    texts = marked.filter(pc.match_substring_regex(marked, r"\d[.,]\d{3}\D*$"))
    if not len(texts):
        return f'Some numbers in "{column.header}" have a decimal point, others a decimal comma. Say which it is.'
    example = texts[:1]
    ways = [parse_numbers(example, mark) for mark in (".", ",")]
    point, comma = (f"{way.as_floats()[0]:.3f}".rstrip("0").rstrip(".") if way.state[0] == OK else "no number" for way in ways)
    read_as = "point" if column.parsed.decimal == "." else "comma"
    return (
        f'In "{column.header}", {example[0].as_py().strip()} means {point} with a decimal point, {comma} with a decimal comma; '
        f"it was read as a {read_as}. Say which it is."
    )


def _unit_left_out(raw: RawTable, header: str, parsed: ParsedNumbers) -> Finding:
    texts = raw.distinct(header).filter(pa.array(parsed.state == OK))
    example = texts[0].as_py().strip()
    if parsed.unit == "%":
        return Finding(
            "percent",
            "info",
            f'"{header}" is in percent: {example} counts as {parsed.as_floats()[parsed.state == OK][0]:g}.',
            1,
            ({"column": header},),
        )
    message = f'"{header}" is in {parsed.unit}: {example} counts as {parsed.as_floats()[parsed.state == OK][0]:g}.'
    return Finding("unit_left_out", "info", message, len(texts), ({"column": header, "value": example},))


def _unreadable(raw: RawTable, column: NumberColumn | DateColumn) -> list[Finding]:
    rows = np.flatnonzero(column.state == UNREADABLE)
    if not rows.size:
        return []
    what = "a number" if isinstance(column, NumberColumn) else "a date"
    examples = tuple(
        {"row": int(raw.row_numbers[row]), "column": column.header, "value": raw.text(column.header, int(row))}
        for row in rows[:_MAX_EXAMPLES]
    )
    message = f'{rows.size:,} cells of "{column.header}" are not {what}; they count as missing.'
    return [Finding("unreadable_cells", "warning", message, int(rows.size), examples)]


def say_what_is_missing(raw: RawTable, columns: Mapping[str, NumberColumn | DateColumn] | Collection[str]) -> tuple[Finding, ...]:
    """Say which words and days count as "no value", how often, and where.

    Parameters
    ----------
    raw : RawTable
    columns : mapping of header to column, or headers of columns of numbers

    Returns
    -------
    tuple of Finding
        One for each column that has such cells.
    """
    findings = []
    for header in columns:
        column = columns[header] if isinstance(columns, Mapping) else None
        codes = raw.codes(header)
        state = column.state if column else np.where(missing_mask(raw.distinct(header)), MISSING, OK)[codes]
        is_blank = np.asarray(pc.equal(pc.utf8_trim_whitespace(raw.distinct(header)), ""))
        rows = np.flatnonzero((state == MISSING) & ~is_blank[codes])
        if not rows.size:
            continue
        texts = raw.distinct(header)
        words = [str(texts[int(code)].as_py()).strip() for code, _ in Counter(codes[rows].tolist()).most_common(4)]
        example = tuple(
            {"row": int(raw.row_numbers[row]), "column": header, "value": raw.text(header, int(row))} for row in rows[:_MAX_EXAMPLES]
        )
        message = f'In "{header}" {rows.size:,} {"cell says" if rows.size == 1 else "cells say"} {", ".join(words)}; they count as missing.'
        findings.append(Finding("marks_as_missing", "info", message, int(rows.size), example))
    return tuple(findings)
