"""What takes long to make and is only read: made once a run, by whichever of its processes needs it first."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest


def once_a_run(folders: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return where something is that all processes of this run of the tests share; ``make`` writes it to the path that it is given."""
    own = folders.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    place = shared / name
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            unfinished = shared / f"unfinished-{name}-{os.getpid()}"
            make(unfinished)
            unfinished.rename(place)
    return place
