"""Kinds of segment: one ordered table that gives a segment its plain name and its line of the playbook, so that they cannot disagree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from segmentation.portraits.facts import Claim

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
    KindRule("looking", "Looking, buying little", ("many_visits", "seldom"), unless=("middle_spend", "more_spend")),
    KindRule("lost", "Quiet, low spend", ("quiet", "low_spend")),
    KindRule("new", "New and promising", ("new", "recent"), unless=("frequent",)),
    KindRule("online_first", "Frequent online buyers", ("frequent", "online_first"), unless=("quiet",)),
    KindRule("slipping", "Frequent buyers, now quiet", ("frequent", "quiet"), unless=("less_spend",)),
    KindRule("low_spend", "Frequent, low spend", ("frequent", "low_spend")),
    KindRule("steady", "Recent frequent buyers", ("frequent", "recent")),
    KindRule("steady", "Frequent buyers", ("frequent",), unless=("quiet",)),
    KindRule("older_seldom", "Older, buying seldom", ("older", "seldom")),
    KindRule("quiet", "Quiet, buying seldom", ("quiet", "seldom")),
    KindRule("low_spend", "Recent, low spend", ("recent", "low_spend")),
    KindRule("low_spend", "Seldom, low spend", ("seldom", "low_spend")),
    KindRule("low_spend", "Low spenders", ("low_spend",)),
    KindRule("online_first", "Often buying online", ("online_first",), unless=("quiet", "seldom")),
    KindRule("new", "Recent, few orders", ("recent", "seldom")),
    KindRule("steady", "Seldom buyers", ("seldom",)),
    KindRule("quiet", "Regulars, now quiet", ("regular", "quiet")),
    KindRule("quiet", "Middle spenders, now quiet", ("middle_spend", "quiet")),
    KindRule("quiet", "Not seen lately", ("quiet",)),
    KindRule("steady", "Recent regulars", ("regular", "recent")),
    KindRule("steady", "Steady regulars", ("regular", "seen_as_usual")),
    KindRule("steady", "Regular buyers", ("regular",)),
    KindRule("steady", "Recent active buyers", ("more_orders", "recent")),
    KindRule("steady", "Active buyers", ("more_orders",)),
    KindRule("steady", "Above-average spenders", ("more_spend",)),
    KindRule("low_spend", "Below-average spenders", ("less_spend",)),
    KindRule("steady", "Recent middle spenders", ("middle_spend", "recent")),
    KindRule("steady", "Middle spenders", ("middle_spend",)),
    KindRule("low_spend", "Occasional buyers", ("fewer_orders",)),
    KindRule("best", "Keen spenders", ("keen",)),
    KindRule("low_spend", "Careful spenders", ("careful",)),
    KindRule("steady", "Average spenders", ("average_score",)),
    KindRule("steady", "Recent buyers", ("recent",)),
)
"""The first rule that fits decides. None fits where the data say nothing of buying."""


def find_kind(facts: Mapping[str, tuple[Claim, ...]]) -> tuple[KindRule | None, tuple[Claim, ...]]:
    """Return the first rule that fits the facts of a segment (see ``facts.true_facts``), and the claims that its name makes."""
    for rule in KIND_RULES:
        if facts.keys() >= set(rule.facts) and not facts.keys() & set(rule.unless):
            return rule, tuple(replace(claim, words=rule.name) for key in rule.facts for claim in facts[key])
    return None, ()
