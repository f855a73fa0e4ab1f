"""The next file of a dataset: added or put in its place, what changed said, taken back; and two files joined into one."""

from __future__ import annotations

import csv
import io
from typing import Any

from flask.testing import FlaskClient

from tests.dashboard.api.asking import V1, done, error_of, segment, send
from tests.dashboard.making import small_list, small_log

LOG = """order,date,customer,price,quantity
1,2024-01-01,a,3.00,2
1,2024-01-01,b,4.00,1
2,2024-01-02,c,5.00,1
3,2024-01-02,,5.00,1
"""
MORE = """order;date;customer;price;quantity
2;31.01.2024;c;7,50;2
4;01.02.2024;d;1,00;1
5;13.02.2024;a;2,25;4
6;never;a;2,25;4
"""


def imported(client: FlaskClient, text: str, file: str = "orders.csv", **order: Any) -> str:
    upload = send(client, text, file)
    ordered = client.post(f"{V1}/datasets", json={"upload_id": upload["upload_id"], **order})
    assert ordered.status_code == 202, ordered.json
    found: str = done(client, ordered.json["job_id"])["dataset_id"]
    return found


def facts(client: FlaskClient, dataset_id: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"{V1}/datasets/{dataset_id}").json
    return found


def rows(client: FlaskClient, address: str) -> list[dict[str, str]]:
    answer = client.get(f"{V1}/{address}")
    assert answer.status_code == 200, answer.json
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_rows_are_added_and_the_newer_order_wins(client: FlaskClient) -> None:
    first = imported(client, LOG)
    second = imported(client, MORE, append_to=first)
    found = facts(client, second)
    assert found["parent_id"] == first
    assert (found["rows_read"], found["rows_kept"], found["rows_rejected"]) == (3 + 4, 2 + 3, 2)
    assert found["revenue"] == 3 * 2 + 4 + 7.5 * 2 + 1 + 2.25 * 4
    assert (found["customers"], found["date_min"], found["date_max"]) == (4, "2024-01-01", "2024-02-13")
    assert [(row["row"], row["value"], row["reason"][:26]) for row in rows(client, f"datasets/{second}/rejected.csv")] == [
        ("3", "2", "a row of the version befor"),
        ("5", "never", "no date that can be read"),
    ]
    assert facts(client, first)["rows_kept"] == 3, "the version before stays as it was"


def test_what_changed_is_said_and_listed(client: FlaskClient) -> None:
    first = imported(client, LOG)
    second = imported(client, MORE, append_to=first)
    changes = facts(client, second)["changes"]
    assert {name: changes[name] for name in ("n_before", "n_after", "n_new", "n_gone", "n_changed", "n_same")} == {
        "n_before": 3, "n_after": 4, "n_new": 1, "n_gone": 0, "n_changed": 2, "n_same": 1,
    }  # fmt: skip
    listed = {row["customer_id"]: row for row in rows(client, f"datasets/{second}/changes.csv")}
    assert {name: row["change"] for name, row in listed.items()} == {"a": "changed", "c": "changed", "d": "new"}
    assert (listed["a"]["monetary_total_before"], listed["a"]["monetary_total_after"]) == ("6", "15")
    assert "total spend" in listed["c"]["changed"]
    assert facts(client, first)["changes"] is None
    assert client.get(f"{V1}/datasets/{first}/changes.csv").status_code == 404


def test_the_look_at_a_file_says_what_adding_it_would_give(client: FlaskClient) -> None:
    first = imported(client, LOG)
    upload = send(client, MORE, "more.csv")
    assert upload["recalled"]["dataset_id"] == first
    assert upload["outcome"]["rows_earlier"] == 0
    changed = client.patch(f"{V1}/uploads/{upload['upload_id']}", json={"append_to": first}).json
    assert (changed["outcome"]["rows_earlier"], changed["outcome"]["rows_kept"]) == (3, 5)
    assert changed["outcome"]["changes"]["n_new"] == 1
    assert changed["preview"][0]["cells"][0] == "2", "the first rows shown are those of the file"
    second = done(client, client.post(f"{V1}/datasets", json={"upload_id": upload["upload_id"]}).json["job_id"])["dataset_id"]
    found = facts(client, second)
    assert found["parent_id"] == first
    assert found["receipt"] == changed["outcome"]["receipt"]


def test_the_same_rows_added_twice_change_nothing(client: FlaskClient) -> None:
    first = imported(client, LOG)
    second = imported(client, MORE, append_to=first)
    third = imported(client, MORE, append_to=second)
    assert third != second
    assert {facts(client, each)["revenue"] for each in (second, third)} == {35.0}
    assert facts(client, third)["changes"]["n_same"] == 4
    assert imported(client, MORE, append_to=second) == third, "the same file below the same version is one version"


def test_a_list_is_brought_up_to_date_and_its_cells_stay(client: FlaskClient) -> None:
    first = imported(client, small_list(), "people.csv")
    newer = "ID;Income;Newsletter\nc003;31000,25;yes\nc777;1,00;no\n"
    second = imported(client, newer, "newer.csv", append_to=first)
    found = facts(client, second)
    assert (found["customers"], found["rows_rejected"]) == (61, 1)
    labelled = {
        row["customer_id"]: row for row in rows(client, f"runs/{segment(client, second, n_clusters=2, features=['Spend'])}/customers.csv")
    }
    assert (labelled["c003"]["Zip"], labelled["c003"]["City"], labelled["c003"]["Income"], labelled["c003"]["Newsletter"]) == (
        "00003",
        "Town 3",
        "31000.25",
        "yes",
    )
    assert (labelled["c777"]["City"], labelled["c777"]["Income"]) == ("", "1.00")
    assert (labelled["c010"]["Zip"], labelled["c010"]["Income"]) == ("00010", "27310.50")
    assert found["changes"]["columns_new"] == ["Newsletter"]


