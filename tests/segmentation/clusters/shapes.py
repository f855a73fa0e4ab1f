"""Made-up rows: with groups, and without."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def standardised(values: np.ndarray) -> np.ndarray:
    return (values - values.mean(axis=0)) / values.std(axis=0)


def clear_groups(n: int, d: int, seed: int, k: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """Return rows in k groups whose centres are at least eight standard deviations apart, and the groups."""
    rng = np.random.default_rng(seed)
    centers = np.zeros((k, d))
    centers[:, 0] = 10 * (np.arange(k) % 2)
    centers[:, 1] = 10 * (np.arange(k) // 2)
    groups = rng.integers(k, size=n)
    return centers[groups] + rng.normal(size=(n, d)), groups


def _correlated(rng: np.random.Generator, n: int, d: int) -> np.ndarray:
    return rng.normal(size=(n, d)) @ np.linalg.cholesky(np.full((d, d), 0.7) + 0.3 * np.eye(d)).T


WITHOUT_GROUPS: dict[str, Callable[[np.random.Generator, int, int], np.ndarray]] = {
    "uniform": lambda rng, n, d: rng.random((n, d)),
    "one Gaussian": lambda rng, n, d: rng.normal(size=(n, d)),
    "log-normal": lambda rng, n, d: rng.lognormal(size=(n, d)),
    "correlated": _correlated,
    "correlated log-normal": lambda rng, n, d: np.exp(_correlated(rng, n, d)),
    "counts": lambda rng, n, d: rng.geometric(0.3, size=(n, d)).astype(np.float64),
}
