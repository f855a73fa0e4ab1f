"""B10: many people change the filter of the overview at once, alone and while a file comes in and a run goes on."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from itertools import count
from threading import Event, Thread
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from segmentation.measures.filters import Band, Choice, Condition, CustomerFilter, write_filter
from tests.bars.programs import Outside, finished
from tests.browser.serving import Service

N_CUSTOMERS = 100_000
CLIENTS = 50
ASKED_A_SECOND = 25
_CHOICES: dict[str, tuple[Choice, ...]] = {
    "country": tuple(f"Country {n}" for n in range(30)),
    "category": tuple(f"Category {n}" for n in range(12)),
    "payment": ("card", "invoice", "wallet", "cash"),
    "@month": tuple(f"{year}-{month:02d}" for year in (2024, 2025) for month in range(1, 13)),
    "@weekday": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "age": tuple(Band(low, low + 10) for low in (25, 35, 45, 55)),
}
"""What the log can be filtered by."""


class Waits(NamedTuple):
    """How long each answer took, in seconds, and what went wrong."""

    seconds: Sequence[float]
    problems: Sequence[str]

    @property
    def p95(self) -> float:
        """Ninety-five of a hundred answers came sooner."""
        return float(np.quantile(self.seconds, 0.95)) if self.seconds else float("inf")


def write_log(n_customers: int, seed: int = 10) -> bytes:
    """Return a log of three lines a customer on average, each of them with one at least."""
    rng = np.random.default_rng(seed)
    customers = np.append(np.arange(n_customers), rng.integers(0, n_customers, 2 * n_customers))
    days = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 731 * 1440, customers.size), unit="min")
    lines = {
        "Customer": customers,
        "Order": np.arange(customers.size) // 2 * 1_000_000 + customers,
        "Date": days.strftime("%Y-%m-%d %H:%M"),
        "Amount": np.round(np.exp(rng.normal(3, 1, customers.size)), 2),
        "Country": [f"Country {n}" for n in customers % 997 % 30],
        "Age": 20 + customers % 61,
        "Category": [f"Category {n}" for n in rng.integers(0, 12, customers.size)],
        "Payment": rng.choice(_CHOICES["payment"], customers.size),
    }
    return pd.DataFrame(lines).to_csv(index=False).encode()


def record_filters(n: int, seed: int = 11) -> list[str]:
    """Return what people choose one after another: a click more, another choice, one off; now and then everything off."""
    rng = np.random.default_rng(seed)
    chosen, texts = CustomerFilter(), []
    for _ in range(n):
        column = str(rng.choice(list(_CHOICES)))
        if chosen.find(column) and rng.random() < 0.5:
            chosen = chosen.without({column})
        else:
            picked = rng.choice(len(_CHOICES[column]), size=int(rng.integers(1, 3)), replace=False)
            chosen = chosen.replacing(Condition(column, tuple(_CHOICES[column][place] for place in picked)))
        if len(chosen.conditions) > 3:
            chosen = CustomerFilter()
        texts.append(write_filter(chosen))
    return texts


def bring_in(program: Outside, log: bytes, name: str) -> str:
    """Import a log; returns the dataset."""
    upload = program.ask("POST", "/uploads?wait=120", log, **{"X-Filename": name}).json
    order = json.dumps({"upload_id": upload["upload_id"], "name": name}).encode()
    job = program.ask("POST", "/datasets", order, **{"Content-Type": "application/json"}).json
    done = finished(program, job["job_id"])
    if done["state"] != "done":
        raise AssertionError(f"{name} was not imported: {done['error']}")
    return str(done["result"]["dataset_id"])


def replay(service: Service, dataset_id: str, filters: Sequence[str], seconds: float) -> Waits:
    """Ask for one filter after another, each client every two seconds, and measure how long each answer takes."""
    waits: list[float] = []
    problems: list[str] = []
    begun = time.monotonic()

    def ask_again_and_again(client: int) -> None:
        place, turn = client, CLIENTS / ASKED_A_SECOND
        due = begun + turn * client / CLIENTS
        while due < begun + seconds:
            time.sleep(max(due - time.monotonic(), 0))
            waited, problem = _ask(service.port, dataset_id, filters[place % len(filters)])
            waits.append(waited)
            problems.extend([problem] if problem else [])
            place, due = place + CLIENTS, due + turn

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(ask_again_and_again, range(CLIENTS)))
    return Waits(waits, problems)


def _ask(port: int, dataset_id: str, filter_text: str) -> tuple[float, str | None]:
    begun = time.monotonic()
    try:
        with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as line:
            headers = {"Content-Type": "application/json", "Origin": f"http://127.0.0.1:{port}", "Accept-Encoding": "gzip"}
            line.request("POST", "/_dash-update-component", json.dumps(_body(dataset_id, filter_text)), headers)
            answer = line.getresponse()
            content = answer.read()
    except (OSError, HTTPException) as error:
        return time.monotonic() - begun, f"{filter_text}: {type(error).__name__}"
    is_good = answer.status == 200 and len(content) > 1_000
    return time.monotonic() - begun, None if is_good else f"{filter_text}: {answer.status} {content[:120]!r}"


def _body(dataset_id: str, filter_text: str) -> dict[str, Any]:
    """Return what the page sends when a mark is clicked."""
    return {
        "output": "filter-answer.data",
        "outputs": {"id": "filter-answer", "property": "data"},
        "inputs": [{"id": "filter-now", "property": "data", "value": filter_text}],
        "changedPropIds": ["filter-now.data"],
        "state": [{"id": "overview-shown", "property": "data", "value": {"dataset": dataset_id, "run": None}}],
    }


class Busy:
    """Sends files and starts runs while the block goes on."""

    def __init__(self, program: Outside, dataset_id: str, log: bytes) -> None:
        self._program, self._dataset_id, self._log = program, dataset_id, log
        self._is_over = Event()
        self._threads = [Thread(target=each, daemon=True) for each in (self._send, self._run)]

    def __enter__(self) -> Busy:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def _send(self) -> None:
        for number in count():
            if self._is_over.is_set():
                return
            bring_in(self._program, self._log + b"new%d,1,2025-01-01,5,X,30,Y,card\n" % number, f"again {number}.csv")

    def _run(self) -> None:
        for seed in count():
            if self._is_over.is_set():
                return
            order = json.dumps({"dataset_id": self._dataset_id, "recipe": {"n_clusters": 4, "seed": seed}}).encode()
            job = self._program.ask("POST", "/runs", order, **{"Content-Type": "application/json"}).json
            finished(self._program, job["job_id"])
