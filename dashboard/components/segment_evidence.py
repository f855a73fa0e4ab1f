"""Why there are as many segments as there are, and whether they are real: in words first, then the figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html

from dashboard.components.basics import icon
from dashboard.components.charts import chart
from dashboard.components.segment_words import made_with, number_word
from dashboard.figures.segments import draw_scores
from dashboard.formats import plain
from dashboard.queries.segments import SegmentsOfRun

_LEVELS = {
    "clear": ("use", "tick", "Clear groups"),
    "some": ("care", "warning", "Some structure"),
    "none": ("no", "barred", "No groups of their own"),
    "unknown": ("care", "warning", "Cannot be told"),
}
_HEIGHT = 170


def evidence(shown: SegmentsOfRun, portrait: Mapping[str, Any]) -> html.Details:
    """Draw the fold-out."""
    k = len(shown.segments)
    title = html.Summary(
        [html.H2(f"Why {number_word(k)} segments" if k > 1 else "Why one segment"), html.Span(_say(shown), className="say")]
    )
    figures = html.Div([*_by_k(shown), _real_or_chance(shown, portrait)], className="evg")
    return html.Details(
        [title, _structure(shown, portrait), figures, html.P(made_with(shown), className="note")], className="card ev", open=True
    )


def _say(shown: SegmentsOfRun) -> str:
    return str(shown.report["k_reason"]).replace(" %", "%")


def _structure(shown: SegmentsOfRun, portrait: Mapping[str, Any]) -> html.P:
    look, picture, words = _LEVELS[portrait["structure"]["level"]]
    sentence = str(shown.report["structure"]["verdict"]).partition(": ")[2] or shown.report["structure"]["verdict"]
    sentence = sentence.partition(" (silhouette")[0].rstrip(".") + "."
    return html.P([html.Span([icon(picture), words], className=f"badge {look}"), sentence[:1].upper() + sentence[1:]], className="level")


def _by_k(shown: SegmentsOfRun) -> list[Any]:
    scores = [score for score in shown.report["k_scores"] if score["silhouette"] is not None]
    k = len(shown.segments)
    if len(scores) < 2 or k not in [score["k"] for score in scores]:
        return []
    clearness = {score["k"]: score["silhouette"] for score in scores}
    first = scores[0]["inertia"] or 1
    spread = {score["k"]: 100 * score["inertia"] / first for score in scores}
    own, rest = f"{clearness[k]:.2f} at {number_word(k)}", f"{spread[k]:.0f} at {number_word(k)}"
    return [
        _figure(
            "Clearness of groups", "Silhouette, higher is better", "silhouette", draw_scores(clearness, k, own, 2), _told(clearness, 2)
        ),
        _figure(
            "Spread inside groups",
            f"Within-group sum of squares, {scores[0]['k']} segments are 100",
            "spread",
            draw_scores(spread, k, rest, 0, from_zero=True),
            _told(spread, 0),
        ),
    ]


def _told(values: Mapping[int, float], digits: int) -> str:
    return ", ".join(f"{k} segments {value:.{digits}f}" for k, value in values.items())


def _figure(title: str, said: str, name: str, figure: dict[str, Any], told: str) -> html.Div:
    return html.Div(
        [html.H3(title), html.P(said, className="xs dim"), chart(name, figure, f"{title} by number of segments: {told}", _HEIGHT)]
    )


def _real_or_chance(shown: SegmentsOfRun, portrait: Mapping[str, Any]) -> html.Div:
    """Draw the clearness of the groups beside that of data that have none."""
    known = [
        ("Your customers", shown.report["silhouette"], "own"),
        ("One cloud of the same shape", portrait["structure"]["silhouette_cloud"], None),
        ("Columns shuffled", shown.report["structure"]["silhouette_reference"], None),
    ]
    rows = [_compared(words, value, look) for words, value, look in known if value is not None]
    inside = rows if len(rows) > 1 else [html.P("There are too few customers for a comparison.", className="sm")]
    return html.Div([html.H3("Real or by chance"), html.P("Silhouette against data without groups", className="xs dim"), *inside])


def _compared(words: str, value: float, look: str | None) -> html.Div:
    bar = html.I(className=look, style={"width": f"{100 * max(value, 0):.0f}%"})
    return html.Div([html.Span(words), html.B(plain(round(value, 2))), html.Span(bar, className="track")], className="chance")
