"""Data without groups to compare with: the same columns shuffled, and smooth clouds of the same spread and correlation."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

# Modes that are tried for a column.
MODES = 40
# A column that repeats few values, though more than these, is a count or a scale: its clouds keep to its values.
MIN_LEVELS = 5
# ... when each value is repeated this often on average.
REPEATS = 4

Floats = NDArray[np.float64]


def shuffled_columns(rows: Floats, copies: int, rng: np.random.Generator) -> Iterator[Floats]:
    """Yield copies of the data in which each column is permuted on its own.

    Parameters
    ----------
    rows : ndarray of shape (n, d)
        Finite.
    copies : int
        How many.
    rng : numpy.random.Generator
        Where the permutations come from.

    Yields
    ------
    ndarray of shape (n, d)
        The same values in every column, without any dependence between columns.
    """
    for _ in range(copies):
        yield rng.permuted(rows, axis=0)


def matched_clouds(rows: Floats, copies: int, rng: np.random.Generator) -> Iterator[Floats]:
    """Yield clouds with the spread, skew and correlation of the data, but one peak only.

    Parameters
    ----------
    rows : ndarray of shape (n, d)
        Finite, n at least 2. Constant columns are left as they are.
    copies : int
        How many.
    rng : numpy.random.Generator
        Where the clouds come from.

    Yields
    ------
    ndarray of shape (n, d)
        Each column follows the unimodal distribution nearest to its own (see `one_peak`); ranks are those of a normal distribution with
        the correlations of the data's normal scores (a Gaussian copula).

    Notes
    -----
    Shuffled columns are no fair reference: a correlated cloud beats them though it has no groups, and four groups on the corners of a
    square do not, for their shuffled columns have the same four groups. A normal distribution of the same covariance is none for skewed
    data. These clouds contain both: correlations 0 and unimodal columns give shuffled columns, normal columns the normal distribution.
    """
    n = len(rows)
    varying = rows.std(axis=0) > 0
    peaks = np.stack([one_peak(column) for column in rows.T[varying]], axis=1)
    values, vectors = np.linalg.eigh(_score_correlation(rows[:, varying]))
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    for _ in range(copies):
        cloud = rows.copy()
        ranks = np.argsort(np.argsort((rng.standard_normal((n, 1, len(root))) * root).sum(axis=2), axis=0), axis=0)
        cloud[:, varying] = np.take_along_axis(peaks, ranks, axis=0)
        yield cloud


def one_peak(column: Floats) -> Floats:
    """Return values of the distribution with one peak that is nearest to that of a column.

    Parameters
    ----------
    column : ndarray of shape (n,)
        At least two different values.

    Returns
    -------
    ndarray of shape (n,)
        Its quantiles, ascending. A column of counts (`MIN_LEVELS`, `REPEATS`) keeps to its own values.

    Notes
    -----
    For a given peak the density that rises before and falls after it is a monotone regression of the empirical one (Grenander 1956); of
    `MODES` peaks that with the least largest distance between the distribution functions is taken, as in the dip test (Hartigan &
    Hartigan 1985).
    """
    n = len(column)
    levels, counts = np.unique(column, return_counts=True)
    middles = (levels[1:] + levels[:-1]) / 2
    edges = np.r_[2 * levels[0] - middles[0], middles, 2 * levels[-1] - middles[-1]]
    widths = np.diff(edges)
    empirical = np.r_[0, np.cumsum(counts)] / n
    best, least = empirical, np.inf
    for density in _densities_with_one_peak(counts / n, widths):
        mass = np.cumsum(density * widths)
        fitted = np.r_[0.0, mass / mass[-1]]
        gap = float(np.abs(fitted - empirical).max())
        if gap < least:
            best, least = fitted, gap
    quantiles: Floats = np.interp((np.arange(n) + 0.5) / n, best, edges)
    if MIN_LEVELS <= len(levels) <= n / REPEATS:
        quantiles = levels[np.searchsorted(middles, quantiles)]
    return quantiles


def _densities_with_one_peak(masses: Floats, widths: Floats) -> Iterator[Floats]:
    """Yield for each peak that is tried the nearest density over the cells that rises up to it and falls after it."""
    m = len(masses)
    peaks = np.unique(np.linspace(0, m - 1, MODES).astype(int))
    rising = _rising_densities(masses, widths, set(peaks.tolist()))
    falling = _rising_densities(masses[::-1], widths[::-1], set((m - 1 - peaks).tolist()))
    for peak in peaks.tolist():
        before, after = rising[peak], falling[m - 1 - peak][::-1]
        yield np.r_[before[:-1], max(before[-1], after[0]), after[1:]]


def _rising_densities(masses: Floats, widths: Floats, stops: set[int]) -> dict[int, Floats]:
    """Return by stop the nearest rising density over the cells up to it: neighbours that fall are pooled (Ayer et al. 1955)."""
    found: dict[int, Floats] = {}
    pools: list[tuple[float, float, int]] = []
    for cell, (mass, width) in enumerate(zip(masses.tolist(), widths.tolist(), strict=True)):
        pool = (mass, width, 1)
        while pools and pools[-1][0] * pool[1] >= pool[0] * pools[-1][1]:
            last = pools.pop()
            pool = (last[0] + pool[0], last[1] + pool[1], last[2] + pool[2])
        pools.append(pool)
        if cell in stops:
            found[cell] = np.repeat([mass / width for mass, width, _ in pools], [cells for _, _, cells in pools])
    return found


def _score_correlation(rows: Floats) -> Floats:
    """Return the correlations of the columns' normal scores; ties share a score."""
    n = len(rows)
    score_of_rank = np.array([NormalDist().inv_cdf(rank / (2 * n)) for rank in range(1, 2 * n)])
    scores = []
    for column in rows.T:
        ascending = np.sort(column)
        rank = np.searchsorted(ascending, column, "left") + np.searchsorted(ascending, column, "right")
        scores.append(score_of_rank[rank - 1])
    standard = np.array([(score - score.mean()) / score.std() for score in scores])
    correlation: Floats = (standard[:, None] * standard).mean(axis=2)
    return correlation
