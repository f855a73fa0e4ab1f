"""The compiled inner loops: K-means and silhouettes. Numbers only; `kmeans` and `silhouettes` hold the thinking.

K-means takes its rows in blocks of shape (n_blocks, n_features, BLOCK), the last one padded. Every inner loop runs over
BLOCK neighbours from 0: it is vectorised, has no remainder, and identical rows get identical bits wherever they stand.
One thread and one order of sums: the same bits on every run of a machine.

Each entry point takes one type only and is cached on disk; ``warm()`` compiles them all.
"""

from __future__ import annotations

import numpy as np
from numba import njit, uint64
from numpy.typing import NDArray

BLOCK = 256
TILE = 1024
MAX_ITERATIONS = 500
# A start is given up when even this many more steps like the last one would not beat the best so far.
PATIENCE = 10.0
# Centres step beyond the mean by this share of the way, until that gains nothing: fewer steps, and better optima.
OVERSHOOT = 0.8
# Every fourth attempt moves all centres by up to this share of the typical distance, out of optima that differ by a few rows.
SHAKE = 0.1
# Solutions whose inertia differs by a smaller share are taken for the same.
SAME = 1e-5

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
# centres (k, d), labels and squared distances to the own centre (n_blocks, BLOCK), sums and counts by cluster (k, d + 1)
State = tuple[Floats, NDArray[np.int32], Floats, Floats]

# Sums may be regrouped into vector lanes; infinity and nan keep their meaning.
_FAST = {"reassoc", "contract", "nsz", "arcp", "afn"}
_part = njit(fastmath=_FAST)  # becomes a piece of the entry points, so it needs no cache of its own
_entry = njit(fastmath=_FAST, cache=True)


@_part
def _random(stream: NDArray[np.uint64]) -> float:
    """Return the next number in [0, 1) of a SplitMix64 stream (Steele, Lea & Flood 2014)."""
    stream[0] += uint64(0x9E3779B97F4A7C15)
    z = stream[0]
    z = (z ^ (z >> uint64(30))) * uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> uint64(27))) * uint64(0x94D049BB133111EB)
    z = z ^ (z >> uint64(31))
    return float(z >> uint64(11)) / 9007199254740992.0


@_part
def _squared_distances(block: Floats, center: Floats, out: Floats) -> None:
    """Fill ``out`` with the squared distance of each row of a block to one centre."""
    row = block[0]
    at = center[0]
    for i in range(BLOCK):
        t = row[i] - at
        out[i] = t * t
    for f in range(1, block.shape[0]):
        row = block[f]
        at = center[f]
        for i in range(BLOCK):
            t = row[i] - at
            out[i] += t * t


@_part
def _assign(block: Floats, centers: Floats, nearest: Floats, label: NDArray[np.int32], buffer: Floats) -> None:
    """Fill ``nearest`` (squared distance) and ``label`` for one block; of equal distances the first centre wins."""
    _squared_distances(block, centers[0], nearest)
    for i in range(BLOCK):
        label[i] = 0
    for c in range(1, centers.shape[0]):
        _squared_distances(block, centers[c], buffer)
        for i in range(BLOCK):
            if buffer[i] < nearest[i]:
                nearest[i] = buffer[i]
                label[i] = c


@_part
def _move(block: Floats, i: int, old: int, new: int, totals: Floats) -> None:
    """Move row ``i`` of a block from cluster ``old`` (-1: none) to ``new`` in the running sums and counts."""
    d = block.shape[0]
    for f in range(d):
        totals[new, f] += block[f, i]
    totals[new, d] += 1.0
    if old >= 0:
        for f in range(d):
            totals[old, f] -= block[f, i]
        totals[old, d] -= 1.0


