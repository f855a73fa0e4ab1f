"""How a run comes to be: begun, its assignments added in batches, finished in one short transaction by the job that computed it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, Engine, collate, exists, func, select, update
from sqlalchemy.exc import IntegrityError

from database.bulk import PreparedRows, fetch_rows, insert_rows, prepare_batches
from database.engine import is_postgres
from database.jobs import Job, check_claim
from database.runs.records import NewRun, Run, to_run
from database.runs.segments import Segment
from database.tables import assignments, datasets, new_id, runs, segments
from segmentation.errors import ConflictError, NotFoundError


@dataclass(frozen=True)
class Outcome:
    """What a run computed: the model as parameters, the report, the fingerprint of all assignments, the segments."""

    model: Mapping[str, Any]
    report: Mapping[str, Any]
    fingerprint: str
    segments: Sequence[Segment]


def begin_run(conn: Connection, new: NewRun, job: Job, now: datetime) -> Run:
    """Make a run that only its job sees."""
    check_claim(conn, job)
    if not conn.execute(select(exists().where(datasets.c.id == new.dataset_id, datasets.c.state == "published"))).scalar():
        raise NotFoundError(
            "no_such_dataset", "There is no such dataset.", f"Its id would be {new.dataset_id}.", "It may have been deleted."
        )
    values = {"id": new_id(), "state": "loading", "created_at": now, "job_id": job.id, "job_token": job.token}
    row = conn.execute(runs.insert().values(**asdict(new), recipe_hash=new.recipe_hash, **values).returning(runs)).one()
    return to_run(row)


def prepare_assignments(store: Engine | Connection, run: Run, rows: pa.Table) -> Iterator[PreparedRows]:
    """Bring assignments into the driver's form: ``customer_id`` (text, each once), ``segment_id`` or null, ``reason`` where null.

    They are written in the order of the ids, which is how they are kept.
    """
    by_id = rows.take(pc.sort_indices(rows.column("customer_id").cast(pa.string())))
    return prepare_batches(store, assignments, by_id.append_column("run_id", pa.repeat(run.id, rows.num_rows)))


def add_assignments(conn: Connection, job: Job, rows: PreparedRows) -> None:
    """Write one batch. A job that lost its claim writes nothing."""
    check_claim(conn, job)
    insert_rows(conn, rows)


def number_run(conn: Connection, dataset_id: str) -> int:
    """Return the number of the run of a dataset that is about to be finished: one more than any that is there has or would have."""
    # One after the other, also when two end at once.
    conn.execute(select(datasets.c.id).where(datasets.c.id == dataset_id).with_for_update())
    numbers = select(func.max(runs.c.report["number"].as_integer()), func.count())
    largest, count = conn.execute(numbers.where(runs.c.dataset_id == dataset_id, runs.c.state == "finished")).one()
    return 1 + max(largest or 0, count)


def finish_run(conn: Connection, run: Run, job: Job, outcome: Outcome, now: datetime) -> Run:
    """Let everybody see the run, complete at once. Only the job that computed it can."""
    check_claim(conn, job)
    conn.execute(segments.insert(), [{"run_id": run.id, **asdict(segment)} for segment in outcome.segments])
    is_own = (runs.c.state == "loading") & (runs.c.job_id == job.id) & (runs.c.job_token == job.token)
    values = {"model": outcome.model, "report": outcome.report, "fingerprint": outcome.fingerprint, "state": "finished", "finished_at": now}
    try:
        row = conn.execute(update(runs).where(runs.c.id == run.id, is_own).values(values).returning(runs)).one_or_none()
    except IntegrityError:
        raise ConflictError("already_computed", "The same run is already there.", f"Run {run.id}.") from None
    if row is None:
        raise ConflictError("not_loading", "This run was given up or is already complete.", f"Run {run.id}.")
    return to_run(row)


def load_assignments(conn: Connection, run_id: str) -> pa.Table:
    """Read who is in which segment, sorted by id (by code point): customer_id, segment_id, reason."""
    by_id = collate(assignments.c.customer_id, "C") if is_postgres(conn) else assignments.c.customer_id
    wanted = (assignments.c.customer_id, assignments.c.segment_id, assignments.c.reason)
    return fetch_rows(conn, select(*wanted).where(assignments.c.run_id == run_id).order_by(by_id))


def find_assignment(conn: Connection, run_id: str, customer_id: str) -> tuple[int | None, str | None] | None:
    """Return the segment of one customer and why there is none (one of the two is None); None where the run has no such customer."""
    is_own = (assignments.c.run_id == run_id) & (assignments.c.customer_id == customer_id)
    row = conn.execute(select(assignments.c.segment_id, assignments.c.reason).where(is_own)).one_or_none()
    return (row.segment_id, row.reason) if row else None
