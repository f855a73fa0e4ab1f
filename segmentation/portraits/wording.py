"""Numbers and differences as a marketer reads them."""

from __future__ import annotations

import math
import re

from segmentation.portraits.traits import CategoryTrait, NumberTrait, ProfileColumn, Trait

FEW_CUSTOMERS = 30
"""Below this many customers an average says so itself; the usual lower bound of a large sample."""

SIGNS = {"EUR": "€", "GBP": "£", "USD": "$", "JPY": "¥", "INR": "₹", "BRL": "R$"}
"""Signs of currencies; the others are named by their code."""

_PHRASES = {
    "recency_days": "Last bought {mean} days ago on average (all: {overall})",
    "tenure_days": "A customer for {mean} days on average (all: {overall})",
    "frequency_orders": "{mean} orders on average (all: {overall})",
    "order_value_mean": "An average order of {mean} (all: {overall})",
    "items_total": "{mean} pieces bought on average (all: {overall})",
    "products_distinct": "{mean} different products on average (all: {overall})",
    "days_between_orders_mean": "{mean} days between orders on average (all: {overall})",
    "age": "{mean} years old on average (all: {overall})",
    "income": "An income of {mean} on average (all: {overall})",
    "web_visits": "{mean} visits to the website on average (all: {overall})",
    "web_purchases": "{mean} purchases on the web on average (all: {overall})",
    "store_purchases": "{mean} purchases in the shop on average (all: {overall})",
    "catalog_purchases": "{mean} purchases by catalogue on average (all: {overall})",
    "deal_purchases": "{mean} purchases with a discount on average (all: {overall})",
}


def singular(text: str) -> str:
    """Return a sentence with "1 day" instead of "1 days"."""
    return re.sub(r"(?<![\d.,])1 (different product|order|piece|day|year|visit|purchase|time)s\b", r"1 \1", text)


def number_text(value: float, digits: int = 2) -> str:
    """Return a number for reading: 0.21, 4.3, 42, 2,049, 12.4 k, 1.33 M.

    Below 100 it has ``digits`` significant digits, above at least three.
    """
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else "not known"
    for size, suffix in ((1e9, " bn"), (1e6, " M"), (1e4, " k")):
        if abs(value) >= size:
            return f"{_rounded(value / (1e3 if size == 1e4 else size), max(digits, 3)):,g}{suffix}"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{_rounded(value, digits):g}"


def with_currency(text: str, column: ProfileColumn) -> str:
    """Return a number in words with the currency before it, where the column holds money of a known one; a minus stays in front."""
    if column.currency is None:
        return text
    sign = SIGNS.get(column.currency, f"{column.currency}\u00a0")
    return f"-{sign}{text[1:]}" if text.startswith("-") else f"{sign}{text}"


def pair_text(value: float, other: float) -> tuple[str, str]:
    """Return two numbers with as few digits as tell them apart."""
    for digits in (2, 3, 4):
        texts = number_text(value, digits), number_text(other, digits)
        if texts[0] != texts[1]:
            break
    return texts


def percent_text(share: float) -> str:
    """Return a share (1 is all) as a percentage; near none and near all it has a decimal, so that neither is said without being true."""
    percent = 100 * share
    if 0 < percent < 0.05:
        return "under 0.1 %"
    if 99.95 <= percent < 100:
        return "over 99.9 %"
    is_near_end = 0 < percent < 1 or 99 < percent < 100
    return f"{percent:.1f} %" if is_near_end else f"{percent:.0f} %"


def difference_sentence(trait: Trait, size: int) -> str:
    """Say in one sentence how a segment of ``size`` customers differs from all customers in one column."""
    text = _category_sentence(trait) if isinstance(trait, CategoryTrait) else _number_sentence(trait)
    shown = min(size, trait.n)
    if shown >= FEW_CUSTOMERS:
        return text
    return f"{text}, only {shown} customer{'' if shown == 1 else 's'}"


def _category_sentence(trait: CategoryTrait) -> str:
    return f"{_capital(trait.column.label)}: {percent_text(trait.share)} {trait.category} (all: {percent_text(trait.overall_share)})"


def _number_sentence(trait: NumberTrait) -> str:
    role, label = trait.column.role, _capital(trait.column.label)
    if trait.is_flag:
        return f"{label}: {percent_text(trait.mean)} (all: {percent_text(trait.overall_mean)})"
    mean, overall = (with_currency(text, trait.column) for text in pair_text(trait.mean, trait.overall_mean))
    if role == "monetary_total" and trait.index is not None and trait.index > 0:
        return f"{_spend_phrase(trait.index)} ({mean}, all: {overall})"
    if role in _PHRASES:
        return singular(_PHRASES[role].format(mean=mean, overall=overall))
    sign = " %" if trait.column.unit == "%" else ""
    return f"{label}: {mean}{sign} on average (all: {overall}{sign})"


def _spend_phrase(index: float) -> str:
    if index >= 150:
        return f"Spends {number_text(index / 100)} times the average"
    if index >= 100:
        return f"Spends {index - 100:.0f} % more than the average"
    return f"Spends {percent_text(index / 100)} of the average"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _rounded(value: float, digits: int) -> float:
    return float(f"{value:.{digits}g}")
