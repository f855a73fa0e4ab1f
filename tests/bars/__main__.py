"""Every bar of bad input, measured on a service as people start it, one line each: ``python -m tests.bars [B1 B4 ...]``."""

from __future__ import annotations

import itertools
import logging
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Event
from typing import NamedTuple

from tests.bars import at_once, clicking, faulty, filtering, large, round_trip
from tests.bars.bombs import bombs
from tests.bars.broken import Broken
from tests.bars.hand_made import texts
from tests.bars.hand_packed import packed
from tests.bars.judging import check_expected, walk
from tests.bars.mutations import mutated
from tests.bars.programs import Outside
from tests.bars.reading import judge_here
from tests.bars.watching import MB, Watch
from tests.browser.serving import Service
from tests.dashboard.making import small_log

_AT_ONCE = 4


class Figure(NamedTuple):
    """What was measured, and what is wrong with it."""

    words: str
    problems: Sequence[str] = ()


def b1_b2() -> Figure:
    """Send every broken file to a service, and read each in this process too, where nothing of ours that breaks can hide."""
    files = [*texts(), *packed(), *mutated(240)]
    with _service() as service:
        before, program = _workers(service), Outside(service.url)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            sent = pool.map(lambda file: _judge(file, lambda: walk(program, file)), files)
            found = [*sent, *(_judge(file, lambda file=file: _here(file)) for file in files)]
        restarts = len(_workers(service) - before)
        log = service.log.read_text("utf-8")
    n_tracebacks = log.count("Traceback") + log.count("by our mistake")  # of a job, or of the reader
    outcomes, problems = Counter(outcome for outcome, _ in found), [problem for _, problem in found if problem]
    problems += [f"{restarts} processes were started again"] * bool(restarts) + [f"{n_tracebacks} tracebacks"] * bool(n_tracebacks)
    told = ", ".join(f"{n} {outcome}" for outcome, n in outcomes.most_common())
    return Figure(f"{len(files)} broken files, each sent and read ({told}); {n_tracebacks} tracebacks, {restarts} restarts", problems)


def _workers(service: Service) -> set[int]:
    """Return the processes that do the jobs; those of the web server are replaced now and then on purpose."""
    return {process.pid for process in service.processes("dashboard", "worker") if "gunicorn" not in " ".join(process.cmdline())}


def _here(file: Broken) -> tuple[str, str]:
    with tempfile.TemporaryDirectory() as folder:
        return judge_here(file, Path(folder))


def _judge(file: Broken, judge: Callable[[], tuple[str, str]]) -> tuple[str, str | None]:
    """Return what came of a file, and what is wrong with that."""
    outcome = "failed"
    try:
        outcome, codes = judge()
        check_expected(file, (outcome, codes))  # type: ignore[arg-type]
    except Exception as error:  # whatever it is, the others are measured as well
        return outcome, f"{file.name}: {type(error).__name__}: {error}"
    return outcome, None


def b3() -> Figure:
    """Send 10,000 customers there and back, as a text and as a workbook."""
    n, rows = 0, round_trip.people(10_000)
    with _service() as service:
        for name, written in (("people.csv", round_trip.as_csv), ("people.xlsx", round_trip.as_xlsx)):
            n += round_trip.there_and_back(Outside(service.url), rows, written(rows), name)
    return Figure(f"{n:,} cells there and back, 0 changed")


def b4() -> Figure:
    """Send every bomb to a service and watch it."""
    problems: list[str] = []
    slowest, n = 0.0, 0
    with _service() as service:
        program = Outside(service.url)
        program.ask("POST", "/uploads", small_log().encode())
        with Watch(service) as watch:
            for n, file in enumerate(list(bombs()), start=1):  # noqa: B007 - how many there were
                content = file.make()
                begun = time.monotonic()
                _, problem = _judge(file, lambda file=file, content=content: walk(program, file._replace(make=lambda: content)))
                problems += [problem] if problem else []
                slowest = max(slowest, time.monotonic() - begun)
    limits = (
        (slowest, 20, "s for a bomb"),
        (watch.reader_peak / MB, 2048, "MB in the reader"),
        (watch.web_grew / MB, 50, "MB in the web process"),
        (watch.slowest, 1, "s for /healthz"),
    )
    problems += [f"{found:.1f} {what}, at most {most}" for found, most, what in limits if found > most]
    return Figure(f"{n} bombs refused; at most " + ", ".join(f"{found:.2f} {what}" for found, _, what in limits), problems)


