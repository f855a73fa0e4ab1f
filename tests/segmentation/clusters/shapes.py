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


def scattered_groups(n: int, d: int, seed: int, shares: tuple[float, ...] = (0.25,) * 4) -> tuple[np.ndarray, np.ndarray]:
    """Return standardised rows in groups of the given shares and unlike widths, no two centres closer than six of them, and the groups."""
    rng = np.random.default_rng(seed)
    k = len(shares)
    apart = 0.0
    while apart < 6:
        centers = rng.normal(scale=6, size=(k, d))
        apart = min(float(np.linalg.norm(centers[a] - centers[b])) for a in range(k) for b in range(a))
    groups = rng.choice(k, size=n, p=shares)
    widths = np.linspace(0.6, 1.0, k)
    return standardised(centers[groups] + widths[groups][:, None] * rng.normal(size=(n, d))), groups


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


def _heavy_tails(freedom: int) -> Callable[[np.random.Generator, int, int], np.ndarray]:
    """Return a maker of multivariate t rows: one cloud with many far from its middle in all columns at once."""
    return lambda rng, n, d: rng.normal(size=(n, d)) / np.sqrt(rng.chisquare(freedom, size=(n, 1)) / freedom)


def _band(rng: np.random.Generator, n: int, d: int) -> np.ndarray:
    """Return rows along half a circle."""
    angle = rng.uniform(0, np.pi, n)
    return np.column_stack([np.cos(angle), np.sin(angle), np.zeros((n, d - 2))]) + 0.15 * rng.normal(size=(n, d))


def overlapping(apart: float) -> Callable[[np.random.Generator, int, int], np.ndarray]:
    """Return a maker of two normal clouds whose centres are so many standard deviations apart."""
    return lambda rng, n, d: rng.normal(size=(n, d)) + np.outer(rng.integers(2, size=n), np.eye(d)[0] * apart)


HARD_WITHOUT_GROUPS: dict[str, Callable[[np.random.Generator, int, int], np.ndarray]] = {
    "t, 3 degrees of freedom": _heavy_tails(3),
    "t, 4 degrees of freedom": _heavy_tails(4),
    "t, 5 degrees of freedom": _heavy_tails(5),
    "one curved band": _band,
    "dense centre with a halo": lambda rng, n, d: rng.normal(size=(n, d)) * np.where(rng.random(n) < 0.7, 1.0, 4.0)[:, None],
    "logarithms of counts": lambda rng, n, d: np.log(rng.geometric(0.5, size=(n, d))),
}
