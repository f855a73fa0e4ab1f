"""What columns mean, by program: keys, what is worked out, columns left out."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.dashboard.api.asking import V1, done, error_of, import_file, send

NAMES = "Name,Birth date,Last order,Total spent,Note\n" + "".join(
    f"Person {n % 20},19{50 + n % 40}-0{n % 9 + 1}-02,2024-0{n % 3 + 1}-{n % 28 + 1:02},{10 * n}.50,secret {n}\n" for n in range(60)
)


def test_columns_are_decided_on_an_upload_and_kept_with_the_dataset(client: FlaskClient) -> None:
    upload = send(client, NAMES)
    assert upload["keys"] == ["Name+Birth date"]
    assert [(each["name"], each["is_on"]) for each in upload["derived"]] == [("age", True), ("recency_days", True)]
    changes = {"customer": "Name+Birth date", "derived": {"age": False}, "leave_out": ["Note"]}
    changed = client.patch(f"{V1}/uploads/{upload['upload_id']}", json=changes).json
    assert [column["role"] for column in changed["columns"]] == [None, "birth_date", "last_order", "amount", "customer"]
    assert changed["choices"]["leave_out"] == ["Note"]
    assert "secret" not in str(changed["preview"]) + str(changed["columns"])
    ordered = client.post(f"{V1}/datasets", json={"upload_id": upload["upload_id"]}).json
    dataset = client.get(f"{V1}/datasets/{done(client, ordered['job_id'])['dataset_id']}").json
    assert dataset["derived"] == changed["derived"]
    assert dataset["derived"][0] == {
        "name": "age",
        "label": "age",
        "formula": 'full years from "Birth date" to 28 March 2024',
        "headers": ["Birth date"],
        "is_on": False,
    }
    assert dataset["mapping"]["customer"] == "Name + Birth date"


def test_an_import_takes_the_same_as_options(client: FlaskClient) -> None:
    options = {"derived": {"recency_days": False}, "leave_out": ["Note"]}
    dataset_id = import_file(client, NAMES, mapping={"customer": "Name+Birth date"}, options=options)
    dataset = client.get(f"{V1}/datasets/{dataset_id}").json
    assert {each["name"]: each["is_on"] for each in dataset["derived"]} == {"age": True, "recency_days": False}
    assert "Note" not in dataset["mapping"].values()


def test_what_cannot_be_decided_of_columns_is_refused_in_words(client: FlaskClient) -> None:
    upload = send(client, NAMES)
    answer = client.patch(f"{V1}/uploads/{upload['upload_id']}", json={"derived": {"shoes": True}})
    assert 400 <= answer.status_code < 500
    assert "shoes" in str(error_of(answer, answer.status_code))
    changed = client.patch(f"{V1}/uploads/{upload['upload_id']}", json={"customer": "Name+Shoes"}).json
    assert changed["error"]["code"] == "unknown_column"
