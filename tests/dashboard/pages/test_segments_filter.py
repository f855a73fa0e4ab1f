"""The page of segments under a filter: what is left is what a plain count of the file leaves."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
from flask import Flask, g

from dashboard.auth.permissions import OWNER
from dashboard.context import Context
from dashboard.pages import segments as page
from dashboard.queries.datasets import find_shown
from dashboard.queries.segments import SegmentsOfRun, load_profile
from database.engine import read
from database.runs import load_assignments
from segmentation.measures.filters import read_filter
from segmentation.measures.recipe import Recipe
from tests.dashboard.making import small_list, small_log
from tests.dashboard.pages.drawn import of_class, parts, words
from tests.dashboard.pages.test_segments import import_file, run_of, shown, with_id

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
"""Filters are worked out on the snapshot, which is the same on either store."""


@pytest.fixture(autouse=True)
def owner() -> Iterator[None]:
    with Flask(__name__).app_context():
        g.actor = OWNER
        yield


@pytest.fixture
def run_id(context: Context, tmp_path: Any) -> str:
    return run_of(context, import_file(context, tmp_path, small_log()), Recipe(n_clusters=3))


def profile(context: Context, text: str) -> SegmentsOfRun:
    found = find_shown(context)
    assert found is not None
    assert found.run is not None
    return load_profile(context, found.dataset, found.run, read_filter(text))


def plain_lines(context: Context, run_id: str) -> pd.DataFrame:
    """The kept lines of the file, with money and the segment of the customer."""
    lines = pd.read_csv(io.StringIO(small_log()), dtype={"Customer": str}).iloc[:-3]
    lines["money"] = lines.Quantity * lines["Unit price"]
    with read(context.engine) as conn:
        rows = load_assignments(conn, run_id).to_pandas()
    return lines.merge(rows.astype({"customer_id": str}), left_on="Customer", right_on="customer_id")


def test_a_country_leaves_its_customers_and_their_money(context: Context, run_id: str) -> None:
    left = plain_lines(context, run_id).query("Country == 'France'")
    found = profile(context, "country:France")
    for segment in found.segments:
        own = left[left.segment_id == segment.segment_id]
        assert segment.size == own.Customer.nunique()
        assert segment.share_customers == own.Customer.nunique() / left.Customer.nunique()
        assert segment.revenue == pytest.approx(own.money.sum())
        assert segment.share_revenue == pytest.approx(own.money.sum() / left.money.sum())


def test_a_product_leaves_its_lines_and_who_bought_it(context: Context, run_id: str) -> None:
    left = plain_lines(context, run_id).query("Product == 'p1'")
    found = profile(context, "product:p1")
    assert [segment.size for segment in found.segments] == [
        left[left.segment_id == segment.segment_id].Customer.nunique() for segment in found.segments
    ]
    assert sum(segment.revenue or 0 for segment in found.segments) == pytest.approx(left.money.sum())
    assert found.left is not None
    assert found.left["is_by_purchases"]
    assert sum(found.portrait["habits"]["n_orders"]) == left.groupby("Customer").Order.nunique().sum()


def test_the_index_table_is_of_those_left(context: Context, run_id: str) -> None:
    whole = plain_lines(context, run_id)
    spend = whole[whole.Customer.isin(whole.query("Country == 'France'").Customer)].groupby("Customer").money.sum()
    row = next(row for row in profile(context, "country:France").portrait["comparison"]["numbers"] if row["name"] == "monetary_total")
    assert row["overall"] == pytest.approx(spend.mean())
    assert sum(figure["n"] for figure in row["segments"]) == spend.size


def test_chips_take_a_condition_off_and_the_page_says_what_is_left(context: Context, run_id: str) -> None:
    drawn = shown(context, filter="country:France;product:p1")
    left = plain_lines(context, run_id).query("Country == 'France' and Product == 'p1'").Customer.nunique()
    (bar,) = of_class(drawn, "bar")
    assert f"{left}  of 60 customers" in words(bar)
    offs = [part.href for part in parts(bar) if getattr(part, "className", None) == "off"]
    assert offs == ["/segments?filter=product%3Ap1", "/segments?filter=country%3AFrance"]
    assert "verdicts" in words(drawn)
    assert not of_class(shown(context), "bar")


def test_every_card_leads_to_its_customers_with_the_filter(context: Context, run_id: str) -> None:
    cards = of_class(shown(context, filter="country:France"), "sc")
    links = [part.href for card in cards for part in parts(card) if str(getattr(part, "href", "")).startswith("/customers")]
    assert links
    assert all("filter=country%3AFrance%3B%40segment%3A" in link for link in links)


def test_where_nobody_is_left_the_page_says_so(context: Context, run_id: str) -> None:
    drawn = shown(context, filter="country:Nowhere")
    assert "Nobody in a segment is left" in words(drawn)
    assert len(of_class(drawn, "sc")) == 3


def test_a_filter_that_does_not_fit_is_told(context: Context, run_id: str) -> None:
    for text, told in (("planet:Mars", 'This dataset cannot be filtered by "planet".'), ("country", 'The filter "country" cannot be read')):
        drawn = shown(context, filter=text)
        assert told in words(drawn)
        assert sum(segment.size for segment in profile(context, "").segments) == 60
        assert "Three segments from 60 customers" in words(drawn)
        assert with_id(drawn, "segments-shown")[0].data["query"] == {}


def test_where_one_segment_is_left_there_is_nothing_to_compare(context: Context, run_id: str) -> None:
    whole = profile(context, "").segments
    limit = min((segment.revenue or 0) / segment.size for segment in whole[:1]) * 1.05
    drawn = shown(context, filter=f"monetary_total:{limit:.0f}..")
    assert f"left are in “{whole[0].name}”." in words(drawn)
    assert not with_id(drawn, "segments-index")


def test_another_run_is_seen_through_the_same_filter_and_in_the_same_view(context: Context, run_id: str) -> None:
    drawn = shown(context, view="boxes", filter="country:France;@segment:1")
    menu = of_class(drawn, "run-menu")[0]
    to = [parse_qs(urlsplit(each.href).query) for each in parts(menu) if getattr(each, "href", None)]
    assert [(each["run"], each["view"], each["filter"]) for each in to] == [([run_id], ["boxes"], ["country:France"])]


def test_the_choice_of_a_segment_leaves_all_side_by_side(context: Context, run_id: str) -> None:
    found = profile(context, "@segment:1")
    assert sum(segment.size for segment in found.segments) == 60
    assert "All segments are shown side by side" in words(shown(context, filter="@segment:1"))


def test_any_number_column_has_its_box_plot_and_follows_the_filter(context: Context, run_id: str) -> None:
    drawn = shown(context, view="boxes", column="Points", filter="country:France")
    assert len(with_id(drawn, "chart")) == 1
    assert "n = 20" in words(drawn)
    assert "has no such column" in words(shown(context, view="boxes", column="Nothing"))
    table = shown(context, view="boxes", column="country")
    assert not with_id(table, "chart")
    assert "Country, share of customers" in words(table)


def test_customers_at_risk_are_those_of_the_filter_they_lead_to(context: Context, run_id: str) -> None:
    risk = profile(context, "").left["at_risk"]
    assert sum(segment.size for segment in profile(context, risk["filter"]).segments) == risk["n"] > 0
    assert f"{risk['n']} customer" in words(of_class(shown(context), "risk"))


def test_the_table_is_sorted_on_the_server_as_the_address_says(context: Context, run_id: str) -> None:
    rows = page.draw_index(context, {"run": run_id, "query": {}}, "-2")
    (table,) = with_id(shown(context, sort="-2"), "segments-index")
    assert words(table.children) == words(rows)
    heads = [part for part in parts(rows) if getattr(part, "role", None) == "columnheader"]
    assert [vars(head)["aria-sort"] for head in heads] == ["none", "none", "ascending", "none"]


def test_a_change_is_taken_back_in_the_panel(context: Context, run_id: str) -> None:
    which = {"run": run_id, "query": {}, "segment": 1, "revision": 0}
    content, problem = page.take_segment_back(context, which, is_all=False)
    assert "Nothing of this segment was changed" in words(problem)
    page.save_segment(context, which, page.SegmentChange("Dearest", "J", "Call.", "Ours."))
    panel = page.draw_panel(context, {"run": run_id, "query": {}}, 1)
    assert "History (1)" in words(panel)
    assert "Name: Dearest" in words(panel)
    content, problem = page.take_segment_back(context, which, is_all=True)
    assert "Somebody else changed this segment meanwhile" in words(problem), "a panel from before the change"
    content, problem = page.take_segment_back(context, {**which, "revision": 1}, is_all=True)
    assert problem is None
    assert "Dearest" not in words(of_class(content, "sc"))


def test_a_list_has_what_is_left_without_orders(context: Context, tmp_path: Any) -> None:
    run_of(context, import_file(context, tmp_path, small_list()), Recipe(n_clusters=2, features=("age", "Spend")))
    drawn = shown(context, filter="city:Town 1")
    assert "15" in words(of_class(drawn, "bar"))
    assert "How they buy" not in words(drawn)
