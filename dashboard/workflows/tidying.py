"""What is left over from work that was interrupted or undone goes, in short transactions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from dashboard.context import Context, now
from dashboard.workflows.work import Work
from database.datasets import delete_dataset, drop_unpublished, list_datasets, purge_dataset
from database.engine import read, write
from database.files import purge_files
from database.jobs import add_job, job_key
from database.runs import drop_unfinished, purge_run
from database.snapshots import delete_snapshots

if TYPE_CHECKING:
    from sqlalchemy import Connection

_DRAFTS_LIVE = timedelta(hours=1)


def tidy_store(context: Context) -> None:
    """Drop what was begun and never published and what was deleted, and the copies of it on this host's disk."""
    for find, purge in ((drop_unpublished, purge_dataset), (drop_unfinished, purge_run)):
        with write(context.engine) as conn:
            abandoned = find(conn)
        for name in abandoned:
            _repeat(context, lambda conn, purge=purge, name=name: purge(conn, name))  # type: ignore[misc]
    _repeat(context, lambda conn: purge_files(conn, now()))
    with read(context.engine) as conn:
        published = list_datasets(conn)
    delete_snapshots(context.snapshots, published, now() - _DRAFTS_LIVE)


def drop_dataset(context: Context, dataset_id: str, author: str | None = None) -> None:
    """Hide a dataset and its runs at once; a worker then frees their space."""
    params = {"dataset_id": dataset_id}
    with write(context.engine) as conn:
        delete_dataset(conn, dataset_id)
        add_job(conn, "removal", params, job_key("removal", dataset_id, params, "1"), now(), author)


def free_space(work: Work) -> Mapping[str, Any]:
    """Free the space of everything that was deleted."""
    work.progress(0.1, "Freeing space")
    tidy_store(work.context)
    return {}


def _repeat(context: Context, purge: Callable[[Connection], bool]) -> None:
    """Purge in transactions of their own, so that others can write meanwhile."""
    is_more = True
    while is_more:
        with write(context.engine) as conn:
            is_more = purge(conn)
