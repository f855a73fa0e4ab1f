"""What is known of each run, as it stands in the table ``runs``."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select, update

from database.tables import datasets, runs
from segmentation.errors import NotFoundError


@dataclass(frozen=True)
class NewRun:
    """What is known of a run before it is computed."""

    dataset_id: str
    recipe: Mapping[str, Any]
    algorithm_version: str
    author: str | None = None

    @property
    def recipe_hash(self) -> str:
        """The name of the recipe: equal whatever the order of its parts."""
        words = json.dumps(self.recipe, sort_keys=True, allow_nan=False, ensure_ascii=False)
        return hashlib.sha256(words.encode()).hexdigest()


@dataclass(frozen=True)
class Run:
    """A finished run (model, report and fingerprint), or one that its job is still computing (none of them)."""

    id: str
    dataset_id: str
    recipe: Mapping[str, Any]
    recipe_hash: str
    algorithm_version: str
    author: str | None
    created_at: datetime
    finished_at: datetime | None
    published_at: datetime | None  # when it became the team's, if it is
    model: Mapping[str, Any] | None
    report: Mapping[str, Any] | None
    fingerprint: str | None


def find_run(conn: Connection, run_id: str) -> Run | None:
    """Return a finished run, None where there is none."""
    return _find(conn, runs.c.id == run_id)


def load_run(conn: Connection, run_id: str) -> Run:
    """Return a finished run."""
    run = find_run(conn, run_id)
    if run is None:
        raise _no_such_run(run_id)
    return run


def load_run_key(conn: Connection, run_id: str) -> str:
    """Return what the answers about a finished run depend on, for a cache: the run, its dataset, and the erasures in it."""
    query = select(runs.c.dataset_id, datasets.c.erasure_epoch).join(datasets, datasets.c.id == runs.c.dataset_id)
    row = conn.execute(query.where(runs.c.id == run_id, runs.c.state == "finished")).one_or_none()
    if row is None:
        raise _no_such_run(run_id)
    return f"{row.dataset_id}:{row.erasure_epoch}:{run_id}"


def find_run_by_recipe(conn: Connection, dataset_id: str, recipe_hash: str, algorithm_version: str) -> Run | None:
    """Return the run that an equal recipe gave on this dataset version, None where there is none."""
    return _find(
        conn,
        (runs.c.dataset_id == dataset_id) & (runs.c.recipe_hash == recipe_hash) & (runs.c.algorithm_version == algorithm_version),
    )


def find_published_run(conn: Connection, dataset_id: str) -> Run | None:
    """Return the team's run of a dataset version, None where there is none."""
    return _find(conn, (runs.c.dataset_id == dataset_id) & runs.c.published_at.is_not(None))


def list_runs(conn: Connection, dataset_id: str) -> Sequence[Run]:
    """Return the finished runs of a dataset version, the newest first."""
    query = select(runs).where(runs.c.dataset_id == dataset_id, runs.c.state == "finished")
    return [to_run(row) for row in conn.execute(query.order_by(runs.c.finished_at.desc(), runs.c.id))]


def publish_run(conn: Connection, run_id: str, now: datetime) -> Run:
    """Make a run the team's, instead of the one that was."""
    run = load_run(conn, run_id)
    # One after the other, also when two people do it at once.
    conn.execute(select(datasets.c.id).where(datasets.c.id == run.dataset_id).with_for_update())
    conn.execute(update(runs).where(runs.c.dataset_id == run.dataset_id, runs.c.id != run_id).values(published_at=None))
    conn.execute(update(runs).where(runs.c.id == run_id).values(published_at=now))
    return load_run(conn, run_id)


def withdraw_run(conn: Connection, run_id: str) -> Run:
    """Let a run be the team's no longer: none is, until another one is published."""
    conn.execute(update(runs).where(runs.c.id == run_id).values(published_at=None))
    return load_run(conn, run_id)


def _no_such_run(run_id: str) -> NotFoundError:
    return NotFoundError("no_such_run", "There is no such run.", f"Its id would be {run_id}.", "It may have been deleted.")


def _find(conn: Connection, which: ColumnElement[bool]) -> Run | None:
    row = conn.execute(select(runs).where(which, runs.c.state == "finished")).one_or_none()
    return to_run(row) if row else None


def to_run(row: Row[Any]) -> Run:
    """Read a row of ``runs``."""
    return Run(**{name: row._mapping[name] for name in Run.__dataclass_fields__})
