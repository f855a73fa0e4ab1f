"""What every test may rely on: one thread for linear algebra, no way off the machine, and the optional real files."""

from __future__ import annotations

import csv
import ipaddress
import json
import lzma
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.once import once_a_run

# Before anything imports numpy: a second thread only adds noise to a shared machine, and child processes inherit this.
for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

PROJECT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def project() -> Path:
    """The folder of the checkout."""
    return PROJECT


@pytest.fixture(scope="session")
def real_data() -> Callable[[str], Path]:
    """Return a function from a file's name to its path, which skips the test where the optional folder lacks it."""
    from dashboard.settings import load_settings

    folder = (PROJECT / load_settings().real_data).resolve()

    def find(name: str) -> Path:
        path = folder / name
        if not path.is_file():
            pytest.skip(f"{name} is not in the optional folder of real files (CLIENTELE_REAL_DATA, now {folder})")
        return path

    return find


@pytest.fixture(scope="session")
def online_retail_csv(real_data: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """UCI Online Retail unpacked: 541,909 invoice lines as latin-1 text."""
    packed = real_data("online_retail.csv.xz")

    def unpack(path: Path) -> None:
        with lzma.open(packed) as source, path.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)

    return once_a_run(tmp_path_factory, "online_retail.csv", unpack)


@pytest.fixture(scope="session")
def online_retail_xlsx(online_retail_csv: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same lines as a workbook, as Excel keeps them: numbers as numbers, dates as dates."""
    return once_a_run(tmp_path_factory, "online_retail.xlsx", lambda path: write_online_retail_workbook(online_retail_csv, path))


def write_online_retail_workbook(source: Path, path: Path) -> None:
    """Write the lines of Online Retail as a workbook; texts stay texts to the character."""
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"constant_memory": True}) as workbook, source.open(encoding="latin-1", newline="") as text:
        sheet = workbook.add_worksheet("Online Retail")
        date_format = workbook.add_format({"num_format": "m/d/yy h:mm"})
        rows = csv.DictReader(text)
        for column, name in enumerate(rows.fieldnames or ()):
            sheet.write_string(0, column, name)
        for number, line in enumerate(rows, start=1):
            for column, (name, cell) in enumerate(line.items()):
                if name == "InvoiceDate":
                    sheet.write_datetime(number, column, datetime.strptime(cell, "%m/%d/%Y %H:%M"), date_format)  # noqa: DTZ007
                elif name == "UnitPrice" or _is_plain_integer(cell):
                    sheet.write_number(number, column, float(cell))
                elif cell:
                    sheet.write_string(number, column, cell)


def _is_plain_integer(cell: str) -> bool:
    # Not "00123", which a spreadsheet would show as 123.
    digits = cell.removeprefix("-")
    return digits.isascii() and digits.isdecimal() and str(int(digits)) == digits


def is_on_this_machine(address: object) -> bool:
    """Whether an address, or a host alone, stays on this machine: a Unix socket, the loopback, every interface of our own."""
    host = address[0] if isinstance(address, tuple) else address
    if not isinstance(host, str) or host.startswith("/") or host in ("", "localhost", socket.gethostname()):
        return True
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return False
    return found.is_loopback or found.is_unspecified


@pytest.fixture(scope="session", autouse=True)
def _no_way_off_the_machine() -> Iterator[None]:
    """Fail any test that connects to another machine or looks one up. (A C library, such as a database driver, is not seen.)"""

    def guarded(call: Callable[..., Any], position: int) -> Callable[..., Any]:
        def check(*args: Any, **kwargs: Any) -> Any:
            if not is_on_this_machine(args[position]):
                pytest.fail(f"a test tried to reach another machine: {args[position]!r}")
            return call(*args, **kwargs)

        return check

    with pytest.MonkeyPatch.context() as patch:
        for method in ("connect", "connect_ex"):  # called with the socket first
            patch.setattr(socket.socket, method, guarded(getattr(socket.socket, method), 1))
        patch.setattr(socket, "getaddrinfo", guarded(socket.getaddrinfo, 0))
        yield


@dataclass(frozen=True)
class Run:
    """One finished command."""

    status: int
    stdout: str
    stderr: str
    folder: Path

    @property
    def report(self) -> dict[str, Any]:
        """The report that was written."""
        return json.loads((self.folder / "report.json").read_text(encoding="utf-8"))

    @property
    def labelled_bytes(self) -> bytes:
        """The labelled file to the byte."""
        return (self.folder / "labelled.csv").read_bytes()

    @property
    def labelled(self) -> Any:
        """The labelled file as a pandas frame, every cell as text."""
        import pandas as pd

        return pd.read_csv(self.folder / "labelled.csv", dtype=str, keep_default_na=False)

    @property
    def sizes(self) -> list[int]:
        """Sizes of the segments, largest first."""
        return sorted((segment["size"] for segment in self.report["run"]["segments"]), reverse=True)


@pytest.fixture(scope="session")
def dashboard(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Run]:
    """Return a function that runs ``python -m dashboard``; ``segment`` writes its three files to a folder of its own."""

    def run(command: str, file: Path, *options: str) -> Run:
        folder = tmp_path_factory.mktemp(command)
        outputs = ["--out", "labelled.csv", "--report", "report.json", "--rejected", "rejected.csv"] if command == "segment" else []
        done = subprocess.run(
            [sys.executable, "-m", "dashboard", command, str(file), *outputs, *options],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(project)},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        return Run(done.returncode, done.stdout, done.stderr, folder)

    return run
