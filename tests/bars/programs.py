"""Two programs that talk to the service: one to the application in this process, one to a server over HTTP."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from typing import Any, NamedTuple, Protocol

from flask.testing import FlaskClient

V1 = "/api/v1"
_LONGEST_JOB_S = 120


class Answer(NamedTuple):
    """What came back."""

    status: int
    content: bytes

    @property
    def json(self) -> Any:
        """The content as JSON."""
        return json.loads(self.content)


class Program(Protocol):
    """Somebody who asks."""

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """Ask for a path below /api/v1."""


class Inside:
    """Asks the application in this process."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        answer = self._client.open(V1 + path, method=method, data=body, headers=headers)
        return Answer(answer.status_code, answer.data)


class Outside:
    """Asks a server."""

    def __init__(self, url: str) -> None:
        self._url = url

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        request = urllib.request.Request(self._url + V1 + path, body, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=_LONGEST_JOB_S) as answer:
                return Answer(answer.status, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.read())


def finished(program: Program, job_id: str) -> dict[str, Any]:
    """Wait for the end of a job."""
    give_up = time.monotonic() + _LONGEST_JOB_S
    while time.monotonic() < give_up:
        job = program.ask("GET", f"/jobs/{job_id}").json
        if job["state"] in ("done", "failed", "cancelled"):
            return job
        time.sleep(0.1)
    raise AssertionError(f"job {job_id} did not come to an end")
