"""The report of a stored run: from the cache when it was read before, and never once the run is gone."""

import pytest

from dashboard.queries import runs as queries
from dashboard.workflows.datasets import ImportRequest, request_import
from dashboard.workflows.doing import finish_own_job
from dashboard.workflows.runs import request_run
from dashboard.workflows.staging import staged
from database.engine import write
from database.runs import delete_run
from segmentation.errors import NotFoundError
from segmentation.measures.recipe import Recipe
from tests.dashboard.making import small_list


@pytest.fixture
def run_id(context, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(small_list())
    with staged(context, path) as file:
        dataset_id = finish_own_job(context, request_import(context, ImportRequest(file, "List")))["dataset_id"]
    return finish_own_job(context, request_run(context, dataset_id, Recipe(n_clusters=3)))["run_id"]


def test_a_second_read_is_answered_from_the_cache(context, run_id, monkeypatch):
    first = queries.stored_report(context, run_id, {})
    monkeypatch.setattr(queries, "load_run", lambda *_: pytest.fail("the store was asked again"))
    assert queries.stored_report(context, run_id, {"total_s": 1.0}, [{"code": "late"}]) == {
        "dataset": {**first["dataset"], "findings": [*first["dataset"]["findings"], {"code": "late"}]},
        "run": first["run"],
        "timing": {"total_s": 1.0},
    }


def test_a_broken_cache_is_a_miss(context, run_id):
    first = queries.stored_report(context, run_id, {})
    for file in (context.settings.data_dir / "cache").iterdir():
        file.write_bytes(b"broken")
    assert queries.stored_report(context, run_id, {}) == first


def test_a_deleted_run_is_not_answered_from_the_cache(context, run_id):
    queries.stored_report(context, run_id, {})
    with write(context.engine) as conn:
        delete_run(conn, run_id)
    with pytest.raises(NotFoundError):
        queries.stored_report(context, run_id, {})
