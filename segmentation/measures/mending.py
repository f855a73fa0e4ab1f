"""Values that count otherwise than they stand in the file: impossible ages, values over a limit, gaps that were filled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from segmentation.errors import InvalidInputError
from segmentation.findings import Finding
from segmentation.intake.cleaning import CleaningStep, detail_headers, examples_of
from segmentation.intake.cleaning_rules import RULES, CleaningOptions
from segmentation.intake.mapping import ColumnMapping
from segmentation.intake.table import RawTable
from segmentation.measures.catalogue import CustomerCatalogue, CustomerColumn
from segmentation.measures.customers import CustomerTable
from segmentation.measures.derived import MAX_AGE
from segmentation.measures.gaps import fill_from_similar, fill_with_middle

_FIRST_YEAR = 1900
_OLDEST = 150
"""Nobody ever was as old, so such an age is changed unless the person says otherwise; between this and 110 it is pointed out."""


@dataclass(frozen=True)
class ChangedValues:
    """Values of one column that a rule changed: ``rows`` are positions of customers."""

    rule: str
    column: str
    header: str
    rows: np.ndarray


@dataclass(frozen=True)
class Mended:
    """The customers with their values as they count.

    Attributes
    ----------
    catalogue : CustomerCatalogue
    changes : tuple of ChangedValues
    steps : tuple of CleaningStep
        The lines of the receipt.
    findings : tuple of Finding
    """

    catalogue: CustomerCatalogue
    changes: tuple[ChangedValues, ...]
    steps: tuple[CleaningStep, ...]
    findings: tuple[Finding, ...]


def mend(raw: RawTable, mapping: ColumnMapping, customers: CustomerTable, catalogue: CustomerCatalogue, options: CleaningOptions) -> Mended:
    """Apply the rules that change how a value counts; the cells of the file stay as they are.

    Parameters
    ----------
    raw : RawTable
    mapping : ColumnMapping
    customers : CustomerTable
    catalogue : CustomerCatalogue
    options : CleaningOptions

    Returns
    -------
    Mended

    Raises
    ------
    InvalidInputError
        ``unknown_column`` or ``unknown_feature`` for what the file does not have.
    """
    frame, changes, findings = catalogue.frame.copy(), [], []
    switch = options.rules.get("impossible_age")
    for column in catalogue.columns:
        odd, beyond_doubt = _impossible(column, frame, customers)
        header = _source(column, mapping)
        changed = odd if switch else beyond_doubt if switch is None else odd[:0]
        if changed.size:
            frame.loc[changed, column.name] = np.nan
            changes.append(ChangedValues("impossible_age", column.name, header, changed))
        if odd.size and column.role == "age":
            findings.append(_odd_finding(odd, header, customers, raw, int(changed.size)))
    changes += _cap(CustomerCatalogue(catalogue.columns, frame), mapping, options)
    changes += _fill(raw, CustomerCatalogue(catalogue.columns, frame), mapping, options)
    steps = tuple(_line(raw, customers, change) for change in changes)
    return Mended(CustomerCatalogue(catalogue.columns, frame), tuple(changes), steps, tuple(findings))


def _impossible(column: CustomerColumn, frame: pd.DataFrame, customers: CustomerTable) -> tuple[np.ndarray, np.ndarray]:
    """Return the customers whose age or year of birth is hard to believe, and those of them of whom it cannot be."""
    nobody = np.zeros(0, np.int64)
    if column.kind != "number" or column.role not in ("age", "birth_year"):
        return nobody, nobody
    values = frame[column.name].to_numpy(np.float64)
    if column.role == "age":
        return np.flatnonzero((values < 0) | (values > MAX_AGE)), np.flatnonzero((values < 0) | (values > _OLDEST))
    last = customers.as_of.year if customers.as_of else np.inf
    earliest = last - _OLDEST if customers.as_of else -np.inf
    return np.flatnonzero((values < _FIRST_YEAR) | (values > last)), np.flatnonzero((values < earliest) | (values > last))


def _source(column: CustomerColumn, mapping: ColumnMapping) -> str:
    """Return the header of the cells behind a column."""
    return column.header or mapping.header("birth_date") or mapping.header("birth_year") or ""


def _cells(raw: RawTable, customers: CustomerTable, header: str, rows: np.ndarray) -> tuple[dict[str, object], ...]:
    if header not in customers.attribute_rows:
        return ()
    return tuple(dict(each) for each in examples_of(raw, customers.attribute_rows[header][rows[:5]], header))


def _odd_finding(odd: np.ndarray, header: str, customers: CustomerTable, raw: RawTable, n_changed: int) -> Finding:
    examples = _cells(raw, customers, header, odd)
    what = "they are kept" if not n_changed else "they count as not known" if n_changed == odd.size else f"{n_changed:,} count as not known"
    message = f'{odd.size:,} customers would be over {MAX_AGE} or not yet born by "{header}"; {what}.'
    return Finding("impossible_age", "warning", message, int(odd.size), examples)


def _cap(catalogue: CustomerCatalogue, mapping: ColumnMapping, options: CleaningOptions) -> list[ChangedValues]:
    changes = []
    for name, quantile in options.cap.items():
        column = catalogue.find(name)
        if column.kind != "number":
            raise InvalidInputError("cap_of_words", f'"{name}" holds no numbers, so nothing of it can be capped.', fix="Leave it out.")
        values = catalogue.frame[column.name].to_numpy(np.float64)
        limit = np.nanquantile(values, quantile) if np.isfinite(values).any() else np.nan
        rows = np.flatnonzero(values > limit)
        if rows.size:
            catalogue.frame[column.name] = np.where(values > limit, limit, values)
            changes.append(ChangedValues("capped", column.name, _source(column, mapping) if column.header else "", rows))
    return changes


def _fill(raw: RawTable, catalogue: CustomerCatalogue, mapping: ColumnMapping, options: CleaningOptions) -> list[ChangedValues]:
    found = []
    for way in ("median", "similar"):
        for column in _wanted(catalogue, mapping, detail_headers(raw, mapping, options.gaps, way)):
            before = catalogue.frame[column.name].to_numpy()
            after = fill_with_middle(before, column.kind) if way == "median" else fill_from_similar(catalogue, column)
            found.append((column, after, np.flatnonzero(pd.isna(before) & ~pd.isna(after))))
    for column, after, _ in found:  # only now: what was filled is no ground to fill others from
        catalogue.frame[column.name] = after
    return [ChangedValues("filled", column.name, _source(column, mapping), rows) for column, _, rows in found if rows.size]


def _wanted(catalogue: CustomerCatalogue, mapping: ColumnMapping, headers: Sequence[str]) -> list[CustomerColumn]:
    return [column for column in catalogue.columns if column.kind != "text" and (column.header or _age_of(column, mapping)) in headers]


def _age_of(column: CustomerColumn, mapping: ColumnMapping) -> str:
    return _source(column, mapping) if column.role == "age" else ""


def _line(raw: RawTable, customers: CustomerTable, change: ChangedValues) -> CleaningStep:
    examples = _cells(raw, customers, change.header, change.rows)
    return CleaningStep(change.rule, 0, 0, RULES[change.rule], int(change.rows.size), examples)


def with_lines(receipt: tuple[CleaningStep, ...], lines: Sequence[CleaningStep]) -> tuple[CleaningStep, ...]:
    """Return a receipt with further lines about values; they drop no row.

    Parameters
    ----------
    receipt : tuple of CleaningStep
    lines : sequence of CleaningStep

    Returns
    -------
    tuple of CleaningStep
    """
    kept = receipt[-1].rows_out
    return (*receipt, *(replace(line, rows_in=kept, rows_out=kept) for line in lines))


def marks_of(changes: Sequence[tuple[str, np.ndarray]], n_customers: int) -> np.ndarray | None:
    """Return for each customer the names of the columns whose value was filled, separated by "; ".

    Parameters
    ----------
    changes : sequence of (str, numpy.ndarray of int64)
        Name of a column, and the customers whose value was filled.
    n_customers : int

    Returns
    -------
    numpy.ndarray of object, shape (n customers,), or None
        None where nothing was filled.
    """
    if not changes:
        return None
    marks = np.full(n_customers, "", dtype=object)
    for name, rows in changes:
        marks[rows] = [f"{before}; {name}" if before else name for before in marks[rows]]
    return marks
