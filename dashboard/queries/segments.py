"""The segments of a run as the page shows them: what was computed, and what people made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dashboard.context import Context
from dashboard.queries.segment_filter import load_left
from database.datasets import Dataset
from database.engine import read
from database.runs import Run, Segment, SegmentEdit, list_segment_edits, list_segments
from segmentation.measures.filters import EVERYBODY, SEGMENT, CustomerFilter

COLOURED = tuple("ABCDEFGHIJ")
"""Ten colours can be told apart; further segments are told by their letter only."""


@dataclass(frozen=True)
class ShownSegment:
    """One segment; ``letter`` stands for its colour. Shares are 0..1, None without money; stability 0..1, None where not known.

    ``text`` is what a person wrote in place of the differences; ``name_now`` is what the segment would be called by its numbers, where it
    has its name from the version before and that is another one.
    """

    segment_id: int
    letter: str
    name: str
    action: str
    size: int
    share_customers: float
    share_revenue: float | None
    revenue: float | None
    stability: float | None
    verdict: str
    differences: Sequence[str]
    rule: str | None
    name_because: str
    text: str = ""
    remarks: Sequence[str] = ()
    name_now: str | None = None


@dataclass(frozen=True)
class SegmentsOfRun:
    """A run in segments.

    ``report`` is the run in the words of REPORT.json; ``portrait`` is what ``workflows.portraits`` made of it, None for a run of an
    earlier version. ``chosen`` is the filter, and ``left`` what it leaves (see ``queries.segment_filter``); None where nobody asked.
    """

    dataset: Dataset
    run: Run
    segments: Sequence[ShownSegment]
    report: Mapping[str, Any]
    portrait: Mapping[str, Any] | None
    chosen: CustomerFilter = EVERYBODY
    left: Mapping[str, Any] | None = None

    @property
    def currency(self) -> str | None:
        """The currency of the file, where it is known."""
        return self.dataset.facts.currency if self.dataset.facts else None

    @property
    def has_money(self) -> bool:
        """Whether there is money to share out."""
        return all(segment.share_revenue is not None for segment in self.segments)

    @property
    def order_words(self) -> str:
        """In which order the segments stand: that of the run, which a filter does not change."""
        if self.is_filtered:
            return "in the order of the whole run"
        is_by_money = self.has_money or all(segment.revenue is not None for segment in self.segments)
        return "in order of revenue" if is_by_money else "the largest first"

    @property
    def is_filtered(self) -> bool:
        """Whether figures are of a part of the customers; the choice of a segment leaves all of them side by side."""
        return bool(self.chosen.without((SEGMENT,)))

    @property
    def level(self) -> str | None:
        """How much structure there is: clear, some, none or unknown."""
        return self.portrait["structure"]["level"] if self.portrait else None

    @property
    def n_segmented(self) -> int:
        """Customers that are in a segment."""
        return sum(segment.size for segment in self.segments)


def load_segments(context: Context, dataset: Dataset, run: Run) -> SegmentsOfRun:
    """Return a run with its segments as they are called now."""
    with read(context.engine) as conn:
        stored = list_segments(conn, run.id)
    report = run.report or {}
    portrait = report.get("portrait")
    revenue = portrait["revenue"] if portrait else None
    segments = [_shown(segment, revenue[place] if revenue else None) for place, segment in enumerate(stored)]
    return SegmentsOfRun(dataset, run, segments, report.get("run", {}), portrait)


def list_edits(context: Context, run_id: str) -> Sequence[SegmentEdit]:
    """Return who changed what in the segments of a run, the oldest first."""
    with read(context.engine) as conn:
        return list_segment_edits(conn, run_id)


def load_profile(context: Context, dataset: Dataset, run: Run, chosen: CustomerFilter = EVERYBODY) -> SegmentsOfRun:
    """Return a run with its segments as they are now, and with how they buy: of all customers, or of those whom a filter leaves.

    Verdicts, differences and the map are always those of the whole run.
    """
    whole = load_segments(context, dataset, run)
    left = load_left(context, dataset, run, chosen)
    whole = replace(whole, chosen=chosen, left=left)
    if not whole.is_filtered:
        return whole
    sizes, revenue = left["sizes"], left["revenue"]
    n, total = sum(sizes), sum(revenue or [])
    segments = [
        replace(
            segment,
            size=sizes[place],
            share_customers=sizes[place] / n if n else 0.0,
            revenue=revenue[place] if revenue else None,
            share_revenue=None if segment.share_revenue is None or not revenue else revenue[place] / total if total > 0 else 0.0,
        )
        for place, segment in enumerate(whole.segments)
    ]
    portrait = {**whole.portrait, "comparison": left["comparison"], "habits": left["habits"]} if whole.portrait else None
    return replace(whole, segments=segments, portrait=portrait)


def _shown(segment: Segment, revenue: float | None) -> ShownSegment:
    profile = segment.profile
    return ShownSegment(
        segment_id=segment.segment_id,
        letter=segment.colour,
        name=segment.name,
        action=segment.action,
        size=segment.size,
        share_customers=profile["share_customers"],
        share_revenue=profile["share_revenue"],
        revenue=revenue,
        stability=profile["stability"],
        verdict=profile["verdict"],
        differences=profile["differences"],
        rule=profile["rule"],
        name_because=profile["name_because"],
        text=segment.text,
        remarks=profile.get("remarks", ()),  # runs of earlier versions have none
        name_now=name_now if (name_now := profile.get("name_now")) != segment.name else None,
    )
