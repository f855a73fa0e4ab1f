"""The Customers page: the list, its addresses, one customer, and what is hidden from those who may not export."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask, g

from dashboard.auth.permissions import OWNER, Actor
from dashboard.context import Context
from dashboard.figures.customer import draw_spend
from dashboard.formats import MISSING
from dashboard.pages import customers as page
from dashboard.pages.customers import choose_columns, read_page, start_download, write_columns
from dashboard.queries.customer_list import ID, load_list
from dashboard.queries.datasets import find_shown
from dashboard.queries.migration import find_migration
from dashboard.workflows.combining import Combination
from dashboard.workflows.datasets import ImportRequest, request_import
from dashboard.workflows.doing import finish_own_job
from dashboard.workflows.runs import request_run
from dashboard.workflows.staging import fetch_file, staged
from database.engine import read
from database.runs import find_assignment
from segmentation.measures.recipe import Recipe
from tests.dashboard.making import small_list, small_log
from tests.dashboard.pages.drawn import of_class, parts, words

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
VIEWER = Actor("somebody", "viewer")


@pytest.fixture(autouse=True)
def asker() -> Iterator[Any]:
    with Flask(__name__).app_context():
        g.actor = OWNER
        yield g


def load(context: Context, tmp_path: Any, text: str) -> str:
    path = tmp_path / "file.csv"
    path.write_text(text)
    with staged(context, path) as file:
        return str(finish_own_job(context, request_import(context, ImportRequest(file, "Shop")))["dataset_id"])


@pytest.fixture
def log(context: Context, tmp_path: Any) -> str:
    dataset_id = load(context, tmp_path, small_log())
    finish_own_job(context, request_run(context, dataset_id, Recipe(n_clusters=3)))
    return dataset_id


def find_assignment_of(context: Context, run_id: str, customer_id: str) -> int:
    with read(context.engine) as conn:
        return int(find_assignment(conn, run_id, customer_id)[0])


def rows(drawn: Any) -> list[list[str]]:
    (table,) = of_class(drawn, "people")
    return [[words(cell) for cell in row.children] for row in parts(table) if type(row).__name__ == "Tr"]


def links(component: Any) -> dict[str, str]:
    return {words(part): part.href for part in parts(component) if type(part).__name__ == "Link"}


def follow(address: str) -> dict[str, str]:
    assert urlsplit(address).path == page.PATH
    return dict(parse_qsl(urlsplit(address).query))


def shown(context: Context, **query: str) -> list[Any]:
    return page.render(context, query)


def test_an_empty_store_says_what_there_will_be(context: Context) -> None:
    assert "Look up every customer" in words(shown(context))


def test_the_list_counts_everybody_and_turns_pages(context: Context, log: str) -> None:
    drawn = shown(context)
    assert words(of_class(drawn, "left")).startswith("60 customers ")
    assert [row[0] for row in rows(drawn)[1:]] == [f"{number:04}" for number in range(50)]
    further = follow(links(of_class(drawn, "pager"))["Next"])
    assert further == {"page": "2"}
    second = shown(context, **further)
    assert [row[0] for row in rows(second)[1:]] == [f"{number:04}" for number in range(50, 60)]
    assert "51–60" in words(of_class(second, "pager"))
    assert [read_page(text, 60) for text in ("", "0", "-1", "3", "x", "9" * 30)] == [1, 1, 1, 2, 1, 1]


def test_a_head_sorts_and_keeps_the_rest_of_the_address(context: Context, log: str) -> None:
    drawn = shown(context, filter="country:France", search="0", page="2")
    to = follow(links(of_class(drawn, "people"))["Total spend , sort"])
    assert to == {"filter": "country:France", "search": "0", "sort": "-monetary_total"}
    table = shown(context, **to)
    place = rows(table)[0].index("Total spend ↓ , sort")
    spent = [float(row[place].replace(",", "")) for row in rows(table)[1:]]
    assert spent == sorted(spent, reverse=True)
    assert len(spent) == 20
    assert follow(links(of_class(table, "people"))["Total spend ↓ , sort"])["sort"] == "monetary_total"


def test_columns_are_chosen_in_the_address_and_only_those_there_are(context: Context, tmp_path: Any, log: str) -> None:
    heads = rows(shown(context, columns="country|age|password|@segment"))[0]
    assert [cell.partition(" ,")[0] for cell in heads] == ["Customer ↑", "Segment", "Country"]
    dataset = find_shown(context).dataset
    names = ["a|b", "50%", "%7C"]
    assert [name.replace("%7C", "|").replace("%25", "%") for name in write_columns(names).split("|")] == names
    assert choose_columns(load_list(context, dataset), "'; DROP TABLE", True, True)[0].name == ID


def test_a_segment_has_its_letter_and_a_gap_a_dash(context: Context, tmp_path: Any) -> None:
    dataset_id = load(context, tmp_path, small_list())
    finish_own_job(context, request_run(context, dataset_id, Recipe(features=("Income", "Spend"), n_clusters=3)))
    drawn = shown(context, columns="@segment|income", sort="-income")
    assert {row[1].split()[1] for row in rows(drawn)[1:] if row[1].startswith("Segment")} == {"A", "B", "C"}
    last = rows(shown(context, columns="@segment|income", sort="income", page="2"))[-1]
    assert last[1:] == ["Not segmented", MISSING]


def test_nobody_found_has_a_way_back(context: Context, log: str) -> None:
    drawn = shown(context, search="nobody at all", sort="-monetary_total")
    assert "Nobody fits this search." in words(drawn)
    assert follow(links(drawn)["Show all customers"]) == {"sort": "-monetary_total"}


@pytest.mark.parametrize("query", [{"filter": "nothing:x"}, {"filter": "::"}, {"sort": "password"}, {"search": "x" * 201}])
def test_what_cannot_be_is_said_with_a_way_back(context: Context, log: str, query: dict[str, str]) -> None:
    drawn = shown(context, **query)
    (told,) = of_class(drawn, "failure")
    assert "Show all customers" in words(told)
    assert rows(shown(context, **follow(links(told)["Show all customers"])))


def test_one_customer_is_shown_with_history_and_why(context: Context, log: str) -> None:
    first = follow(links(shown(context, sort="-monetary_total"))["0005"])
    drawn = shown(context, **first)
    said = words(drawn)
    for part in ("0005", "Why", "What would move them", "Total spend", "9 orders", "of customers", "Previous", "Next"):
        assert part in said, part
    assert len(of_class(drawn, "orders")[0].children) == 9
    assert follow(links(drawn)["Customers"]) == {"sort": "-monetary_total"}
    assert follow(links(drawn)["Next"])["sort"] == "-monetary_total"


def test_an_unknown_customer_has_a_way_back(context: Context, log: str) -> None:
    drawn = shown(context, customer="nobody", sort="age", page="2")
    assert "There is no such customer in this dataset." in words(drawn)
    assert follow(links(drawn)["Back to the customers"]) == {"sort": "age", "page": "2"}


def test_ids_of_every_kind_lead_to_their_customer(context: Context, tmp_path: Any) -> None:
    strange = ["007", "a/b?c", "a&b=c#d", "100% <b>x</b>", "ünï cödé", "'; --", "+49 1", "x" * 400]
    load(context, tmp_path, "Customer,Age,Spend\n" + "".join(f'"{name}",{20 + place},{place}\n' for place, name in enumerate(strange)))
    drawn = shown(context)
    table = links(of_class(drawn, "people"))
    for name in strange:
        one = shown(context, **follow(table[name]))
        assert [part.children for part in parts(one) if type(part).__name__ == "H1"] == [name]


def test_personal_data_are_hidden_from_who_may_not_export(context: Context, tmp_path: Any, asker: Any) -> None:
    load(context, tmp_path, "ID,First name,Email,Age,Spend\nc1,Ann,ann@example.org,20,5\nc2,Bob,bob@example.org,30,6\n")
    everything = {"columns": "first_name|email|age"}
    assert "ann@example.org" in words(shown(context, **everything))
    asker.actor = VIEWER
    for query in (everything, {}, {**everything, "customer": "c1"}, {"search": "ann@example.org"}, {"search": "Ann"}):
        said = words(shown(context, **query)).replace("Search", "")
        assert "ann@example.org" not in said, query
        assert "Ann" not in said, query
    assert "Nobody fits this search." in words(shown(context, search="bob"))
    assert "personal data" in words(shown(context, sort="email"))
    assert not [part for part in parts(shown(context)) if getattr(part, "id", None) == "customers-download"]


def test_every_column_can_be_filtered_by_but_not_those_that_say_who_somebody_is(context: Context, tmp_path: Any, asker: Any) -> None:
    lines = [
        f"o{number},c{number % 40},2024-01-{1 + number % 28:02},5,{['France', 'Spain'][number % 2]},said {number}" for number in range(300)
    ]
    load(context, tmp_path, "\n".join(["Order,Customer,Date,Amount,Country,Remark", *lines]))

    def offered() -> set[str]:
        (menu,) = of_class(shown(context), "add-filter")
        return {getattr(part, "data-field") for part in parts(menu) if hasattr(part, "data-field")}

    everything = offered()
    assert {"country", "monetary_total", "@weekday"} <= everything
    assert {part.id for part in parts(shown(context)) if type(part).__name__ == "Store"} >= {"filter-ask", page.SHOWN}
    asker.actor = VIEWER
    assert [name.lower() for name in everything - offered()] == ["remark"]


def test_how_many_there_are_is_said_with_what_the_money_is(context: Context, log: str) -> None:
    assert words(of_class(shown(context), "left")).endswith("spent in all")
    assert "20  of 60 customers left" in words(of_class(shown(context, filter="country:France"), "left"))


def test_the_search_says_what_it_looks_into(context: Context, tmp_path: Any, asker: Any) -> None:
    load(context, tmp_path, "Customer,First name,Email,City,Age,Spend\na,Ann,,Paris,20,1\nb,Bob,,Nice,30,2\n")

    def told() -> str:
        return next(part.placeholder for part in parts(shown(context)) if getattr(part, "id", None) == "customers-search")

    assert told() == "Search id, first name, city"
    asker.actor = VIEWER
    assert told() == "Search id, city"


def test_the_value_of_a_narrow_bar_can_be_read(context: Context) -> None:
    bars = draw_spend([(f"2024-{month:02}", float(month)) for month in range(1, 13)], True, None)["data"][0]
    assert bars["text"] == [*[""] * 11, "12"]
    assert (bars["constraintext"], bars["textangle"]) == ("none", 0)


def test_the_axis_of_spend_is_in_the_words_of_the_page(context: Context) -> None:
    axis = draw_spend([("2024-01", 2.7e9), ("2024-02", -1.2e9)], True, "EUR")["layout"]["yaxis"]
    assert axis["ticktext"] == ["\u2212€1\u00a0bn", "0", "€1\u00a0bn", "€2\u00a0bn"], "neither 2B nor 2G"


def test_a_column_in_which_nobody_has_a_value_is_not_shown_at_first(context: Context, tmp_path: Any) -> None:
    load(context, tmp_path, "Customer,First name,Email,City,Age,Spend\na,Ann,,Paris,20,1\nb,Bob,,Nice,30,2\n")
    heads = rows(shown(context))[0]
    assert "First name , sort" in heads
    assert "Email , sort" not in heads
    assert "Email" in {choice["label"] for part in parts(shown(context)) for choice in getattr(part, "options", [])}


def test_those_who_moved_are_a_list_with_all_that_lists_can(context: Context, tmp_path: Any, log: str) -> None:
    before = find_shown(context).run.id
    path = tmp_path / "later.csv"
    path.write_text(small_log(customers=66).replace(",9", ",8"))
    with staged(context, path) as file:
        request = ImportRequest(file, "Shop", together=Combination(replaces=log))
        later = str(finish_own_job(context, request_import(context, request))["dataset_id"])
    run = str(finish_own_job(context, request_run(context, later, Recipe(n_clusters=3)))["run_id"])
    migration = find_migration(context, run, before)
    for old, counts in zip(migration.matrix.old, migration.matrix.customers.tolist(), strict=True):
        for new, n in zip(migration.matrix.new, counts, strict=True):
            if n and new >= 0:
                drawn = shown(context, dataset=later, run=run, moved=f"{old}..{new}", columns="@segment")
                assert words(of_class(drawn, "left")).startswith(f"{n}  of 66 customers left")
                assert {row[1].split(" ", 3)[3] for row in rows(drawn)[1:]} == {migration.new_names[new]}
    everyone_new = {"dataset": later, "run": run, "moved": "-1..1", "sort": "-monetary_total"}
    drawn = shown(context, **everyone_new)
    assert f"new customers, now in “{migration.new_names[1]}”" in words(of_class(drawn, "chip"))
    assert follow(next(iter(links(of_class(drawn, "chip")).values()))) == {
        name: value for name, value in everyone_new.items() if name != "moved"
    }
    assert follow(links(of_class(drawn, "people"))["Customer , sort"])["moved"] == "-1..1"
    assert words(of_class(shown(context, run=run, customer=rows(drawn)[1][0]), "was")) == "New since the version before."
    stayed = words(of_class(shown(context, run=run, customer="0002"), "was"))
    assert stayed == f"In “{migration.new_names[find_assignment_of(context, run, '0002')]}” in the version before, too."
    assert not of_class(shown(context, run=before, customer="0002"), "was")
    result = finish_own_job(context, start_download(context, {"dataset": later, "run": run}, everyone_new))
    assert result["rows"] == len(rows(drawn)) - 1
    for wrong in ({**everyone_new, "moved": "1..x"}, {"dataset": log, "run": before, "moved": "1..2"}):
        assert "Show all customers" in words(of_class(shown(context, **wrong), "failure"))


def test_every_one_of_many_orders_can_be_reached(context: Context, tmp_path: Any) -> None:
    lines = [f"o{number:03},2024-{1 + number // 28:02}-{1 + number % 28:02},whale,{number}" for number in range(250)]
    load(context, tmp_path, "\n".join(["Order,Date,Customer,Amount", "p1,2024-01-01,other,5", *lines]))
    query, seen = {"customer": "whale", "sort": "age"}, []
    for _ in range(3):
        drawn = shown(context, **query)
        seen += [words(part) for part in of_class(drawn, "name")]
        ways = links(of_class(drawn, "pager"))
        query = follow(ways["Older"]) if "Older" in ways else {}
    assert seen == [f"order  o{number:03}" for number in reversed(range(250))]
    assert not query
    assert "201–250" in words(of_class(drawn, "pager"))
    assert follow(ways["Newer"]) == {"customer": "whale", "sort": "age", "orders": "2"}
    assert "201–250" in words(of_class(shown(context, customer="whale", orders="99"), "pager"))


def test_every_line_of_a_long_order_can_be_seen(context: Context, tmp_path: Any) -> None:
    long = [f"big,2024-01-05,a,{number},p{number}" for number in range(120)]
    load(context, tmp_path, "\n".join(["Order,Date,Customer,Amount,Product", *long, "new,2024-02-01,a,5,p1", "x,2024-01-01,b,5,p1"]))

    def orders(**more: str) -> list[tuple[bool, int]]:
        (found,) = of_class(shown(context, customer="a", **more), "orders")
        return [(each.open, sum(type(part).__name__ == "Tr" for part in parts(each)) - 1) for each in found.children]

    assert orders() == [(True, 1), (False, 50)]
    to = follow(links(shown(context, customer="a"))["Show all 120"])
    assert to == {"customer": "a", "order": "big"}
    assert orders(**{"order": to["order"]}) == [(False, 1), (True, 120)]
    assert orders(order="nothing like it") == orders()


def test_orders_without_dates_stand_as_in_the_file(context: Context, tmp_path: Any) -> None:
    load(context, tmp_path, "Order,Customer,Amount\nz,a,5\nb,a,6\nb,a,1\nk,c,7\n")
    drawn = shown(context, customer="a")
    assert [words(part).split()[1] for part in of_class(drawn, "name")] == ["z", "b"]
    assert "As they stand in the file" in words(drawn)
    assert "newest" not in words(drawn)


@pytest.mark.parametrize(
    "text",
    [
        "Customer,Name\na,Ann\nb,Bob\nc,Cy\n",
        "Customer,Age,Spend\nonly,20,5\n",
        "Customer,Product,Quantity\na,x,5\na,y,5\nb,x,1\n",
        "Order,Date,Customer,Amount\n1,2024-01-01,a,5\n2,1999-01-01,a,5\n",
        'Customer,"<script>x</script>",Spend\n"<b>","<img src=x onerror=x>",1\n"=1+1","<i>",2\n',
    ],
)
def test_odd_datasets_are_drawn(context: Context, tmp_path: Any, text: str) -> None:
    load(context, tmp_path, text)
    drawn = shown(context)
    for address in links(of_class(drawn, "people")).values():
        assert shown(context, **follow(address))


def test_the_file_holds_exactly_the_list(context: Context, log: str, tmp_path: Any) -> None:
    french = {"filter": "country:France", "search": "00"}
    job = start_download(context, {"dataset": log, "run": find_shown(context).run.id}, french)
    result = finish_own_job(context, job)
    (tmp_path / "out").mkdir()
    text = fetch_file(context, result["file_id"], tmp_path / "out").read_text("utf-8")
    lines = text.splitlines()
    assert lines[0].startswith("customer_id,segment_id,segment,recency_days,frequency_orders,monetary_total")
    wanted = rows(shown(context, filter="country:France", search="00", columns="monetary_total"))[1:]
    assert [line.split(",")[0] for line in lines[1:]] == [row[0] for row in wanted]
    assert float(result["total"]) == pytest.approx(sum(float(row[1].replace(",", "")) for row in wanted))
    assert result["rows"] == len(wanted) == 20
    assert start_download(context, {"dataset": log, "run": find_shown(context).run.id}, french).id == job.id


def test_the_file_is_of_the_data_that_were_shown_though_newer_ones_came(context: Context, log: str, tmp_path: Any) -> None:
    was_shown = {part.id: part.data for part in parts(shown(context)) if type(part).__name__ == "Store" and hasattr(part, "data")}
    load(context, tmp_path, small_list(5))
    assert words(of_class(shown(context), "left")).startswith("5 customers")
    result = finish_own_job(context, start_download(context, was_shown[page.SHOWN], was_shown["customers-shown"]["query"]))
    assert result["rows"] == 60


def test_the_file_of_a_dataset_without_segments(context: Context, tmp_path: Any) -> None:
    dataset_id = load(context, tmp_path, small_list(5))
    result = finish_own_job(context, start_download(context, {"dataset": dataset_id, "run": None}, {"search": "c001"}))
    (tmp_path / "out").mkdir()
    lines = fetch_file(context, result["file_id"], tmp_path / "out").read_text("utf-8").splitlines()
    assert lines[0].startswith("customer_id,segment_id,segment,monetary_total,")
    assert lines[1].startswith("c001,,,1001,")
    assert result["rows"] == 1
