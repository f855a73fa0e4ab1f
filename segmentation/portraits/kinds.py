"""Kinds of segment: one ordered table that gives a segment its plain name and its line of the playbook, so that they cannot disagree."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from segmentation.portraits.facts import FACT_BY_KEY, Claim
from segmentation.portraits.profiles import SegmentProfile

Kind = Literal["best", "slipping", "steady", "new", "low_spend", "looking", "online_first", "older_seldom", "lost", "quiet", "unknown"]


@dataclass(frozen=True)
class KindRule:
    """A segment of which all ``facts`` are true and none of ``unless`` is of this kind."""

    kind: Kind
    name: str
    facts: tuple[str, ...]
    unless: tuple[str, ...] = ()


KIND_RULES: tuple[KindRule, ...] = (
    KindRule("slipping", "Top spenders, now quiet", ("top_spend", "quiet")),
    KindRule("best", "Recent top spenders", ("top_spend", "recent")),
    KindRule("best", "Top spenders", ("top_spend",)),
    KindRule("slipping", "Big spenders, now quiet", ("big_spend", "quiet")),
    KindRule("best", "Recent big spenders", ("big_spend", "recent")),
    KindRule("best", "Frequent big spenders", ("big_spend", "frequent")),
    KindRule("best", "Big spenders", ("big_spend",)),
    KindRule("looking", "Looking, buying little", ("many_visits", "low_spend")),
    KindRule("looking", "Looking, buying little", ("many_visits", "seldom"), unless=("middle_spend",)),
    KindRule("lost", "Quiet, low spend", ("quiet", "low_spend")),
    KindRule("new", "New and promising", ("new", "recent"), unless=("frequent",)),
    KindRule("online_first", "Frequent online buyers", ("frequent", "online_first")),
    KindRule("slipping", "Frequent buyers, now quiet", ("frequent", "quiet")),
    KindRule("low_spend", "Frequent, low spend", ("frequent", "low_spend")),
    KindRule("steady", "Recent frequent buyers", ("frequent", "recent")),
    KindRule("steady", "Frequent buyers", ("frequent",)),
    KindRule("older_seldom", "Older, buying seldom", ("older", "seldom")),
    KindRule("quiet", "Quiet, buying seldom", ("quiet", "seldom")),
    KindRule("low_spend", "Recent, low spend", ("recent", "low_spend")),
    KindRule("low_spend", "Seldom, low spend", ("seldom", "low_spend")),
    KindRule("low_spend", "Low spenders", ("low_spend",)),
    KindRule("online_first", "Often buying online", ("online_first",)),
    KindRule("new", "Recent, few orders", ("recent", "seldom")),
    KindRule("steady", "Seldom buyers", ("seldom",)),
    KindRule("quiet", "Regulars, now quiet", ("regular", "quiet")),
    KindRule("quiet", "Middle spenders, now quiet", ("middle_spend", "quiet")),
    KindRule("quiet", "Not seen lately", ("quiet",)),
    KindRule("steady", "Recent regulars", ("regular", "recent")),
    KindRule("steady", "Steady regulars", ("regular",)),
    KindRule("steady", "Recent middle spenders", ("middle_spend", "recent")),
    KindRule("steady", "Middle spenders", ("middle_spend",)),
    KindRule("best", "Keen spenders", ("keen",)),
    KindRule("low_spend", "Careful spenders", ("careful",)),
    KindRule("steady", "Average spenders", ("average_score",)),
    KindRule("steady", "Recent buyers", ("recent",)),
)
"""The first rule that fits decides. No rule fits where the data say nothing of buying."""


def find_kind(profile: SegmentProfile) -> tuple[KindRule | None, tuple[Claim, ...]]:
    """Return the first rule that fits a segment, with the claims that its name makes; None where none fits."""
    for rule in KIND_RULES:
        claims = [FACT_BY_KEY[key].claims(profile) for key in rule.facts]
        if all(claims) and not any(FACT_BY_KEY[key].claims(profile) for key in rule.unless):
            return rule, tuple(replace(claim, words=rule.name) for of_fact in claims for claim in of_fact)
    return None, ()
