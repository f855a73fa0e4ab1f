"""Text to moments in time. Works on the distinct texts of a column, so a long column costs little."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segmentation.intake import date_forms
from segmentation.intake.parsing import MISSING, OK, UNREADABLE, missing_mask, normalise

DateOrder = Literal["dmy", "mdy", "ymd"]
DATE_ORDERS: tuple[DateOrder, ...] = get_args(DateOrder)
_Candidates = dict[DateOrder, tuple[np.ndarray, np.ndarray]]
"""For each order: days since 1970 and whether the text is a date."""

_ORDERS_TO_TRY: tuple[DateOrder, ...] = ("mdy", "dmy", "ymd")

FIRST_YEAR, LAST_YEAR = 1850, 2200
"""Years outside are typing errors, not dates of a customer."""
CENTURY_PIVOT = 69  # two-digit years up to 68 are 20xx, as POSIX strptime reads them
_SECONDS_PER_DAY = 86_400
_SPACES = "[\u00a0\u2007\u2009\u202f]+"
_NO_DAYS = (-25_567, -25_568, -25_569)  # 1900-01-01 and the two days that Excel and databases show for nothing
_PLACEHOLDER = (
    r"^(?:9999[-/.]?12[-/.]?31|(?:31[-/.]12|12[-/.]31)[-/.]9999|0{1,4}[-/.]?00?[-/.]?0{1,4}"
    r"|0001[-/.]?01[-/.]?01|0?1[-/.]0?1[-/.]0001|0)(?:[t ].*)?$"
)
"""What systems write for "never": days at the end of the calendar or before its beginning."""


@dataclass(frozen=True)
class ParsedDates:
    """The distinct texts of a column as moments.

    Attributes
    ----------
    seconds : numpy.ndarray of int64, shape (n,)
        Seconds since 1970-01-01 of the wall clock that the file shows (time zones are not converted); 0 where there is none.
    state : numpy.ndarray of uint8, shape (n,)
        OK, MISSING or UNREADABLE.
    order : {"dmy", "mdy", "ymd"} or None
        How day, month and year follow each other; None where no text needs it (no purely numeric date).
    is_order_open : bool
        True where day-first and month-first both read every text, so that a person should confirm.
    has_time : bool
        True where any text carries a time of day other than midnight.
    is_placeholder : numpy.ndarray of bool, shape (n,)
        Where a text is a day that systems write for "never" (1900-01-01, 9999-12-31, ...); such a text is MISSING.
    is_coarse : numpy.ndarray of bool, shape (n,)
        Where a text is a month, a quarter or a week, of which the first day is taken.
    zones : tuple of str
        The time zones written beside the times, as they stand, in alphabetical order.
    """

    seconds: np.ndarray
    state: np.ndarray
    order: DateOrder | None = None
    is_order_open: bool = False
    has_time: bool = False
    is_placeholder: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))
    is_coarse: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))
    zones: tuple[str, ...] = ()


def parse_dates(texts: pa.Array, order: DateOrder | None = None, pivot: int = CENTURY_PIVOT) -> ParsedDates:
    """Read distinct texts as dates with or without a time of day.

    Understands numeric dates in every order and with any usual mark, ISO 8601 with its weeks, yyyymmdd and yyyymm, month names
    (``date_forms``), months and quarters (their first day), Excel serial numbers (1900 system) and Unix time in seconds or parts of them.

    Parameters
    ----------
    texts : pyarrow string array, shape (n,)
    order : {"dmy", "mdy", "ymd"}, optional
        Without it the column decides: the order that reads the most texts. A year written first is always year, month, day.
    pivot : int
        Years of two digits below it are 20xx, the others 19xx.

    Returns
    -------
    ParsedDates
    """
    lower = _plain_marks(normalise(texts))
    is_missing = missing_mask(texts)
    reader = _Reader(len(texts), pivot)
    numeric = pc.extract_regex(lower, pattern=date_forms.PLAIN_NUMERIC)
    if not np.all(np.asarray(numeric.is_valid()) | is_missing):
        numeric = pc.extract_regex(lower, pattern=date_forms.NUMERIC)
    chosen, is_open = _read_numeric(reader, numeric, order)
    if not np.all(reader.is_read | is_missing):
        _read_other_forms(reader, lower)
    is_placeholder = ~is_missing & _placeholders(reader, lower)
    is_missing = is_missing | is_placeholder
    state = np.where(is_missing, MISSING, np.where(reader.is_read, OK, UNREADABLE)).astype(np.uint8)
    seconds = np.where(state == OK, reader.seconds, 0)
    has_time = bool(np.any(seconds % _SECONDS_PER_DAY))
    return ParsedDates(
        seconds, state, chosen, is_open, has_time, is_placeholder, reader.is_coarse & (state == OK), tuple(sorted(reader.zones))
    )


def parse_times(texts: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Read distinct texts as times of day.

    Parameters
    ----------
    texts : pyarrow string array, shape (n,)

    Returns
    -------
    seconds : numpy.ndarray of int64, shape (n,)
        Seconds since midnight; 0 where there is no time.
    is_time : numpy.ndarray of bool, shape (n,)
    """
    fields = pc.extract_regex(normalise(texts), pattern=date_forms.TIME_OF_DAY)
    clock, ok = _clock(fields)
    is_time = np.asarray(fields.is_valid()) & ok
    return np.where(is_time, clock, 0), is_time


