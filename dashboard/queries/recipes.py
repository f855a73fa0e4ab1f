"""What a recipe can be made of: the features of a dataset, the scenarios that fit it, and both in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from dashboard.context import Context
from dashboard.formats import counted
from dashboard.versions.mix import with_mix
from dashboard.versions.reading import load_customers
from database.datasets import Dataset
from segmentation.errors import InvalidInputError
from segmentation.intake.columns import MEASURE_BY_NAME
from segmentation.intake.mapping import header_words
from segmentation.measures.candidates import count_gaps, count_left_out, describe_distribution, find_twins
from segmentation.measures.catalogue import CustomerCatalogue
from segmentation.measures.features import build_features, choose_features
from segmentation.measures.recipe import MIX, SCENARIOS, Method, Recipe
from segmentation.pipeline import ALGORITHM_VERSION

SUGGESTED, OWN = "suggested", "own"
"""Two more ways to choose features: what suits the kind of dataset, and one by one."""
SCENARIO_WORDS: Mapping[str, str] = {
    SUGGESTED: "Suggested features",
    "rfm": "Buying behaviour",
    "frequency-spend": "Frequency and spend",
    "age-frequency-spend": "Age, frequency, spend",
    "demographics": "Demographics",
    "demographics-behaviour": "Demographics and behaviour",
    MIX: "Category mix",
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
GAP_WORDS: Mapping[str, str] = {
    "drop": "left out",
    "median": "filled with the middle",
    "similar": "filled from similar people",
    "segment": "filled within the segment",
}


@dataclass(frozen=True)
class Feature:
    """One column to segment by.

    ``missing`` is the share of customers without it, ``transform`` what "where skewed" means for it, ``twin`` the label of an earlier
    feature that says nearly the same. ``bars``, ``low``, ``middle``, ``high`` and ``n_distinct`` are those of ``measures.candidates``.
    """

    name: str
    label: str
    unit: str | None
    kind: str
    missing: float
    transform: str
    bars: Sequence[int] = ()
    low: float | None = None
    middle: float | None = None
    high: float | None = None
    n_distinct: int = 2
    twin: str | None = None
    header: str | None = None

    @property
    def is_constant(self) -> bool:
        """Whether all who have a value have the same one."""
        return self.n_distinct == 1


@dataclass(frozen=True)
class Choices:
    """The features to choose from, and for each scenario which of them it takes and (in words) which it lacks.

    ``gaps`` says how many customers lack which features together.
    """

    features: Sequence[Feature]
    scenarios: Mapping[str, Sequence[str]]
    absent: Mapping[str, Sequence[str]]
    gaps: Sequence[tuple[Sequence[str], int]] = ()

    @property
    def default(self) -> str:
        """The scenario that a person sees first."""
        return next(iter(self.scenarios))

    def find(self, name: str) -> Feature | None:
        """Return the feature that a recipe means by its name or header, in whatever case; None where the dataset has none."""
        words = header_words(name)
        exact = (feature for feature in self.features if name in (feature.name, feature.header))
        alike = (
            feature for feature in self.features if words in (header_words(feature.name), header_words(feature.header or feature.name))
        )
        return next(exact, None) or next(alike, None)

    def chosen(self, recipe: Recipe) -> list[Feature]:
        """Return the features that a recipe takes from this dataset."""
        names = recipe.features or self.scenarios.get(recipe.scenario or self.default, ())
        return [feature for name in names if (feature := self.find(name))]

    def count_left_out(self, features: Sequence[Feature], missing: str) -> int:
        """Return how many customers could not be placed for want of a value."""
        if missing != "drop":
            return 0
        return count_left_out({tuple(names): count for names, count in self.gaps}, [feature.name for feature in features])


def read_choices(context: Context, dataset: Dataset) -> Choices:
    """Return what a recipe for a dataset can be made of; read from its rows once, then from the cache."""
    key = f"candidates:{ALGORITHM_VERSION}:{dataset.id}:{dataset.erasure_epoch}"
    known = context.cache.find(key)
    if known is None:
        choices = _find_choices(context, dataset)
        context.cache.keep(key, asdict(choices))
        return choices
    return Choices([Feature(**feature) for feature in known["features"]], known["scenarios"], known["absent"], known["gaps"])


def _find_choices(context: Context, dataset: Dataset) -> Choices:
    customers = load_customers(context, dataset.id)
    catalogue = customers.catalogue(("number", "category"))
    with_shares = with_mix(context, customers, catalogue)
    features = _find_features(with_shares, dataset.kind)
    names = {feature.name for feature in features}
    scenarios: dict[str, Sequence[str]] = (
        {} if dataset.kind == "transactions" else {SUGGESTED: _features(catalogue, Recipe(), dataset.kind)}
    )
    scenarios |= {scenario: [name for name in wanted if name in names] for scenario, wanted in SCENARIOS.items()}
    scenarios[MIX] = [column.name for column in with_shares.columns[len(catalogue.columns) :]]
    scenarios["all"] = _features(catalogue, Recipe(scenario="all"), dataset.kind)
    absent = {scenario: [feature_words(name) for name in wanted if name not in names] for scenario, wanted in SCENARIOS.items()}
    absent[MIX] = [] if scenarios[MIX] else ["a category and an amount on each line of a log"]
    gaps = count_gaps(with_shares.frame, [feature.name for feature in features])
    return Choices(features, scenarios, absent, [(names, count) for names, count in gaps.items()])


def _find_features(catalogue: CustomerCatalogue, kind: str) -> list[Feature]:
    transforms = _transforms(catalogue, kind)
    numbers = {column.name: catalogue.frame[column.name].to_numpy() for column in catalogue.numbers()}
    label_of = {column.name: column.label for column in catalogue.columns}
    twin_of = {pair.other: label_of[pair.name] for pair in reversed(find_twins(numbers))}
    return [
        Feature(
            name=column.name,
            label=column.label[:1].upper() + column.label[1:],
            unit=column.unit,
            kind=column.kind,
            missing=float(catalogue.frame[column.name].isna().mean()),
            transform=transforms.get(column.name, "none"),
            twin=twin_of.get(column.name),
            header=column.header,
            **asdict(describe_distribution(catalogue.frame[column.name])),
        )
        for column in catalogue.columns
        if column.kind != "text"
    ]


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


def feature_words(name: str) -> str:
    """Return what a feature is called where the dataset has no name for it."""
    measure = MEASURE_BY_NAME.get(name)
    return measure.label if measure else name.replace("_", " ")


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
    return told + ([f"starting point {recipe['seed']}"] if recipe["seed"] != usual["seed"] else [])


def describe_recipe(recipe: Mapping[str, Any], dataset: Dataset) -> dict[str, str]:
    """Return everything that a recipe decides, in words of the form."""
    labels = {column["name"]: column["label"] for column in dataset.facts.details["customers"]["columns"]} if dataset.facts else {}
    features = ", ".join(str(labels.get(name, name)) for name in recipe["features"])
    return {
        "Features": features or SCENARIO_WORDS[recipe["scenario"] or ("rfm" if dataset.kind == "transactions" else SUGGESTED)],
        "Segments": f"{recipe['n_clusters']} by hand" if recipe["n_clusters"] else "automatic",
        "Method": METHOD_WORDS[recipe["method"]][0],
        "Numbers": {"auto": "log where skewed", "none": "as they are", "log": "log of all", "yeo-johnson": "bell curve"}[
            recipe["transform"]
        ],
        "Extremes": "capped" if recipe["cap"] else "counted in full",
        "Gaps": GAP_WORDS[recipe["missing"]],
        "Starting point": str(recipe["seed"]),
    }
