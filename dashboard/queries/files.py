"""What a file just read seems to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np
import pyarrow.compute as pc

from segmentation.dataset import ImportOptions, newest_day, understand_columns
from segmentation.errors import InvalidInputError
from segmentation.findings import Finding
from segmentation.intake.columns import MEASURE_BY_NAME, ROLE_BY_NAME
from segmentation.intake.dates import ParsedDates, parse_dates
from segmentation.intake.derived import Derivation
from segmentation.intake.keys import leave_out, possible_keys
from segmentation.intake.mapping import EACH_ROW, ColumnMapping, map_columns, measure_headers
from segmentation.intake.parsing import OK, UNREADABLE, ParsedNumbers, missing_mask, parse_numbers
from segmentation.intake.table import RawTable
from segmentation.intake.typed import TypedColumns, read_typed
from segmentation.measures.derived import propose_measures

_EXAMPLES = 5
_DAY_0 = datetime(1970, 1, 1)  # noqa: DTZ001 - days of a file have no zone
_PREVIEW_ROWS = 10
_SAMPLE_TEXTS = 200


def inspect_table(raw: RawTable, options: ImportOptions | None = None) -> dict[str, object]:
    """Return what a file seems to be: kind, dialect, columns with roles and examples, first rows as read, findings.

    A file without a customer column has kind None and says so in its findings; it is not an error to look at it.
    """
    return inspect_chosen(raw, options or ImportOptions())


def inspect_chosen(raw: RawTable, options: ImportOptions) -> dict[str, object]:
    """Return the same for what a person chose; a choice that cannot be is a finding."""
    try:
        raw, mapping, derived = understand_columns(raw, options)
    except InvalidInputError as error:
        raw = leave_out(raw, [header for header in options.leave_out if header in raw.headers and len(raw.headers) > 1])
        mapping, question = _map_without_customer(raw, options.roles), Finding(error.code, "question", str(error), 1)
        typed = read_typed(raw, mapping, options.decimal, options.date_order)
        return {**describe_table(raw, mapping, typed, (), (question,)), "kind": None}
    typed = read_typed(raw, mapping, options.decimal, options.date_order)
    day = options.as_of or newest_day(mapping, typed)
    measures = propose_measures(raw, mapping, typed, day, options.derived)
    return describe_table(raw, mapping, typed, (*derived, *measures))


def describe_table(
    raw: RawTable, mapping: ColumnMapping, typed: TypedColumns, derived: Sequence[Derivation] = (), extra: Sequence[Finding] = ()
) -> dict[str, object]:
    """Return what a file is as it was understood."""
    findings = (*raw.findings, *mapping.findings, *typed.findings, *extra)
    dialect = raw.dialect
    return {
        "kind": mapping.kind,
        "rows": raw.n_rows + len(raw.unreadable),
        "dialect": {
            "encoding": dialect.encoding,
            "delimiter": dialect.delimiter,
            "quote": dialect.quote,
            "decimal": typed.decimal,
            "date_order": typed.date_order,
            "sheet": dialect.sheet,
            "header_row": dialect.header_row,
        },
        "columns": _columns(raw, mapping, typed, findings),
        "preview": _preview(raw),
        "derived": [derivation.as_dict() for derivation in derived],
        "keys": possible_keys(raw, mapping),
        "findings": [finding.as_dict() for finding in findings],
    }


def _map_without_customer(raw: RawTable, roles: Mapping[str, str]) -> ColumnMapping:
    """Tell what the other columns mean where the customer's is missing, or is one that the file does not have."""
    possible = {role: header for role, header in roles.items() if role != "customer" and header in (*raw.headers, "")}
    mapping = map_columns(raw, {**possible, "customer": ""}, EACH_ROW)
    return replace(mapping, roles={role: header for role, header in mapping.roles.items() if role != "customer"})


