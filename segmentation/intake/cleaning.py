"""The cleaning rules: each drops rows for one stated reason and is counted, so that rows read = kept + rejected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from segmentation.errors import InvalidInputError
from segmentation.intake.mapping import ColumnMapping
from segmentation.intake.parsing import OK, missing_mask, normalise
from segmentation.intake.replacing import replaced_rows
from segmentation.intake.table import RawTable
from segmentation.intake.typed import TypedColumns

Returns = Literal["net", "drop"]

_SECONDS_PER_DAY = 86_400

RULES: dict[str, str] = {
    "unreadable_rows": "the row does not have as many cells as the header",
    "total_rows": "a total at the foot of the table, not a customer",
    "missing_customer": "no customer id",
    "missing_date": "no date that can be read",
    "missing_amount": "no amount, price or quantity that can be read",
    "after_as_of": "later than the day the analysis looks back from",
    "replaced_row": "a row of the version before: the file brings the same order or customer again",
    "duplicate_rows": "the same as an earlier row in every column",
    "not_bought": "a view or a basket, not a purchase",
    "cancelled": "a cancelled or returned line",
    "non_positive_quantity": "a quantity of zero or less",
    "non_positive_price": "a price of zero or less",
    "negative_amount": "an amount below zero: a return",
    "repeated_customer": "the customer stands in the list again; the newest row is kept",
}
"""Every rule in the order in which they are applied, with the reason in a marketer's words."""

ALWAYS_ON = frozenset({"unreadable_rows", "missing_customer", "missing_date", "missing_amount", "after_as_of", "replaced_row"})
"""Without these a row cannot be counted at all."""

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


@dataclass(frozen=True)
class CleaningStep:
    """One line of the receipt: ``rows_in - rows_out`` rows were rejected by ``rule`` because of ``why``."""

    rule: str
    rows_in: int
    rows_out: int
    why: str


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
class CleaningOptions:
    """What the person decided about cleaning.

    Attributes
    ----------
    rules : mapping of str to bool
        Rules switched on or off; the others follow their default.
    returns : {"drop", "net"}
        Drop cancelled and returned lines, or keep them as negative money.
    as_of : datetime.date or None
        Rows later than this day are left out.
    """

    rules: Mapping[str, bool] = field(default_factory=dict)
    returns: Returns = "drop"
    as_of: date | None = None

    def __post_init__(self) -> None:
        for rule, is_on in self.rules.items():
            if rule not in RULES:
                raise InvalidInputError("unknown_rule", f'There is no cleaning rule "{rule}".', fix=f"The rules are: {', '.join(RULES)}.")
            if rule in ALWAYS_ON and not is_on:
                raise InvalidInputError("rule_always_on", f'The rule "{rule}" cannot be switched off: such rows cannot be counted.')
        if self.returns not in ("drop", "net"):
            raise InvalidInputError("unknown_option", f'"{self.returns}" is no way to treat returns.', fix="Use net or drop.")

    def is_on(self, rule: str, default: bool = True) -> bool:
        """Tell whether a rule applies."""
        return self.rules.get(rule, default)


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
        self.receipt = [CleaningStep("unreadable_rows", n_read, raw.n_rows, RULES["unreadable_rows"])]

    def drop(self, rule: str, is_bad: np.ndarray, header: str = "") -> None:
        """Reject rows that are still kept, and write the line of the receipt."""
        self.applied.append((rule, header))
        rows_in = self.receipt[-1].rows_out
        hit = is_bad & (self.reason == 0)
        self.reason[hit] = len(self.applied)
        self.receipt.append(CleaningStep(rule, rows_in, rows_in - int(np.count_nonzero(hit)), RULES[rule]))


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
            midnight = int(datetime(options.as_of.year, options.as_of.month, options.as_of.day, tzinfo=UTC).timestamp())
            work.drop("after_as_of", when.seconds >= midnight + _SECONDS_PER_DAY, when.header)
    for role in money_roles(mapping):
        number = typed.numbers[role]
        if np.any(number.parsed.state != OK):
            work.drop("missing_amount", number.state != OK, number.header)
    _drop_replaced(work, mapping)
    if options.is_on("duplicate_rows", default="order" in mapping.roles and "product" in mapping.roles):
        work.drop("duplicate_rows", duplicate_rows(raw, typed, work.reason == 0))
    _apply_return_rules(work, mapping, typed, options)


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
    header = mapping.header("customer")
    if header is None:
        return
    _drop_replaced(work, mapping)
    if options.is_on("duplicate_rows"):
        work.drop("duplicate_rows", duplicate_rows(raw, typed, work.reason == 0))
    if not options.is_on("repeated_customer"):
        return
    work.drop("repeated_customer", _older_rows(work, header, typed), header)


