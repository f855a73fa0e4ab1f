"""B5 and B6: what a large file costs, and that nothing is left of one that is too large."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection

from tests.bars import sending
from tests.bars.programs import Outside
from tests.bars.watching import MB, Watch
from tests.browser.serving import Service
from tests.dashboard.making import small_log

_LONGEST_S = 60


def send_200_mb(service: Service) -> tuple[int, int]:
    """Send a log of 200 MB and look at it; returns by how many bytes the web process grew, and the most that the reader took."""
    Outside(service.url).ask("POST", "/uploads", small_log().encode())
    size = sum(map(len, _lines()))
    with Watch(service) as watch, closing(HTTPConnection("127.0.0.1", service.port, timeout=300)) as line:
        line.request("POST", "/api/v1/uploads?wait=200", _lines(), {"Content-Length": str(size), "X-Filename": "large.csv"})
        answer = line.getresponse()
        told = json.loads(answer.read())
    if answer.status != 201 or told.get("rows") is None:
        raise AssertionError(f"a log of 200 MB was not read: {told}")
    Outside(service.url).ask("DELETE", f"/uploads/{told['upload_id']}")
    return watch.web_grew, watch.reader_peak


def _lines() -> Iterator[bytes]:
    for year in range(130):
        yield (
            b"".join(
                b"c%06d,%d-%02d-%02d,%d.50,p%d\n" % (n * 7 % 90_000, 2000 + year % 24, n % 12 + 1, n % 27 + 1, n % 97 + 1, n % 50)
                for n in range(60_000)
            )
            if year
            else b"Customer,Date,Amount,Product\n"
        )


def find_unrefused(service: Service) -> list[str]:
    """Send what is too large, in three ways, and return what is not as it should be."""
    problems = []
    for name, answer in (("declared", sending.send_declared(service.url, 2 << 30)), ("in pieces", sending.send_chunked(service.url, 2048))):
        if b" 413 " not in answer[:20] or b'"fix":' not in answer:
            problems.append(f"too large, {name}: {answer[:200]!r}")
    sending.send_short(service.url, 9 * MB, 2 * MB)
    give_up = time.monotonic() + _LONGEST_S
    while left := [name for name in _kept(service) if name == "large.csv"]:
        if time.monotonic() > give_up:
            return [*problems, f"{len(left)} files are left in the store"]
        time.sleep(0.2)
    return problems


def _kept(service: Service) -> list[str]:
    with closing(sqlite3.connect(service.data_dir / "clientele.sqlite")) as store:
        return [name for (name,) in store.execute("SELECT name FROM files JOIN file_chunks ON file_id = id")]
