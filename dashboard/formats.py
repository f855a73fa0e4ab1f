"""Numbers and days as people read them: shortened where they are long, with unit, minus as minus, nothing as a dash."""

from __future__ import annotations

import math
import re
from datetime import date

from segmentation.portraits import wording

MISSING = "–"
SIGNS = wording.SIGNS
_NOISE = 1e-9
"""What sums of shares may miss of 1 by rounding."""
_NARROW = "\u00a0"  # no break between a number and what belongs to it
_SHORT = ((999.5e6, 1e9, "bn"), (999.5e3, 1e6, "M"), (9_999.5, 1e3, "k"))
"""From where each letter is used (what would be rounded up to it included), and what it stands for."""
_OF_YEARS = re.compile(r"year|since|jahr|seit|ann[ée]e|depuis|\baño\b|desde|\banno\b|jaar|sinds", re.IGNORECASE)
_YEARS = (1_800, 2_200)


def whole(value: float | None) -> str:
    """Return a count in full: 2,914."""
    return MISSING if _is_missing(value) else _minus(f"{value:,.0f}")


def is_year(value: float, label: str, unit: str | None = None) -> bool:
    """Tell by its size and its column's words whether a number is a year, which is written without a comma."""
    return unit is None and _YEARS[0] < value < _YEARS[1] and value == round(value) and bool(_OF_YEARS.search(label))


def short(value: float | None) -> str:
    """Return a number in about three figures: 12.4 k, 8.89 M; below 10,000 in full."""
    if value is None or _is_missing(value):
        return MISSING
    for start, unit, letter in _SHORT:
        if abs(value) >= start:
            return _minus(f"{_three_figures(value / unit)}{_NARROW}{letter}")
    return plain(value)


def plain(value: float | None) -> str:
    """Return a number in about three figures, thousands in full: 372, 4.3, 0.017."""
    if value is None or _is_missing(value):
        return MISSING
    size = abs(value)
    if size >= 100 or value == round(value):
        return _minus(f"{value:,.0f}")
    return _minus(f"{value:.1f}" if size >= 10 else f"{value:.2g}" if size < 1 else f"{value:.1f}")


def money(value: float | None, currency: str | None = None, is_short: bool = True) -> str:
    """Return money, with its sign where the currency is known: €5.93 M."""
    if value is None or _is_missing(value):
        return MISSING
    text = short(value) if is_short else _minus(f"{value:,.2f}")
    sign = SIGNS.get(currency or "", f"{currency}{_NARROW}" if currency else "")
    return f"−{sign}{text[1:]}" if text.startswith("−") else f"{sign}{text}"


def percent(share: float | None, decimals: int = 0) -> str:
    """Return a share (0 to 1) as percent: 24%; a little never reads as nothing, and nearly all never as all: <1%, >99%."""
    if share is None or _is_missing(share):
        return MISSING
    if 0 < share < 0.5 * 10 ** -(decimals + 2):
        return f"<{10**-decimals:g}%"
    text = f"{100 * share:.{decimals}f}%"
    return f">{100 - 10**-decimals:g}%" if share < 1 - _NOISE and text == f"{100:.{decimals}f}%" else _minus(text)


def month(value: str) -> str:
    """Return a month ("2025-11") as Nov 2025."""
    return f"{date.fromisoformat(f'{value}-01'):%b %Y}"


def day(value: date | str | None) -> str:
    """Return a day as 31 Oct 2026."""
    if value is None:
        return MISSING
    known = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return f"{known.day} {known:%b %Y}"


def days(first: date | str | None, last: date | str | None) -> str:
    """Return a range of days with an en dash."""
    return MISSING if first is None or last is None else f"{day(first)} – {day(last)}"


def counted(count: int, one: str, many: str | None = None) -> str:
    """Return a count with its noun: 1 row, 12 rows."""
    return f"{whole(count)} {one if count == 1 else many or one + 's'}"


def sentence_case(text: str) -> str:
    """Return words with a capital first letter."""
    return text[:1].upper() + text[1:]


def size(n_bytes: int) -> str:
    """Return the size of a file: 45.6 MB."""
    if n_bytes < 1_000:
        return counted(n_bytes, "byte")
    return f"{n_bytes / 1e6:,.1f}{_NARROW}MB" if n_bytes >= 1e5 else f"{n_bytes / 1e3:,.1f}{_NARROW}kB"


def _three_figures(value: float) -> str:
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.{max(0, 3 - len(str(int(abs(rounded)))))}f}"


def _is_missing(value: float | None) -> bool:
    return value is None or math.isnan(value) or math.isinf(value)


def _minus(text: str) -> str:
    return text.replace("-", "−")
