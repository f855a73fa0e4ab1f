"""Files that hold next to nothing to segment (bar B21), each with the options it is segmented with."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class DegenerateFile:
    """A file as text, options of ``segment``, and whether segments are to be expected."""

    text: str
    options: tuple[str, ...] = ()
    is_segmented: bool = True


def _log(lines: Iterable[tuple[object, ...]]) -> str:
    return "customer,order,date,amount\n" + "".join(",".join(str(cell) for cell in line) + "\n" for line in lines)


def _list(header: str, row: Callable[[int], str], n: int) -> str:
    return f"customer_id,{header}\n" + "".join(f"C{place:03},{row(place)}\n" for place in range(n))


def _day(place: int) -> str:
    return f"2024-{1 + place % 12:02}-{1 + place % 28:02}"


DEGENERATE_FILES: dict[str, DegenerateFile] = {
    "one customer": DegenerateFile(_log(("A", place, _day(place), 10 + place) for place in range(20)), is_segmented=False),
    "identical customers": DegenerateFile(_log((f"C{place}", place, "2024-05-01", 10) for place in range(50)), is_segmented=False),
    "constant columns": DegenerateFile(_list("age,income", lambda _: "40,50000", 60), is_segmented=False),
    "all values missing": DegenerateFile(_list("age,income", lambda _: ",", 40), is_segmented=False),
    "not a number": DegenerateFile(_list("age,income", lambda _: "NaN,NaN", 40), is_segmented=False),
    "infinite values": DegenerateFile(_list("age,income", lambda place: f"{20 + place},{'inf' if place % 2 else 30_000 + place}", 60)),
    "more segments than different customers": DegenerateFile(
        _list("age,income", lambda place: f"{20 + place % 3},{1000 * (place % 3)}", 60), ("--k", "8"), is_segmented=False
    ),
    "no transactions": DegenerateFile("customer,order,date,amount\n", is_segmented=False),
    "two customers": DegenerateFile(_log([("A", 1, "2024-01-01", 10), ("A", 2, "2024-02-01", 20), ("B", 3, "2024-03-01", 500)])),
    "one feature with two values": DegenerateFile(_list("age", lambda place: str(20 + 30 * (place % 2)), 60), ("--features", "age")),
    "one huge outlier": DegenerateFile(
        _list("age,income", lambda place: f"{20 + place},{1e15 if place == 7 else 30_000 + 100 * place:.0f}", 60)
    ),
    "nothing spent": DegenerateFile(_log((f"C{place % 30}", place, _day(place), 0) for place in range(90))),
    "refunds only": DegenerateFile(_log((f"C{place % 30}", place, _day(place), -5) for place in range(90)), is_segmented=False),
    "twelve customers": DegenerateFile(_log((f"C{place % 12}", place, _day(place), 10 + place**2) for place in range(40))),
}


def fault_of(file: DegenerateFile, status: int, told: str, segments: Iterable[tuple[str, int]], labelled: Counter[str]) -> str:
    """Return what is wrong with how a file was taken, or nothing.

    ``told`` is standard error, ``segments`` the names and sizes that the report shows, ``labelled`` the customers by segment in the file.
    """
    if "Traceback" in told:
        return "a traceback"
    if status != (0 if file.is_segmented else 2):
        return f"status {status}"
    if not file.is_segmented:
        return "" if told.strip().endswith((".", ".)")) else "no reason"
    shown = dict(segments)
    if not shown or min(shown.values()) == 0:
        return "an empty segment is shown"
    found = {name: count for name, count in labelled.items() if not name.startswith("Not segmented")}
    return "" if found == shown else f"segments shown {shown}, customers labelled {found}"


def take(file: DegenerateFile, folder: Path) -> str:
    """Segment a file by the command line, in a folder of its own; return what is wrong, or nothing."""
    source = folder / "degenerate.csv"
    source.write_text(file.text, encoding="utf-8")
    outputs = ("--out", "labelled.csv", "--report", "report.json")
    done = subprocess.run(
        [sys.executable, "-m", "dashboard", "segment", source.name, *outputs, *file.options],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if done.returncode != 0:
        return fault_of(file, done.returncode, done.stderr, (), Counter())
    run = json.loads((folder / "report.json").read_text(encoding="utf-8"))["run"]
    with (folder / "labelled.csv").open(encoding="utf-8", newline="") as lines:
        labelled = Counter(line["segment"] for line in csv.DictReader(lines))
    fault = fault_of(file, 0, done.stderr, [(segment["name"], segment["size"]) for segment in run["segments"]], labelled)
    return fault or ("" if run["k_reason"] and run["structure"]["verdict"] else "no reason")
