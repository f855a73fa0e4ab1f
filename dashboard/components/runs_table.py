"""The runs of a dataset as a table: what each was made of, how good it is, what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dash import dcc, html

from dashboard.components.basics import aria, card, hidden, href, icon, link_button
from dashboard.components.progress import said, small_bar
from dashboard.formats import MISSING, day
from dashboard.queries.recipes import changes_in_words, feature_words, recipe_in_words
from dashboard.queries.run_numbers import next_number
from dashboard.queries.studio import Activity, RunLine
from database.datasets import Dataset
from database.jobs import Job
from database.runs import Run
from segmentation.measures.recipe import SCENARIOS

_VERDICTS = (("use", "use", "tick"), ("use with care", "care", "warning"), ("do not target", "no", "barred"))
_CLEAR = "Clearness of groups (silhouette): how much closer customers are to their own segment than to the next one, from −1 to 1"
_STABLE = "How many of a segment's customers stay together when the search is repeated on samples (mean Jaccard), from 0 to 1"
_AGREE = "How far the same customers are together in both runs (adjusted Rand index): 1 is the same, 0 is chance"
_AGREE_WITH_NONE = f"{_AGREE}. No run is the team’s yet: publish one, and the others are laid beside it"


FEW_RUNS = 12
"""So many are shown before somebody asks for all."""


@dataclass(frozen=True)
class RunsView:
    """How the table is looked at: what it is sorted by, whether all runs are shown, what else the address says, what recipes are called."""

    sort: str = ""
    is_all: bool = False
    beside: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    can_edit: bool = True
    can_delete: bool = True


_SORTS: Mapping[str, Callable[[RunLine], Any]] = {
    "recipe": lambda line: sorted(str(value) for value in (line.run.recipe["scenario"], *line.run.recipe["features"])),
    "segments": lambda line: -line.n_segments,
    "clearness": lambda line: -(line.silhouette if line.silhouette is not None else -2),
    "stability": lambda line: -(line.stability if line.stability is not None else -2),
    "agreement": lambda line: -(line.agreement if line.agreement is not None else 2 if line.is_published else -2),
    "verdict": lambda line: tuple(-line.verdicts.get(verdict, 0) for verdict, _, _ in _VERDICTS),
}
"""What the runs can be sorted by, beside the newest first: the best first."""


def runs_card(dataset: Dataset, lines: Sequence[RunLine], active: Activity | None, view: RunsView) -> html.Section:
    """Draw the runs, the newest first unless another order is asked for; one that is on its way above them."""
    team = next((line for line in lines if line.is_published), None)
    sort = _SORTS.get(view.sort)
    ordered = sorted(lines, key=sort) if sort else list(lines)
    shown = ordered if view.is_all else ordered[:FEW_RUNS]
    rows = [_active_row(active, dataset, next_number([line.run for line in lines]))] if active else []
    rows += [_row(line, dataset, team, view) for line in shown]
    if not rows:
        return card("Runs", html.P("No run yet. Choose features and press Find segments.", className="none"), look="hist")
    table = html.Table([html.Thead(html.Tr(_heads(team, dataset, view))), html.Tbody(rows)])
    body: list[Any] = [html.Div(table, className="tw", tabIndex=0, role="region", **aria(label="Runs of this dataset"))]
    if len(shown) < len(ordered):
        to = href("/studio", {"dataset": dataset.id, **view.beside, "sort": view.sort, "runs": "all"})
        body.append(dcc.Link(f"Show all {len(ordered)} runs", href=to, className="lk all"))
    return card("Runs", body, look="hist", actions=_compare_two(lines, team, dataset))


def _compare_two(lines: Sequence[RunLine], team: RunLine | None, dataset: Dataset) -> dcc.Link | None:
    """Lead to the newest run beside the team's, or beside the one before."""
    if len(lines) < 2:
        return None
    first = team or lines[1]
    second = next(line for line in lines if line is not first)
    to = href("/studio", {"dataset": dataset.id, "compare": first.run.id, "with": second.run.id})
    return link_button("Compare two", to, icon_name="compare")


