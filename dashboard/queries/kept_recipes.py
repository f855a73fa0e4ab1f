"""The recipes that have a name, and whether each fits a dataset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dashboard.context import Context
from dashboard.queries.recipe_forms import find_lacking
from dashboard.queries.recipes import Choices
from database.engine import read
from database.recipes import NamedRecipe, list_recipes
from database.runs import NewRun
from segmentation.measures.recipe import SCENARIOS, Recipe
from segmentation.pipeline import ALGORITHM_VERSION


@dataclass(frozen=True)
class KeptRecipe:
    """A named recipe, and in words what it takes that the dataset does not have."""

    named: NamedRecipe
    recipe: Recipe
    lacking: Sequence[str]


def name_recipes(context: Context, kind: str) -> Mapping[str, str]:
    """Return what recipes are called, by their hash as a run of a kind of dataset has it."""
    with read(context.engine) as conn:
        return {_hash(each.recipe, kind): each.name for each in list_recipes(conn)}


def _hash(recipe: Mapping[str, Any], kind: str) -> str:
    """Return the hash of a run by a recipe: what is usual for the dataset goes without saying there."""
    is_usual = kind == "transactions" and recipe["scenario"] == "rfm"
    return NewRun("", {**recipe, "scenario": None} if is_usual else recipe, ALGORITHM_VERSION).recipe_hash


def as_kept(recipe: Recipe, form: Mapping[str, Any]) -> Recipe:
    """Return a recipe as it is kept: with the scenario that the form names, so that it means the same on any dataset."""
    return replace(recipe, scenario=form["scenario"]) if form["scenario"] in SCENARIOS else recipe


def list_kept(context: Context, choices: Choices) -> Sequence[KeptRecipe]:
    """Return all named recipes by name, as they fit a dataset."""
    with read(context.engine) as conn:
        named = list_recipes(conn)
    recipes = [Recipe.from_dict(each.recipe) for each in named]
    return [KeptRecipe(each, recipe, find_lacking(recipe, choices)) for each, recipe in zip(named, recipes, strict=True)]
