"""How many segments: clearness and spread by the number of segments that were tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard.components.basics import card
from dashboard.components.charts import DataTable, Told, chart, chart_card
from dashboard.formats import whole
from dashboard.queries.studio import RunLine
from segmentation.measures.recipe import MAX_CLUSTERS, MIN_CLUSTERS

_CHART_HEIGHT = 222


@dataclass(frozen=True)
class Curves:
    """The criteria by the number of segments: as numbers (``spread`` in percent of the first), and drawn."""

    scores: Sequence[Mapping[str, Any]]
    spread: Sequence[float]
    clearness_figure: dict[str, Any]
    spread_figure: dict[str, Any]


def how_many_card(line: RunLine | None, curves: Curves | None) -> html.Section:
    """Draw the criteria by the number of segments; None where one number alone was tried."""
    title = "How many segments?"
    if line is None:
        return card(title, html.P("The curves come with the first run.", className="none"), look="kc")
    report = (line.run.report or {})["run"]
    if curves is None:
        words = f"Nothing to compare with. Choose automatic, and {MIN_CLUSTERS} to {MAX_CLUSTERS} segments are tried."
        return card(title, html.P(words, className="none"), f"Run {line.number}: {report['k_reason']}", look="kc")
    scores = curves.scores
    clearest = max(scores, key=lambda score: score["silhouette"])["k"]
    told = Told(
        title,
        f"Run {line.number}: {line.n_segments} chosen. "
        + ("There groups are clearest." if clearest == line.n_segments else f"Groups are clearest with {clearest}."),
        f"Silhouette: how much closer customers are to their own segment than to the next, n = {whole(report['n_segmented'])}. "
        f"Spread: 100 at {scores[0]['k']} segments.",
    )
    return chart_card(_charts(curves, line.n_segments), told, _numbers(curves), look="kc")


def _charts(curves: Curves, chosen: int) -> list[Any]:
    place = [score["k"] for score in curves.scores].index(chosen)
    clear = f"Silhouette by number of segments: {curves.scores[place]['silhouette']:.2f} at {chosen}"
    spread = f"Spread by number of segments, in percent of the first: {curves.spread[place]:.0f} at {chosen}"
    return [
        _head("Clearness of groups", "silhouette, higher is better"),
        chart("studio-clearness", curves.clearness_figure, clear, _CHART_HEIGHT),
        _head("Spread inside groups", "look for the bend"),
        chart("studio-spread", curves.spread_figure, spread, _CHART_HEIGHT),
    ]


def _numbers(curves: Curves) -> DataTable:
    rows = [
        [str(score["k"]), f"{score['silhouette']:.3f}", f"{spread:.1f}", whole(score["smallest"])]
        for score, spread in zip(curves.scores, curves.spread, strict=True)
    ]
    return DataTable(("Segments", "Silhouette", "Spread", "Smallest segment"), rows)


def _head(words: str, hint: str) -> html.P:
    return html.P([html.B(words), html.Span(hint, className="dim xs")], className="kh")
