"""From customers to the feature matrix: chosen columns, capped, transformed and standardised, with the parameters to repeat it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from segmentation.errors import InvalidInputError
from segmentation.findings import Finding
from segmentation.measures.catalogue import CustomerCatalogue, CustomerColumn
from segmentation.measures.gaps import fill_from_similar
from segmentation.measures.recipe import MIX, SCENARIOS, Recipe
from segmentation.measures.running import is_running_number

Bend = Literal["none", "log", "yeo-johnson"]

AUTO_LOG_SKEWNESS = 1.0
"""Above this sample skewness the logarithm is tried; Bulmer (1979) calls a distribution highly skewed from 1."""
MAX_DEFAULT_FEATURES = 8
_CORE = ("recency_days", "frequency_orders", "monetary_total", "age", "income")
_DIGITS = 9
"""Decimals of a feature, in standard deviations: what another unit leaves in the last bits moves nobody."""
_GAMMA_SHARE = 0.5
"""Huang (1998): a mismatch of categories weighs half the mean deviation of the numeric features, which is 1 after standardising."""


@dataclass(frozen=True)
class Scaling:
    """How one numeric feature was made: ``(transform(min(x, cap) / unit) - center) / scale``.

    Attributes
    ----------
    name : str
    transform : {"none", "log", "yeo-johnson"}
    power : float or None
        Lambda of the Yeo-Johnson transform.
    cap : float or None
        Values above count as this one.
    center, scale : float
        Mean and population standard deviation after the transform; scale is 1 for a constant feature.
    fill : float or None
        What stands for a missing value before the transform; None: such customers are not segmented.
    unit : float
        What the transform counts as 1. For an automatic logarithm the median of the values above 0: euros and cents give the same feature.
    """

    name: str
    transform: Bend
    power: float | None
    cap: float | None
    center: float
    scale: float
    fill: float | None
    unit: float = 1.0

    def apply(self, values: np.ndarray) -> np.ndarray:
        """Return values on the feature's scale; NaN stays NaN unless the scaling fills it."""
        capped = _within(values, self.fill, self.cap)
        points = (transformed(capped / self.unit, self.transform, self.power) - self.center) / self.scale
        return np.round(points, _DIGITS)


@dataclass(frozen=True)
class CategoryCoding:
    """One categorical feature as columns 0/1 for each category, all multiplied by ``weight``."""

    name: str
    categories: tuple[str, ...]
    weight: float

    def apply(self, values: np.ndarray) -> np.ndarray:
        """Return the coded columns, float64 of shape (n, categories); an unknown category is all zero."""
        return self.weight * np.column_stack([values == category for category in self.categories]).astype(np.float64)


