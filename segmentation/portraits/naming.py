"""Names for segments: neutral, true of the numbers, different within a run, and the same whatever the columns or units are called.

A name begins with the kind of segment (``kinds.KIND_RULES``). Where several segments are of one kind, a further true difference is added:
first facts with fixed thresholds ("older", "low spend"), then the order among them ("first by spend"), then their sizes. The header of a
column is never part of a name, or renaming the column would rename the segment; of columns without a known meaning a name only says
"high values", "low values" or "mixed values", and the differences of the profile say which.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from segmentation.portraits.facts import FACT_BY_KEY, Claim, Statistic, Threshold, true_facts
from segmentation.portraits.kinds import find_kind
from segmentation.portraits.profiles import NEGLIGIBLE_EFFECT, CategoryTrait, NumberTrait, ProfileColumn, SegmentProfile
from segmentation.portraits.reasons import say_claims

CLEAR_EFFECT = 0.33
"""Cliff's delta from which a column without a fact of its own counts as high or low (a medium effect, Romano et al. 2006)."""
CLEAR_SHARE = 0.5
_MAX_ADDED_FACTS = 2
_NAMED_CATEGORIES = frozenset({"category", "brand", "channel", "payment", "shipping", "country", "region", "city"})
"""Categories that names may mention: where and how people buy, not who they are."""
_MAX_CATEGORY_LENGTH = 20
_ORDER_WORDS = {
    "monetary_total": "by spend",
    "frequency_orders": "by orders",
    "recency_days": "by days since purchase",
    "order_value_mean": "by average order",
    "tenure_days": "by time as a customer",
    "spending_score": "by score",
    "web_purchases": "by web orders",
    "store_purchases": "by shop orders",
    "web_visits": "by web visits",
    "age": "by age",
    "income": "by budget",
}
"""Order among segments of one kind. Never "higher spend": the higher of two may still be below the average."""
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


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
    """A name in the making, and the facts it may still draw on."""

    profile: SegmentProfile
    facts: Mapping[str, tuple[Claim, ...]]
    parts: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()

    @property
    def name(self) -> str:
        text = ", ".join(self.parts)
        return text[:1].upper() + text[1:]

    def adding(self, words: str, claims: Sequence[Claim]) -> _Draft:
        return replace(self, parts=(*self.parts, words), claims=(*self.claims, *(replace(claim, words=words) for claim in claims)))

    def effect(self, role: str) -> float:
        trait = self.profile.number(role)
        return trait.effect if trait else 0.0


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
    if len(profiles) == 1:
        return (SegmentName("All customers", "There is one segment."),)
    spoken = {column.name for column in columns}
    visible = [replace(profile, traits=tuple(trait for trait in profile.traits if trait.column.name in spoken)) for profile in profiles]
    drafts = _tell_apart([_first_draft(profile) for profile in visible])
    return tuple(SegmentName(draft.name, say_claims(draft.claims, draft.profile), draft.claims) for draft in drafts)


def _first_draft(profile: SegmentProfile) -> _Draft:
    draft = _Draft(profile, true_facts(profile))
    rule, claims = find_kind(draft.facts)
    if rule:
        return replace(draft, parts=(rule.name,), claims=claims)
    features = {trait.column.role for trait in profile.traits if trait.is_feature}
    told = [fact for key in draft.facts if (fact := FACT_BY_KEY[key]).words and fact.role in features]
    for fact in sorted(told, key=lambda fact: -abs(draft.effect(fact.role)))[:_MAX_ADDED_FACTS]:
        draft = draft.adding(fact.words, draft.facts[fact.key])
    return draft if len(draft.parts) == _MAX_ADDED_FACTS else _add_level(draft)


def _add_level(draft: _Draft) -> _Draft:
    """Say whether the features of which no fact is told are high, low or both."""
    told = {claim.column for claim in draft.claims}
    traits = [trait for trait in draft.profile.traits if isinstance(trait, NumberTrait) and trait.is_feature and trait.n]
    features = [trait for trait in traits if trait.column.name not in told]
    high = [_effect_claim(trait, Threshold("effect", ">=", CLEAR_EFFECT)) for trait in features if trait.effect >= CLEAR_EFFECT]
    low = [_effect_claim(trait, Threshold("effect", "<=", -CLEAR_EFFECT)) for trait in features if trait.effect <= -CLEAR_EFFECT]
    if high or low:
        return draft.adding("mixed values" if high and low else "high values" if high else "low values", high + low)
    if features:
        between = (Threshold("effect", ">", -CLEAR_EFFECT), Threshold("effect", "<", CLEAR_EFFECT))
        return draft.adding("near average", [_effect_claim(trait, *between) for trait in features])
    if len(draft.parts) == 1 and " " not in draft.name:
        return replace(draft, parts=(f"{draft.name} customers",))
    return draft if draft.parts else draft.adding("customers", ())


