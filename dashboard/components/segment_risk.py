"""Who is at risk, in one line with the way to their list."""

from __future__ import annotations

from dash import dcc, html

from dashboard.components.basics import href, icon
from dashboard.components.segment_words import at_risk_words
from dashboard.queries.segments import SegmentsOfRun
from segmentation.measures.filters import read_filter, write_filter

_HOW = "Spent more than about three in five customers, and were last seen longer ago than about three in five."


def at_risk_line(shown: SegmentsOfRun) -> html.P | None:
    """Say who is of high value and has not been seen for long; nothing where that is not known, or where there is nobody."""
    words = at_risk_words(shown)
    if words is None or shown.left is None:
        return None
    chosen = shown.chosen
    for condition in read_filter(shown.left["at_risk"]["filter"]).conditions:
        chosen = chosen.replacing(condition)
    to = href("/customers", {"run": shown.run.id, "filter": write_filter(chosen)})
    return html.P(
        [icon("warning"), html.Span([html.B("At risk: ", title=_HOW), words, " ", dcc.Link("See them", href=to)])],
        className="lead risk",
    )
