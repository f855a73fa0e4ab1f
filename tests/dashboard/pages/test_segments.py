"""The page of segments, on either store: what it says, in which order, and what it does not say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, g

from dashboard.auth.permissions import OWNER, Actor
from dashboard.components import segment_downloads as downloads
from dashboard.components.file_told import file_told, find_file_job
from dashboard.context import Context
from dashboard.pages import segments as page
from dashboard.workflows.combining import Combination
from dashboard.workflows.datasets import ImportRequest, request_import
from dashboard.workflows.doing import finish_own_job
from dashboard.workflows.runs import request_run
from dashboard.workflows.segments import SegmentChange
from dashboard.workflows.staging import staged
from database.engine import read, write
from database.jobs import load_job
from database.runs import find_published_run, load_run
from database.tables import runs
from segmentation.errors import NotFoundError
from segmentation.measures.recipe import Recipe
from tests.dashboard.making import small_list, small_log
from tests.dashboard.pages.drawn import of_class, parts, words

on_one_store = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
"""For what is only drawn: the other store is read the same way."""


@pytest.fixture(autouse=True)
def owner() -> Iterator[None]:
    with Flask(__name__).app_context():
        g.actor = OWNER
        yield


def import_file(context: Context, tmp_path: Any, text: str, **together: str) -> str:
    path = tmp_path / "file.csv"
    path.write_text(text)
    with staged(context, path) as file:
        request = ImportRequest(file, "Shop", together=Combination(**together))
        return str(finish_own_job(context, request_import(context, request))["dataset_id"])


@pytest.fixture
def dataset_id(context: Context, tmp_path: Any) -> str:
    return import_file(context, tmp_path, small_log())


def run_of(context: Context, dataset_id: str, recipe: Recipe) -> str:
    return str(finish_own_job(context, request_run(context, dataset_id, recipe))["run_id"])


@pytest.fixture
def run_id(context: Context, dataset_id: str) -> str:
    return run_of(context, dataset_id, Recipe(n_clusters=3))


def with_id(component: Any, name: str) -> list[Any]:
    ids = [(part, getattr(part, "id", None)) for part in parts(component)]
    return [part for part, known in ids if known == name or (isinstance(known, dict) and known["type"] == name)]


def shown(context: Context, **query: str) -> list[Any]:
    return page.render(context, query)


def test_an_empty_store_promises_segments(context: Context) -> None:
    assert "named segments" in words(shown(context))


def test_a_dataset_without_a_run_leads_to_the_studio(context: Context, dataset_id: str) -> None:
    drawn = shown(context)
    (link,) = [part for part in parts(drawn) if getattr(part, "className", "") == "btn primary"]
    assert link.href == f"/studio?dataset={dataset_id}"
    assert "60 customers" in words(drawn)


def test_cards_have_sizes_that_add_up_and_the_words_of_the_run(context: Context, run_id: str) -> None:
    drawn = shown(context)
    with read(context.engine) as conn:
        report = load_run(conn, run_id).report["run"]
    cards = of_class(drawn, "sc")
    names = [words(part) for part in parts(cards) if type(part).__name__ == "H2"]
    assert names == [segment["name"] for segment in report["segments"]]
    for card, segment in zip(cards, report["segments"], strict=True):
        assert f"{segment['size']} customers" in words(card)
        assert segment["action"] in words(card)
    assert sum(segment["size"] for segment in report["segments"]) == 60
    assert "60 customers" in words(of_class(drawn, "lead"))


@on_one_store
def test_verdicts_stand_with_icon_and_words(context: Context, run_id: str) -> None:
    badges = of_class(of_class(shown(context), "sc"), "badge")
    assert len(badges) == 3
    for badge in badges:
        assert words(badge) in ("Use", "Use with care", "Do not target")
        assert of_class(badge, "ic")


@on_one_store
def test_the_index_table_has_a_cell_for_each_segment_and_row(context: Context, run_id: str) -> None:
    (table,) = [part for part in parts(shown(context)) if getattr(part, "role", None) == "table" and "customers" not in words(part)][:1]
    rows = [row for row in table.children if len(row.children) == 4]
    assert "Revenue per customer" in words(table)
    assert len([part for part in parts(table) if getattr(part, "role", None) == "cell"]) == 3 * (len(rows) - 1)


def test_habits_are_those_of_every_order(context: Context, run_id: str) -> None:
    with read(context.engine) as conn:
        habits = load_run(conn, run_id).report["portrait"]["habits"]
    n_orders = small_log_orders()
    assert sum(habits["n_orders"]) == n_orders
    assert f"n = {n_orders} orders" in words(shown(context))


def small_log_orders() -> int:
    kept = small_log().splitlines()[1:-3]
    return len({line.split(",")[0] for line in kept})


@on_one_store
def test_the_map_and_the_box_plots_have_an_address(context: Context, run_id: str) -> None:
    drawn = shown(context, view="map")
    assert "What the axes mean" in words(drawn)
    assert "60 customers" in words(drawn)
    assert "To the right" in words(drawn)
    boxes = shown(context, view="boxes")
    assert "Days since last order" in words(boxes)
    assert with_id(boxes, "chart")


@on_one_store
def test_one_feature_has_no_map_but_says_so(context: Context, dataset_id: str) -> None:
    run_of(context, dataset_id, Recipe(n_clusters=2, features=("monetary_total",)))
    assert "A map needs at least two features" in words(shown(context, view="map"))


@on_one_store
def test_a_list_without_money_or_orders_shows_neither(context: Context, tmp_path: Any) -> None:
    text = "ID;Age;Score\n" + "".join(f"c{number};{20 + number % 40};{number % 7}\n" for number in range(60))
    run_of(context, import_file(context, tmp_path, text), Recipe(n_clusters=2))
    drawn = shown(context)
    assert "Revenue" not in words(drawn)
    assert "How they buy" not in words(drawn)
    assert "the largest first" in words(drawn)


@on_one_store
def test_customers_in_no_segment_are_counted_and_said(context: Context, tmp_path: Any) -> None:
    run_of(context, import_file(context, tmp_path, small_list()), Recipe(n_clusters=2, features=("income", "Spend")))
    assert "6 customers are in no segment: income missing." in words(of_class(shown(context), "lead"))


def test_a_run_of_an_earlier_version_is_shown_and_can_be_made_again(context: Context, run_id: str) -> None:
    with write(context.engine) as conn:
        report = {name: part for name, part in load_run(conn, run_id).report.items() if name != "portrait"}
        conn.execute(runs.update().where(runs.c.id == run_id).values(report=report))
    for view in ("", "map", "boxes"):
        drawn = shown(context, view=view)
        assert len(of_class(drawn, "sc")) == 3
        assert "earlier version" in words(drawn)


@on_one_store
def test_segments_made_by_a_rule_have_no_stability(context: Context, dataset_id: str) -> None:
    run_of(context, dataset_id, Recipe(method="rfm"))
    assert "Made by a rule" in words(shown(context))


@on_one_store
def test_more_than_ten_segments_have_letters_of_their_own(context: Context, dataset_id: str) -> None:
    run_of(context, dataset_id, Recipe(n_clusters=12))
    drawn = shown(context)
    letters = [words(of_class(card, "key")).split()[-1] for card in of_class(drawn, "sc")]
    assert letters == list("ABCDEFGHIJKL")
    panel = page.draw_panel(context, {"run": drawn_run(drawn), "query": {}}, 12)
    assert all(swatch.disabled for swatch in of_class(panel, "swatch"))


def drawn_run(drawn: Any) -> str:
    (store,) = with_id(drawn, "segments-shown")
    return str(store.data["run"])


@on_one_store
def test_the_panel_offers_the_colours_that_are_free(context: Context, run_id: str) -> None:
    panel = page.draw_panel(context, {"run": run_id, "query": {}}, 2)
    swatches = of_class(panel, "swatch")
    assert [swatch.disabled for swatch in swatches] == [True, False, True] + [False] * 7
    assert words(with_id(panel, "segment-problem")) == ""


def test_a_saved_name_is_on_the_page_and_a_taken_one_is_told_in_the_panel(context: Context, run_id: str) -> None:
    given = {"run": run_id, "query": {}, "revision": 0}
    content, problem = page.save_segment(context, {**given, "segment": 1}, SegmentChange("Dearest", "J", "Call.", "They came by train."))
    assert problem is None
    assert "Dearest" in words(content)
    assert "They came by train." in words(of_class(content, "sc"))
    content, problem = page.save_segment(context, {**given, "segment": 2}, SegmentChange("dearest", "B", ""))
    assert "already called" in words(problem)
    assert "Dearest" in words(shown(context))


def test_a_file_is_queued_watched_and_offered_with_its_rows(context: Context, run_id: str) -> None:
    job = downloads.start_download(context, run_id, "csv", 0)
    assert "…" in words(file_told(job))
    finish_own_job(context, job)
    told = file_told(find_file_job(context, job.id, "export"))
    assert "checked: 60 rows" in words(told)
    (link,) = of_class(told, "lk")
    with read(context.engine) as conn:
        assert link.href == f"/api/v1/files/{load_job(conn, job.id).result['file_id']}"


def test_a_file_of_one_segment_has_its_rows(context: Context, run_id: str) -> None:
    job = downloads.start_download(context, run_id, "csv", 2)
    result = finish_own_job(context, job)
    with read(context.engine) as conn:
        assert result["rows"] == load_run(conn, run_id).report["run"]["segments"][1]["size"]


@on_one_store
def test_no_other_job_is_told_as_a_download(context: Context, dataset_id: str) -> None:
    job = request_run(context, dataset_id, Recipe(n_clusters=2))
    with pytest.raises(NotFoundError):
        find_file_job(context, job.id, "export")


def test_publishing_is_offered_until_it_is_done(context: Context, run_id: str, dataset_id: str) -> None:
    assert with_id(shown(context), "segments-publish")
    page.publish(context, run_id)
    assert not with_id(shown(context), "segments-publish")
    with read(context.engine) as conn:
        published = find_published_run(conn, dataset_id)
    assert published is not None
    assert published.id == run_id


@on_one_store
def test_a_viewer_sees_segments_and_nothing_to_change_or_take_away(context: Context, run_id: str) -> None:
    g.actor = Actor("guest", "viewer")
    drawn = shown(context)
    assert len(of_class(drawn, "sc")) == 3
    for name in ("segment-pen", "segment-download", "segments-publish"):
        assert not with_id(drawn, name)
    assert of_class(drawn, "report-as"), "a report says no more than the page"
    assert not of_class(drawn, "of-all")
    filtered = shown(context, filter="country:France")
    assert "all customers, without the filter" in words(of_class(filtered, "of-all"))


@on_one_store
def test_who_moved_since_the_version_before(context: Context, tmp_path: Any) -> None:
    first = import_file(context, tmp_path, small_log())
    before = run_of(context, first, Recipe(n_clusters=3))
    second = import_file(context, tmp_path, small_log(customers=66).replace(",9", ",8"), replaces=first)
    after = run_of(context, second, Recipe(n_clusters=3))
    assert "3 segments of the version before go on" in words(page.render(context, {"run": after}))
    found = page.render(context, {"run": after, "view": "moved"})
    links = [part.href for part in parts(found) if "&old=" in str(getattr(part, "href", ""))]
    assert links
    assert all(link.startswith(f"/segments?dataset={second}&run={after}&view=moved&old=") for link in links)
    for told in ("Customers who moved", "Money that moved with them", "new customers", " 66 "):
        assert told in words(found), told
    assert "version before" not in words(page.render(context, {"run": before}))
    assert re.search(r"Nobody left .* since version 1; \d+ came\.", words(found))
    stayed = int(next(words(part) for part in of_class(found, "same")).split(":")[0].replace(",", ""))
    listed = page.render(context, {"run": after, "view": "moved", "old": "1", "new": "1"})
    (table,) = of_class(listed, "movers")
    assert len([part for part in parts(table) if type(part).__name__ == "Tr"]) == stayed + 1
    (csv,) = [part.href for part in parts(listed) if "migration.csv" in str(getattr(part, "href", ""))]
    assert csv == f"/api/v1/runs/{after}/migration.csv?from={before}&old=1&new=1"
    g.actor = Actor("guest", "viewer")
    assert not of_class(page.render(context, {"run": after, "view": "moved", "old": "1", "new": "1"}), "movers")
