"""From a file to labels through the store: the same bytes as without it, nothing twice, nothing lost."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.context import Context, now
from dashboard.exports.report import plain_json
from dashboard.intake.reader import ReadOptions, read_file
from dashboard.progress import Stopwatch
from dashboard.versions.reading import load_customers
from dashboard.workflows.datasets import ImportRequest, request_import
from dashboard.workflows.doing import run_job
from dashboard.workflows.exports import request_export
from dashboard.workflows.files import Outputs, segment_file
from dashboard.workflows.processes import this_worker
from dashboard.workflows.runs import request_run
from dashboard.workflows.staging import StagedFile, local_copy, stage_file
from database.datasets import list_datasets, load_dataset, load_rejected_rows, load_rows
from database.engine import read, write
from database.jobs import Job, claim, load_job
from database.runs import add_segment_edit, list_runs, list_segments, load_run
from database.tables import metadata
from segmentation.dataset import ImportOptions, build_dataset
from segmentation.measures.recipe import Recipe
from tests.dashboard.making import small_list, small_log

K3 = Recipe(n_clusters=3)


def work_off(context: Context) -> None:
    """Do all jobs that wait, as a worker would."""
    while True:
        with write(context.engine) as conn:
            job = claim(conn, this_worker(), now(), context.lease)
        if job is None:
            return
        run_job(context, this_worker(), job)


def done(context: Context, job: Job) -> dict:
    work_off(context)
    with read(context.engine) as conn:
        ended = load_job(conn, job.id)
    assert ended.state == "done", ended.error
    return ended.result


def stage(context: Context, path: Path, **changes) -> ImportRequest:
    file = stage_file(context, path)
    return replace(ImportRequest(StagedFile(file.id, file.name, file.sha256), "Shop"), **changes)


def run_of(context: Context, dataset_id: str, recipe: Recipe = K3) -> str:
    return done(context, request_run(context, dataset_id, recipe))["run_id"]


def exported(context: Context, run_id: str, kind: str = "csv") -> tuple[dict, bytes]:
    result = done(context, request_export(context, run_id, kind))
    with local_copy(context, result["file_id"]) as path:
        return result, path.read_bytes()


@pytest.fixture(params=["log", "list"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / f"{request.param}.csv"
    path.write_text(small_log() if request.param == "log" else small_list(), encoding="utf-8")
    return path


def without_store(path: Path, folder: Path, recipe: Recipe, options: ImportOptions | None = None) -> tuple[dict, bytes]:
    from dashboard.intake.reader import start_reading

    with start_reading(path) as reading:
        outputs = Outputs(labelled=folder / "direct.csv")
        report = segment_file(reading, options or ImportOptions(), recipe, outputs, Stopwatch()).report
    return report, (folder / "direct.csv").read_bytes()


def test_labels_from_the_store_are_those_without_it_to_the_byte(context: Context, path: Path, tmp_path: Path) -> None:
    dataset_id = done(context, request_import(context, stage(context, path)))["dataset_id"]
    run_id = run_of(context, dataset_id)
    result, content = exported(context, run_id)
    report, direct = without_store(path, tmp_path, K3)
    assert content == direct
    with read(context.engine) as conn:
        run, segments = load_run(conn, run_id), list_segments(conn, run_id)
    assert run.fingerprint == report["run"]["fingerprint"]
    assert run.report["run"] == plain_json(report["run"])
    assert run.report["number"] == 1
    assert [segment.name for segment in segments] == [segment["name"] for segment in report["run"]["segments"]]
    assert result["rows"] == report["dataset"]["customers"]
    assert run.model is not None
    assert len(run.model["centers"]) == 3


def test_the_account_of_the_file_is_kept(context: Context, path: Path, tmp_path: Path) -> None:
    dataset_id = done(context, request_import(context, stage(context, path)))["dataset_id"]
    dataset = build_dataset(read_file(path))
    with read(context.engine) as conn:
        stored = load_dataset(conn, dataset_id)
        customers = load_rows(conn, stored, "customers")
        rejected = load_rejected_rows(conn, dataset_id)
    facts = stored.facts
    assert facts is not None
    assert (facts.rows_read, facts.rows_kept, facts.rows_rejected) == (dataset.rows_read, dataset.rows_kept, dataset.rows_rejected)
    assert facts.n_customers == customers.num_rows == 60
    money = dataset.customers.money["monetary_total"]
    assert facts.revenue * 10**money.scale == money.total_units
    assert rejected.num_rows == dataset.rows_rejected
    assert [step["rule"] for step in facts.receipt] == [step.rule for step in dataset.cleaned.receipt]
    if stored.kind == "transactions":
        assert rejected.column("reason").to_pylist() == ["no customer id", "a quantity of zero or less", "no date that can be read"]
        assert rejected.column("value").to_pylist() == ["", "0", "not a day"]
        assert rejected.column("row").to_pylist() == [dataset.rows_read - 1, dataset.rows_read, dataset.rows_read + 1]


def test_lines_of_a_log_are_typed_rows(context: Context, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(small_log(), encoding="utf-8")
    dataset_id = done(context, request_import(context, stage(context, path)))["dataset_id"]
    with read(context.engine) as conn:
        stored = load_dataset(conn, dataset_id)
        lines = load_rows(conn, stored, "transactions")
    assert stored.facts is not None
    assert lines.num_rows == stored.facts.rows_kept
    kinds = {spec.name: (spec.type, spec.scale) for spec in stored.columns["transactions"]}
    assert kinds["date"] == ("timestamp", 0)
    assert kinds["price"][0] == "decimal"
    assert kinds["quantity"] == ("integer", 0)
    assert kinds["customer_id"] == ("text", 0)
    assert sum(lines.column("amount").to_pylist()) == stored.facts.revenue * 10 ** kinds["amount"][1]


def test_the_population_from_the_store_is_that_of_the_file(context: Context, path: Path) -> None:
    dataset_id = done(context, request_import(context, stage(context, path)))["dataset_id"]
    fresh, stored = build_dataset(read_file(path)).population, load_customers(context, dataset_id).population()
    assert stored.ids.tolist() == fresh.ids.tolist()
    assert stored.catalogue.columns == fresh.catalogue.columns
    assert stored.as_of == fresh.as_of
    import pandas as pd

    pd.testing.assert_frame_equal(stored.catalogue.frame, fresh.catalogue.frame, check_exact=True)


def test_a_missing_or_damaged_snapshot_is_made_again(context: Context, path: Path) -> None:
    dataset_id = done(context, request_import(context, stage(context, path)))["dataset_id"]
    before = load_customers(context, dataset_id).population()
    for file in context.snapshots.iterdir():
        file.unlink()
    again = load_customers(context, dataset_id).population()
    assert again.catalogue.frame.equals(before.catalogue.frame)
    assert any(context.snapshots.iterdir())


def test_the_same_file_twice_is_one_dataset_and_other_options_are_another(context: Context, path: Path) -> None:
    first = done(context, request_import(context, stage(context, path)))
    second = done(context, request_import(context, stage(context, path)))
    assert (first["is_new"], second["is_new"]) == (True, False)
    assert first["dataset_id"] == second["dataset_id"]
    other = done(context, request_import(context, stage(context, path, options=ImportOptions(rules={"total_rows": False}))))
    reread = done(context, request_import(context, stage(context, path, read=ReadOptions(encoding="utf-8"))))
    assert len({first["dataset_id"], other["dataset_id"], reread["dataset_id"]}) == 3
    with read(context.engine) as conn:
        assert len(list_datasets(conn)) == 3


def test_two_who_ask_for_the_same_get_one_job(context: Context, path: Path) -> None:
    one, two = (request_import(context, stage(context, path)) for _ in range(2))
    assert one.id == two.id
    dataset_id = done(context, one)["dataset_id"]
    assert request_run(context, dataset_id, K3).id == request_run(context, dataset_id, K3).id


def test_an_equal_recipe_answers_from_the_store(context: Context, path: Path) -> None:
    dataset_id = done(context, request_import(context, stage(context, path)))["dataset_id"]
    run_id = run_of(context, dataset_id)
    again = request_run(context, dataset_id, Recipe(n_clusters=3))
    assert not isinstance(again, Job)
    assert again.id == run_id
    assert isinstance(request_run(context, dataset_id, Recipe(n_clusters=4)), Job)
    with read(context.engine) as conn:
        assert len(list_runs(conn, dataset_id)) == 1


def test_an_edited_name_is_in_the_next_export(context: Context, path: Path) -> None:
    dataset_id = done(context, request_import(context, stage(context, path)))["dataset_id"]
    run_id = run_of(context, dataset_id)
    with write(context.engine) as conn:
        add_segment_edit(conn, run_id, 1, {"name": "Our dearest"}, now())
    _, content = exported(context, run_id)
    names = {row["segment_id"]: row["segment"] for row in csv.DictReader(content.decode().splitlines())}
    assert names["1"] == "Our dearest"
    assert "Our dearest" not in (names["2"], names["3"])


def test_a_workbook_has_the_cells_of_the_csv(context: Context, path: Path) -> None:
    import io

    from openpyxl import load_workbook

    dataset_id = done(context, request_import(context, stage(context, path)))["dataset_id"]
    run_id = run_of(context, dataset_id)
    _, content = exported(context, run_id)
    result, workbook = exported(context, run_id, "xlsx")
    rows = list(load_workbook(io.BytesIO(workbook), read_only=True).active.values)
    wanted = list(csv.reader(content.decode().splitlines()))
    assert result["rows"] == len(wanted) - 1 == len(rows) - 1
    assert list(rows[0]) == wanted[0]
    for cells, texts in zip(rows[1:], wanted[1:], strict=True):
        for cell, text in zip(cells, texts, strict=True):
            assert (float(cell) == float(text)) if isinstance(cell, int | float) else ((cell or "") == text)


def test_a_file_that_cannot_be_used_fails_with_its_sentence_and_leaves_nothing(context: Context, tmp_path: Path) -> None:
    path = tmp_path / "weather.csv"
    path.write_text("Weather,Wind\n" + "".join(f"sun,{i}\n" for i in range(50)))
    job = request_import(context, stage(context, path))
    work_off(context)
    with read(context.engine) as conn:
        ended = load_job(conn, job.id)
        assert list_datasets(conn) == []
    assert ended.state == "failed"
    assert ended.error["code"] == "no_customer_column"
    assert tables_of_versions(context) == set()


def tables_of_versions(context: Context) -> set[str]:
    from sqlalchemy import inspect

    return set(inspect(context.engine).get_table_names()) - set(metadata.tables) - {"alembic_version"}
