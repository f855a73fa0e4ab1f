"""Customers as a list: who is found, in which order, with how much money, and what somebody without the right to export can learn."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import numpy as np
import pytest

from dashboard.context import Context
from dashboard.queries.customer import load_customer
from dashboard.queries.customer_list import FIRST_ORDER, ID, LAST_ORDER, Kept
from dashboard.queries.customers import Found, Wanted, find_customers, read_rows, read_sort
from dashboard.queries.datasets import find_shown
from dashboard.queries.overview import load_overview
from dashboard.workflows.datasets import ImportRequest, request_import
from dashboard.workflows.doing import finish_own_job
from dashboard.workflows.runs import request_run
from dashboard.workflows.staging import staged
from database.datasets import Dataset
from segmentation.errors import ForbiddenError, InvalidInputError, NotFoundError
from segmentation.measures.filters import read_filter
from segmentation.measures.recipe import Recipe
from tests.dashboard.making import small_list, small_log

on_one_store = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)

PEOPLE = """ID;First name;Email;Country;Age;Spend;Signup date
c3;Ann;ann@example.org;France;31;10,50;2024-03-01
c1;Bob;bob@example.org;Spain;;300;2023-12-24
c2;Élise;elise@example.org;france;31;;
c4;;;France;58;20,25;2024-01-15
007;Zoë;zoe.ann@example.org;Spain;20;1000;2022-05-05
"""


def load(context: Context, tmp_path: Any, text: str) -> Dataset:
    path = tmp_path / "file.csv"
    path.write_text(text)
    with staged(context, path) as file:
        finish_own_job(context, request_import(context, ImportRequest(file, "Shop")))
    shown = find_shown(context)
    assert shown is not None
    return shown.dataset


def found(context: Context, dataset: Dataset, *, personal: bool = True, **asked: str) -> Found:
    sort, is_down = read_sort(asked.get("sort", ""))
    wanted = Wanted(read_filter(asked.get("filter", "")), asked.get("search", ""), sort, is_down, personal)
    return find_customers(context, dataset, None, wanted)


def ids(context: Context, dataset: Dataset, **asked: Any) -> list[str]:
    here = found(context, dataset, **asked)
    return [row[0] for row in read_rows(here, here.places, [here.customers.columns[ID]], True)]


def test_everybody_by_id_and_every_column_both_ways(context: Context, tmp_path: Any) -> None:
    people = load(context, tmp_path, PEOPLE)
    assert ids(context, people) == ["007", "c1", "c2", "c3", "c4"]
    assert ids(context, people, sort=f"-{ID}") == ["c4", "c3", "c2", "c1", "007"]
    assert ids(context, people, sort="monetary_total") == ["c3", "c4", "c1", "007", "c2"]
    assert ids(context, people, sort="-monetary_total") == ["007", "c1", "c4", "c3", "c2"]
    assert ids(context, people, sort="age") == ["007", "c2", "c3", "c4", "c1"]
    assert ids(context, people, sort="-age") == ["c4", "c2", "c3", "007", "c1"]
    assert ids(context, people, sort="first_name") == ["c3", "c1", "c2", "007", "c4"]
    assert ids(context, people, sort="country") == ["c2", "c3", "c4", "007", "c1"]
    assert ids(context, people, sort="-signup_date") == ["c3", "c4", "c1", "007", "c2"]


def test_nobody_waits_for_a_list_that_somebody_else_opens() -> None:
    kept: Kept[str] = Kept(2)
    has_begun, may_end = Event(), Event()

    def make_slowly() -> str:
        has_begun.set()
        assert may_end.wait(20)
        return "large"

    with ThreadPoolExecutor(3) as pool:
        slow = pool.submit(kept.find, "large", make_slowly)
        assert has_begun.wait(20)
        assert pool.submit(kept.find, "small", lambda: "small").result(20) == "small"
        again = pool.submit(kept.find, "large", lambda: "made twice")
        may_end.set()
        assert (slow.result(20), again.result(20)) == ("large", "large")


def test_what_could_not_be_made_is_made_when_it_is_asked_for_again() -> None:
    kept: Kept[int] = Kept(2)
    with pytest.raises(ZeroDivisionError):
        kept.find("a", lambda: 1 // 0)
    assert kept.find("a", lambda: 5) == 5
    assert [kept.find(name, lambda: 7) for name in "bc"] == [7, 7]
    assert kept.find("a", lambda: 6) == 6, "the one asked for longest ago is forgotten"


@on_one_store
def test_ids_that_are_numbers_stand_in_their_order(context: Context, tmp_path: Any) -> None:
    numbers = load(context, tmp_path, "ID,Level,Spend\n10,b,1\n9,b,1\n007,a,2\n7,a,2\n100,b,2\n")
    assert ids(context, numbers) == ["007", "7", "9", "10", "100"]
    assert ids(context, numbers, sort="-@id") == ["100", "10", "9", "7", "007"]
    assert ids(context, numbers, sort="monetary_total") == ["9", "10", "007", "7", "100"], "those with the same value by their id"
    assert ids(context, numbers, sort="-monetary_total") == ["007", "7", "100", "9", "10"]
    one = load_customer(context, numbers, None, Wanted(sees_personal=True), {"customer": "9"})
    assert (one.number, one.before, one.after) == (3, {"customer": "7"}, {"customer": "10"})


@on_one_store
def test_a_search_looks_into_ids_and_texts_in_small_or_capital_letters_with_or_without_accents(context: Context, tmp_path: Any) -> None:
    people = load(context, tmp_path, PEOPLE)
    assert ids(context, people, search="ANN") == ["007", "c3"]
    assert ids(context, people, search="éLISE") == ["c2"]
    assert ids(context, people, search="elise") == ["c2"]
    assert ids(context, people, search="ZOE") == ids(context, people, search="zoë") == ["007"]
    assert ids(context, people, search="C1") == ["c1"]
    assert ids(context, people, search=" france ") == ["c2", "c3", "c4"]
    assert ids(context, people, search="%") == []
    assert ids(context, people, search=".*") == []
    assert ids(context, people, search="france", filter="age:50..", sort="-age") == ["c4"]


@on_one_store
def test_a_first_and_a_last_name_find_who_has_both(context: Context, tmp_path: Any) -> None:
    text = "ID,First name,Last name,City,Spend\n1,Ann,Lee,New York,1\n2,Ann,Poe,York,2\n3,Bob,Lee,New Town,3\n4,Ann Lee,Orr,Rome,4\n"
    people = load(context, tmp_path, text)
    assert ids(context, people, search="bob lee") == ["3"]
    assert ids(context, people, search="POE  ann") == ["2"]
    assert ids(context, people, search="ann york") == ["1", "2"]
    assert ids(context, people, search="ann lee") == ["4"], "as it stands in a cell, where it stands in any"
    assert ids(context, people, search="ann nobody") == []
    assert ids(context, people, search="bob lee", personal=False) == []
    assert ids(context, people, search=" ".join("abcdefghi")) == []


@on_one_store
def test_values_are_those_of_the_file(context: Context, tmp_path: Any) -> None:
    people = load(context, tmp_path, PEOPLE)
    here = found(context, people)
    names = ("first_name", "age", "monetary_total", "signup_date")
    rows = read_rows(here, here.places[:3], [here.customers.columns[name] for name in names], True)
    assert rows == [["Zoë", 20.0, 1000.0, "2022-05-05"], ["Bob", None, 300.0, "2023-12-24"], ["Élise", 31.0, None, None]]
    assert here.customers.columns["monetary_total"].kind == "money"
    assert here.revenue == here.revenue_of_all == 1330.75


@on_one_store
@pytest.mark.parametrize("asked", ["", "country:France", "product:p1", "@month:2024-02|2024-05;country:France", "country:007;product:p2"])
def test_customers_and_money_are_those_of_the_overview(context: Context, tmp_path: Any, asked: str) -> None:
    dataset = load(context, tmp_path, small_log())
    here, overview = found(context, dataset, filter=asked), load_overview(context, dataset, read_filter(asked))
    kpis = {kpi.name: kpi.value for kpi in overview.kpis}
    assert (here.n, here.revenue) == (overview.n_customers, pytest.approx(kpis["revenue"], abs=1e-9))
    assert here.has_lines_filter is ("product" in asked or "@month" in asked)


@on_one_store
def test_the_money_of_a_list_is_that_of_the_overview(context: Context, tmp_path: Any) -> None:
    dataset = load(context, tmp_path, small_list())
    for asked in ("", "city:Town 1", "age:..30"):
        kpis = {kpi.name: kpi.value for kpi in load_overview(context, dataset, read_filter(asked)).kpis}
        assert found(context, dataset, filter=asked).revenue == kpis["revenue"]


@on_one_store
def test_a_log_has_first_and_last_orders(context: Context, tmp_path: Any) -> None:
    log = "Order,Date,Customer,Amount\n1,2024-03-05,b,5\n2,2024-01-02,b,7\n3,2023-12-31,a,1\n4,2024-02-02,c,3\n"
    here = found(context, load(context, tmp_path, log), sort=LAST_ORDER)
    rows = read_rows(here, here.places, [here.customers.columns[name] for name in (ID, FIRST_ORDER, LAST_ORDER)], True)
    assert rows == [["a", "2023-12-31", "2023-12-31"], ["c", "2024-02-02", "2024-02-02"], ["b", "2024-01-02", "2024-03-05"]]


@on_one_store
def test_without_the_right_to_export_nobody_can_be_told(context: Context, tmp_path: Any) -> None:
    people = load(context, tmp_path, PEOPLE)
    assert ids(context, people, search="zoe.ann") == ["007"]  # into the caches
    assert ids(context, people, sort="first_name")
    assert ids(context, people, search="zoe.ann", personal=False) == []
    assert ids(context, people, search="Zoë", personal=False) == []
    assert ids(context, people, search="spain", personal=False) == ["007", "c1"]
    for asked in ({"sort": "first_name"}, {"sort": "-email"}, {"filter": "email:bob@example.org"}, {"filter": "first_name:Ann"}):
        with pytest.raises(ForbiddenError):
            found(context, people, personal=False, **asked)
    here = found(context, people, personal=False)
    columns = [here.customers.columns[name] for name in ("first_name", "email", "country")]
    assert read_rows(here, here.places[:1], columns, False) == [[None, None, "Spain"]]
    assert not any("@" in str(value) for value in load_customer(context, people, None, Wanted(), {"customer": "c1"}).title)


@on_one_store
def test_ids_that_are_addresses_are_named_by_their_place(context: Context, tmp_path: Any) -> None:
    people = load(context, tmp_path, "Email;Age;Spend\nann@example.org;20;5\nbob@example.org;30;6\n")
    assert found(context, people).customers.columns[ID].is_personal
    one = load_customer(context, people, None, Wanted(), {"at": "1-0"})
    assert (one.title, one.before, one.after) == ("Customer 2", {"at": "0-0"}, None)
    assert load_customer(context, people, None, Wanted(sees_personal=True), {"at": "1-0"}).title == "bob@example.org"
    assert ids(context, people, search="bob", personal=False) == []


@on_one_store
def test_what_cannot_be_is_said(context: Context, tmp_path: Any) -> None:
    people = load(context, tmp_path, PEOPLE)
    for asked in ({"sort": "password"}, {"sort": "@segment"}, {"filter": "nothing:1"}, {"search": "x" * 201}):
        with pytest.raises(InvalidInputError):
            found(context, people, **asked)
    for name in ({"customer": "c9"}, {"customer": ""}, {"at": "5-0"}, {"at": "0-1"}, {"at": "-1-0"}, {"at": "²-0"}, {}):
        with pytest.raises(NotFoundError):
            load_customer(context, people, None, Wanted(), name)


@on_one_store
def test_sorting_by_segment_follows_the_order_of_money(context: Context, tmp_path: Any) -> None:
    dataset = load(context, tmp_path, small_log())
    finish_own_job(context, request_run(context, dataset.id, Recipe(n_clusters=3)))
    shown = find_shown(context)
    assert shown is not None
    here = find_customers(context, dataset, shown.run, Wanted(sort="@segment"))
    segments = [row[0] for row in read_rows(here, here.places, [here.customers.columns["@segment"]], True)]
    order = [segment.segment_id for segment in here.segments]
    assert list(dict.fromkeys(segments)) == order
    for segment in here.segments:
        assert segments.count(segment.segment_id) == segment.size
        chosen = find_customers(context, dataset, shown.run, Wanted(read_filter(f"@segment:{segment.segment_id}")))
        assert chosen.n == segment.size


@on_one_store
def test_one_customer_stands_among_all(context: Context, tmp_path: Any) -> None:
    people = load(context, tmp_path, PEOPLE)
    one = load_customer(context, people, None, Wanted(sort="monetary_total", sees_personal=True), {"customer": "c1"})
    spend = next(each for each in one.standings if each.column.name == "monetary_total")
    assert (spend.value, spend.below, spend.equal, spend.n) == (300.0, 0.5, 0.25, 4)
    assert "age" not in [each.column.name for each in one.standings]
    assert (one.number, one.n_listed, one.before, one.after) == (3, 5, {"customer": "c4"}, {"customer": "007"})
    assert one.history is None
    outside = load_customer(context, people, None, Wanted(read_filter("country:France")), {"customer": "c1"})
    assert (outside.number, outside.before, outside.after) == (None, None, None)


@on_one_store
def test_a_history_holds_every_order(context: Context, tmp_path: Any) -> None:
    log = (
        "Order,Date,Customer,Product,Quantity,Unit price\n1,2024-03-05,007,p1,2,2.50\n1,2024-03-05,007,p2,1,7.00\n"
        "2,2023-11-30,007,p1,1,2.50\n3,2024-03-05,a/b?c,p1,1,2.50\n"
    )
    dataset = load(context, tmp_path, log)
    history = load_customer(context, dataset, None, Wanted(), {"customer": "007"}).history
    assert history is not None
    assert [(order.name, order.day, order.money, order.n_lines) for order in history.orders] == [
        ("1", "2024-03-05", 12.0, 2),
        ("2", "2023-11-30", 2.5, 1),
    ]
    assert history.headers == [("Product", False), ("Quantity", True), ("Unit price", True)]
    assert history.orders[0].lines == [["p1", 2.0, 2.5, 5.0], ["p2", 1.0, 7.0, 7.0]]
    assert history.spend == [("2023-11", 2.5), ("2023-12", 0.0), ("2024-01", 0.0), ("2024-02", 0.0), ("2024-03", 12.0)]
    assert load_customer(context, dataset, None, Wanted(), {"customer": "a/b?c"}).history.n_lines == 1


@on_one_store
def test_order_does_not_depend_on_the_way_there(context: Context, tmp_path: Any) -> None:
    dataset = load(context, tmp_path, small_log())
    for column in found(context, dataset).customers.columns:
        if column == "@segment":
            continue
        up, down = (found(context, dataset, sort=f"{sign}{column}").places for sign in ("", "-"))
        assert sorted(up) == sorted(down) == list(range(60))
        some = found(context, dataset, sort=column, filter="country:France").places
        assert list(some) == [place for place in up if place in set(some)]
        assert np.unique(some).size == 20
