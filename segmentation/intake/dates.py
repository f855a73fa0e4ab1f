"""Text to moments in time. Works on the distinct texts of a column, so a long column costs little."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segmentation.intake.parsing import MISSING, OK, UNREADABLE, missing_mask, normalise

DateOrder = Literal["dmy", "mdy", "ymd"]
DATE_ORDERS: tuple[DateOrder, ...] = get_args(DateOrder)
_Candidates = dict[DateOrder, tuple[np.ndarray, np.ndarray]]
"""For each order: days since 1970 and whether the text is a date."""

_ORDERS_TO_TRY: tuple[DateOrder, ...] = ("mdy", "dmy", "ymd")

FIRST_YEAR, LAST_YEAR = 1850, 2200
"""Years outside are typing errors, not dates of a customer."""
_CENTURY_PIVOT = 69  # two-digit years up to 68 are 20xx, as POSIX strptime reads them
_SECONDS_PER_DAY = 86_400

_MONTH_NAMES = (
    "jan january janvier januar enero ene janv jän jänner januari",
    "feb february fevrier février februar febrero fev févr fév februari",
    "mar march mars märz maerz marzo mrz mär maart mrt",
    "apr april avril abril avr abr",
    "may mai mayo mei",
    "jun june juin juni junio",
    "jul july juillet juli julio juil",
    "aug august aout août agosto ago augustus",
    "sep september septembre septiembre sept set",
    "oct october octobre oktober octubre okt",
    "nov november novembre noviembre",
    "dec december decembre décembre dezember diciembre dez dic déc december",
)
_MONTHS: dict[str, int] = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}

_TIME = (
    r"(?:[t ,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?\s*(?P<half>am|pm|a\.m\.|p\.m\.)?"
    r"\s*(?P<zone>z|utc|gmt|[+-]\d{2}:?\d{2})?)?"
)
_NUMERIC = r"^(?P<first>\d{1,4})[-/. ]+(?P<middle>\d{1,2})[-/. ]+(?P<last>\d{1,4})\.?" + _TIME + r"$"
_NAMED_DAY_FIRST = (
    r"^(?:[a-z]+,\s*)?(?P<day>\d{1,2})(?:st|nd|rd|th|\.|er)?[-/ .]*(?:de )?(?P<month>\pL+)\.?[-/ ,.']*(?:de )?(?P<year>\d{2,4})"
    + _TIME
    + r"$"
)
_NAMED_MONTH_FIRST = r"^(?:[a-z]+,\s*)?(?P<month>\pL+)\.?[-/ ]*(?P<day>\d{1,2})(?:st|nd|rd|th)?[-/ ,]+(?P<year>\d{2,4})" + _TIME + r"$"
_NAMED_YEAR_FIRST = r"^(?P<year>\d{4})[-/ ]*(?P<month>\pL+)[-/ ]*(?P<day>\d{1,2})" + _TIME + r"$"
_COMPACT = r"^(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})(?:[t ]?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?z?)?$"
_EXCEL_SERIAL = r"^(?P<days>[1-6]\d{4})(?:\.(?P<part>\d+))?$"
_EPOCH = r"^(?P<seconds>\d{9,10})(?P<milli>\d{3})?$"


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
    """

    seconds: np.ndarray
    state: np.ndarray
    order: DateOrder | None = None
    is_order_open: bool = False
    has_time: bool = False


def parse_dates(texts: pa.Array, order: DateOrder | None = None) -> ParsedDates:
    """Read distinct texts as dates with or without a time of day.

    Understands numeric dates in every order and with any usual mark, ISO 8601, yyyymmdd, month names in English, German,
    French, Spanish and Dutch, Excel serial numbers (1900 system) and Unix time in seconds or milliseconds.

    Parameters
    ----------
    texts : pyarrow string array, shape (n,)
    order : {"dmy", "mdy", "ymd"}, optional
        Without it the column decides: the order that reads the most texts. A year written first is always year, month, day.

    Returns
    -------
    ParsedDates
    """
    lower = normalise(texts)
    is_missing = missing_mask(texts)
    reader = _Reader(len(texts))
    numeric = pc.extract_regex(lower, pattern=_NUMERIC)
    chosen, is_open = _read_numeric(reader, numeric, order)
    if not np.all(reader.is_read | is_missing):
        _read_other_forms(reader, lower)
    state = np.where(is_missing, MISSING, np.where(reader.is_read, OK, UNREADABLE)).astype(np.uint8)
    seconds = np.where(state == OK, reader.seconds, 0)
    has_time = bool(np.any(seconds % _SECONDS_PER_DAY))
    return ParsedDates(seconds, state, chosen, is_open, has_time)


