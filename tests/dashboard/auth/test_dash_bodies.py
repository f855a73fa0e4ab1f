"""What a page sends when something happens on it: any other body is refused in our words, and none is answered with a 5xx."""

from __future__ import annotations

import copy
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from dashboard.app import PAGES, create_app
from database.engine import read
from database.jobs import load_job
from tests.dashboard.auth.conftest import Ask
from tests.dashboard.auth.test_guard import CALLBACKS, code
from tests.dashboard.making import settings_for, small_list, small_log
from tests.dashboard.working import work_off

N_MUTATED = 1_000
PATHS = [page.PATH for page in PAGES]
LEAK = re.compile(r"Traceback|File \\?\"|site-packages|/home/|/root/|SELECT |INSERT |sqlite|psycopg|\.py\b")
STRANGE: tuple[Any, ...] = (
    None, True, 0, -1, 10**30, 1e308, "", "x" * 10_000, "\x00", "\ud800", "../../etc/passwd", "'; DROP TABLE runs; --", "=cmd|'/c calc'!A0",
    "{}", "..", "a.b", [], [[]], [None], {}, {"id": None}, {"type": "x"}, float("nan"), float("inf"), [[[[[[[[[[]]]]]]]]]], "/segments",
    "?dataset=0123456789abcdef", "?run=x&dataset=y", "0123456789abcdef", {"property": "value", "id": {"name": [], "type": {}}},
)  # fmt: skip


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[tuple[Flask, dict[str, str]]]:
    """An application with a file that waits, a dataset and a run, and their ids."""
    app = create_app(settings_for(tmp_path / "var"))
    context, client = app.extensions["clientele"], app.test_client()

    def post(path: str, **body: Any) -> dict[str, Any]:
        answer: dict[str, Any] = client.post(f"/api/v1/{path}", base_url="http://127.0.0.1", **body).get_json()
        work_off(context)
        return answer

    uploads = [post("uploads?wait=0", data=make(40), headers={"X-Filename": "x.csv"})["upload_id"] for make in (small_log, small_list)]
    imported = post("datasets", json={"upload_id": uploads[0], "name": "Shop"})["job_id"]
    with read(context.engine) as conn:
        dataset = (load_job(conn, imported).result or {})["dataset_id"]
        run = post("runs", json={"dataset_id": dataset, "recipe": {"n_clusters": 3}})["job_id"]
    with read(context.engine) as conn:
        done = (load_job(conn, run).result or {})["run_id"]
    yield app, {"dataset": dataset, "run": done, "job": run, "upload": uploads[1]}
    context.close()


def slot(name: str, prop: str, value: Any = None) -> Any:
    """A component as a page sends it; of a pattern for many a list of them."""
    if not name.startswith("{"):
        return {"id": name, "property": prop, "value": value}
    pattern = json.loads(name)
    one = {key: part if isinstance(part, str | int) else "a" for key, part in pattern.items()}
    sent = {"id": one, "property": prop, "value": value}
    return [sent] if any(part in (["ALL"], ["ALLSMALLER"]) for part in pattern.values()) else sent


def name_of(sent: Any) -> str:
    """What Dash calls a component's property where it says what has changed."""
    one = sent[0] if isinstance(sent, list) else sent
    name = one["id"] if isinstance(one["id"], str) else json.dumps(one["id"], sort_keys=True, separators=(",", ":"))
    return f"{name}.{one['property']}"


def bodies(app: Flask) -> list[dict[str, Any]]:
    """A well-formed body for each callback that runs here, made from what the page is told of it."""
    dash = app.extensions["clientele-callbacks"]._app
    with app.test_request_context():
        told = json.loads(dash.dependencies().get_data(as_text=True))
    made = []
    for each in told:
        if each["clientside_function"]:
            continue
        outputs = dash.callback_map[each["output"]]["output"]
        listed = outputs if isinstance(outputs, list | tuple) else [outputs]
        slots = [slot(output.component_id_str(), output.component_property) for output in listed]
        inputs = [slot(one["id"], one["property"]) for one in each["inputs"]]
        made.append(
            {
                "output": each["output"],
                "outputs": slots if isinstance(outputs, list | tuple) else slots[0],
                "inputs": inputs,
                "state": [slot(one["id"], one["property"]) for one in each["state"]],
                "changedPropIds": [name_of(inputs[0])],
            }
        )
    return made


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, part in inside for found in places(part, (*path, key)))]


