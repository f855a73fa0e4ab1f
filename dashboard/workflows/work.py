"""What a job's handler works with: the store, the files, and the way to say how far it is and to hear that it should stop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from dashboard.context import Context, now
from dashboard.progress import STEPS
from database.engine import write
from database.jobs import Job, add_step, set_progress
from segmentation.dataset import OnStep

Handler = Callable[["Work"], Mapping[str, Any]]


class CancelledError(Exception):
    """Somebody asked for this job to be stopped."""


@dataclass
class Work:
    """One claimed job being worked on. The heartbeat of the worker sets ``cancel``; the handler looks at it at each step."""

    context: Context
    job: Job
    cancel: threading.Event = field(default_factory=threading.Event)
    on_step: OnStep = lambda _: None

    def step(self, share: float, name: str) -> None:
        """Begin a step (one of ``dashboard.progress.STEPS``) when so much of the work is done."""
        self.on_step(name)
        with write(self.context.engine) as conn:
            add_step(conn, self.job, name, now())
        self.progress(share, STEPS[name][1])

    def progress(self, share: float, message: str) -> None:
        """Say how far it is (0 to 1) and what is being done now; stop here if that was asked for."""
        with write(self.context.engine) as conn:
            if set_progress(conn, self.job, share, message):
                self.cancel.set()
        self.check()

    def check(self) -> None:
        """Stop here if that was asked for."""
        if self.cancel.is_set():
            raise CancelledError

    @contextmanager
    def interrupting(self, stop: Callable[[], None]) -> Iterator[None]:
        """Call ``stop`` if the job is cancelled while the block waits for something that cannot look for itself."""
        is_over = threading.Event()

        def watch() -> None:
            while not is_over.is_set():
                if self.cancel.wait(0.2):
                    stop()
                    return

        thread = threading.Thread(target=watch, name="interrupting", daemon=True)
        thread.start()
        try:
            yield
        except Exception:
            self.check()  # what failed because it was stopped is no failure
            raise
        finally:
            is_over.set()
            thread.join()
