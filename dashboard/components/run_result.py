"""What a finished run found, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dash import dcc, html

from dashboard.components.basics import card, href, link_button
from dashboard.formats import counted, day, percent
from dashboard.queries.recipe_forms import query_of
from dashboard.queries.recipes import recipe_in_words
from dashboard.queries.studio import RunLine
from database.datasets import Dataset
from database.runs import Segment
from segmentation.measures.recipe import Recipe

_MOST_LISTED = 10
_WORTH = "How much of the grouping goes when a feature is mixed up among the customers (1 − adjusted Rand index)"


def result_card(line: RunLine, segments: Sequence[Segment], dataset: Dataset) -> html.Section:
    """Draw the run that is shown while none is on its way."""
    when = day((line.run.finished_at or line.run.created_at).date())
    finding = f"{recipe_in_words(line.run.recipe, dataset)}, {when}{', published' if line.is_published else ''}."
    return card(f"Run {line.number}", result(line, segments, dataset), finding, look="run")


def resting(line: RunLine) -> html.Div | None:
    """Draw what the segments rest on, feature by feature, and lead to the recipe without what carries nothing."""
    worth = (line.run.report or {})["run"].get("worth")
    if not worth or not worth["sentences"]:
        return None
    words: list[Any] = [" ".join(worth["sentences"])]
    needed = [each["name"] for each in worth["features"] if each["is_needed"]]
    if 0 < len(needed) < len(worth["features"]):
        recipe = Recipe.from_dict(line.run.recipe)
        kept = {name: quantile for name, quantile in recipe.cap.items() if name in needed}
        lighter = replace(recipe, features=tuple(needed), scenario=None, cap=kept)
        words += [" ", dcc.Link("Fill in the form without", href=href("/studio", {"dataset": line.run.dataset_id, **query_of(lighter)}))]
    title = html.H3("What the segments rest on", title=_WORTH)
    return html.Div([title, html.Ul([_worth(each) for each in worth["features"][:_MOST_LISTED]]), html.P(words)], className="rests")


def _worth(told: Mapping[str, Any]) -> html.Li:
    label = f"{told['label'][:1].upper()}{told['label'][1:]}"
    bar = html.I(style={"width": f"{max(1.0, 100 * told['change']):.0f}%"})
    look = "" if told["is_needed"] else "idle"
    return html.Li([html.Span(label, title=label), html.Span(bar), html.Em(percent(told["change"]))], className=look)


def result(line: RunLine, segments: Sequence[Segment], dataset: Dataset) -> html.Div:
    """Say what a run found, with the way to its segments."""
    report = (line.run.report or {})["run"]
    n_left = (dataset.facts.n_customers if dataset.facts else 0) - report["n_segmented"]
    gaps = f" {counted(n_left, 'customer')} could not be placed for want of a value." if n_left else ""
    words = [
        html.P(report["k_reason"]),
        html.P(report["structure"]["verdict"]),
        html.Ul(_listed(segments), className="found"),
        html.P(f"Of {counted(report['n_segmented'], 'customer')}.{gaps}", className="xs"),
    ]
    to = href("/segments", {"dataset": dataset.id, "run": line.run.id})
    return html.Div(
        [html.Div(words, className="sofar"), resting(line), html.P(link_button("See the segments", to), className="on")], className="res"
    )


def _listed(segments: Sequence[Segment]) -> list[html.Li]:
    """Draw the first few; all of them are on their own page."""
    few = segments if len(segments) <= _MOST_LISTED else segments[: _MOST_LISTED - 1]
    listed = [html.Li([html.Span(segment.name), html.Em(counted(segment.size, "customer"))]) for segment in few]
    n_left = len(segments) - len(few)
    return [*listed, html.Li(f"and {n_left} more")] if n_left else listed
