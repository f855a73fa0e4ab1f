"""A worker made to be killed: ``python -m tests.dashboard.mortal_worker``, with the settings of the store in its environment.

It imports everything once and then makes, for each number that it reads, a process of its own (a fork, so that twenty deaths do not cost
twenty times the imports): one that takes over from its dead predecessors, does all jobs, and ends by SIGKILL at that many events of the
store (begin, statement, commit; 0: never), or after so many seconds where the number has a point. It answers with the status of that
process and the events that it came through.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import Any

from sqlalchemy import event

from dashboard.context import Context, now, open_context
from dashboard.settings import load_settings
from dashboard.worker import take_over
from dashboard.workflows.doing import run_job
from dashboard.workflows.processes import own_scratch, this_worker
from database.engine import write
from database.jobs import Job, Worker, claim
from segmentation.clusters.kernels import warm


class Counter:
    """Counts what happens between this process and the store, and ends it at a given count."""

    def __init__(self, last: int) -> None:
        self.count, self._last = 0, last

    def __call__(self, *_: Any) -> None:
        self.count += 1
        if self.count == self._last:
            die()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def live(when: str, report: int) -> None:
    """Be one such process, from the opening of the store to the end. What precedes the first claim is not counted."""
    if "." in when:
        threading.Timer(float(when), die).start()
    context, me = open_context(load_settings()), this_worker()
    with own_scratch(context, me):
        take_over(context, me)
        counter = Counter(0 if "." in when else int(when))
        for name in ("begin", "before_cursor_execute", "commit"):
            event.listen(context.engine, name, counter)
        while job := take(context, me):
            run_job(context, me, job)
    os.write(report, str(counter.count).encode())


def take(context: Context, me: Worker) -> Job | None:
    with write(context.engine) as conn:
        return claim(conn, me, now(), context.lease)


def main() -> None:
    import sklearn.cluster  # noqa: F401

    warm()
    print("ready", flush=True)
    for line in sys.stdin:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            live(line.strip(), writing)
            os._exit(0)
        os.close(writing)
        _, status = os.waitpid(child, 0)
        with os.fdopen(reading) as told:
            print(os.waitstatus_to_exitcode(status), told.read() or 0, flush=True)


if __name__ == "__main__":
    main()
