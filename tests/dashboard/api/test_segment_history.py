"""Texts of segments, and who changed what, by HTTP."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.dashboard.api.asking import V1, error_of, import_file, segment
from tests.dashboard.making import small_log


def test_a_text_is_written_kept_in_the_history_and_goes_on_in_the_next_version(client: FlaskClient) -> None:
    first = import_file(client, small_log())
    run_id = segment(client, first, n_clusters=3)
    history = f"{V1}/runs/{run_id}/segments/history"
    assert client.get(history).json == {"run_id": run_id, "revisions": []}
    where = f"{V1}/runs/{run_id}/segments/2"
    assert client.get(f"{V1}/runs/{run_id}/segments").json["segments"][1]["text"] == ""
    assert client.patch(where, json={"text": "They come by train."}).json["text"] == "They come by train."
    assert client.patch(where, json={"name": "Commuters"}).json["text"] == "They come by train."
    revisions = client.get(history).json["revisions"]
    assert [(each["revision"], each["segment_id"], each["changes"]) for each in revisions] == [
        (1, 2, {"text": "They come by train."}),
        (2, 2, {"name": "Commuters"}),
    ]
    assert all(each["author"] and each["created_at"] for each in revisions)
    error_of(client.patch(where, json={"text": "x" * 401}), 400)
    error_of(client.get(f"{V1}/runs/nowhere/segments/history"), 404)
    second = import_file(client, small_log(customers=66), replaces=first)
    after = client.get(f"{V1}/runs/{segment(client, second, n_clusters=3)}/segments").json["segments"]
    assert {each["name"]: each["text"] for each in after}["Commuters"] == "They come by train."
