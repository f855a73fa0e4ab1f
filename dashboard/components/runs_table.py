"""The runs of a dataset as a table: what each was made of, how good it is, what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from dashboard.components.basics import aria, card, hidden, href, icon
from dashboard.components.progress import said, small_bar
from dashboard.formats import MISSING, day
from dashboard.queries.recipes import changes_in_words, recipe_in_words
from dashboard.queries.studio import Activity, RunLine
from database.datasets import Dataset
from database.jobs import Job

_VERDICTS = (("use", "use", "tick"), ("use with care", "care", "warning"), ("do not target", "no", "barred"))
_CLEAR = "Clearness of groups (silhouette): how much closer customers are to their own segment than to the next one, from −1 to 1"
_STABLE = "How many of a segment's customers stay together when the search is repeated on samples (mean Jaccard), from 0 to 1"
_AGREE = "How far the same customers are together in both runs (adjusted Rand index): 1 is the same, 0 is chance"


def runs_card(dataset: Dataset, lines: Sequence[RunLine], active: Activity | None) -> html.Section:
    """Draw the runs, the newest first; one that is on its way above them."""
    team = next((line for line in lines if line.is_published), None)
    rows = [_active_row(active, dataset, len(lines) + 1)] if active else []
    rows += [_row(line, dataset) for line in lines]
    if not rows:
        return card("Runs", html.P("No run yet. Choose features and press Find segments.", className="none"), look="hist")
    table = html.Table([html.Thead(html.Tr(_heads(team))), html.Tbody(rows)])
    return card("Runs", html.Div(table, className="tw", tabIndex=0, role="region", **aria(label="Runs of this dataset")), look="hist")


def _heads(team: RunLine | None) -> list[Any]:
    right: Any = {"scope": "col", "className": "r"}
    return [
        html.Th("Run", scope="col"),
        html.Th("When", scope="col"),
        html.Th("Recipe", scope="col"),
        html.Th("Segments", **right),
        html.Th("Clearness", title=_CLEAR, **right),
        html.Th("Stability", title=_STABLE, **right),
        html.Th(f"Agreement with {team.number}" if team else "Agreement", title=_AGREE, **right),
        html.Th("Segments to use", scope="col"),
        html.Th(hidden("What you can do"), scope="col"),
    ]


def _row(line: RunLine, dataset: Dataset) -> html.Tr:
    run = line.run
    changes = ", ".join(changes_in_words(run.recipe))
    recipe = [html.B(recipe_in_words(run.recipe, dataset)), html.Span(changes, className="dim xs") if changes else None]
    return html.Tr(
        [
            html.Th(str(line.number), scope="row"),
            html.Td(day((run.finished_at or run.created_at).date())),
            html.Td(recipe),
            html.Td([str(line.n_segments), html.Span(" by hand", className="dim xs") if run.recipe["n_clusters"] else None], className="r"),
            *(html.Td(_figure(value), className="r") for value in (line.silhouette, line.stability, line.agreement)),
            html.Td([_verdict(line, *verdict) for verdict in _VERDICTS]),
            html.Td(_deeds(line, dataset), className="r"),
        ]
    )


def _figure(value: float | None) -> str:
    return MISSING if value is None else f"{value:.2f}".replace("-", "−")


def _verdict(line: RunLine, verdict: str, look: str, icon_name: str) -> html.Span:
    count = line.verdicts.get(verdict, 0)
    return html.Span([icon(icon_name), str(count), hidden(f" {verdict} ")], className=f"vm {look}", title=f"{verdict}: {count}")


def _deeds(line: RunLine, dataset: Dataset) -> list[Any]:
    see = dcc.Link(
        ["See", hidden(f" run {line.number}")], href=href("/segments", {"dataset": dataset.id, "run": line.run.id}), className="lk"
    )
    if line.is_published:
        return [html.Span([icon("lock"), "Published"], className="pubd", title="What every page shows"), see]
    name = {"type": "publish", "run": line.run.id}
    return [html.Button(["Publish", hidden(f" run {line.number}")], id=name, type="button", className="lk", n_clicks=0), see]


def _active_row(activity: Activity, dataset: Dataset, number: int) -> html.Tr:
    job: Job = activity.job
    recipe = job.params["recipe"]
    return html.Tr(
        [
            html.Th(str(number), scope="row"),
            html.Td("now"),
            html.Td(html.B(recipe_in_words(recipe, dataset))),
            html.Td(str(recipe["n_clusters"] or "automatic"), className="r"),
            html.Td([small_bar(job.progress), html.Span(said(activity), className="xs mut")], colSpan=4),
            html.Td(),
        ],
        className="cur",
    )
