"""Customers described, sent in a file, or of the run itself: labelled and explained; drivers, effects and agreement over HTTP."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.dashboard.api.asking import V1, done, error_of, import_file, segment, send
from tests.dashboard.api.conftest import working

RECIPE = {"features": ["visits", "spend"], "n_clusters": 3, "transform": "none"}


@pytest.fixture
def client(local_app: Flask) -> Iterator[FlaskClient]:
    """A program, with a worker beside the web process; nothing here depends on the store."""
    with working(local_app.extensions["clientele"]):
        yield local_app.test_client()


def people(n: int = 150, shift: float = 0.0, gap_at: int | None = 7, seed: int = 3) -> str:
    """Customers of three sorts; the level goes with what they spend, the letter with nothing."""
    draw = random.Random(seed)
    rows = ["customer id,visits,spend,level,letter,answered"]
    for i in range(n):
        visits, spend = (2, 20, 60)[i % 3] + draw.gauss(0, 1) + shift, (10, 200, 900)[i % 3] + draw.gauss(0, 9) + 20 * shift
        told = "" if i == gap_at else f"{spend:.2f}"
        rows.append(f"c{i:04},{visits:.2f},{told},{('low', 'low', 'high')[i % 3]},{draw.choice('ab')},{int(i % 3 == 2)}")
    return "\n".join(rows) + "\n"


def labels(client: FlaskClient, run_id: str) -> dict[str, dict[str, str]]:
    return {row["customer_id"]: row for row in csv.DictReader(io.StringIO(client.get(f"{V1}/runs/{run_id}/customers.csv").text))}


def predict(client: FlaskClient, run_id: str, *customers: dict[str, Any]) -> list[dict[str, Any]]:
    answer = client.post(f"{V1}/runs/{run_id}/predict", json={"customers": list(customers)})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json["customers"]
    return found


@pytest.mark.parametrize("method", ["kmeans", "hierarchical", "mixture", "rules"])
def test_the_run_s_own_customers_get_their_own_segment(client: FlaskClient, method: str) -> None:
    run = segment(client, import_file(client, people()), **{**RECIPE, "method": method})
    own = labels(client, run)
    given = [{"customer_id": name, "visits": row["visits"], "spend": row["spend"]} for name, row in own.items()]
    found = predict(client, run, *given)
    assert [(each["customer_id"], str(each["segment_id"] or "")) for each in found] == [(k, row["segment_id"]) for k, row in own.items()]
    missing = next(each for each in found if each["customer_id"] == "c0007")
    assert (missing["segment_id"], missing["reason"]) == (None, "Not segmented: total spend missing")


def test_a_described_customer_is_explained(client: FlaskClient) -> None:
    run = segment(client, import_file(client, people()), **RECIPE)
    told = client.get(f"{V1}/runs/{run}/segments").json["segments"]
    (found,) = predict(client, run, {"visits": 58, "Spend": "880"})
    assert predict(client, run, {"visits": 58, "Total spending": 880}) == [found]  # another name that files have for it
    assert found["segment_id"] == 1
    assert found["name"] == told[0]["name"]
    assert found["action"] == told[0]["action"]
    assert found["sureness"] == "clearly"
    assert (found["colour"], found["verdict"], found["stability"]) == (told[0]["colour"], told[0]["verdict"], told[0]["stability"])
    assert found["next_colour"] in {each["colour"] for each in told[1:]}
    assert found["unusual"] == []
    assert min(found["distances"], key=lambda each: each["distance"])["segment_id"] == 1
    assert [each["name"] for each in found["beside"]] == ["visits", "monetary_total"]
    assert all(abs(each["value"] - each["segment"]) < abs(each["value"] - each["everyone"]) for each in found["beside"])
    for move in found["moves"]:
        changed = {"visits": 58, "spend": 880} | {{"visits": "visits", "monetary_total": "spend"}[move["feature"]]: move["needed"]}
        assert predict(client, run, changed)[0]["segment_id"] == move["segment_id"] != 1


def test_what_cannot_be_used_is_refused_in_words(client: FlaskClient) -> None:
    run = segment(client, import_file(client, people()), **RECIPE)
    address = f"{V1}/runs/{run}/predict"
    unknown = error_of(client.post(address, json={"customers": [{"visits": 1, "spend": 2}, {"shoe size": 44}]}), 400)
    assert unknown["code"] == "unknown_field"
    assert "shoe size" in unknown["title"]
    assert "Customer 2" in unknown["detail"]
    for value in ("a lot", True, [1], {"a": 1}, "inf", "nan", 10**400, 1e308, -1e16):
        assert error_of(client.post(address, json={"customers": [{"visits": value, "spend": 2}]}), 400)["code"] == "bad_value"
    for body in ({}, {"customers": []}, {"customers": [1]}, {"customers": [{"visits": 1}] * 201}):
        assert error_of(client.post(address, json=body), 400)["code"] == "bad_request"
    assert client.post(f"{V1}/runs/0123456789abcdef/predict", json={"customers": [{"visits": 1}]}).status_code == 404


def test_who_is_unlike_all_customers_is_told_so(client: FlaskClient) -> None:
    run = segment(client, import_file(client, people()), **RECIPE)
    (found,) = predict(client, run, {"visits": 500, "spend": 900})
    assert found["unusual"][0].startswith("Visits of 500 is above that of every customer of the run")
    assert "Further from the middle" in found["unusual"][1]


def test_a_gap_is_filled_where_the_recipe_fills_it(client: FlaskClient) -> None:
    run = segment(client, import_file(client, people()), **{**RECIPE, "missing": "median"})
    (found,) = predict(client, run, {"visits": 59})
    assert found["segment_id"] is not None


def test_a_customer_of_the_run_is_explained(client: FlaskClient) -> None:
    run = segment(client, import_file(client, people()), **RECIPE)
    own = labels(client, run)["c0002"]
    found = client.get(f"{V1}/runs/{run}/customers/c0002").json
    assert (str(found["segment_id"]), found["name"], found["customer_id"]) == (own["segment_id"], own["segment"], "c0002")
    assert found["next_segment_id"] != found["segment_id"]
    assert client.get(f"{V1}/runs/{run}/customers/c0007").json["reason"] == own_reason(client, run)
    assert error_of(client.get(f"{V1}/runs/{run}/customers/nobody"), 404)["code"] == "no_such_customer"
    assert error_of(client.get(f"{V1}/runs/0123456789abcdef/customers/c0002"), 404)["code"] == "no_such_run"


def own_reason(client: FlaskClient, run: str) -> str:
    return labels(client, run)["c0007"]["segment"]


def scored(client: FlaskClient, run: str, content: str) -> tuple[dict[str, Any], list[dict[str, str]]]:
    upload = send(client, content, "others.csv")
    result = done(client, client.post(f"{V1}/runs/{run}/score", json={"upload_id": upload["upload_id"]}).json["job_id"])
    return result, list(csv.DictReader(io.StringIO(client.get(f"{V1}/files/{result['file_id']}").text)))


def test_the_same_file_gets_the_same_labels_whatever_its_order(client: FlaskClient) -> None:
    run = segment(client, import_file(client, people()), **RECIPE)
    header, *rows = people().splitlines()
    random.Random(1).shuffle(rows)
    result, found = scored(client, run, "\n".join([header, *rows]) + "\n")
    wanted = labels(client, run)
    assert {row["customer_id"]: (row["segment_id"], row["segment"]) for row in found} == {
        name: (row["segment_id"], row["segment"]) for name, row in wanted.items()
    }
    assert list(found[0]) == list(next(iter(wanted.values())))
    assert result["rows"] == 150
    assert [each["size"] for each in result["segments"]] == [each["size_before"] for each in result["segments"]]
    likeness = result["likeness"]
    assert (likeness["level"], likeness["n"], likeness["n_placed"]) == ("alike", 150, 149)
    assert [each["index"] for each in likeness["features"]] == pytest.approx([0, 0], abs=0.001)


def test_the_file_says_what_was_filled_in_as_the_run_does(client: FlaskClient) -> None:
    run = segment(client, import_file(client, people()), **RECIPE, missing="median")
    _, found = scored(client, run, people())
    assert {row["customer_id"]: row["filled"] for row in found if row["filled"]} == {"c0007": "spend"}
    assert found == list(labels(client, run).values())


def test_other_people_are_said_to_be_unlike(client: FlaskClient) -> None:
    run = segment(client, import_file(client, people()), **RECIPE)
    result, found = scored(client, run, people(shift=15, seed=9))
    assert len(found) == 150
    assert result["likeness"]["level"] == "unlike"
    assert result["likeness"]["far"] > 0.5
    assert result["left_out"] == [{"reason": "Not segmented: total spend missing", "count": 1}]
    assert (result["rows_read"], result["rows_rejected"], result["receipt"]) == (150, 0, [])
    assert "segment them anew" in result["likeness"]["sentences"][0]


def test_a_file_without_a_feature_is_refused(client: FlaskClient) -> None:
    run = segment(client, import_file(client, people()), **RECIPE)
    rows = [line.split(",") for line in people().splitlines()]
    upload = send(client, "\n".join(",".join([row[0], row[2], row[3]]) for row in rows) + "\n", "others.csv")
    job = client.post(f"{V1}/runs/{run}/score", json={"upload_id": upload["upload_id"]}).json["job_id"]
    with pytest.raises(AssertionError, match="features_missing"):
        done(client, job)


def test_drivers_effects_and_agreement(client: FlaskClient) -> None:
    dataset = import_file(client, people(300, gap_at=None))
    drivers = client.get(f"{V1}/datasets/{dataset}/drivers?column=answered").json
    assert drivers["kind"] == "yes or no"
    assert drivers["skill"] > 0.9
    assert drivers["drivers"][0]["name"] in ("visits", "monetary_total", "level")
    nothing = client.get(f"{V1}/datasets/{dataset}/drivers?column=letter").json
    assert nothing["drivers"] == []
    assert "Nothing in this file predicts" in nothing["sentences"][0]
    effect = client.get(f"{V1}/datasets/{dataset}/effects?category=level&number=spend").json
    assert [group["name"] for group in effect["groups"]] == ["high", "low"]
    assert [group["n"] for group in effect["groups"]] == [100, 200]
    assert effect["size"] == "large"
    assert client.get(f"{V1}/datasets/{dataset}/effects?category=letter&number=spend").json["size"] == "none"
    assert error_of(client.get(f"{V1}/datasets/{dataset}/effects?category=level&number=letter"), 400)["code"] == "not_a_number"
    assert error_of(client.get(f"{V1}/datasets/{dataset}/drivers?column=shoes"), 400)["code"] == "unknown_feature"
    assert error_of(client.get(f"{V1}/datasets/{dataset}/drivers"), 400)["code"] == "bad_request"
    assert "nothing to compare" in client.get(f"{V1}/datasets/{dataset}/agreement").json["sentence"]
    for recipe in (RECIPE, {**RECIPE, "seed": 7}):
        segment(client, dataset, **recipe)
    agreement = client.get(f"{V1}/datasets/{dataset}/agreement").json
    assert agreement["matrix"] == [[1.0, 1.0], [1.0, 1.0]]
    assert len(agreement["runs"]) == 2


def test_the_worth_of_features_stands_in_the_run(client: FlaskClient) -> None:
    run = segment(client, import_file(client, people()), **RECIPE)
    worth = client.get(f"{V1}/runs/{run}").json["run"]["worth"]
    assert worth["returned"] == 1.0
    assert {each["name"] for each in worth["features"]} == {"visits", "monetary_total"}
    assert all(0 <= each["strength"] <= 1 for each in worth["features"])


def orders() -> str:
    """A log of three sorts of customers under headers that say nothing, with returns; half of them stop buying a month before the end."""
    draw = random.Random(5)
    rows = ["who,bill,when,worth"]
    for i in range(90):
        days = [f"2025-{1 + order % (11 + i % 2):02}-{draw.randint(1, 28):02}" for order in range((1, 4, 12)[i % 3])]
        rows += [f"p{i:03},b{i}-{order},{day},{draw.uniform(5, 30):.2f}" for order, day in enumerate(days)]
        rows += [f"p{i:03},r{i},2025-{11 + i % 2}-28,-{draw.uniform(1, 4):.2f}", f"p{i:03},e{i},2025-{11 + i % 2}-28,9.50"]
    return "\n".join(rows) + "\n"


def read_as(client: FlaskClient, content: str, **choices: Any) -> str:
    roles = {"customer": "who", "order": "bill", "date": "when", "amount": "worth"}
    upload = send(client, content)["upload_id"]
    answer = client.patch(f"{V1}/uploads/{upload}?wait=20", json={"roles": roles, "returns": "drop", "as_of": None, **choices})
    assert answer.status_code in (200, 202), answer.text
    return done(client, client.post(f"{V1}/datasets", json={"upload_id": upload}).json["job_id"])["dataset_id"]


def test_a_file_is_read_as_that_of_its_run_and_not_as_another_of_the_same_shape(client: FlaskClient) -> None:
    run = segment(client, read_as(client, orders(), as_of="2026-06-30"))
    read_as(client, orders(), returns="net")
    header, *rows = orders().splitlines()
    for more in ("", ",note,more,again"):  # of the second shape no file was imported
        longer = "\n".join([header + more, *(row + "," * more.count(",") for row in rows)]) + "\n"
        _, found = scored(client, run, longer)
        told = {row["customer_id"]: (row["segment_id"], row["monetary_total"], row["recency_days"]) for row in found}
        assert told == {name: (row["segment_id"], row["monetary_total"], row["recency_days"]) for name, row in labels(client, run).items()}


def test_a_part_of_the_customers_is_counted_from_the_day_of_the_run(client: FlaskClient) -> None:
    run = segment(client, read_as(client, orders()))
    header, *rows = orders().splitlines()
    part = [row for row in rows if int(row[1:4]) % 2 == 0]  # those who stopped in November
    _, found = scored(client, run, "\n".join([header, *part]) + "\n")
    wanted = labels(client, run)
    assert len(found) == 45
    assert [(row["segment_id"], row["recency_days"]) for row in found] == [
        (wanted[row["customer_id"]]["segment_id"], wanted[row["customer_id"]]["recency_days"]) for row in found
    ]
    _, older = scored(client, run, orders().replace("2025-", "2015-"))  # far from that time: counted from its own last day
    assert [row["recency_days"] for row in older] == [row["recency_days"] for row in wanted.values()]
