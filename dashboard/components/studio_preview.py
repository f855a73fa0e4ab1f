"""What a recipe will do, said beside the form before it is started; and what keeps it from working, at the field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import dcc, html

from dashboard.components.basics import aria, href, icon
from dashboard.formats import counted, day, whole
from dashboard.queries.recipe_forms import Field, query_of
from dashboard.queries.recipe_preview import Preview
from segmentation.errors import AppError

EDITED = "edited"
"""Says in an address that the recipe beside it is what the form holds, whatever run or kept recipe is shown."""
FIELDS: tuple[Field, ...] = ("features", "k", "method", "more")


def said_id(field: Field) -> str:
    """Return the id of the place for what is wrong with a field."""
    return f"recipe-said-{field}"


def place_for(field: Field, preview: Preview) -> html.Div:
    """Draw the place below a field."""
    return html.Div(said_at(field, preview), id=said_id(field), className="at", **aria(live="polite"))


def said_at(field: Field, preview: Preview) -> Any:
    """Say what keeps a field from working; nothing where nothing does."""
    problem = preview.filled.problems.get(field)
    return _problem(problem) if problem else None


def _problem(problem: AppError) -> html.P:
    words = " ".join(part for part in (problem.title, problem.detail, problem.fix) if part)
    return html.P([icon("warning"), words], className="wrong")


def address_of(preview: Preview, beside: Mapping[str, Any]) -> str | None:
    """Return the address that brings the form back as it stands; None while it holds no recipe."""
    recipe = preview.filled.recipe
    return href("/studio", {**beside, **query_of(recipe), EDITED: "1"}) if recipe else None


def cost_words(preview: Preview) -> list[Any]:
    """Say whom the recipe leaves out and how long it takes, or that it was run before."""
    if preview.cost is None:
        return [html.P("It cannot start like this: see above.")] if preview.filled.problems else []
    n_segmented = preview.n_customers - preview.n_left_out
    who = f"All {counted(n_segmented, 'customer')}."
    if preview.n_left_out:
        why = "lacks a value and stays out" if preview.n_left_out == 1 else "lack a value and stay out"
        who = f"{whole(n_segmented)} of {counted(preview.n_customers, 'customer')}; {whole(preview.n_left_out)} {why}."
    return [html.P([html.Span(who), " ", *_time(preview)])]


def _time(preview: Preview) -> list[Any]:
    known, cost = preview.known, preview.cost
    if known:
        when = day((known.finished_at or known.created_at).date())
        link = dcc.Link("the result is there", href=href("/studio", {"dataset": known.dataset_id, "run": known.id}))
        return [f"Run before, on {when}: ", link, "."]
    if cost is None:
        return []
    basis = f"By {counted(cost.n_runs, 'run')} here" if cost.n_runs else "No run here yet: by measurements on another computer"
    return [html.Span(f"{_about(cost.seconds)}.", title=basis)]


def _about(seconds: float) -> str:
    if seconds < 1.5:
        return "About a second"
    if seconds < 90:
        rounded = round(seconds) if seconds < 10 else 5 * round(seconds / 5)
        return f"About {rounded} seconds"
    return f"About {round(seconds / 60)} minutes" if seconds < 5_400 else f"About {seconds / 3_600:.0f} hours"
