"""Waiting for a job on behalf of a program that wants its result in one go."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from dashboard.context import Context
from database.engine import read
from database.jobs import Job, load_job
from segmentation.errors import ConflictError, InvalidInputError

_FIRST_LOOK_S, _LAST_LOOK_S = 0.02, 0.25


class FailedByUsError(Exception):
    """A job failed of a bug; its cause stands in the log under ``reference``."""

    def __init__(self, reference: str) -> None:
        super().__init__(reference)
        self.reference = reference


def wait_for(context: Context, job: Job, seconds: float) -> Job:
    """Return a job when it is over, or as it is after so many seconds."""
    give_up, pause = time.monotonic() + seconds, _FIRST_LOOK_S
    while not job.is_over and time.monotonic() < give_up:
        time.sleep(pause)
        pause = min(pause * 1.5, _LAST_LOOK_S)
        with read(context.engine) as conn:
            job = load_job(conn, job.id)
    return job


def result_of(job: Job) -> Mapping[str, Any] | None:
    """Return the result of a job that is done, None where it goes on; raise what it failed of."""
    if job.error is not None:
        if job.error["code"] == "internal_error":
            raise FailedByUsError(job.error.get("reference", ""))
        raise InvalidInputError(**{name: job.error[name] for name in ("code", "title", "detail", "fix")})
    if job.state == "cancelled":
        raise ConflictError("job_cancelled", "The work was cancelled by somebody.", fix="Start it again.")
    return job.result
