"""A text file that somebody packed: gzip, xz, or a zip with one file in it."""

from __future__ import annotations

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
DAMAGED = (OSError, EOFError, lzma.LZMAError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError, UnicodeError)
"""What Python raises while it unpacks something damaged or locked."""


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
        if start.startswith(b"PK\x03\x04") and (member := _only_text(path, name)):
            with zipfile.ZipFile(path) as archive, archive.open(member) as source:
                return _copy(source, path, folder, name)
    except DAMAGED as error:
        raise InvalidInputError(
            "damaged_archive", f'"{name}" is damaged or locked and cannot be unpacked.', fix="Pack it again."
        ) from error
    return path


def _only_text(path: Path, name: str) -> str | None:
    """Return the one file in a zip; None for a workbook, which is a zip too, and for what the reader of workbooks will refuse."""
    if not zipfile.is_zipfile(path):
        return None
    with zipfile.ZipFile(path) as archive:
        names = [each.filename for each in archive.infolist() if not each.is_dir() and not each.filename.startswith("__MACOSX/")]
    texts = [each for each in names if each.lower().endswith((".csv", ".tsv", ".txt", ".tab"))]
    if len(texts) > 1:
        title = f'"{name}" holds {len(texts):,} files.'
        raise InvalidInputError("several_files", title, fix="Unpack it and choose one of them.")
    return texts[0] if texts and len(names) == 1 else None


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
