"""Every route has a permission, every body a shape, every error one form; the document names every route."""

from __future__ import annotations

import re

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from pydantic import BaseModel

from dashboard.api import PERMISSIONS
from dashboard.api.blueprint import all_routes
from dashboard.api.openapi import readable_path
from dashboard.auth.permissions import OWNER, Actor
from tests.dashboard.api.asking import V1, error_of, send
from tests.dashboard.making import small_list

OPEN = {"healthz", "readyz", "library", "_dash_assets.static"}
DASH = {"/_dash-layout", "/_dash-dependencies", "/_dash-update-component", "/_reload-hash", "/_favicon.ico", "/", "/<path:path>"}
"""The frame without any data; what is asked of ``/_dash-update-component`` has its permission in ``callbacks``."""
SUITES = "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>"
ID = "0123456789abcdef"


def test_every_route_takes_a_permission_or_is_on_the_list(local_app: Flask) -> None:
    permissions = local_app.extensions[PERMISSIONS]
    endpoints = {rule.endpoint for rule in local_app.url_map.iter_rules()}
    assert endpoints - set(permissions) == OPEN | DASH | {SUITES}
    assert set(permissions) <= endpoints
    assert set(permissions.values()) <= {"see", "import", "run", "edit", "delete", "export"}


def concrete(path: str) -> str:
    return re.sub(r"<int[^>]*>", "1", re.sub(r"<(\w+)>", ID, path))


@pytest.mark.parametrize("route", all_routes(), ids=lambda route: route.name)
def test_nothing_is_done_for_who_may_not(local_app: Flask, route) -> None:
    denied = {"see": None, "export": Actor("a", "admin"), "import": Actor("v", "viewer", may_export=True)}
    actor = denied.get(route.permission, Actor("v", "viewer", may_export=True))

    @local_app.before_request
    def become() -> None:
        g.actor = actor

    answer = local_app.test_client().open(concrete(route.path), method=route.method, data=b"{}")
    assert error_of(answer, 403)["code"] == "not_allowed"


def test_rows_of_a_file_are_not_seen_by_way_of_its_job(local_app: Flask) -> None:
    who = {"actor": OWNER}

    @local_app.before_request
    def become() -> None:
        g.actor = who["actor"]

    client = local_app.test_client()
    ticket = send(client, small_list(), wait="?wait=0")
    who["actor"] = Actor("v", "viewer")
    error_of(client.get(f"{V1}/jobs/{ticket['job_id']}"), 403)


@pytest.mark.parametrize(
    ("path", "bodies"),
    [
        (
            "runs",
            [
                {"dataset_id": 1},
                {"dataset_id": ID, "recipe": {"n_clusters": "4"}},
                {"dataset_id": ID, "recipe": {"n_clusters": 1}},
                {"dataset_id": ID, "recipe": {"n_clusters": True}},
                {"dataset_id": ID, "recipe": {"method": "magic"}},
                {"dataset_id": ID, "recipe": {"scenario": "no such"}},
                {"dataset_id": ID, "recipe": {"features": "age"}},
                {"dataset_id": ID, "recipe": {"features": ["a\0"]}},
                {"dataset_id": ID, "recipe": {"cap": {"age": 7}}},
                {"dataset_id": ID, "recipe": {"seed": -1}},
                {"dataset_id": ID, "recipe": {"seed": 2**64}},
                {"dataset_id": ID, "recipe": {"colour": "red"}},
                {"dataset_id": ID, "recipe": []},
                {"dataset_id": "\0"},
                {"dataset": ID},
            ],
        ),
        (
            "datasets",
            [
                {},
                {"upload_id": ID, "name": ""},
                {"upload_id": ID, "name": 3},
                {"upload_id": ID, "name": "a\0"},
                {"upload_id": ID, "mapping": {"customer": 3}},
                {"upload_id": ID, "options": {"returns": "keep"}},
                {"upload_id": ID, "append_to": 3},
            ],
        ),
    ],
)
def test_bodies_of_another_shape_are_refused(local: FlaskClient, path: str, bodies: list) -> None:
    for body in [*bodies, [], "text", 3, None]:
        error = error_of(local.post(f"{V1}/{path}", json=body), 400)
        assert error["title"]
    for raw in (b"", b"{", b"\xff\xfe", b'{"dataset_id": "\\ud800"}', b"[" * 100_000, b'{"dataset_id": NaN}'):
        assert error_of(local.post(f"{V1}/{path}", data=raw), 400)["code"] == "bad_request"


