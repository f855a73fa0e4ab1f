"""The overview under a filter: over the wire as the browser asks, and in words."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from flask.testing import FlaskClient

from dashboard.app import create_app
from dashboard.auth.actors import Actor
from dashboard.context import Context, open_context
from dashboard.pages import overview as page
from dashboard.queries.datasets import find_shown
from dashboard.settings import Settings
from segmentation.errors import ForbiddenError
from segmentation.measures.filters import CustomerFilter, read_filter
from tests.dashboard.making import settings_for, small_list, small_log
from tests.dashboard.pages.drawn import parts
from tests.dashboard.pages.test_overview import import_text, texts


@pytest.fixture(scope="module")
def settings(tmp_path_factory: Any) -> Settings:
    """One store for all: nothing here changes what is in it."""
    return settings_for(tmp_path_factory.mktemp("overview") / "var")


@pytest.fixture(scope="module")
def context(settings: Settings) -> Iterator[Context]:
    opened = open_context(settings)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def people(context: Context, tmp_path_factory: Any) -> str:
    """The id of a customer list."""
    return import_text(context, tmp_path_factory.mktemp("files"), small_list(), "A list")


@pytest.fixture(scope="module")
def dataset(context: Context, people: str, tmp_path_factory: Any) -> str:
    """The id of a log, the newest dataset."""
    return import_text(context, tmp_path_factory.mktemp("files"), small_log())


@pytest.fixture(scope="module")
def client(settings: Settings, dataset: str) -> Iterator[FlaskClient]:
    app = create_app(settings)
    app.testing = True
    yield app.test_client()
    app.extensions["clientele"].close()


def ask(client: FlaskClient, output: str, inputs: dict[str, Any], dataset: str) -> Any:
    """Call a callback of the page as a browser does."""
    where, prop = output.rsplit(".", 1)
    ((name, value),) = inputs.items()
    body = {
        "output": output,
        "outputs": {"id": where, "property": prop},
        "inputs": [{"id": name, "property": "data", "value": value}],
        "changedPropIds": [f"{name}.data"],
        "state": [{"id": "overview-shown", "property": "data", "value": {"dataset": dataset, "run": None}}],
    }
    answer = client.post("/_dash-update-component", json=body)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def refreshed(client: FlaskClient, dataset: str, text: str) -> Any:
    return json.loads(ask(client, "filter-answer.data", {"filter-now": text}, dataset)["response"]["filter-answer"]["data"])


def test_a_filter_changes_every_number_and_nothing_else(client, dataset):
    whole, left = refreshed(client, dataset, ""), refreshed(client, dataset, "country:France")
    assert left["filter"] == "country:France"
    assert [chart["name"] for chart in left["charts"]] == [chart["name"] for chart in whole["charts"]]
    said = json.dumps(left["parts"])
    assert "20" in said
    assert "60 customers left" in said
    months = next(chart for chart in left["charts"] if chart["name"] == "months")
    assert months["note"] != next(chart for chart in whole["charts"] if chart["name"] == "months")["note"]
    countries = next(chart for chart in left["charts"] if chart["name"] == "countries")
    assert countries["note"].endswith("All stay visible here.")
    assert len(set(countries["figure"]["data"][0]["marker"]["color"])) == 2


def test_a_refresh_reads_its_own_dataset_and_no_list(client, dataset, monkeypatch):
    monkeypatch.setattr(page, "find_shown", lambda *_: pytest.fail("it read every dataset and run"))
    assert refreshed(client, dataset, "country:France")["filter"] == "country:France"


def test_a_refresh_is_small(client, dataset):
    assert len(json.dumps(refreshed(client, dataset, "country:France"))) < 300_000


@pytest.mark.parametrize("text", ["country:Nowhere", "@month:1999-01", "product:none;country:France", "@days:1990-01-01..1990-02-01"])
def test_nothing_left_is_said_by_every_chart(client, dataset, text):
    answer = refreshed(client, dataset, text)
    assert "NaN" not in json.dumps(answer)
    own = set(read_filter(text).columns) | ({"months"} if "@" in text else set())
    for chart in answer["charts"]:
        ignores = chart["name"] in ("countries", "months", "boxes") or any(column in chart["name"] for column in own)
        assert ignores or "Nothing is left" in chart["say"], chart["name"]


@pytest.mark.parametrize("text", ["shoe:1", "country", "country:a;country:b", "age:x..y", ";;:"])
def test_a_filter_that_cannot_be_read_is_refused_in_words(client, context, dataset, text):
    answer = ask(client, "filter-answer.data", {"filter-now": text}, dataset)
    assert "filter-answer" not in answer.get("response", {})
    assert "Take the filter off" in json.dumps(answer["sideUpdate"])
    said = texts(page.render(context, {"dataset": dataset, "filter": text}))
    assert any("Take the filter off" in words for words in said)
    assert "Monthly revenue" in said


@pytest.mark.parametrize("value", [None, 5, ["a"], {"a": 1}])
def test_what_no_page_would_send_is_refused(client, dataset, value):
    assert "does not fit" in json.dumps(ask(client, "filter-answer.data", {"filter-now": value}, dataset)["sideUpdate"])


def test_the_data_behind_a_chart_come_when_asked_for(client, context, dataset):
    asked = {"names": ["countries", "cohorts"], "filter": "product:p1"}
    answer = ask(client, "tables-answer.data", {"tables-asked": asked}, dataset)["response"]["tables-answer"]["data"]
    (name,) = answer["tables"]
    rows = list(csv.reader(io.StringIO(answer["tables"][name]["csv"])))
    assert rows[0] == ["Country", "Customers", "Revenue"]
    assert sum(int(row[1]) for row in rows[1:]) == page.load_view(context, find_shown(context), read_filter("product:p1")).left.n_customers
    drawn = json.dumps(answer["tables"][name]["table"])
    assert '"data-pick": "country:France"' in drawn
    assert "/customers?dataset=" in drawn
    assert "product%3Ap1%3Bcountry%3AFrance" in drawn


def marks(view: page.View) -> Iterator[tuple[str, str, int]]:
    """Return (chart, what a click chooses, customers that the chart says it has) of charts that count customers."""
    for chart in page.draw_charts(view):
        if chart.name.startswith(("countries", "number-", "cohorts", "ages", "shares")) or chart.data.headers[1:2] == ["Customers"]:
            for pick, row in zip(chart.data.picks, chart.data.rows, strict=False):
                if pick and len(row) > 1 and chart.name != "boxes":
                    yield chart.name, pick, int(row[1].replace(",", ""))


@pytest.mark.parametrize("text", ["", "country:France|007", "age:25..45", "product:p1"])
def test_a_click_on_a_mark_leaves_the_customers_that_it_counts(context, dataset, people, text):
    shown = find_shown(context, people if text.startswith("age") else dataset)
    assert shown is not None
    chosen = read_filter(text)
    seen = 0
    for chart, pick, n in marks(page.load_view(context, shown, chosen)):
        under = chosen.without([condition.column for condition in read_filter(pick).conditions])
        clicked = CustomerFilter((*under.conditions, *read_filter(pick).conditions))
        assert page.load_view(context, shown, clicked).left.n_customers == n, (chart, pick)
        seen += 1
    assert seen > 5


def panel(client: FlaskClient, dataset: str, column: str, search: str = "") -> str:
    answer = ask(client, "filter-panel.children", {"filter-ask": {"column": column, "search": search}}, dataset)
    return json.dumps(answer["response"]["filter-panel"]["children"], ensure_ascii=False)


def test_values_to_choose_from(client, dataset):
    assert '"data-pick": "country:Côte d\'Ivoire"' in panel(client, dataset, "country")
    assert '"data-pick": "product:p2"' in panel(client, dataset, "product")
    assert "product:p2" not in panel(client, dataset, "product", "p1")
    assert "Nothing like this here." in panel(client, dataset, "product", "zebra")
    assert "Jan 2024" in panel(client, dataset, "@month")
    assert "Monday" in panel(client, dataset, "@weekday")
    assert '"data-range": "Points"' in panel(client, dataset, "Points")


def test_the_page_says_what_is_chosen(context, dataset):
    drawn = page.render(context, {"filter": "country:France|007;@month:2024-03;Points:10..20.5"})
    said = " ".join(texts(drawn))
    for words in ("Country: France or 007", "Month: Mar 2024", "Points: 10 to below 20.5"):
        assert words in said.replace(":  ", ": ")
    drops = [part.to_plotly_json()["props"].get("data-drop") for part in parts(drawn) if type(part).__name__ == "Button"]
    assert {"country", "@month", "Points", "*"} <= set(drops)


def test_the_view_as_a_page_to_print(client, context, dataset):
    asked = {"filter": "country:France", "asked": 1.0}
    answer = ask(client, "report-answer.data", {"report-asked": asked}, dataset)["response"]["report-answer"]["data"]
    assert answer["name"] == "Shop overview.html"
    for words in ("Country: France", "About 20 of 60 customers (33%), whom the filters leave.", "Monthly revenue", "default-src"):
        assert words in answer["html"], words
    assert "<script" not in answer["html"]


def test_who_may_not_see_personal_data_is_not_offered_names_and_is_refused_a_filter_by_them(tmp_path, monkeypatch):
    lines = "".join(f"o{n},c{n % 40},2024-01-{1 + n % 28:02},5,{['France', 'Spain'][n % 2]},said {n}\n" for n in range(300))
    with closing(open_context(settings_for(tmp_path / "var"))) as store:
        dataset = import_text(store, tmp_path, "Order,Customer,Date,Amount,Country,Remark\n" + lines)
        shown, remark = find_shown(store, dataset), read_filter("remark:said 3")
        monkeypatch.setattr(page, "current_actor", lambda: Actor("somebody", "analyst", may_export=True))
        fields = {field.column for field in page.load_view(store, shown, remark).fields}
        monkeypatch.setattr(page, "current_actor", lambda: Actor("somebody", "viewer"))
        assert fields - {field.column for field in page.load_view(store, shown, read_filter("country:Spain")).fields} == {"remark"}
        with pytest.raises(ForbiddenError):
            page.load_view(store, shown, remark)
        assert "personal data" in "".join(texts(page.render(store, {"dataset": dataset, "filter": "remark:said 3"})))
