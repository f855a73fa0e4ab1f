"""Why there are as many segments as there are, and whether they are real: in words first, then the figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html

from dashboard.components.basics import icon
from dashboard.components.charts import chart
from dashboard.components.segment_cards import typeset
from dashboard.components.segment_words import made_with, number_word
from dashboard.queries.segments import SegmentsOfRun

_LEVELS = {
    "clear": ("use", "tick", "Clear groups"),
    "some": ("care", "warning", "Some structure"),
    "none": ("no", "barred", "No groups of their own"),
    "unknown": ("care", "warning", "Cannot be told"),
}
_TOLD = {
    "silhouette": ("Clearness of groups", "Silhouette, higher is better"),
    "spread": ("Spread inside groups", "Within-group sum of squares, the fewest segments are 100"),
}
_HEIGHT = 170


def evidence(shown: SegmentsOfRun, portrait: Mapping[str, Any], figures: Mapping[str, dict[str, Any]]) -> html.Details:
    """Draw the fold-out; ``figures`` are those of ``dashboard.figures.segments.draw_by_k``."""
    k = len(shown.segments)
    title = html.Summary(
        [html.H2(f"Why {number_word(k)} segments" if k > 1 else "Why one segment"), html.Span(_say(shown), className="say")]
    )
    drawn = html.Div([*_by_k(figures), _real_or_chance(shown, portrait)], className="evg")
    return html.Details(
        [title, _structure(shown, portrait), drawn, html.P(made_with(shown), className="note")], className="card ev", open=True
    )


def _say(shown: SegmentsOfRun) -> str:
    return typeset(shown.report["k_reason"])


def _structure(shown: SegmentsOfRun, portrait: Mapping[str, Any]) -> html.P:
    look, picture, words = _LEVELS[portrait["structure"]["level"]]
    sentence = str(shown.report["structure"]["verdict"]).partition(": ")[2] or shown.report["structure"]["verdict"]
    sentence = sentence.partition(" (silhouette")[0].rstrip(".") + "."
    return html.P([html.Span([icon(picture), words], className=f"badge {look}"), sentence[:1].upper() + sentence[1:]], className="level")


def _by_k(figures: Mapping[str, dict[str, Any]]) -> list[Any]:
    return [_figure(*_TOLD[name], name, figure) for name, figure in figures.items()]


def _figure(title: str, said: str, name: str, figure: dict[str, Any]) -> html.Div:
    tried = figure["data"][0]
    values = ", ".join(f"{k} segments {value:.3g}" for k, value in zip(tried["x"], tried["y"], strict=True))
    drawing = chart(f"segments-{name}", figure, f"{title} by number of segments: {values}", _HEIGHT)
    return html.Div([html.H3(title), html.P(said, className="xs dim"), drawing])


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
    return html.Div([html.Span(words), html.B(f"{value:.2f}"), html.Span(bar, className="track")], className="chance")
