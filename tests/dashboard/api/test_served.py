"""Sending files to the real server: what only sockets and processes show."""

from __future__ import annotations

import http.client
import json
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.browser.serving import Service, wait_for
from tests.dashboard.making import small_log

MB = 1 << 20
MOST_MORE_MB = 64


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service without data that takes up to 220 MB."""
    settings = {"WEB_CONCURRENCY": "1", "CLIENTELE_MAX_UPLOAD_MB": "220"}
    with Service(tmp_path_factory.mktemp("served"), demo=False, **settings) as served:
        yield served


def ask(service: Service, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", service.port, timeout=120)) as connection:
        connection.request(method, f"/api/v1{path}", body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()


def kept(service: Service) -> list[str]:
    """Name the files in the store, whole or not."""
    with closing(sqlite3.connect(service.data_dir / "clientele.sqlite")) as store:
        return [name for (name,) in store.execute("SELECT name FROM files")]


def lines(megabytes: int) -> Iterator[bytes]:
    piece = b"".join(b"c%06d,2024-01-01,%d\n" % (number, number % 97) for number in range(50_000))
    sent = 0
    while sent < megabytes * MB:
        yield piece
        sent += len(piece)


@pytest.mark.slow
def test_a_large_file_costs_the_web_process_little_memory(service: Service) -> None:
    web = max(service.processes("gunicorn"), key=lambda process: process.memory_info().rss)
    status, answer = ask(service, "POST", "/uploads", small_log().encode())
    assert status == 201, answer
    before = peak(web.pid)
    size = sum(len(piece) for piece in lines(200))
    status, answer = ask(service, "POST", "/uploads?wait=0", lines(200), **{"Content-Length": str(size), "X-Filename": "large.csv"})
    assert status == 201, answer
    assert peak(web.pid) - before < MOST_MORE_MB * MB
    upload = json.loads(answer)["upload_id"]
    assert json.loads(ask(service, "GET", f"/uploads/{upload}")[1])["size"] == size
    assert ask(service, "DELETE", f"/uploads/{upload}")[0] == 204


def peak(pid: int) -> int:
    """Return the most memory that a process ever had, in bytes."""
    (line,) = [line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024


def raw(service: Service, head: str, body: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", service.port), timeout=60)
    connection.sendall(f"POST /api/v1/uploads HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Filename: lost.csv\r\n{head}\r\n\r\n".encode() + body)
    return connection


@pytest.mark.slow
def test_two_gigabytes_by_its_own_word_are_refused_at_once(service: Service) -> None:
    with closing(raw(service, f"Content-Length: {2 << 30}", b"a,b\n")) as connection:
        answer = connection.recv(65_536)
        assert answer.startswith(b"HTTP/1.1 413")
    assert "lost.csv" not in kept(service)


@pytest.mark.slow
@pytest.mark.parametrize(("head", "body"), [("Content-Length: 9000000", b""), ("Transfer-Encoding: chunked", b"100000\r\n")])
def test_a_sender_that_goes_leaves_nothing(service: Service, head: str, body: bytes) -> None:
    connection = raw(service, head, body + b"a" * MB + (b"\r\n100000\r\n" if body else b""))
    wait_for(lambda: "lost.csv" in kept(service), why="the upload did not begin")
    connection.close()
    wait_for(lambda: "lost.csv" not in kept(service), why="the upload was kept")
