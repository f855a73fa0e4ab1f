"""The parent's side of reading a stranger's file: start a limited child, take its answer, clear up."""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from segmentation.errors import AppError, InvalidInputError, NotFoundError, TooLargeError, UnavailableError

if TYPE_CHECKING:
    from segmentation.intake.table import RawTable

log = logging.getLogger(__name__)

_PROJECT = Path(__file__).resolve().parent.parent.parent
_PASSED_ON = frozenset({"PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT", "LD_LIBRARY_PATH"})


@dataclass(frozen=True)
class ReadOptions:
    """What the person decided about reading; None: as guessed. ``header_row`` counts from 1; 0: the file has no header."""

    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = None


@dataclass(frozen=True)
class Limits:
    """What the child may use."""

    memory_bytes: int = 1 << 30
    seconds: int = 600


class Reading:
    """A file being read in a child process; ``result`` waits for it. Nothing of it is left on disk afterwards."""

    def __init__(self, path: Path, options: ReadOptions, limits: Limits) -> None:
        self._limits, self._name = limits, path.name
        self._folder = Path(tempfile.mkdtemp(prefix="clientele-read-"))
        request = {
            "path": str(path.resolve()),
            "name": path.name,
            "folder": str(self._folder),
            **asdict(options),
            "memory": limits.memory_bytes,
        }
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-m", "dashboard.intake.child", json.dumps(request)],
            env=_child_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def result(self) -> RawTable:
        """Return the table, or raise what is wrong with the file."""
        try:
            status = self._child.wait(self._limits.seconds)
        except subprocess.TimeoutExpired:
            self.close()
            raise TooLargeError(
                "reading_took_too_long",
                f'"{self._name}" was not read within {self._limits.seconds} seconds.',
                fix="Split it into smaller files.",
            ) from None
        try:
            return self._take_answer(status)
        finally:
            self.close()

    def close(self) -> None:
        """Stop the child if it still works, and remove what it wrote."""
        if self._child.poll() is None:
            self._child.kill()
            self._child.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _take_answer(self, status: int) -> RawTable:
        answer = self._folder / "answer.json"
        if not answer.exists():
            self._log_mistake()
            raise _died(status, self._name)
        found = json.loads(answer.read_text(encoding="utf-8"))
        if "error" in found:
            raise _error_of(found["error"])
        from dashboard.intake.answer import load_table

        return load_table(self._folder, found)

    def _log_mistake(self) -> None:
        """Say in the log what a person is told as a damaged file, though it is a mistake of ours."""
        from dashboard.intake.answer import find_mark

        if mark := find_mark(self._folder):
            log.error("reader failed by our mistake", extra={"where": mark})


def start_reading(path: Path, options: ReadOptions | None = None, limits: Limits | None = None) -> Reading:
    """Start reading a file in a child process and return at once.

    Raises
    ------
    NotFoundError, InvalidInputError
        When there is no such file, or it is a folder or may not be read.
    """
    check_file(path)
    return Reading(path, options or ReadOptions(), limits or Limits())


def check_file(path: Path) -> None:
    """Refuse a file that is not there, is a folder, or may not be read."""
    if not path.exists():
        raise NotFoundError("no_such_file", f'There is no file "{path}".', fix="Check its name and folder.")
    if path.is_dir():
        raise InvalidInputError("is_a_folder", f'"{path}" is a folder, not a file.', fix="Name a file in it.")
    if not os.access(path, os.R_OK):
        raise InvalidInputError("not_permitted", f'"{path}" may not be read by this user.', fix="Change its permissions.")


def read_file(path: Path, options: ReadOptions | None = None, limits: Limits | None = None) -> RawTable:
    """Read a file as text, every cell as it stands in the file."""
    return start_reading(path, options, limits).result()


def _child_environment() -> dict[str, str]:
    """Only what Python and Arrow need: no secrets of the parent, one thread of linear algebra, memory given back at once."""
    kept = {name: value for name, value in os.environ.items() if name in _PASSED_ON}
    return {**kept, "PYTHONPATH": str(_PROJECT), "OPENBLAS_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system", "PYTHONUTF8": "1"}


def _error_of(values: dict[str, str]) -> AppError:
    kinds: dict[str, type[AppError]] = {"too_large": TooLargeError, "not_found": NotFoundError, "unavailable": UnavailableError}
    kind = kinds.get(values.pop("kind"), InvalidInputError)
    return kind(**values)


def _died(status: int, name: str) -> AppError:
    if status < 0 and -status == signal.SIGXCPU:
        return TooLargeError(
            "reading_took_too_long", f'Reading "{name}" took more computing time than is allowed.', fix="Split it into smaller files."
        )
    return TooLargeError(
        "file_too_demanding",
        f'"{name}" needs more memory than is allowed for reading, or is damaged so that it cannot be read.',
        fix="Save it again from its program, as CSV if you can, or split it.",
    )
