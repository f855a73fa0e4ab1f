"""A finished file read back: it must hold as many rows as were to be written. A short file would look like a whole one."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

from segmentation.errors import UnavailableError


@dataclass(frozen=True)
class Verified:
    """What stands in a file: rows below the header, bytes, checksum."""

    rows: int
    size: int
    sha256: str


def verify_file(path: Path, rows: int) -> Verified:
    """Read a finished file back and count its rows."""
    found = _count_workbook(path) if path.suffix == ".xlsx" else _count_csv(path)
    if found != rows:
        raise UnavailableError("file_incomplete", f"The file has {found:,} rows instead of {rows:,}.", fix="Export it again.")
    with path.open("rb") as file:
        return Verified(found, path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def _count_csv(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file, strict=True)) - 1


def _count_workbook(path: Path) -> int:
    import fastexcel

    return int(fastexcel.read_excel(path).load_sheet(0, dtypes="string").height)
