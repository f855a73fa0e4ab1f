"""What a recipe will do before it does it: who stays out, how long it takes, whether it was run before, what keeps it from working."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dashboard.context import Context
from dashboard.formats import counted, whole
from dashboard.queries.cost import Cost, estimate_cost
from dashboard.queries.recipe_forms import Field, FilledForm, read_form
from dashboard.queries.recipes import Choices, Feature
from dashboard.versions.mix import with_mix
from dashboard.versions.reading import load_customers
from database.datasets import Dataset
from database.engine import read
from database.runs import NewRun, Run, find_run_by_recipe
from segmentation.errors import InvalidInputError
from segmentation.measures.mix import takes_mix
from segmentation.measures.recipe import MIN_CLUSTERS, Recipe
from segmentation.pipeline import ALGORITHM_VERSION


@dataclass(frozen=True)
class Preview:
    """A form and what would come of it; ``cost`` and ``known`` (the run that an equal recipe gave) only where it can work."""

    filled: FilledForm
    n_customers: int
    n_left_out: int
    cost: Cost | None = None
    known: Run | None = None


def preview_recipe(context: Context, dataset: Dataset, choices: Choices, form: Mapping[str, Any]) -> Preview:
    """Return what a form would do."""
    n_customers = dataset.facts.n_customers if dataset.facts else 0
    filled = read_form(form, choices, n_customers)
    n_left_out = choices.count_left_out(filled.features, str(form.get("missing")))
    if filled.recipe is None:
        return Preview(filled, n_customers, n_left_out)
    problem = _find_problem(context, dataset, filled, n_customers - _n_not_placed_at_first(filled, choices))
    if problem:
        return Preview(replace(filled, recipe=None, problems=dict([problem])), n_customers, n_left_out)
    cost = estimate_cost(context, filled.recipe, n_customers - n_left_out, len(filled.features))
    return Preview(filled, n_customers, n_left_out, cost, _find_known(context, dataset.id, filled.recipe))


def _n_not_placed_at_first(filled: FilledForm, choices: Choices) -> int:
    """Return how many customers the segments are made without: where gaps are filled within the segment, they join afterwards."""
    recipe = filled.checked()
    return choices.count_left_out(filled.features, "drop" if recipe.missing == "segment" else recipe.missing)


def _find_problem(context: Context, dataset: Dataset, filled: FilledForm, n_segmented: int) -> tuple[Field, InvalidInputError] | None:
    """Return what only the customers themselves can tell: nobody has all the features, or too few of them differ."""
    if n_segmented == 0:
        title = "Every customer lacks one of the chosen features."
        fix = 'Choose other features, or another way to fill the gaps under "Gaps".'
        return "features", InvalidInputError("nobody_to_segment", title, fix=fix)
    recipe = filled.checked()
    wanted = recipe.n_clusters or MIN_CLUSTERS
    if max(feature.n_distinct for feature in filled.features) - _n_lost(filled.features, dataset) >= wanted:
        return None
    n_different = _count_different(context, dataset, filled)
    if n_different >= wanted:
        return None
    if n_different < MIN_CLUSTERS:
        title = "All customers are alike in the chosen features, so there is nothing to segment."
        return "features", InvalidInputError("all_alike", title, fix="Choose other features.")
    title = f"{wanted} segments cannot be made: the chosen features tell only {counted(n_different, 'customer')} apart."
    fix = f"Choose {whole(n_different)} segments at most, or add a feature."
    return "k", InvalidInputError("too_many_segments", title, fix=fix)


def _n_lost(features: Sequence[Feature], dataset: Dataset) -> int:
    """Return how many different values could go with the customers who lack something, at most."""
    n_customers = dataset.facts.n_customers if dataset.facts else 0
    return round(sum(feature.missing for feature in features) * n_customers)


def _count_different(context: Context, dataset: Dataset, filled: FilledForm) -> int:
    customers, recipe = load_customers(context, dataset.id), filled.checked()
    catalogue = customers.catalogue(("number", "category"))
    catalogue = with_mix(context, customers, catalogue) if takes_mix(recipe) else catalogue
    frame = catalogue.frame[[feature.name for feature in filled.features]]
    kept = frame.dropna() if recipe.missing in ("drop", "segment") else frame
    return len(kept.drop_duplicates())


def _find_known(context: Context, dataset_id: str, recipe: Recipe) -> Run | None:
    new = NewRun(dataset_id, recipe.as_dict(), ALGORITHM_VERSION)
    with read(context.engine) as conn:
        return find_run_by_recipe(conn, dataset_id, new.recipe_hash, ALGORITHM_VERSION)
