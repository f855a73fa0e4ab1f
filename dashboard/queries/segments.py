"""The segments of a run as the page shows them: what was computed, and what people made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.context import Context
from database.datasets import Dataset
from database.engine import read
from database.runs import Run, Segment, list_segments

COLOURED = tuple("ABCDEFGHIJ")
"""Ten colours can be told apart; further segments are told by their letter only."""


@dataclass(frozen=True)
class ShownSegment:
    """One segment; ``letter`` stands for its colour. Shares are 0..1, None without money; stability 0..1, None where not known."""

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


@dataclass(frozen=True)
class SegmentsOfRun:
    """A run in segments.

    ``report`` is the run in the words of REPORT.json; ``portrait`` is what ``workflows.portraits`` made of it, None for a run of an
    earlier version.
    """

    dataset: Dataset
    run: Run
    segments: Sequence[ShownSegment]
    report: Mapping[str, Any]
    portrait: Mapping[str, Any] | None

    @property
    def currency(self) -> str | None:
        """The currency of the file, where it is known."""
        return self.dataset.facts.currency if self.dataset.facts else None

    @property
    def has_money(self) -> bool:
        """Whether there is money to share out."""
        return all(segment.share_revenue is not None for segment in self.segments)

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
    )
