"""Real files by way of the store: the labelled bytes and the fingerprint are those without it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.context import open_context
from dashboard.exports.labelled import write_labelled
from dashboard.intake.reader import start_reading
from dashboard.progress import Stopwatch
from dashboard.workflows.datasets import ImportRequest, request_import
from dashboard.workflows.doing import finish_own_job
from dashboard.workflows.exports import label_stored
from dashboard.workflows.files import Outputs, segment_file
from dashboard.workflows.runs import request_run
from dashboard.workflows.staging import staged
from database.datasets import load_dataset
from database.engine import read
from database.jobs import Job
from database.runs import load_run
from segmentation.dataset import ImportOptions
from segmentation.measures.recipe import Recipe
from tests.dashboard.making import settings_for


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "customer", "revenue"),
    [
        ("Mall_Customers.csv", None, None),
        ("marketing_campaign.csv", None, None),
        ("superstore.csv", None, "2297200.8603"),
        ("New 1000 Sales Record.xlsx", "Country", "1327321840.33"),
    ],
)
def test_a_real_file(name: str, customer: str | None, revenue: str | None, real_data: Callable[[str], Path], tmp_path: Path) -> None:
    path, options, recipe = real_data(name), ImportOptions(customer=customer), Recipe(n_clusters=4)
    with start_reading(path) as reading:
        report = segment_file(reading, options, recipe, Outputs(labelled=tmp_path / "direct.csv"), Stopwatch()).report
    context = open_context(settings_for(tmp_path / "var"))
    with staged(context, path) as file:
        dataset_id = finish_own_job(context, request_import(context, ImportRequest(file, name, options=options)))["dataset_id"]
    job = request_run(context, dataset_id, recipe)
    assert isinstance(job, Job)
    run_id = finish_own_job(context, job)["run_id"]
    write_labelled(tmp_path / "stored.csv", label_stored(context, run_id))
    with read(context.engine) as conn:
        facts, run = load_dataset(conn, dataset_id).facts, load_run(conn, run_id)
    context.close()
    assert (tmp_path / "stored.csv").read_bytes() == (tmp_path / "direct.csv").read_bytes()
    assert run.fingerprint == report["run"]["fingerprint"]
    assert facts is not None
    assert revenue is None or str(facts.revenue) == revenue
