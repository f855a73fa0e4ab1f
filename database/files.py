"""Files in the store, cut into chunks: what web and worker hand one another where they are on several machines.

A file can be read once ``complete_file`` has said how long it is; it goes after its time, or when it is deleted, by ``purge_files``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, exists, func, select, update

from database.tables import file_chunks, files, new_id
from segmentation.errors import ConflictError, NotFoundError

CHUNK = 1 << 20
_DELETE_AT_ONCE = 32


@dataclass(frozen=True)
class StoredFile:
    """A file that is complete."""

    id: str
    name: str
    created_at: datetime
    expires_at: datetime
    size: int
    sha256: str


def begin_file(conn: Connection, name: str, now: datetime, keep: timedelta) -> str:
    """Make an empty file that is kept for a while, and return its id."""
    file_id = new_id()
    conn.execute(files.insert().values(id=file_id, name=name, created_at=now, expires_at=now + keep))
    return file_id


def add_chunk(conn: Connection, file_id: str, number: int, data: bytes) -> None:
    """Add the next piece, numbered from 0: of ``CHUNK`` bytes, so that no transaction is long."""
    conn.execute(file_chunks.insert().values(file_id=file_id, number=number, data=data))


def complete_file(conn: Connection, file_id: str, sha256: str) -> StoredFile:
    """Say that all chunks are there. ``sha256`` is of the whole content, as the writer computed it."""
    size, n, last = conn.execute(
        select(func.coalesce(func.sum(func.length(file_chunks.c.data)), 0), func.count(), func.max(file_chunks.c.number)).where(
            file_chunks.c.file_id == file_id
        )
    ).one()
    if n and n != last + 1:
        raise ConflictError("file_has_gaps", "A part of the file is missing.", f"{n} of {last + 1} parts are there.", "Send it again.")
    conn.execute(update(files).where(files.c.id == file_id).values(size=size, sha256=sha256))
    return load_file(conn, file_id)


def find_file(conn: Connection, file_id: str) -> StoredFile | None:
    """Return a complete file, None where there is none."""
    row = conn.execute(select(files).where(files.c.id == file_id, files.c.sha256.is_not(None))).one_or_none()
    return StoredFile(**row._mapping) if row else None


def load_file(conn: Connection, file_id: str) -> StoredFile:
    """Return a complete file."""
    file = find_file(conn, file_id)
    if file is None:
        raise NotFoundError("no_such_file", "This file is not there any more.", f"Its id would be {file_id}.", "Send it again.")
    return file


def read_chunks(conn: Connection, file_id: str) -> Iterator[bytes]:
    """Read the content piece by piece."""
    number = 0
    while (data := read_chunk(conn, file_id, number)) is not None:
        yield data
        number += 1


def delete_file(conn: Connection, file_id: str, now: datetime) -> None:
    """Hide a file at once; ``purge_files`` then frees the space."""
    conn.execute(update(files).where(files.c.id == file_id).values(expires_at=now, sha256=None))


def purge_files(conn: Connection, now: datetime) -> bool:
    """Free some of the space of files whose time is over; call again, in a transaction of its own, while it returns True."""
    over = select(files.c.id).where(files.c.expires_at <= now)
    chunk = file_chunks.c
    some = conn.execute(select(chunk.file_id, chunk.number).where(chunk.file_id.in_(over)).limit(_DELETE_AT_ONCE)).all()
    for file_id, number in some:
        conn.execute(delete(file_chunks).where(chunk.file_id == file_id, chunk.number == number))
    conn.execute(delete(files).where(files.c.expires_at <= now, ~exists().where(chunk.file_id == files.c.id)))
    return bool(some)


def read_chunk(conn: Connection, file_id: str, number: int) -> bytes | None:
    """Read one piece, None after the last; for a reader too slow to hold a transaction open meanwhile."""
    query = select(file_chunks.c.data).where(file_chunks.c.file_id == file_id, file_chunks.c.number == number)
    return conn.execute(query).scalar_one_or_none()
