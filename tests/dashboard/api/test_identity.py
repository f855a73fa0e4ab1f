"""Segments stay themselves when the next version of a dataset is segmented, and who moved is told."""

from __future__ import annotations

import csv
import io
from typing import Any

from flask.testing import FlaskClient

from tests.dashboard.api.asking import V1, done, error_of, segment, send


def people(n: int, moved: int = 0, first: int = 0) -> str:
    """Customers of three sorts: seldom and cheap, middle, often and dear; some of the first have become dear."""
    rows = ["customer id,visits,spend"]
    for i in range(first, first + n):
        sort = 2 if i % 3 == 0 and i < moved else i % 3
        rows.append(f"c{i:04},{(2, 20, 60)[sort] + i % 5},{(10, 200, 900)[sort] + i % 7 * (sort + 1)}")
    return "\n".join(rows) + "\n"


RECIPE = {"features": ["visits", "spend"], "n_clusters": 3, "transform": "none"}


def imported(client: FlaskClient, text: str, **order: Any) -> str:
    upload = send(client, text, "people.csv")
    found: str = done(client, client.post(f"{V1}/datasets", json={"upload_id": upload["upload_id"], **order}).json["job_id"])["dataset_id"]
    return found


def segments(client: FlaskClient, run_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"{V1}/runs/{run_id}/segments").json["segments"]
    return found


def test_ids_names_colours_and_texts_stay(client: FlaskClient) -> None:
    first = imported(client, people(300))
    before = segment(client, first, **RECIPE)
    assert [each["segment_id"] for each in segments(client, before)] == [1, 2, 3]
    client.patch(f"{V1}/runs/{before}/segments/3", json={"name": "Our darlings", "colour": "J", "action": "Send flowers."})
    second = imported(client, people(300, moved=240), replaces=first)
    after = segment(client, second, **RECIPE)
    found = segments(client, after)
    assert sorted(each["segment_id"] for each in found) == [1, 2, 3]
    darlings = next(each for each in found if each["segment_id"] == 3)
    assert (darlings["name"], darlings["colour"], darlings["action"]) == ("Our darlings", "J", "Send flowers.")
    assert [(each["name"], each["colour"]) for each in sorted(found, key=lambda each: each["segment_id"])][:2] == [
        (each["name"], each["colour"]) for each in segments(client, before)[:2]
    ]
    rows = list(csv.DictReader(io.StringIO(client.get(f"{V1}/runs/{after}/customers.csv").text)))
    old = {row["customer_id"]: row for row in csv.DictReader(io.StringIO(client.get(f"{V1}/runs/{before}/customers.csv").text))}
    stayed = [row for row in rows if old[row["customer_id"]]["segment_id"] == row["segment_id"]]
    assert len(stayed) == 300 - 80
    assert {row["segment"] for row in rows if row["segment_id"] == "3"} == {"Our darlings"}
    run = client.get(f"{V1}/runs/{after}").json
    assert [each["segment_id"] for each in run["run"]["segments"]] == [each["segment_id"] for each in found]


def test_who_moved_where(client: FlaskClient) -> None:
    first = imported(client, people(300))
    before = segment(client, first, **RECIPE)
    second = imported(client, people(330, moved=240), append_to=first)
    after = segment(client, second, **RECIPE)
    found = client.get(f"{V1}/runs/{after}/migration").json
    assert found["from_run"] == before
    sides = [[each["segment_id"] for each in found[name]] for name in ("rows", "columns")]
    assert sides == [[1, 2, 3, -1], [1, 2, 3]]
    cheap = sides[0].index(3)
    assert sum(map(sum, found["customers"])) == 330
    assert found["customers"][3] == [10, 10, 10], "thirty are new"
    assert found["customers"][cheap][sides[1].index(1)] == 80
    assert found["rows"][3]["name"] == "Not among the customers"
    listed = list(csv.DictReader(io.StringIO(client.get(f"{V1}/runs/{after}/migration.csv?old=3&new=1").text)))
    assert len(listed) == 80
    assert {(int(row["customer_id"][1:]) % 3, int(row["customer_id"][1:]) < 240) for row in listed} == {(0, True)}
    everybody = list(csv.DictReader(io.StringIO(client.get(f"{V1}/runs/{after}/migration.csv").text)))
    assert len(everybody) == 330


def test_a_run_on_its_own_has_nothing_to_compare_unless_one_is_named(client: FlaskClient) -> None:
    dataset = imported(client, people(300))
    one, other = segment(client, dataset, **RECIPE), segment(client, dataset, **{**RECIPE, "n_clusters": 2})
    assert error_of(client.get(f"{V1}/runs/{one}/migration"), 400)["code"] == "nothing_to_compare"
    assert sum(map(sum, client.get(f"{V1}/runs/{other}/migration?from={one}").json["customers"])) == 300
    assert client.get(f"{V1}/runs/{one}/migration?from=0123456789abcdef").status_code == 404


def test_other_people_are_matched_by_what_they_are_like(client: FlaskClient) -> None:
    first = imported(client, people(300))
    before = segment(client, first, **RECIPE)
    client.patch(f"{V1}/runs/{before}/segments/2", json={"name": "The middle"})
    second = imported(client, people(300, first=5_001), replaces=first)
    found = {each["segment_id"]: each for each in segments(client, segment(client, second, **RECIPE))}
    assert found[2]["name"] == "The middle"
    assert sorted(found) == [1, 2, 3]


def test_a_segment_that_is_new_gets_a_number_nobody_had(client: FlaskClient) -> None:
    first = imported(client, people(300))
    segment(client, first, **RECIPE)
    rare = "".join(f"z{i:03},{500 + i % 5},{9 + i % 3}\n" for i in range(120))
    second = imported(client, people(300) + rare, replaces=first)
    found = segments(client, segment(client, second, **{**RECIPE, "n_clusters": 4}))
    assert sorted(each["segment_id"] for each in found) == [1, 2, 3, 4]
    new = next(each for each in found if each["segment_id"] == 4)
    assert new["size"] == 120
    assert len({each["colour"] for each in found}) == 4
    third = imported(client, people(300) + rare.replace("z", "y"), replaces=second)
    assert sorted(each["segment_id"] for each in segments(client, segment(client, third, **{**RECIPE, "n_clusters": 4}))) == [1, 2, 3, 4]
