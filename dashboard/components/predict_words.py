"""A customer's values as people read them: with the unit of the file, in full."""

from __future__ import annotations

from dashboard.formats import MISSING, SIGNS
from segmentation.portraits.person import value_text

_SAID_BY_LABEL = {"days": ("day",), "orders": ("order", "purchase"), "years": ("year",), "visits": ("visit",), "pieces": ("piece",)}


def capital(label: str) -> str:
    """Return a label as the beginning of a sentence."""
    return f"{label[:1].upper()}{label[1:]}"


def unit_words(label: str, unit: str | None, currency: str | None) -> str:
    """Say in which unit a value is, where its label does not say so itself."""
    if unit == "money":
        return f"in {SIGNS.get(currency, currency)}" if currency else "in the file’s currency"
    if unit is None or any(word in label for word in _SAID_BY_LABEL.get(unit, (unit,))):
        return ""
    return f"in {unit}" if unit in ("days", "years") else unit


def value_words(value: float | str | None, unit: str | None, currency: str | None) -> str:
    """Return a value in full, money with its sign where the currency is known."""
    if value is None:
        return MISSING
    if isinstance(value, str):
        return value
    text = value_text(value).replace("-", "−")
    if unit != "money" or not currency:
        return text
    sign = SIGNS.get(currency, f"{currency}\u00a0")
    return f"−{sign}{text[1:]}" if text.startswith("−") else f"{sign}{text}"
