"""K-means sweeps and silhouettes of k = 2..10 against scikit-learn, interleaved in one run (goals G6 and G7).

``python -m benchmarks.bench_clusters [--large] [--rounds N]``; ``--large`` adds silhouettes of 59,000 rows: minutes.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
from threadpoolctl import threadpool_limits

from segmentation.clusters.kernels import warm
from segmentation.clusters.methods import fit_each
from segmentation.clusters.silhouettes import silhouettes

KS = range(2, 11)
SEEDS = range(5)


def customers(n: int) -> np.ndarray:
    """Return recency, frequency and money in the shape of a shop's, after the logarithm, standardised."""
    rng = np.random.default_rng(n)
    loyalty = rng.normal(size=n)
    orders = 1 + rng.poisson(np.exp(loyalty))
    money = orders * np.exp(3 + 0.5 * loyalty + 0.7 * rng.normal(size=n))
    days = np.ceil(rng.exponential(300 / (1 + orders)))
    table = np.log1p(np.column_stack([days, orders, money]))
    return (table - table.mean(axis=0)) / table.std(axis=0)


def timed(work: Callable[[], object]) -> tuple[float, float, object]:
    """Return wall seconds, processor seconds and the result."""
    wall, processor = time.perf_counter(), time.process_time()
    result = work()
    return time.perf_counter() - wall, time.process_time() - processor, result


def their_sweep(rows: np.ndarray, seed: int = 0) -> dict[int, float]:
    from sklearn.cluster import KMeans

    return {k: float(KMeans(k, n_init=10, random_state=seed).fit(rows).inertia_) for k in KS}


def their_silhouettes(rows: np.ndarray, labels: dict[int, np.ndarray]) -> dict[int, float]:
    from sklearn.metrics import silhouette_score

    return {k: float(silhouette_score(rows, own)) for k, own in labels.items()}


def compare_silhouettes(rows: np.ndarray, rounds: int) -> None:
    """Print how many times faster the exact silhouettes of every k are, and their largest error."""
    labels = {k: found.labels for k, found in fit_each(rows, "kmeans", KS, 0).items()}
    ratios, ours, error = [], [], 0.0
    for _ in range(rounds):
        wall, _, mine = timed(lambda: silhouettes(rows, labels, exact_rows=len(rows)))
        other_wall, _, theirs = timed(lambda: their_silhouettes(rows, labels))
        ratios.append(other_wall / wall)
        ours.append(wall)
        error = max(abs(mine.mean[k] - theirs[k]) for k in KS)
    print(
        f"silhouettes k = 2..10, {len(rows):>7,} rows: {statistics.median(ours):7.3f} s, "
        f"{statistics.median(ratios):5.0f} times faster than scikit-learn, largest error {error:.0e}"
    )


def compare_sweeps(rows: np.ndarray, rounds: int) -> None:
    """Print how many times faster the sweep is, with one thread and with scikit-learn's default."""
    one, default, ours = [], [], []
    for _ in range(rounds):
        wall, processor, _ = timed(lambda: fit_each(rows, "kmeans", KS, 0))
        with threadpool_limits(1):
            one.append(timed(lambda: their_sweep(rows))[0] / wall)
        default.append(timed(lambda: their_sweep(rows))[1] / processor)
        ours.append(wall)
    print(
        f"K-means k = 2..10, {len(rows):>11,} rows: {statistics.median(ours):7.3f} s, {statistics.median(one):5.1f} times faster than one "
        f"thread of scikit-learn, {statistics.median(default):5.1f} times less processor time than its default threads"
    )


def compare_inertia(rows: np.ndarray) -> None:
    """Print how far each side is from the best inertia that either found on five seeds."""
    mine = [{k: found.inertia for k, found in fit_each(rows, "kmeans", KS, seed).items()} for seed in SEEDS]
    theirs = [their_sweep(rows, seed) for seed in SEEDS]
    best = {k: min(sweep[k] for sweep in mine + theirs) for k in KS}
    gap, other_gap = (max(sweep[k] / best[k] - 1 for sweep in sweeps for k in KS) for sweeps in (mine, theirs))
    print(f"largest gap to the best inertia known, {len(rows):>7,} rows, 5 seeds, k = 2..10: {gap:.3%}; scikit-learn {other_gap:.3%}")


def main() -> None:
    """Print the ratios."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    warm()
    for n in (3_500, 10_000):
        compare_silhouettes(customers(n), options.rounds)
    if options.large:
        compare_silhouettes(customers(59_000), 1)
    for n in (3_500, 10_000, 59_000, 100_000):
        compare_sweeps(customers(n), options.rounds)
    for n in (3_500, 59_000):
        compare_inertia(customers(n))


if __name__ == "__main__":
    main()
