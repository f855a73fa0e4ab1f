"""The cleaning rules: each drops rows for one stated reason and is counted, so that rows read = kept + rejected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segmentation.errors import InvalidInputError
from segmentation.intake.cleaning_repeats import duplicate_rows, older_rows, trimmed_codes
from segmentation.intake.cleaning_rules import ALL_DETAILS, RULES, CleaningOptions
from segmentation.intake.columns import ROLE_BY_NAME
from segmentation.intake.mapping import ColumnMapping
from segmentation.intake.parsing import OK, missing_mask, normalise
from segmentation.intake.replacing import replaced_rows
from segmentation.intake.table import RawTable
from segmentation.intake.typed import TypedColumns

_SECONDS_PER_DAY = 86_400
_EXAMPLES = 5
_LONGEST_EXAMPLE = 200

_TOTAL_WORDS = (
    "total",
    "grand total",
    "totals",
    "sum",
    "subtotal",
    "gesamt",
    "gesamtsumme",
    "summe",
    "total general",
    "total général",
    "totaal",
)
_CANCELLED_WORDS = r"^(?:wc-)?(cancel|failed|chargeback|refund|return|void|storniert|retourniert|annul|remboursé|cancelado|devuelto)"
_LOOKED_WORDS = r"^(?:page|product|item)?[ _-]?(?:view|click|impression|search|add|remove|cart|wishlist|begin|checkout)"
_DETAILS = ("category", "number", "money", "year")


@dataclass(frozen=True)
class CleaningStep:
    """One line of the receipt: ``rows_in - rows_out`` rows were rejected by ``rule`` because of ``why``.

    ``changed`` counts the values that a rule changed instead, ``examples`` are up to five of either: row, column, value.
    """

    rule: str
    rows_in: int
    rows_out: int
    why: str
    changed: int = 0
    examples: tuple[Mapping[str, object], ...] = ()


@dataclass(frozen=True)
class RejectedRows:
    """Rows that were not kept, in file order.

    Attributes
    ----------
    indices : numpy.ndarray of int64, shape (r,)
        Positions in the raw table.
    rules : numpy.ndarray of int8, shape (r,)
        Index into ``rule_names``.
    rule_names : tuple of str
    rule_headers : tuple of str
        For each rule the column it looked at ("" for the whole row).
    """

    indices: np.ndarray
    rules: np.ndarray
    rule_names: tuple[str, ...]
    rule_headers: tuple[str, ...]


@dataclass(frozen=True)
class CleanedRows:
    """Which rows are kept, and the receipt.

    Attributes
    ----------
    kept : numpy.ndarray of int64, shape (m,)
        Positions of the kept rows in the raw table, in file order.
    receipt : tuple of CleaningStep
        ``receipt[0].rows_in`` is the number of rows read, ``receipt[-1].rows_out`` that of rows kept.
    rejected : RejectedRows
    """

    kept: np.ndarray
    receipt: tuple[CleaningStep, ...]
    rejected: RejectedRows


def clean(raw: RawTable, mapping: ColumnMapping, typed: TypedColumns, options: CleaningOptions) -> CleanedRows:
    """Apply the rules that concern this file, one after the other.

    Parameters
    ----------
    raw : RawTable
    mapping : ColumnMapping
    typed : TypedColumns
    options : CleaningOptions

    Returns
    -------
    CleanedRows

    Raises
    ------
    InvalidInputError
        ``no_rows_left`` with the receipt in words when nothing remains.
    """
    work = _Work(raw)
    _apply_common_rules(work, mapping, options)
    if mapping.kind == "transactions":
        _apply_log_rules(work, mapping, typed, options)
    else:
        _apply_list_rules(work, mapping, typed, options)
    kept = np.flatnonzero(work.reason == 0)
    if kept.size == 0:
        counts = "; ".join(f"{step.rows_in - step.rows_out:,} rows: {step.why}" for step in work.receipt if step.rows_in > step.rows_out)
        raise InvalidInputError(
            "no_rows_left", "No row of this file can be used.", f"{counts}." if counts else "", "Check which column means what."
        )
    indices = np.flatnonzero(work.reason)
    names = tuple(name for name, _ in work.applied)
    rejected = RejectedRows(indices, work.reason[indices] - 1, names, tuple(header for _, header in work.applied))
    return CleanedRows(kept, tuple(work.receipt), rejected)


class _Work:
    """The rows still kept while the rules are applied. ``reason`` is 0 for a kept row, else 1 + the index of the rule."""

    def __init__(self, raw: RawTable) -> None:
        self.raw = raw
        self.reason = np.zeros(raw.n_rows, np.int8)
        self.applied: list[tuple[str, str]] = []
        n_read = raw.n_rows + len(raw.unreadable)
        lost = tuple({"row": row.row, "column": "", "value": row.text[:_LONGEST_EXAMPLE]} for row in raw.unreadable[:_EXAMPLES])
        self.receipt = [CleaningStep("unreadable_rows", n_read, raw.n_rows, RULES["unreadable_rows"], examples=lost)]

    def drop(self, rule: str, is_bad: np.ndarray, header: str = "") -> None:
        """Reject rows that are still kept, and write the line of the receipt."""
        self.applied.append((rule, header))
        rows_in = self.receipt[-1].rows_out
        hit = is_bad & (self.reason == 0)
        self.reason[hit] = len(self.applied)
        rows = np.flatnonzero(hit)
        examples = examples_of(self.raw, rows, header)
        self.receipt.append(CleaningStep(rule, rows_in, rows_in - int(rows.size), RULES[rule], examples=examples))


def examples_of(raw: RawTable, rows: np.ndarray, header: str) -> tuple[Mapping[str, object], ...]:
    """Return the first five of some rows with the cell that decided, as a spreadsheet numbers them.

    Parameters
    ----------
    raw : RawTable
    rows : numpy.ndarray of int64, shape (r,)
        Positions in the table.
    header : str
        The column that was looked at, "" for the whole row.

    Returns
    -------
    tuple of mapping
        Row, column, value.
    """
    return tuple(
        {"row": int(raw.row_numbers[row]), "column": header, "value": raw.text(header, row)[:_LONGEST_EXAMPLE] if header else ""}
        for row in rows[:_EXAMPLES].tolist()
    )


def _apply_common_rules(work: _Work, mapping: ColumnMapping, options: CleaningOptions) -> None:
    raw = work.raw
    header = mapping.header("customer")
    first = header or raw.headers[0]
    if options.is_on("total_rows"):
        work.drop("total_rows", _is_in(raw, first, _TOTAL_WORDS) | _is_in(raw, raw.headers[0], _TOTAL_WORDS), first)
    if header:
        work.drop("missing_customer", _missing_ids(raw, header), header)


def _apply_log_rules(work: _Work, mapping: ColumnMapping, typed: TypedColumns, options: CleaningOptions) -> None:
    raw = work.raw
    when = typed.dates.get("date")
    if when:
        work.drop("missing_date", when.state != OK, when.header)
        if options.as_of:
            work.drop("after_as_of", when.seconds >= _end_of(options.as_of), when.header)
        if options.today:
            is_future = when.seconds >= _end_of(options.today)
            is_rare = 2 * np.count_nonzero(is_future & (work.reason == 0)) < np.count_nonzero(work.reason == 0)
            if is_future.any() and options.is_on("future_dates", default=bool(is_rare)):
                work.drop("future_dates", is_future, when.header)
    for role in money_roles(mapping):
        number = typed.numbers[role]
        if np.any(number.parsed.state != OK):
            work.drop("missing_amount", number.state != OK, number.header)
    _drop_replaced(work, mapping)
    if options.is_on("duplicate_rows", default="order" in mapping.roles and "product" in mapping.roles):
        work.drop("duplicate_rows", duplicate_rows(raw, typed, work.reason == 0))
    _apply_return_rules(work, mapping, typed, options)
    _drop_gaps(work, mapping, options)


def _end_of(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) + _SECONDS_PER_DAY


def _drop_replaced(work: _Work, mapping: ColumnMapping) -> None:
    if work.raw.n_earlier:
        replaced, header = replaced_rows(work.raw, mapping, work.reason == 0)
        work.drop("replaced_row", replaced, header)


def money_roles(mapping: ColumnMapping) -> tuple[str, ...]:
    """Return the roles that make the money of a line: the amount, else price and quantity.

    Parameters
    ----------
    mapping : ColumnMapping

    Returns
    -------
    tuple of str
        Those that the file has.
    """
    if "amount" in mapping.roles:
        return ("amount",)
    return tuple(role for role in ("price", "quantity") if role in mapping.roles)


def _apply_return_rules(work: _Work, mapping: ColumnMapping, typed: TypedColumns, options: CleaningOptions) -> None:
    raw = work.raw
    quantity, price, amount = (typed.numbers.get(role) for role in ("quantity", "price", "amount"))
    if "status" in mapping.roles and options.is_on("not_bought"):
        work.drop("not_bought", _matches(raw, mapping.roles["status"], _LOOKED_WORDS), mapping.roles["status"])
    if "status" in mapping.roles and options.is_on("cancelled"):
        # The status says that the sale did not happen, whatever the sign of the money: such a line is dropped even when returns are netted,
        # unless its money is negative and so nets out the sale itself.
        is_cancelled = _matches(raw, mapping.roles["status"], _CANCELLED_WORDS)
        money = amount or quantity or price
        is_netting = money.units < 0 if money and options.returns == "net" else np.zeros(raw.n_rows, bool)
        work.drop("cancelled", is_cancelled & ~is_netting, mapping.roles["status"])
    if options.returns == "drop":
        if "order" in mapping.roles and quantity and options.is_on("cancelled"):
            is_reversal = _matches(raw, mapping.roles["order"], r"^c\d") & (quantity.units < 0)
            if is_reversal.any():
                work.drop("cancelled", is_reversal, mapping.roles["order"])
        if quantity and options.is_on("non_positive_quantity"):
            work.drop("non_positive_quantity", (quantity.state == OK) & (quantity.units <= 0), quantity.header)
        if amount and options.is_on("negative_amount"):
            work.drop("negative_amount", amount.units < 0, amount.header)
    if price and "amount" not in mapping.roles and options.is_on("non_positive_price"):
        work.drop("non_positive_price", price.units <= 0, price.header)


def _apply_list_rules(work: _Work, mapping: ColumnMapping, typed: TypedColumns, options: CleaningOptions) -> None:
    raw = work.raw
    _drop_gaps(work, mapping, options)
    header = mapping.header("customer")
    if header is None:
        return
    _drop_replaced(work, mapping)
    if options.is_on("duplicate_rows"):
        work.drop("duplicate_rows", duplicate_rows(raw, typed, work.reason == 0))
    if not options.is_on("repeated_customer"):
        return
    rule = "repeated_customer" if options.repeats == "newest" else "merged_customer"
    work.drop(rule, older_rows(raw, work.reason == 0, header, typed), header)


def detail_headers(raw: RawTable, mapping: ColumnMapping, wanted: Mapping[str, str], way: str) -> list[str]:
    """Return the columns whose gaps are to be treated one way: those named, and with "all" every other that says who the customer is.

    Parameters
    ----------
    raw : RawTable
    mapping : ColumnMapping
    wanted : mapping of str to str
        Header, or "all", to a way.
    way : str

    Returns
    -------
    list of str
        In the order of the file.

    Raises
    ------
    InvalidInputError
        ``unknown_column`` for a header that the file does not have.
    """
    for name in wanted:
        if name != ALL_DETAILS and name not in raw.headers:
            raise InvalidInputError("unknown_column", f'The file has no column "{name}".', fix=f"It has: {', '.join(raw.headers[:30])}.")
    about = {
        header for role, header in mapping.roles.items() if ROLE_BY_NAME[role].is_about_customer and ROLE_BY_NAME[role].type in _DETAILS
    }
    return [header for header in raw.headers if wanted.get(header, wanted.get(ALL_DETAILS) if header in about else "leave") == way]


def _drop_gaps(work: _Work, mapping: ColumnMapping, options: CleaningOptions) -> None:
    """Set the customers aside of whom a detail is missing in every row."""
    header = mapping.header("customer")
    codes = trimmed_codes(work.raw, header)[0] if header else np.arange(work.raw.n_rows)
    for detail in detail_headers(work.raw, mapping, options.gaps, "drop"):
        is_kept = (work.reason == 0) & ~missing_mask(work.raw.distinct(detail))[work.raw.codes(detail)]
        is_known = np.zeros(int(codes.max(initial=0)) + 1, bool)
        is_known[codes[is_kept]] = True
        work.drop("missing_detail", ~is_known[codes], detail)


def _missing_ids(raw: RawTable, header: str) -> np.ndarray:
    """Blank ids; also marks such as ``NULL`` or ``nan``, unless the ids are names (a customer called Null stays)."""
    texts = raw.distinct(header)
    blank = np.asarray(pc.equal(pc.utf8_trim_whitespace(texts), ""))
    has_digit = np.asarray(pc.match_substring_regex(texts, r"\d"))
    is_mark = missing_mask(texts)
    others = has_digit[~is_mark]
    is_missing = is_mark if others.size and others.mean() > 0.5 else blank
    return is_missing[raw.codes(header)]


def _is_in(raw: RawTable, header: str, words: tuple[str, ...]) -> np.ndarray:
    return np.asarray(pc.is_in(normalise(raw.distinct(header)), value_set=pa.array(words, pa.string())))[raw.codes(header)]


def _matches(raw: RawTable, header: str, pattern: str) -> np.ndarray:
    return np.asarray(pc.match_substring_regex(normalise(raw.distinct(header)), pattern))[raw.codes(header)]
