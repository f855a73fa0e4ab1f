"""Real files by way of the store: the labelled bytes and the fingerprint are those without it."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from dashboard.context import open_context
from dashboard.exports.labelled import write_labelled
from dashboard.intake.reader import start_reading
from dashboard.progress import Stopwatch
from dashboard.versions.reading import load_customers
from dashboard.workflows.combining import Combination
from dashboard.workflows.datasets import ImportRequest, request_import
from dashboard.workflows.doing import finish_own_job
from dashboard.workflows.exports import label_stored
from dashboard.workflows.files import Outputs, segment_file
from dashboard.workflows.runs import request_run
from dashboard.workflows.staging import staged
from database.datasets import Dataset, load_dataset
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


@pytest.mark.real_data
def test_a_log_in_two_overlapping_halves_is_the_whole_log(online_retail_csv: Path, tmp_path: Path) -> None:
    """December to September, then September to December: the same customers with the same money, orders and rows as all at once."""
    header, *lines = online_retail_csv.read_bytes().splitlines(keepends=True)
    months = [_month(line) for line in lines]
    halves = {
        "until.csv": [line for line, month in zip(lines, months, strict=True) if month < (2011, 10)],
        "from.csv": [line for line, month in zip(lines, months, strict=True) if month >= (2011, 9)],
    }
    for name, part in halves.items():
        (tmp_path / name).write_bytes(header + b"".join(part))
    context = open_context(settings_for(tmp_path / "var"))

    def imported(path: Path, **together: str) -> Dataset:
        with staged(context, path) as file:
            request = ImportRequest(file, path.name, together=Combination(**together))
            dataset_id = finish_own_job(context, request_import(context, request))["dataset_id"]
        with read(context.engine) as conn:
            return load_dataset(conn, dataset_id)

    whole, first = imported(online_retail_csv), imported(tmp_path / "until.csv")
    both = imported(tmp_path / "from.csv", append_to=first.id)
    frames = [load_customers(context, each.id).population().catalogue.frame for each in (whole, both)]
    context.close()
    assert whole.facts and both.facts and first.facts
    assert (both.facts.revenue, both.facts.n_customers, both.facts.rows_kept) == (Decimal("8887208.894"), 4338, 392_692)
    assert both.facts.rows_read == first.facts.rows_kept + len(halves["from.csv"])
    pd.testing.assert_frame_equal(frames[0], frames[1])


def _month(line: bytes) -> tuple[int, int]:
    found = re.search(rb",(\d+)/\d+/(\d{4}) ", line)
    assert found
    return int(found[2]), int(found[1])
