"""B9: several people send files at the same moment."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.bars.programs import Program, finished


def send_at_once(program: Program, files: Sequence[bytes]) -> list[str]:
    """Send and import all files at the same moment; returns the ids of their datasets in order."""
    together = threading.Barrier(len(files))

    def bring(file: bytes, number: int) -> str:
        together.wait()
        sent = program.ask("POST", "/uploads", file, **{"X-Filename": f"shop {number}.csv"})
        if sent.status != 201:
            raise AssertionError(f"file {number} was not taken: {sent.content!r}")
        upload: dict[str, Any] = sent.json
        asked = program.ask("POST", "/datasets", json.dumps({"upload_id": upload["upload_id"]}).encode())
        job = finished(program, asked.json["job_id"])
        if job["state"] != "done":
            raise AssertionError(f"file {number} was not imported: {job['error']}")
        return str(job["result"]["dataset_id"])

    return _all(bring, files)


def _all(bring: Callable[[bytes, int], str], files: Sequence[bytes]) -> list[str]:
    with ThreadPoolExecutor(len(files)) as pool:
        return list(pool.map(bring, files, range(len(files))))


def check_datasets(program: Program, files: Sequence[bytes], ids: Sequence[str]) -> None:
    """Every file is a dataset, and the same file twice is one."""
    wanted = {file: ids[place] for place, file in enumerate(files)}
    if [wanted[file] for file in files] != list(ids) or len(set(ids)) != len(wanted):
        raise AssertionError(f"{len(wanted)} different files became {len(set(ids))} datasets")
    listed = [each["dataset_id"] for each in program.ask("GET", "/datasets").json["datasets"]]
    if sorted(listed) != sorted(set(ids)):
        raise AssertionError(f"{len(listed)} datasets are listed, {len(set(ids))} were made")
