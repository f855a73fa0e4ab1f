"""Are there groups at all, or one cloud that any method would cut into pieces?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from segmentation.clusters.clouds import matched_clouds, shuffled_columns
from segmentation.clusters.kmeans import kmeans
from segmentation.clusters.progress import OnProgress, unheard
from segmentation.clusters.rows import canonical_order, count_different
from segmentation.clusters.separation import LIKELY, are_apart, find_clumps
from segmentation.clusters.silhouettes import silhouettes

# A cloud can beat the silhouettes of its like by chance, or by heavy tails; what it never has is a gap. So there is structure where a gap
# is sure, or where one is likely and the silhouette exceeds that of clouds without groups by this much and this many standard deviations.
# Figures: benchmarks/structure_bars.py.
SOME_EXCESS = 0.05
SURE_EXCESS = 3.0
# Groups are clear where all are surely apart, or the silhouette exceeds that of clouds by this much.
CLEAR_EXCESS = 0.10

SHUFFLES = 5
CLOUDS = 20
# References of larger lists say no more.
STRUCTURE_ROWS = 1_000
# Gaps cost little, and small groups need many rows to show theirs.
GAP_ROWS = 8_000
# Shorter lists say too little.
MIN_ROWS = 30
# Share of the usual search for each of the many fits that are averaged.
EFFORT = 0.2

Floats = NDArray[np.float64]
Level = Literal["clear", "some", "none", "unknown"]


@dataclass(frozen=True)
class Structure:
    """Whether there are groups at all.

    Attributes
    ----------
    level : {"clear", "some", "none", "unknown"}
        How much structure there is.
    sentence : str
        The same in words.
    silhouette_reference : float
        Mean silhouette of the same data with independently permuted columns; nan where it cannot be told.
    silhouette_cloud : float
        Mean silhouette of clouds of the same spread and correlation without groups.
    """

    level: Level
    sentence: str
    silhouette_reference: float
    silhouette_cloud: float


def find_structure(rows: Floats, k: int, seed: int, on_progress: OnProgress = unheard) -> Structure:
    """Compare the data with data without groups.

    Parameters
    ----------
    rows : ndarray of shape (n, d)
        In canonical order.
    k : int
        Number of groups that the data and the references are cut into, by K-means.
    seed : int
        For the references and the fits.
    on_progress : callable, optional
        Hears of "structure", whose parts are the references.

    Returns
    -------
    Structure
    """
    rng = np.random.default_rng(seed)
    sample = _sample(rows, STRUCTURE_ROWS, rng)
    if k == 1:
        return Structure("unknown", "There is one segment only, so there is nothing to compare.", math.nan, math.nan)
    if len(sample) < MIN_ROWS or count_different(sample) <= k:
        sentence = f"{len(rows):,} customers are too few, or too alike, to tell groups from chance."
        return Structure("unknown", sentence, math.nan, math.nan)
    observed = _silhouettes([sample], k, seed)[0]
    shuffled = _silhouettes(_counted(shuffled_columns(sample, SHUFFLES, rng), 0, on_progress), k, seed)
    clouds = _silhouettes(_counted(matched_clouds(sample, CLOUDS, rng), SHUFFLES, on_progress), k, seed)
    cloud = float(clouds.mean())
    is_above = observed - cloud >= max(SOME_EXCESS, SURE_EXCESS * float(clouds.std(ddof=1)))
    level = _level(_sample(rows, GAP_ROWS, rng), k, seed, observed - cloud if is_above else 0.0)
    basis = f"{len(sample):,} of the customers in {k} compact groups"
    figures = f"({basis}: silhouette {observed:.2f}; {cloud:.2f} in a cloud without groups, of the same spread and correlation)"
    return Structure(level, _sentence(level, figures), float(shuffled.mean()), cloud)


def _sample(rows: Floats, most: int, rng: np.random.Generator) -> Floats:
    """Draw at most so many rows, in the order they had."""
    return rows if len(rows) <= most else rows[np.sort(rng.choice(len(rows), most, replace=False))]


def _counted(references: Iterable[Floats], before: int, on_progress: OnProgress) -> Iterator[Floats]:
    """Say of each reference that its turn has come."""
    for number, reference in enumerate(references):
        on_progress("structure", before + number, SHUFFLES + CLOUDS)
        yield reference


def _silhouettes(samples: Iterable[Floats], k: int, seed: int) -> Floats:
    """Group each sample in k and return the silhouettes. By K-means: a mixture gets lost in a cloud, and anything would beat it."""
    values = []
    for sample in samples:
        rows = sample[canonical_order(sample)]
        labels = kmeans(rows, min(k, count_different(rows)), seed, EFFORT)
        values.append(silhouettes(rows, {k: labels}).mean[k])
    return np.array(values)


def _level(rows: Floats, k: int, seed: int, excess: float) -> Level:
    """Say how much structure the gaps between k groups and an excess of silhouette (0.0 where it may be chance) stand for."""
    labels = kmeans(rows, min(k, count_different(rows)), seed, EFFORT)
    sure = find_clumps(rows, labels, seed)
    if not sure.any() and (excess == 0.0 or not find_clumps(rows, labels, seed, LIKELY).any()):
        return "none"
    return "clear" if are_apart(sure) or excess >= CLEAR_EXCESS else "some"


def _sentence(level: Level, figures: str) -> str:
    if level == "clear":
        return f"Clear groups: between them there are gaps, with far fewer customers than inside {figures}."
    if level == "some":
        return f"Some structure: there are groups, but some of the segments run into one another {figures}."
    return f"Structureless: the groups are cuts through one cloud, so their borders are a matter of choice {figures}."
