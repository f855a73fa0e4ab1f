"""Recipes are kept under a name, changed and deleted; a run keeps the recipe it was made by, whatever becomes of the name."""

from __future__ import annotations

from datetime import datetime

from dashboard.context import Context, now
from database.engine import write
from database.recipes import NamedRecipe, add_recipe, change_recipe, delete_recipe
from segmentation.errors import InvalidInputError
from segmentation.measures.recipe import Recipe

LONGEST_NAME = 60


def save_recipe(context: Context, name: str, recipe: Recipe, author: str | None = None) -> NamedRecipe:
    """Keep a recipe under a new name."""
    checked = _checked(name)
    with write(context.engine) as conn:
        return add_recipe(conn, checked, recipe.as_dict(), now(), author)


def edit_recipe(
    context: Context, recipe_id: str, name: str | None = None, recipe: Recipe | None = None, seen: datetime | None = None
) -> NamedRecipe:
    """Give a kept recipe another name, or keep another one under its name; refused where it has changed since it was ``seen``."""
    checked = None if name is None else _checked(name)
    with write(context.engine) as conn:
        return change_recipe(conn, recipe_id, now(), checked, recipe.as_dict() if recipe else None, seen)


def drop_recipe(context: Context, recipe_id: str) -> NamedRecipe:
    """Delete a kept recipe; returns what it was, so that it can be kept again."""
    with write(context.engine) as conn:
        return delete_recipe(conn, recipe_id)


def _checked(name: str) -> str:
    known = " ".join(name.split())
    if not known:
        raise InvalidInputError("no_name", "The recipe has no name.", fix="Give it one.")
    if len(known) > LONGEST_NAME:
        raise InvalidInputError("name_too_long", f"The name has {len(known)} characters.", fix=f"Use {LONGEST_NAME} at most.")
    if not known.isprintable():
        raise InvalidInputError("bad_name", "The name holds a character that cannot be shown.", fix="Type it again.")
    return known
