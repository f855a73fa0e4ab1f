"""The slides about segments: one each, what to do, and how far each can be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.exports.reports import colours
from dashboard.exports.reports.content import ReportContent, ReportSegment, Trust
from dashboard.exports.reports.fitting import Words
from dashboard.exports.reports.native_charts import put_chart
from dashboard.exports.reports.slides import (
    MARGIN,
    WIDTH,
    Box,
    Cell,
    Column,
    add_slide,
    paginate,
    put_key,
    put_notes,
    put_table,
    put_words,
)
from dashboard.formats import counted, money, percent, whole

_INNER = WIDTH - 2 * MARGIN
_LEFT, _RIGHT = 6.3, 5.4
"""Widths of the words and of the chart on a segment's slide."""
_TOP, _BOTTOM = 1.5, 6.8


@dataclass(frozen=True)
class _Table:
    """A table with its title, what is said above it, and what stands in the notes."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str]
    said: Sequence[Words] = ()


def add_segment(deck: Any, segment: ReportSegment, content: ReportContent, footer: str) -> None:
    """Add the slide of a segment: size and shares, what sets it apart, its rule, how far to trust it, what to do."""
    slide = add_slide(deck, segment.name, footer, Box(MARGIN + 0.65, 0.42, _INNER - 0.65, 0.95))
    put_key(slide, Box(MARGIN, 0.66, 0.47, 0.47), segment.letter)
    _put_figures(slide, segment, content.currency)
    put_words(slide, Box(MARGIN, 2.6, _LEFT, 0.55), _verdict_words(segment), "verdict")
    apart = [Words("What sets it apart", 12.0, colours.SECOND)]
    apart += [Words(sentence, 15.0, colours.TEXT, above=4) for sentence in segment.differences]
    put_words(slide, Box(MARGIN, 3.3, _LEFT, 1.3), apart, "differences")
    if segment.rule:
        put_words(slide, Box(MARGIN, 4.72, _LEFT, 0.8), [Words(f"Rule: {segment.rule}", 11.5, colours.SECOND)], "rule")
    action = [Words("What to do", 11.0, colours.SECOND), Words(segment.action, 15.0, colours.TEXT, is_bold=True, above=3)]
    put_words(slide, Box(MARGIN, 5.65, _LEFT, 1.15), action, "action", fill=colours.ACCENT_SOFT)
    if segment.indices:
        left = WIDTH - MARGIN - _RIGHT
        put_words(slide, Box(left, _TOP, _RIGHT, 0.3), [Words(segment.indices.title, 12.0, colours.SECOND, is_bold=True)], "chart head")
        put_chart(slide, Box(left, _TOP + 0.3, _RIGHT, 4.55), segment.indices, content.currency)
        put_words(slide, Box(left, 6.45, _RIGHT, 0.3), [Words(segment.indices.note, 10.5, colours.THIRD)], "chart note")
    put_notes(slide, _told_in_full(segment, content))


def _told_in_full(segment: ReportSegment, content: ReportContent) -> list[str]:
    """Return everything that stands on the slide, however long it is, and where the numbers come from."""
    n = counted(sum(each.size for each in content.segments), "customer")
    shares = f"{whole(segment.size)} of {n} in segments."
    rule = f"Rule: {segment.rule}" if segment.rule else ""
    source = "From the page Cluster profile. Bars: 100 is the average of all customers in segments."
    said = f"{segment.verdict}: {segment.verdict_because}"
    return [f"{segment.letter} {segment.name}", shares, *segment.differences, rule, said, segment.action, source]


def _put_figures(slide: Any, segment: ReportSegment, currency: str | None) -> None:
    figures = [(whole(segment.size), "customers"), (percent(segment.share_customers), "of customers")]
    figures += [(percent(segment.share_revenue), "of revenue")] if segment.share_revenue is not None else []
    figures += [(money(segment.revenue, currency), "revenue")] if segment.revenue is not None else []
    width = _LEFT / max(len(figures), 3)
    for place, (value, what) in enumerate(figures):
        words = [Words(value, 26.0, colours.TEXT, is_bold=True), Words(what, 12.0, colours.SECOND)]
        put_words(slide, Box(MARGIN + place * width, _TOP, width - 0.1, 0.95), words, f"figure {what}")


def _verdict_words(segment: ReportSegment) -> list[Words]:
    colour = colours.VERDICTS[segment.look][0]
    return [Words(segment.verdict, 14.0, colour, is_bold=True), Words(segment.verdict_because, 12.0, colours.SECOND, above=1)]


def add_actions(deck: Any, segments: Sequence[ReportSegment], footer: str) -> None:
    """Add the table of what to do, on as many slides as it takes."""
    columns = (
        Column("", 0.5),
        Column("Segment", 3.2),
        Column("Customers", 1.2, is_number=True),
        Column("What to do", 5.3),
        Column("Trust", 1.9),
    )
    rows = [
        (
            Cell(segment.letter, is_bold=True, colour=_letter_colour(segment)),
            Cell(segment.name, is_bold=True),
            Cell(whole(segment.size)),
            Cell(segment.action),
            Cell(segment.verdict, is_bold=True, colour=colours.VERDICTS[segment.look][0]),
        )
        for segment in segments
    ]
    source = "Actions come from the playbook, or were written on the page Cluster profile."
    notes = [source, *(f"{each.name}: {each.action}" for each in segments)]
    _add_table(deck, _Table("What to do with each segment", columns, rows, notes), footer)


def add_verdicts(deck: Any, segments: Sequence[ReportSegment], trust: Trust, footer: str) -> None:
    """Add how far to trust the segments: as a whole, and each."""
    columns = (Column("", 0.5), Column("Segment", 3.6), Column("Trust", 2.0), Column("Because", 6.0))
    rows = [
        (
            Cell(segment.letter, is_bold=True, colour=_letter_colour(segment)),
            Cell(segment.name, is_bold=True),
            Cell(segment.verdict, is_bold=True, colour=colours.VERDICTS[segment.look][0]),
            Cell(segment.verdict_because),
        )
        for segment in segments
    ]
    said = [Words(trust.sentence, 15.0, colours.TEXT), Words(trust.why_so_many, 12.0, colours.SECOND, above=4)]
    notes = [trust.sentence, trust.why_so_many, trust.method]
    title = f"How far to trust it: {trust.level[:1].lower()}{trust.level[1:]}"
    _add_table(deck, _Table(title, columns, rows, notes, said), footer)


def _add_table(deck: Any, table: _Table, footer: str) -> None:
    top = _TOP + (1.15 if table.said else 0)
    pages = paginate(table.columns, table.rows, _BOTTOM - top)
    for number, page in enumerate(pages, start=1):
        slide = add_slide(deck, table.title if len(pages) == 1 else f"{table.title} ({number} of {len(pages)})", footer)
        if table.said:
            put_words(slide, Box(MARGIN, _TOP, _INNER, 1.05), table.said, "said")
        put_table(slide, MARGIN, top, table.columns, page)
        put_notes(slide, table.notes)


def _letter_colour(segment: ReportSegment) -> str:
    return colours.segment_colours(segment.letter)[0]
