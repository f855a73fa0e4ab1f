"""What a recipe can be made of: the features of a dataset, the scenarios that fit it, and both in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, get_args

from dashboard.context import Context
from dashboard.formats import counted
from dashboard.versions.reading import load_customers
from database.datasets import Dataset
from segmentation.errors import InvalidInputError
from segmentation.intake.columns import MEASURE_BY_NAME
from segmentation.measures.catalogue import CustomerCatalogue
from segmentation.measures.features import build_features, choose_features
from segmentation.measures.recipe import SCENARIOS, Method, Recipe
from segmentation.pipeline import ALGORITHM_VERSION

_LARGEST = 2**31 - 1
SUGGESTED, OWN = "suggested", "own"
"""Two more ways to choose features: what suits the kind of dataset, and one by one."""
SCENARIO_WORDS: Mapping[str, str] = {
    SUGGESTED: "Suggested features",
    "rfm": "Buying behaviour",
    "frequency-spend": "Frequency and spend",
    "age-frequency-spend": "Age, frequency, spend",
    "demographics": "Demographics",
    "all": "Everything",
    OWN: "Own choice",
}
METHOD_WORDS: Mapping[Method, tuple[str, str]] = {
    "kmeans": ("Compact groups", "K-means"),
    "hierarchical": ("Step by step", "hierarchical clustering (Ward)"),
    "mixture": ("Overlapping groups", "Gaussian mixture"),
    "mixed": ("Numbers and words", "K-prototypes"),
    "rfm": ("Buying map", "RFM quintiles of recency and frequency"),
    "rules": ("Thirds of two numbers", "rules"),
}
"""Each method in plain words, and the field's term."""


@dataclass(frozen=True)
class Feature:
    """One column to segment by; ``missing`` is the share of customers without it, ``transform`` what "where skewed" means for it."""

    name: str
    label: str
    unit: str | None
    kind: str
    missing: float
    transform: str


@dataclass(frozen=True)
class Choices:
    """The features to choose from, and for each scenario which of them it takes and (in words) which it lacks."""

    features: Sequence[Feature]
    scenarios: Mapping[str, Sequence[str]]
    absent: Mapping[str, Sequence[str]]

    @property
    def default(self) -> str:
        """The scenario that a person sees first."""
        return next(iter(self.scenarios))

    def find(self, name: str) -> Feature | None:
        """Return a feature, None where the dataset has none of this name."""
        return next((feature for feature in self.features if feature.name == name), None)


def read_choices(context: Context, dataset: Dataset) -> Choices:
    """Return what a recipe for a dataset can be made of; read from its rows once, then from the cache."""
    key = f"choices:{ALGORITHM_VERSION}:{dataset.id}:{dataset.erasure_epoch}"
    known = context.cache.find(key)
    if known is None:
        choices = _find_choices(context, dataset)
        context.cache.keep(key, asdict(choices))
        return choices
    return Choices([Feature(**feature) for feature in known["features"]], known["scenarios"], known["absent"])


def _find_choices(context: Context, dataset: Dataset) -> Choices:
    catalogue = load_customers(context, dataset.id).catalogue(("number", "category"))
    transforms = _transforms(catalogue, dataset.kind)
    features = [
        Feature(
            column.name,
            column.label[:1].upper() + column.label[1:],
            column.unit,
            column.kind,
            float(catalogue.frame[column.name].isna().mean()),
            transforms.get(column.name, "none"),
        )
        for column in catalogue.columns
        if column.kind != "text"
    ]
    names = {feature.name for feature in features}
    scenarios: dict[str, Sequence[str]] = (
        {} if dataset.kind == "transactions" else {SUGGESTED: _features(catalogue, Recipe(), dataset.kind)}
    )
    scenarios |= {scenario: [name for name in wanted if name in names] for scenario, wanted in SCENARIOS.items()}
    scenarios["all"] = _features(catalogue, Recipe(scenario="all"), dataset.kind)
    absent = {scenario: [_words(name) for name in wanted if name not in names] for scenario, wanted in SCENARIOS.items()}
    return Choices(features, scenarios, absent)


def _features(catalogue: CustomerCatalogue, recipe: Recipe, kind: str) -> list[str]:
    try:
        return [column.name for column in choose_features(catalogue, recipe, kind)[0]]
    except InvalidInputError:
        return []


def _transforms(catalogue: CustomerCatalogue, kind: str) -> dict[str, str]:
    """Return for each number whether its logarithm would be taken where that is left to the data."""
    numbers = tuple(column.name for column in catalogue.numbers() if catalogue.frame[column.name].notna().any())
    if not numbers:
        return {}
    features = build_features(catalogue, Recipe(features=numbers, missing="median"), kind)
    return {scaling.name: scaling.transform for scaling in features.scalings}


def _words(name: str) -> str:
    measure = MEASURE_BY_NAME.get(name)
    return measure.label if measure else name.replace("_", " ")