@dataclass(frozen=True)
class FeatureMatrix:
    """The customers as points.

    Attributes
    ----------
    X : numpy.ndarray of float64, shape (n segmented, d)
    rows : numpy.ndarray of int64, shape (n segmented,)
        Which customers of the table they are.
    columns : tuple of CustomerColumn
        The chosen features.
    scalings : tuple of Scaling
    codings : tuple of CategoryCoding
    not_segmented : mapping of int to str
        Position of a customer left out: the reason.
    findings : tuple of Finding
    """

    X: np.ndarray
    rows: np.ndarray
    columns: tuple[CustomerColumn, ...]
    scalings: tuple[Scaling, ...]
    codings: tuple[CategoryCoding, ...]
    not_segmented: dict[int, str]
    findings: tuple[Finding, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the chosen features."""
        return tuple(column.name for column in self.columns)


def build_features(catalogue: CustomerCatalogue, recipe: Recipe, kind: str) -> FeatureMatrix:
    """Choose, cap, transform and standardise the features of a recipe.

    A cap is the quantile (linear interpolation) of the filled values of all customers.

    Parameters
    ----------
    catalogue : CustomerCatalogue
    recipe : Recipe
    kind : {"transactions", "customers"}
        Decides the default features: RFM for a log, the numbers at hand for a list.

    Returns
    -------
    FeatureMatrix

    Raises
    ------
    InvalidInputError
        As `choose_features`; ``unknown_cap``, ``nobody_to_segment``.
    """
    columns, findings = choose_features(catalogue, recipe, kind)
    caps = {catalogue.find(name).name: quantile for name, quantile in recipe.cap.items()}
    unknown = set(caps) - {column.name for column in columns}
    if unknown:
        raise InvalidInputError("unknown_cap", f"A cap is given for {', '.join(sorted(unknown))}, which is not among the features.")
    frame = _from_similar(catalogue, columns) if recipe.missing == "similar" else catalogue.frame
    not_segmented = _missing_reasons(frame, columns) if recipe.missing in ("drop", "segment") else {}
    rows = np.setdiff1d(np.arange(len(frame)), np.fromiter(not_segmented, np.int64, len(not_segmented)))
    if rows.size == 0:
        raise InvalidInputError(
            "nobody_to_segment",
            "Every customer lacks one of the chosen features.",
            fix="Choose other features, or fill gaps with the median.",
        )
    scalings, codings, blocks = [], [], []
    for column in columns:
        values = frame[column.name].to_numpy()
        if column.kind == "number":
            scaling = _fit_scaling(column.name, values.astype(np.float64), rows, recipe, caps.get(column.name))
            scalings.append(scaling)
            blocks.append(scaling.apply(values.astype(np.float64)[rows])[:, None])
            findings += _constant_finding(column, blocks[-1])
        else:
            coding = _fit_coding(column.name, values[rows])
            codings.append(coding)
            blocks.append(coding.apply(_filled_categories(values[rows])))
    return FeatureMatrix(np.hstack(blocks), rows, tuple(columns), tuple(scalings), tuple(codings), not_segmented, tuple(findings))


def choose_features(catalogue: CustomerCatalogue, recipe: Recipe, kind: str) -> tuple[list[CustomerColumn], list[Finding]]:
    """Return the columns a recipe means: its own features, else its scenario, else what suits the kind of dataset.

    Parameters
    ----------
    catalogue : CustomerCatalogue
        The values of the numbers are enough.
    recipe : Recipe
    kind : {"transactions", "customers"}
        As in `build_features`.

    Returns
    -------
    columns : list of CustomerColumn
    findings : list of Finding
        What the scenario also uses and the dataset lacks.

    Raises
    ------
    InvalidInputError
        ``unknown_feature``, ``scenario_impossible``, ``feature_is_text``, ``feature_empty``, ``customers_alike``, ``no_features``.
    """
    findings: list[Finding] = []
    if recipe.features:
        chosen = list(dict.fromkeys(catalogue.find(name) for name in recipe.features))
    else:
        scenario = recipe.scenario or ("rfm" if kind == "transactions" or recipe.method == "rfm" else None)
        chosen, findings = _scenario_features(catalogue, scenario)
    texts = [column for column in chosen if column.kind == "text" or (column.kind == "category" and recipe.method != "mixed")]
    if texts and (recipe.features or recipe.method == "mixed"):
        raise InvalidInputError(
            "feature_is_text",
            f'"{texts[0].name}" holds words, not numbers.',
            fix="Leave it out, or use the method for mixed columns." if texts[0].kind == "category" else "Leave it out.",
        )
    chosen = [column for column in chosen if column not in texts]
    _check_chosen(chosen, catalogue)
    return chosen, findings


def _check_chosen(chosen: Sequence[CustomerColumn], catalogue: CustomerCatalogue) -> None:
    """Refuse features of which nothing is known, and no features at all."""
    empty = [column for column in chosen if _is_empty(catalogue.frame, column)]
    if empty:
        message = f"{_listed(empty)} {'is' if len(empty) == 1 else 'are'} not known of any customer: every value is missing."
        raise InvalidInputError("feature_empty", message, fix=f"Leave {'it' if len(empty) == 1 else 'them'} out, or check the column.")
    if chosen:
        return
    known = [column for column in catalogue.numbers() if not _is_empty(catalogue.frame, column)]
    if known:
        message = f"The customers are all the same in the numbers of this file ({', '.join(column.name for column in known)})."
        raise InvalidInputError("customers_alike", message, fix="Add a column that tells them apart.")
    raise InvalidInputError(
        "no_features",
        "There is no number about the customers to segment by.",
        f"Every value is missing in {_listed(catalogue.numbers())}." if catalogue.numbers() else "",
        "Choose other features, or check what each column means.",
    )


def _is_empty(frame: pd.DataFrame, column: CustomerColumn) -> bool:
    return column.name in frame and bool(frame[column.name].isna().all())


def _listed(columns: Sequence[CustomerColumn]) -> str:
    return ", ".join(f'"{column.label}"' for column in columns)


def _scenario_features(catalogue: CustomerCatalogue, scenario: str | None) -> tuple[list[CustomerColumn], list[Finding]]:
    by_name = {column.name: column for column in catalogue.columns if not _is_empty(catalogue.frame, column)}
    if scenario in (None, "all"):
        usable = _usable_numbers(catalogue)
        core = [by_name[name] for name in _CORE if name in by_name]
        if scenario is None and len(usable) > MAX_DEFAULT_FEATURES and len(core) > 1:
            return core, []
        return (usable if scenario == "all" else usable[:MAX_DEFAULT_FEATURES]), []
    if scenario == MIX:
        return _mix_features(catalogue), []
    wanted = SCENARIOS[str(scenario)]
    absent = [name for name in wanted if name not in by_name]
    findings = []
    if len(absent) == len(wanted):
        raise InvalidInputError(
            "scenario_impossible",
            f"The scenario {scenario} needs {', '.join(wanted)}, and this file has none of them.",
            fix="Choose the features yourself.",
        )
    if absent:
        message = f"The scenario {scenario} also uses {', '.join(absent)}, which this file does not have."
        findings.append(Finding("scenario_incomplete", "warning", message, len(absent)))
    return [by_name[name] for name in wanted if name in by_name], findings


def _mix_features(catalogue: CustomerCatalogue) -> list[CustomerColumn]:
    found = [column for column in catalogue.numbers() if column.header is None and column.role is None]
    if not found:
        raise InvalidInputError(
            "scenario_impossible",
            f"The scenario {MIX} needs a log in the store, with an amount and a category on each line.",
            fix="Choose the features yourself.",
        )
    return found


def _usable_numbers(catalogue: CustomerCatalogue) -> list[CustomerColumn]:
    """Return the numbers worth segmenting by; flags only where there is nothing else."""
    frame = catalogue.frame
    varying = [
        column for column in catalogue.numbers() if column.role != "birth_year" and frame[column.name].min() < frame[column.name].max()
    ]
    return [column for column in varying if _is_worth_using(frame[column.name])] or varying


def _is_worth_using(values: pd.Series) -> bool:
    """More than two different values (a flag is no scale), and not a running number."""
    return values.nunique() > 2 and not is_running_number(values.to_numpy(np.float64))


def _from_similar(catalogue: CustomerCatalogue, columns: Sequence[CustomerColumn]) -> pd.DataFrame:
    """Return the values with the gaps of the features filled from the customers who are most alike."""
    filled = {column.name: fill_from_similar(catalogue, column) for column in columns if catalogue.frame[column.name].isna().any()}
    return catalogue.frame.assign(**filled) if filled else catalogue.frame


def _missing_reasons(frame: pd.DataFrame, columns: Sequence[CustomerColumn]) -> dict[int, str]:
    """Return why each customer with a gap cannot be placed; the first feature that is missing names the reason."""
    reasons: dict[int, str] = {}
    for column in columns:
        for row in np.flatnonzero(frame[column.name].isna().to_numpy()):
            reasons.setdefault(int(row), f"Not segmented: {column.label} missing")
    return reasons


def _fit_scaling(name: str, values: np.ndarray, rows: np.ndarray, recipe: Recipe, cap_at: float | None) -> Scaling:
    filled = values[~np.isnan(values)]
    fill = float(np.median(filled)) if recipe.missing != "drop" and filled.size else None
    cap = float(np.quantile(filled, cap_at)) if cap_at is not None and filled.size else None
    plain = _within(values[rows], fill, cap)
    transform, power, unit = _choose_transform(plain, recipe)
    points = transformed(plain / unit, transform, power)
    deviation = float(points.std())
    # A constant column leaves rounding dust in its deviation; divided by it, the dust would become a feature.
    is_constant = deviation <= 1e-12 * float(np.abs(points).max())
    center, scale = (float(points[0]), 1.0) if is_constant else (float(points.mean()), deviation)
    return Scaling(name, transform, power, cap, center, scale, fill, unit)


def _within(values: np.ndarray, fill: float | None, cap: float | None) -> np.ndarray:
    """Return values with gaps filled and large ones capped."""
    filled = values if fill is None else np.where(np.isnan(values), fill, values)
    return filled if cap is None else np.minimum(filled, cap)


def _choose_transform(values: np.ndarray, recipe: Recipe) -> tuple[Bend, float | None, float]:
    """Return the transform, its power and its unit."""
    if recipe.transform == "yeo-johnson":
        from scipy.stats import yeojohnson_normmax

        return "yeo-johnson", float(yeojohnson_normmax(values)) if np.ptp(values) > 0 else 1.0, 1.0
    if recipe.transform != "auto":
        return recipe.transform, None, 1.0
    if skewness(values) > AUTO_LOG_SKEWNESS and values.min() >= 0:
        unit = float(np.median(values[values > 0]))
        if abs(skewness(np.log1p(values / unit))) < skewness(values):
            return "log", None, unit
    return "none", None, 1.0


def skewness(values: np.ndarray) -> float:
    """Return the sample skewness (third standardised moment), 0 for constant values."""
    centred = values - values.mean()
    variance = float(np.mean(centred**2))
    return float(np.mean(centred**3) / variance**1.5) if variance > 0 else 0.0


def transformed(values: np.ndarray, transform: str, power: float | None = None) -> np.ndarray:
    """Apply a transform: ``log`` is log(1 + x), mirrored for negative values; Yeo-Johnson as Yeo & Johnson (2000)."""
    if transform == "log":
        return np.sign(values) * np.log1p(np.abs(values))
    if transform == "yeo-johnson":
        return _yeo_johnson(values, 1.0 if power is None else power)
    return values


def _yeo_johnson(values: np.ndarray, power: float) -> np.ndarray:
    up, down = np.log1p(np.maximum(values, 0)), np.log1p(np.maximum(-values, 0))
    above = up if power == 0 else np.expm1(power * up) / power
    below = -down if power == 2 else -np.expm1((2 - power) * down) / (2 - power)
    return np.where(values >= 0, above, below)


def _fit_coding(name: str, values: np.ndarray) -> CategoryCoding:
    categories = tuple(sorted(set(_filled_categories(values))))
    # Two customers in different categories differ in two columns: weight**2 * 2 is the price of a mismatch.
    return CategoryCoding(name, categories, float(np.sqrt(_GAMMA_SHARE / 2)))


def _filled_categories(values: np.ndarray) -> np.ndarray:
    return np.array(["(missing)" if pd.isna(value) else str(value) for value in values], dtype=object)


def _constant_finding(column: CustomerColumn, block: np.ndarray) -> list[Finding]:
    if np.ptp(block) > 0:
        return []
    return [
        Finding(
            "constant_feature",
            "warning",
            f'"{column.name}" is the same for every customer and separates nobody.',
            1,
            ({"column": column.name},),
        )
    ]
