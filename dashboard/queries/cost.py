"""How long a segmentation will take: a law fitted to measurements, scaled by what runs took here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

from dashboard.context import Context
from database.engine import read
from database.jobs import Job, list_jobs
from segmentation.measures.recipe import Method, Recipe

_LATEST = 30
_ENOUGH = 3
"""So many runs of one method say more than those of all methods."""
_START_S = 0.3
"""What any run costs whatever its size: 200 customers took 0.1 to 0.4 s. More, and small runs would make large ones seem quick."""
_LEAST, _MOST = 0.25, 8.0
"""A machine is not told to be faster or slower than this: what is beyond was something else (a first start, a crowd)."""
_LAWS: Mapping[Method, tuple[float, float, float]] = {
    "kmeans": (0.25, 0.40, 0.53),
    "mixed": (0.25, 0.40, 0.53),  # coded columns by the same algorithm
    "hierarchical": (1.1, 0.62, 0.76),
    "mixture": (6.9, 0.30, 0.18),
    "rfm": (0.20, 0.32, 0.67),
    "rules": (0.21, 0.37, 0.65),
}
"""Seconds for 1,000 customers with one feature, and the powers of customers / 1,000 and of features that they grow with.

Least squares of the logarithms, over 500 to 30,000 customers with 3 and 10 features on 2 cores, automatic and 5 segments: most runs
within a factor of 1.5, the hierarchical ones of 2.5.
"""


@dataclass(frozen=True)
class Cost:
    """About how many seconds, and how many runs of this installation that rests on."""

    seconds: float
    n_runs: int


def estimate_cost(context: Context, recipe: Recipe, n_customers: int, n_features: int) -> Cost:
    """Return what a segmentation will cost here."""
    with read(context.engine) as conn:
        jobs = list_jobs(conn, ("done",), limit=_LATEST, kinds=("segmentation",))
    ratios = [(job.params["recipe"]["method"], ratio) for job in jobs if (ratio := _ratio(job)) is not None]
    alike = [ratio for method, ratio in ratios if method == recipe.method]
    told = alike if len(alike) >= _ENOUGH else [ratio for _, ratio in ratios]
    factor = min(max(median(told), _LEAST), _MOST) if told else 1.0
    return Cost(factor * (_START_S + expected_seconds(recipe.method, n_customers, n_features)), len(told))


def expected_seconds(method: Method, n_customers: int, n_features: int) -> float:
    """Return what the law says of the computing alone, before this machine has a word."""
    base, by_customers, by_features = _LAWS[method]
    return base * max(n_customers / 1_000, 0.05) ** by_customers * max(n_features, 1) ** by_features


def _ratio(job: Job) -> float | None:
    """Return how much longer than by the law a run took; None where nothing was computed."""
    result: Mapping[str, Any] = job.result or {}
    if job.started_at is None or job.finished_at is None or "n_features" not in result:
        return None
    expected = _START_S + expected_seconds(job.params["recipe"]["method"], result["n_segmented"], result["n_features"])
    return (job.finished_at - job.started_at).total_seconds() / expected
