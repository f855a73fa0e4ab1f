"""Recipes under a name: the menu of them, and the place where one is kept, changed or deleted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard.components.basics import aria, button, hidden, href, icon, menu
from dashboard.formats import day
from dashboard.queries.kept_recipes import KeptRecipe
from dashboard.queries.recipes import recipe_in_words
from database.datasets import Dataset

LONGEST_NAME = 60


def deed_id(deed: str) -> dict[str, str]:
    """Return the id of a button that does something with a named recipe: keep, change or drop."""
    return {"type": "recipe-deed", "deed": deed}


def recipes_menu(kept: Sequence[KeptRecipe], shown: KeptRecipe | None, dataset: Dataset) -> html.Details | None:
    """Draw the named recipes; those that do not fit say what is missing."""
    if not kept:
        return None
    entries = [_entry(each, each is shown, dataset) for each in kept]
    return menu([hidden("Kept "), "Recipes"], entries, "Recipes that were kept under a name", "recipes-menu")


def _entry(kept: KeptRecipe, is_shown: bool, dataset: Dataset) -> Any:
    name = html.Span([kept.named.name, hidden(" (shown now)") if is_shown else None])
    if kept.lacking:
        return html.Div([name, html.Small(f"This dataset has no {' and no '.join(kept.lacking)}")], className="off")
    by = f", by {kept.named.author}" if kept.named.author else ""
    facts = f"{recipe_in_words(kept.recipe.as_dict(), dataset)}{by}, {day(kept.named.changed_at.date())}"
    to = href("/studio", {"dataset": dataset.id, "recipe": kept.named.id})
    return dcc.Link([name, html.Small(facts)], href=to, className="on" if is_shown else "")


def keeping(shown: KeptRecipe | None, name: str) -> html.Details:
    """Draw where the recipe of the form is kept under a name; one that has a name can be changed or deleted."""
    box = dbc.Input(id="recipe-name", value=name, maxLength=LONGEST_NAME)
    label = html.Label([html.Span("Name"), box], className="field")
    if shown:
        deeds = [
            button("Save changes", deed_id("change"), "small"),
            button("Keep as another", deed_id("keep"), "small"),
            button("Delete", deed_id("drop"), "small ghost"),
        ]
    else:
        deeds = [button("Keep", deed_id("keep"), "small")]
    summary = html.Summary("Keep this recipe" if shown is None else f"Change “{shown.named.name}”")
    told = html.Div(id="recipe-told", **aria(live="assertive"))
    return html.Details([summary, html.Div([label, html.Div(deeds, className="deeds")], className="keep"), told], className="more")


def dropped_note(name: str | None) -> html.P | None:
    """Say that a recipe was deleted, and how to have it back."""
    if not name:
        return None
    words = f"“{name[:LONGEST_NAME]}” is deleted. The form still holds it: to have it back, press Keep."
    return html.P([icon("info"), words], className="gone", role="status")
