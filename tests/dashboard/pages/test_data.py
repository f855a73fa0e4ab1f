"""The Data page from the file sent to the receipt: what it shows at each step, what each answer changes, what is deleted."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from dash import no_update
from dash.development.base_component import Component

from dashboard.context import Context
from dashboard.pages.data import choose, follow, render
from dashboard.queries.uploads import list_waiting_uploads
from dashboard.workflows.cancelling import cancel_job
from dashboard.workflows.demo import request_demo
from dashboard.workflows.tidying import drop_dataset
from dashboard.workflows.uploads import discard_upload, receive_upload, request_inspection, request_upload_import
from database.engine import read
from database.jobs import load_job
from database.uploads import load_upload
from segmentation.errors import NotFoundError
from tests.dashboard.making import small_list, small_log
from tests.dashboard.working import work_off

AMBIGUOUS = "Order,Date,Customer,Amount\n" + "".join(f"o{n},{n % 12 + 1:02}/{n * 5 % 12 + 1:02}/2024,c{n % 7},{n}.50\n" for n in range(40))
NOBODY = "job,age,balance\n" + "".join(f"clerk,{20 + n},{100 * n}\n" for n in range(30))


def parts(drawn: Any) -> Iterator[Any]:
    """Walk through everything drawn."""
    if isinstance(drawn, (list, tuple)):
        for each in drawn:
            yield from parts(each)
    elif drawn is not None:
        yield drawn
        if isinstance(drawn, Component):
            yield from parts(getattr(drawn, "children", None))
            yield from parts(getattr(drawn, "label", None))


def words(drawn: Any) -> str:
    return " ".join(part for part in parts(drawn) if isinstance(part, str))


def controls(drawn: Any) -> dict[str, Any]:
    """The value of each control by its name."""
    found = [part for part in parts(drawn) if isinstance(getattr(part, "id", None), dict) and part.id["type"] == "choice"]
    return {part.id["name"]: part.value for part in found}


def has(drawn: Any, component_id: Any) -> bool:
    return any(getattr(part, "id", None) == component_id for part in parts(drawn))


def sent(context: Context, text: str, name: str = "orders.csv") -> str:
    upload = receive_upload(context, io.BytesIO(text.encode()), name)
    request_inspection(context, upload.id)
    return upload.id


def looked_at(context: Context, text: str) -> str:
    upload_id = sent(context, text)
    work_off(context)
    return upload_id


def imported(context: Context, text: str, name: str | None = None) -> tuple[str, Any]:
    upload_id = looked_at(context, text)
    job = request_upload_import(context, upload_id, name)
    work_off(context)
    with read(context.engine) as conn:
        return upload_id, load_job(conn, job.id)


def test_an_empty_store_offers_a_file_and_the_demo(context: Context) -> None:
    page = render(context, {})
    assert "Drop a file here" in words(page)
    assert "up to 500 MB" in words(page)
    assert has(page, "load-demo")


def test_while_the_file_is_looked_at_the_page_follows(context: Context) -> None:
    upload_id = sent(context, small_log())
    page = render(context, {"upload": upload_id})
    assert "Waiting for its turn." in words(page)
    assert has(page, "data-look")
    progress, whole_page, address = follow(context, {"upload": upload_id})
    assert (whole_page, address) == (no_update, no_update)
    work_off(context)
    progress, whole_page, address = follow(context, {"upload": upload_id})
    assert progress is no_update
    assert has(whole_page, "data-import")
    assert not has(whole_page, "data-look")


def test_columns_and_receipt_of_a_log(context: Context) -> None:
    page = render(context, {"upload": looked_at(context, small_log())})
    told = words(page)
    values = controls(page)
    assert [values[f"column.{place}"] for place in range(8)] == [
        "order", "date", "customer", "product", "quantity", "price", "country", "none",
    ]  # fmt: skip
    assert "an order log" in told
    assert "No customer" in told
    read_, kept, aside = numbers_of_sentence(told)
    assert (read_, aside) == (kept + aside, 3)
    assert f"Import {kept:,} rows" in told
    assert "Customer" in told
    assert "0001" in told


def numbers_of_sentence(told: str) -> tuple[int, int, int]:
    sentence = told.split("Every row is accounted for: ")[1].split(" set aside", maxsplit=1)[0]
    read_, rest = sentence.split(" = ")
    kept, aside = rest.replace(" kept", "").split(" + ")
    return tuple(int(text.replace(",", "")) for text in (read_, kept, aside))  # type: ignore[return-value]


def test_another_meaning_is_looked_at_and_can_be_taken_back(context: Context) -> None:
    upload_id = looked_at(context, small_log())
    before = controls(render(context, {"upload": upload_id}))
    assert choose(context, upload_id, before) is no_update
    page = choose(context, upload_id, {**before, "column.6": "region", "column.7": "rating"})
    assert has(page, "data-look")
    work_off(context)
    after = controls(render(context, {"upload": upload_id}))
    assert (after["column.6"], after["column.7"]) == ("region", "rating")
    choose(context, upload_id, {**after, "column.6": "country", "column.7": "none"})
    work_off(context)
    again = controls(render(context, {"upload": upload_id}))
    assert {name: value for name, value in again.items() if name.startswith("column.")} == {
        name: value for name, value in before.items() if name.startswith("column.")
    }


def test_rules_and_returns_change_the_receipt(context: Context) -> None:
    upload_id = looked_at(context, small_log())
    before = controls(render(context, {"upload": upload_id}))
    assert before["rule.non_positive_quantity"] is True
    choose(context, upload_id, {**before, "rule.non_positive_quantity": False})
    work_off(context)
    page = render(context, {"upload": upload_id})
    assert numbers_of_sentence(words(page))[2] == 2
    assert controls(page)["rule.non_positive_quantity"] is False
    choose(context, upload_id, {**controls(page), "rule.non_positive_quantity": True})
    work_off(context)
    assert numbers_of_sentence(words(render(context, {"upload": upload_id})))[2] == 3


def test_what_the_data_leave_open_is_asked(context: Context) -> None:
    upload_id = looked_at(context, AMBIGUOUS)
    page = render(context, {"upload": upload_id})
    assert "1 answer needed below" in words(page)
    assert has(page, {"type": "answer", "name": "date_order", "value": "mdy"})
    choose(context, upload_id, {"date_order": "mdy"})
    work_off(context)
    page = render(context, {"upload": upload_id})
    assert "needed below" not in words(page)
    assert controls(page)["date_order"] == "mdy"


def test_without_a_customer_each_row_can_be_one(context: Context) -> None:
    upload_id = looked_at(context, NOBODY)
    page = render(context, {"upload": upload_id})
    assert not has(page, "data-import")
    assert "--" not in words(page)
    assert has(page, {"type": "answer", "name": "customer", "value": "row"})
    choose(context, upload_id, {"customer": "row"})
    work_off(context)
    assert "Import 30 rows" in words(render(context, {"upload": upload_id}))


def test_a_file_that_cannot_be_read_says_why_and_can_be_read_otherwise(context: Context) -> None:
    upload_id = looked_at(context, "\x00\x01\x02" * 500)
    page = render(context, {"upload": upload_id})
    assert "binary data" in words(page)
    assert "Choose another file" in words(page)
    assert "read.encoding" in controls(page)
    assert not has(page, "data-import")


def test_an_import_is_followed_to_its_receipt(context: Context) -> None:
    upload_id = looked_at(context, small_log())
    job = request_upload_import(context, upload_id, "Spring orders")
    page = render(context, {"upload": upload_id})
    assert "Importing Spring orders" in words(page)
    assert has(page, {"type": "cancel-job", "job": job.id})
    assert "Importing Spring orders" in words(render(context, {}))
    work_off(context)
    *_, address = follow(context, {"job": job.id, "upload": upload_id})
    with read(context.engine) as conn:
        dataset_id = (load_job(conn, job.id).result or {})["dataset_id"]
    assert address == f"/data?receipt={dataset_id}"
    receipt = words(render(context, {"receipt": dataset_id}))
    read_, kept, aside = numbers_of_sentence(receipt)
    assert (read_ - kept, aside) == (3, 3)
    assert "Spring orders" in receipt
    assert "Rows set aside 3, with the reason, CSV" in receipt
    assert "Find segments" in receipt
    listed = words(render(context, {}))
    assert "Spring orders" in listed
    assert "order log" in listed


def test_the_same_file_again_is_said(context: Context) -> None:
    _, first = imported(context, small_list())
    upload_id, second = imported(context, small_list(), "Another name")
    assert (second.result or {})["dataset_id"] == (first.result or {})["dataset_id"]
    *_, address = follow(context, {"job": second.id, "upload": upload_id})
    assert address.endswith("&known=1")
    assert "already there" in words(render(context, {"receipt": first.result["dataset_id"], "known": "1"}))


def test_a_cancelled_import_leads_back_to_the_file(context: Context) -> None:
    upload_id = looked_at(context, small_log())
    job = request_upload_import(context, upload_id)
    cancel_job(context, job.id)
    _, page, address = follow(context, {"job": job.id, "upload": upload_id})
    assert has(page, "data-import")
    assert address is no_update


def test_deleting_says_what_goes_and_leaves_nothing(context: Context) -> None:
    _, job = imported(context, small_log())
    dataset_id = (job.result or {})["dataset_id"]
    page = render(context, {})
    assert "This deletes 60 customers. It cannot be undone." in words(page)
    assert has(page, {"type": "delete", "dataset": dataset_id})
    drop_dataset(context, dataset_id)
    assert "Drop a file here" in words(render(context, {}))
    with pytest.raises(NotFoundError):
        render(context, {"receipt": dataset_id})


def test_the_demo_is_loaded_with_its_run_and_marked(context: Context) -> None:
    job = request_demo(context)
    assert request_demo(context).id == job.id
    assert "Loading the demo shop" in words(render(context, {"job": job.id}))
    work_off(context)
    *_, address = follow(context, {"job": job.id})
    with read(context.engine) as conn:
        result = load_job(conn, job.id).result or {}
    assert address == f"/?dataset={result['dataset_id']}"
    listed = words(render(context, {}))
    assert "Demo shop demo order log" in listed
    assert "See segments" in listed


def test_choices_are_kept_with_the_file(context: Context) -> None:
    upload_id = looked_at(context, small_list())
    choose(context, upload_id, {"decimal": ",", "read.delimiter": ";", "returns": "drop", "as_of": "2024-06-30"})
    with read(context.engine) as conn:
        assert load_upload(conn, upload_id).choices == {"read": {"delimiter": ";"}, "decimal": ",", "as_of": "2024-06-30"}


def test_the_currency_can_be_said(context: Context) -> None:
    upload_id = looked_at(context, small_log())
    assert controls(render(context, {"upload": upload_id}))["currency"] == "auto"
    choose(context, upload_id, {"currency": "EUR"})
    work_off(context)
    assert "€" in words(render(context, {"upload": upload_id}))
    job = request_upload_import(context, upload_id)
    work_off(context)
    with read(context.engine) as conn:
        dataset_id = (load_job(conn, job.id).result or {})["dataset_id"]
    assert "€" in words(render(context, {"receipt": dataset_id}))


def test_a_file_that_was_left_waits_until_it_is_imported(context: Context) -> None:
    upload_id = looked_at(context, small_log())
    page = render(context, {})
    assert "Files waiting for you" in words(page)
    assert f"/data?upload={upload_id}" in addresses(page)
    assert has(page, "load-demo"), "an empty store goes on offering the demo"
    job = request_upload_import(context, upload_id)
    assert f"/data?upload={upload_id}" not in addresses(render(context, {}))
    cancel_job(context, job.id)
    assert f"/data?upload={upload_id}" in addresses(render(context, {}))
    request_upload_import(context, upload_id)
    work_off(context)
    assert "Files waiting for you" not in words(render(context, {}))


def addresses(drawn: Any) -> set[str]:
    return {part.href for part in parts(drawn) if getattr(part, "href", None)}


def test_files_thrown_away_or_unreadable_do_not_wait(context: Context) -> None:
    discard_upload(context, looked_at(context, small_list()))
    looked_at(context, "\x00\x01\x02" * 500)
    assert "Files waiting for you" not in words(render(context, {}))


def test_of_many_waiting_files_the_newest_few(context: Context) -> None:
    sent_ids = [sent(context, small_list(), f"list {number}.csv") for number in range(7)]
    waiting = [upload.id for upload in list_waiting_uploads(context)]
    assert len(waiting) == 5
    assert set(waiting) < set(sent_ids)
    assert sent_ids[-1] in waiting
    assert sent_ids[0] not in waiting


def test_whoever_comes_back_to_an_imported_file_sees_its_receipt_and_is_not_sent_on(context: Context) -> None:
    upload_id, job = imported(context, small_log())
    for query in ({"upload": upload_id}, {"job": job.id}):
        assert not has(render(context, query), "data-look"), "it would send them forward again, and bar the way back"
    drawn = render(context, {"upload": upload_id})
    assert "Cleaning receipt" in words(drawn)
    assert not has(drawn, "data-import")
    assert f"/data?receipt={job.result['dataset_id']}" in addresses(render(context, {"job": job.id}))
    drop_dataset(context, job.result["dataset_id"])
    with pytest.raises(NotFoundError):
        render(context, {"upload": upload_id})


def test_work_that_is_gone_is_said_in_plain_words(context: Context) -> None:
    with pytest.raises(NotFoundError) as caught:
        render(context, {"job": "gone"})
    assert "job" not in f"{caught.value.title} {caught.value.detail} {caught.value.fix}"


def test_the_demo_is_offered_where_it_is_not_there(context: Context) -> None:
    imported(context, small_log())
    assert has(render(context, {}), "load-demo")
    request_demo(context)
    assert not has(render(context, {}), "load-demo"), "it is on its way"
    work_off(context)
    assert not has(render(context, {}), "load-demo")


PEOPLE = "Name,Date of birth,Last order,Total spent,Note\n" + "".join(
    f"P{n % 9},19{60 + n}-03-04,2024-02-{n + 1:02},{n * 3}.50,secret {n}\n" for n in range(20)
)


def test_what_is_worked_out_has_its_formula_and_a_switch(context: Context) -> None:
    upload_id = looked_at(context, PEOPLE)
    page = render(context, {"upload": upload_id})
    assert "Worked out for you" in words(page)
    assert 'full years from "Date of birth" to 21 February 2024' in words(page)
    assert (controls(page)["derived.age"], controls(page)["derived.recency_days"]) == (True, True)
    choose(context, upload_id, {**controls(page), "derived.age": False})
    work_off(context)
    page = render(context, {"upload": upload_id})
    assert (controls(page)["derived.age"], controls(page)["derived.recency_days"]) == (False, True)
    with read(context.engine) as conn:
        assert load_upload(conn, upload_id).choices["derived"] == {"age": False}


def test_other_keys_are_offered_where_no_column_says_who_the_customer_is(context: Context) -> None:
    upload_id = looked_at(context, PEOPLE)
    page = render(context, {"upload": upload_id})
    assert "By Name and Date of birth" in words(page)
    choose(context, upload_id, {"customer": "Name+Date of birth"})
    work_off(context)
    page = render(context, {"upload": upload_id})
    assert "Name + Date of birth" in words(page)
    assert "customers are told apart" not in words(page)


def test_a_column_left_out_is_nowhere_and_can_be_brought_back(context: Context) -> None:
    upload_id = looked_at(context, PEOPLE)
    choose(context, upload_id, {**controls(render(context, {"upload": upload_id})), "column.4": "leave-out"})
    work_off(context)
    page = render(context, {"upload": upload_id})
    assert "secret" not in words(page)
    assert "1 column is left out and not kept anywhere." in words(page)
    assert has(page, {"type": "answer", "name": "bring_back", "value": "Note"})
    choose(context, upload_id, {"bring_back": "Note"})
    work_off(context)
    assert "secret 3" in words(render(context, {"upload": upload_id}))
