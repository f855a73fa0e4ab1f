"""Processes and what they leave: who works, whether another still lives, and a folder for what must not outlive its process."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from dashboard.context import Context, make_private_folder
from database.jobs import Worker

_SAME_PROCESS_S = 1.0


def this_worker() -> Worker:
    """Describe this process so that another can tell later whether it still lives."""
    return Worker(socket.gethostname(), _boot_id(), os.getpid(), psutil.Process().create_time())


def _boot_id() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:  # not Linux
        return f"{psutil.boot_time():.0f}"


def is_alive(worker: Worker) -> bool:
    """Tell whether a process of this host still lives; its number may belong to another one by now."""
    try:
        process = psutil.Process(worker.pid)
        return abs(process.create_time() - worker.started) < _SAME_PROCESS_S and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@contextmanager
def own_scratch(context: Context, me: Worker) -> Iterator[None]:
    """Keep temporary files in a folder of this process's own; remove it afterwards, and now those of processes that live no more."""
    for folder in context.scratch.iterdir():
        if folder.name.isdecimal() and not psutil.pid_exists(int(folder.name)):
            shutil.rmtree(folder, ignore_errors=True)
    own, before = context.scratch / str(me.pid), tempfile.tempdir
    make_private_folder(own)
    tempfile.tempdir = str(own)
    try:
        yield
    finally:
        tempfile.tempdir = before
        shutil.rmtree(own, ignore_errors=True)
