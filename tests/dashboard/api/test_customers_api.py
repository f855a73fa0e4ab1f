"""Customers by HTTP: pages that add up to the whole, the same words as on the page, and a file of exactly these."""

from __future__ import annotations

import csv
import io

from flask.testing import FlaskClient

from tests.dashboard.api.asking import V1, error_of, import_file, segment
from tests.dashboard.making import small_log


def test_a_program_reads_every_customer_page_by_page(client: FlaskClient) -> None:
    dataset = import_file(client, small_log())
    run = segment(client, dataset, n_clusters=3)
    seen, cursor, counts = [], "", set()
    while cursor is not None:
        answer = client.get(f"{V1}/runs/{run}/customers?sort=-monetary_total&limit=25&cursor={cursor}")
        assert answer.status_code == 200, answer.text
        seen += answer.json["customers"]
        counts.add(answer.json["count"])
        cursor = answer.json["next_cursor"]
    assert counts == {60}
    assert len({each["customer_id"] for each in seen}) == len(seen) == 60
    spent = [each["values"]["monetary_total"] for each in seen]
    assert spent == sorted(spent, reverse=True)
    assert {each["segment"] for each in seen} == {each["name"] for each in client.get(f"{V1}/runs/{run}/segments").json["segments"]}
    some = client.get(f"{V1}/datasets/{dataset}/customers?filter=country:France&search=00&run={run}").json
    assert (some["count"], some["run_id"]) == (20, run)
    assert {each["values"]["country"] for each in some["customers"]} == {"France"}
    text = client.get(f"{V1}/datasets/{dataset}/customers.csv?filter=country:France&search=00&run={run}").text
    lines = list(csv.DictReader(io.StringIO(text)))
    assert [line["customer_id"] for line in lines] == [each["customer_id"] for each in some["customers"]]
    assert round(sum(float(line["monetary_total"]) for line in lines), 2) == round(some["revenue"], 2)
    assert [line["segment"] for line in lines] == [each["segment"] for each in some["customers"]]
    other = import_file(client, small_log(9, seed=2))
    assert error_of(client.get(f"{V1}/datasets/{other}/customers?run={run}"), 400)["code"] == "other_dataset"
    for asked, code in (
        ("sort=password", "unknown_sort_column"),
        ("filter=x", "bad_filter"),
        ("limit=1001", "bad_request"),
        ("cursor=-1", "bad_request"),
        ("moved=1..x", "bad_request"),
        ("moved=1..2", "no_segments"),
        (f"moved=1..2&run={run}", "nothing_to_compare"),
    ):
        assert error_of(client.get(f"{V1}/datasets/{dataset}/customers?{asked}"), 400)["code"] == code
    assert error_of(client.get(f"{V1}/runs/{'0' * 16}/customers"), 404)["code"] == "no_such_run"
    assert client.get(f"{V1}/datasets/{dataset}/customers?cursor=999").json["customers"] == []
