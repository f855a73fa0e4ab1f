"""Files on their way in and out: kept in the store in pieces, so that web and worker may stand on different machines."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from dashboard.context import Context, now
from database.engine import read, write
from database.files import CHUNK, StoredFile, add_chunk, begin_file, complete_file, delete_file, load_file, purge_files, read_chunks
from segmentation.errors import ConflictError

KEEP_STAGED = timedelta(days=1)


@dataclass(frozen=True)
class StagedFile:
    """A file in the store: its id, the name the person gave it, and what is in it."""

    id: str
    name: str
    sha256: str


def stage_file(context: Context, path: Path, name: str | None = None, keep: timedelta = KEEP_STAGED) -> StoredFile:
    """Copy a file into the store."""
    digest = hashlib.sha256()
    with write(context.engine) as conn:
        file_id = begin_file(conn, name or path.name, now(), keep)
    with path.open("rb") as source:
        number = 0
        while data := source.read(CHUNK):
            digest.update(data)
            with write(context.engine) as conn:
                add_chunk(conn, file_id, number, data)
            number += 1
    with write(context.engine) as conn:
        return complete_file(conn, file_id, digest.hexdigest())


@contextmanager
def staged(context: Context, path: Path) -> Iterator[StagedFile]:
    """Keep a copy of a file in the store while the block works with it."""
    file = stage_file(context, path)
    try:
        yield StagedFile(file.id, file.name, file.sha256)
    finally:
        drop_file(context, file.id)


def drop_file(context: Context, file_id: str) -> None:
    """Hide a file at once and free its space, in short transactions."""
    with write(context.engine) as conn:
        delete_file(conn, file_id, now())
    is_more = True
    while is_more:
        with write(context.engine) as conn:
            is_more = purge_files(conn, now())


@contextmanager
def local_copy(context: Context, file_id: str) -> Iterator[Path]:
    """Lay a file of the store on this host's disk, under its own name in a folder of its own, while the block works with it."""
    with TemporaryDirectory() as folder:
        yield fetch_file(context, file_id, Path(folder))


def fetch_file(context: Context, file_id: str, folder: Path) -> Path:
    """Write a file of the store into a folder, and make sure that it is the one that went in."""
    digest = hashlib.sha256()
    with read(context.engine) as conn:
        file = load_file(conn, file_id)
        path = folder / safe_name(file.name)
        with path.open("wb") as target:
            for data in read_chunks(conn, file_id):
                digest.update(data)
                target.write(data)
    if digest.hexdigest() != file.sha256:
        raise ConflictError("file_changed", "The file is not the one that was sent.", f"File {file_id}.", "Send it again.")
    return path


def safe_name(name: str) -> str:
    """Return a name of a file that leads nowhere else: no folders, no control characters, no leading point."""
    last = re.split(r"[/\\]", name)[-1]
    return re.sub(r"[^\w.\- ()]", "_", last).lstrip(".")[-100:] or "file"
