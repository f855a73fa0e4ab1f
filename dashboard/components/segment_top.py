"""The line on top of the page of segments: which run, which view, and what can be done with it."""

from __future__ import annotations

from collections.abc import Mapping

from dash import dcc, html

from dashboard.components.basics import aria, hidden, href, icon, menu
from dashboard.formats import counted, day
from dashboard.queries.datasets import Shown
from dashboard.queries.recipes import changes_in_words, recipe_in_words
from dashboard.queries.run_numbers import number_runs
from database.runs import Run
from segmentation.measures.filters import SEGMENT, read_filter, write_filter

VIEWS = (("", "Profile"), ("map", "Map"), ("boxes", "Box plots"))


def view_switch(path: str, query: Mapping[str, str], has_moves: bool) -> html.Div:
    """Draw the choice of view: links, so that each view has an address."""
    views = (*VIEWS, ("moved", "Moved")) if has_moves else VIEWS
    now = query.get("view", "") if query.get("view", "") in dict(views) else ""
    links = [
        dcc.Link(
            [words, hidden(" (shown now)") if name == now else None],
            href=href(path, {**query, "view": name}),
            className="on" if name == now else "",
        )
        for name, words in views
    ]
    return html.Div(links, className="seg2", role="group", **aria(label="View"))


def run_menu(shown: Shown, path: str, query: Mapping[str, str] | None = None) -> html.Details:
    """Draw the run shown as a button that opens the others of the dataset on a page, in the same view and with the same filter."""
    numbers = number_runs(shown.runs)
    runs = [(numbers[run.id], run) for run in shown.runs]
    number, run = next((number, run) for number, run in runs if shown.run and run.id == shown.run.id)
    what = html.Span(recipe_in_words(run.recipe, shown.dataset), className="name")
    label = [icon("studio"), what, html.Span(f"run {number}, {_when(run) if run.published_at else 'not published'}", className="mut opt")]
    kept = _kept(query or {})
    entries = [_entry(number, each, shown, path, kept) for number, each in runs]
    return menu(label, entries, "Choose a run", "run-menu")


def _kept(query: Mapping[str, str]) -> dict[str, str]:
    """Return what of the address holds for another run, too: a choice of segments does not, since each run has its own."""
    kept = {name: query[name] for name in ("view", "filter") if query.get(name)}
    if "filter" in kept:
        kept["filter"] = write_filter(read_filter(kept["filter"]).without((SEGMENT,)))
    return kept


def _entry(number: int, run: Run, shown: Shown, path: str, kept: Mapping[str, str]) -> dcc.Link:
    is_shown = shown.run is not None and run.id == shown.run.id
    n_segments = (run.report or {}).get("run", {}).get("n_clusters")
    facts = [counted(n_segments, "segment") if n_segments else None, *changes_in_words(run.recipe), _when(run)]
    words = f"Run {number}: {recipe_in_words(run.recipe, shown.dataset)}"
    inside = [html.Span([words, hidden(" (shown now)") if is_shown else None]), html.Small(", ".join(fact for fact in facts if fact))]
    to = href(path, {"dataset": run.dataset_id, "run": run.id, **kept})
    return dcc.Link(inside, href=to, className="on" if is_shown else "")


def _when(run: Run) -> str:
    if run.published_at:
        return f"published {day(run.published_at.date())}"
    return f"made {day((run.finished_at or run.created_at).date())}"
