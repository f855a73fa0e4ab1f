"""Two runs side by side: what is said is what the assignments hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score
from sqlalchemy import update

from dashboard.components.run_compare import compare_view
from dashboard.context import Context
from dashboard.pages.studio import render
from dashboard.queries.comparison import _changes, compare_runs, find_inside
from dashboard.queries.cost import estimate_cost, expected_seconds
from database.datasets import load_dataset
from database.engine import read, write
from database.runs import load_assignments
from database.tables import jobs
from segmentation.errors import InvalidInputError, NotFoundError
from segmentation.measures.migration import NOT_SEGMENTED
from segmentation.measures.recipe import Recipe
from tests.dashboard.making import small_list, small_log
from tests.dashboard.pages.test_studio import brought_in, parts, started, words, work_off


@pytest.fixture
def people(context: Context, tmp_path: Path) -> str:
    return brought_in(context, tmp_path, small_list())


def run(context: Context, dataset_id: str, **form: object) -> str:
    started(context, dataset_id, scenario="own", **form)
    return str(work_off(context)["run_id"])


def labels(context: Context, run_id: str) -> np.ndarray:
    with read(context.engine) as conn:
        return load_assignments(conn, run_id).column("segment_id").combine_chunks().fill_null(0).to_numpy(zero_copy_only=False).astype(int)


def test_agreement_and_moves_are_those_of_the_customers(context: Context, people: str) -> None:
    first = run(context, people, features=["age", "monetary_total"], k="3")
    second = run(context, people, features=["age", "income"], k="4", method="hierarchical")
    found, one, other = compare_runs(context, first, second), labels(context, first), labels(context, second)
    in_both = (one > 0) & (other > 0)
    assert found.n_both == in_both.sum() == 54
    assert found.agreement == pytest.approx(adjusted_rand_score(one[in_both], other[in_both]))
    matrix = found.migration.matrix
    assert matrix.customers.sum() == 60
    assert matrix.new[-1] == NOT_SEGMENTED
    for pair in found.pairs:
        if pair.old and pair.new:
            assert pair.n_shared == ((one == pair.old.segment_id) & (other == pair.new.segment_id)).sum()
    assert found.n_stayed == sum(pair.n_shared for pair in found.pairs)
    assert [row[0] for row in found.recipes] == ["Features", "Segments", "Method"]
    assert found.recipes[1][1:] == ("3 by hand", "4 by hand")
    said = words(render(context, {"compare": first, "with": second}))
    assert f"{found.agreement:.2f}".replace("-", "−") in said
    assert "not segmented" in said


def test_a_run_beside_nothing_named_stands_beside_another(context: Context, people: str) -> None:
    first = run(context, people, features=["age"], k="3")
    with pytest.raises(InvalidInputError, match="only one run"):
        compare_runs(context, first, None)
    second = run(context, people, features=["age"], k="3", seed=7)
    assert [side.run.id for side in compare_runs(context, first, "gone").sides] == [first, second]
    with pytest.raises(NotFoundError):
        compare_runs(context, "0" * 16, first)
    assert "not there any more" in words(render(context, {"compare": first, "with": "gone"}))
    assert "not there any more" not in words(render(context, {"compare": first, "with": second}))
    assert "the same run twice" in words(render(context, {"compare": first, "with": first}))
    same = compare_runs(context, second, first)
    assert same.recipes == [("Starting point", "7", "42")]


def test_moves_between_very_many_segments_are_listed_the_largest_first(context: Context, people: str) -> None:
    many = {"features": ["age", "monetary_total"], "k": "more"}
    found = compare_runs(context, run(context, people, **many, other_k=20), run(context, people, **many, other_k=12))
    cells = found.migration.matrix.customers
    assert cells.size > 200
    (table,) = (part for part in parts(compare_view(found, can_export=False)) if getattr(part, "className", "") == "moves listed")
    rows = [words(row.children[-1]) for row in table.children[-1].children]
    assert [int(row.split()[0]) for row in rows] == sorted(cells[cells > 0].tolist(), reverse=True)[:40]


def test_who_may_not_export_gets_no_lists(context: Context, people: str) -> None:
    runs = [run(context, people, features=["age"], k=k) for k in ("2", "3")]
    found = compare_runs(context, runs[0], runs[1])
    hrefs = [str(part) for part in (compare_view(found, can_export=True), compare_view(found, can_export=False))]
    assert ["migration.csv" in each for each in hrefs] == [True, False]


def test_parts_of_the_other_runs_segments() -> None:
    divided = np.array([[50, 48, 0], [0, 2, 100]])
    found = find_inside(divided)
    assert found
    assert (found.sides, found.share) == ((1, 0), 198 / 200)
    back = find_inside(divided.T)
    assert back
    assert back.sides == (0, 1)
    assert find_inside(np.array([[50, 50, 50], [50, 50, 50]])) is None
    assert find_inside(np.array([[50, 0], [0, 50]])) is None
    assert find_inside(np.zeros((2, 3), int)) is None


def test_the_average_that_differs_most_is_not_the_rarest_flag() -> None:
    def row(overall: float, mean: float, is_flag: bool) -> dict[str, object]:
        return {"label": "x", "unit": None, "overall": overall, "mean": mean, "is_flag": is_flag}

    before = {"rare": row(0.009, 0.008, True), "half": row(0.5, 0.3, True), "spend": row(100.0, 120.0, False)}
    after = {"rare": row(0.009, 0.0105, True), "half": row(0.5, 0.7, True), "spend": row(100.0, 60.0, False)}
    told = [(change.before, change.after) for change in _changes(before, after)]
    assert told == [(0.3, 0.7), (120.0, 60.0)]


def test_small_runs_do_not_make_a_large_one_seem_quick(context: Context, people: str) -> None:
    """A quick run of a few customers says little of the machine: mostly what any run costs."""
    for seed in (1, 2, 3):
        run(context, people, features=["age"], k="3", seed=seed)
    ended = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    with write(context.engine) as conn:
        conn.execute(update(jobs).where(jobs.c.kind == "segmentation").values(started_at=ended - timedelta(seconds=0.3), finished_at=ended))
    cost = estimate_cost(context, Recipe(), 30_000, 3)
    assert cost.n_runs == 3
    assert 1.3 < cost.seconds < 2.3


def test_what_a_run_took_is_held_against_the_features_it_had(context: Context, tmp_path: Path) -> None:
    """The usual recipe of a log names no feature and takes three."""
    log = brought_in(context, tmp_path, small_log())
    started(context, log)
    result = work_off(context)
    assert (result["n_segmented"], result["n_features"]) == (_n_customers(context, log), 3)
    expected = 0.3 + expected_seconds("kmeans", result["n_segmented"], 3)
    ended = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    with write(context.engine) as conn:
        conn.execute(
            update(jobs).where(jobs.c.kind == "segmentation").values(started_at=ended - timedelta(seconds=2 * expected), finished_at=ended)
        )
    assert estimate_cost(context, Recipe(), result["n_segmented"], 3).seconds == pytest.approx(2 * expected, rel=1e-3)


def _n_customers(context: Context, dataset_id: str) -> int:
    with read(context.engine) as conn:
        facts = load_dataset(conn, dataset_id).facts
    assert facts
    return facts.n_customers


def test_more_costs_more() -> None:
    assert expected_seconds("kmeans", 1_000, 1) == pytest.approx(0.25)
    assert expected_seconds("mixture", 1_000, 1) > expected_seconds("hierarchical", 1_000, 1) > expected_seconds("kmeans", 1_000, 1)
    assert expected_seconds("kmeans", 10_000, 3) < expected_seconds("kmeans", 20_000, 3) < expected_seconds("kmeans", 20_000, 8)