def _columns(raw: RawTable, mapping: ColumnMapping, typed: TypedColumns, findings: Sequence[Finding]) -> list[dict[str, object]]:
    role_of = {header: role for role, header in mapping.roles.items()}
    read: dict[str, ParsedNumbers | ParsedDates] = {column.header: column.parsed for column in typed.numbers.values()}
    read.update({column.header: column.parsed for column in typed.dates.values()})
    open_questions = [finding for finding in findings if finding.severity == "question"]
    in_question = {example.get("column") for finding in open_questions for example in finding.examples}
    measures = measure_headers(raw, set(mapping.roles.values())) if mapping.kind == "customers" else {}
    measure_of = {header: MEASURE_BY_NAME[name].label for name, header in measures.items()}
    columns: list[dict[str, object]] = []
    for header in raw.headers:
        is_missing = _missing(raw, header, role_of.get(header))
        read_freely = None if header in read else _read_freely(raw, header, role_of.get(header))
        n_filled = int(np.count_nonzero(~is_missing[raw.codes(header)])) if raw.n_rows else 0
        columns.append(
            {
                "header": header,
                "role": role_of.get(header),
                "measure": measure_of.get(header),
                "examples": _examples(raw, header),
                "filled": round(n_filled / raw.n_rows, 4) if raw.n_rows else 0.0,
                "distinct": int(np.count_nonzero(~is_missing)),
                "range": _range(read.get(header) or read_freely),
                "unit": _unit(read.get(header) or read_freely),
                "is_sure": header not in in_question,
            }
        )
    return columns


def _missing(raw: RawTable, header: str, role: str | None) -> np.ndarray:
    """Tell where a text says nothing: of names and ids only where it is blank, since NA is a country and Null a name."""
    texts = raw.distinct(header)
    if role is not None and ROLE_BY_NAME[role].type in ("id", "category", "text"):
        return np.asarray(pc.equal(pc.utf8_trim_whitespace(texts), ""))
    return missing_mask(texts)


def _unit(parsed: ParsedNumbers | ParsedDates | None) -> str | None:
    return parsed.unit if isinstance(parsed, ParsedNumbers) else None


def _read_freely(raw: RawTable, header: str, role: str | None) -> ParsedNumbers | ParsedDates | None:
    """Read a column that has no role as numbers or dates where all of it is; names and ids stay text."""
    if role is not None and ROLE_BY_NAME[role].type in ("id", "category", "text"):
        return None
    texts = raw.distinct(header)
    for parse in (parse_numbers, parse_dates):
        sample = parse(texts.slice(0, _SAMPLE_TEXTS)).state
        if np.any(sample == OK) and not np.any(sample == UNREADABLE):
            parsed = parse(texts)
            return None if np.any(parsed.state == UNREADABLE) else parsed
    return None


def _range(parsed: ParsedNumbers | ParsedDates | None) -> list[str] | None:
    """Return the smallest and the largest value as texts."""
    if parsed is None or not np.any(parsed.state == OK):
        return None
    is_ok = parsed.state == OK
    if isinstance(parsed, ParsedNumbers):
        units = parsed.units[is_ok]
        return [f"{Decimal(int(end)).scaleb(-parsed.scale):f}" for end in (units.min(), units.max())]
    seconds = parsed.seconds[is_ok]
    return [(_DAY_0 + timedelta(seconds=int(end))).date().isoformat() for end in (seconds.min(), seconds.max())]


def _examples(raw: RawTable, header: str) -> list[str]:
    texts = raw.distinct(header).slice(0, _EXAMPLES + 1).to_pylist()
    return [text for text in texts if text][:_EXAMPLES]


def _preview(raw: RawTable) -> list[dict[str, object]]:
    rows = raw.columns.slice(0, _PREVIEW_ROWS).to_pylist()
    return [{"row": int(number), "cells": list(row.values())} for number, row in zip(raw.row_numbers[:_PREVIEW_ROWS], rows, strict=True)]