def _effect_claim(trait: NumberTrait, *thresholds: Threshold) -> Claim:
    return Claim("", trait.column.name, thresholds)


def _tell_apart(drafts: list[_Draft]) -> list[_Draft]:
    """Add to names that several segments share what sets those segments apart."""
    for step in (*[_split_by_fact] * _MAX_ADDED_FACTS, _split_by_category, _rank_by_role, _rank_by_size, _number):
        groups: dict[str, list[int]] = defaultdict(list)
        for at, draft in enumerate(drafts):
            groups[draft.name].append(at)
        for members in groups.values():
            if len(members) > 1:
                for at, draft in zip(members, step([drafts[at] for at in members]), strict=True):
                    drafts[at] = draft
    return drafts


def _split_by_fact(group: list[_Draft]) -> list[_Draft]:
    """Add the facts about the one role that splits the group most; between equals the wider gap of effects decides."""
    best: tuple[int, float] = (1, 0.0)
    result = group
    for role in dict.fromkeys(fact.role for fact in FACT_BY_KEY.values() if fact.words):
        keys = [next((key for key in draft.facts if FACT_BY_KEY[key].role == role and FACT_BY_KEY[key].words), None) for draft in group]
        score = (len(set(keys)), _gap(group, role))
        if score[0] > 1 and score > best:
            best = score
            result = [
                draft.adding(FACT_BY_KEY[key].words, draft.facts[key]) if key else draft for draft, key in zip(group, keys, strict=True)
            ]
    return result


def _gap(group: list[_Draft], role: str) -> float:
    effects = [draft.effect(role) for draft in group]
    return round(max(effects) - min(effects), 9)


def _split_by_category(group: list[_Draft]) -> list[_Draft]:
    """Add where or how most customers of a segment buy, where that stands out and differs within the group."""
    best = 1
    result = group
    for role in sorted(_NAMED_CATEGORIES):
        claims = [_category_claim(draft.profile, role) for draft in group]
        n_told = len({claim.words if claim else "" for claim in claims})
        if n_told > best:
            best = n_told
            result = [draft.adding(claim.words, [claim]) if claim else draft for draft, claim in zip(group, claims, strict=True)]
    return result


def _category_claim(profile: SegmentProfile, role: str) -> Claim | None:
    trait = next((trait for trait in profile.traits if isinstance(trait, CategoryTrait) and trait.column.role == role), None)
    if trait is None or len(trait.category) > _MAX_CATEGORY_LENGTH:
        return None
    claim = Claim(
        f"mostly {trait.category}", trait.column.name, (Threshold("share", ">=", CLEAR_SHARE), Threshold("effect", ">=", CLEAR_EFFECT))
    )
    return claim if claim.holds(profile) else None


def _rank_by_role(group: list[_Draft]) -> list[_Draft]:
    """Rank the group by the known role whose means lie furthest apart, provided that no two are equal."""
    best = NEGLIGIBLE_EFFECT
    result = group
    for role, words in _ORDER_WORDS.items():
        traits = [trait for draft in group if (trait := draft.profile.number(role)) and trait.n]
        means = [float(f"{trait.mean:.9g}") for trait in traits]
        if len(set(means)) == len(group) and _gap(group, role) > best:
            best = _gap(group, role)
            result = list(_add_order(group, means, words, traits[0].column.name))
    return result


def _rank_by_size(group: list[_Draft]) -> list[_Draft]:
    shares = [draft.profile.share_customers for draft in group]
    return list(_add_order(group, shares, "by size", None)) if len(set(shares)) == len(group) else group


def _add_order(group: list[_Draft], values: list[float], words: str, column: str | None) -> Iterator[_Draft]:
    """Add to each draft its place in the descending order of values, with thresholds half-way to its neighbours."""
    statistic: Statistic = "mean" if column else "share_customers"
    ordered = sorted(values, reverse=True)
    for draft, value in zip(group, values, strict=True):
        place = ordered.index(value)
        above = (Threshold(statistic, ">", (value + ordered[place + 1]) / 2),) if place + 1 < len(group) else ()
        below = (Threshold(statistic, "<", (value + ordered[place - 1]) / 2),) if place else ()
        ordinal = _ORDINALS[place] if place < len(_ORDINALS) else f"{place + 1}th"
        yield draft.adding(f"{ordinal} {words}", (Claim("", column, above + below),))


def _number(group: list[_Draft]) -> list[_Draft]:
    """Number segments that nothing tells apart."""
    return [draft.adding(str(number), ()) for number, draft in enumerate(group, start=1)]
