"""Snapshots: a part of a dataset version as one Arrow file, which every process maps into memory. Derived, hence never precious.

The file ends with a checksum of what comes before it. A missing or damaged snapshot is made again from the store.
"""

from __future__ import annotations

import os
import tempfile
import zlib
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
from sqlalchemy import Connection

from database.datasets import Dataset, Part, load_rows

_MARK = b"CLIENTELE1"
_SIZE_OF_END = len(_MARK) + 4
_PIECE = 16 << 20


def load_snapshot(conn: Connection, folder: Path, dataset: Dataset, part: Part) -> pa.Table:
    """Map a part into memory; where its file is missing or damaged, make it from the store first."""
    rows = find_snapshot(folder, dataset, part)
    if rows is None:
        write_snapshot(folder, dataset, part, load_rows(conn, dataset, part))
        rows = find_snapshot(folder, dataset, part)
    if rows is None:
        raise RuntimeError(f"the snapshot of {dataset.id} cannot be read back")
    return rows


def find_snapshot(folder: Path, dataset: Dataset, part: Part) -> pa.Table | None:
    """Map a part into memory, None where its file is missing or damaged. Text is dictionary-encoded, each column in one chunk."""
    path = _path(folder, dataset, part)
    try:
        status = path.stat()
        if not _is_sound(path, status.st_ino, status.st_mtime_ns, status.st_size):
            return None
        with pa.memory_map(str(path)) as mapped:
            content = mapped.read_buffer(status.st_size - _SIZE_OF_END)
        return pa.ipc.open_file(content).read_all()
    except (OSError, pa.ArrowInvalid):
        return None


def write_snapshot(folder: Path, dataset: Dataset, part: Part, rows: pa.Table) -> None:
    """Write a part so that whoever looks finds the whole file or none. Rows as for ``datasets.prepare_batches``."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=folder)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            _write(file, rows)
            os.fsync(file.fileno())
        draft.replace(_path(folder, dataset, part))
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    _sync_folder(folder)


def delete_snapshots(folder: Path, keep: Collection[Dataset], drafts_before: datetime) -> None:
    """Remove the files of all versions but these (and of these before their last erasure), and drafts that a crash left behind."""
    kept = {_path(folder, dataset, part).name for dataset in keep for part in dataset.columns}
    for path in folder.glob("*.arrow"):
        if path.name not in kept:
            path.unlink(missing_ok=True)
    for path in folder.glob(".*.part"):
        with suppress(FileNotFoundError):  # its writer has just finished
            if path.stat().st_mtime < drafts_before.timestamp():
                path.unlink()


def _path(folder: Path, dataset: Dataset, part: Part) -> Path:
    return folder / f"{part}_{dataset.id}_{dataset.erasure_epoch}.arrow"


class _Checked:
    """A file that sums up what is written to it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.checksum, self.closed = file, 0, False

    def write(self, data: Any) -> int:
        self.checksum = zlib.crc32(data, self.checksum)
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()


def _write(file: IO[bytes], rows: pa.Table) -> None:
    columns = [_encoded(column) for column in rows.columns]
    table = pa.table(columns, names=rows.column_names)
    checked = _Checked(file)
    with pa.ipc.new_file(checked, table.schema) as writer:
        writer.write_table(table)
    file.write(_MARK + checked.checksum.to_bytes(4, "big"))


def _encoded(column: pa.ChunkedArray) -> pa.Array:
    if pa.types.is_string(column.type):
        column = column.dictionary_encode()
    array = column.unify_dictionaries().combine_chunks()
    return array.chunk(0) if isinstance(array, pa.ChunkedArray) else array


@lru_cache(maxsize=1024)
def _is_sound(path: Path, _inode: int, _changed: int, size: int) -> bool:
    """Sum up a file once a process: 0.1 s for 5 million rows, too long for each look."""
    checksum, left = 0, size - _SIZE_OF_END
    with path.open("rb") as file:
        while left > 0:
            piece = file.read(min(left, _PIECE))
            checksum, left = zlib.crc32(piece, checksum), left - len(piece)
        return file.read() == _MARK + checksum.to_bytes(4, "big")


def _sync_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut (Windows does not open folders)."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
