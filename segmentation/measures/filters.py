"""Filters: which customers, and which of their purchases, every number on a page is about. As text they stand in the address."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from segmentation.errors import InvalidInputError

SEGMENT, DAYS, MONTH, WEEKDAY, WEEK_HOUR, FIRST_MONTH = "@segment", "@days", "@month", "@weekday", "@week_hour", "@first_month"
ORDER_VALUE = "@order_value"
"""What can be filtered by and is no column of the file: the segment of a customer (its id), the day, month ("2026-11"), weekday ("Mon") and
weekday with hour ("Mon 17") of a purchase, the month of a customer's first order, and what the whole order of a purchase came to."""
DERIVED = (SEGMENT, DAYS, MONTH, WEEKDAY, WEEK_HOUR, FIRST_MONTH, ORDER_VALUE)
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
UNKNOWN = ""
"""The choice of those without a value."""
MOST_CHOICES = 200
MOST_CHARACTERS = 20_000
"""No address is longer, and no filter that a person puts together."""
_RESERVED = {"%": "%25", ":": "%3A", "|": "%7C", ";": "%3B"}


@dataclass(frozen=True)
class Band:
    """Numbers from ``low`` up to, but without, ``high``; None where there is no end."""

    low: float | None
    high: float | None


@dataclass(frozen=True)
class Days:
    """Days from ``first`` to ``last``, both included; None where there is no end."""

    first: date | None
    last: date | None


Choice = str | Band | Days


@dataclass(frozen=True)
class Condition:
    """Any of some choices in a column: texts as they stand in the file, bands of numbers, ranges of days."""

    column: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class CustomerFilter:
    """Conditions that all hold, at most one a column, in the order in which they were chosen.

    Those on columns that describe customers choose customers. Those on lines of a log choose purchases, and the customers who made
    any of them.
    """

    conditions: tuple[Condition, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is filtered at all."""
        return bool(self.conditions)

    @property
    def columns(self) -> tuple[str, ...]:
        """What is filtered by."""
        return tuple(condition.column for condition in self.conditions)

    def find(self, column: str) -> Condition | None:
        """Return the condition on a column, None where there is none."""
        return next((condition for condition in self.conditions if condition.column == column), None)

    def without(self, columns: Collection[str]) -> CustomerFilter:
        """Return the filter without the conditions on some columns."""
        return CustomerFilter(tuple(condition for condition in self.conditions if condition.column not in columns))

    def replacing(self, condition: Condition) -> CustomerFilter:
        """Return the filter with a condition in place of the one on the same column, else at the end."""
        if self.find(condition.column) is None:
            return CustomerFilter((*self.conditions, condition))
        return CustomerFilter(tuple(condition if known.column == condition.column else known for known in self.conditions))


EVERYBODY = CustomerFilter()


def write_filter(chosen: CustomerFilter) -> str:
    """Return a filter as text: ``country:France|Spain;age:25..35;@days:2011-01-01..2011-06-30``.

    Parameters
    ----------
    chosen : CustomerFilter

    Returns
    -------
    str
        Empty for no filter. ``read_filter`` gives the same filter back.
    """
    return ";".join(f"{_escape(condition.column)}:{'|'.join(map(_write, condition.choices))}" for condition in chosen.conditions)


def write_choice(column: str, choice: Choice) -> str:
    """Return the filter by one choice of a column as text.

    Parameters
    ----------
    column : str
    choice : str, Band or Days

    Returns
    -------
    str
        As :func:`write_filter` writes it.
    """
    return f"{_escape(column)}:{_write(choice)}"


def filtered_columns(text: str) -> set[str]:
    """Return what a filter written by :func:`write_filter` filters by, without reading its choices.

    Parameters
    ----------
    text : str

    Returns
    -------
    set of str
    """
    return {_unescape(part.partition(":")[0]) for part in text.split(";") if part}


def read_filter(text: str) -> CustomerFilter:
    """Read what :func:`write_filter` writes.

    Parameters
    ----------
    text : str

    Returns
    -------
    CustomerFilter

    Raises
    ------
    InvalidInputError
        ``bad_filter``, with the part that cannot be read.
    """
    if len(text) > MOST_CHARACTERS:
        raise _bad(text, f"it has more than {MOST_CHARACTERS:,} characters")
    conditions = [_read_condition(part) for part in text.split(";") if part]
    columns = [condition.column for condition in conditions]
    if len(set(columns)) < len(columns):
        raise _bad(text, "it names a column twice")
    return CustomerFilter(tuple(conditions))


def is_number_text(text: str) -> bool:
    """Tell whether a choice that is a text may stand for a number, too.

    Parameters
    ----------
    text : str

    Returns
    -------
    bool
    """
    try:
        float(text)
    except ValueError:
        return False
    return True


def _write(choice: Choice) -> str:
    if isinstance(choice, Band):
        return f"{_number(choice.low)}..{_number(choice.high)}"
    if isinstance(choice, Days):
        return f"{choice.first or ''}..{choice.last or ''}"
    return _escape(choice)


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def _escape(text: str) -> str:
    for plain, escaped in _RESERVED.items():
        text = text.replace(plain, escaped)
    return text.replace(".", "%2E") if ".." in text else text


def _unescape(text: str) -> str:
    for plain, escaped in ((".", "%2E"), *reversed(_RESERVED.items())):
        text = text.replace(escaped, plain)
    return text


def _read_condition(part: str) -> Condition:
    name, colon, choices = part.partition(":")
    column, written = _unescape(name), choices.split("|")
    if not colon or not column:
        raise _bad(part, "it has no column and choices around a colon")
    if len(written) > MOST_CHOICES:
        raise _bad(part, f"it has more than {MOST_CHOICES} choices")
    return Condition(column, tuple(dict.fromkeys(_read_choice(column, each) for each in written)))


def _read_choice(column: str, text: str) -> Choice:
    if ".." not in text:
        return _unescape(text)
    low, _, high = text.partition("..")
    if not low and not high:
        raise _bad(text, "it has neither beginning nor end")
    try:
        if column == DAYS:
            return Days(date.fromisoformat(low) if low else None, date.fromisoformat(high) if high else None)
        ends = [float(end) if end else None for end in (low, high)]
    except ValueError:
        raise _bad(text, "its ends are no dates" if column == DAYS else "its ends are no numbers") from None
    if any(end is not None and not math.isfinite(end) for end in ends):
        raise _bad(text, "its ends are no numbers")
    return Band(*ends)


def _bad(part: str, why: str) -> InvalidInputError:
    return InvalidInputError("bad_filter", f'The filter "{part[:80]}" cannot be read: {why}.', fix="Take the filter off, or choose again.")
