"""The names of the cleaning rules, and what a person decides about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from segmentation.errors import InvalidInputError

Returns = Literal["net", "drop"]
Repeats = Literal["newest", "merge", "sum"]
Gap = Literal["leave", "drop", "median", "similar"]
ALL_DETAILS = "all"
"""Stands for every column that says who the customer is: country, age, income and the like."""

RULES: dict[str, str] = {
    "unreadable_rows": "the row does not have as many cells as the header",
    "total_rows": "a total at the foot of the table, not a customer",
    "missing_customer": "no customer id",
    "missing_date": "no date that can be read",
    "missing_amount": "no amount, price or quantity that can be read",
    "after_as_of": "later than the day the analysis looks back from",
    "future_dates": "dated after today",
    "replaced_row": "a row of the version before: the file brings the same order or customer again",
    "duplicate_rows": "the same as an earlier row in every column",
    "not_bought": "a view or a basket, not a purchase",
    "cancelled": "a cancelled or returned line",
    "non_positive_quantity": "a quantity of zero or less",
    "non_positive_price": "a price of zero or less",
    "negative_amount": "an amount below zero: a return",
    "missing_detail": "a detail that was asked for is missing",
    "repeated_customer": "the customer stands in the list again; the newest row is kept",
    "merged_customer": "merged into the newer row of this customer",
    "order_lines_completed": "a further line of an order, without its customer or total: filled in from its first line",
    "impossible_age": "nobody is that old, or not yet born: counted as not known",
    "capped": "larger than the limit chosen: counted as the limit",
    "filled": "not known: filled in",
}
"""Every rule in the order in which they are applied, with the reason in a marketer's words; those of ``CHANGING`` drop no row."""

CHANGING = frozenset({"order_lines_completed", "impossible_age", "capped", "filled"})
"""They change how a value counts, and are told with the number of values."""

ALWAYS_ON = frozenset({"unreadable_rows", "missing_customer", "missing_date", "missing_amount", "after_as_of", "replaced_row"})
"""Without these a row cannot be counted at all."""


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
    repeats : {"newest", "merge", "sum"}
        Of a customer who stands in a list several times: keep the newest row, fill its blanks from the older ones, or add up
        money and counts in it.
    today : datetime.date or None
        Lines dated after it are left out, unless they are half of the file or more; None: not looked at.
    gaps : mapping of str to {"leave", "drop", "median", "similar"}
        What becomes of a detail of a customer that is missing, by header, or ``"all"``.
    cap : mapping of str to float
        Header or measure to quantile (0.5..1): larger values count as that quantile.
    """

    rules: Mapping[str, bool] = field(default_factory=dict)
    returns: Returns = "drop"
    as_of: date | None = None
    repeats: Repeats = "newest"
    today: date | None = None
    gaps: Mapping[str, Gap] = field(default_factory=dict)
    cap: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for rule, is_on in self.rules.items():
            if rule not in RULES:
                raise InvalidInputError("unknown_rule", f'There is no cleaning rule "{rule}".', fix=f"The rules are: {', '.join(RULES)}.")
            if rule in ALWAYS_ON and not is_on:
                raise InvalidInputError("rule_always_on", f'The rule "{rule}" cannot be switched off: such rows cannot be counted.')
        _check("returns", self.returns, ("net", "drop"))
        _check("repeated customers", self.repeats, ("newest", "merge", "sum"))
        for way in self.gaps.values():
            _check("missing details", way, ("leave", "drop", "median", "similar"))
        for name, quantile in self.cap.items():
            if not 0.5 <= quantile <= 1:
                raise InvalidInputError(
                    "bad_cap", f'The cap of "{name}" is {quantile:g}.', fix="Give a share between 0.5 and 1, e.g. 0.99."
                )

    def is_on(self, rule: str, default: bool = True) -> bool:
        """Tell whether a rule applies."""
        return self.rules.get(rule, default)


def _check(what: str, value: str, ways: tuple[str, ...]) -> None:
    if value not in ways:
        raise InvalidInputError("unknown_option", f'"{value}" is no way to treat {what}.', fix=f"Use {', '.join(ways[:-1])} or {ways[-1]}.")
