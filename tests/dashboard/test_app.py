"""The application from outside: which addresses there are, and what is said of those that are not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.app import PAGES, create_app, read_query
from tests.dashboard.making import settings_for


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    made = create_app(settings_for(tmp_path_factory.mktemp("app") / "var"))
    yield made
    made.extensions["clientele"].close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.TITLE)
def test_pages_are_there(page: object, client: FlaskClient) -> None:
    answer = client.get(page.PATH)  # type: ignore[attr-defined]
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert '<html lang="en">' in answer.text


@pytest.mark.parametrize(
    "path", ["/nonsense", "/data/", "/data/x", "/Data", "/help.html", "/%00", "/..%2f..%2fetc/passwd", "/.env", "/segments;x"]
)
def test_where_no_page_is_a_person_gets_the_frame_and_a_program_404(path: str, client: FlaskClient) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (404, "text/html")


@pytest.mark.parametrize(
    "path",
    ["/api/v1/nonsense", "/api/v2", "/assets/nonsense.js", "/assets/../pyproject.toml", "/assets/", "/library/js/bootstrap.js", "/library/",
     "/_dash-nonsense", "/_dash-update-component", "/_dash-component-suites/nonsense/x.js", "/_dash-component-suites/dash/nonsense.js",
     "/_dash-component-suites/dash/../../secret"],
)  # fmt: skip
def test_where_programs_ask_404_is_json(path: str, client: FlaskClient) -> None:
    answer = client.get(path)
    assert (answer.status_code in {404, 405}, answer.mimetype) == (True, "application/json")
    assert set(json.loads(answer.text)["error"]) == {"code", "title", "detail", "fix", "reference"}
    assert not re.search(r"Traceback|site-packages|registered|\.py\b", answer.text)


@pytest.mark.parametrize(("path", "text"), [("//evil.example/x", ""), ("/data?next=https://evil.example", "")])
def test_nobody_is_sent_elsewhere(path: str, text: str, client: FlaskClient) -> None:
    assert "evil.example" not in client.get(path).headers.get("Location", "")


def test_files_beside_the_pages_are_not_served(client: FlaskClient) -> None:
    for name in ("10-clientele.css.py", "fonts/", "fonts/../../README.md"):
        assert client.get(f"/assets/{name}").status_code == 404, name
    for name in ("10-clientele.css", "fonts/inter-latin-wght-normal.woff2", "topojson/world_110m.json"):
        answer = client.get(f"/assets/{name}")
        answer.close()
        assert answer.status_code == 200, name


def test_readiness_says_what_is_missing(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()) == (503, {"status": "not ready", "database": True, "disk": True, "worker": False})


@pytest.mark.parametrize(
    ("search", "query"),
    [
        (None, {}),
        ("", {}),
        ("?", {}),
        ("?dataset=a&run=b", {"dataset": "a", "run": "b"}),
        ("?dataset=a&dataset=b", {"dataset": "b"}),
        ("?dataset=" + "a" * 201, {}),
        ("?name=K%C3%B6ln+1", {"name": "Köln 1"}),
        ("?" + "a=1&" * 4_000, {}),
    ],
)
def test_what_stands_behind_the_question_mark(search: str | None, query: dict[str, str]) -> None:
    assert read_query(search) == query


def test_more_names_than_any_page_has_are_no_mistake_of_ours(client: FlaskClient) -> None:
    body = {
        "output": "..page.children...nav-links.children..",
        "outputs": [{"id": "page", "property": "children"}, {"id": "nav-links", "property": "children"}],
        "inputs": [
            {"id": "url", "property": "pathname", "value": "/"},
            {"id": "url", "property": "search", "value": "?" + "&".join(f"a{number}=1" for number in range(99))},
        ],
        "changedPropIds": ["url.search"],
    }
    answer = client.post("/_dash-update-component", json=body)
    assert answer.status_code == 200
    assert "Something went wrong" not in answer.text


def test_importing_the_module_does_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib

    import dashboard.app

    monkeypatch.chdir(tmp_path)
    importlib.reload(dashboard.app)
    assert not list(tmp_path.iterdir())
