"""What a file just read seems to be."""

from __future__ import annotations

from segmentation.errors import InvalidInputError
from segmentation.intake.dates import DateOrder
from segmentation.intake.mapping import map_columns
from segmentation.intake.parsing import DecimalMark
from segmentation.intake.table import RawTable
from segmentation.intake.typed import read_typed

_EXAMPLES = 5
_PREVIEW_ROWS = 10


def inspect_table(raw: RawTable, decimal: DecimalMark | None = None, date_order: DateOrder | None = None) -> dict[str, object]:
    """Return what a file seems to be: kind, dialect, columns with roles and examples, first rows as read, findings.

    A file without a customer column has kind None and says so in its findings; it is not an error to look at it.
    """
    findings = [finding.as_dict() for finding in raw.findings]
    roles: dict[str, str] = {}
    kind: str | None = None
    typed = None
    try:
        mapping = map_columns(raw)
    except InvalidInputError as error:
        findings.append({"code": error.code, "severity": "question", "message": str(error), "count": 1, "examples": []})
    else:
        kind, roles = mapping.kind, dict(mapping.roles)
        typed = read_typed(raw, mapping, decimal, date_order)
        findings += [finding.as_dict() for finding in (*mapping.findings, *typed.findings)]
    role_of = {header: role for role, header in roles.items()}
    dialect = raw.dialect
    return {
        "kind": kind,
        "rows": raw.n_rows + len(raw.unreadable),
        "dialect": {
            "encoding": dialect.encoding,
            "delimiter": dialect.delimiter,
            "quote": dialect.quote,
            "decimal": typed.decimal if typed else None,
            "date_order": typed.date_order if typed else None,
            "sheet": dialect.sheet,
            "header_row": dialect.header_row,
        },
        "columns": [{"header": header, "role": role_of.get(header), "examples": _examples(raw, header)} for header in raw.headers],
        "preview": _preview(raw),
        "findings": findings,
    }


def _examples(raw: RawTable, header: str) -> list[str]:
    texts = raw.distinct(header).slice(0, _EXAMPLES + 1).to_pylist()
    return [text for text in texts if text][:_EXAMPLES]


def _preview(raw: RawTable) -> list[dict[str, object]]:
    rows = raw.columns.slice(0, _PREVIEW_ROWS).to_pylist()
    return [{"row": int(number), "cells": list(row.values())} for number, row in zip(raw.row_numbers[:_PREVIEW_ROWS], rows, strict=True)]
