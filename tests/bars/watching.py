"""What a service costs while something is done to it: memory of the web process and of the reader, and how soon it says that it lives."""

from __future__ import annotations

import threading
import time
import urllib.request
from types import TracebackType
from typing import Self

import psutil

from tests.browser.serving import Service

MB = 1 << 20
_EVERY_S = 0.02


class Watch:
    """Looks at a service again and again while the block runs."""

    def __init__(self, service: Service) -> None:
        self._service = service
        _let_settle(service)
        self.idle = self.web_peak = _memory_of(service.processes("gunicorn"))
        self.reader_peak, self.slowest = 0, 0.0
        self._is_over = threading.Event()
        self._threads = [threading.Thread(target=each, daemon=True) for each in (self._weigh, self._knock)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    @property
    def web_grew(self) -> int:
        """By how many bytes the web process grew."""
        return self.web_peak - self.idle

    def _weigh(self) -> None:
        while not self._is_over.wait(_EVERY_S):
            self.web_peak = max(self.web_peak, _memory_of(self._service.processes("gunicorn")))
            self.reader_peak = max([self.reader_peak, *map(_memory, self._service.processes("dashboard.intake.child"))])

    def _knock(self) -> None:
        while not self._is_over.wait(0.1):
            begun = time.monotonic()
            with urllib.request.urlopen(f"{self._service.url}/healthz", timeout=30) as answer:
                answer.read()
            self.slowest = max(self.slowest, time.monotonic() - begun)


def _let_settle(service: Service) -> None:
    """Wait until a service that has just begun has made everything ready: its memory stays as it is for a second."""
    before, give_up = -1, time.monotonic() + 90
    while (now := _memory_of(service.processes("gunicorn"))) != before and time.monotonic() < give_up:
        before = now
        time.sleep(1)


def _memory_of(processes: list[psutil.Process]) -> int:
    return max(map(_memory, processes), default=0)


def _memory(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0
