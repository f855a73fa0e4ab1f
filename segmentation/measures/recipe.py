"""The recipe of a segmentation: everything that decides its result, apart from the data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from segmentation.errors import InvalidInputError

Transform = Literal["none", "log", "yeo-johnson", "auto"]
Method = Literal["kmeans", "hierarchical", "mixture", "mixed", "rfm", "rules"]
Missing = Literal["drop", "median", "similar", "segment"]

_BEHAVIOUR = ("recency_days", "frequency_orders", "monetary_total")
_DEMOGRAPHICS = ("age", "income", "gender", "education", "marital_status")
MIX = "category-mix"
SCENARIOS: dict[str, tuple[str, ...]] = {
    "rfm": _BEHAVIOUR,
    "frequency-spend": ("frequency_orders", "monetary_total"),
    "age-frequency-spend": ("age", "frequency_orders", "monetary_total"),
    "demographics": _DEMOGRAPHICS,
    "demographics-behaviour": (*_DEMOGRAPHICS, *_BEHAVIOUR),
    MIX: (),
    "all": (),
}
"""Named choices of features; "all" takes every number of the dataset, "category-mix" the shares of spend by category of a stored log.

Features that a dataset lacks are left out and said.
"""

MIN_CLUSTERS, MAX_CLUSTERS = 2, 8
"""What a marketing team can address; a person may ask for more."""
MAX_CHOSEN_CLUSTERS = 50


@dataclass(frozen=True)
class Recipe:
    """How to segment.

    Attributes
    ----------
    features : tuple of str
        Canonical names or headers; empty for the scenario, or the dataset's default.
    scenario : str or None
        One of ``SCENARIOS``.
    transform : {"none", "log", "yeo-johnson", "auto"}
        ``auto`` takes the logarithm of a skewed feature without negative values.
    cap : mapping of str to float
        Feature to quantile (0.5..1): larger values count as that quantile.
    missing : {"drop", "median", "similar", "segment"}
        Leave customers with a missing feature out of the segments, or give them the median, what similar customers have, or the middle of
        the segment they are nearest to (the segments are first made of those who lack nothing).
    method : {"kmeans", "hierarchical", "mixture", "mixed", "rfm", "rules"}
    n_clusters : int or None
        None: chosen between 2 and 8.
    seed : int
    """

    features: tuple[str, ...] = ()
    scenario: str | None = None
    transform: Transform = "auto"
    cap: Mapping[str, float] = field(default_factory=dict)
    missing: Missing = "drop"
    method: Method = "kmeans"
    n_clusters: int | None = None
    seed: int = 42

    def __post_init__(self) -> None:
        _check_choice("transform", self.transform, get_args(Transform))
        _check_choice("method", self.method, get_args(Method))
        _check_choice("missing", self.missing, get_args(Missing))
        _check_choice("scenario", self.scenario, (None, *SCENARIOS))
        if self.n_clusters is not None and not 1 < self.n_clusters <= MAX_CHOSEN_CLUSTERS:
            raise InvalidInputError(
                "bad_number_of_segments",
                f"{self.n_clusters} is no number of segments to work with.",
                fix=f"Choose 2 to {MAX_CHOSEN_CLUSTERS}, or auto.",
            )
        for name, quantile in self.cap.items():
            if not 0.5 <= quantile <= 1:
                raise InvalidInputError(
                    "bad_cap", f'The cap of "{name}" is {quantile:g}.', fix="Give a share between 0.5 and 1, e.g. 0.99."
                )

    def as_dict(self) -> dict[str, object]:
        """Return the recipe as plain JSON values."""
        return {
            "features": list(self.features),
            "scenario": self.scenario,
            "transform": self.transform,
            "cap": dict(self.cap),
            "missing": self.missing,
            "method": self.method,
            "n_clusters": self.n_clusters,
            "seed": self.seed,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Recipe:
        """Read what ``as_dict`` wrote."""
        return cls(**{**values, "features": tuple(values["features"])})


def _check_choice(what: str, value: object, choices: tuple[object, ...]) -> None:
    if value not in choices:
        listed = ", ".join(str(choice) for choice in choices if choice)
        raise InvalidInputError("unknown_option", f'"{value}" is no {what}.', fix=f"Choose one of: {listed}.")
