"""The recipe: as a form to fill in, or as what a run is being made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard.components.basics import aria, button, card, icon
from dashboard.formats import percent, whole
from dashboard.queries.recipes import METHOD_WORDS, OWN, SCENARIO_WORDS, Choices, Feature, changes_in_words, recipe_in_words
from database.datasets import Dataset
from segmentation.measures.recipe import MAX_CHOSEN_CLUSTERS, MAX_CLUSTERS, MIN_CLUSTERS, Recipe

_TRANSFORMS = (
    ("auto", "Log where skewed", "log(1 + x) where the skewness is above 1"),
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


def recipe_form(choices: Choices, recipe: Recipe, problem: Any = None) -> html.Section:
    """Draw the form, filled in with a recipe."""
    scenario = scenario_of(recipe, choices)
    chosen = list(recipe.features) or list(choices.scenarios.get(scenario, ()))
    k = recipe.n_clusters
    body = [
        dcc.Store(id="recipe-scenarios", data=_scenario_facts(choices)),
        _select("scenario", "Features", [(name, SCENARIO_WORDS[name], "") for name in (*choices.scenarios, OWN)], scenario),
        html.P(_note(choices, scenario), id="recipe-note", className="hint"),
        _features(choices.features, chosen),
        _select("k", "Segments", _numbers_of_segments(), "auto" if k is None else str(k) if k in _FEW else "more"),
        _more_segments(k),
        _select("method", "Method", [(name, words, term) for name, (words, term) in METHOD_WORDS.items()], recipe.method),
        _select("transform", "Numbers", _TRANSFORMS, recipe.transform),
        _select("cap", "Extremes", _CAPS, "0.99" if recipe.cap else "off"),
        _select("missing", "Gaps", _GAPS, recipe.missing),
        _more(recipe.seed),
        html.Div(problem, id="recipe-problem", **aria(live="assertive")),
        button("Find segments", "recipe-start", "primary", "play"),
    ]
    return card("Recipe", body, "What makes customers alike?", look="rec")


def locked_recipe(recipe: Mapping[str, Any], choices: Choices, dataset: Dataset) -> html.Section:
    """Draw the recipe of a run on its way: to read, not to change."""
    chosen = recipe["features"] or choices.scenarios.get(recipe["scenario"] or choices.default, ())
    features = [feature for name in chosen if (feature := choices.find(name))]
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


def scenario_of(recipe: Recipe, choices: Choices) -> str:
    """Return the entry of the menu that a recipe stands for."""
    if recipe.features:
        return OWN
    return recipe.scenario or choices.default


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


def _features(features: Sequence[Feature], chosen: Sequence[str]) -> html.Fieldset:
    options = [{"value": feature.name, "label": _label(feature)} for feature in features]
    boxes = dbc.Checklist(id=control_id("features"), options=options, value=[name for name in chosen if name in {f.name for f in features}])
    legend = html.Legend("Features to choose from", className="vh")
    return html.Fieldset([legend, html.Div(boxes, className="boxes", tabIndex=0)], className="fe")


def _label(feature: Feature) -> list[Any]:
    gaps = f"{percent(feature.missing)} not known" if feature.missing > 0 else None
    kind = "how words" if feature.kind == "category" else "how skewed" if feature.transform == "log" else "how"
    return [
        html.Span(feature.label, title=f"In {feature.unit}" if feature.unit else None),
        html.Em(className=kind),
        html.Small(gaps) if gaps else None,
    ]
