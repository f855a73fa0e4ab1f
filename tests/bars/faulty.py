"""B8 in full: every step, every kind of fault."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self
from unittest import mock

from dashboard.context import Context, open_context
from dashboard.intake.reader import read_file
from dashboard.workflows.uploads import receive_upload
from segmentation.intake.table import RawTable
from tests.bars.faults import KINDS, Fault, Task, break_and_mend, measure, take_up
from tests.dashboard.making import settings_for, small_log
from tests.postgres import new_database, running_server

TEXT = small_log(9)


class Prepared:
    """In the place of the child process, which has tests of its own: the table as it was read before."""

    def __init__(self, table: RawTable) -> None:
        self._table = table

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing."""

    def result(self) -> RawTable:
        """Return the table."""
        return self._table

    def close(self) -> None:
        """Stop nothing."""


@contextmanager
def reading_prepared(folder: Path) -> Iterator[None]:
    """Read the log without a child process."""
    path = folder / "shop.csv"
    path.write_text(TEXT)
    table = read_file(path)
    with (
        mock.patch("dashboard.workflows.combining.start_reading", lambda *_: Prepared(table)),
        mock.patch("dashboard.workflows.uploads.start_reading", lambda *_: Prepared(table)),
    ):
        yield


def all_faults(n_steps: int, every: int) -> Iterator[Fault]:
    """Yield every kind of fault at every so manieth step; what nobody expects happens once, the others also come to stay."""
    for at in range(1, n_steps + 1, every):
        for kind in KINDS:
            yield Fault(kind, at)
            if kind != "exception":
                yield Fault(kind, at, stays=True)


def break_everything() -> tuple[int, list[str]]:
    """Break every step on SQLite and every fifth on Postgres; returns how many faults there were, and what went wrong."""
    n, problems = 0, []
    with running_server() as server, new_database(server) as address:
        for url, every in ((None, 1), (address, 5)):
            with tempfile.TemporaryDirectory() as name:
                context = open_context(settings_for(Path(name) / "var", url))
                with reading_prepared(Path(name)):
                    more, wrong = _break_all(context, every)
                context.close()
            n, problems = n + more, problems + wrong
    return n, problems


def _break_all(context: Context, every: int) -> tuple[int, list[str]]:
    n, problems = 0, []
    upload = receive_upload(context, io.BytesIO(TEXT.encode()), "shop.csv")
    for task in (Task(context, upload.id, "inspection"), Task(context, upload.id, "import")):
        wanted, n_steps = measure(task)
        for fault in all_faults(n_steps, every):
            n += 1
            try:
                break_and_mend(task, fault, wanted)
            except Exception as error:  # whatever it is, the other steps are broken as well
                problems.append(f"{context.engine.dialect.name} {task.name} {fault}: {type(error).__name__}: {error}")
                take_up(context)
                task.forget()
    return n, problems
