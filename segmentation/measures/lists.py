"""One row a customer from a customer list: the measures that it brings ready made."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from segmentation.findings import Finding
from segmentation.intake.cleaning import CleanedRows
from segmentation.intake.cleaning_repeats import trimmed_codes
from segmentation.intake.columns import MEASURE_BY_NAME
from segmentation.intake.future import LIST_DATES
from segmentation.intake.mapping import ColumnMapping, measure_headers
from segmentation.intake.parsing import OK, parse_numbers
from segmentation.intake.table import RawTable
from segmentation.intake.typed import TypedColumns, is_numeric
from segmentation.intake.values import NumberColumn
from segmentation.measures.customers import CustomerTable, ExactMoney, look_back, to_date


def customers_of_list(
    raw: RawTable, mapping: ColumnMapping, typed: TypedColumns, cleaned: CleanedRows, as_of: date | None = None
) -> CustomerTable:
    """Take the kept rows of a list as customers.

    What can be worked out besides is left to ``measures.derived``.

    Parameters
    ----------
    raw : RawTable
    mapping : ColumnMapping
    typed : TypedColumns
    cleaned : CleanedRows
    as_of : datetime.date, optional
        Default: the day after the newest date in the file, none without one.

    Returns
    -------
    CustomerTable
    """
    ids, rows = _sorted_ids(raw, mapping, cleaned.kept)
    money: dict[str, ExactMoney] = {}
    measures: dict[str, np.ndarray] = {}
    findings: list[Finding] = []
    dates = [typed.dates[role] for role in LIST_DATES if role in typed.dates]
    seconds = np.concatenate([np.zeros(0, np.int64), *(column.seconds[rows][column.state[rows] == OK] for column in dates)])
    moments = look_back(seconds, as_of) if seconds.size else None
    day = to_date(moments.as_of) if moments else as_of
    for name, header in measure_headers(raw, set(mapping.roles.values())).items():
        column = _number_column(raw, header)
        if column is not None:
            measures[name] = column.as_floats()[rows]
            if name == "monetary_total":
                money[name] = ExactMoney(column.units[rows], column.parsed.scale)
    _take_roles(typed, rows, measures, money, findings)
    known = {name: measures[name] for name in MEASURE_BY_NAME if name in measures}
    return CustomerTable(
        ids=ids,
        measures=pd.DataFrame(known, index=pd.RangeIndex(rows.size)),
        money=money,
        attribute_rows={header: rows for header in raw.headers if header != mapping.header("customer")},
        n_lines=np.ones(rows.size, np.int64),
        as_of=day,
        date_min=to_date(moments.first) if moments else None,
        date_max=to_date(moments.last) if moments else None,
        findings=tuple(findings),
    )


def _sorted_ids(raw: RawTable, mapping: ColumnMapping, kept: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return (ids sorted, their rows); without an id column a customer's id is the row's number in the file."""
    header = mapping.header("customer")
    if header is None:
        return np.array([str(number) for number in raw.row_numbers[kept]], dtype=object), kept
    codes, texts = trimmed_codes(raw, header)
    order = np.argsort(codes[kept], kind="stable")
    rows = kept[order]
    return np.asarray(texts.take(codes[rows]).to_numpy(zero_copy_only=False), dtype=object), rows


def _number_column(raw: RawTable, header: str) -> NumberColumn | None:
    parsed = parse_numbers(raw.distinct(header))
    return NumberColumn(header, raw.codes(header), parsed) if is_numeric(parsed) else None


def _take_roles(
    typed: TypedColumns, rows: np.ndarray, measures: dict[str, np.ndarray], money: dict[str, ExactMoney], findings: list[Finding]
) -> None:
    """Take income, age and total spend from the columns that play these roles."""
    for name in ("income", "age"):
        if name in typed.numbers:
            measures[name] = typed.numbers[name].as_floats()[rows]
    amount = typed.numbers.get("amount")
    if amount and "monetary_total" not in measures:
        measures["monetary_total"] = amount.as_floats()[rows]
        money["monetary_total"] = ExactMoney(amount.units[rows], amount.parsed.scale)
        message = f'{MEASURE_BY_NAME["monetary_total"].label.capitalize()} is "{amount.header}".'
        example = {"column": "monetary_total", "value": f'"{amount.header}"'}
        findings.append(Finding("derived_measure", "info", message, 1, (example,)))
