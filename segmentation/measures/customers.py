"""One row a customer: a log summed up, or a list taken as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd

from segmentation.errors import InvalidInputError
from segmentation.findings import Finding
from segmentation.intake.cleaning import CleanedRows, money_roles
from segmentation.intake.cleaning_repeats import trimmed_codes
from segmentation.intake.columns import MEASURE_BY_NAME, ROLE_BY_NAME
from segmentation.intake.mapping import ColumnMapping
from segmentation.intake.table import RawTable
from segmentation.intake.typed import TypedColumns

SECONDS_PER_DAY = 86_400
ATTRIBUTE_SHARE = 0.95
"""A column of a log belongs to the customer when at least this share of customers with several lines have one value in it."""


@dataclass(frozen=True)
class ExactMoney:
    """Money of each customer in whole units of 10**-scale, int64 of shape (n customers,)."""

    units: np.ndarray
    scale: int

    def as_floats(self) -> np.ndarray:
        """Return the float64 nearest to each exact value."""
        return self.units / np.float64(10**self.scale)

    @property
    def total_units(self) -> int:
        """The exact sum in units."""
        return int(self.units.sum(dtype=np.int64))


@dataclass(frozen=True)
class CustomerTable:
    """The customers of a dataset, sorted by id.

    Attributes
    ----------
    ids : numpy.ndarray of object, shape (n,)
        Ids as they stand in the file, without white space around them.
    measures : pandas.DataFrame, shape (n, m)
        Canonical measures (see ``intake.columns.MEASURES``), those that exist; NaN where a customer has none.
    money : mapping of str to ExactMoney
        The exact values behind the money measures of ``measures``.
    attribute_rows : mapping of str to numpy.ndarray of int64, shape (n,)
        For each header of the file that describes customers: the position in the raw table of the row whose cell is the customer's value.
    n_lines : numpy.ndarray of int64, shape (n,)
        Kept rows of each customer.
    as_of : datetime.date or None
        The day from which recency and age are counted; None where the file has no date.
    date_min, date_max : datetime.date or None
    findings : tuple of Finding
    """

    ids: np.ndarray
    measures: pd.DataFrame
    money: Mapping[str, ExactMoney]
    attribute_rows: Mapping[str, np.ndarray]
    n_lines: np.ndarray
    as_of: date | None = None
    date_min: date | None = None
    date_max: date | None = None
    findings: tuple[Finding, ...] = field(default=())

    @property
    def n_customers(self) -> int:
        """Number of customers."""
        return int(self.ids.size)


@dataclass(frozen=True)
class Moments:
    """First and last moment of a column of dates, and the moment to look back from, in seconds since 1970."""

    first: int
    last: int
    as_of: int


def look_back(seconds: np.ndarray, as_of: date | None) -> Moments:
    """Return the moments that recency needs.

    ``as_of`` is the day after the newest moment unless the person chose a day; the time of day is that of the newest moment,
    so that a recency of whole days does not depend on the hour of the analysis.
    """
    first, last = int(seconds.min()), int(seconds.max())
    if as_of is None:
        return Moments(first, last, last + SECONDS_PER_DAY)
    midnight = int(datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC).timestamp())
    return Moments(first, last, midnight + last % SECONDS_PER_DAY)


def to_date(seconds: int) -> date:
    """Return the calendar day of a moment.

    Parameters
    ----------
    seconds : int
        Since 1970.

    Returns
    -------
    datetime.date
    """
    return date(1970, 1, 1) + timedelta(days=seconds // SECONDS_PER_DAY)


def customers_of_log(
    raw: RawTable, mapping: ColumnMapping, typed: TypedColumns, cleaned: CleanedRows, as_of: date | None = None
) -> CustomerTable:
    """Sum up the kept lines of a log to one row a customer.

    Money and pieces are summed as integers, so the order of the lines does not matter. Without an order column an order is a
    customer and a day; without a date, every line is an order.

    Parameters
    ----------
    raw : RawTable
    mapping : ColumnMapping
    typed : TypedColumns
    cleaned : CleanedRows
    as_of : datetime.date, optional
        Default: the day after the newest line.

    Returns
    -------
    CustomerTable
    """
    rows = cleaned.kept
    codes, ids = _customer_codes(raw, mapping.roles["customer"], rows)
    n = ids.size
    n_lines = np.bincount(codes, minlength=n)
    measures: dict[str, np.ndarray] = {}
    when = typed.dates.get("date")
    moments = None
    if when:
        seconds = when.seconds[rows]
        moments = look_back(seconds, as_of)
        measures.update(_time_measures(codes, seconds, n, moments.as_of))
    measures["frequency_orders"] = _count_orders(raw, mapping, codes, rows, when.seconds[rows] if when else None)
    money = _money(typed, mapping, codes, rows, n)
    if money:
        measures["monetary_total"] = money.as_floats()
        measures["order_value_mean"] = money.as_floats() / measures["frequency_orders"]
    measures.update(_basket_measures(raw, mapping, typed, codes, rows, n))
    attributes, findings = _attributes(raw, mapping, codes, rows, when.seconds[rows] if when else None)
    return CustomerTable(
        ids=ids,
        measures=_in_canonical_order(measures),
        money={"monetary_total": money} if money else {},
        attribute_rows=attributes,
        n_lines=n_lines,
        as_of=to_date(moments.as_of) if moments else None,
        date_min=to_date(moments.first) if moments else None,
        date_max=to_date(moments.last) if moments else None,
        findings=findings,
    )


def _customer_codes(raw: RawTable, header: str, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return (code of each kept row, ids sorted) of the customers that still have a row."""
    codes, texts = trimmed_codes(raw, header)
    present = np.zeros(len(texts), bool)
    kept = codes[rows]
    present[kept] = True
    renumber = np.cumsum(present) - 1
    ids = np.asarray(texts.to_numpy(zero_copy_only=False), dtype=object)[present]
    return renumber[kept], ids