def test_a_mistake_is_told_by_its_place_and_not_with_its_value(local: FlaskClient) -> None:
    answer = local.post(f"{V1}/runs", json={"dataset_id": ID, "recipe": {"seed": "swordfish"}})
    error = error_of(answer, 400)
    assert "recipe.seed" in error["detail"]
    assert "swordfish" not in answer.text


@pytest.mark.parametrize("lost", ["zz", "0" * 16, "a%00b", "..", "A" * 16, "x" * 3000, "é"])
@pytest.mark.parametrize(
    "path", ["jobs/{}", "datasets/{}", "uploads/{}", "runs/{}", "runs/{}/segments", "runs/{}/customers.csv", "files/{}"]
)
def test_ids_of_nothing_are_not_found(local: FlaskClient, path: str, lost: str) -> None:
    error_of(local.get(f"{V1}/{path.format(lost)}"), 404)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/", 404),
        ("GET", "/api/v1", 404),
        ("GET", "/api/v1/nothing", 404),
        ("POST", "/api/v2/uploads", 404),
        ("GET", "/api/v1/runs", 405),
        ("PUT", "/api/v1/uploads", 405),
        ("DELETE", "/api/v1/openapi.json", 405),
        ("POST", f"/api/v1/runs/{ID}/segments", 405),
        ("POST", "/api", 405),
    ],
)
def test_addresses_and_methods_that_are_none(local: FlaskClient, method: str, path: str, status: int) -> None:
    answer = local.open(path, method=method)
    error_of(answer, status)
    assert ("Allow" in answer.headers) == (status == 405)


@pytest.mark.parametrize("query", ["wait=-1", "wait=1e9", "wait=x", "wait=nan", "unknown=1"])
def test_an_address_that_does_not_fit_is_refused(local: FlaskClient, query: str) -> None:
    assert error_of(local.post(f"{V1}/uploads?{query}", data=b"a"), 400)["code"] == "bad_request"
    assert error_of(local.get(f"{V1}/datasets?{query}"), 400)["code"] == "bad_request"


def test_a_bug_shows_nothing_but_a_reference(local_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the password is swordfish")

    monkeypatch.setattr("dashboard.api.datasets.store.list_datasets", fail)
    error = error_of(local_app.test_client().get(f"{V1}/datasets"), 500)
    assert error["code"] == "internal_error"
    assert error["reference"] in error["detail"]
    assert "swordfish" not in str(error)


def test_the_document_names_every_route_and_every_shape(local: FlaskClient) -> None:
    document = local.get(f"{V1}/openapi.json").json
    assert document["openapi"].startswith("3.1")
    for route in all_routes():
        told = document["paths"][readable_path(route.path)][route.method.lower()]
        assert told["x-permission"] == route.permission
        assert {str(status) for status in route.answers.values()} <= set(told["responses"])
        assert ("requestBody" in told) == bool(route.model("body") or route.takes)
        named = {each["name"] for each in told["parameters"] if each["in"] == "path"}
        assert named == set(re.findall(r"{(\w+)}", readable_path(route.path)))
    operations = [told["operationId"] for methods in document["paths"].values() for told in methods.values()]
    assert len(operations) == len(set(operations)) == len(all_routes())
    schemas = document["components"]["schemas"]
    references = set(re.findall(r"#/components/schemas/(\w+)", local.get(f"{V1}/openapi.json").text))
    assert references <= set(schemas)
    for route in all_routes():
        assert all(answer.__name__ in schemas for answer in route.answers if isinstance(answer, type) and issubclass(answer, BaseModel))


def test_the_page_shows_every_route_and_runs_nothing_of_its_own(local: FlaskClient) -> None:
    answer = local.get("/api")
    assert answer.mimetype == "text/html"
    for route in all_routes():
        assert f'id="{route.name}"' in answer.text
    assert re.findall(r"<script[^>]*>", answer.text) == ['<script src="/assets/theme.js">']
    for address in re.findall(r'(?:href|src)="([^"]+)"', answer.text):
        with local.get(address) as linked:
            assert linked.status_code == 200, address
