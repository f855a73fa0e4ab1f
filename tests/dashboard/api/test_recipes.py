"""Recipes under a name, by HTTP: kept, listed, renamed, changed, deleted; a run made by one stays."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.dashboard.api.asking import V1, error_of, import_file, segment
from tests.dashboard.making import small_list

RECIPE = {"features": ["Age", "Spend"], "n_clusters": 3}


def test_the_life_of_a_recipe(client: FlaskClient) -> None:
    kept = client.post(f"{V1}/recipes", json={"name": "  Age and   spend ", "recipe": RECIPE})
    assert kept.status_code == 201
    assert kept.json["name"] == "Age and spend"
    assert {name: kept.json["recipe"][name] for name in RECIPE} == RECIPE
    where = f"{V1}/recipes/{kept.json['recipe_id']}"
    assert client.get(where).json == kept.json
    assert [each["name"] for each in client.get(f"{V1}/recipes").json["recipes"]] == ["Age and spend"]
    renamed = client.patch(where, json={"name": "Ours"}).json
    assert (renamed["name"], renamed["recipe"]) == ("Ours", kept.json["recipe"])
    changed = client.patch(where, json={"recipe": {"scenario": "rfm"}}).json
    assert (changed["name"], changed["recipe"]["scenario"], changed["recipe"]["features"]) == ("Ours", "rfm", [])
    assert client.delete(where).status_code == 204
    assert error_of(client.get(where), 404)["code"] == "no_such_recipe"
    assert error_of(client.delete(where), 404)["code"] == "no_such_recipe"


def test_a_run_keeps_its_own_recipe(client: FlaskClient) -> None:
    kept = client.post(f"{V1}/recipes", json={"name": "Ours", "recipe": RECIPE}).json
    run = segment(client, import_file(client, small_list()), **RECIPE)
    client.delete(f"{V1}/recipes/{kept['recipe_id']}")
    assert client.get(f"{V1}/runs/{run}").json["recipe"] == kept["recipe"]


@pytest.mark.parametrize(
    ("body", "code", "status"),
    [
        ({"name": " "}, "no_name", 400),
        ({"name": "x" * 61}, "name_too_long", 400),
        ({"name": "a\u0000b"}, "bad_name", 400),
        ({"name": "ours"}, "name_taken", 409),
        ({}, "bad_request", 400),
        ({"name": "one", "recipe": {"scenario": "magic"}}, "unknown_option", 400),
        ({"name": "one", "colour": "red"}, "bad_request", 400),
    ],
)
def test_what_cannot_be_kept_is_refused(client: FlaskClient, body: dict[str, object], code: str, status: int) -> None:
    client.post(f"{V1}/recipes", json={"name": "Ours"})
    answer = client.post(f"{V1}/recipes", json=body)
    assert answer.json["error"]["code"] == code
    assert answer.status_code in (status, 422)
    assert len(client.get(f"{V1}/recipes").json["recipes"]) == 1
