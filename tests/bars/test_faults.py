"""B8: whatever breaks at whatever step of a look or an import, nothing half is seen, nothing is left over, and a rerun gives the same."""

from __future__ import annotations

import errno
import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboard import worker
from dashboard.context import Context
from dashboard.intake import child, packed
from dashboard.workflows import datasets, doing, uploads
from dashboard.workflows.uploads import receive_upload
from segmentation.errors import UnavailableError
from tests.bars.faults import KINDS, Fault, Task, break_and_mend, measure
from tests.bars.faulty import TEXT, reading_prepared


@pytest.fixture
def prepared(tmp_path: Path) -> Iterator[None]:
    """No child process: what it reads is handed over as it was read before."""
    with reading_prepared(tmp_path):
        yield


@pytest.fixture
def upload_id(context: Context) -> str:
    return receive_upload(context, io.BytesIO(TEXT.encode()), "shop.csv").id


def faults(n_steps: int, every: int) -> Iterator[Fault]:
    """Yield a fault for every so manieth step, each kind in turn, every other one to stay."""
    for number, at in enumerate(range(1, n_steps + 1, every)):
        kind = KINDS[number % 3]
        yield Fault(kind, at, stays=kind != "exception" and number // 3 % 2 == 1)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["inspection", "import"])
def test_a_fault_at_any_step(context: Context, upload_id: str, name: Any, prepared: None) -> None:
    task = Task(context, upload_id, name)
    wanted, n_steps = measure(task)
    assert n_steps > 20
    problems = []
    for fault in faults(n_steps, 5 if context.engine.dialect.name == "sqlite" else 11):
        try:
            break_and_mend(task, fault, wanted)
        except AssertionError as problem:
            problems.append(f"{fault}: {problem}")
            task.forget()
    assert not problems, "\n".join(problems)


def test_a_disk_that_fills_up_while_a_file_is_read_is_told_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(TEXT.encode()))
    request = {**dict.fromkeys(("sheet", "encoding", "delimiter", "header_row")), "path": str(path), "name": path.name}
    monkeypatch.setattr(child, "limit_this_process", lambda _: None)
    monkeypatch.setattr(packed, "_copy", fail)
    child.main(json.dumps({**request, "folder": str(tmp_path), "memory": 0}))
    assert json.loads((tmp_path / "answer.json").read_text())["error"]["code"] == "disk_full"


def test_the_check_sees_a_fault_that_leaves_something(
    context: Context, upload_id: str, prepared: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: nobody tidies up."""
    task = Task(context, upload_id, "import")
    wanted, n_steps = measure(task)
    for module in (doing, worker):
        monkeypatch.setattr(module, "tidy_store", lambda _: None)
    with pytest.raises(AssertionError, match="left over"):
        break_and_mend(task, Fault("exception", n_steps * 3 // 5), wanted)


def test_the_check_sees_half_a_dataset(context: Context, upload_id: str, prepared: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: a batch is lost without a word."""
    task = Task(context, upload_id, "import")
    monkeypatch.setattr(datasets.store, "add_rows", lambda *_: None)
    with pytest.raises(AssertionError, match="half a dataset"):
        measure(task)


def test_the_check_sees_that_something_else_came_of_it(
    context: Context, upload_id: str, prepared: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: what the store says of itself is taken for what the file is."""
    task = Task(context, upload_id, "inspection")
    wanted, _ = measure(task)
    monkeypatch.setattr(uploads, "ConflictError", KeyError)
    monkeypatch.setattr(uploads, "UnavailableError", KeyError)
    monkeypatch.setattr(uploads, "build_dataset", lambda *_: _unreachable())
    with pytest.raises(AssertionError, match="something else"):
        break_and_mend(task, Fault("exception", 10_000), wanted)


def _unreachable() -> None:
    raise UnavailableError("store_unreachable", "The store cannot be reached.")