def mutate(body: dict[str, Any], draw: random.Random) -> Any:
    """Put something strange anywhere, leave something out, say it twice, or send a value of another kind."""
    changed = copy.deepcopy(body)
    for _ in range(draw.choice((1, 1, 2, 4))):
        path = draw.choice([place for place in places(changed) if place])
        parent = changed
        for key in path[:-1]:
            parent = parent[key]
        what = draw.random()
        if what < 0.25:
            del parent[path[-1]]
        elif what < 0.35 and isinstance(parent, list):
            parent.append(copy.deepcopy(parent[path[-1]]))
        else:
            parent[path[-1]] = copy.deepcopy(draw.choice(STRANGE))
        if not places(changed)[1:]:
            break
    return changed


def with_values(body: dict[str, Any], draw: random.Random, ids: dict[str, str]) -> Any:
    """The right shape with strange values and with ids that there are: what reaches our functions."""
    changed = copy.deepcopy(body)
    known = (1, 3, "csv", "3", ids, {**ids, "query": ids}, *ids.values(), *(f"?{name}={value}" for name, value in ids.items()), *PATHS)
    for each in [*changed["inputs"], *changed["state"]]:
        for one in each if isinstance(each, list) else [each]:
            one["value"] = copy.deepcopy(draw.choice(draw.choice((STRANGE, known))))
            if isinstance(one["id"], dict):
                one["id"] = {name: ids.get(name, part) for name, part in one["id"].items()}
    changed["changedPropIds"] = [name_of(draw.choice([each for each in changed["inputs"] if each != []]))]
    return changed


def test_the_bodies_that_pages_send_are_taken(app: Flask, ask: Ask) -> None:
    made = bodies(app)
    assert len(made) >= 1
    for body in made:
        answer = ask("POST", CALLBACKS, json=body)
        assert answer.status_code in {200, 204}, (body["output"], answer.text)


@pytest.mark.parametrize("seed", range(4))
def test_no_body_is_answered_with_a_mistake_of_ours(
    seed: int, filled: tuple[Flask, dict[str, str]], caplog: pytest.LogCaptureFixture
) -> None:
    app, ids = filled
    draw, made, counts = random.Random(seed), bodies(app), dict.fromkeys((200, 204, 400), 0)
    for _ in range(N_MUTATED // 4):
        body = draw.choice(made)
        sent = mutate(body, draw) if draw.random() < 0.5 else with_values(body, draw, ids)
        answer = app.test_client().post(CALLBACKS, base_url="http://127.0.0.1", data=json.dumps(sent), content_type="application/json")
        assert answer.status_code in counts, (answer.status_code, sent)
        assert not LEAK.search(answer.text), (answer.text, sent)
        assert "Something went wrong" not in answer.text, (caplog.text, sent)
        counts[answer.status_code] += 1
        if answer.status_code == 400:
            code(answer.text)
    assert counts[400] > N_MUTATED // 20
    assert counts[200] + counts[204] > N_MUTATED // 20


PAGE = {
    "output": "..page.children...nav-links.children..",
    "outputs": [{"id": "page", "property": "children"}, {"id": "nav-links", "property": "children"}],
    "inputs": [{"id": "url", "property": "pathname", "value": "/help"}, {"id": "url", "property": "search", "value": ""}],
    "changedPropIds": ["url.pathname"],
}


@pytest.mark.parametrize(
    "changes",
    [
        {"output": "nothing.children"},
        {"output": "theme.data"},
        {"output": ["page.children"]},
        {"output": None},
        {"inputs": None},
        {"inputs": []},
        {"inputs": PAGE["inputs"][::-1]},
        {"inputs": [*PAGE["inputs"], PAGE["inputs"][0]]},
        {"inputs": [[PAGE["inputs"][0]], PAGE["inputs"][1]]},
        {"inputs": [{"id": {"a": 1}, "property": "pathname"}, PAGE["inputs"][1]]},
        {"state": [{"id": "x", "property": "y"}]},
        {"outputs": {"id": "page", "property": "children"}},
        {"outputs": []},
        {"changedPropIds": "url.pathname"},
        {"changedPropIds": [1]},
    ],
)
def test_another_shape_is_refused_in_our_words(changes: dict[str, Any], ask: Ask) -> None:
    assert ask("POST", CALLBACKS, json=PAGE).status_code == 200
    answer = ask("POST", CALLBACKS, json={**PAGE, **changes})
    assert (answer.status_code, code(answer.text)) == (400, "bad_request")


@pytest.mark.parametrize(
    "text", ["", "[", "null", "[]", "1", '"x"', "[" * 500_000, '{"output":' * 50_000, "9" * 9_999, "\xff", '{"output": NaN}']
)
def test_what_is_no_body_at_all_is_refused_in_our_words(text: str, ask: Ask) -> None:
    answer = ask("POST", CALLBACKS, data=text.encode("latin-1"), content_type="application/json")
    assert answer.status_code == 400
    assert code(answer.text)
