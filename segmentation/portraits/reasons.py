"""Why a segment has its name: every claim as a sentence with the segment's number and the threshold it had to meet."""

from __future__ import annotations

from collections.abc import Sequence

from segmentation.portraits.facts import Claim, Statistic, Threshold
from segmentation.portraits.profiles import SegmentProfile
from segmentation.portraits.wording import number_text, percent_text

_COMPARISON_WORDS = {">=": "at least", "<=": "at most", ">": "above", "<": "below"}
_SUBJECTS: dict[Statistic, str] = {
    "index": "mean {} of the average",
    "median_rank": "middle customer above {} of customers",
    "effect": "difference from the others {}",
    "mean": "mean {}",
    "share": "share {}",
    "share_customers": "share of customers {}",
    "times_least": "middle customer {} times the least",
}


def say_claims(claims: Sequence[Claim], profile: SegmentProfile) -> str:
    """Say the claims of a name, those of the same words together."""
    if not claims:
        return "Nothing in the data tells these segments apart."
    by_words: dict[str, list[str]] = {}
    for claim in claims:
        by_words.setdefault(claim.words, []).append(_say_claim(claim, profile))
    return " ".join(f"{words[:1].upper()}{words[1:]}: {'; '.join(checks)}." for words, checks in by_words.items())


def _say_claim(claim: Claim, profile: SegmentProfile) -> str:
    labels = {trait.column.name: trait.column.label for trait in profile.traits}
    checks = ", ".join(_say_check(threshold, claim.value(profile, threshold.statistic)) for threshold in claim.thresholds)
    return f"{labels[claim.column]}, {checks}" if claim.column else checks


def _say_check(threshold: Threshold, value: float | None) -> str:
    limit = f"{_COMPARISON_WORDS[threshold.comparison]} {_statistic_text(threshold.statistic, threshold.value)}"
    source = f", that of {threshold.than}" if threshold.than else ""
    return f"{_SUBJECTS[threshold.statistic].format(_statistic_text(threshold.statistic, value))} ({limit}{source})"


def _statistic_text(statistic: Statistic, value: float | None) -> str:
    if value is None:
        return "not known"
    if statistic == "index":
        return percent_text(value / 100)
    if statistic in ("median_rank", "share", "share_customers"):
        return percent_text(value)
    return f"{value:+.2f}" if statistic == "effect" else number_text(value, 3)
