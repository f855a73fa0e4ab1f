"""The same customers give the same segments: in any order of rows, in any unit, again and again, on one thread or two."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.clusters.choosing_k import choose_k
from segmentation.clusters.trust import judge

ROOT = Path(__file__).parents[3]


def table(seed: int, n: int) -> np.ndarray:
    """Rows in uneven groups, many of them equal."""
    rng = np.random.default_rng(seed)
    centers = rng.normal(scale=rng.uniform(0, 4), size=(3, 3))
    return np.round(centers[rng.choice(3, n, p=[0.6, 0.3, 0.1])] + rng.normal(size=(n, 3)), rng.integers(0, 3))


def standard(rows: np.ndarray) -> np.ndarray:
    return (rows - rows.mean(axis=0)) / rows.std(axis=0)


@settings(deadline=None, max_examples=12)
@given(st.integers(0, 1_000_000), st.integers(60, 300))
def test_order_and_repetition_change_no_bit(seed: int, n: int) -> None:
    rows = standard(table(seed, n))
    order = np.random.default_rng(seed + 1).permutation(n)
    one, again, mixed = choose_k(rows, seed), choose_k(rows, seed), choose_k(rows[order], seed)
    assert one.scores == again.scores == mixed.scores
    assert one.reason == again.reason == mixed.reason
    assert (one.labels == again.labels).all()
    assert (one.labels[order] == mixed.labels).all()
    assert judge(rows, one.labels, seed=seed) == judge(rows[order], mixed.labels, seed=seed)


@settings(deadline=None, max_examples=12)
@given(st.integers(0, 1_000_000), st.sampled_from([0.01, 1 / 3, 100.0, 1_000.0, 1e6]))
def test_units_change_no_segment_and_no_verdict(seed: int, factor: float) -> None:
    rows = table(seed, 200)
    units = np.array([factor, 1.0, 1 / factor])
    one, other = choose_k(standard(rows), seed), choose_k(standard(rows * units), seed)
    assert one.n_clusters == other.n_clusters
    assert one.reason == other.reason
    assert (one.labels == other.labels).all()
    trust, other_trust = (judge(standard(values), one.labels, seed=seed) for values in (rows, rows * units))
    assert (trust.level, trust.verdicts) == (other_trust.level, other_trust.verdicts)


@pytest.fixture(scope="module")
def purchases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log of 300 customers as a file."""
    rng = np.random.default_rng(8)
    lines = [
        f"C{customer:04},{customer}-{order},2024-{rng.integers(1, 13):02}-{rng.integers(1, 29):02},{rng.lognormal(3):.2f}"
        for customer in range(300)
        for order in range(1 + rng.poisson(2))
    ]
    path = tmp_path_factory.mktemp("invariance") / "purchases.csv"
    path.write_text("customer,order,date,amount\n" + "\n".join(lines) + "\n")
    return path


def labelled(source: Path, name: str, threads: int, method: str = "kmeans") -> bytes:
    """Return the labelled file of a log, to the byte."""
    out = source.with_name(f"{name}-labelled.csv")
    limits = {variable: str(threads) for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")}
    command = [sys.executable, "-m", "dashboard", "segment", str(source), "--out", str(out), "--method", method]
    subprocess.run(command, cwd=source.parent, env={**os.environ, "PYTHONPATH": str(ROOT), **limits}, check=True, capture_output=True)
    return out.read_bytes()


@pytest.mark.parametrize("method", ["kmeans", "hierarchical", "mixture", "rfm"])
def test_threads_change_no_byte_of_the_labelled_file(purchases: Path, method: str) -> None:
    assert labelled(purchases, "one", 1, method) == labelled(purchases, "two", 2, method)


def test_the_order_of_lines_changes_no_byte_of_the_labelled_file(purchases: Path) -> None:
    header, *lines = purchases.read_text().splitlines()
    mixed = purchases.with_name("mixed.csv")
    mixed.write_text("\n".join([header, *np.random.default_rng(1).permutation(lines)]) + "\n")
    assert labelled(mixed, "mixed", 1) == labelled(purchases, "straight", 1)
