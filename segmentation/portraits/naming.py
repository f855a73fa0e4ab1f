"""Names for segments: neutral, true of the numbers, different within a run, and the same whatever the columns or units are called.

A name begins with the kind of segment (``kinds.KIND_RULES``). Where several segments are of one kind, a further true difference is added:
first facts with fixed thresholds ("older", "low spend"), then the order among them ("highest spend"), then their sizes. The
header of a column is never part of a name, or renaming it would rename the segment; of columns without a known meaning a name only
says "high values", "low values" or "mixed values", and the differences of the profile say which.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from segmentation.portraits.facts import FACTS, Claim, Fact, Statistic, Threshold
from segmentation.portraits.kinds import find_kind
from segmentation.portraits.profiles import NumberTrait, ProfileColumn, SegmentProfile
from segmentation.portraits.wording import number_text, percent_text

CLEAR_EFFECT = 0.33
"""Cliff's delta from which a column of unknown meaning counts as high or low (a medium effect, Romano et al. 2006)."""
_MAX_ADDED_FACTS = 2
_ORDER_WORDS = {
    "monetary_total": ("higher spend", "lower spend", "highest spend", "lowest spend"),
    "frequency_orders": ("more orders", "fewer orders", "most orders", "fewest orders"),
    "recency_days": ("longer ago", "more recent", "longest ago", "most recent"),
    "order_value_mean": ("larger orders", "smaller orders", "largest orders", "smallest orders"),
    "spending_score": ("higher score", "lower score", "highest score", "lowest score"),
    "web_purchases": ("more web orders", "fewer web orders", "most web orders", "fewest web orders"),
    "store_purchases": ("more shop orders", "fewer shop orders", "most shop orders", "fewest shop orders"),
    "web_visits": ("more web visits", "fewer web visits", "most web visits", "fewest web visits"),
    "age": ("older", "younger", "oldest", "youngest"),
    "income": ("larger budgets", "smaller budgets", "largest budgets", "smallest budgets"),
}
_SIZE_WORDS = ("larger group", "smaller group", "largest group", "smallest group")
_ORDINALS = ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


@dataclass(frozen=True)
class SegmentName:
    """The name of a segment and what stands behind it.

    Attributes
    ----------
    name : str
        Two to four words where possible; no two segments of a run share one.
    because : str
        The rule in plain words, with the numbers and their thresholds.
    claims : tuple of Claim
        The same for programs; each ``holds`` for the segment's profile.
    """

    name: str
    because: str
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True)
class _Draft:
    """A name in the making."""

    profile: SegmentProfile
    parts: tuple[str, ...]
    claims: tuple[Claim, ...]

    @property
    def name(self) -> str:
        text = ", ".join(self.parts)
        return text[:1].upper() + text[1:]

    def adding(self, words: str, claims: Sequence[Claim]) -> _Draft:
        return replace(self, parts=(*self.parts, words), claims=(*self.claims, *(replace(claim, words=words) for claim in claims)))


def name_segments(profiles: Sequence[SegmentProfile], columns: Sequence[ProfileColumn]) -> tuple[SegmentName, ...]:
    """Name the segments of one run.

    Parameters
    ----------
    profiles : sequence of SegmentProfile
        All segments of the run.
    columns : sequence of ProfileColumn
        What names may speak of: a column left out here is profiled and never named.

    Returns
    -------
    tuple of SegmentName
        In the order of the profiles.
    """
    spoken = {column.name for column in columns}
    visible = [replace(profile, traits=tuple(trait for trait in profile.traits if trait.column.name in spoken)) for profile in profiles]
    if len(visible) == 1:
        return (SegmentName("All customers", "There is one segment."),)
    drafts = _tell_apart([_first_draft(profile) for profile in visible])
    labels = {column.name: column.label for column in columns}
    return tuple(SegmentName(draft.name, _because(draft, labels), draft.claims) for draft in drafts)


def _first_draft(profile: SegmentProfile) -> _Draft:
    rule, claims = find_kind(profile)
    if rule:
        return _Draft(profile, (rule.name,), claims)
    draft = _Draft(profile, (), ())
    facts = [(fact, claims) for fact in FACTS if fact.words and (claims := fact.claims(profile))]
    for fact, of_fact in sorted(facts, key=lambda pair: -_strength(profile, pair[0]))[:_MAX_ADDED_FACTS]:
        draft = draft.adding(fact.words, of_fact)
    return draft if len(draft.parts) == _MAX_ADDED_FACTS else _add_level(draft)


def _strength(profile: SegmentProfile, fact: Fact) -> float:
    trait = profile.number(fact.role)
    return abs(trait.effect) if trait else 0.0


def _add_level(draft: _Draft) -> _Draft:
    """Say whether the features of unknown meaning are high, low or both."""
    features = [trait for trait in draft.profile.traits if isinstance(trait, NumberTrait) and trait.is_feature and not trait.column.role]
    high = [_effect_claim(trait) for trait in features if trait.effect >= CLEAR_EFFECT]
    low = [_effect_claim(trait) for trait in features if trait.effect <= -CLEAR_EFFECT]
    if high or low:
        return draft.adding("mixed values" if high and low else "high values" if high else "low values", high + low)
    return draft if draft.parts else draft.adding("near average", ())


def _effect_claim(trait: NumberTrait) -> Claim:
    limit = Threshold("effect", ">=", CLEAR_EFFECT) if trait.effect > 0 else Threshold("effect", "<=", -CLEAR_EFFECT)
    return Claim("", trait.column.name, (limit,))


