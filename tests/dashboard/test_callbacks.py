"""The one way to register a callback: permission asked, values checked, errors told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from dash import Dash, Input, Output, html, no_update
from flask import Flask, g

from dashboard.auth.permissions import OWNER, Actor
from dashboard.callbacks import Callbacks, _as_they_are
from dashboard.context import open_context
from segmentation.errors import InvalidInputError
from tests.dashboard.making import settings_for

_SECRET = "the password is swordfish"


@pytest.fixture
def server(tmp_path: Path) -> Flask:
    """An application with three callbacks; the header Actor says who asks."""
    server = Flask("test")
    app = Dash("test", server=server, suppress_callback_exceptions=True)
    app.layout = html.Div()
    callbacks = Callbacks(app, open_context(settings_for(tmp_path / "var")))

    @callbacks.register(Output("out", "children"), Input("in", "value"), permission="edit")
    def double(value: int) -> int:
        if value == 13:
            raise InvalidInputError("unlucky", "Thirteen is not taken.", fix="Take another number.")
        if value == 99:
            raise RuntimeError(_SECRET)
        return 2 * value

    @callbacks.register(Output("a", "children"), Output("b", "children"), Input("in", "value"), permission="see")
    def twice(value: str | None) -> tuple[str, str]:
        if value == "bad":
            raise InvalidInputError("bad", "This is bad.")
        return value or "", value or ""

    @server.before_request
    def who() -> None:
        from flask import request

        g.actor = {"owner": OWNER, "viewer": Actor("v", "viewer")}.get(request.headers.get("Actor", "owner"))

    server.extensions["callbacks"] = callbacks
    return server


def call(server: Flask, output: str, value: Any, actor: str = "owner") -> dict[str, Any]:
    outputs: Any = {"id": "out", "property": "children"}
    if output.startswith(".."):
        outputs = [{"id": "a", "property": "children"}, {"id": "b", "property": "children"}]
    body = {
        "output": output,
        "outputs": outputs,
        "inputs": [{"id": "in", "property": "value", "value": value}],
        "changedPropIds": ["in.value"],
    }
    answer = server.test_client().post("/_dash-update-component", json=body, headers={"Actor": actor})
    assert answer.status_code in {200, 204}, answer.text
    return json.loads(answer.text) if answer.text else {}


def notice(answer: dict[str, Any]) -> str:
    return json.dumps(answer.get("sideUpdate", {}).get("notice", {}))


def test_a_value_that_fits_is_answered(server: Flask) -> None:
    assert call(server, "out.children", 21)["response"] == {"out": {"children": 42}}


@pytest.mark.parametrize("value", ["21", None, [21], {"a": 1}, True, 1.5])
def test_a_value_that_no_page_sends_never_reaches_the_function(server: Flask, value: Any) -> None:
    answer = call(server, "out.children", value)
    assert "does not fit" in notice(answer)
    assert not answer.get("response")


def test_an_error_is_told_and_the_page_stays(server: Flask) -> None:
    answer = call(server, "out.children", 13)
    assert "Thirteen is not taken." in notice(answer)
    assert "Take another number." in notice(answer)
    assert not answer.get("response")
    assert "This is bad." in notice(call(server, "..a.children...b.children..", "bad"))


def test_of_a_bug_only_a_reference_is_told(server: Flask) -> None:
    answer = call(server, "out.children", 99)
    assert "Something went wrong on our side." in notice(answer)
    assert "Reference" in notice(answer)
    assert _SECRET not in json.dumps(answer)
    assert "RuntimeError" not in json.dumps(answer)


def test_who_may_not_is_told_so(server: Flask) -> None:
    answer = call(server, "out.children", 21, actor="viewer")
    assert "You may not change segments here." in notice(answer)
    assert not answer.get("response")
    assert call(server, "..a.children...b.children..", "x", actor="viewer")["response"]["a"] == {"children": "x"}
    assert "may not" in notice(call(server, "..a.children...b.children..", "x", actor="stranger"))


def test_every_output_has_its_permission(server: Flask) -> None:
    assert server.extensions["callbacks"].permissions == {"out.children": "edit", "..a.children...b.children..": "see"}


@pytest.mark.parametrize(
    ("outputs", "stays"),
    [
        ({"id": "a"}, no_update),
        ([{"id": "a"}, {"id": "b"}], [no_update, no_update]),
        ([{"id": "a"}, [{"id": {"n": 1}}, {"id": {"n": 2}}], []], [no_update, [no_update, no_update], []]),
    ],
)
def test_outputs_of_a_pattern_stay_one_by_one(outputs: Any, stays: Any) -> None:
    assert _as_they_are(outputs) == stays
