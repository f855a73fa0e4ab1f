"""The recipe: as a form to fill in, or as what a run is being made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard.components.basics import aria, button, card, icon
from dashboard.components.studio_features import feature_picker
from dashboard.components.studio_preview import cost_words, place_for
from dashboard.components.studio_recipes import keeping, recipes_menu
from dashboard.formats import whole
from dashboard.queries.kept_recipes import KeptRecipe
from dashboard.queries.recipe_forms import form_of
from dashboard.queries.recipe_preview import Preview
from dashboard.queries.recipes import METHOD_WORDS, OWN, SCENARIO_WORDS, Choices, changes_in_words, recipe_in_words
from dashboard.queries.studio import FeatureWorth
from database.datasets import Dataset
from segmentation.measures.recipe import MAX_CHOSEN_CLUSTERS, MAX_CLUSTERS, MIN_CLUSTERS, Recipe

_TRANSFORMS = (
    ("auto", "Log where skewed", "log(1 + x / middle value) where the skewness is above 1"),
    ("none", "As they are", "no transform"),
    ("log", "Log of all", "log(1 + x)"),
    ("yeo-johnson", "Bell curve", "Yeo-Johnson"),
)
_CAPS = (("off", "Count in full", "no capping"), ("0.99", "Cap the top 1%", "capped at the 99 % quantile"))
_GAPS = (
    ("drop", "Leave out", "customers without a value are not segmented"),
    ("median", "Fill with the middle", "median"),
    ("similar", "Fill from similar people", "median of the ten most alike"),
    ("segment", "Fill within the segment", "median of the nearest segment"),
)
_FEW = range(MIN_CLUSTERS, MAX_CLUSTERS + 1)


def control_id(name: str) -> dict[str, str]:
    """Return the id of one control of the form."""
    return {"type": "recipe", "name": name}


@dataclass(frozen=True)
class FormFacts:
    """What the form is filled in with and says: the recipe, what it would do, what its features were worth, and the named recipes."""

    recipe: Recipe
    preview: Preview
    worth: Mapping[str, FeatureWorth]
    kept: Sequence[KeptRecipe]
    shown: KeptRecipe | None = None
    name: str = ""
    can_run: bool = True


def recipe_form(choices: Choices, dataset: Dataset, facts: FormFacts) -> html.Section:
    """Draw the form, filled in with a recipe."""
    values = form_of(facts.recipe, choices)
    scenario, k = values["scenario"], facts.recipe.n_clusters
    scenarios = [_scenario_option(name, choices) for name in (*choices.scenarios, OWN)]
    body = [
        dcc.Store(id="recipe-scenarios", data=_scenario_facts(choices)),
        _select("scenario", "Features", scenarios, scenario),
        html.P(_note(choices, scenario), id="recipe-note", className="hint"),
        feature_picker(choices.features, values["features"], facts.worth, control_id("features")),
        place_for("features", facts.preview),
        _select("k", "Segments", _numbers_of_segments(), "auto" if k is None else str(k) if k in _FEW else "more"),
        _more_segments(k),
        place_for("k", facts.preview),
        _select("method", "Method", [(name, words, term) for name, (words, term) in METHOD_WORDS.items()], facts.recipe.method),
        place_for("method", facts.preview),
        _select("transform", "Numbers", _TRANSFORMS, facts.recipe.transform),
        _select("cap", "Extremes", _CAPS, values["cap"]),
        _select("missing", "Gaps", _GAPS, facts.recipe.missing),
        _more(facts.recipe.seed),
        place_for("more", facts.preview),
        html.Div(cost_words(facts.preview), id="recipe-cost", className="cost", **aria(live="polite")),
        html.Div(id="recipe-problem", **aria(live="assertive")),
        *_deeds(facts),
    ]
    said = f"“{facts.shown.named.name}”" if facts.shown else "What makes customers alike?"
    return card("Recipe", body, said, look="rec", actions=recipes_menu(facts.kept, facts.shown, dataset))


def _deeds(facts: FormFacts) -> list[Any]:
    if not facts.can_run:
        return [html.P("You may look at recipes here, not start them. Ask whoever gives access.", className="hint")]
    start = button("Find segments", "recipe-start", "primary", "play")
    return [start, keeping(facts.shown, facts.shown.named.name if facts.shown else facts.name)]


def _scenario_option(name: str, choices: Choices) -> tuple[str, str, str]:
    """Return a scenario for the menu; one of which the dataset has nothing says so."""
    absent = choices.absent.get(name, ())
    lacks = f"needs {', '.join(absent)}" if absent else "no number tells customers apart"
    if name != OWN and not choices.scenarios[name]:
        return name, f"{SCENARIO_WORDS[name]}: {lacks}", ""
    return name, SCENARIO_WORDS[name], ""


def locked_recipe(recipe: Mapping[str, Any], choices: Choices, dataset: Dataset) -> html.Section:
    """Draw the recipe of a run on its way: to read, not to change."""
    features = choices.chosen(Recipe.from_dict(recipe))
    k = recipe["n_clusters"]
    facts = [
        ("Customers", whole(dataset.facts.n_customers if dataset.facts else None)),
        ("Method", METHOD_WORDS[recipe["method"]][0]),
        ("Segments", str(k) if k else f"automatic, {MIN_CLUSTERS} to {MAX_CLUSTERS}"),
        *((("Also", ", ".join(changes)),) if (changes := changes_in_words({**recipe, "method": "kmeans"})) else ()),
    ]
    rows = html.Dl([html.Div([html.Dt(name), html.Dd(words)]) for name, words in facts], className="rd")
    title = html.H3(["Features ", html.Span(f"{len(features)} of {len(choices.features)}")])
    listed = html.Ul(
        [html.Li([html.Span([icon("tick"), feature.label]), html.Em(feature.unit or "")]) for feature in features], className="fe"
    )
    lock = html.Span([icon("lock"), "locked"], className="lockd")
    return card("Recipe", [rows, title, listed], recipe_in_words(recipe, dataset), look="rec", actions=lock)


def _scenario_facts(choices: Choices) -> dict[str, Any]:
    """Return what the browser needs to follow the menu: features and note of each scenario, and which features hold words."""
    return {
        "features": {name: list(features) for name, features in choices.scenarios.items()},
        "notes": {name: _note(choices, name) for name in (*choices.scenarios, OWN)},
        "categories": [feature.name for feature in choices.features if feature.kind == "category"],
    }


def _note(choices: Choices, scenario: str) -> str:
    absent = choices.absent.get(scenario, ())
    if absent:
        return f"This dataset has no {' and no '.join(absent)}."
    return {"rfm": "Recency, frequency, spend.", "all": "Every number that tells customers apart."}.get(scenario, "")


def _numbers_of_segments() -> list[tuple[str, str, str]]:
    few = [(str(k), str(k), "") for k in _FEW]
    return [("auto", f"Automatic, {MIN_CLUSTERS} to {MAX_CLUSTERS}", "several criteria vote"), *few, ("more", "Another number", "")]


def _select(name: str, words: str, options: Sequence[tuple[str, str, str]], value: str) -> html.Label:
    entries = [{"value": key, "label": label, "title": told} for key, label, told in options]
    terms = "; ".join(f"{label}: {told}" for _, label, told in options if told)
    return html.Label(
        [html.Span(words), dbc.Select(id=control_id(name), options=entries, value=value)], className="field", title=terms or None
    )


def _more_segments(k: int | None) -> html.Label:
    value = k if k is not None and k not in _FEW else None
    box = dbc.Input(id=control_id("other_k"), type="number", min=2, max=MAX_CHOSEN_CLUSTERS, step=1, value=value, placeholder="10")
    return html.Label([html.Span(f"How many, 2 to {MAX_CHOSEN_CLUSTERS}"), box], className="field other-k")


def _more(seed: int) -> html.Details:
    box = dbc.Input(id=control_id("seed"), type="number", min=0, step=1, value=seed)
    label = html.Label([html.Span("Starting point"), box], className="field", title="Random seed: another one starts the search elsewhere")
    return html.Details([html.Summary("More"), label], className="more")
