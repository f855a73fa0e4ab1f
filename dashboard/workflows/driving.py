"""What goes with a column, and how groups differ: asked on a page, worked out in the background, since it takes seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.context import Context, now
from dashboard.queries.drivers import VERSION, load_drivers, load_effect
from dashboard.workflows.work import Work
from database.datasets import load_dataset
from database.engine import read, write
from database.jobs import Job, add_job, find_done_job, job_key, list_jobs

_KIND = "driving"


@dataclass(frozen=True)
class Question:
    """What goes with a ``number`` (or a yes or no) of a dataset, or, with a ``category``, how it differs between its groups."""

    dataset_id: str
    number: str
    category: str | None = None


def find_answer(context: Context, question: Question) -> Job | None:
    """Return the job that answers a question, or tried to; None where it was not asked yet."""
    _, key = _name(context, question)
    with read(context.engine) as conn:
        tried = [job for job in list_jobs(conn, kinds=(_KIND,)) if job.key == key]
        return find_done_job(conn, key) or (tried[0] if tried else None)


def request_answer(context: Context, question: Question, author: str | None = None) -> Job:
    """Ask a question, or return the job that answers it already."""
    params, key = _name(context, question)
    with write(context.engine) as conn:
        return find_done_job(conn, key) or add_job(conn, _KIND, params, key, now(), author)


def answer_question(work: Work) -> Mapping[str, Any]:
    """Work the answer out; a program that asks for the same then gets it from the cache."""
    params = work.job.params
    work.progress(0.1, "Reading the customers and trying every column")
    if params["category"]:
        return load_effect(work.context, params["dataset_id"], params["category"], params["number"])
    return load_drivers(work.context, params["dataset_id"], params["number"])


def _name(context: Context, question: Question) -> tuple[dict[str, Any], str]:
    with read(context.engine) as conn:
        epoch = load_dataset(conn, question.dataset_id).erasure_epoch
    params = {"dataset_id": question.dataset_id, "number": question.number, "category": question.category, "epoch": epoch}
    return params, job_key(_KIND, question.dataset_id, params, str(VERSION))