class _Reader:
    """Collects what the forms could read; the first form that reads a text keeps it."""

    def __init__(self, n_texts: int) -> None:
        self.seconds = np.zeros(n_texts, np.int64)
        self.is_read = np.zeros(n_texts, bool)

    def take(self, seconds: np.ndarray, is_valid: np.ndarray) -> None:
        """Keep the moments of texts that no earlier form has read."""
        fresh = is_valid & ~self.is_read
        self.seconds[fresh] = seconds[fresh]
        self.is_read |= fresh


def _read_numeric(reader: _Reader, fields: pa.StructArray, order: DateOrder | None) -> tuple[DateOrder | None, bool]:
    """Read dates written in numbers; returns (order, is it open)."""
    matched = np.asarray(fields.is_valid())
    if not matched.any():
        return None, False
    first, middle, last = (_integers(fields, name) for name in ("first", "middle", "last"))
    is_year_first = matched & (np.asarray(pc.fill_null(pc.utf8_length(fields.field("first")), 0)) > 2)
    is_year_last = matched & ~is_year_first
    clock, clock_ok = _clock(fields)
    days, ok = _days(first, middle, last)
    reader.take(days * _SECONDS_PER_DAY + clock, is_year_first & ok & clock_ok)
    if not is_year_last.any():
        return "ymd", False
    candidates: _Candidates = {}
    for name in (order,) if order else _ORDERS_TO_TRY:
        parts = {"mdy": (last, first, middle), "dmy": (last, middle, first), "ymd": (first, middle, last)}[name]
        days, ok = _days(*parts)
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
    compact = pc.extract_regex(lower, pattern=_COMPACT)
    _take_fields(reader, compact, _integers(compact, "month"))
    for pattern in (_NAMED_DAY_FIRST, _NAMED_MONTH_FIRST, _NAMED_YEAR_FIRST):
        named = pc.extract_regex(lower, pattern=pattern)
        if named.null_count < len(named):
            names = pc.fill_null(named.field("month"), "").to_pylist()
            _take_fields(reader, named, np.array([_MONTHS.get(name, 0) for name in names], np.int64))
    serial = pc.extract_regex(lower, pattern=_EXCEL_SERIAL)
    if serial.null_count < len(serial):
        part = np.array([float("0." + text) if text else 0.0 for text in pc.fill_null(serial.field("part"), "").to_pylist()])
        seconds = (_integers(serial, "days") - 25_569) * _SECONDS_PER_DAY + np.rint(part * _SECONDS_PER_DAY).astype(np.int64)
        reader.take(seconds, np.asarray(serial.is_valid()))
    epoch = pc.extract_regex(lower, pattern=_EPOCH)
    reader.take(_integers(epoch, "seconds"), np.asarray(epoch.is_valid()))


def _take_fields(reader: _Reader, fields: pa.StructArray, month: np.ndarray) -> None:
    days, ok = _days(_integers(fields, "year"), month, _integers(fields, "day"))
    clock, clock_ok = _clock(fields)
    reader.take(days * _SECONDS_PER_DAY + clock, ok & clock_ok & np.asarray(fields.is_valid()))


def _integers(fields: pa.StructArray, name: str) -> np.ndarray:
    texts = pc.fill_null(fields.field(name), "0")
    return np.asarray(pc.cast(pc.if_else(pc.equal(texts, ""), "0", texts), pa.int64()))


def _clock(fields: pa.StructArray) -> tuple[np.ndarray, np.ndarray]:
    """Return (seconds of the day, is a possible time)."""
    names = [field.name for field in fields.type]
    zero = np.zeros(len(fields), np.int64)
    hour, minute, second = (_integers(fields, name) if name in names else zero for name in ("hour", "minute", "second"))
    if "half" in names:
        half = pc.fill_null(fields.field("half"), "")
        is_pm = np.asarray(pc.starts_with(half, "p"))
        is_am = np.asarray(pc.starts_with(half, "a"))
        hour = np.where(is_pm & (hour < 12), hour + 12, np.where(is_am & (hour == 12), 0, hour))
    return hour * 3600 + minute * 60 + second, (hour < 24) & (minute < 60) & (second < 60)


def _days(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return (days since 1970-01-01, is a date of the calendar); two-digit years are completed."""
    year = np.where(year < 100, np.where(year < _CENTURY_PIVOT, 2000 + year, 1900 + year), year)
    ok = (year >= FIRST_YEAR) & (year <= LAST_YEAR) & (month >= 1) & (month <= 12) & (day >= 1)
    months = (np.where(ok, year, 1970) - 1970) * 12 + np.where(ok, month, 1) - 1
    start = months.astype("datetime64[M]")
    length = ((start + 1).astype("datetime64[D]") - start.astype("datetime64[D]")).astype(np.int64)
    return start.astype("datetime64[D]").astype(np.int64) + day - 1, ok & (day <= length)