def _plain_marks(lower: pa.Array) -> pa.Array:
    """Write the spaces and marks of other scripts as ours."""
    if pc.all(pc.string_is_ascii(lower)).as_py():
        return lower
    plain = pc.replace_substring_regex(pc.replace_substring_regex(lower, _SPACES, " "), "(\\d)[年月]", "\\1-")
    return pc.replace_substring(plain, "日", "")


class _Reader:
    """Collects what the forms could read; the first form that reads a text keeps it."""

    def __init__(self, n_texts: int, pivot: int) -> None:
        self.seconds = np.zeros(n_texts, np.int64)
        self.is_read = np.zeros(n_texts, bool)
        self.is_coarse = np.zeros(n_texts, bool)
        self.zones: set[str] = set()
        self.pivot = pivot

    def take(self, seconds: np.ndarray, is_valid: np.ndarray, is_coarse: bool = False) -> None:
        """Keep the moments of texts that no earlier form has read."""
        fresh = is_valid & ~self.is_read
        self.seconds[fresh] = seconds[fresh]
        self.is_read |= fresh
        if is_coarse:
            self.is_coarse |= fresh

    def take_zones(self, fields: pa.StructArray) -> None:
        """Note which time zones are written."""
        if "zone" in [field.name for field in fields.type]:
            self.zones |= set(pc.unique(fields.field("zone")).to_pylist()) - {None, ""}


def _read_numeric(reader: _Reader, fields: pa.StructArray, order: DateOrder | None) -> tuple[DateOrder | None, bool]:
    """Read dates written in numbers; returns (order, is it open)."""
    matched = np.asarray(fields.is_valid())
    if not matched.any():
        return None, False
    first, middle, last = (_integers(fields, name) for name in ("first", "middle", "last"))
    is_year_first = matched & (np.asarray(pc.fill_null(pc.utf8_length(fields.field("first")), 0)) > 2)
    is_year_last = matched & ~is_year_first
    clock, clock_ok = _clock(fields)
    reader.take_zones(fields)
    days, ok = _days(first, middle, last, reader.pivot)
    reader.take(days * _SECONDS_PER_DAY + clock, is_year_first & ok & clock_ok)
    if not is_year_last.any():
        return "ymd", False
    candidates: _Candidates = {}
    for name in (order,) if order else _ORDERS_TO_TRY:
        parts = {"mdy": (last, first, middle), "dmy": (last, middle, first), "ymd": (first, middle, last)}[name]
        days, ok = _days(*parts, reader.pivot)
        candidates[name] = (days, ok & is_year_last)
    chosen = _best_order(candidates, is_year_last)
    days, ok = candidates[chosen]
    reader.take(days * _SECONDS_PER_DAY + clock, ok & clock_ok)
    return chosen, order is None and _is_open(candidates, is_year_last, first, middle)


def _best_order(candidates: _Candidates, is_concerned: np.ndarray) -> DateOrder:
    """Choose the order that reads most texts; of equals the one whose dates span the shortest time, then day first."""

    def badness(name: DateOrder) -> tuple[int, int, int]:
        days, ok = candidates[name]
        kept = days[ok]
        span = int(kept.max() - kept.min()) if kept.size else 0
        return int(np.sum(is_concerned & ~ok)), span, ("dmy", "mdy", "ymd").index(name)

    return min(candidates, key=badness)


def _is_open(candidates: _Candidates, is_concerned: np.ndarray, first: np.ndarray, middle: np.ndarray) -> bool:
    """Day first and month first both read everything, and it makes a difference."""
    both = candidates["dmy"][1] & candidates["mdy"][1]
    return bool(np.all(both[is_concerned]) and np.any(first[is_concerned] != middle[is_concerned]))


def _read_other_forms(reader: _Reader, lower: pa.Array) -> None:
    compact = pc.extract_regex(lower, pattern=date_forms.COMPACT)
    _take_fields(reader, compact, _integers(compact, "month"), _integers(compact, "day"))
    for pattern in date_forms.NAMED:
        named = pc.extract_regex(lower, pattern=pattern)
        if named.null_count < len(named):
            _take_fields(reader, named, _named_months(named), _integers(named, "day"))
    serial = pc.extract_regex(lower, pattern=date_forms.EXCEL_SERIAL)
    if serial.null_count < len(serial):
        part = np.array([float("0." + text) if text else 0.0 for text in pc.fill_null(serial.field("part"), "").to_pylist()])
        seconds = (_integers(serial, "days") - 25_569) * _SECONDS_PER_DAY + np.rint(part * _SECONDS_PER_DAY).astype(np.int64)
        reader.take(seconds, np.asarray(serial.is_valid()))
    epoch = pc.extract_regex(lower, pattern=date_forms.EPOCH)
    reader.take(_integers(epoch, "seconds"), np.asarray(epoch.is_valid()))
    if not reader.is_read.all():
        _read_coarse_forms(reader, lower)


