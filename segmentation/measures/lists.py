"""One row a customer from a customer list: measures found ready made, and measures derived from its columns by a stated formula."""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import pandas as pd

from segmentation.findings import Finding
from segmentation.intake.cleaning import CleanedRows, trimmed_codes
from segmentation.intake.columns import MEASURE_BY_NAME
from segmentation.intake.mapping import ColumnMapping, header_words, measure_headers
from segmentation.intake.parsing import parse_numbers
from segmentation.intake.table import RawTable
from segmentation.intake.typed import NumberColumn, TypedColumns, is_numeric
from segmentation.measures.customers import CustomerTable, ExactMoney, look_back, to_date

_SPEND_WORDS = re.compile(r"^(mnt|spend|spent|amount spent|amt|money spent|spending|spend on|spent on) (?!total)\w+")
_PURCHASE_MEASURES = ("web_purchases", "store_purchases", "catalog_purchases")
_MIN_PARTS = 2
MAX_AGE = 110
"""Older than this is more likely a typing error than a customer; pointed out, not dropped."""


def customers_of_list(
    raw: RawTable, mapping: ColumnMapping, typed: TypedColumns, cleaned: CleanedRows, as_of: date | None = None
) -> CustomerTable:
    """Take the kept rows of a list as customers.

    Total spend is the sum of the spend columns (``MntWines``, ``Spend on toys`` ...) and the number of orders that of the purchases by
    web, shop and catalogue, where the file does not bring them ready made; each derivation is stated in a finding. Age is counted
    from the year of birth at ``as_of``.

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
    when = typed.dates.get("date") or typed.dates.get("signup_date")
    seconds = when.seconds[rows][when.state[rows] == 0] if when else np.zeros(0, np.int64)
    moments = look_back(seconds, as_of) if seconds.size else None
    day = to_date(moments.as_of) if moments else as_of
    for name, header in measure_headers(raw, set(mapping.roles.values())).items():
        column = _number_column(raw, header)
        if column is not None:
            measures[name] = column.as_floats()[rows]
            if name == "monetary_total":
                money[name] = ExactMoney(column.units[rows], column.parsed.scale)
    _take_roles(typed, rows, day, measures, money, findings)
    _derive(raw, rows, measures, money, findings)
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
    typed: TypedColumns,
    rows: np.ndarray,
    day: date | None,
    measures: dict[str, np.ndarray],
    money: dict[str, ExactMoney],
    findings: list[Finding],
) -> None:
    """Take income, age and total spend from the columns that play these roles."""
    if "income" in typed.numbers:
        measures["income"] = typed.numbers["income"].as_floats()[rows]
    amount = typed.numbers.get("amount")
    if amount and "monetary_total" not in measures:
        measures["monetary_total"] = amount.as_floats()[rows]
        money["monetary_total"] = ExactMoney(amount.units[rows], amount.parsed.scale)
        findings.append(_derived("monetary_total", f'"{amount.header}"'))
    if "age" in typed.numbers:
        measures["age"] = typed.numbers["age"].as_floats()[rows]
    elif "birth_year" in typed.numbers:
        _derive_age(typed.numbers["birth_year"], rows, day, measures, findings)


def _derive_age(column: NumberColumn, rows: np.ndarray, day: date | None, measures: dict[str, np.ndarray], findings: list[Finding]) -> None:
    if day is None:
        message = f'Age cannot be counted from "{column.header}" without a day to count from: say which day the file is of.'
        findings.append(Finding("age_needs_a_day", "question", message, 1, ({"column": column.header},)))
        return
    measures["age"] = day.year - column.as_floats()[rows]
    findings.append(_derived("age", f'{day.year} - "{column.header}"'))
    odd = np.flatnonzero((measures["age"] > MAX_AGE) | (measures["age"] < 0))
    if odd.size:
        values = tuple({"column": column.header, "value": f"{day.year - measures['age'][row]:.0f}"} for row in odd[:5])
        message = f'{odd.size:,} customers would be over {MAX_AGE} or not yet born by "{column.header}"; they are kept.'
        findings.append(Finding("impossible_age", "warning", message, int(odd.size), values))


def _derive(
    raw: RawTable, rows: np.ndarray, measures: dict[str, np.ndarray], money: dict[str, ExactMoney], findings: list[Finding]
) -> None:
    if "monetary_total" not in measures:
        spend = [header for header in raw.headers if _SPEND_WORDS.match(header_words(header))]
        columns = [column for header in spend if (column := _number_column(raw, header)) is not None]
        if len(columns) >= _MIN_PARTS:
            money["monetary_total"] = _exact_sum(columns, rows)
            measures["monetary_total"] = money["monetary_total"].as_floats()
            findings.append(_derived("monetary_total", " + ".join(f'"{column.header}"' for column in columns)))
    parts = [name for name in _PURCHASE_MEASURES if name in measures]
    if "frequency_orders" not in measures and len(parts) >= _MIN_PARTS:
        measures["frequency_orders"] = np.sum([measures[name] for name in parts], axis=0)
        findings.append(_derived("frequency_orders", " + ".join(MEASURE_BY_NAME[name].label for name in parts)))


def _exact_sum(columns: list[NumberColumn], rows: np.ndarray) -> ExactMoney:
    """Add columns exactly; a missing cell adds nothing."""
    scale = max(column.parsed.scale for column in columns)
    units = np.zeros(rows.size, np.int64)
    for column in columns:
        units += column.units[rows] * 10 ** (scale - column.parsed.scale)
    return ExactMoney(units, scale)


def _derived(measure: str, formula: str) -> Finding:
    label = MEASURE_BY_NAME[measure].label
    return Finding("derived_measure", "info", f"{label[0].upper()}{label[1:]} is {formula}.", 1, ({"column": measure, "value": formula},))