def test_a_version_is_replaced_and_that_is_taken_back(client: FlaskClient) -> None:
    first = imported(client, small_list(60), "people.csv")
    second = imported(client, small_list(50), "people.csv", replaces=first)
    found = facts(client, second)
    assert (found["parent_id"], found["customers"]) == (first, 50)
    assert (found["changes"]["n_gone"], found["changes"]["n_same"]) == (10, 50)
    assert client.delete(f"{V1}/datasets/{second}").status_code == 204
    assert [each["dataset_id"] for each in client.get(f"{V1}/datasets").json["datasets"]] == [first]


def test_a_version_in_the_middle_goes_and_the_line_holds(client: FlaskClient) -> None:
    ids = [imported(client, small_list(40), "people.csv")]
    for n in (41, 42):
        ids.append(imported(client, small_list(n), "people.csv", replaces=ids[-1]))
    client.delete(f"{V1}/datasets/{ids[1]}")
    assert facts(client, ids[2])["parent_id"] == ids[0]


def test_orders_and_customers_are_joined(client: FlaskClient) -> None:
    people = send(client, "customer id,age,city\na,30,Bonn\nb,40,Bern\nz,50,Wien\n", "people.csv")
    orders = send(client, LOG, "orders.csv")
    joined = client.patch(f"{V1}/uploads/{orders['upload_id']}", json={"details": people["upload_id"]}).json
    assert [column["header"] for column in joined["columns"]][-2:] == ["age", "city"]
    assert {each["code"]: each["count"] for each in joined["findings"] if each["code"].startswith(("details", "without"))} == {
        "details_joined": 2, "without_details": 1, "without_orders": 1,
    }  # fmt: skip
    dataset_id = done(client, client.post(f"{V1}/datasets", json={"upload_id": orders["upload_id"]}).json["job_id"])["dataset_id"]
    found = facts(client, dataset_id)
    assert (found["kind"], found["customers"], found["revenue"]) == ("transactions", 3, 15.0)
    assert found["mapping"]["age"] == "age"


def test_the_wrong_way_round_is_said(client: FlaskClient) -> None:
    people = send(client, "customer id,age,city\na,30,Bonn\nb,40,Bern\n", "people.csv")
    orders = send(client, LOG, "orders.csv")
    changed = client.patch(f"{V1}/uploads/{people['upload_id']}", json={"details": orders["upload_id"]}).json
    assert changed["error"]["code"] == "not_joinable"
    assert '"orders.csv" is the order log' in changed["error"]["title"]


def test_how_a_shape_was_read_is_remembered_and_can_be_forgotten(client: FlaskClient) -> None:
    text = "Kdnr,Wann,Was,Wert\n" + "".join(f"{i % 7},0{i % 9 + 1}/0{i % 8 + 1}/2024,p{i},{i}.50\n" for i in range(40))
    upload = send(client, text, "a.csv")
    assert any(each["code"] == "ambiguous_dates" for each in upload["findings"]) or upload["kind"] is None
    choices = {"customer": "Kdnr", "roles": {"date": "Wann", "amount": "Wert"}, "date_order": "mdy", "rules": {"negative_amount": False}}
    client.patch(f"{V1}/uploads/{upload['upload_id']}", json=choices)
    done(client, client.post(f"{V1}/datasets", json={"upload_id": upload["upload_id"], "name": "Kasse"}).json["job_id"])
    again = send(client, text.replace("p3", "q3"), "b.csv")
    assert again["recalled"]["name"] == "Kasse"
    assert (again["choices"]["customer"], again["choices"]["date_order"], again["choices"]["rules"]) == (
        "Kdnr",
        "mdy",
        {"negative_amount": False},
    )
    assert again["outcome"]["mapping"] == {"customer": "Kdnr", "date": "Wann", "amount": "Wert"}
    forgotten = client.patch(f"{V1}/uploads/{again['upload_id']}", json={"recall": False, **dict.fromkeys(choices)}).json
    assert forgotten["recalled"] is None
    assert "customer" not in forgotten["choices"]


def test_a_shape_that_drifted_is_read_as_before_with_a_warning(client: FlaskClient) -> None:
    imported(client, small_log(), "a.csv", name="Shop")
    drifted = send(client, small_log(seed=2).replace("Points", "Stars", 1), "b.csv")
    assert (drifted["recalled"]["new"], drifted["recalled"]["gone"]) == (["Stars"], ["Points"])
    [finding] = [each for each in drifted["findings"] if each["code"] == "shape_drifted"]
    assert (finding["severity"], finding["count"]) == ("warning", 2)
    other = send(client, small_list(), "c.csv")
    assert other["recalled"] is None


def test_both_ways_at_once_and_unknown_versions_are_refused(client: FlaskClient) -> None:
    first = imported(client, LOG)
    upload = send(client, MORE, "more.csv")["upload_id"]
    both = client.post(f"{V1}/datasets", json={"upload_id": upload, "append_to": first, "replaces": first})
    assert error_of(both, 400)["code"] == "bad_choice"
    assert client.post(f"{V1}/datasets", json={"upload_id": upload, "append_to": "gone"}).status_code == 404
    other = send(client, small_list(), "list.csv")
    changed = client.patch(f"{V1}/uploads/{other['upload_id']}", json={"append_to": first}).json
    assert changed["error"]["code"] == "other_kind"
