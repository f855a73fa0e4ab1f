"""A recipe as a person fills it in: read from the form or an address, and what cannot work said at its field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from dashboard.formats import counted
from dashboard.queries.recipes import METHOD_WORDS, OWN, SCENARIO_WORDS, Choices, Feature, feature_words
from segmentation.errors import InvalidInputError
from segmentation.measures.recipe import MAX_CHOSEN_CLUSTERS, MIN_CLUSTERS, SCENARIOS, Method, Recipe

_LARGEST = 2**31 - 1
_CAP = 0.99
Field = Literal["features", "k", "method", "more"]


@dataclass(frozen=True)
class FilledForm:
    """What a form says: the recipe, None where it is none; and for each field what keeps it from working."""

    recipe: Recipe | None
    features: Sequence[Feature]
    problems: Mapping[Field, InvalidInputError]

    def checked(self) -> Recipe:
        """Return the recipe, or raise the first problem."""
        for problem in self.problems.values():
            raise problem
        if self.recipe is None:
            raise _does_not_fit()
        return self.recipe


def read_form(form: Mapping[str, Any], choices: Choices, n_customers: int) -> FilledForm:
    """Read the form of the page, with every problem in words of the page."""
    scenario, method = str(form.get("scenario")), str(form.get("method"))
    if scenario not in (*choices.scenarios, OWN) or method not in get_args(Method):
        return FilledForm(None, (), {"more": _does_not_fit()})
    names = list(form.get("features") or ()) if scenario == OWN else choices.scenarios[scenario]
    features = [feature for feature in choices.features if feature.name in names]
    problems: dict[Field, InvalidInputError] = {}
    values: dict[str, Any] = {}
    checks: list[tuple[Field, Any]] = [
        ("features", lambda: _check_features(scenario, features, choices)),
        ("method", lambda: _check_method(method, features, choices)),
        ("k", lambda: values.update(n_clusters=_number_of_segments(form, n_customers))),
        ("more", lambda: values.update(seed=_whole(form.get("seed"), "starting point"))),
    ]
    for field, check in checks:
        try:
            check()
        except InvalidInputError as problem:
            problems[field] = problem
    if problems:
        return FilledForm(None, features, problems)
    own = {"features": tuple(feature.name for feature in features)} if scenario == OWN else {}
    named = {} if scenario in (OWN, choices.default) else {"scenario": scenario}
    cap = _cap(features) if form.get("cap") == f"{_CAP}" else {}
    seed = {} if values["seed"] is None else {"seed": values["seed"]}
    how = {name: str(form.get(name)) for name in ("transform", "missing")}
    try:
        recipe = Recipe(**own, **named, **seed, **how, cap=cap, method=method, n_clusters=values["n_clusters"])  # type: ignore[arg-type]
    except InvalidInputError as problem:
        return FilledForm(None, features, {"k" if problem.code == "bad_number_of_segments" else "more": problem})
    return FilledForm(recipe, features, {})


def form_of(recipe: Recipe, choices: Choices) -> dict[str, Any]:
    """Return a recipe as the form holds it."""
    return {
        "scenario": OWN if recipe.features else recipe.scenario or choices.default,
        "features": [feature.name for feature in choices.chosen(recipe)],
        "k": "more" if recipe.n_clusters else "auto",
        "other_k": recipe.n_clusters,
        "method": recipe.method,
        "transform": recipe.transform,
        "missing": recipe.missing,
        "cap": f"{_CAP}" if recipe.cap else "off",
        "seed": recipe.seed,
    }


def find_lacking(recipe: Recipe, choices: Choices) -> list[str]:
    """Return in words what a recipe takes and the dataset does not have."""
    wanted = recipe.features or SCENARIOS.get(recipe.scenario or "", ())
    return [feature_words(name) for name in wanted if choices.find(name) is None]


def recipe_from_query(query: Mapping[str, str], choices: Choices) -> Recipe:
    """Read a recipe from an address; what does not fit is as usual."""
    names = tuple(name for name in query.get("features", "").split(",") if choices.find(name))
    scenario = query.get("scenario")
    wanted: dict[str, Any] = {name: query[name] for name in ("transform", "missing", "method") if name in query}
    scenario = scenario if scenario in choices.scenarios and scenario in SCENARIOS else None
    try:
        wanted |= {"n_clusters": _whole(query.get("k"), "number of segments")}
        wanted |= {} if (seed := _whole(query.get("seed"), "starting point")) is None else {"seed": seed}
        recipe = Recipe(features=names, scenario=scenario, **wanted)
        return replace(recipe, cap=_cap(choices.chosen(recipe))) if query.get("cap") else recipe
    except InvalidInputError:
        return Recipe()


def query_of(recipe: Recipe) -> dict[str, str]:
    """Return a recipe as an address holds it."""
    usual, told = Recipe(), {"features": ",".join(recipe.features), "scenario": recipe.scenario or ""}
    told |= {name: getattr(recipe, name) for name in ("transform", "missing", "method") if getattr(recipe, name) != getattr(usual, name)}
    told |= {"k": str(recipe.n_clusters)} if recipe.n_clusters else {}
    told |= {"seed": str(recipe.seed)} if recipe.seed != usual.seed else {}
    return told | ({"cap": f"{_CAP}"} if recipe.cap else {})


def _cap(features: Sequence[Feature]) -> dict[str, float]:
    return {feature.name: _CAP for feature in features if feature.kind == "number"}


def _check_features(scenario: str, features: Sequence[Feature], choices: Choices) -> None:
    if scenario != OWN and not choices.scenarios[scenario]:
        absent = choices.absent.get(scenario, ())
        raise InvalidInputError(
            "scenario_impossible",
            f'"{SCENARIO_WORDS[scenario]}" does not fit this dataset.',
            f"It needs {', '.join(absent)}." if absent else "No number in this dataset tells its customers apart.",
            "Choose other features.",
        )
    if not features:
        raise InvalidInputError("no_features", "No feature is chosen.", fix="Tick at least one feature.")
    empty = [feature.label for feature in features if feature.missing == 1]
    if empty:
        raise InvalidInputError("feature_empty", f'"{empty[0]}" is not known of any customer.', fix="Leave it out.")
    same = [feature.label for feature in features if feature.is_constant]
    if same and (scenario == OWN or len(same) == len(features)):
        fix = "Leave it out." if scenario == OWN else "Choose other features."
        raise InvalidInputError("feature_constant", f'"{same[0]}" is the same for every customer and separates nobody.', fix=fix)


def _check_method(method: str, features: Sequence[Feature], choices: Choices) -> None:
    words = [feature.label for feature in features if feature.kind == "category" and feature.missing < 1]
    if words and method != "mixed":
        fix = f'Choose the method "{METHOD_WORDS["mixed"][0]}", or leave it out.'
        raise InvalidInputError("feature_is_text", f'"{words[0]}" holds words, not numbers.', fix=fix)
    lacking = [feature_words(name) for name in SCENARIOS["rfm"] if choices.find(name) is None]
    if method == "rfm" and lacking:
        title = f'The method "{METHOD_WORDS["rfm"][0]}" needs {", ".join(lacking)}, which this dataset does not have.'
        raise InvalidInputError("rfm_needs_purchases", title, fix="Choose another method.")


def _number_of_segments(form: Mapping[str, Any], n_customers: int) -> int | None:
    is_typed = form.get("k") == "more"
    k = _whole(form.get("other_k") if is_typed else form.get("k"), "number of segments")
    if k is None:
        if is_typed:
            fix = f"Type a whole number from {MIN_CLUSTERS} to {MAX_CHOSEN_CLUSTERS}, or choose automatic."
            raise InvalidInputError("no_number_of_segments", "The number of segments is missing or cannot be used.", fix=fix)
        return None
    if k > n_customers:
        title = f"{k} segments are more than the {counted(n_customers, 'customer')}."
        raise InvalidInputError("too_many_segments", title, fix="Choose fewer segments.")
    return k


def _whole(value: Any, what: str) -> int | None:
    """Read a whole number; nothing and "auto" are None."""
    if value in (None, "", "auto"):
        return None
    try:
        number = int(str(value))
    except ValueError:
        number = -1
    if not 0 <= number <= _LARGEST:
        raise InvalidInputError("bad_number", f"The {what} is no whole number from 0 to {_LARGEST:,}.", fix="Write another.")
    return number


def _does_not_fit() -> InvalidInputError:
    return InvalidInputError("bad_request", "The page sent something that does not fit.", fix="Reload the page.")
