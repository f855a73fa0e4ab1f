"""Uploads: what a person decided about a file stays with it, and goes with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, func, select

from database.files import add_chunk, begin_file, complete_file, delete_file, purge_files
from database.tables import uploads
from database.uploads import Upload, add_upload, change_upload, load_upload
from segmentation.errors import NotFoundError

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def send(conn: Connection) -> Upload:
    file_id = begin_file(conn, "Köln.csv", NOON, timedelta(days=1))
    add_chunk(conn, file_id, 0, b"id,age\n1,20\n")
    complete_file(conn, file_id, "f" * 64)
    return add_upload(conn, file_id, NOON, "mara")


def test_an_upload_is_its_file_without_any_choice(conn: Connection) -> None:
    upload = send(conn)
    assert (upload.file.name, upload.file.size, upload.choices, upload.author) == ("Köln.csv", 12, {}, "mara")
    assert (upload.job_id, upload.import_job_id, upload.created_at) == (None, None, NOON)
    assert load_upload(conn, upload.id) == upload


def test_only_what_is_given_changes(conn: Connection) -> None:
    upload = send(conn)
    change_upload(conn, upload.id, choices={"decimal": ","})
    change_upload(conn, upload.id, job_id="j" * 16)
    changed = change_upload(conn, upload.id, import_job_id="i" * 16)
    assert (changed.choices, changed.job_id, changed.import_job_id) == ({"decimal": ","}, "j" * 16, "i" * 16)
    assert change_upload(conn, upload.id, choices={}).choices == {}


def test_an_upload_goes_with_its_file(conn: Connection) -> None:
    upload = send(conn)
    delete_file(conn, upload.id, NOON)
    with pytest.raises(NotFoundError):
        load_upload(conn, upload.id)
    while purge_files(conn, NOON):
        pass
    assert conn.execute(select(func.count()).select_from(uploads)).scalar() == 0


def test_an_unknown_upload_is_said(conn: Connection) -> None:
    with pytest.raises(NotFoundError, match="not there any more"):
        load_upload(conn, "0" * 16)