def _read_coarse_forms(reader: _Reader, lower: pa.Array) -> None:
    """Read months, quarters and weeks as their first day."""
    for pattern in date_forms.MONTH_ONLY:
        fields = pc.extract_regex(lower, pattern=pattern)
        _take_fields(reader, fields, _integers(fields, "month"))
    for pattern in date_forms.NAMED_MONTH_ONLY:
        fields = pc.extract_regex(lower, pattern=pattern)
        _take_fields(reader, fields, _named_months(fields))
    for pattern in date_forms.QUARTER:
        fields = pc.extract_regex(lower, pattern=pattern)
        _take_fields(reader, fields, 3 * _integers(fields, "quarter") - 2)
    fields = pc.extract_regex(lower, pattern=date_forms.WEEK)
    week, weekday = _integers(fields, "week"), np.maximum(_integers(fields, "weekday"), 1)
    fourth, ok = _days(_integers(fields, "year"), np.ones(len(lower), np.int64), np.full(len(lower), 4), reader.pivot)
    monday = fourth - (fourth + 3) % 7  # 4 January lies in week 1; 1970-01-01 was a Thursday
    is_week = np.asarray(fields.is_valid()) & ok & (week >= 1) & (week <= 53)
    reader.take((monday + 7 * (week - 1) + weekday - 1) * _SECONDS_PER_DAY, is_week, is_coarse=True)


def _named_months(fields: pa.StructArray) -> np.ndarray:
    return np.array([date_forms.MONTHS.get(name, 0) for name in pc.fill_null(fields.field("month"), "").to_pylist()], np.int64)


def _take_fields(reader: _Reader, fields: pa.StructArray, month: np.ndarray, day: np.ndarray | None = None) -> None:
    """Take dates; without a day the first of the month."""
    days, ok = _days(_integers(fields, "year"), month, np.ones(len(fields), np.int64) if day is None else day, reader.pivot)
    clock, clock_ok = _clock(fields)
    reader.take_zones(fields)
    reader.take(days * _SECONDS_PER_DAY + clock, ok & clock_ok & np.asarray(fields.is_valid()), is_coarse=day is None)


def _placeholders(reader: _Reader, lower: pa.Array) -> np.ndarray:
    is_no_day = reader.is_read & np.isin(reader.seconds // _SECONDS_PER_DAY, _NO_DAYS)
    may_be = np.flatnonzero(pc.or_(pc.match_substring(lower, "000"), pc.or_(pc.match_substring(lower, "9999"), pc.equal(lower, "0"))))
    is_no_day[may_be] |= np.asarray(pc.match_substring_regex(lower.take(pa.array(may_be)), _PLACEHOLDER))
    return is_no_day


def _integers(fields: pa.StructArray, name: str) -> np.ndarray:
    texts = pc.fill_null(fields.field(name), "0")
    return np.asarray(pc.cast(pc.if_else(pc.equal(texts, ""), "0", texts), pa.int64()))


def _clock(fields: pa.StructArray) -> tuple[np.ndarray, np.ndarray]:
    """Return (seconds of the day, is a possible time)."""
    names = [field.name for field in fields.type]
    zero = np.zeros(len(fields), np.int64)
    if "hour" not in names:
        return zero, np.ones(len(fields), bool)
    hour, minute, second = (_integers(fields, name) for name in ("hour", "minute", "second"))
    is_whole = np.ones(len(fields), bool)
    if "half" in names:
        half = pc.fill_null(fields.field("half"), "")
        # a lone number behind a date is an hour only where am or pm says so
        is_whole = ~np.asarray(
            pc.and_(
                pc.equal(half, ""),
                pc.and_(pc.not_equal(pc.fill_null(fields.field("hour"), ""), ""), pc.equal(pc.fill_null(fields.field("minute"), ""), "")),
            )
        )
        is_pm = np.asarray(pc.starts_with(half, "p"))
        is_am = np.asarray(pc.starts_with(half, "a"))
        hour = np.where(is_pm & (hour < 12), hour + 12, np.where(is_am & (hour == 12), 0, hour))
    return hour * 3600 + minute * 60 + second, is_whole & (hour < 24) & (minute < 60) & (second < 60)


def _days(year: np.ndarray, month: np.ndarray, day: np.ndarray, pivot: int) -> tuple[np.ndarray, np.ndarray]:
    """Return (days since 1970-01-01, is a date of the calendar); two-digit years are completed."""
    year = np.where(year < 100, np.where(year < pivot, 2000 + year, 1900 + year), year)
    ok = (year >= FIRST_YEAR) & (year <= LAST_YEAR) & (month >= 1) & (month <= 12) & (day >= 1)
    months = (np.where(ok, year, 1970) - 1970) * 12 + np.where(ok, month, 1) - 1
    start = months.astype("datetime64[M]")
    length = ((start + 1).astype("datetime64[D]") - start.astype("datetime64[D]")).astype(np.int64)
    return start.astype("datetime64[D]").astype(np.int64) + day - 1, ok & (day <= length)
