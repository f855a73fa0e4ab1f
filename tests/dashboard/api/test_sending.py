"""Sending a file by program: read otherwise, refused, broken off, too large."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from database.engine import read
from database.tables import file_chunks, files, uploads
from tests.dashboard.api.asking import V1, error_of, send
from tests.dashboard.making import small_list

LINES = "Customer,Date,Amount\n" + "".join(f"c{n % 7},0{n % 9 + 1}/0{n % 8 + 1}/2024,{n}\n" for n in range(40))


def left_over(app: Flask) -> list[int]:
    with read(app.extensions["clientele"].engine) as conn:
        return [conn.execute(select(func.count()).select_from(table)).scalar_one() for table in (files, file_chunks, uploads)]


def chunked(client: FlaskClient, body: Any) -> Any:
    """Send without saying how long it is, as a server hands it on."""
    environ = {"wsgi.input": body, "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    return client.post(f"{V1}/uploads", environ_overrides=environ, headers={"X-Filename": "x.csv"})


def test_what_is_decided_changes_what_is_seen(client: FlaskClient) -> None:
    upload = send(client, LINES)
    where = f"{V1}/uploads/{upload['upload_id']}"
    assert (upload["dialect"]["date_order"], upload["columns"][1]["is_sure"]) == ("dmy", False)
    month_first = client.patch(where, json={"dialect": {"date_order": "mdy"}, "roles": {"customer": "Customer"}})
    assert month_first.status_code == 200, month_first.text
    assert (month_first.json["dialect"]["date_order"], month_first.json["columns"][1]["is_sure"]) == ("mdy", True)
    semicolons = client.patch(where, json={"dialect": {"delimiter": ";"}})
    assert error_of(semicolons, 400)["code"] == "wrong_delimiter"
    kept = client.get(where).json
    assert (kept["state"], kept["error"]["code"], kept["columns"]) == ("failed", "wrong_delimiter", [])
    assert kept["choices"] == {"roles": {"customer": "Customer"}, "date_order": "mdy", "read": {"delimiter": ";"}}
    back = client.patch(where, json={"dialect": {"delimiter": None}, "roles": None})
    assert back.json["choices"] == {"date_order": "mdy"}
    assert error_of(client.patch(where, json={"sheet": "Two"}), 400)["code"] == "no_such_sheet"
    assert client.delete(where).status_code == 204
    for method in ("GET", "DELETE"):
        assert error_of(client.open(where, method=method), 404)["code"] == "no_such_upload"
    assert error_of(client.patch(where, json={}), 404)["code"] == "no_such_upload"


def test_without_waiting_only_the_ids_come_back(local: FlaskClient) -> None:
    ticket = send(local, small_list(), wait="?wait=0")
    assert set(ticket) == {"upload_id", "job_id"}
    known = local.get(f"{V1}/uploads/{ticket['upload_id']}").json
    assert (known["state"], known["job_id"], known["kind"], known["error"]) == ("queued", ticket["job_id"], None, None)
    changed = local.patch(f"{V1}/uploads/{ticket['upload_id']}?wait=0", json={"customer": "row"})
    assert changed.status_code == 202
    job = local.get(f"{V1}/jobs/{changed.json['job_id']}").json
    assert (job["kind"], job["state"], job["progress"], job["result"]) == ("inspection", "queued", 0.0, None)
    cancelled = local.delete(f"{V1}/jobs/{job['job_id']}").json
    assert (cancelled["state"], cancelled["cancel_requested"]) == ("cancelled", True)
    slow = send(local, small_list(), wait="?wait=0.01")
    assert set(slow) == {"upload_id", "job_id"}


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "empty_file"), (b"%PDF-1.7", "not_a_table"), (b"PK\x03\x04" + b"x" * 5000, "damaged_workbook")],
)
def test_a_file_that_cannot_be_read_is_told_and_not_kept(client: FlaskClient, app: Flask, content: bytes, code: str) -> None:
    answer = client.post(f"{V1}/uploads", data=content, headers={"X-Filename": "bad.xlsx"})
    assert error_of(answer, 400)["code"] == code
    assert left_over(app) == [0, 0, 0]


def test_a_file_without_customers_can_be_looked_at_and_is_refused_at_the_import(client: FlaskClient) -> None:
    upload = send(client, "Weather,Wind\n" + "".join(f"sun,{i}\n" for i in range(50)))
    assert (upload["kind"], upload["error"]["code"], upload["outcome"]) == (None, "no_customer_column", None)
    assert [column["header"] for column in upload["columns"]] == ["Weather", "Wind"]


def test_too_large_by_its_own_word_is_refused_before_a_byte_is_read(local: FlaskClient, local_app: Flask) -> None:
    class Untouchable:
        def read(self, _: int = -1) -> bytes:
            raise AssertionError("a byte was read")

    environ = {"wsgi.input": Untouchable(), "CONTENT_LENGTH": str(2 << 30)}
    answer = local.post(f"{V1}/uploads", environ_overrides=environ)
    assert error_of(answer, 413)["code"] == "file_too_large"
    assert left_over(local_app) == [0, 0, 0]


def test_too_large_without_a_word_is_counted_while_it_comes(local: FlaskClient, local_app: Flask) -> None:
    class Endless:
        given = 0

        def read(self, size: int = -1) -> bytes:
            self.given += size
            return b"a" * size

    body = Endless()
    answer = chunked(local, body)
    assert error_of(answer, 413)["code"] == "file_too_large"
    assert body.given <= 4 << 20
    assert left_over(local_app) == [0, 0, 0]


def test_broken_off_leaves_nothing(local: FlaskClient, local_app: Flask) -> None:
    class Broken:
        at = 0

        def read(self, size: int = -1) -> bytes:
            self.at += 1
            if self.at > 1:
                raise ConnectionResetError
            return b"a" * min(size, 1 << 20)

    assert error_of(chunked(local, Broken()), 400)["code"] == "broken_off"
    short = {"wsgi.input": io.BytesIO(b"a,b\n1,2\n"), "wsgi.input_terminated": True, "CONTENT_LENGTH": "100"}
    assert error_of(local.post(f"{V1}/uploads", environ_overrides=short), 400)["code"] == "broken_off"
    assert left_over(local_app) == [0, 0, 0]


def test_only_an_upload_may_be_large(local: FlaskClient) -> None:
    assert error_of(local.post(f"{V1}/runs", data=b" " * ((1 << 20) + 1)), 413)["code"] == "file_too_large"
    error_of(chunked_to(local, f"{V1}/runs", io.BytesIO(b" " * (2 << 20))), 413)


def chunked_to(client: FlaskClient, path: str, body: Any) -> Any:
    return client.post(path, environ_overrides={"wsgi.input": body, "wsgi.input_terminated": True})


def test_names_arrive_however_they_are_written(local: FlaskClient) -> None:
    for name, wanted in (
        ("plain.csv", "plain.csv"),
        ("K%C3%A4ufer.csv", "Käufer.csv"),
        ("Käufer.csv".encode().decode("latin-1"), "Käufer.csv"),
        ("..%2F..%2Fetc%2Fpasswd", "passwd"),
        ("%00%0d%0aX: y.csv", "___X_ y.csv"),
    ):
        ticket = send(local, small_list(), name, wait="?wait=0")
        assert local.get(f"{V1}/uploads/{ticket['upload_id']}").json["name"] == wanted
    unnamed = local.post(f"{V1}/uploads?wait=0", data=small_list())
    assert local.get(f"{V1}/uploads/{unnamed.json['upload_id']}").json["name"] == "upload"


def test_a_file_that_was_sent_is_not_given_back_as_an_export(local: FlaskClient) -> None:
    ticket = send(local, small_list(), wait="?wait=0")
    assert error_of(local.get(f"{V1}/files/{ticket['upload_id']}"), 404)["code"] == "no_such_file"
