"""Processes that are watched: each is started again when it dies, and all stop together."""

from __future__ import annotations

import ctypes
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import FrameType

from segmentation.errors import UnavailableError

_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None  # loaded before any fork
_PR_SET_PDEATHSIG = 1
_LOOK_EVERY_S = 0.2
_WAIT_FOR_END_S = 20.0
_SHORT_LIFE_S = 10.0
_MOST_SHORT_LIVES = 3


@dataclass
class Child:
    """One process with its command, and how often in a row it died young."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    short_lives: int = field(default=0)

    def start(self) -> None:
        """Start it, afresh. On Linux it is told to stop also when this process is killed and cannot say so any more."""
        self.process = subprocess.Popen(self.command, preexec_fn=_stop_with_parent if _LIBC else None)  # noqa: PLW1509  # one thread
        self.started = time.monotonic()

    @property
    def is_running(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None


def _stop_with_parent() -> None:
    if _LIBC:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def supervise(children: Sequence[Child], greeting: str) -> int:
    """Run processes until SIGINT or SIGTERM, starting again what dies; returns the exit status. Gives up on one that cannot start."""
    stop = threading.Event()

    def hear(_: int, __: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, hear)
    try:
        for child in children:
            child.start()
        print(greeting, flush=True)
        while not stop.wait(_LOOK_EVERY_S):
            for child in children:
                if not child.is_running and not _start_again(child):
                    return 1
        return 0
    finally:
        _end(children)


def _start_again(child: Child) -> bool:
    """Start a dead process again; False when that has no prospect."""
    status = child.process.returncode if child.process else None
    child.short_lives = child.short_lives + 1 if time.monotonic() - child.started < _SHORT_LIFE_S else 0
    if child.short_lives >= _MOST_SHORT_LIVES:
        print(f"The {child.name} process cannot be kept running (status {status}); everything is stopped.", file=sys.stderr)
        return False
    print(f"The {child.name} process ended (status {status}); it is started again.", file=sys.stderr)
    child.start()
    return True


def _end(children: Sequence[Child]) -> None:
    for child in children:
        if child.process is not None and child.is_running:
            child.process.terminate()
    give_up = time.monotonic() + _WAIT_FOR_END_S
    for child in children:
        if child.process is not None:
            try:
                child.process.wait(max(0.1, give_up - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()


def check_port(host: str, port: int) -> None:
    """Refuse a port that something else listens on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise UnavailableError(
                "port_taken", f"Port {port} of {host} cannot be used: {error.strerror}.", fix="Choose another with CLIENTELE_PORT."
            ) from None
