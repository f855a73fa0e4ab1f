"""What a finished run found, and how the number of segments came about."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.components.basics import card, href, link_button
from dashboard.components.charts import DataTable, Told, chart, chart_card
from dashboard.figures.studio import clearness_by_k, relative_spread, spread_by_k
from dashboard.formats import counted, day, whole
from dashboard.queries.recipes import recipe_in_words
from dashboard.queries.studio import RunLine
from database.datasets import Dataset


def result_card(line: RunLine, dataset: Dataset) -> html.Section:
    """Draw the run that is shown while none is on its way."""
    when = day((line.run.finished_at or line.run.created_at).date())
    finding = f"{recipe_in_words(line.run.recipe, dataset)}, {when}{', published' if line.is_published else ''}."
    return card(f"Run {line.number}", result(line, dataset), finding, look="run")


def result(line: RunLine, dataset: Dataset) -> html.Div:
    """Say what a run found, with the way to its segments."""
    report = (line.run.report or {})["run"]
    n_left = (dataset.facts.n_customers if dataset.facts else 0) - report["n_segmented"]
    gaps = f" {counted(n_left, 'customer')} could not be placed for want of a value." if n_left else ""
    words = [
        html.P([html.B(counted(line.n_segments, "segment")), f" of {counted(report['n_segmented'], 'customer')}.{gaps}"]),
        html.P(report["k_reason"]),
        html.P(report["structure"]["verdict"]),
        html.Ul([_segment(segment) for segment in report["segments"]], className="found"),
    ]
    to = href("/segments", {"dataset": dataset.id, "run": line.run.id})
    return html.Div(
        [html.Div(words, className="sofar"), html.P(link_button("See the segments", to, "primary"), className="on")], className="res"
    )


def _segment(segment: dict[str, Any]) -> html.Li:
    return html.Li([html.Span(segment["name"]), html.Em(counted(segment["size"], "customer"))])


def how_many_card(line: RunLine | None) -> html.Section:
    """Draw the criteria by the number of segments."""
    title = "How many segments?"
    if line is None:
        return card(title, html.P("The curves come with the first run.", className="none"), look="kc")
    report = (line.run.report or {})["run"]
    scores = [score for score in report["k_scores"] if score["silhouette"] is not None]
    chosen = line.n_segments
    if len(scores) < 2 or chosen not in [score["k"] for score in scores]:
        said = f"Run {line.number}: {report['k_reason']}"
        words = "Nothing was compared: the number was given. Choose “Automatic” to have 2 to 8 tried."
        return card(title, html.P(words, className="none"), said, look="kc")
    clear = max(scores, key=lambda score: score["silhouette"])["k"]
    own = next(score for score in scores if score["k"] == chosen)
    spread = dict(zip([score["k"] for score in scores], relative_spread(scores), strict=True))
    first = scores[0]["k"]
    finding = f"Run {line.number}: {chosen} were chosen; groups are clearest with {clear}."
    told = Told(
        title,
        finding,
        f"Silhouette: how much closer customers are to their own segment than to the next, n = {whole(report['n_segmented'])}. "
        f"Spread: 100 at {first} segments.",
    )
    heads = (
        _head("Clearness of groups", "silhouette, higher is better"),
        chart(
            "studio-clearness",
            clearness_by_k(scores, chosen),
            f"Silhouette by number of segments: {own['silhouette']:.2f} at {chosen}",
            170,
        ),
        _head("Spread inside groups", "look for the bend"),
        chart("studio-spread", spread_by_k(scores, chosen), f"Spread by number of segments: {spread[chosen]:.0f} at {chosen}", 170),
    )
    rows = [[str(score["k"]), f"{score['silhouette']:.3f}", f"{spread[score['k']]:.1f}", whole(score["smallest"])] for score in scores]
    data = DataTable(("Segments", "Silhouette", "Spread", "Smallest segment"), rows)
    return chart_card(list(heads), told, data, look="kc")


def _head(words: str, hint: str) -> html.P:
    return html.P([html.B(words), html.Span(hint, className="dim xs")], className="kh")
