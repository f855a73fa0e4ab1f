"""A table that somebody packed: gzip, xz, or a zip with one table in it."""

from __future__ import annotations

import errno
import gzip
import lzma
import zipfile
import zlib
from pathlib import Path
from typing import IO

from segmentation.errors import InvalidInputError, TooLargeError

MAX_UNPACKED = 4 << 30
MAX_RATIO = 200
"""Text of customers packs 5 to 30 times smaller."""
_ALWAYS_ALLOWED = 32 << 20
_PIECE = 1 << 20
_TABLES = (".csv", ".tsv", ".txt", ".tab", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_OF_A_WORKBOOK = ("[Content_Types].xml", "_rels/", "xl/", "word/", "ppt/", "mimetype", "content.xml", "META-INF/")
_MOST_NAMED = 3
DAMAGED = (OSError, EOFError, lzma.LZMAError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError, UnicodeError)
"""What Python raises while it unpacks something damaged or locked."""
NO_SPACE = (errno.ENOSPC, errno.EDQUOT)


def unpack(path: Path, folder: Path, name: str) -> Path:
    """Return the file itself, or where it is packed the text in it, written to the folder.

    Raises
    ------
    TooLargeError
        ``packed_bomb``: far more comes out than a file of customers packs to.
    InvalidInputError
        ``damaged_archive``, ``several_files``.
    """
    with path.open("rb") as file:
        start = file.read(6)
    try:
        if start.startswith(b"\x1f\x8b"):
            with gzip.open(path) as source:
                return _copy(source, path, folder, name)
        if start.startswith(b"\xfd7zXZ"):
            with lzma.open(path) as source:
                return _copy(source, path, folder, name)
        if start.startswith(b"PK\x03\x04") and (member := _only_table(path, name)):
            with zipfile.ZipFile(path) as archive, archive.open(member) as source:
                return _copy(source, path, folder, name)
    except DAMAGED as error:
        if isinstance(error, OSError) and error.errno in NO_SPACE:
            raise
        raise InvalidInputError(
            "damaged_archive", f'"{name}" is damaged or locked and cannot be unpacked.', fix="Pack it again."
        ) from error
    return path


def _only_table(path: Path, name: str) -> str | None:
    """Return the one table in a zip; None for a workbook, which is a zip too, and for what the reader of workbooks will refuse."""
    if not zipfile.is_zipfile(path):
        return None
    with zipfile.ZipFile(path) as archive:
        names = [each.filename for each in archive.infolist() if not each.is_dir() and not each.filename.startswith("__MACOSX/")]
    if any(each.startswith(_OF_A_WORKBOOK) for each in names):
        return None
    tables = [each for each in names if each.lower().endswith(_TABLES)]
    if len(tables) > 1:
        title = f'"{name}" holds {len(tables):,} files.'
        raise InvalidInputError("several_files", title, fix="Unpack it and choose one of them.")
    if not tables:
        held = ", ".join(f'"{each[:80]}"' for each in names[:_MOST_NAMED]) or "nothing"
        fix = "Pack a CSV, text or Excel file, or choose it as it is."
        raise InvalidInputError("no_table_in_archive", f'"{name}" holds no table.', f"It holds {held}.", fix)
    return tables[0]


def _copy(source: IO[bytes] | gzip.GzipFile, path: Path, folder: Path, name: str) -> Path:
    most = min(MAX_UNPACKED, max(_ALWAYS_ALLOWED, MAX_RATIO * path.stat().st_size))
    target = folder / "unpacked" / name
    target.parent.mkdir(exist_ok=True)
    written = 0
    with target.open("wb") as out:
        while piece := source.read(_PIECE):
            written += len(piece)
            if written > most:
                title = f'"{name}" unpacks to more than {most:,} bytes, far more than a text of its size.'
                raise TooLargeError("packed_bomb", title, fix="Unpack it yourself and check what is in it.")
            out.write(piece)
    return target