def _older_rows(work: _Work, header: str, typed: TypedColumns) -> np.ndarray:
    """Rows of a list whose customer has a newer row: by its date where there is one, then by content, so that file order has no say."""
    raw = work.raw
    kept = np.flatnonzero(work.reason == 0)
    codes = trimmed_codes(raw, header)[0][kept]
    older = np.zeros(raw.n_rows, bool)
    if pd.unique(codes).size == kept.size:
        return older
    when = typed.dates.get("date") or typed.dates.get("signup_date")
    newest = when.seconds[kept] if when else np.zeros(kept.size, np.int64)
    frame = pd.DataFrame({"code": codes, "newest": newest, "content": _row_texts(raw, kept)})
    last = frame.sort_values(["code", "newest", "content"]).drop_duplicates("code", keep="last").index.to_numpy()
    older[kept] = True
    older[kept[last]] = False
    return older


def _row_texts(raw: RawTable, rows: np.ndarray) -> np.ndarray:
    table = raw.columns.take(pa.array(rows))
    texts = [column.cast(pa.string()) for column in table.columns]
    return np.asarray(pc.binary_join_element_wise(*texts, "\x1f").combine_chunks().to_numpy(zero_copy_only=False), dtype=object)


def duplicate_rows(raw: RawTable, typed: TypedColumns, is_candidate: np.ndarray) -> np.ndarray:
    """Mark rows that repeat an earlier candidate row in every column, bool of shape (n rows,).

    Numbers and dates are compared by value ("2.50" is "2.5"), everything else to the letter.
    """
    rows = np.flatnonzero(is_candidate)
    columns = [_value_codes(raw, typed, header)[rows] for header in raw.headers]
    key = np.zeros(rows.size, np.uint64)
    for codes in columns:
        key = _mix(key ^ codes.astype(np.uint64))
    group, first_keys = pd.factorize(key)
    first = np.full(len(first_keys), rows.size, np.int64)
    np.minimum.at(first, group, np.arange(rows.size))
    leader = first[group]
    repeats = np.flatnonzero(leader != np.arange(rows.size))
    is_same = np.ones(repeats.size, bool)
    for codes in columns:
        is_same &= codes[repeats] == codes[leader[repeats]]
    if not is_same.all():  # two different rows with one 64-bit key: once in many million files; then compare in full
        frame = pd.DataFrame(dict(enumerate(columns)))
        repeats, is_same = np.flatnonzero(frame.duplicated()), np.array([True])
    marked = np.zeros(raw.n_rows, bool)
    marked[rows[repeats]] = True
    return marked


def _mix(key: np.ndarray) -> np.ndarray:
    """Scramble 64-bit keys (the finalizer of splitmix64, Steele, Lea & Flood 2014)."""
    key = key + np.uint64(0x9E3779B97F4A7C15)
    key = (key ^ (key >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    key = (key ^ (key >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return key ^ (key >> np.uint64(31))


def _value_codes(raw: RawTable, typed: TypedColumns, header: str) -> np.ndarray:
    """Return codes that are equal where two cells mean the same value."""
    codes = raw.codes(header)
    for number in typed.numbers.values():
        if number.header == header:
            return _merge_equal(codes, number.parsed.units, number.parsed.state)
    for moment in typed.dates.values():
        if moment.header == header:
            return _merge_equal(moment.codes, moment.parsed.seconds, moment.parsed.state)
    return codes


def _merge_equal(codes: np.ndarray, values: np.ndarray, state: np.ndarray) -> np.ndarray:
    """Give one code to texts of one value; texts that could not be read stay themselves."""
    merged = np.arange(values.size)
    is_ok = state == OK
    merged[is_ok] = values.size + np.unique(values[is_ok], return_inverse=True)[1]
    return merged[codes]


def trimmed_codes(raw: RawTable, header: str) -> tuple[np.ndarray, pa.StringArray]:
    """Number the distinct texts of a column in sorted order, white space around them removed.

    Parameters
    ----------
    raw : RawTable
    header : str

    Returns
    -------
    codes : numpy.ndarray of int64, shape (n rows,)
    texts : pyarrow string array, shape (n distinct,)
        Sorted by code point; ``texts[codes]`` are the cells.
    """
    encoded = pc.utf8_trim_whitespace(raw.distinct(header)).dictionary_encode()
    order = np.asarray(pc.sort_indices(encoded.dictionary))
    rank = np.empty(order.size, np.int64)
    rank[order] = np.arange(order.size)
    return rank[np.asarray(encoded.indices)][raw.codes(header)], encoded.dictionary.take(pa.array(order))


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
