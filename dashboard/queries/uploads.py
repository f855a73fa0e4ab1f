"""Files on their way in: one upload with what was found in it, and everything that waits or has just come to an end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from dashboard.context import Context, now
from dashboard.queries.changes import Version, number_versions, versions_of
from database.datasets import Dataset, list_datasets
from database.engine import read
from database.jobs import Job, find_job, list_jobs
from database.runs import list_runs
from database.uploads import Upload, load_upload
from segmentation.errors import NotFoundError

if TYPE_CHECKING:
    from sqlalchemy import Connection

_RECENT = timedelta(hours=1)
_IMPORTS = ("import", "demo")
_MOST_WAITING = 5


@dataclass(frozen=True)
class UploadState:
    """A file that was sent: its inspection (None only before the first), and its import once that was asked for."""

    upload: Upload
    inspection: Job | None
    import_job: Job | None

    @property
    def found(self) -> Mapping[str, Any] | None:
        """What the inspection found, None while it is not done."""
        return self.inspection.result if self.inspection and self.inspection.state == "done" else None


@dataclass(frozen=True)
class DatasetLine:
    """A dataset in the list, with the number of its runs, as the version it is."""

    dataset: Dataset
    n_runs: int
    version: Version


@dataclass(frozen=True)
class Belonging:
    """What a file could be put together with: current versions of its kind, and other files that wait."""

    versions: Sequence[Version] = ()
    uploads: Sequence[Upload] = ()


def find_upload_state(context: Context, upload_id: str) -> UploadState:
    """Return an upload with its jobs."""
    with read(context.engine) as conn:
        upload = load_upload(conn, upload_id)
        jobs = [find_job(conn, job_id) if job_id else None for job_id in (upload.job_id, upload.import_job_id)]
    return UploadState(upload, *jobs)


def find_upload_of(context: Context, dataset_id: str) -> str | None:
    """Return the upload that a dataset was imported from; None where its file is no longer kept, or was never sent by the page."""
    with read(context.engine) as conn:
        for job in list_jobs(conn, ("done",), kinds=("import",)):
            if (job.result or {}).get("dataset_id") == dataset_id:
                with suppress(NotFoundError):
                    return load_upload(conn, job.params["file"]["id"]).id
    return None


def list_dataset_lines(context: Context) -> Sequence[DatasetLine]:
    """Return the current version of each dataset, the newest first."""
    with read(context.engine) as conn:
        datasets = list_datasets(conn)
        versions = number_versions(datasets)
        current = [dataset for dataset in datasets if versions[dataset.id].is_current]
        return [DatasetLine(dataset, len(list_runs(conn, dataset.id)), versions[dataset.id]) for dataset in current]


def find_belonging(context: Context, state: UploadState) -> Belonging:
    """Return what a file could be put together with."""
    kind = (state.found or {}).get("kind")
    with read(context.engine) as conn:
        datasets = list_datasets(conn)
        waiting = [upload for upload in _waiting(conn) if upload.id != state.upload.id] if kind == "transactions" else []
    versions = number_versions(datasets)
    same = [versions[dataset.id] for dataset in datasets if dataset.kind == kind and not dataset.source.get("is_demo")]
    return Belonging([version for version in same if version.is_current], waiting[:_MOST_WAITING])


def find_versions(context: Context, dataset: Dataset) -> Sequence[Version]:
    """Return all versions that a dataset belongs to, the oldest first."""
    with read(context.engine) as conn:
        return versions_of(dataset, list_datasets(conn))


def list_recent_imports(context: Context) -> Sequence[Job]:
    """Return the imports on their way, and those that failed within the hour."""
    with read(context.engine) as conn:
        active = list_jobs(conn, ("queued", "running"), kinds=_IMPORTS)
        failed = list_jobs(conn, ("failed",), kinds=_IMPORTS, limit=5)
    return [*active, *(job for job in failed if job.finished_at and job.finished_at > now() - _RECENT)]


def list_waiting_uploads(context: Context) -> Sequence[Upload]:
    """Return the newest files that could be read (or are being read) and that nobody has imported or thrown away."""
    with read(context.engine) as conn:
        return list(islice(_waiting(conn), _MOST_WAITING))


def _waiting(conn: Connection) -> Iterator[Upload]:
    looked_at = list_jobs(conn, ("queued", "running", "done"), kinds=("inspection",))
    for upload_id in dict.fromkeys(job.params["upload_id"] for job in looked_at):
        with suppress(NotFoundError):  # thrown away, or kept its day
            upload = load_upload(conn, upload_id)
            imported = find_job(conn, upload.import_job_id) if upload.import_job_id else None
            if imported is None or imported.state in ("failed", "cancelled"):
                yield upload
