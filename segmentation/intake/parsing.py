"""Text to exact numbers. Works on the distinct texts of a column, so a long column costs little.

Money and quantities stay exact: whole units of 10**-scale in int64, never floats.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

MAX_SCALE = 6
"""Decimals kept of an amount; finer ones are rounded half to even (no currency has more than four)."""
_MAX_DIGITS = 18  # what an int64 holds

MISSING_MARKS = (
    "",
    "na",
    "n/a",
    "#n/a",
    "nan",
    "null",
    "none",
    "nil",
    "-",
    "--",
    "?",
    "unknown",
    "missing",
    "k.a.",
    "k. a.",
    "n.a.",
    "n. a.",
    "n.v.",
    "<na>",
    "<null>",
    "(null)",
    "(blank)",
    "(leer)",
    "#null!",
    "#value!",
    "#ref!",
    "#div/0!",
    "#name?",
    "#num!",
    "#wert!",
    "#bezug!",
    "not available",
    "not specified",
    "undefined",
    "unbekannt",
    "keine angabe",
    "inconnu",
    "desconocido",
    "–",
    "—",
    "...",
)
"""What stands for "no value" in a column of numbers or dates (lower case, trimmed). Never applied to names and ids."""

OK, MISSING, UNREADABLE = np.uint8(0), np.uint8(1), np.uint8(2)

DecimalMark = Literal[".", ","]

_CURRENCY = (
    r"(?:(?:us|ca|au|nz|hk|[arcs])?\$|[€£¥₹₽₩₺₫₴₪฿₦₱¢₡₲₵]|zł|kčs?|kr\.?|rs\.?|fr\.|euros?|dollars?|pounds?|rupees?|lei|ft"
    r"|aed|ars|aud|bgn|brl|cad|chf|clp|cny|cop|czk|dkk|egp|eur|gbp|hkd|huf|idr|ils|inr|jpy|krw|mad|mxn|myr|ngn|nok|nzd|pen|php|pkr|pln"
    r"|ron|rsd|rub|sar|sek|sgd|thb|try|twd|uah|usd|vnd|zar)"
)
_UNITS: dict[str, str] = {
    "days": "days?|d|tage?n?|jours?|d[ií]as?|dagen|dag|giorn[io]|dni",
    "weeks": "weeks?|wks?|wochen?|semaines?|semanas?|weken",
    "months": "months?|mths?|mos?|monate?n?|mois|mes(?:es)?|mes[ei]|maanden",
    "years": "years?(?:old)?|yrs?|y|jahre?n?|ans?|ann[ée]es?|a[ñn]os?|ann[io]|jaar|lat|anos?",
    "hours": "hours?|hrs?|h|stunden?|std|heures?|horas?",
    "minutes": "minutes?|mins?|minuten?|minutos?",
    "pieces": "pieces?|pcs?|units?|items?|stück|stk|pièces?|piezas?|pzs?|unidades|szt|stuks?",
    "points": "points?|pts?|punkte?|puntos?|punti",
    "orders": "orders?|bestellungen|commandes?|pedidos?",
    "visits": "visits?|besuche?|visites?|visitas?",
    "times": "times|mal|fois|veces|x",
    "kg": "kgs?",
    "km": "kms?",
}
"""Words behind a number that may be left out: only where most of a column ends in one of them."""
_SPACE = r"\s\x{a0}\x{2000}-\x{200a}\x{202f}\x{feff}"
_APOSTROPHE = "'’ʼ`´"
_NO_GROUPS = rf"\d[{_SPACE}{_APOSTROPHE}]+(?:\d{{1,2}}(?:[^\d{_SPACE}{_APOSTROPHE}]|$)|\d{{4}})"
"""Digits behind a space that are no thousands: ``5 10`` is two numbers."""


@dataclass(frozen=True)
class ParsedNumbers:
    """The distinct texts of a column as exact numbers.

    Attributes
    ----------
    units : numpy.ndarray of int64, shape (n,)
        Value times 10**scale; 0 where there is no value.
    scale : int
        Decimals, 0..6: as many as the values need, trailing zeros not counted.
    state : numpy.ndarray of uint8, shape (n,)
        OK, MISSING (blank or a mark such as ``N/A``) or UNREADABLE.
    decimal : {".", ","} or None
        The decimal mark that was used; None where no value has one.
    is_mark_open : bool
        True where the data fit both marks (``1,234`` throughout): a person should confirm.
    n_rounded : int
        Distinct texts with more decimals than are kept.
    unit : str or None
        What stands behind the numbers and was left out: "%" (12 % is 12), or a word such as "days" (13 days is 13).
    """

    units: np.ndarray
    scale: int
    state: np.ndarray
    decimal: DecimalMark | None = None
    is_mark_open: bool = False
    n_rounded: int = 0
    unit: str | None = None

    def as_floats(self) -> np.ndarray:
        """Return the values as float64, NaN where there is none; each is the float nearest to the exact value."""
        values = self.units / np.float64(10**self.scale)
        return np.where(self.state == OK, values, np.nan)


def normalise(texts: pa.Array) -> pa.Array:
    """Return the texts in lower case without white space around them (no-break spaces included).

    Parameters
    ----------
    texts : pyarrow string array, shape (n,)

    Returns
    -------
    pyarrow string array, shape (n,)
    """
    return pc.utf8_lower(pc.utf8_trim_whitespace(texts))


def missing_mask(texts: pa.Array) -> np.ndarray:
    """Return where a text stands for "no value".

    Parameters
    ----------
    texts : pyarrow string array, shape (n,)

    Returns
    -------
    numpy.ndarray of bool, shape (n,)
    """
    return _mask(pc.is_in(normalise(texts), value_set=pa.array(MISSING_MARKS, pa.string())))


def parse_numbers(texts: pa.Array, decimal: DecimalMark | None = None) -> ParsedNumbers:
    """Read distinct texts as exact numbers.

    Understands currency signs and codes, thousands separated by comma, point, space or apostrophe, decimal point or comma,
    brackets or a trailing minus for negatives, exponents (``1e3``), a unit that most texts share (``13 days`` is 13) and percent:
    12 in a column of percent, 0.12 in one where other numbers have no sign.

    Parameters
    ----------
    texts : pyarrow string array, shape (n,)
    decimal : {".", ","}, optional
        The decimal mark; without it the column's own texts decide.

    Returns
    -------
    ParsedNumbers
    """
    is_missing = missing_mask(texts)
    plain = _plain_numbers(texts) if decimal != "," else None
    if plain is not None and bool(np.all(plain[2] | is_missing)):
        mark: DecimalMark | None = "." if bool(np.any(plain[1])) else None
        return _assemble(texts, is_missing, plain[0], None, mark, is_open=_fits_both_marks_plain(texts, plain[0], decimal))
    bare, is_negative, is_percent = _bare(texts)
    bare, unit = _without_unit(bare, is_missing)
    mark, is_open = (decimal, False) if decimal else _guess_mark(bare)
    fields = _split_number(bare, mark or ".")
    is_share = is_percent
    if is_percent.any() and bool(np.all(is_percent | is_missing | _mask(pc.match_substring_regex(bare, r"^[^1-9]*$")))):
        is_share, unit = np.zeros(len(texts), bool), "%"
    parsed = _assemble(texts, is_missing, fields, (is_negative, is_share), mark, is_open)
    return replace(parsed, unit=unit)


def number_share(texts: pa.Array, counts: np.ndarray) -> float:
    """Return the share (0..1) of filled rows that read as numbers, NaN if none is; ``counts`` has the rows of each distinct text."""
    parsed = parse_numbers(texts)
    filled = counts[parsed.state != MISSING].sum()
    return float(counts[parsed.state == OK].sum() / filled) if filled else float("nan")


def _mask(array: pa.Array | pa.ChunkedArray) -> np.ndarray:
    return np.asarray(pc.fill_null(array, False))


_PLAIN = r"^\s*(?P<sign>[-+]?)(?P<whole>\d+)(?:\.(?P<fraction>\d*))?\s*$"


def _plain_numbers(texts: pa.Array) -> tuple[pa.StructArray, np.ndarray, np.ndarray]:
    """Match the form most columns have throughout: digits with a point. Returns (fields, has a fraction, matched)."""
    fields = pc.extract_regex(texts, pattern=_PLAIN)
    matched = np.asarray(fields.is_valid())
    has_fraction = _mask(pc.greater(pc.utf8_length(_field(fields, "fraction")), 0))
    return fields, has_fraction, matched


def _fits_both_marks_plain(texts: pa.Array, fields: pa.StructArray, decimal: DecimalMark | None) -> bool:
    """Tell whether points could be thousands marks: every value that has one has groups of exactly three digits behind it."""
    if decimal is not None:
        return False
    fraction = _field(fields, "fraction")
    has_point = _mask(pc.greater(pc.utf8_length(fraction), 0))
    if not has_point.any():
        return False
    return bool(np.all(_mask(pc.match_substring_regex(texts, r"^\s*[-+]?[1-9]\d{0,2}\.\d{3}\s*$"))[has_point]))


def _bare(texts: pa.Array) -> tuple[pa.Array, np.ndarray, np.ndarray]:
    """Strip currency, spaces and signs; return (digits with marks, is negative, is percent)."""
    lower = normalise(texts)
    lower = pc.replace_substring(lower, "−", "-")
    is_percent = _mask(pc.match_substring_regex(lower, r"%\s*\)?$"))
    lower = pc.if_else(pc.match_substring_regex(lower, _NO_GROUPS), "no number", lower)
    bare = pc.replace_substring_regex(lower, f"{_CURRENCY}|[%{_APOSTROPHE}{_SPACE}]", "")
    in_brackets = _mask(pc.match_substring_regex(bare, r"^-?\(.*\)$"))
    bare = pc.replace_substring_regex(bare, "[()]", "")
    minus = _mask(pc.match_substring_regex(bare, r"^-|-$"))
    bare = pc.replace_substring_regex(bare, r"^[-+]|-$", "")
    return bare, in_brackets | minus, is_percent


def _without_unit(bare: pa.Array, is_missing: np.ndarray) -> tuple[pa.Array, str | None]:
    """Leave out a unit that most of the texts end in; returns (texts, the unit)."""
    if not _any(bare, r"\d\pL+\.?$"):
        return bare, None
    for unit, words in _UNITS.items():
        pattern = rf"^([\d.,]*\d)(?:{words})\.?$"
        if 2 * _count(bare, pattern) > np.count_nonzero(~is_missing):
            return pc.replace_substring_regex(bare, pattern, r"\1"), unit
    return bare, None


def _guess_mark(bare: pa.Array) -> tuple[DecimalMark | None, bool]:
    """Tell the decimal mark from the texts that leave no doubt; (mark, is it open)."""
    comma_decimal = _any(bare, r"^\d{1,3}(\.\d{3})+,\d+$|^\d*,\d{1,2}$|^\d*,\d{4,}$|^\d{4,},\d{3}$|^0,\d+$|\d\.\d{3}\.\d{3}")
    point_decimal = _any(
        bare, r"^\d{1,3}(,\d{3})+\.\d+$|^\d*\.\d{1,2}(e[-+]?\d+)?$|^\d*\.\d{4,}(e[-+]?\d+)?$|^\d{4,}\.\d{3}$|^0\.\d+$|\d,\d{3},\d{3}"
    )
    if comma_decimal != point_decimal:
        return ("," if comma_decimal else "."), False
    if comma_decimal:  # both kinds in one column: the larger party wins, the other becomes unreadable and is reported
        n_comma = _count(bare, r",\d{1,2}$")
        n_point = _count(bare, r"\.\d{1,2}$")
        return ("," if n_comma > n_point else "."), True
    has_comma, has_point = _any(bare, r"^\d{1,3},\d{3}$"), _any(bare, r"^\d{1,3}\.\d{3}$")
    if has_comma:
        return ".", True  # 1,234 throughout: thousands, but ask
    return ("." if has_point else None), has_point


def _any(texts: pa.Array, pattern: str) -> bool:
    return bool(pc.any(pc.match_substring_regex(texts, pattern)).as_py())


def _count(texts: pa.Array, pattern: str) -> int:
    return int(pc.sum(pc.match_substring_regex(texts, pattern)).as_py() or 0)


def _split_number(bare: pa.Array, mark: str) -> pa.StructArray:
    """Split into sign, whole, fraction, exponent by the decimal mark; a null struct where the text is no number."""
    other = "." if mark == "," else ","
    mark_pattern, other_pattern = ("\\" + mark if mark == "." else mark), ("\\" + other if other == "." else other)
    grouped = pc.match_substring_regex(bare, rf"^\d{{1,3}}({other_pattern}\d{{2,3}})*{other_pattern}\d{{3}}({mark_pattern}\d*)?$")
    ungrouped = pc.if_else(grouped, pc.replace_substring(bare, other, ""), bare)
    pattern = rf"^(?P<sign>)(?P<whole>\d*)(?:{mark_pattern}(?P<fraction>\d*))?(?:e(?P<exponent>[-+]?\d{{1,2}}))?$"
    is_number = pc.match_substring_regex(ungrouped, r"\d")
    return pc.extract_regex(pc.if_else(is_number, ungrouped, pa.scalar("x")), pattern=pattern)


def _field(fields: pa.StructArray, name: str) -> pa.Array:
    return pc.fill_null(fields.field(name), "")


def _assemble(
    texts: pa.Array,
    is_missing: np.ndarray,
    fields: pa.StructArray,
    signs: tuple[np.ndarray, np.ndarray] | None,
    mark: DecimalMark | None,
    is_open: bool,
) -> ParsedNumbers:
    """Put the pieces together as int64 units of one scale."""
    matched = np.asarray(fields.is_valid())
    is_negative = signs[0] if signs else _mask(pc.equal(_field(fields, "sign"), "-"))
    shift = np.where(signs[1], -2, 0) if signs else np.zeros(len(texts), np.int64)
    if signs:
        exponent = pc.cast(
            pc.if_else(pc.equal(_field(fields, "exponent"), ""), "0", pc.replace_substring(_field(fields, "exponent"), "+", "")), pa.int64()
        )
        shift = shift + np.asarray(exponent)
    fraction = _field(fields, "fraction")
    digits = pc.utf8_ltrim(pc.binary_join_element_wise(_field(fields, "whole"), fraction, ""), characters="0")
    decimals = np.asarray(pc.utf8_length(fraction)).astype(np.int64) - shift
    significant = pc.utf8_rtrim(digits, characters="0")
    n_zeros = np.asarray(pc.subtract(pc.utf8_length(digits), pc.utf8_length(significant))).astype(np.int64)
    mantissa_length = np.asarray(pc.utf8_length(significant)).astype(np.int64)
    exponent10 = n_zeros - decimals  # value = significant * 10**exponent10
    is_zero = mantissa_length == 0
    is_ok = (
        matched & ~is_missing & (is_zero | ((mantissa_length <= _MAX_DIGITS) & (mantissa_length + exponent10 <= _MAX_DIGITS - MAX_SCALE)))
    )
    needed = np.where(is_ok & ~is_zero, -exponent10, 0)
    scale = int(np.clip(needed.max(initial=0), 0, MAX_SCALE))
    mantissa = np.asarray(pc.cast(pc.if_else(pa.array(is_ok & ~is_zero), significant, "0"), pa.int64()))
    units = _shift_decimal(mantissa, exponent10 + scale, is_ok)
    units = np.where(is_negative, -units, units)
    state = np.where(is_missing, MISSING, np.where(is_ok, OK, UNREADABLE)).astype(np.uint8)
    return ParsedNumbers(np.where(is_ok, units, 0), scale, state, mark, is_open, int(np.sum(needed > MAX_SCALE)))


def _shift_decimal(mantissa: np.ndarray, power: np.ndarray, is_ok: np.ndarray) -> np.ndarray:
    """Return mantissa * 10**power as int64, rounding half to even where power is negative."""
    up = np.where(is_ok, np.clip(power, 0, _MAX_DIGITS), 0)
    down = np.where(is_ok, np.clip(-power, 0, _MAX_DIGITS), 0)
    raised = mantissa * 10 ** up.astype(np.int64)
    divisor = 10 ** down.astype(np.int64)
    quotient, rest = np.divmod(raised, divisor)
    round_up = (2 * rest > divisor) | ((2 * rest == divisor) & (quotient % 2 == 1))
    return quotient + round_up
