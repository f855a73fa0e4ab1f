"""What else a marketer asks of a segment: who they are, where they buy, how they answer campaigns. A sentence each, with its n."""

from __future__ import annotations

import math
from collections.abc import Sequence

from segmentation.portraits.traits import CategoryTrait, NumberTrait, Trait
from segmentation.portraits.wording import FEW_CUSTOMERS, number_text, pair_text, percent_text, with_currency

SKEWED_SHARE = 0.1
"""A gender is told where its share of the segment is this far from its share of all customers ..."""
SURE = 3.0
"""... and by this many standard errors (of a binomial share), which one segment in 400 reaches by chance."""
SKEWED_INCOME = 0.33
"""Incomes are told from this Cliff's delta on: a medium effect (Romano et al. 2006) ..."""
_VISIBLE_INCOME = 0.05
"""... where the middle customers are this share apart."""
OTHER_ANSWERS = 0.05
"""Campaigns are answered as by all customers where the shares are closer than this."""
_PLACES = (("store_purchases", "in the shop"), ("web_purchases", "on the web"), ("catalog_purchases", "by catalogue"))


def remark(traits: Sequence[Trait]) -> tuple[str, ...]:
    """Say what stands out in a segment beside its largest differences.

    Parameters
    ----------
    traits : sequence of NumberTrait or CategoryTrait
        Of one segment.

    Returns
    -------
    tuple of str
        A gender more or less frequent than among all customers (``SKEWED_SHARE``, ``SURE``), incomes larger or smaller
        (``SKEWED_INCOME``), where purchases are made, and the share that answered a campaign. Skews are told of at least
        ``FEW_CUSTOMERS`` customers, the others of any number, which is said.
    """
    numbers = {trait.column.role: trait for trait in reversed(traits) if isinstance(trait, NumberTrait) and trait.n}
    genders = [trait for trait in traits if isinstance(trait, CategoryTrait) and trait.column.role == "gender"]
    told = [_say_gender(genders[0]) if genders else "", _say_income(numbers.get("income")), _say_places(numbers), _say_answers(numbers)]
    return tuple(sentence for sentence in told if sentence)


def _say_gender(trait: CategoryTrait) -> str:
    """Say the gender whose share is furthest from that of all; of equal ones the more frequent."""
    if trait.n < FEW_CUSTOMERS:
        return ""
    name, (share, overall) = max(trait.shares.items(), key=lambda each: (abs(each[1][0] - each[1][1]), each[1][0], each[0]))
    error = math.sqrt(overall * (1 - overall) / trait.n)
    if abs(share - overall) < max(SKEWED_SHARE, SURE * error):
        return ""
    more = "More" if share > overall else "Fewer"
    return f"{more} {name} than among all customers: {percent_text(share)} (all: {percent_text(overall)}; n = {trait.n:,})"


def _say_income(trait: NumberTrait | None) -> str:
    if trait is None or trait.n < FEW_CUSTOMERS or abs(trait.effect) < SKEWED_INCOME:
        return ""
    way = trait.median - trait.overall_median
    if way * trait.effect <= 0 or abs(way) < _VISIBLE_INCOME * abs(trait.overall_median):
        return ""
    own, everyone = (with_currency(text, trait.column) for text in pair_text(trait.median, trait.overall_median))
    size = "Larger" if way > 0 else "Smaller"
    return f"{size} incomes than most: the middle customer has {own} (of all: {everyone}; n = {trait.n:,})"


def _say_places(numbers: dict[str | None, NumberTrait]) -> str:
    """Say which share of the purchases is made where, the most first."""
    known = [(numbers[role], words) for role, words in _PLACES if role in numbers]
    own, everyone = sum(trait.mean for trait, _ in known), sum(trait.overall_mean for trait, _ in known)
    if len(known) < 2 or own <= 0 or everyone <= 0 or min(trait.mean for trait, _ in known) < 0:
        return ""
    shares = sorted(((trait.mean / own, trait.overall_mean / everyone, words) for trait, words in known), key=lambda each: -each[0])
    parts = [f"{percent_text(share)} {words} (all: {percent_text(overall)})" for share, overall, words in shares]
    return f"Purchases: {', '.join(parts[:-1])} and {parts[-1]}; n = {known[0][0].n:,}"


def _say_answers(numbers: dict[str | None, NumberTrait]) -> str:
    """Say how many accepted a campaign, and how many campaigns in a hundred customers."""
    trait = numbers.get("accepted_any")
    if trait is None or not trait.is_flag:
        return ""
    away = trait.mean - trait.overall_mean
    as_all = "about as many as of all customers" if abs(away) < OTHER_ANSWERS else f"of all customers {percent_text(trait.overall_mean)}"
    campaigns = numbers.get("campaigns_accepted")
    often = f", {number_text(100 * campaigns.mean)} acceptances for every 100 customers" if campaigns else ""
    return f"Campaigns: {percent_text(trait.mean)} accepted one or more, {as_all}{often} (n = {trait.n:,})"
