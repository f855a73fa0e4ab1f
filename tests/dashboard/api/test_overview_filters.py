"""The overview under a filter over HTTP: what is left, and words for what cannot be filtered by."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from dashboard.app import create_app
from tests.dashboard.api.asking import V1, error_of, import_file, segment
from tests.dashboard.api.conftest import working
from tests.dashboard.making import settings_for, small_list, small_log


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FlaskClient, str]]:
    app = create_app(settings_for(tmp_path_factory.mktemp("var")))
    with working(app.extensions["clientele"]):
        dataset_id = import_file(app.test_client(), small_log())
    yield app.test_client(), dataset_id
    app.extensions["clientele"].close()


def overview(client: FlaskClient, dataset_id: str, **query: str) -> dict:
    answer = client.get(f"{V1}/datasets/{dataset_id}/overview", query_string=query)
    assert answer.status_code == 200, answer.text
    return json.loads(answer.text, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))["overview"]


def test_a_log_under_filters(local: FlaskClient) -> None:
    with working(local.application.extensions["clientele"]):
        dataset_id = import_file(local, small_log())
        run_id = segment(local, dataset_id, features=["monetary_total"], n_clusters=2)
    everybody = overview(local, dataset_id)
    assert everybody == overview(local, dataset_id, filter="")
    here = overview(local, dataset_id, filter="country:France")
    assert here["n_customers"] == 20
    assert here["countries"] == everybody["countries"]
    assert [kpi["name"] for kpi in here["kpis"]] == [kpi["name"] for kpi in everybody["kpis"]]
    parts = [overview(local, dataset_id, filter=f"@segment:{number}", run=run_id)["n_customers"] for number in (1, 2)]
    assert sum(parts) == everybody["n_customers"]
    assert all(parts)
    nobody = overview(local, dataset_id, filter="country:Atlantis;product:' OR 1=1 --")
    assert (nobody["n_customers"], nobody["n_orders"], nobody["first_day"]) == (0, 0, None)
    assert nobody.keys() == everybody.keys()


def test_a_list_under_filters(local: FlaskClient) -> None:
    with working(local.application.extensions["clientele"]):
        dataset_id = import_file(local, small_list())
    here = overview(local, dataset_id, filter="age:..30;city:Town 1|Town 2")
    assert 0 < here["n_customers"] < 60
    assert all(kpi["value"] in (0, None) for kpi in overview(local, dataset_id, filter="city:nowhere")["kpis"])
    refused = local.get(f"{V1}/datasets/{dataset_id}/overview", query_string={"filter": "@month:2024-01"})
    assert error_of(refused, 400)["code"] == "unknown_filter_column"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("country", "bad_filter"),
        ("country:" + "|".join("x" * 3 + str(number) for number in range(201)), "bad_filter"),
        ("age:..", "bad_filter"),
        ("age:1..inf", "bad_filter"),
        ("weight:1..2", "unknown_filter_column"),
        ("<script>alert(1)</script>:x", "unknown_filter_column"),
        ("@segment:1", "unknown_filter_column"),
        (";".join(f"c{number}:x" for number in range(20)), "too_many_conditions"),
        ("product:" + "x" * 20_001, "bad_request"),
    ],
)
def test_what_cannot_be_filtered_by_is_said_in_words(shop: tuple[FlaskClient, str], text: str, code: str) -> None:
    client, dataset_id = shop
    error = error_of(client.get(f"{V1}/datasets/{dataset_id}/overview", query_string={"filter": text}), 400)
    assert error["code"] == code
    assert error["fix"]


def test_runs_are_those_of_the_dataset(shop: tuple[FlaskClient, str]) -> None:
    client, dataset_id = shop
    query = {"filter": "@segment:1", "run": "0" * 16}
    assert error_of(client.get(f"{V1}/datasets/{dataset_id}/overview", query_string=query), 404)["code"] == "no_such_run"
