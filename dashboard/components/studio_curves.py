"""How many segments: clearness and spread by the number of segments that were tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from dashboard.components.basics import card
from dashboard.components.charts import DataTable, Told, chart, chart_card
from dashboard.figures.studio import clearness_by_k, relative_spread, spread_by_k
from dashboard.formats import whole
from dashboard.queries.studio import RunLine, scores_around
from segmentation.measures.recipe import MAX_CLUSTERS, MIN_CLUSTERS

_CHART_HEIGHT = 222


def how_many_card(line: RunLine | None, lines: Sequence[RunLine]) -> html.Section:
    """Draw the criteria by the number of segments."""
    title = "How many segments?"
    if line is None:
        return card(title, html.P("The curves come with the first run.", className="none"), look="kc")
    report = (line.run.report or {})["run"]
    scores = scores_around(line, lines)
    if len(scores) < 2 or line.n_segments not in [score["k"] for score in scores]:
        words = f"Nothing to compare with. Choose automatic, and {MIN_CLUSTERS} to {MAX_CLUSTERS} segments are tried."
        return card(title, html.P(words, className="none"), f"Run {line.number}: {report['k_reason']}", look="kc")
    clearest = max(scores, key=lambda score: score["silhouette"])["k"]
    told = Told(
        title,
        f"Run {line.number}: {line.n_segments} chosen. "
        + ("There groups are clearest." if clearest == line.n_segments else f"Groups are clearest with {clearest}."),
        f"Silhouette: how much closer customers are to their own segment than to the next, n = {whole(report['n_segmented'])}. "
        f"Spread: 100 at {scores[0]['k']} segments.",
    )
    return chart_card(_curves(scores, line.n_segments), told, _numbers(scores), look="kc")


def _curves(scores: Sequence[Mapping[str, Any]], chosen: int) -> list[Any]:
    place = [score["k"] for score in scores].index(chosen)
    clear = f"Silhouette by number of segments: {scores[place]['silhouette']:.2f} at {chosen}"
    spread = f"Spread by number of segments, in percent of the first: {relative_spread(scores)[place]:.0f} at {chosen}"
    return [
        _head("Clearness of groups", "silhouette, higher is better"),
        chart("studio-clearness", clearness_by_k(scores, chosen), clear, _CHART_HEIGHT),
        _head("Spread inside groups", "look for the bend"),
        chart("studio-spread", spread_by_k(scores, chosen), spread, _CHART_HEIGHT),
    ]


def _numbers(scores: Sequence[Mapping[str, Any]]) -> DataTable:
    rows = [
        [str(score["k"]), f"{score['silhouette']:.3f}", f"{spread:.1f}", whole(score["smallest"])]
        for score, spread in zip(scores, relative_spread(scores), strict=True)
    ]
    return DataTable(("Segments", "Silhouette", "Spread", "Smallest segment"), rows)


def _head(words: str, hint: str) -> html.P:
    return html.P([html.B(words), html.Span(hint, className="dim xs")], className="kh")