def recipe_from_form(form: Mapping[str, Any], choices: Choices, dataset: Dataset) -> Recipe:
    """Read the form of the page; raise InvalidInputError, in words of the page, for what cannot work."""
    scenario, method = str(form.get("scenario")), str(form.get("method"))
    if scenario not in (*choices.scenarios, OWN) or method not in get_args(Method):
        raise InvalidInputError("bad_request", "The page sent something that does not fit.", fix="Reload the page.")
    chosen = list(form.get("features") or ()) if scenario == OWN else choices.scenarios[scenario]
    features = [feature for feature in choices.features if feature.name in chosen]
    _check_scenario(scenario, choices)
    _check_features(features, method, choices)
    seed = _whole(form.get("seed"), "seed")
    return Recipe(
        features=tuple(feature.name for feature in features) if scenario == OWN else (),
        scenario=None if scenario in (OWN, choices.default) else scenario,
        transform=str(form.get("transform")),  # type: ignore[arg-type]  # the recipe checks it
        cap={feature.name: 0.99 for feature in features if feature.kind == "number"} if form.get("cap") == "0.99" else {},
        missing=str(form.get("missing")),  # type: ignore[arg-type]
        method=method,  # type: ignore[arg-type]  # checked above
        n_clusters=_number_of_segments(form, dataset),
        seed=Recipe().seed if seed is None else seed,
    )


def _check_scenario(scenario: str, choices: Choices) -> None:
    if scenario == OWN or choices.scenarios[scenario]:
        return
    absent = choices.absent.get(scenario, ())
    raise InvalidInputError(
        "scenario_impossible",
        f'"{SCENARIO_WORDS[scenario]}" does not fit this dataset.',
        f"It needs {', '.join(absent)}." if absent else "The dataset has no numbers about its customers.",
        "Choose other features.",
    )


def _check_features(features: Sequence[Feature], method: str, choices: Choices) -> None:
    if not features:
        raise InvalidInputError("no_features", "No feature is chosen.", fix="Tick at least one feature.")
    words = [feature.label for feature in features if feature.kind == "category"]
    if words and method != "mixed":
        fix = f'Choose the method "{METHOD_WORDS["mixed"][0]}", or leave it out.'
        raise InvalidInputError("feature_is_text", f'"{words[0]}" holds words, not numbers.', fix=fix)
    empty = [feature.label for feature in features if feature.missing == 1]
    if empty:
        raise InvalidInputError("feature_empty", f'"{empty[0]}" is not known of any customer.', fix="Leave it out.")
    lacking = [_words(name) for name in SCENARIOS["rfm"] if choices.find(name) is None]
    if method == "rfm" and lacking:
        title = f'The method "{METHOD_WORDS["rfm"][0]}" needs {", ".join(lacking)}, which this dataset does not have.'
        raise InvalidInputError("rfm_needs_purchases", title, fix="Choose another method.")


def _number_of_segments(form: Mapping[str, Any], dataset: Dataset) -> int | None:
    is_typed = form.get("k") == "more"
    k = _whole(form.get("other_k") if is_typed else form.get("k"), "number of segments")
    if k is None:
        if is_typed:
            raise InvalidInputError("no_number_of_segments", "How many segments is not said.", fix="Type a number, or choose automatic.")
        return None
    n_customers = dataset.facts.n_customers if dataset.facts else 0
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


def recipe_in_words(recipe: Mapping[str, Any], dataset: Dataset) -> str:
    """Return what a recipe segments by: the name of its scenario, or its features."""
    if recipe["features"]:
        labels = {column["name"]: column["label"] for column in dataset.facts.details["customers"]["columns"]} if dataset.facts else {}
        names = [str(labels.get(name, name)) for name in recipe["features"]]
        words = ", ".join(names) if len(names) <= 3 else counted(len(names), "chosen feature")
        return words[:1].upper() + words[1:]
    return SCENARIO_WORDS[recipe["scenario"] or ("rfm" if dataset.kind == "transactions" else SUGGESTED)]


def changes_in_words(recipe: Mapping[str, Any]) -> list[str]:
    """Return what a recipe does otherwise than usual."""
    usual: dict[str, Any] = Recipe().as_dict()
    words: dict[str, dict[str, str]] = {
        "transform": {"none": "as it is", "log": "logarithms", "yeo-johnson": "towards a bell curve"},
        "missing": {"median": "gaps filled", "similar": "gaps filled from similar people", "segment": "gaps filled within segments"},
        "method": {method: told[0].lower() for method, told in METHOD_WORDS.items()},
    }
    told = [said[str(recipe[name])] for name, said in words.items() if recipe[name] != usual[name]]
    told += ["extremes capped"] if recipe["cap"] else []
    return told + ([f"seed {recipe['seed']}"] if recipe["seed"] != usual["seed"] else [])


def recipe_from_query(query: Mapping[str, str], choices: Choices) -> Recipe:
    """Read a recipe from an address; what does not fit is as usual."""
    names = tuple(name for name in query.get("features", "").split(",") if choices.find(name))
    scenario = query.get("scenario")
    wanted: dict[str, Any] = {name: query[name] for name in ("transform", "missing", "method") if name in query}
    wanted |= {"n_clusters": int(query["k"])} if query.get("k", "").isdecimal() else {}
    try:
        return Recipe(features=names, scenario=scenario if scenario in choices.scenarios and scenario in SCENARIOS else None, **wanted)
    except InvalidInputError:
        return Recipe()
