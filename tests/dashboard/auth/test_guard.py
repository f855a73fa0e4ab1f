"""What every request passes: who is addressed, who sends it, how large it is, and what every answer carries."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from flask import Flask

from dashboard.app import create_app
from dashboard.auth.guard import LARGEST_BODY, UPLOADS
from segmentation.errors import ForbiddenError
from tests.dashboard.auth.conftest import Ask, address
from tests.dashboard.making import settings_for

CALLBACKS = "/_dash-update-component"
SAFE = {"GET", "HEAD", "OPTIONS"}


def code(text: str) -> str:
    """The code of an error, which must have the form that all errors have."""
    error = json.loads(text)["error"]
    assert set(error) == {"code", "title", "detail", "fix", "reference"}
    assert error["title"]
    return error["code"]


def changing(app: Flask) -> list[tuple[str, str]]:
    """Every route that changes something, with an address that fits it."""
    return [(method, address(rule.rule)) for rule in app.url_map.iter_rules() for method in sorted((rule.methods or set()) - SAFE)]


# Who is addressed: a stranger's page can point a name of its own at this machine (DNS rebinding).


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:8050", "localhost", "localhost:8050", "LOCALHOST:1", "[::1]", "[::1]:8050", "127.9.9.9", "127.0.0.1:1"]
)
def test_names_of_this_machine_are_ours(host: str, ask: Ask) -> None:
    assert ask("GET", "/healthz", {"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8050", "127.0.0.1.evil.example", "localhost.evil.example", "evil.example@127.0.0.1",
     "127.0.0.1@evil.example", "0.0.0.0", "192.168.1.9:8050", "[::]:8050", "[::ffff:192.168.1.9]", "2130706433", "0x7f000001",
     "localhost.", "[", "[::1", "a b", "é", "127.0.0.1:x", "127.0.0.1:99999", ""],
)  # fmt: skip
@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("GET", "/healthz"), ("GET", "/assets/theme.js"), ("POST", CALLBACKS)])
def test_other_names_are_refused(host: str, method: str, path: str, ask: Ask) -> None:
    answer = ask(method, path, {"Host": host})
    assert (answer.status_code, code(answer.text)) == (400, "wrong_host")


def test_the_outside_address_is_ours_too(tmp_path: Path) -> None:
    settings = settings_for(tmp_path / "var").model_copy(update={"public_url": "https://crm.example.org/clientele"})
    client = create_app(settings).test_client()
    assert client.get("/healthz", headers={"Host": "crm.example.org"}).status_code == 200
    assert client.get("/healthz", headers={"Host": "example.org"}).status_code == 400


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.9", "example.org"])
def test_an_address_that_others_reach_is_refused(host: str, tmp_path: Path) -> None:
    settings = settings_for(tmp_path / "var").model_copy(update={"host": host})
    with pytest.raises(ForbiddenError, match="login"):
        create_app(settings)
    assert not settings.data_dir.exists()


# Who sends it.


SITES = (None, "same-origin", "same-site", "cross-site", "none", "nonsense")
ORIGINS = (
    None,
    "http://127.0.0.1:8050",
    "http://127.0.0.1:9999",
    "http://localhost:8050",
    "https://evil.example",
    "null",
    "",
    "http://[",
    "é",
)


@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize("site", SITES)
def test_only_our_own_pages_change_anything(site: str | None, origin: str | None, app: Flask, ask: Ask) -> None:
    sent = {name: value for name, value in (("Sec-Fetch-Site", site), ("Origin", origin)) if value is not None}
    ours = site in (None, "same-origin") and origin in (None, "http://127.0.0.1:8050")
    routes = changing(app)
    assert ("POST", CALLBACKS) in routes
    for method, path in routes:
        answer = ask(method, path, sent, data=b"{}", content_type="text/plain", query_string="wait=0" if path == UPLOADS else "")
        refused = answer.status_code == 403 and code(answer.text) == "wrong_origin"
        assert refused is not ours, (method, path, answer.text)


def test_looking_is_open_to_links_from_elsewhere(ask: Ask) -> None:
    assert ask("GET", "/", {"Sec-Fetch-Site": "cross-site"}).status_code == 200


# How large it is.


def test_only_uploads_may_be_large(app: Flask, ask: Ask) -> None:
    for method, path in changing(app):
        if path == UPLOADS and method == "POST":
            continue
        answer = ask(method, path, environ_overrides={"CONTENT_LENGTH": str(LARGEST_BODY + 1)})
        assert (answer.status_code, code(answer.text)) == (413, "file_too_large"), (method, path)


def test_a_declared_giant_is_refused_before_a_byte_is_read(ask: Ask) -> None:
    class Untouched(io.RawIOBase):
        def readinto(self, _: object) -> int:
            raise AssertionError("the body was read")

    for path in (UPLOADS, CALLBACKS, "/api/v1/datasets"):
        answer = ask("POST", path, environ_overrides={"CONTENT_LENGTH": str(2 << 30), "wsgi.input": Untouched()})
        assert (answer.status_code, code(answer.text)) == (413, "file_too_large"), path
        assert "2,147 MB" in answer.text


@pytest.mark.parametrize("path", [CALLBACKS, "/api/v1/datasets", "/api/v1/runs"])
def test_a_body_of_no_declared_size_is_counted(path: str, ask: Ask) -> None:
    taken = 0

    class Endless(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
            nonlocal taken
            taken += len(buffer)
            buffer[:] = b" " * len(buffer)
            return len(buffer)

    endless = {"wsgi.input": Endless(), "wsgi.input_terminated": True, "CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}
    answer = ask("POST", path, content_type="application/json", environ_overrides=endless)
    assert answer.status_code == 413, answer.text
    assert code(answer.text)
    assert taken <= LARGEST_BODY + (1 << 17)


# What every answer carries.


KINDS_OF_ANSWER = (
    ("GET", "/", 200),
    ("GET", "/segments", 200),
    ("GET", "/nonsense", 404),
    ("GET", "/api/v1/nonsense", 404),
    ("GET", "/api/v1/datasets", 200),
    ("GET", "/api/v1/datasets/0123456789abcdef", 404),
    ("GET", "/healthz", 200),
    ("GET", "/_dash-layout", 200),
    ("GET", "/assets/theme.js", 200),
    ("GET", "/library/css/bootstrap.min.css", 200),
    ("GET", "/library/js/nonsense.js", 404),
    ("GET", "//data", 308),
    ("HEAD", "/", 200),
    ("OPTIONS", "/", 200),
    ("POST", "/", 405),
    ("POST", CALLBACKS, 415),
)


@pytest.mark.parametrize(("method", "path", "status"), KINDS_OF_ANSWER)
def test_every_kind_of_answer_carries_the_headers(method: str, path: str, status: int, ask: Ask) -> None:
    answer = ask(method, path)
    assert answer.status_code == status
    headers = answer.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Set-Cookie" not in headers
    assert "Access-Control-Allow-Origin" not in headers
    library = path.startswith(("/assets/", "/library/"))
    assert (headers.get("Cache-Control") == "no-store") is not library


def test_an_error_of_ours_carries_them_too(app: Flask, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise RuntimeError("SELECT secret FROM /srv/data")

    monkeypatch.setitem(app.view_functions, "healthz", fail)
    answer = ask("GET", "/healthz")
    assert (answer.status_code, code(answer.text)) == (500, "internal_error")
    assert not re.search(r"SELECT|/srv|RuntimeError|Traceback|\.py", answer.text)
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_scripts_are_ours_or_known_to_the_letter(ask: Ask) -> None:
    policy = dict(part.strip().partition(" ")[::2] for part in ask("GET", "/").headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert all(re.fullmatch(r"'self'|'sha256-[A-Za-z0-9+/]+=*'", source) for source in policy["script-src"].split())
    for name, sources in policy.items():
        assert not re.search(r"unsafe-eval|\*|https?:", sources), name
        assert "unsafe-inline" not in sources or name == "style-src"
    assert (policy["frame-ancestors"], policy["base-uri"], policy["form-action"]) == ("'none'", "'none'", "'self'")


def test_no_page_holds_a_script_that_the_policy_would_stop(ask: Ask) -> None:
    import base64
    import hashlib

    answer = ask("GET", "/")
    for attributes, script in re.findall(r"<script([^>]*)>(.*?)</script>", answer.text, re.DOTALL):
        if script and "application/json" not in attributes:
            known = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
            assert known in answer.headers["Content-Security-Policy"]
    assert not re.search(r"\son[a-z]+=|javascript:", answer.text)
    assert not re.search(r"(src|href)=\"(https?:)?//", answer.text)
