"""The pair that box plots compare: chosen in the address, followed by filters, data and report, and fallen back from in words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from flask.testing import FlaskClient

from dashboard.app import create_app
from dashboard.context import Context, open_context
from dashboard.pages import overview as page
from dashboard.queries.compared import read_pair, write_pair
from dashboard.queries.datasets import find_shown
from dashboard.settings import Settings
from segmentation.measures.filters import EVERYBODY, read_filter
from tests.dashboard.making import settings_for
from tests.dashboard.pages.drawn import of_class, parts, words
from tests.dashboard.pages.test_overview import import_text, titles

GONE = "cannot be drawn from these data"
N = 80


def people() -> pd.DataFrame:
    """Customers with an odd header, and one whose income is not known in ten."""
    rng = np.random.default_rng(5)
    return pd.DataFrame(
        {
            "ID": [f"c{place:03}" for place in range(N)],
            "Age": rng.integers(18, 80, N),
            "Income": [None if place % 10 == 3 else 20_000 + 731 * place for place in range(N)],
            "Gender": rng.choice(["female", "male"], N),
            "A~b%7E": rng.choice(["x", "y", "z"], N),
            "Email": [f"c{place}@example.org" for place in range(N)],
        }
    )


@pytest.fixture(scope="module")
def settings(tmp_path_factory: Any) -> Settings:
    """One store for all: nothing here changes what is in it."""
    return settings_for(tmp_path_factory.mktemp("compared") / "var")


@pytest.fixture(scope="module")
def context(settings: Settings) -> Iterator[Context]:
    opened = open_context(settings)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def dataset(context: Context, tmp_path_factory: Any) -> str:
    return import_text(context, tmp_path_factory.mktemp("files"), people().to_csv(index=False), "People")


@pytest.fixture(scope="module")
def client(settings: Settings, dataset: str) -> Iterator[FlaskClient]:
    app = create_app(settings)
    app.testing = True
    yield app.test_client()
    app.extensions["clientele"].close()


def ask(client: FlaskClient, output: str, asked: str, value: Any, shown: dict[str, Any]) -> Any:
    """Call a callback of the page as a browser does."""
    where, prop = output.rsplit(".", 1)
    body = {
        "output": output,
        "outputs": {"id": where, "property": prop},
        "inputs": [{"id": asked, "property": "data", "value": value}],
        "changedPropIds": [f"{asked}.data"],
        "state": [{"id": "overview-shown", "property": "data", "value": shown}],
    }
    return client.post("/_dash-update-component", json=body).get_json()["response"][where][prop]


@pytest.mark.parametrize("names", [("monetary_total", "gender"), ("A~b%7E", "~"), ("%7E%", "a~~b%25"), ("50 % off", "é~")])
def test_names_of_columns_come_back_from_the_address(names):
    assert read_pair(write_pair(*names)) == names


@pytest.mark.parametrize("text", ["", "age", "age~gender~x", "~~"])
def test_what_is_no_pair_is_none(text):
    assert read_pair(text) is None


def test_the_pair_of_the_address_is_drawn_and_marked(context, dataset):
    pair = write_pair("age", "A~b%7E")
    drawn = page.render(context, {"dataset": dataset, "box": pair})
    assert "Age by A~b%7E" in titles(drawn)
    assert GONE not in words(drawn)
    (line,) = of_class(drawn, "compared")
    buttons = [part for part in parts(line) if type(part).__name__ == "Button"]
    assert [words(each) for each in buttons if each.className == "on"] == ["Age  (shown now)", "A~b%7E  (shown now)"]
    to = {getattr(each, "data-pair") for each in buttons}
    assert {write_pair("income", "A~b%7E"), write_pair("age", "gender"), pair} <= to
    for each in to:
        assert GONE not in words(page.render(context, {"dataset": dataset, "box": each}))


@pytest.mark.parametrize("box", ["Email~gender", "age~Email", "gender~age", "age", "~", "a~b~c", "age~income", "shoe~gender", "ID~gender"])
def test_what_cannot_be_compared_falls_back_in_words(context, dataset, box):
    drawn = page.render(context, {"dataset": dataset, "box": box})
    assert GONE in words(drawn)
    assert titles(drawn) == titles(page.render(context, {"dataset": dataset}))
    assert "Income by gender" in titles(drawn)


def test_no_pair_is_drawn_twice(context, dataset):
    whole = titles(page.render(context, {"dataset": dataset}))
    assert titles(page.render(context, {"dataset": dataset, "box": "income~gender"})) == whole
    assert whole.count("Income by gender") == 1


def test_a_chosen_pair_follows_a_filter_as_pandas_counts(client, dataset):
    shown = {"dataset": dataset, "run": None, "box": "income~A~b%7E".replace("A~b%7E", "A%7Eb%257E")}
    told = json.loads(ask(client, "filter-answer.data", "filter-now", "gender:female", shown))
    chart = next(each for each in told["charts"] if each["name"] == "boxes")
    women = people().query("Gender == 'female'")
    known = women.dropna(subset="Income")
    assert chart["note"].startswith(f"n = {len(known)} customers with both known; income not known: {len(women) - len(known)}.")
    medians = known.groupby("A~b%7E")["Income"].median()
    drawn = {trace["y"][0]: trace["median"][0] for trace in chart["figure"]["data"] if trace["type"] == "box"}
    points = chart["figure"]["data"][-1]["meta"]["picks"]
    for place, middle in drawn.items():
        assert middle == pytest.approx(medians[read_filter(points[place]).conditions[0].choices[0]])
    table = ask(client, "tables-answer.data", "tables-asked", {"names": ["boxes"], "filter": "gender:female"}, shown)["tables"]["boxes"]
    rows = [line.split(",") for line in table["csv"].splitlines()]
    assert rows[0][:3] == ["A~b%7E", "Income known", "Income not known"]
    assert {row[0]: int(row[1]) + int(row[2]) for row in rows[1:]} == women["A~b%7E"].value_counts().to_dict()
    report = ask(client, "report-answer.data", "report-asked", {"filter": "gender:female", "asked": 1.0}, shown)
    assert "Income by A~b%7E" in report["html"]
    assert f"n = {len(known)} customers with both known; income not known: {len(women) - len(known)}. Bars: half of each" in report["html"]
    plain = ask(client, "report-answer.data", "report-asked", {"filter": "gender:female", "asked": 2.0}, {"dataset": dataset, "run": None})
    assert "Income by" not in plain["html"]


def test_programs_may_send_no_pair(client, dataset):
    for shown in ({"dataset": dataset, "run": None}, {"dataset": dataset, "run": None, "box": None}):
        told = json.loads(ask(client, "filter-answer.data", "filter-now", "gender:male", shown))
        assert next(each for each in told["charts"] if each["name"] == "boxes")["note"].startswith("n = ")


def test_charts_that_choose_nothing_are_held_once(context, dataset):
    shown = find_shown(context, dataset)
    assert shown is not None
    first, again = page.load_view(context, shown, EVERYBODY), page.load_view(context, shown, EVERYBODY)
    assert first.charts is again.charts
    other = page.load_view(context, shown, EVERYBODY, "age~gender")
    assert page.load_view(context, shown, EVERYBODY, "age~gender").charts is other.charts