def _time_measures(codes: np.ndarray, seconds: np.ndarray, n: int, as_of: int) -> dict[str, np.ndarray]:
    last = np.full(n, np.iinfo(np.int64).min)
    first = np.full(n, np.iinfo(np.int64).max)
    np.maximum.at(last, codes, seconds)
    np.minimum.at(first, codes, seconds)
    return {"recency_days": (as_of - last) // SECONDS_PER_DAY, "tenure_days": (as_of - first) // SECONDS_PER_DAY}


def _count_orders(raw: RawTable, mapping: ColumnMapping, codes: np.ndarray, rows: np.ndarray, seconds: np.ndarray | None) -> np.ndarray:
    """Count distinct orders of each customer."""
    n = int(codes.max()) + 1
    if "order" in mapping.roles:
        orders = raw.codes(mapping.roles["order"])[rows].astype(np.int64)
    elif seconds is not None:
        orders = seconds // SECONDS_PER_DAY
        orders = orders - orders.min()
    else:
        return np.bincount(codes, minlength=n)
    return count_distinct(codes, orders, n)


def count_distinct(codes: np.ndarray, values: np.ndarray, n: int) -> np.ndarray:
    """Return how many distinct values (non-negative integers) each code 0..n-1 has, int64 of shape (n,)."""
    width = int(values.max(initial=0)) + 1
    pairs = pd.unique(codes.astype(np.int64) * width + values)
    return np.bincount(pairs // width, minlength=n)


def line_money(typed: TypedColumns, mapping: ColumnMapping, rows: np.ndarray) -> ExactMoney | None:
    """Return the exact money of each kept line: the amount, else price times quantity.

    Parameters
    ----------
    typed : TypedColumns
    mapping : ColumnMapping
    rows : numpy.ndarray of int64, shape (m,)
        Positions of the kept lines.

    Returns
    -------
    ExactMoney or None
        One value a line; None where the file has no money.

    Raises
    ------
    InvalidInputError
        ``amount_too_large`` where the sum would not fit 18 digits.
    """
    roles = [role for role in money_roles(mapping) if role in typed.numbers]
    if "amount" not in roles and "price" not in roles:
        return None
    units = np.ones(rows.size, np.int64)
    scale = 0
    size = np.ones(rows.size)
    for role in roles:
        column = typed.numbers[role]
        units = units * column.units[rows]
        size *= np.abs(column.units[rows].astype(np.float64))
        scale += column.parsed.scale
    if size.sum() > 9e18:
        raise InvalidInputError(
            "amount_too_large", "The amounts of this file are too large to be added up exactly.", fix="Check the amount columns."
        )
    while scale > 0 and not np.any(units % 10):
        units, scale = units // 10, scale - 1
    return ExactMoney(units, scale)


def _money(typed: TypedColumns, mapping: ColumnMapping, codes: np.ndarray, rows: np.ndarray, n: int) -> ExactMoney | None:
    lines = line_money(typed, mapping, rows)
    if lines is None:
        return None
    totals = np.zeros(n, np.int64)
    np.add.at(totals, codes, lines.units)
    return ExactMoney(totals, lines.scale)


def _basket_measures(
    raw: RawTable, mapping: ColumnMapping, typed: TypedColumns, codes: np.ndarray, rows: np.ndarray, n: int
) -> dict[str, np.ndarray]:
    measures: dict[str, np.ndarray] = {}
    quantity = typed.numbers.get("quantity")
    if quantity:
        pieces = np.zeros(n, np.int64)
        np.add.at(pieces, codes, quantity.units[rows])
        measures["items_total"] = pieces / np.float64(10**quantity.parsed.scale)
    if "product" in mapping.roles:
        measures["products_distinct"] = count_distinct(codes, raw.codes(mapping.roles["product"])[rows].astype(np.int64), n)
    return measures


def _attributes(
    raw: RawTable, mapping: ColumnMapping, codes: np.ndarray, rows: np.ndarray, seconds: np.ndarray | None
) -> tuple[dict[str, np.ndarray], tuple[Finding, ...]]:
    """Return for each column that describes the customer the row with the customer's latest value."""
    n = int(codes.max()) + 1
    role_of = {header: role for role, header in mapping.roles.items()}
    many_lines = np.bincount(codes, minlength=n) > 1
    found: dict[str, np.ndarray] = {}
    findings = []
    for header in raw.headers:
        role = role_of.get(header)
        if role == "customer" or (role and not ROLE_BY_NAME[role].is_about_customer):
            continue
        values = raw.codes(header)[rows].astype(np.int64)
        has_several = _has_several(codes, values, n)
        if role is None and many_lines.any() and has_several.sum() > (1 - ATTRIBUTE_SHARE) * many_lines.sum():
            continue
        found[header] = rows[_latest_lines(raw, header, codes, values, has_several, seconds)]
        if has_several.any():
            message = f'{int(has_several.sum()):,} customers have several values in "{header}"; the latest is kept.'
            findings.append(Finding("several_values", "info", message, int(has_several.sum()), ({"column": header},)))
    return found, tuple(findings)


def _has_several(codes: np.ndarray, values: np.ndarray, n: int) -> np.ndarray:
    any_value = np.zeros(n, np.int64)
    any_value[codes] = values
    differs = np.zeros(n, bool)
    differs[codes[values != any_value[codes]]] = True
    return differs


def _latest_lines(
    raw: RawTable, header: str, codes: np.ndarray, values: np.ndarray, has_several: np.ndarray, seconds: np.ndarray | None
) -> np.ndarray:
    """Return for each customer the position (among the kept lines) of the line with the latest filled value.

    Of several values at one moment the last in alphabetical order is taken, so that the order of the rows has no say.
    """
    n = has_several.size
    latest = np.zeros(n, np.int64)
    latest[codes] = np.arange(codes.size)
    lines = np.flatnonzero(has_several[codes])
    if lines.size:
        texts = raw.distinct(header).take(values[lines])
        frame = pd.DataFrame(
            {
                "code": codes[lines],
                "seconds": seconds[lines] if seconds is not None else 0,
                "text": np.asarray(texts.to_numpy(zero_copy_only=False), dtype=object),
            }
        )
        frame.insert(1, "is_filled", frame["text"] != "")
        newest = frame.sort_values(["code", "is_filled", "seconds", "text"]).drop_duplicates("code", keep="last")
        latest[newest["code"].to_numpy()] = lines[newest.index.to_numpy()]
    return latest


def _in_canonical_order(measures: Mapping[str, np.ndarray]) -> pd.DataFrame:
    return pd.DataFrame({name: measures[name] for name in MEASURE_BY_NAME if name in measures})
