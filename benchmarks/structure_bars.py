"""Are data without groups called structureless, four clear groups found, and files of next to nothing taken in words (bar B21)?

One line a bar; exits with 1 where one is missed.

``python -m benchmarks.structure_bars [--seeds 100] [--jobs 2]``. Every run is the whole way: k chosen automatically, then judged. Hard
shapes, and those where either word would do, are tried with a fifth of the seeds.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np

from segmentation.clusters.agreement import adjusted_rand
from segmentation.clusters.choosing_k import choose_k
from segmentation.clusters.kernels import warm
from segmentation.clusters.rows import canonical_order
from segmentation.clusters.structure import find_structure
from tests.reference.degenerate_files import DEGENERATE_FILES, take
from tests.segmentation.clusters.shapes import HARD_WITHOUT_GROUPS, WITHOUT_GROUPS, overlapping, scattered_groups, standardised

NEEDED = 0.95
SIZES = (500, 5_000)
DIMENSIONS = (2, 3, 7)
GROUP_DIMENSIONS = (2, 3, 5, 7)
SHARES = {"four equal groups": (0.25,) * 4, "four unequal groups": (0.5, 0.25, 0.15, 0.1)}
WITHOUT = WITHOUT_GROUPS | HARD_WITHOUT_GROUPS
REPORTED = {f"two clouds, {apart} apart": overlapping(apart) for apart in (2, 3, 4)}


def level_of(shape: str, n: int, d: int, seed: int) -> str:
    """Return how much structure is said to be in rows of a shape."""
    rows = standardised((WITHOUT | REPORTED)[shape](np.random.default_rng(seed), n, d))
    return find_structure(rows[canonical_order(rows)], choose_k(rows, seed).n_clusters, seed).level


def found_groups(shares: str, n: int, d: int, seed: int) -> str:
    """Return "clear" where the four groups were found, customer by customer, and called clear; else what went wrong."""
    rows, groups = scattered_groups(n, d, seed, SHARES[shares])
    choice = choose_k(rows, seed)
    if choice.n_clusters != len(SHARES[shares]):
        return f"k = {choice.n_clusters}"
    if adjusted_rand(choice.labels, groups) < NEEDED:
        return "other customers"
    return find_structure(rows[canonical_order(rows)], choice.n_clusters, seed).level


def count(measure: Callable[[int], str], seeds: int, jobs: int) -> Counter[str]:
    """Count the answers over the seeds."""
    with ProcessPoolExecutor(jobs) as pool:
        return Counter(pool.map(measure, range(seeds), chunksize=max(1, seeds // (4 * jobs))))


def tell(what: str, counts: Counter[str], wanted: str, seeds: int) -> bool:
    """Print a bar and whether it is reached; the other answers stand behind it."""
    others = ", ".join(f"{answer} {times}" for answer, times in sorted(counts.items()) if answer != wanted)
    is_reached = counts[wanted] >= NEEDED * seeds
    print(
        f"{'ok    ' if is_reached else 'MISSED'} {what}: {wanted} {counts[wanted]} of {seeds}{f' ({others})' if others else ''}", flush=True
    )
    return is_reached


def measure_clouds(n: int, seeds: int, jobs: int) -> list[bool]:
    """Print the bars of data without groups of one size, and what is said of overlapping clouds."""
    reached = []
    few = max(1, seeds // 5)
    for d in DIMENSIONS:
        for shape in WITHOUT:
            tries = few if shape in HARD_WITHOUT_GROUPS else seeds
            reached.append(tell(f"{shape}, {n:,} x {d}", count(partial(level_of, shape, n, d), tries, jobs), "none", tries))
        for shape in REPORTED:
            said = count(partial(level_of, shape, n, d), few, jobs)
            print(f"       {shape}, {n:,} x {d}: {'; '.join(f'{answer} {times}' for answer, times in said.most_common())}", flush=True)
    return reached


def take_degenerate() -> bool:
    """Print the bar B21: each degenerate file by the command line."""
    faults = {}
    for name, file in DEGENERATE_FILES.items():
        with tempfile.TemporaryDirectory() as folder:
            if fault := take(file, Path(folder)):
                faults[name] = fault
    told = "".join(f"; {name}: {fault}" for name, fault in faults.items())
    n = len(DEGENERATE_FILES)
    print(f"{'MISSED' if faults else 'ok    '} B21 degenerate files: {n - len(faults)} of {n} taken in words{told}", flush=True)
    return not faults


def main() -> int:
    """Print the bars; return 0 where all are reached."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
    warm()
    reached = [take_degenerate()]
    for n in SIZES:
        reached += measure_clouds(n, options.seeds, options.jobs)
        for d in GROUP_DIMENSIONS:
            for shares in SHARES:
                counts = count(partial(found_groups, shares, n, d), options.seeds, options.jobs)
                reached.append(tell(f"{shares}, {n:,} x {d}", counts, "clear", options.seeds))
    print(f"structure: {sum(reached)} of {len(reached)} bars reached")
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main())