@_part
def _fill_empty(blocks: Floats, n: int, state: State) -> int:
    """Give each empty cluster the row that lies farthest from its centre and is not alone; return how many were empty."""
    _, labels, nearest, totals = state
    d = blocks.shape[1]
    filled = 0
    for c in range(totals.shape[0]):
        if totals[c, d] > 0.5:
            continue
        filled += 1
        far_b, far_i, far = 0, 0, -1.0
        for b in range(blocks.shape[0]):
            for i in range(min(BLOCK, n - b * BLOCK)):
                if nearest[b, i] > far and totals[labels[b, i], d] > 1.5:
                    far_b, far_i, far = b, i, nearest[b, i]
        _move(blocks[far_b], far_i, labels[far_b, far_i], c, totals)
        labels[far_b, far_i] = c
        nearest[far_b, far_i] = 0.0
    return filled


@_part
def _reassign(blocks: Floats, n: int, state: State, label: NDArray[np.int32], buffer: Floats) -> tuple[float, int]:
    """Send every row to its nearest centre; return the inertia and how many rows moved."""
    centers, labels, nearest, totals = state
    inertia = 0.0
    changed = 0
    for b in range(blocks.shape[0]):
        near, old = nearest[b], labels[b]
        _assign(blocks[b], centers, near, label, buffer)
        m = min(BLOCK, n - b * BLOCK)
        total = 0.0
        moved = 0
        for i in range(m):
            total += near[i]
            moved += label[i] != old[i]
        inertia += total
        changed += moved
        if moved > 0:
            for i in range(m):
                if label[i] != old[i]:
                    _move(blocks[b], i, old[i], label[i], totals)
                    old[i] = label[i]
    return inertia, changed


@_entry
def lloyd(blocks: Floats, n: int, state: State, tolerance: float, goal: float) -> float:
    """Move the centres of ``state`` until no row moves, a step gains less than ``tolerance`` of inertia, or ``goal`` is out of reach."""
    centers, _, _, totals = state
    k, d = centers.shape
    label = np.empty(BLOCK, np.int32)
    buffer = np.empty(BLOCK)
    inertia = np.inf
    overshoot = 0.0
    for step in range(MAX_ITERATIONS):
        before = inertia
        inertia, changed = _reassign(blocks, n, state, label, buffer)
        fall = before - inertia
        if _fill_empty(blocks, n, state) > 0:
            overshoot = 0.0
        elif inertia - PATIENCE * fall > goal:
            break
        elif changed == 0 or fall <= tolerance * inertia:
            if overshoot == 0.0:
                break
            overshoot = 0.0
        else:
            overshoot = OVERSHOOT if step > 1 else 0.0
        for c in range(k):
            for f in range(d):
                mean = totals[c, f] / totals[c, d]
                centers[c, f] = mean + overshoot * (mean - centers[c, f])
    return inertia


@_entry
def inertias(blocks: Floats, n: int, candidates: Floats) -> Floats:
    """Return the inertia of the rows around each of several sets of centres, (n_candidates, k, d), where they stand."""
    found = np.zeros(len(candidates))
    nearest = np.empty(BLOCK)
    label = np.empty(BLOCK, np.int32)
    buffer = np.empty(BLOCK)
    for t in range(len(candidates)):
        for b in range(blocks.shape[0]):
            _assign(blocks[b], candidates[t], nearest, label, buffer)
            total = 0.0
            for i in range(min(BLOCK, n - b * BLOCK)):
                total += nearest[i]
            found[t] += total
    return found


