"""What may be claimed of a segment: each claim as the role of a column and the thresholds that the segment's numbers must meet.

Thresholds are relative to all customers (index 100 = average, rank among all customers), so no claim depends on a currency, a unit or
the name of a column. Nearly every claim asks the mean and the typical customer alike: neither a few very large values nor a skewed
average can carry it alone.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import Literal

from segmentation.portraits.profiles import SegmentProfile

Statistic = Literal["index", "median_rank", "effect", "mean", "share", "share_customers", "times_least"]
Comparison = Literal["<=", ">=", "<", ">"]
_COMPARE = {"<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt}


@dataclass(frozen=True)
class Threshold:
    """A statistic against a number, e.g. ``index >= 150``; ``than`` says whose number it is where it is another column's."""

    statistic: Statistic
    comparison: Comparison
    value: float
    than: str = ""

    def is_met(self, found: float | None) -> bool:
        """Whether a number meets it; a missing one (None, NaN) meets nothing."""
        return found is not None and bool(_COMPARE[self.comparison](found, self.value))


@dataclass(frozen=True)
class Claim:
    """One thing that a name says, with the thresholds behind it.

    Attributes
    ----------
    words : str
        The words of the name that it stands behind.
    column : str or None
        Name of the column it speaks of; None: the size of the segment.
    thresholds : tuple of Threshold
    """

    words: str
    column: str | None
    thresholds: tuple[Threshold, ...]

    def holds(self, profile: SegmentProfile) -> bool:
        """Whether the numbers of a segment meet every threshold."""
        return all(threshold.is_met(self.value(profile, threshold.statistic)) for threshold in self.thresholds)

    def value(self, profile: SegmentProfile, statistic: Statistic) -> float | None:
        """Return the number that a threshold is held against."""
        if self.column is None:
            return profile.share_customers
        trait = next((trait for trait in profile.traits if trait.column.name == self.column), None)
        return getattr(trait, statistic, None)


@dataclass(frozen=True)
class Fact:
    """Something that may be true of a segment.

    Attributes
    ----------
    key : str
        Stable name.
    role : str
        Role of the column it speaks of.
    words : str
        How a name says it where it tells two segments apart; "" where it tells nobody apart.
    thresholds : tuple of Threshold
    above : tuple of str
        Roles whose index must be lower, where the data have them.
    not_below_average : tuple of str
        Roles whose index must be 100 at least, where the data have them.
    """

    key: str
    role: str
    words: str
    thresholds: tuple[Threshold, ...]
    above: tuple[str, ...] = ()
    not_below_average: tuple[str, ...] = ()

    def claims(self, profile: SegmentProfile) -> tuple[Claim, ...]:
        """Return the claims with which the fact is true of a segment; empty where it is not."""
        trait = profile.number(self.role)
        if trait is None:
            return ()
        rivals = [rival for role in self.above if (rival := profile.number(role)) and rival.index is not None]
        beaten = tuple(Threshold("index", ">", rival.index, rival.column.label) for rival in rivals if rival.index is not None)
        claims = [Claim(self.words, trait.column.name, self.thresholds + beaten)]
        companions = [companion for role in self.not_below_average if (companion := profile.number(role))]
        claims += [Claim(self.words, companion.column.name, (Threshold("index", ">=", 100),)) for companion in companions]
        return tuple(claims) if all(claim.holds(profile) for claim in claims) else ()


_Rule = tuple[Statistic, Comparison, float]


def _fact(key: str, role: str, words: str, *rules: _Rule) -> Fact:
    return Fact(key, role, words, tuple(Threshold(*rule) for rule in rules))


def _high(key: str, role: str, words: str, index: float) -> Fact:
    """Claim a mean well above the average and a typical customer who has more than most."""
    return _fact(key, role, words, ("index", ">=", index), ("median_rank", ">=", 0.6))


def _low(key: str, role: str, words: str, index: float) -> Fact:
    return _fact(key, role, words, ("index", "<=", index), ("median_rank", "<=", 0.4))


_MIDDLE: tuple[_Rule, ...] = (("median_rank", ">", 0.3), ("median_rank", "<", 0.8), ("index", "<", 150))

FACTS: tuple[Fact, ...] = (
    _low("recent", "recency_days", "recent", 67),
    _fact("quiet", "recency_days", "now quiet", ("median_rank", ">=", 0.5), ("index", ">=", 120)),
    _fact("seen_as_usual", "recency_days", "", ("index", "<=", 110)),
    _fact("top_spend", "monetary_total", "", ("index", ">=", 1000), ("median_rank", ">=", 0.9)),
    _high("big_spend", "monetary_total", "high spend", 150),
    _high("more_spend", "monetary_total", "", 110),
    _fact("middle_spend", "monetary_total", "", *_MIDDLE),
    _low("low_spend", "monetary_total", "low spend", 67),
    _low("less_spend", "monetary_total", "", 90),
    _high("frequent", "frequency_orders", "many orders", 150),
    _high("more_orders", "frequency_orders", "", 110),
    # Who came once or twice is no regular, however few came oftener.
    _fact("regular", "frequency_orders", "", *_MIDDLE, ("times_least", ">=", 3)),
    _low("seldom", "frequency_orders", "few orders", 67),
    _low("fewer_orders", "frequency_orders", "", 90),
    _low("new", "tenure_days", "new", 50),
    _high("long_standing", "tenure_days", "long-standing", 110),
    _high("large_orders", "order_value_mean", "large orders", 125),
    _low("small_orders", "order_value_mean", "small orders", 80),
    _high("many_pieces", "items_total", "many pieces", 150),
    _low("few_pieces", "items_total", "few pieces", 67),
    _high("wide_choice", "products_distinct", "wide choice", 125),
    _low("narrow_choice", "products_distinct", "narrow choice", 80),
    _high("keen", "spending_score", "", 120),
    _low("careful", "spending_score", "", 80),
    _fact("average_score", "spending_score", "", ("index", ">", 80), ("index", "<", 120)),
    Fact(
        "online_first",
        "web_purchases",
        "",
        (Threshold("index", ">=", 120), Threshold("median_rank", ">=", 0.6)),
        above=("store_purchases", "catalog_purchases"),
        not_below_average=("web_visits",),
    ),
    _high("many_web_orders", "web_purchases", "many web orders", 120),
    _low("few_web_orders", "web_purchases", "few web orders", 80),
    _high("many_shop_orders", "store_purchases", "many shop orders", 120),
    _low("few_shop_orders", "store_purchases", "few shop orders", 80),
    _high("many_catalogue_orders", "catalog_purchases", "many catalogue orders", 120),
    _low("few_catalogue_orders", "catalog_purchases", "few catalogue orders", 80),
    _high("on_offer", "deal_purchases", "often on offer", 120),
    _low("seldom_on_offer", "deal_purchases", "seldom on offer", 80),
    _high("many_visits", "web_visits", "many web visits", 110),
    _low("few_visits", "web_visits", "few web visits", 90),
    _high("older", "age", "older", 108),
    _low("younger", "age", "younger", 92),
    _high("larger_budgets", "income", "larger budgets", 115),
    _low("smaller_budgets", "income", "smaller budgets", 85),
)
FACT_BY_KEY = {fact.key: fact for fact in FACTS}


def true_facts(profile: SegmentProfile) -> dict[str, tuple[Claim, ...]]:
    """Return the claims of every fact that is true of a segment, by the key of the fact."""
    return {fact.key: claims for fact in FACTS if (claims := fact.claims(profile))}