def _tell_apart(drafts: list[_Draft]) -> list[_Draft]:
    """Add to names that several segments share what sets those segments apart."""
    for step in (*[_split_by_fact] * _MAX_ADDED_FACTS, _rank, _rank_by_size, _count):
        groups: dict[str, list[int]] = defaultdict(list)
        for at, draft in enumerate(drafts):
            groups[draft.name].append(at)
        for members in groups.values():
            if len(members) > 1:
                for at, draft in zip(members, step([drafts[at] for at in members]), strict=True):
                    drafts[at] = draft
    return drafts


def _split_by_fact(group: list[_Draft]) -> list[_Draft]:
    """Add the facts about the one role that splits the group most; the wider gap between effects decides between equals."""
    best: tuple[int, float] = (1, 0.0)
    result = group
    for role in dict.fromkeys(fact.role for fact in FACTS if fact.words):
        told = [_telling_fact(draft, role) for draft in group]
        effects = [trait.effect for draft in group if (trait := draft.profile.number(role))]
        score = (len({words for words, _ in told}), round(max(effects, default=0.0) - min(effects, default=0.0), 9))
        if score[0] > 1 and score > best:
            best = score
            result = [draft.adding(words, claims) if words else draft for draft, (words, claims) in zip(group, told, strict=True)]
    return result


def _telling_fact(draft: _Draft, role: str) -> tuple[str, tuple[Claim, ...]]:
    """Return the words and claims of what is true of a draft's segment about a role; empty where nothing is."""
    for fact in FACTS:
        if fact.role == role and fact.words and (claims := fact.claims(draft.profile)):
            return fact.words, claims
    return "", ()


def _rank(group: list[_Draft]) -> list[_Draft]:
    """Rank the group by the known role whose means lie furthest apart, provided that no two are equal."""
    best = 0.0
    result = group
    for role, words in _ORDER_WORDS.items():
        traits = [trait for draft in group if (trait := draft.profile.number(role)) and trait.n]
        means = [float(f"{trait.mean:.9g}") for trait in traits]
        gap = round(max((trait.effect for trait in traits), default=0.0) - min((trait.effect for trait in traits), default=0.0), 9)
        if len(set(means)) == len(group) and gap > best:
            best = gap
            result = list(_add_order(group, means, words, [trait.column.name for trait in traits]))
    return result


def _rank_by_size(group: list[_Draft]) -> list[_Draft]:
    sizes = [draft.profile.share_customers for draft in group]
    return list(_add_order(group, sizes, _SIZE_WORDS, [None] * len(group))) if len(set(sizes)) == len(group) else group


def _add_order(group: list[_Draft], values: list[float], words: tuple[str, ...], columns: Sequence[str | None]) -> Iterator[_Draft]:
    """Add to each draft its place in the descending order of values, and the thresholds that its neighbours set."""
    more, less, most, least = words
    ordered = sorted(values, reverse=True)
    for draft, value, column in zip(group, values, columns, strict=True):
        place = ordered.index(value)
        if len(group) == 2:
            text = less if place else more
        elif place in (0, len(group) - 1):
            text = least if place else most
        else:
            text = f"{_ORDINALS[min(place, len(_ORDINALS)) - 1]} {most}"
        statistic: Statistic = "mean" if column else "share_customers"
        above = (Threshold(statistic, ">", (value + ordered[place + 1]) / 2),) if place + 1 < len(group) else ()
        below = (Threshold(statistic, "<", (value + ordered[place - 1]) / 2),) if place else ()
        yield draft.adding(text, (Claim(text, column, above + below),))


def _count(group: list[_Draft]) -> list[_Draft]:
    """Number segments that no fact, order or size tells apart."""
    return [draft.adding(str(number), ()) for number, draft in enumerate(group, start=1)]


_STATISTIC_WORDS = {
    "index": "the mean is {value:.0f} % of the average ({comparison} {limit:.0f} %)",
    "median_rank": "the middle customer has more than {value:.0%} of all customers ({comparison} {limit:.0%})",
    "effect": "the difference from the others is {value:+.2f} on a scale from -1 to 1 ({comparison} {limit:+.2f})",
    "mean": "the mean is {value} ({comparison} {limit})",
    "share_customers": "the share of customers is {value} ({comparison} {limit})",
}
_COMPARISON_WORDS = {">=": "at least", "<=": "at most", ">": "above", "<": "below"}


def _because(draft: _Draft, labels: dict[str, str]) -> str:
    sentences = [_claim_sentence(claim, draft.profile, labels) for claim in draft.claims]
    return " ".join(sentences) or "No column differs clearly from the average."


def _claim_sentence(claim: Claim, profile: SegmentProfile, labels: dict[str, str]) -> str:
    checks = []
    for threshold in claim.thresholds:
        value: float | str = claim.value(profile, threshold.statistic) or 0.0
        limit: float | str = threshold.value
        if threshold.statistic == "mean":
            value, limit = number_text(float(value), 3), number_text(float(limit), 3)
        elif threshold.statistic == "share_customers":
            value, limit = percent_text(float(value)), percent_text(float(limit))
        text = _STATISTIC_WORDS[threshold.statistic]
        checks.append(text.format(value=value, limit=limit, comparison=_COMPARISON_WORDS[threshold.comparison]))
    subject = f" by {labels[claim.column]}" if claim.column else ""
    return f'"{claim.words[:1].upper()}{claim.words[1:]}"{subject}: {", ".join(checks)}.'
