"""Who is this? The form of a run, the answer beside it, files, and what goes together: the page says what the interface says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g

from dashboard.app import read_query
from dashboard.auth.permissions import OWNER, Actor
from dashboard.components.predict_answer import customer_explained
from dashboard.components.predict_words import value_words
from dashboard.context import Context
from dashboard.pages import predict as page
from dashboard.queries.predict import explain_customer, load_model, predict
from dashboard.queries.predict_form import describe
from dashboard.queries.scorings import list_scorings
from dashboard.workflows.datasets import ImportRequest, request_import
from dashboard.workflows.doing import finish_own_job
from dashboard.workflows.runs import request_run
from dashboard.workflows.scoring import request_scoring
from dashboard.workflows.staging import staged
from dashboard.workflows.uploads import receive_upload
from database.engine import write
from database.tables import runs
from segmentation.measures.recipe import Recipe
from tests.dashboard.making import small_list, small_log
from tests.dashboard.pages.drawn import of_class, parts, words
from tests.dashboard.working import work_off

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
"""What differs between the stores is behind the queries, which have their own tests."""

NUMBERS = ("Age", "Spend")
RECIPES = {
    "kmeans": Recipe(features=NUMBERS, n_clusters=3),
    "hierarchical": Recipe(features=NUMBERS, n_clusters=3, method="hierarchical"),
    "mixture": Recipe(features=NUMBERS, n_clusters=3, method="mixture"),
    "mixed": Recipe(features=("Age", "City"), n_clusters=3, method="mixed"),
    "rules": Recipe(features=NUMBERS, method="rules"),
}


@pytest.fixture(autouse=True)
def owner() -> Iterator[None]:
    with Flask(__name__).app_context():
        g.actor = OWNER
        yield


def import_file(context: Context, folder: Path, text: str) -> str:
    path = folder / "file.csv"
    path.write_text(text)
    with staged(context, path) as file:
        return str(finish_own_job(context, request_import(context, ImportRequest(file, "Shop")))["dataset_id"])


def run_of(context: Context, dataset_id: str, recipe: Recipe) -> str:
    return str(finish_own_job(context, request_run(context, dataset_id, recipe))["run_id"])


@pytest.fixture
def list_id(context: Context, tmp_path: Path) -> str:
    return import_file(context, tmp_path, small_list(150))


@pytest.fixture
def run_id(context: Context, list_id: str) -> str:
    return run_of(context, list_id, RECIPES["kmeans"])


def fields(drawn: Any) -> dict[str, Any]:
    ids = [(part, getattr(part, "id", None)) for part in parts(drawn)]
    return {known["name"]: part for part, known in ids if isinstance(known, dict) and known["type"] == "predict"}


def shown(context: Context, **query: str) -> Any:
    return page.render(context, query)


def test_an_empty_store_promises_an_answer(context: Context) -> None:
    assert "which segment they belong to" in words(shown(context))


def test_a_dataset_without_a_run_leads_to_the_studio(context: Context, list_id: str) -> None:
    for view in ("", "file"):
        drawn = shown(context, view=view)
        (link,) = [part for part in parts(drawn) if getattr(part, "className", "") == "btn primary"]
        assert link.href == f"/studio?dataset={list_id}"
        assert "150 customers, no segments yet" in words(drawn)


def test_a_run_without_a_model_says_what_to_do(context: Context, run_id: str) -> None:
    with write(context.engine) as conn:
        conn.execute(runs.update().values(model={"centers": []}))
    drawn = shown(context)
    assert "made by an earlier version" in words(drawn)
    assert any("/studio" in str(getattr(part, "href", "")) for part in parts(drawn))


@pytest.mark.parametrize("method", list(RECIPES))
def test_each_method_answers_as_the_interface_does(context: Context, list_id: str, method: str) -> None:
    run = run_of(context, list_id, RECIPES[method])
    typed = {"age": "57", "monetary_total": "2,050", "city": "Town 2"}
    wanted = {"age": 57.0, "monetary_total": 2050.0, "city": "Town 2"}
    known = load_model(context, run)
    used = [column.name for column in known.model.inputs]
    (answer,) = predict(context, run, [{name: wanted[name] for name in used}])["customers"]
    drawn = shown(context, run=run, **{f"v.{name}": typed[name] for name in used})
    assert set(fields(drawn)) == set(used)
    assert answer["name"] in words(of_class(drawn, "who-head"))
    assert answer["sentence"] in words(of_class(drawn, "who-head"))
    assert answer["action"] in words(of_class(drawn, "ac"))
    for each in answer["beside"]:
        (row,) = [part for part in parts(of_class(drawn, "beside")) if type(part).__name__ == "Tr" and each["label"] in words(part).lower()]
        for value in (each["value"], each["segment"], each["everyone"]):
            assert value_words(value, each["unit"], answer["currency"]) in words(row)
    for told in (*answer["why"], *(move["sentence"] for move in answer["moves"][:4])):
        assert told.replace(" %", "%") in words(of_class(drawn, "who"))


def test_rfm_on_a_log_asks_for_what_its_rule_takes(context: Context, tmp_path: Path) -> None:
    run = run_of(context, import_file(context, tmp_path, small_log()), Recipe(method="rfm"))
    drawn = shown(context)
    assert set(fields(drawn)) >= {"recency_days", "frequency_orders", "monetary_total"}
    (answer,) = predict(context, run, [{"recency_days": 1, "frequency_orders": 40, "monetary_total": 5000}])["customers"]
    far = shown(context, **{"v.recency_days": "1", "v.frequency_orders": "40", "v.monetary_total": "5000"})
    assert answer["name"] in words(of_class(far, "who-head"))
    assert "is above that of every customer of the run" in words(of_class(far, "unlike"))


def test_a_rule_without_its_measure_gives_no_segment_and_no_error(context: Context, tmp_path: Path) -> None:
    dataset = import_file(context, tmp_path, small_log())
    run = run_of(context, dataset, Recipe(features=("order_value_mean",), method="rfm", missing="median"))
    (answer,) = predict(context, run, [{"order_value_mean": 5}])["customers"]
    assert answer["segment_id"] is None
    assert "number of orders" in answer["reason"]


def test_the_form_begins_with_the_middle_and_shows_what_is_usual(context: Context, run_id: str) -> None:
    drawn = shown(context)
    assert fields(drawn)["age"].value == "38"  # ages 20 to 59 in turn, 20 to 49 three times more often
    assert "all 20 to 59" in words(of_class(drawn, "usual"))
    assert not of_class(drawn, "unlike")


def test_what_cannot_be_read_is_told_at_its_field_and_nothing_else_is_claimed(context: Context, run_id: str) -> None:
    known = load_model(context, run_id)
    for text in ("a lot", "1e999", "nan", "<script>", "9" * 300, "1" + "0" * 16):
        found = describe(known, {"age": text})
        assert list(found.problems) == ["age"]
        assert found.answer is None
    drawn = shown(context, **{"v.age": "a lot"})
    assert [words(part) for part in of_class(drawn, "wrong")] == ["Not a number. Write it like 1,234 or 12.5.", ""]
    assert not of_class(drawn, "who")
    assert "Fill this in" in describe(known, {"age": ""}).problems["age"]
    assert fields(shown(context, **{"v.shoe size": "44", "v.age": "–"}))["age"].value == ""


def test_a_gap_is_filled_where_the_run_fills_it(context: Context, list_id: str) -> None:
    run = run_of(context, list_id, Recipe(features=NUMBERS, n_clusters=3, missing="median"))
    found = describe(load_model(context, run), {"age": ""})
    assert not found.problems
    assert found.answer is not None
    assert found.answer["segment_id"] is not None


def test_the_address_holds_what_was_changed(context: Context, run_id: str) -> None:
    known = load_model(context, run_id)
    typed = {"age": "57", "monetary_total": describe(known, {}).typed["monetary_total"]}
    _, _, address = page._person(context, {"dataset": known.dataset.id, "run": run_id}, typed)
    assert address == f"/predict?dataset={known.dataset.id}&run={run_id}&v.age=57"


def test_a_customer_of_the_run_leads_to_the_form_with_their_values(context: Context, run_id: str) -> None:
    answer = explain_customer(context, run_id, "c007")
    (link,) = [part for part in parts(customer_explained(answer)) if str(getattr(part, "href", "")).startswith("/predict")]
    drawn = shown(context, **read_query(link.href.partition("?")[2]))
    assert {name: float(each.value) for name, each in fields(drawn).items()} == {each["name"]: each["value"] for each in answer["beside"]}
    assert answer["sentence"] in words(of_class(drawn, "who-head"))


def labelled(context: Context, run: str, text: str) -> Any:
    content = text.encode()

    class Body:
        sent = False

        def read(self, size: int, /) -> bytes:
            self.sent, sent = True, self.sent
            return b"" if sent else content

    upload = receive_upload(context, Body(), "others.csv")
    before = page.follow_file(context, {"dataset": load_model(context, run).dataset.id, "run": run, "upload": upload.id})
    assert "others.csv" in words(before[0])
    work_off(context)
    return shown(context, run=run, view="file", upload=upload.id)


def test_a_file_is_labelled_and_told(context: Context, run_id: str) -> None:
    text = small_list(150) + "c900;;50;;00000;Town 1;1.0\n;30;1;;00000;Town 1;1.0\n"
    drawn = labelled(context, run_id, text)
    rows = [[words(cell) for cell in part.children] for part in parts(of_class(drawn, "counts")) if type(part).__name__ == "Tr"][1:]
    assert sum(int(row[1]) for row in rows) == 150
    assert "150 of 151 customers have a segment" in words(of_class(drawn, "counts"))
    assert "Alike" in words(of_class(drawn, "drift"))
    assert "Age missing 1 customer" in words(of_class(drawn, "reasons"))
    assert "152 rows read, 1 set aside" in words(of_class(drawn, "unplaced"))
    (link,) = [part for part in parts(drawn) if str(getattr(part, "href", "")).startswith("/api/v1/files/")]
    assert link.download == "others - customers.csv"
    assert "others.csv" in words(of_class(shown(context, run=run_id, view="file"), "recent"))


def test_a_file_without_the_columns_says_which_and_what_to_do(context: Context, run_id: str) -> None:
    drawn = labelled(context, run_id, "ID;Spend\n" + "".join(f"c{n};{n}\n" for n in range(30)))
    told = words(of_class(drawn, "failure"))
    assert 'does not have what the run takes: "Age"' in told
    assert any("/data?upload=" in str(getattr(part, "href", "")) for part in parts(drawn))


def test_what_a_run_takes_is_named_with_what_it_can_be_worked_out_from(context: Context, tmp_path: Path) -> None:
    rows = [f"c{n};{1950 + n % 50};2024-03-{1 + n % 28:02};{(10, 500)[n % 2] + n}" for n in range(80)]
    dataset = import_file(context, tmp_path, "\n".join(["ID;Birth year;Customer since;Spend", *rows]) + "\n")
    run = run_of(context, dataset, Recipe(features=("age", "Spend"), n_clusters=2))
    assert "Age, or Birth year" in words(of_class(shown(context, run=run, view="file"), "tags"))
    drawn = labelled(context, run, "ID;Spend\n" + "".join(f"c{n};{n}\n" for n in range(30)))
    assert 'does not have what the run takes: "age" (or "Birth year")' in words(of_class(drawn, "failure"))
    assert "come back and try again" in words(of_class(drawn, "failure"))


def bought(n: int, kinds: tuple[str, ...], has_kind: bool = True) -> str:
    """A log: every customer buys mostly one kind of thing, and a little of another."""
    lines = ["customer id,order id,order date,amount" + (",category" if has_kind else "")]
    for i in range(n):
        for order, (kind, amount) in enumerate(((i, 90 + i % 7), (i + 1, 10), (i, 50))):
            lines.append(f"c{i:03},o{i}-{order},2025-0{1 + order}-1{i % 9},{amount}.00" + f",{kinds[kind % len(kinds)]}" * has_kind)
    return "\n".join(lines) + "\n"


def test_a_run_by_shares_of_spend_labels_a_log_and_begins_with_shares_of_a_whole(context: Context, tmp_path: Path) -> None:
    kinds = ("Tea", "Toys", "Books")
    run = run_of(context, import_file(context, tmp_path, bought(90, kinds)), Recipe(scenario="category-mix", n_clusters=3))
    known = load_model(context, run)
    assert sum(float(field.default) for field in describe(known, {}).fields) == pytest.approx(1, abs=0.001)
    drawn = labelled(context, run, bought(90, kinds))
    rows = [[words(cell) for cell in part.children] for part in parts(of_class(drawn, "counts")) if type(part).__name__ == "Tr"][1:]
    assert [int(row[1]) for row in rows] == [segment.size for segment in known.segments]
    assert "Alike" in words(of_class(drawn, "drift"))
    only_tea = labelled(context, run, bought(30, ("Tea",)))  # of what nobody bought the share is nothing
    assert "30 of 30 customers have a segment; 100% are" in words(of_class(only_tea, "counts"))
    assert 'does not have what the run takes: "share of ' in words(labelled(context, run, bought(30, kinds, has_kind=False)))


def test_nothing_is_offered_to_those_who_may_not(context: Context, run_id: str) -> None:
    labelled(context, run_id, small_list(150))
    g.actor = Actor("Vi", "viewer")
    assert "You may not start this here." in words(shown(context, run=run_id, view="file"))
    job_view = shown(context, run=run_id, view="file", upload=list_scorings(context, run_id)[0].params["upload_id"])
    assert not [part for part in parts(job_view) if "/files/" in str(getattr(part, "href", ""))]


def test_a_file_is_never_labelled_with_another_run_than_asked_for(context: Context, run_id: str) -> None:
    labelled(context, run_id, small_list(150))
    upload = list_scorings(context, run_id)[0].params["upload_id"]
    drawn = shown(context, run="0123456789abcdef", view="file", upload=upload)
    assert of_class(drawn, "bring")
    assert not of_class(drawn, "job")
    assert "is not there any more" in words(of_class(drawn, "gone"))


def test_a_file_that_is_gone_leaves_the_place_for_another(context: Context, run_id: str) -> None:
    drawn = shown(context, run=run_id, view="file", upload="0123456789abcdef")
    assert "This file is not there any more." in words(of_class(drawn, "failure"))
    assert of_class(drawn, "bring")


def test_scoring_twice_is_one_job(context: Context, run_id: str) -> None:
    labelled(context, run_id, small_list(150))
    first = list_scorings(context, run_id)[0]
    assert request_scoring(context, run_id, first.params["upload_id"]).key == first.key


def test_questions_about_columns_are_worked_out_beside_the_page(context: Context, list_id: str) -> None:
    asked = {"dataset": list_id, "number": "monetary_total", "category": "city"}
    drawn, is_over = page._draw_question(context, "effect", asked)
    assert not is_over
    assert "Waiting" in words(drawn)
    page._draw_question(context, "effect", asked, begin=True)
    page._draw_question(context, "drivers", {**asked, "category": None}, begin=True)
    work_off(context)
    drawn, is_over = page._draw_question(context, "effect", asked)
    assert is_over
    assert "total spend" in words(drawn).lower()
    groups = {words(part) for part in parts(drawn) if getattr(part, "scope", None) == "row"}
    assert groups == {"Town 0", "Town 1", "Town 2", "Town 3"}
    view = shown(context, view="drivers", column="monetary_total", number="monetary_total", category="city")
    assert not of_class(view, "asking")
    assert len(of_class(view, "lead")) == 2


def test_too_few_customers_are_refused_in_words(context: Context, tmp_path: Path) -> None:
    dataset = import_file(context, tmp_path, small_list(60))
    asked = {"dataset": dataset, "number": "monetary_total", "category": None}
    page._draw_question(context, "drivers", asked, begin=True)
    work_off(context)
    drawn, is_over = page._draw_question(context, "drivers", asked)
    assert is_over
    assert "Only 60 customers have a value for total spend." in words(drawn)
    assert "guesswork" in words(drawn)
