"""What tests of the HTTP interface ask for again and again."""

from __future__ import annotations

import time
from typing import Any

from flask.testing import FlaskClient

V1 = "/api/v1"


def send(client: FlaskClient, content: str | bytes, name: str = "shop.csv", status: int = 201, wait: str = "") -> dict[str, Any]:
    answer = client.post(f"{V1}/uploads{wait}", data=content, headers={"X-Filename": name})
    assert answer.status_code == status, answer.text
    return answer.json


def done(client: FlaskClient, job_id: str) -> dict[str, Any]:
    give_up = time.monotonic() + 60
    while True:
        job = client.get(f"{V1}/jobs/{job_id}").json
        if job["state"] in ("done", "failed", "cancelled"):
            assert job["state"] == "done", job["error"]
            return job["result"]
        assert time.monotonic() < give_up, "waited in vain"
        time.sleep(0.05)


def import_file(client: FlaskClient, content: str, **order: Any) -> str:
    upload = send(client, content)
    answer = client.post(f"{V1}/datasets", json={"upload_id": upload["upload_id"], **order})
    assert answer.status_code == 202, answer.text
    return done(client, answer.json["job_id"])["dataset_id"]


def segment(client: FlaskClient, dataset_id: str, **recipe: Any) -> str:
    answer = client.post(f"{V1}/runs", json={"dataset_id": dataset_id, "recipe": recipe})
    assert answer.status_code == 202, answer.text
    return done(client, answer.json["job_id"])["run_id"]


def error_of(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/json"
    assert set(answer.json) == {"error"}
    assert set(answer.json["error"]) == {"code", "title", "detail", "fix", "reference"}
    return answer.json["error"]
