"""The service as a person starts it: ``python -m dashboard serve``, on a port and a data folder of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

PROJECT = Path(__file__).resolve().parent.parent.parent
_START_S = 120
_END_S = 60


def wait_for(what: Callable[[], Any], seconds: float = 60, why: str = "waited in vain") -> Any:
    """Wait until something is so, and return it."""
    give_up = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < give_up, why
        time.sleep(0.05)
    return found


class Service:
    """One service: started, looked at from outside, and stopped with Ctrl-C."""

    def __init__(self, folder: Path, *, demo: bool, **environment: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.data_dir, self.log = folder / "var", folder / "service.log"
        ours = {"CLIENTELE_DATA_DIR": str(self.data_dir), "CLIENTELE_PORT": str(self.port), "CLIENTELE_DEMO": str(int(demo))}
        kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "CLIENTELE_CACHE_URL")}
        self.environment = {**kept, "PYTHONPATH": str(PROJECT), **ours, **environment}
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Service:
        """Start it and wait until it is ready to work."""
        self.data_dir.parent.mkdir(exist_ok=True)
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "dashboard", "serve"]
            self._process = subprocess.Popen(
                command, cwd=self.log.parent, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        process = self._process
        try:
            wait_for(lambda: process.poll() is not None or self.is_ready(), _START_S, "the service did not become ready")
        except AssertionError:
            _kill(self.processes())  # nobody else will stop it
            raise
        assert process.poll() is None, self.log.read_text("utf-8")
        return self

    def __exit__(self, *_: object) -> None:
        """Press Ctrl-C, and see that every process is gone, that nothing went wrong and that the log holds nobody's address."""
        assert self._process is not None
        family = self.processes()
        self._process.send_signal(signal.SIGINT)
        try:
            status = self._process.wait(_END_S)
        finally:
            left = _kill(family)
        log = self.log.read_text("utf-8")
        assert (status, left) == (0, []), log[-2_000:]
        assert not re.search(r"Traceback|\w@\w", log), log[-2_000:]

    def is_ready(self) -> bool:
        """Tell whether store, disk and worker are well."""
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                return answer.status == 200
        except urllib.error.HTTPError as error:
            error.close()
        except OSError:
            pass
        return False

    def processes(self, *words: str) -> list[psutil.Process]:
        """Return its processes, or those whose command has all these words."""
        assert self._process is not None
        family = [psutil.Process(self._process.pid)]
        family += family[0].children(recursive=True)
        return [process for process in family if all(word in _command(process) for word in words)]

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the product on the same store."""
        return subprocess.run(
            [sys.executable, "-m", "dashboard", *arguments],
            cwd=self.log.parent,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )


def _kill(family: list[psutil.Process]) -> list[psutil.Process]:
    """Kill those that still run, and return them."""
    left = [process for process in family if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]
    for process in left:
        process.kill()
    return left


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""
