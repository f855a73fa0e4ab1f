"""What is made once a run is made whole, and once, however many processes ask at the same moment."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.once import once_a_run

ASK = """
import sys, time
from pathlib import Path
from types import SimpleNamespace
from tests.once import once_a_run

def make(path):
    with Path(sys.argv[1], "made").open("a") as log:
        log.write("once ")
    time.sleep(0.2)
    path.write_text("whole")

print(once_a_run(SimpleNamespace(getbasetemp=lambda: Path(sys.argv[1])), "thing", make).read_text())
"""


def test_processes_share_what_one_made(tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    command = [sys.executable, "-c", ASK, str(tmp_path)]
    asking = [subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert [each.communicate(timeout=60)[0] for each in asking] == ["whole\n"] * 3
    assert (tmp_path / "made").read_text() == "once "


def test_what_failed_half_way_is_made_anew(tmp_path_factory: pytest.TempPathFactory) -> None:
    def fail(path: Path) -> None:
        path.write_text("half")
        raise OSError

    with pytest.raises(OSError):
        once_a_run(tmp_path_factory, "a-thing-of-this-test", fail)
    assert once_a_run(tmp_path_factory, "a-thing-of-this-test", lambda path: path.write_text("whole")).read_text() == "whole"
