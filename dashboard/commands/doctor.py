"""``doctor``: check the installation, and say what is wrong and what to do."""

from __future__ import annotations

import argparse
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.settings import Settings, load_settings
from segmentation.errors import AppError, UnavailableError

if TYPE_CHECKING:
    from sqlalchemy import Engine

_PROJECT = Path(__file__).resolve().parent.parent.parent
_OLDEST_PYTHON = (3, 11)
_PINNED = re.compile(r"^([a-z0-9][a-z0-9.\-_]*)(?:\[[a-z,]+\])?==(\S+) \\$")
_SHOWN = 5


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; ``problem`` is None where it is well."""

    what: str
    problem: str | None = None


def examine(_: argparse.Namespace) -> int:
    """Look at everything, print a line for each, return 2 if anything is wrong."""
    findings = list(look(load_settings()))
    for finding in findings:
        print(f"{'wrong' if finding.problem else 'well ':5}  {finding.what}" + (f": {finding.problem}" if finding.problem else ""))
    n_wrong = sum(finding.problem is not None for finding in findings)
    print("Everything is well." if n_wrong == 0 else f"{n_wrong} of {len(findings)} checks found something wrong.")
    return 2 if n_wrong else 0


def look(settings: Settings) -> Iterator[Finding]:
    """Look at everything, one after the other; a check that needs a failed one says so itself."""
    checks: tuple[tuple[str, Callable[[Settings], str | None]], ...] = (
        ("Python", _python),
        ("libraries", _libraries),
        ("data folder", _data_folder),
        ("disk space", _disk),
        ("store", _store),
        ("compiled kernels", _kernels),
        ("worker", _worker),
    )
    for what, check in checks:
        try:
            yield Finding(what, check(settings))
        except AppError as error:
            yield Finding(what, str(error))


def _python(_: Settings) -> str | None:
    if sys.version_info >= _OLDEST_PYTHON:
        return None
    return f"this is Python {sys.version.split()[0]}; {'.'.join(map(str, _OLDEST_PYTHON))} or newer is needed."


def _libraries(_: Settings) -> str | None:
    """Compare what is installed with the lock; entries for some systems only are left out."""
    lock = _PROJECT / "requirements.txt"
    wanted = [match.groups() for line in lock.read_text("utf-8").splitlines() if (match := _PINNED.match(line))]
    wrong = [f"{name} {_installed(name) or 'missing'} instead of {pin}" for name, pin in wanted if _installed(name) != pin]
    more = f" and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
    return f"{', '.join(wrong[:_SHOWN])}{more}. Install them with make run, or pip install -r requirements.txt." if wrong else None


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _data_folder(settings: Settings) -> str | None:
    folder = settings.data_dir.resolve()
    if not folder.is_dir():
        return f'"{folder}" does not exist yet; it is made by make run or python -m dashboard migrate.'
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        return f'"{folder}" cannot be written to: {error.strerror}.'
    if stat.S_IMODE(folder.stat().st_mode) & 0o077:
        return f'"{folder}" can be read by other users of this machine; close it with chmod 700.'
    return None


def _disk(settings: Settings) -> str | None:
    from dashboard.queries.health import LEAST_FREE_BYTES

    folder = settings.data_dir.resolve()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    return None if free >= LEAST_FREE_BYTES else f"only {free >> 20} MB are free where the data folder is; free some."


def _store(settings: Settings) -> str | None:
    from database.migrate import current, head

    with _reached(settings) as engine:
        revision = current(engine)
    if revision == head():
        return None
    return f"it is at revision {revision or 'none'}, this version needs {head()}; run python -m dashboard migrate."


def _kernels(_: Settings) -> str | None:
    """Compile or load the kernels: what had to be compiled was not on disk."""
    from segmentation.clusters import kernels
    from segmentation.measures import kernels as counting

    for each in (kernels, counting):
        each.warm()
        if any(getattr(one, "stats", None) and one.stats.cache_misses for one in vars(each).values()):
            return f'they were compiled just now; if that is said again, "{Path(str(each.__file__)).parent}" cannot be written to.'
    return None


def _worker(settings: Settings) -> str | None:
    from dashboard.context import now
    from dashboard.queries.health import WORKER_SILENT_AFTER
    from database.engine import read
    from database.migrate import current, head
    from database.workers import list_workers

    with _reached(settings) as engine:
        if current(engine) != head():
            return "the store is not ready."
        with read(engine) as conn:
            has_worker = bool(list_workers(conn, now() - WORKER_SILENT_AFTER))
    return None if has_worker else "none has been heard of for a minute; start one with make run or python -m dashboard worker."


@contextmanager
def _reached(settings: Settings) -> Iterator[Engine]:
    """Open the store as it is. An SQLite file is not made: looking must not change anything."""
    from database.engine import create_engine_for

    scheme, _, path = settings.database_url.partition(":///")
    if scheme.startswith("sqlite") and not Path(path).exists():
        raise UnavailableError("no_store", "There is none yet.", fix="It is made by make run or python -m dashboard migrate.")
    engine = create_engine_for(settings.database_url)
    try:
        yield engine
    finally:
        engine.dispose()
