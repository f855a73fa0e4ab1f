"""Who may do what: every route and every callback names it, and no is the answer to everything else."""

from __future__ import annotations

import re
from typing import get_args

import pytest
from dash import Input, Output
from flask import Flask

from dashboard.api import PERMISSIONS
from dashboard.auth.permissions import OWNER, Actor, Permission, allow, require
from segmentation.errors import ForbiddenError
from tests.dashboard.auth.conftest import Ask, address

EVERY = get_args(Permission)
OPEN = {
    "healthz", "readyz", "library", "_dash_assets.static", "/", "/<path:path>", "/_dash-layout", "/_dash-dependencies", "/_reload-hash",
    "/_favicon.ico", "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>",
}  # fmt: skip
"""What shows no data: whether the service lives, libraries, and the empty frame."""
ASKS_BY_ITSELF = {"/_dash-update-component"}
"""It only hands on to a callback, which asks."""


def undeclared_routes(app: Flask) -> set[str]:
    declared = app.extensions[PERMISSIONS].keys() | OPEN | ASKS_BY_ITSELF
    return {rule.endpoint for rule in app.url_map.iter_rules()} - declared


def undeclared_callbacks(app: Flask) -> set[str]:
    """Callbacks that run here and not in the browser, and name no permission."""
    callbacks = app.extensions["clientele-callbacks"]
    here = {output for output, facts in callbacks._app.callback_map.items() if "callback" in facts}
    return here - callbacks.permissions.keys()


def test_every_route_names_its_permission(app: Flask) -> None:
    assert not undeclared_routes(app)
    assert set(app.extensions[PERMISSIONS].values()) <= set(EVERY)


def test_every_callback_names_its_permission(app: Flask) -> None:
    callbacks = app.extensions["clientele-callbacks"]
    assert not undeclared_callbacks(app)
    assert callbacks.permissions
    assert set(callbacks.permissions.values()) <= set(EVERY)


def test_what_is_not_declared_is_seen(app: Flask) -> None:
    from dashboard.app import create_app

    planted = create_app(app.extensions["clientele"].settings)
    planted.add_url_rule("/planted", "planted", lambda: "")
    dash = planted.extensions["clientele-callbacks"]._app
    dash.callback(Output("planted", "children"), Input("url", "pathname"))(lambda _: "")
    assert undeclared_routes(planted) == {"planted"}
    assert undeclared_callbacks(planted) == {"planted.children"}
    planted.extensions["clientele"].close()


def test_what_needs_no_permission_shows_nothing(ask: Ask) -> None:
    pages = {re.sub(r'"end_id":"[^"]*"', "", ask("GET", path).text) for path in ("/", "/segments", "/data?dataset=0123456789abcdef")}
    assert len(pages) == 1
    assert "dataset" not in ask("GET", "/_dash-layout").text


MAY = {
    "viewer": {"see"},
    "analyst": {"see", "import", "run", "edit", "delete"},
    "admin": {"see", "import", "run", "edit", "delete"},
}


@pytest.mark.parametrize("may_export", [False, True])
@pytest.mark.parametrize("role", MAY)
def test_roles(role: str, may_export: bool) -> None:
    actor = Actor("somebody", role, may_export)  # type: ignore[arg-type]
    assert {each for each in EVERY if allow(actor, each)} == MAY[role] | ({"export"} if may_export else set())


def test_no_is_the_answer_to_everything_else() -> None:
    assert not any(allow(None, each) for each in EVERY)
    assert not allow(OWNER, "fly")
    assert not allow(OWNER, "")
    assert not allow(Actor("somebody", "stranger"), "see")  # type: ignore[arg-type]
    with pytest.raises(ForbiddenError, match="download personal data"):
        require(Actor("somebody", "admin"), "export")
    require(OWNER, "export")


ACTORS = {
    "nobody": None,
    "viewer": Actor("v", "viewer"),
    "viewer who exports": Actor("e", "viewer", may_export=True),
    "analyst": Actor("a", "analyst"),
    "admin": Actor("o", "admin"),
}


@pytest.mark.parametrize("name", ACTORS)
def test_routes_ask(name: str, app: Flask, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every route of the interface, called as every role: refused exactly where the role may not."""
    actor = ACTORS[name]
    monkeypatch.setattr("dashboard.auth.guard.OWNER", actor)
    surprises = []
    for rule in app.url_map.iter_rules():
        permission = app.extensions[PERMISSIONS].get(rule.endpoint)
        if permission is None or rule.endpoint == "api.nothing":
            continue
        path = address(rule.rule)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            answer = ask(method, path, data=b"{}", content_type="application/json", query_string="wait=0" if "upload" in path else "")
            refused = answer.status_code == 403
            if refused is allow(actor, permission):
                surprises.append(f"{method} {path} needs {permission}: {answer.status_code}")
    assert not surprises