def b5_b6() -> Figure:
    """Send 200 MB, and bodies over the limit."""
    with _service(WEB_CONCURRENCY="1", CLIENTELE_MAX_UPLOAD_MB="220") as service:
        grew, reader = large.send_200_mb(service)
        problems = [f"the web process grew by {grew / MB:.0f} MB"] * (grew > 64 * MB)
        problems += [f"the reader took {reader / MB:.0f} MB"] * (reader > 1024 * MB)
        problems += large.find_unrefused(service)
    return Figure(f"200 MB: web process +{grew / MB:.0f} MB, reader {reader / MB:.0f} MB; over the limit 413 and 0 bytes left", problems)


def b8() -> Figure:
    """Break every step of a look and an import on SQLite in every way, and every fifth on Postgres."""
    n, problems = faulty.break_everything()
    return Figure(f"{n} faults planted, one at a time", problems)


def b9() -> Figure:
    """Send eight files at once, two of them the same."""
    files = [small_log(200, seed).encode() for seed in (1, 2, 3, 4, 5, 6, 7, 1)]
    with _service() as service:
        program = Outside(service.url)
        begun = time.monotonic()
        ids = at_once.send_at_once(program, files)
        at_once.check_datasets(program, files, ids)
        n_locked = service.log.read_text("utf-8").count("locked")
    return Figure(f"8 at once: {len(set(ids))} datasets in {time.monotonic() - begun:.1f} s, {n_locked} locked", ["locked"] * n_locked)


def b10() -> Figure:
    """Change filters as fifty people would, one more with a browser; then once more while files come in and runs go on."""
    filters, log = filtering.record_filters(1_500), filtering.write_log(filtering.N_CUSTOMERS)  # hardly one is asked for twice
    with _service() as service, ThreadPoolExecutor(1) as pool:
        program = Outside(service.url)
        dataset_id = filtering.bring_in(program, log, "people.csv")
        filtering.replay(service, dataset_id, filters[:50], 10)  # both web processes have it in memory
        is_here, is_over = Event(), Event()
        clicker = pool.submit(clicking.click_until, service, dataset_id, is_here, is_over)
        is_here.wait(60)
        alone = filtering.replay(service, dataset_id, filters, 60)
        is_over.set()
        clicks = filtering.Waits(clicker.result(), ())
        with filtering.Busy(program, dataset_id, log):
            busy = filtering.replay(service, dataset_id, filtering.record_filters(1_500, seed=12), 60)
    problems = [*alone.problems, *busy.problems]
    n_errors = len(problems)
    problems += [f"{waits.p95:.2f} s, at most {most}" for waits, most in ((alone, 0.3), (busy, 1.0), (clicks, 0.5)) if waits.p95 > most]
    told = f"{len(alone.seconds):,} and {len(busy.seconds):,} filter changes of 100,000 customers, {n_errors} errors"
    waited = f"95 of 100 within {alone.p95:.2f} s, {busy.p95:.2f} s beside imports and runs"
    return Figure(f"{told}; {waited}; {len(clicks.seconds)} clicks in Chromium beside them, painted within {clicks.p95:.2f} s", problems)


def _service(**settings: str) -> AbstractContextManager[Service]:
    folder = Path(tempfile.mkdtemp(prefix="bars-"))
    return Service(folder, demo=False, **settings)


BARS = {"B1 B2": b1_b2, "B3": b3, "B4": b4, "B5 B6": b5_b6, "B8": b8, "B9": b9, "B10": b10}


def main(wanted: Sequence[str]) -> int:
    """Measure, print, and tell whether all bars hold."""
    logging.disable(logging.CRITICAL)
    n_missed = 0
    for names, measure in BARS.items():
        if wanted and not set(wanted) & set(names.split()):
            continue
        begun = time.monotonic()
        try:
            figure = measure()
        except AssertionError as problem:
            figure = Figure("stopped", [str(problem)])
        n_missed += bool(figure.problems)
        print(f"{names:6} {'MISSED' if figure.problems else 'holds '} {figure.words} ({time.monotonic() - begun:.0f} s)", flush=True)
        for problem in itertools.islice(figure.problems, 20):
            print(f"         {problem[:300]}", flush=True)
    return min(n_missed, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