def _heads(team: RunLine | None, dataset: Dataset, view: RunsView) -> list[Any]:
    def head(words: str, sort: str, title: str = "", right: bool = True) -> html.Th:
        is_now = view.sort == sort
        to = href("/studio", {"dataset": dataset.id, **view.beside, "sort": sort, "runs": "all" if view.is_all else None})
        link = dcc.Link([words, icon("down") if is_now else None], href=to, title=title or None)
        order = aria(sort="ascending" if is_now and sort in ("", "recipe") else "descending") if is_now else {}
        return html.Th(link, scope="col", className="r" if right else None, **order)

    return [
        html.Th("Run", scope="col"),
        head("When", "", "The newest first", right=False),
        head("Recipe", "recipe", right=False),
        head("Segments", "segments"),
        head("Clearness", "clearness", _CLEAR),
        head("Stability", "stability", _STABLE),
        head(f"Agreement with {team.number}" if team else "Agreement", "agreement", _AGREE if team else _AGREE_WITH_NONE),
        head("Segments to use", "verdict", "Use, use with care, do not target", right=False),
        html.Th(hidden("What you can do"), scope="col"),
    ]


def _row(line: RunLine, dataset: Dataset, team: RunLine | None, view: RunsView) -> html.Tr:
    run = line.run
    name = view.names.get(run.recipe_hash)
    changes = ", ".join([*([recipe_in_words(run.recipe, dataset)] if name else []), *changes_in_words(run.recipe), *_lacking(run)])
    recipe = [html.B(name or recipe_in_words(run.recipe, dataset)), html.Span(changes, className="dim xs") if changes else None]
    when = [day((run.finished_at or run.created_at).date()), html.Span(f"by {run.author}", className="dim xs") if run.author else None]
    by_hand = html.Span(" by hand", className="dim xs") if run.recipe["n_clusters"] else None
    return html.Tr(
        [
            html.Th(str(line.number), scope="row"),
            html.Td(when),
            html.Td(recipe),
            html.Td([str(line.n_segments), by_hand], className="r"),
            *(html.Td(_figure(value), className="r") for value in (line.silhouette, line.stability, line.agreement)),
            html.Td([_verdict(line, *verdict) for verdict in _VERDICTS]),
            html.Td(_deeds(line, team, view), className="r deeds"),
        ]
    )


def _lacking(run: Run) -> list[str]:
    """Say which features of its scenario a run did without."""
    used = (run.report or {})["run"]["features"]
    lacking = [feature_words(name) for name in SCENARIOS.get(run.recipe["scenario"] or "", ()) if name not in used]
    return [f"without {', '.join(lacking)}"] if lacking else []


def _figure(value: float | None) -> str:
    return MISSING if value is None else f"{value:.2f}".replace("-", "−")


def _verdict(line: RunLine, verdict: str, look: str, icon_name: str) -> html.Span:
    count = line.verdicts.get(verdict, 0)
    return html.Span([icon(icon_name), str(count), hidden(f" {verdict} ")], className=f"vm {look}", title=f"{verdict}: {count}")


def _deeds(line: RunLine, team: RunLine | None, view: RunsView) -> list[Any]:
    dataset, said = line.run.dataset_id, hidden(f" run {line.number}")
    see = dcc.Link(["See", said], href=href("/segments", {"dataset": dataset, "run": line.run.id}), className="lk")
    if line.is_published:
        return [html.Span([icon("lock"), "Published"], className="pubd", title="What every page shows"), see]
    found: list[Any] = []
    if team:
        to = href("/studio", {"dataset": dataset, "compare": team.run.id, "with": line.run.id})
        found.append(dcc.Link(["Compare", said], href=to, className="lk", title=f"Beside run {team.number}, which is the team’s"))
    if view.can_edit:
        words = "Restore" if team and line.number < team.number else "Publish"
        name = {"type": "publish", "run": line.run.id}
        found.append(html.Button([words, said], id=name, type="button", className="lk", n_clicks=0, title="Make it what every page shows"))
    return [*found, see, *([_removal(line, said)] if view.can_delete else [])]


def _removal(line: RunLine, said: html.Span) -> html.Details:
    """Draw a bin that asks once more."""
    name = {"type": "drop-run", "run": line.run.id}
    sure = [
        html.P(f"Delete run {line.number} for good? The others keep their numbers."),
        html.Button(["Delete", said], id=name, type="button", className="btn danger", n_clicks=0),
    ]
    summary = html.Summary(icon("bin"), className="ib", title="Delete this run", **aria(label=f"Delete run {line.number}"))
    return html.Details([summary, html.Div(sure, className="sure")], className="menu removal")


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
