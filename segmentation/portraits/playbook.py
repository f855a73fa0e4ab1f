"""What to do with a segment: the playbook as data, one line for each kind of segment."""

from __future__ import annotations

from dataclasses import dataclass

from segmentation.portraits.facts import true_facts
from segmentation.portraits.kinds import Kind, find_kind
from segmentation.portraits.profiles import SegmentProfile


@dataclass(frozen=True)
class Play:
    """A line of the playbook: which segments it is meant for, and what to do with them."""

    meant_for: str
    text: str


@dataclass(frozen=True)
class Action:
    """The suggested action for one segment: the kind of segment, and the sentence."""

    kind: Kind
    text: str


PLAYBOOK: dict[Kind, Play] = {
    "best": Play("the best: recent, frequent, high spend", "Loyalty programme, early access, ask for reviews. No discounts."),
    "slipping": Play("high value, slipping", "Personal win-back: a call, or an offer with an end date."),
    "steady": Play("steady, in the middle", "Cross-sell and bundles from the categories they already buy."),
    "new": Play("new or promising", "Welcome series, then an offer for the second purchase."),
    "low_spend": Play("low spend, led by price", "Bundles, limited offers, free delivery from a threshold."),
    "looking": Play("looking, not buying", "Reactivation: help to choose, abandoned-basket mail."),
    "online_first": Play("online first", "A better web experience, recommendations."),
    "older_seldom": Play("older, buying seldom", "Personal e-mail, re-engagement."),
    "lost": Play("lost, low value", "Cheap channel only, or leave out of the campaign."),
    "quiet": Play("in the middle, quiet for a while", "Re-engagement e-mail: a reminder and what is new."),
    "unknown": Play("nothing known about how they buy", "Look at the differences, and test a small offer before a campaign."),
}


def suggest_action(profile: SegmentProfile) -> Action:
    """Choose from the playbook, by the same rule that names the segment (``kinds.KIND_RULES``).

    Parameters
    ----------
    profile : SegmentProfile

    Returns
    -------
    Action
        Of the kind "unknown" where the data say nothing of buying.
    """
    rule, _ = find_kind(true_facts(profile))
    kind = rule.kind if rule else "unknown"
    return Action(kind, PLAYBOOK[kind].text)