@_part
def _seed_centers(blocks: Floats, n: int, centers: Floats, nearest: Floats, stream: NDArray[np.uint64]) -> None:
    """Choose starting centres by greedy k-means++ (Arthur & Vassilvitskii 2007): of 2 + log k candidates the best is kept."""
    k = centers.shape[0]
    n_blocks = blocks.shape[0]
    cumulated = np.empty(n)
    trial_near = np.empty((n_blocks, BLOCK))
    best_near = np.empty((n_blocks, BLOCK))
    row = int(_random(stream) * n)
    centers[0] = blocks[row // BLOCK, :, row % BLOCK]
    for b in range(n_blocks):
        _squared_distances(blocks[b], centers[0], nearest[b])
    for c in range(1, k):
        total = 0.0
        for b in range(n_blocks):
            for i in range(min(BLOCK, n - b * BLOCK)):
                total += nearest[b, i]
                cumulated[b * BLOCK + i] = total
        best = np.inf
        for _ in range(2 + int(np.log(k))):
            row = min(int(np.searchsorted(cumulated, _random(stream) * total, side="right")), n - 1)
            candidate = blocks[row // BLOCK, :, row % BLOCK].copy()
            cost = 0.0
            for b in range(n_blocks):
                near, trial = nearest[b], trial_near[b]
                _squared_distances(blocks[b], candidate, trial)
                for i in range(BLOCK):
                    trial[i] = min(trial[i], near[i])
                part = 0.0
                for i in range(min(BLOCK, n - b * BLOCK)):
                    part += trial[i]
                cost += part
            if cost < best:
                best = cost
                centers[c] = candidate
                best_near, trial_near = trial_near, best_near
        nearest[:] = best_near


@_part
def _swap(blocks: Floats, n: int, centers: Floats, nearest: Floats, stream: NDArray[np.uint64]) -> None:
    """Put one centre, drawn at random, on a row drawn in proportion to its squared distance from its own centre."""
    parts = np.zeros(blocks.shape[0])
    for b in range(blocks.shape[0]):
        for i in range(min(BLOCK, n - b * BLOCK)):
            parts[b] += nearest[b, i]
    left = _random(stream) * parts.sum()
    b = 0
    while b < parts.size - 1 and left >= parts[b]:
        left -= parts[b]
        b += 1
    i = 0
    while i < min(BLOCK, n - b * BLOCK) - 1 and left >= nearest[b, i]:
        left -= nearest[b, i]
        i += 1
    centers[int(_random(stream) * centers.shape[0])] = blocks[b, :, i]


@_part
def _shake(centers: Floats, size: float, stream: NDArray[np.uint64]) -> None:
    """Move every centre a little at random."""
    for c in range(centers.shape[0]):
        for f in range(centers.shape[1]):
            centers[c, f] += size * (2.0 * _random(stream) - 1.0)


@_part
def _copy(source: State, target: State) -> None:
    """Copy the four arrays of one state over those of another."""
    target[0][:] = source[0]
    target[1][:] = source[1]
    target[2][:] = source[2]
    target[3][:] = source[3]


@_part
def _new_state(blocks: Floats, k: int) -> State:
    """Return a state in which no row has a cluster yet."""
    n_blocks, d, _ = blocks.shape
    return np.empty((k, d)), np.full((n_blocks, BLOCK), -1, np.int32), np.empty((n_blocks, BLOCK)), np.zeros((k, d + 1))


@_part
def _remember(centers: Floats, inertia: float, pool: Floats, values: Floats) -> None:
    """Put a solution in place of its like in the pool, or of the worst, if it is better."""
    place = int(np.argmax(values))
    for p in range(values.size):
        if abs(values[p] - inertia) < SAME * inertia:
            place = p
    if inertia < values[place]:
        values[place] = inertia
        pool[place] = centers


@_entry
def search_centers(blocks: Floats, n: int, k: int, effort: tuple[int, int, int], tolerance: float, seed: int) -> Floats:
    """Return centres of low inertia, (n_best, k, d), after ``effort`` = (k-means++ starts, changes to the best of them, n_best).

    Random swaps (Franti 2018) leave the local optima in which restarts alone get stuck; a shake now and then leaves the shallow ones.
    """
    n_starts, n_changes, n_best = effort
    stream = np.array([seed], dtype=np.uint64)
    state = _new_state(blocks, k)
    best_state = _new_state(blocks, k)
    best = np.inf
    pool = np.zeros((n_best, k, blocks.shape[1]))
    values = np.full(n_best, np.inf)
    for attempt in range(n_starts + n_changes):
        if attempt < n_starts:
            _seed_centers(blocks, n, state[0], state[2], stream)
            state[1][:] = -1
            state[3][:] = 0.0
        else:
            _copy(best_state, state)
            if attempt % 4 > 0:
                _swap(blocks, n, state[0], state[2], stream)
            else:
                _shake(state[0], SHAKE * np.sqrt(best / n), stream)
        inertia = lloyd(blocks, n, state, tolerance, best)
        _remember(state[0], inertia, pool, values)
        if inertia < best:
            best = inertia
            _copy(state, best_state)
    found: Floats = pool[np.isfinite(values)]
    return found


@_part
def _run_totals(points: NDArray[np.float32], at: int, starts: Ints, buffer: NDArray[np.float32], totals: Floats) -> None:
    """Fill ``totals`` with the summed distances from one point to the points of each run."""
    n_features, n = points.shape
    totals[:] = 0.0
    run = 0
    for start in range(0, n, TILE):
        m = min(TILE, n - start)
        row = points[0, start : start + m]
        x = points[0, at]
        for i in range(m):
            t = row[i] - x
            buffer[i] = t * t
        for f in range(1, n_features):
            row = points[f, start : start + m]
            x = points[f, at]
            for i in range(m):
                t = row[i] - x
                buffer[i] += t * t
        for i in range(m):
            buffer[i] = np.sqrt(buffer[i])
        first = 0
        while first < m:
            last = min(m, starts[run + 1] - start)
            piece = buffer[first:last]
            total = np.float32(0.0)
            for i in range(piece.size):
                total += piece[i]
            totals[run] += total
            first = last
            if starts[run + 1] <= start + m:
                run += 1


@_entry
def silhouette_rows(points: NDArray[np.float32], queries: Ints, starts: Ints, slots: Ints, sizes: Floats) -> Floats:
    """Return the (n_queries, n_clusterings) silhouettes of some points, one pass over the distances serving all clusterings.

    ``points`` (d, n) stand in runs that begin at ``starts`` (the last entry is n): a run holds points with the same label in every
    clustering. ``slots`` (n_runs, n_clusterings) says where a run's cluster stands in ``sizes``, which has equal room for each clustering.
    """
    n_runs, n_clusterings = slots.shape
    width = sizes.size // n_clusterings
    totals = np.empty(n_runs)
    buffer = np.empty(TILE, np.float32)
    sums = np.empty(sizes.size)
    out = np.zeros((queries.size, n_clusterings))
    for q in range(queries.size):
        _run_totals(points, queries[q], starts, buffer, totals)
        sums[:] = 0.0
        for r in range(n_runs):
            for j in range(n_clusterings):
                sums[slots[r, j]] += totals[r]
        own_run = np.searchsorted(starts, queries[q], side="right") - 1
        for j in range(n_clusterings):
            own = slots[own_run, j]
            other = np.inf
            for c in range(j * width, (j + 1) * width):
                if c != own and sizes[c] > 0.0:
                    other = min(other, sums[c] / sizes[c])
            if other == np.inf:
                out[q, j] = np.nan
            elif sizes[own] > 1.0:
                inside = sums[own] / (sizes[own] - 1.0)
                if max(inside, other) > 0.0:
                    out[q, j] = (other - inside) / max(inside, other)
    return out


def warm() -> None:
    """Compile every entry point into the cache on disk, or load it from there. Takes about ten seconds the first time."""
    blocks = np.arange(2.0 * BLOCK).reshape(1, 2, BLOCK)
    centers = search_centers(blocks, BLOCK, 2, (1, 1, 1), 1e-6, 0)
    inertias(blocks, BLOCK, centers)
    lloyd(blocks, BLOCK, (centers[0], np.full((1, BLOCK), -1, np.int32), np.empty((1, BLOCK)), np.zeros((2, 3))), 0.0, np.inf)
    two = np.array([0, 1])
    silhouette_rows(np.zeros((1, 2), np.float32), two, np.array([0, 1, 2]), two.reshape(2, 1), np.ones(2))
