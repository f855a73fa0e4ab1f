"""How far to trust segments: do they come back in other samples, and are there groups at all?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from segmentation.clusters.methods import group_rows
from segmentation.clusters.progress import OnProgress, unheard
from segmentation.clusters.rows import canonical_order, check_rows, count_different
from segmentation.clusters.structure import Level, find_structure
from segmentation.clusters.voting import smallest_allowed

# Mean Jaccard likeness over resamples (Hennig 2007, and the documentation of his `clusterboot`): below 0.6 a segment should not be
# trusted; up to 0.75 it is a pattern with doubtful members; from 0.75 on it is stable, from 0.85 on highly stable.
DOUBTFUL = 0.6
STABLE = 0.75
HIGHLY_STABLE = 0.85

RESAMPLES = 40
# Resamples of larger lists say no more.
RESAMPLE_ROWS = 2_000
# Share of the usual search for each of the many fits that are averaged.
EFFORT = 0.2

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]
Verdict = Literal["use", "use with care", "do not target"]


@dataclass(frozen=True)
class Trust:
    """What a segmentation is worth.

    Attributes
    ----------
    stability : tuple of float or None
        Mean Jaccard likeness (0 to 1) of each segment to its best counterpart in resamples; None where it cannot be told.
    verdicts : tuple of {"use", "use with care", "do not target"}
        One for each segment.
    level : {"clear", "some", "none", "unknown"}
        How much structure the whole has.
    structure : str
        The same as a sentence.
    silhouette_reference : float
        Mean silhouette of the same data with independently permuted columns, grouped in as many by K-means; nan where it cannot be told.
    silhouette_cloud : float
        Mean silhouette of clouds of the same spread and correlation without groups, likewise; what ``level`` rests on.
    """

    stability: tuple[float | None, ...]
    verdicts: tuple[Verdict, ...]
    level: Level
    structure: str
    silhouette_reference: float
    silhouette_cloud: float


def judge(X: Floats, labels: Labels, method: str | None = "kmeans", seed: int = 0, on_progress: OnProgress = unheard) -> Trust:
    """Judge a segmentation.

    Parameters
    ----------
    X : ndarray of shape (n, d)
        Finite, standardised: what was grouped.
    labels : ndarray of shape (n,)
        Segments, 0 to k - 1, every one used.
    method : {"kmeans", "hierarchical", "mixture"} or None
        How the groups were found; None for segments by a rule, which no resample can move: they have no stability.
    seed : int
        The same data and seed give the same judgement, whatever the row order.
    on_progress : callable, optional
        Hears of "stability", whose parts are the resamples, and of "structure", whose parts are data without groups.

    Returns
    -------
    Trust

    Notes
    -----
    A segment is for use when it is no handful (`smallest_allowed`) and stable, highly stable if it is a cut through one cloud rather than
    a group. Where the customers are too few to tell groups from chance it is to be used with care. It is not to be targeted when it
    dissolves (stability below ``DOUBTFUL``); else it is to be used with care.
    """
    X = check_rows(X)
    order = canonical_order(X)
    rows, labels = X[order], labels[order]
    k = int(labels.max()) + 1
    found = stability(rows, labels, method, seed, on_progress) if method else np.full(k, np.nan)
    whole = find_structure(rows, k, seed, on_progress)
    needed = smallest_allowed(len(rows))
    verdicts = tuple(_verdict(value, size >= needed, whole.level) for value, size in zip(found, np.bincount(labels), strict=True))
    known = tuple(None if math.isnan(value) else float(value) for value in found)
    return Trust(known, verdicts, whole.level, whole.sentence, whole.silhouette_reference, whole.silhouette_cloud)


def _verdict(stability: float, is_large: bool, level: Level) -> Verdict:
    """Put one segment's figures into words; a rule (nan) does not move."""
    if stability < DOUBTFUL:
        return "do not target"
    is_rule = math.isnan(stability)
    is_steady = is_rule or stability >= (STABLE if level in ("clear", "some") else HIGHLY_STABLE)
    is_told_from_chance = is_rule or level != "unknown"
    return "use" if is_steady and is_large and is_told_from_chance else "use with care"


def stability(rows: Floats, labels: Labels, method: str, seed: int, on_progress: OnProgress = unheard) -> Floats:
    """Measure how well each segment comes back in bootstrap samples (Hennig 2007, ``clusterboot``).

    Parameters
    ----------
    rows : ndarray of shape (n, d)
        In canonical order.
    labels : ndarray of shape (n,)
        Segments, 0 to k - 1.
    method : {"kmeans", "hierarchical", "mixture"}
        How samples are grouped.
    seed : int
        For the samples and the fits.
    on_progress : callable, optional
        As in `judge`.

    Returns
    -------
    ndarray of shape (k,)
        Mean over the samples of the largest Jaccard likeness to any group of the sample, among its customers, each counted once; 0 to 1,
        nan for a segment that no sample held. Samples have at most ``RESAMPLE_ROWS`` draws.
    """
    rng = np.random.default_rng(seed)
    n = len(rows)
    k = int(labels.max()) + 1
    likeness = np.full((RESAMPLES, k), np.nan)
    for sample in range(RESAMPLES):
        on_progress("stability", sample, RESAMPLES)
        drawn = np.unique(rng.integers(n, size=min(n, RESAMPLE_ROWS)))
        if count_different(rows[drawn]) < k:
            continue
        again = group_rows(rows[drawn], method, [k], seed + sample, EFFORT)[k]
        likeness[sample] = _best_jaccard(labels[drawn], again, k)
    counted = (~np.isnan(likeness)).sum(axis=0)
    return np.where(counted > 0, np.nansum(likeness, axis=0) / np.maximum(counted, 1), np.nan)


def _best_jaccard(labels: Labels, again: Labels, k: int) -> Floats:
    """Return for each of k segments the largest Jaccard likeness to a new group; nan for segments without a member."""
    width = int(again.max()) + 1
    both = np.bincount(labels * width + again, minlength=k * width).reshape(k, width)
    own = both.sum(axis=1)
    either = own[:, None] + both.sum(axis=0) - both
    return np.where(own > 0, (both / either).max(axis=1), np.nan)
