"""The demo shop as a dataset with one finished run that is the team's, marked as what it is: one job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dashboard.context import Context, now
from dashboard.workflows.datasets import ImportRequest, import_dataset
from dashboard.workflows.runs import segment_dataset
from dashboard.workflows.staging import staged
from dashboard.workflows.work import Work
from database.engine import write
from database.jobs import Job, add_job, job_key
from database.runs import publish_run
from segmentation.demo import demo_log
from segmentation.measures.recipe import Recipe

NAME = "Demo shop"
SEED = 1
N_LINES = 40_000


def request_demo(context: Context, author: str | None = None) -> Job:
    """Queue the loading of the demo shop, or return the job that is at it."""
    with write(context.engine) as conn:
        return add_job(conn, "demo", {}, job_key("demo", None, {}, "1"), now(), author)


def load_demo(work: Work) -> Mapping[str, Any]:
    """Import the demo shop, segment it and make that the team's run; what is there already is not done again."""
    work.progress(0.0, "Making the demo shop")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "demo_shop.csv"
        demo_log(SEED, N_LINES).to_csv(path, index=False)
        with staged(work.context, path) as file:
            dataset_id = _part(work, import_dataset, ImportRequest(file, NAME, is_demo=True).as_params())["dataset_id"]
    run_id = _part(work, segment_dataset, {"dataset_id": dataset_id, "recipe": Recipe().as_dict()})["run_id"]
    with write(work.context.engine) as conn:
        publish_run(conn, run_id, now())
    return {"dataset_id": dataset_id, "run_id": run_id}


def _part(work: Work, handler: Any, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Do what is otherwise a job of its own as a part of this one."""
    done: Mapping[str, Any] = handler(replace(work, job=replace(work.job, params=params)))
    return done
