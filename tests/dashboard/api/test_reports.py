"""A report over HTTP: asked for, waited for, fetched, and the same one again."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pptx import Presentation

from dashboard.auth.permissions import Actor
from dashboard.context import Context
from dashboard.workflows.jobs import QUICK
from database.engine import read
from database.jobs import list_jobs
from tests.dashboard.api.asking import V1, done, error_of, import_file, segment
from tests.dashboard.api.conftest import working
from tests.dashboard.making import small_log


def ask(client: FlaskClient, run_id: str, kind: str) -> str:
    answer = client.post(f"{V1}/runs/{run_id}/report", json={"format": kind})
    assert answer.status_code == 202, answer.text
    return str(answer.json["job_id"])


def test_slides_and_page_of_a_run_can_be_fetched(client: FlaskClient) -> None:
    run_id = segment(client, import_file(client, small_log()), n_clusters=3)
    segments = client.get(f"{V1}/runs/{run_id}/segments").json["segments"]
    job_id = ask(client, run_id, "pptx")
    result = done(client, job_id)
    answer = client.get(f"{V1}/reports/{job_id}")
    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    assert answer.headers["Content-Disposition"].startswith("attachment; ") and result["name"].endswith(" - report.pptx")
    assert len(answer.data) == result["size"] and result["numbers"] > 20
    titles = [slide.shapes.title.text for slide in Presentation(io.BytesIO(answer.data)).slides]
    assert [title for title in titles if title in {each["name"] for each in segments}] == [each["name"] for each in segments]
    job_id = ask(client, run_id, "html")
    result = done(client, job_id)
    answer = client.get(f"{V1}/reports/{job_id}")
    assert answer.content_type == "text/html; charset=utf-8" and answer.headers["Content-Disposition"].startswith("attachment; ")
    assert all(each["name"] in answer.text for each in segments)


def test_the_same_report_is_made_once_until_something_is_renamed(client: FlaskClient) -> None:
    run_id = segment(client, import_file(client, small_log()), n_clusters=2)
    first = ask(client, run_id, "html")
    done(client, first)
    assert ask(client, run_id, "html") == first
    changed = client.patch(f"{V1}/runs/{run_id}/segments/1", json={"name": "<b>Regulars</b>"})
    assert changed.status_code == 200
    again = ask(client, run_id, "html")
    assert again != first
    page = client.get(f"{V1}/files/{done(client, again)['file_id']}").text
    assert "&lt;b&gt;Regulars&lt;/b&gt;" in page and "<b>Regulars" not in page


def test_who_may_see_the_pages_may_have_their_report_and_nobody_s_file(local_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    context, client = local_app.extensions["clientele"], local_app.test_client()
    with working(context):
        _compare_rights(context, client, monkeypatch)


def _compare_rights(context: Context, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = segment(client, import_file(client, small_log()), n_clusters=2)
    customers = client.get(f"{V1}/runs/{run_id}/customers.csv")
    assert customers.status_code == 200
    monkeypatch.setattr("dashboard.auth.guard.OWNER", Actor("v", "viewer"))
    job_id = ask(client, run_id, "html")
    file_id = done(client, job_id)["file_id"]
    assert client.get(f"{V1}/reports/{job_id}").status_code == 200
    assert client.get(f"{V1}/files/{file_id}").status_code == 403
    assert client.get(f"{V1}/runs/{run_id}/customers.csv").status_code == 403
    with read(context.engine) as conn:
        others = [job for job in list_jobs(conn, kinds=("import", "segmentation", "export")) if job.result]
    assert others
    assert {error_of(client.get(f"{V1}/reports/{job.id}"), 404)["code"] for job in others} == {"no_such_report"}


def test_what_cannot_be_is_refused(local: FlaskClient) -> None:
    assert error_of(local.post(f"{V1}/runs/{'0' * 16}/report", json={"format": "pptx"}), 404)["code"] == "no_such_run"
    assert error_of(local.post(f"{V1}/runs/{'0' * 16}/report", json={"format": "pdf"}), 400)["code"] == "bad_request"


def test_nobody_waits_behind_long_work() -> None:
    assert "report" in QUICK
