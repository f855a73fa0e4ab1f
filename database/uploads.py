"""Uploads: files that a person sent and has not imported yet, with what was decided about reading them. They go when their file goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from database.files import StoredFile, load_file
from database.tables import uploads
from segmentation.errors import NotFoundError


@dataclass(frozen=True)
class Upload:
    """A file in the store, what was decided about it, and the jobs that looked at it and imported it."""

    id: str
    choices: Mapping[str, Any]
    job_id: str | None
    import_job_id: str | None
    author: str | None
    created_at: datetime
    file: StoredFile


def add_upload(conn: Connection, file_id: str, now: datetime, author: str | None = None) -> Upload:
    """Remember that a complete file was sent to be imported."""
    conn.execute(uploads.insert().values(id=file_id, choices={}, created_at=now, author=author))
    return load_upload(conn, file_id)


def load_upload(conn: Connection, upload_id: str) -> Upload:
    """Return an upload."""
    row = conn.execute(select(uploads).where(uploads.c.id == upload_id)).one_or_none()
    if row is None:
        raise NotFoundError("no_such_upload", "This file is not there any more.", f"Its id would be {upload_id}.", "Send it again.")
    return Upload(**row._mapping, file=load_file(conn, upload_id))


def change_upload(
    conn: Connection,
    upload_id: str,
    choices: Mapping[str, Any] | None = None,
    job_id: str | None = None,
    import_job_id: str | None = None,
) -> Upload:
    """Replace what is given: the choices, the inspection, the import."""
    given = {"choices": choices, "job_id": job_id, "import_job_id": import_job_id}
    values = {name: value for name, value in given.items() if value is not None}
    if values:
        conn.execute(update(uploads).where(uploads.c.id == upload_id).values(values))
    return load_upload(conn, upload_id)
