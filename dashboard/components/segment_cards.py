"""The segments side by side: name, verdict, shares, what sets each apart, what to do. One column a segment, the rows in line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from dashboard.components.basics import aria, icon
from dashboard.components.index_table import customers_link
from dashboard.components.segment_key import segment_colours, segment_key
from dashboard.formats import counted, money, percent
from dashboard.queries.segments import SegmentsOfRun, ShownSegment
from segmentation.clusters.trust import HIGHLY_STABLE, STABLE

BADGES = {
    "use": ("use", "tick", "Use"),
    "use with care": ("care", "warning", "Use with care"),
    "do not target": ("no", "barred", "Do not target"),
}
"""Look, icon and words of each verdict (``segmentation.clusters.trust``)."""


_SUFFIX = re.compile(r"(\d) (k|M|bn)\b")
_MINUS = re.compile(r"(?<![\w-])-(?=R?[^\w\s]?\d)")
_FEW = re.compile(r", only (\d+ customers?)$")


def typeset(sentence: str) -> str:
    """Return a sentence of ``segmentation`` as pages write numbers: no space before %, no line break before k and M, minus as minus."""
    return _MINUS.sub("−", _SUFFIX.sub("\\1\u00a0\\2", sentence.replace(" %", "%")))


def verdict_badge(verdict: str) -> html.Span:
    """Draw a verdict: icon and words."""
    look, picture, words = BADGES[verdict]
    return html.Span([icon(picture), words], className=f"badge {look}")


def verdict_sentence(segment: ShownSegment, level: str | None) -> str:
    """Say what a verdict rests on; ``level`` is how much structure there is (``segmentation.clusters.structure``)."""
    if segment.stability is None:
        return "Made by a rule, so nobody moves when it is repeated."
    stay = round(100 * segment.stability)
    if segment.verdict == "do not target":
        return f"Only {stay} of 100 customers stay when the run is repeated."
    reason = "" if segment.verdict == "use" else f" {_why_care(segment.stability, level)} Test first."
    return f"{stay} of 100 customers stay when the run is repeated.{reason}".replace("  ", " ")


def _why_care(stability: float, level: str | None) -> str:
    if stability < STABLE:
        return ""
    if level == "unknown":
        return "Too few customers to tell it from chance."
    return "There are no clear groups here." if level == "none" and stability < HIGHLY_STABLE else "It is small."


def row_labels(shown: SegmentsOfRun) -> html.Div:
    """Draw the labels of the rows, which stay when the cards scroll sideways."""
    repeats = shown.portrait["repeats"] if shown.portrait else 0
    scale = "of customers and of revenue, one scale for all" if shown.has_money else "of customers"
    return html.Div(
        [
            _label("Segment", shown.order_words),
            _label("Can it be trusted?", f"{repeats} repeats on part of the data" if repeats else "repeats on part of the data"),
            _label("Share", scale),
            html.P(),
            _label("What sets it apart", "three largest differences"),
            _label("What to do", "from your playbook"),
        ],
        className="lab0",
    )


def _label(words: str, more: str) -> html.P:
    return html.P([words, html.Em(more)])


def segment_card(segment: ShownSegment, shown: SegmentsOfRun, largest_share: float, can_edit: bool) -> html.Section:
    """Draw one column of the matrix."""
    rows: list[Any] = [
        _head(segment, can_edit),
        html.Div([verdict_badge(segment.verdict), html.P(verdict_sentence(segment, shown.level))], className="vd"),
        _shares(segment, largest_share),
        _totals(segment, shown),
        html.Div([_other_name(segment), *_apart(segment), _remarks(segment), _rule(segment)], className="df"),
        html.Div([html.Span("Action"), html.P(segment.action or "No action yet.")], className="ac"),
        html.Div(id={"type": "segment-panel", "segment": segment.segment_id}, className="panel-at"),
    ]
    return html.Section(rows, className="sc", style=segment_colours(segment.letter), **aria(label=f"Segment {segment.name}"))


def _apart(segment: ShownSegment) -> list[Any]:
    """Draw what a person wrote of the segment, else its differences."""
    few = {found[1] for sentence in segment.differences if (found := _FEW.search(sentence))}
    said = [_FEW.sub("", sentence) if len(few) == 1 else sentence for sentence in segment.differences]  # the same for all: said once
    differences: list[Any] = [html.Ul([html.Li(typeset(sentence)) for sentence in said])]
    if len(few) == 1:
        differences.append(html.P(f"Means of only {few.pop()}.", className="xs dim"))
    if not segment.text:
        return differences
    return [html.P(segment.text, className="own"), html.Details([html.Summary("As computed"), *differences], className="rule")]


def _other_name(segment: ShownSegment) -> html.P | None:
    """Say what the segment would be called now, where it kept a name that its numbers do not give any more."""
    if segment.name_now is None:
        return None
    return html.P(f"Kept its name; by its numbers it is “{segment.name_now}” now.", className="xs other-name")


def _head(segment: ShownSegment, can_edit: bool) -> html.Div:
    pen = html.Button(
        icon("pen"),
        id={"type": "segment-pen", "segment": segment.segment_id},
        type="button",
        n_clicks=0,
        className="ib",
        title="Rename, recolour, edit text and action",
        **aria(label=f"Rename {segment.name}", haspopup="dialog"),
    )
    return html.Div([segment_key(segment.letter), html.H2(segment.name), pen if can_edit else None], className="hd")


def _shares(segment: ShownSegment, largest: float) -> html.Dl:
    bars = [_bar("Customers", segment.share_customers, largest, "a")]
    if segment.share_revenue is not None:
        bars.append(_bar("Revenue", segment.share_revenue, largest, "r"))
    return html.Dl(bars, className="pair")


def _bar(words: str, share: float, largest: float, look: str) -> html.Div:
    width = f"{100 * max(share, 0) / largest:.1f}%" if largest > 0 else "0"
    return html.Div([html.Dt(words), html.Dd(percent(share)), html.Dd(html.I(className=look, style={"--w": width}), className="bb")])


def _totals(segment: ShownSegment, shown: SegmentsOfRun) -> html.P:
    has_share = segment.revenue is not None and segment.share_revenue is not None  # money that adds up to nothing says nothing here
    total = html.Span(money(segment.revenue, shown.currency)) if has_share else None
    link = customers_link(shown, segment.segment_id)
    customers = dcc.Link(counted(segment.size, "customer"), href=link, title=f"See the customers of {segment.name}")
    return html.P([customers if segment.size else "0 customers", total], className="xs dim tn")


def _remarks(segment: ShownSegment) -> html.Details | None:
    """Draw who they are, where they buy and how they answer campaigns, where the data say it."""
    if not segment.remarks:
        return None
    return html.Details([html.Summary("More about them"), *(html.P(typeset(each)) for each in segment.remarks)], className="rule")


def _rule(segment: ShownSegment) -> html.Details | None:
    if segment.rule is None:
        return None
    return html.Details([html.Summary("The rule"), html.P(typeset(segment.rule))], className="rule")


def largest_share(segments: Sequence[ShownSegment]) -> float:
    """Return the share that fills the whole width of a bar."""
    return max(max(segment.share_customers, segment.share_revenue or 0) for segment in segments)
