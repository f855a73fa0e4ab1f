"""Recipes under a name: to segment any dataset by."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from dashboard.api.routes import Asked, Routes, author
from dashboard.api.runs import RecipeChoices
from dashboard.context import Context
from dashboard.workflows.recipes import drop_recipe, edit_recipe, save_recipe
from database import recipes as store
from database.engine import read

routes = Routes()


class RecipeOrder(Asked):
    """A recipe to keep under a name, which no other has."""

    name: str
    recipe: RecipeChoices = RecipeChoices()


class RecipeChanges(Asked):
    """Another name, or another recipe under it; what is left out stays."""

    name: str | None = None
    recipe: RecipeChoices | None = None


class RecipeAnswer(BaseModel):
    """A recipe with its name."""

    recipe_id: str
    name: str
    recipe: dict[str, Any]
    author: str | None
    created_at: datetime
    changed_at: datetime


class RecipeList(BaseModel):
    """All recipes by name."""

    recipes: list[RecipeAnswer]


@routes.add("GET /recipes", "All recipes with a name", "see", {RecipeList: 200})
def list_recipes(context: Context) -> RecipeList:
    """Return all recipes."""
    with read(context.engine) as conn:
        return RecipeList(recipes=[_answer(each) for each in store.list_recipes(conn)])


@routes.add("POST /recipes", "Keep a recipe under a name", "run", {RecipeAnswer: 201})
def add_recipe(context: Context, body: RecipeOrder) -> RecipeAnswer:
    """Keep a recipe; it fits any dataset that has its features."""
    return _answer(save_recipe(context, body.name, body.recipe.as_recipe(), author()))


@routes.add("GET /recipes/<recipe_id>", "A recipe", "see", {RecipeAnswer: 200})
def get_recipe(context: Context, recipe_id: str) -> RecipeAnswer:
    """Return one recipe."""
    with read(context.engine) as conn:
        return _answer(store.load_recipe(conn, recipe_id))


@routes.add("PATCH /recipes/<recipe_id>", "Rename or change a recipe", "run", {RecipeAnswer: 200})
def change_recipe(context: Context, recipe_id: str, body: RecipeChanges) -> RecipeAnswer:
    """Change the name or the recipe; runs that were made by it stay as they are."""
    return _answer(edit_recipe(context, recipe_id, body.name, body.recipe.as_recipe() if body.recipe else None))


@routes.add("DELETE /recipes/<recipe_id>", "Delete a recipe", "run", {None: 204})
def delete_recipe(context: Context, recipe_id: str) -> None:
    """Delete a recipe; runs that were made by it stay."""
    drop_recipe(context, recipe_id)


def _answer(kept: store.NamedRecipe) -> RecipeAnswer:
    names = ("name", "recipe", "author", "created_at", "changed_at")
    return RecipeAnswer(recipe_id=kept.id, **{name: getattr(kept, name) for name in names})
