"""The whole journey by program: a file in, labelled customers out, the same bytes as the command line writes."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from flask.testing import FlaskClient
from openpyxl import load_workbook

from dashboard.intake.reader import start_reading
from dashboard.progress import Stopwatch
from dashboard.workflows.files import Outputs, segment_file
from segmentation.dataset import ImportOptions
from segmentation.measures.recipe import Recipe
from tests.dashboard.api.asking import V1, done, error_of, import_file, segment, send
from tests.dashboard.making import small_log


def test_from_a_file_to_labels(client: FlaskClient, tmp_path: Path) -> None:
    log = small_log() + '9-9,2024-05-05,"=1+1",p1,1,3.00,"=cmd",4\n'
    upload = send(client, log, "B%C3%BCcher shop.csv")
    assert (upload["name"], upload["kind"], upload["state"]) == ("Bücher shop.csv", "transactions", "done")
    assert upload["dialect"]["delimiter"] == ","
    assert {"header": "Customer", "role": "customer"}.items() <= upload["columns"][2].items()
    assert upload["preview"][0]["row"] == 2
    ordered = client.post(f"{V1}/datasets", json={"upload_id": upload["upload_id"], "name": "Bücher & Co"})
    assert ordered.status_code == 202
    dataset_id = done(client, ordered.json["job_id"])["dataset_id"]
    dataset = client.get(f"{V1}/datasets/{dataset_id}").json
    assert dataset["rows_read"] == dataset["rows_kept"] + dataset["rows_rejected"] == upload["outcome"]["rows_read"]
    assert (dataset["name"], dataset["file"], dataset["receipt"]) == ("Bücher & Co", "Bücher shop.csv", upload["outcome"]["receipt"])
    recipe = {"n_clusters": 3, "features": ["frequency_orders", "monetary_total"]}
    run_id = segment(client, dataset_id, **recipe)
    again = client.post(f"{V1}/runs", json={"dataset_id": dataset_id, "recipe": recipe})
    assert (again.status_code, again.json["run_id"], again.json["run"]["n_clusters"]) == (200, run_id, 3)
    assert client.get(f"{V1}/datasets/{dataset_id}").json["runs"] == [run_id]

    path = tmp_path / "log.csv"
    path.write_text(log, encoding="utf-8")
    outputs = Outputs(labelled=tmp_path / "labelled.csv")
    with start_reading(path) as reading:
        wanted = segment_file(reading, ImportOptions(), Recipe(n_clusters=3, features=tuple(recipe["features"])), outputs, Stopwatch())
    assert client.get(f"{V1}/runs/{run_id}").json["fingerprint"] == wanted.segmentation.fingerprint
    answer = client.get(f"{V1}/runs/{run_id}/customers.csv")
    assert answer.status_code == 200
    assert answer.data == outputs.labelled.read_bytes()
    assert answer.headers["Content-Length"] == str(len(answer.data))
    assert answer.content_type == "text/csv; charset=utf-8"
    assert "filename*=UTF-8''B%C3%BCcher%20_%20Co%20-%20customers.csv" in answer.headers["Content-Disposition"]


def test_some_segments_workbooks_and_finished_files(client: FlaskClient) -> None:
    run_id = segment(client, import_file(client, small_log()), n_clusters=3)
    rows = list(csv.DictReader(io.StringIO(client.get(f"{V1}/runs/{run_id}/customers.csv").text)))
    two = client.get(f"{V1}/runs/{run_id}/customers.csv?segment=1&segment=3").text
    assert list(csv.DictReader(io.StringIO(two))) == [row for row in rows if row["segment_id"] in "13"]
    workbook = client.get(f"{V1}/runs/{run_id}/customers.xlsx?segment=2")
    assert workbook.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    cells = list(load_workbook(io.BytesIO(workbook.data), read_only=True).active.values)
    assert [row[0] for row in cells[1:]] == [row["customer_id"] for row in rows if row["segment_id"] == "2"]
    assert error_of(client.get(f"{V1}/runs/{run_id}/customers.csv?segment=9"), 404)["code"] == "no_such_segment"
    assert error_of(client.get(f"{V1}/runs/{run_id}/customers.csv?segment=x"), 400)["code"] == "bad_request"


def test_segments_are_renamed_and_the_download_follows(client: FlaskClient) -> None:
    dataset_id = import_file(client, small_log())
    run_id = segment(client, dataset_id, n_clusters=3)
    before = client.get(f"{V1}/runs/{run_id}/segments").json
    assert (before["revision"], [each["segment_id"] for each in before["segments"]]) == (0, [1, 2, 3])
    assert sum(each["size"] for each in before["segments"]) == 60
    where = f"{V1}/runs/{run_id}/segments/2"
    changed = client.patch(where, json={"name": "  Our   friends ", "action": "Write to them."})
    assert changed.status_code == 200
    assert changed.json == {**before["segments"][1], "name": "Our friends", "action": "Write to them."}
    after = client.get(f"{V1}/runs/{run_id}/segments").json
    assert (after["revision"], after["segments"][1]["name"]) == (1, "Our friends")
    text = client.get(f"{V1}/runs/{run_id}/customers.csv").text
    assert ",2,Our friends," in text
    assert error_of(client.patch(where, json={"name": before["segments"][0]["name"]}), 409)["code"] == "name_taken"
    for bad in ({"name": ""}, {"name": "x" * 1000}, {"colour": "red"}, {"size": 3}, {"name": 3}, {"name": "a\0b"}, []):
        error_of(client.patch(where, json=bad), 400)
    for lost in ("9", "99999999999999999999", "x"):
        error_of(client.patch(f"{V1}/runs/{run_id}/segments/{lost}", json={"name": "A"}), 404)
    published = client.post(f"{V1}/runs/{run_id}/publish")
    assert (published.status_code, published.json["published_at"] is not None) == (200, True)


def test_rows_set_aside_are_a_file_that_runs_nothing(client: FlaskClient) -> None:
    log = small_log() + 'y-1,"=cmd|calc",0001,p1,1,2.00,"a ""quoted"", thing",1\n'
    dataset_id = import_file(client, log, name="Shop")
    answer = client.get(f"{V1}/datasets/{dataset_id}/rejected.csv")
    assert answer.status_code == 200
    assert answer.headers["Content-Length"] == str(len(answer.data))
    rows = list(csv.reader(io.StringIO(answer.data.decode(), newline="")))
    assert rows[0] == ["row", "column", "value", "reason"]
    assert len(rows) - 1 == client.get(f"{V1}/datasets/{dataset_id}").json["rows_rejected"] == 4
    assert ["Date", "'=cmd|calc"] in [row[1:3] for row in rows]
    assert answer.data.endswith(b"\r\n")
    answer.close()


def test_a_list_may_have_nothing_set_aside(client: FlaskClient) -> None:
    dataset_id = import_file(client, "ID,Age\n" + "".join(f"c{n},{20 + n}\n" for n in range(40)))
    assert client.get(f"{V1}/datasets/{dataset_id}/rejected.csv").data == b"row,column,value,reason\r\n"
    overview = client.get(f"{V1}/datasets/{dataset_id}/overview")
    assert (overview.status_code, overview.json["dataset_id"]) == (200, dataset_id)


def test_datasets_are_listed_and_deleted(client: FlaskClient) -> None:
    first = import_file(client, small_log(), name="First")
    second = import_file(client, small_log(30), name="Second", mapping={"customer": "Customer"}, options={"returns": "net"})
    run_id = segment(client, first, n_clusters=2)
    listed = client.get(f"{V1}/datasets").json["datasets"]
    assert [(each["dataset_id"], each["name"], each["customers"]) for each in listed] == [(second, "Second", 30), (first, "First", 60)]
    deleted = client.delete(f"{V1}/datasets/{first}")
    assert (deleted.status_code, deleted.data) == (204, b"")
    assert [each["dataset_id"] for each in client.get(f"{V1}/datasets").json["datasets"]] == [second]
    for lost in (
        f"datasets/{first}",
        f"runs/{run_id}",
        f"runs/{run_id}/segments",
        f"runs/{run_id}/customers.csv",
        f"datasets/{first}/rejected.csv",
    ):
        error_of(client.get(f"{V1}/{lost}"), 404)
    error_of(client.delete(f"{V1}/datasets/{first}"), 404)
    error_of(client.post(f"{V1}/runs", json={"dataset_id": first}), 404)
