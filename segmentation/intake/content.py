"""What the cells of a column can be, whatever its header says: for headers that help nobody, and against headers that mislead."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segmentation.intake.columns import Role
from segmentation.intake.content_words import BOTH_GENDERS, COUNTRIES, COUNTRY_CODES, GENDERS, STATE_CODES
from segmentation.intake.dates import parse_dates, parse_times
from segmentation.intake.parsing import MISSING, OK, missing_mask, normalise, parse_numbers

_SAMPLE_TEXTS = 2_000
_MOST, _HALF = 0.8, 0.5
_LONGEST_ZIP = 12
_OLDEST = 130
_MAX_FEW = 30
"""Genders, answers to "may we write to you" and the like have few different values."""

_EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s.]{2,}$"
_PHONE = r"^(?:\+|00|\(?0)[\d\s()./-]{6,20}\d$"


@dataclass(frozen=True)
class Content:
    """The distinct texts of a column, a sample of at most 2,000, looked at only as far as it is asked."""

    texts: pa.Array

    @cached_property
    def filled(self) -> pa.Array:
        """The texts that say something."""
        sample = self.texts.slice(0, _SAMPLE_TEXTS)
        return normalise(sample.filter(pa.array(~missing_mask(sample))))

    @property
    def is_empty(self) -> bool:
        """Nothing but blanks and marks for nothing."""
        return len(self.filled) == 0

    def share(self, pattern: str) -> float:
        """Return the share (0 to 1) of filled texts that match."""
        return float(np.mean(np.asarray(pc.match_substring_regex(self.filled, pattern)))) if len(self.filled) else 0.0

    @cached_property
    def number_share(self) -> float:
        """The share of filled texts that are numbers."""
        return _share_ok(parse_numbers(self.filled).state)

    @cached_property
    def date_share(self) -> float:
        """The share of filled texts that are dates beyond doubt: with marks or a month's name, or eight digits of a calendar."""
        if self.share(r"^\d{1,4}[-/.年 ]|\d[ -]?\pL{3}|^\pL{3,}.*\d|^(?:19|20)\d{6}$") < _MOST:
            return 0.0
        return _share_ok(parse_dates(self.filled).state) if self.share(r"^-?\d+[.,]\d+$") < _HALF else 0.0

    @cached_property
    def is_fractional(self) -> bool:
        """Some texts are numbers with a fraction other than zero."""
        return self.share(r"^\d+[.,]\d*[1-9]$") > _HALF

    @cached_property
    def is_few(self) -> bool:
        """A handful of different values."""
        return len(self.filled) <= _MAX_FEW

    @property
    def is_email(self) -> bool:
        """E-mail addresses."""
        return self.share(_EMAIL) >= _MOST

    @property
    def is_phone(self) -> bool:
        """Telephone numbers: with a plus, zeros or brackets before them, and many digits."""
        return self.share(_PHONE) >= _MOST and self.date_share < _HALF and not self.is_fractional

    @property
    def is_gender(self) -> bool:
        """A handful of words for genders, with both of one language."""
        known = set(self.filled.to_pylist())
        return 2 <= len(known) <= 6 and known <= GENDERS and any(set(pair.split()) <= known for pair in BOTH_GENDERS)

    @property
    def is_country(self) -> bool:
        """Names of countries, or codes of two letters that are not merely states of America."""
        known = set(self.filled.to_pylist())
        if len(known) < 2:
            return False
        named = known & COUNTRIES
        codes = known & COUNTRY_CODES
        has_codes = len(codes) >= _MOST * len(known) and bool(known - STATE_CODES)
        return (
            len(named) >= _MOST * len(known)
            or (has_codes and "us" in known | named)
            or (has_codes and len(codes - STATE_CODES) >= 0.3 * len(known))
        )

    @property
    def is_time(self) -> bool:
        """Times of day."""
        return bool(len(self.filled)) and float(np.mean(parse_times(self.filled)[1])) >= _MOST


def _share_ok(state: np.ndarray) -> float:
    filled = state != MISSING
    return float(np.sum(state == OK) / filled.sum()) if filled.any() else 0.0


def fits(role: Role, texts: pa.Array) -> bool:
    """Tell whether the cells of a column can be what its header says.

    Parameters
    ----------
    role : Role
    texts : pyarrow string array
        The distinct texts of the column.

    Returns
    -------
    bool
        An empty column is taken for dates and numbers at their word; names and ids it cannot hold.
    """
    content = Content(texts)
    if role.type == "date":
        return content.is_empty or _share_ok(parse_dates(content.filled).state) >= _HALF
    if content.is_empty:
        return role.type not in ("id", "category", "text") or len(texts) > 1
    if role.type in ("number", "money", "year"):
        return content.number_share >= _HALF and content.date_share < _MOST and _is_possible(role.name, content)
    return _TEXTS_FIT.get(role.name, _is_of_a_kind)(content)


def _is_possible(name: str, content: Content) -> bool:
    """Ages and years of birth have their bounds; of other numbers nothing is known."""
    if name not in ("age", "birth_year"):
        return True
    values = parse_numbers(content.filled).as_floats()
    low, high = (0, _OLDEST) if name == "age" else (1850, 2200)
    return bool(np.nanmedian(values) <= high) and bool(np.nanmedian(values) >= low)


def _is_of_a_kind(content: Content) -> bool:
    """Ids and names of kinds are no dates, no e-mail addresses of many people, and no measured numbers."""
    return content.date_share < _MOST and not content.is_fractional


def _is_word(content: Content) -> bool:
    """Names of people and places have letters."""
    return content.share(r"\pL") >= _HALF and content.date_share < _MOST and content.share("@") < _HALF


def _is_kind(content: Content) -> bool:
    """Words or codes for kinds: no addresses, no dates, no measured numbers."""
    return _is_of_a_kind(content) and content.share("@") < _HALF


_TEXTS_FIT = {
    "email": lambda content: content.share("@") >= _HALF,
    "phone": lambda content: content.share(r"\d.*\d.*\d.*\d.*\d") >= _HALF and content.date_share < _MOST and not content.is_fractional,
    "zip": lambda content: content.share(rf"^.{{2,{_LONGEST_ZIP}}}$") >= _HALF and content.share("@") == 0 and content.date_share < _MOST,
    "country": lambda content: content.share(r"\pL") >= _HALF and _is_kind(content),
    "city": _is_word,
    "first_name": _is_word,
    "last_name": _is_word,
    "gender": lambda content: content.is_few and _is_kind(content),
    "marital_status": lambda content: content.is_few and _is_kind(content),
    "consent": lambda content: _is_kind(content) and (content.is_few or content.share(r"\pL") >= _HALF),
    "time": lambda content: content.is_time,
    "customer": lambda content: content.date_share < _MOST and not content.is_fractional,
    "order": _is_kind,
    "shipping": lambda content: content.share(r"\pL") >= _HALF and _is_kind(content),
    "payment": lambda content: content.share(r"\pL") >= _HALF and _is_kind(content),
    "status": _is_kind,
}
