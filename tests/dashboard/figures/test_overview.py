"""The figures of the overview: valid for plotly, colours only as tokens, and sentences that follow from the numbers."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import plotly.graph_objects as go
import pytest

from dashboard.figures.countries import country_code
from dashboard.figures.overview import MOST_CHARTS, against_words, comparison_words, overview_charts, overview_kpis, undrawn_words
from dashboard.figures.overview_bands import band_names, histogram_chart
from dashboard.figures.overview_chart import Chart, round_words, ticks
from dashboard.figures.overview_customers import ages_chart
from dashboard.figures.overview_months import months_chart
from dashboard.figures.overview_orders import concentration_chart
from dashboard.figures.overview_rankings import countries_chart, ranking_chart
from dashboard.formats import money
from segmentation.measures.cohorts import Cohorts
from segmentation.measures.concentration import Concentration
from segmentation.measures.demographics import Ages, Box, Boxes, Correlation, Group, Histogram, Share
from segmentation.measures.habits import Seasonality, WeekHours
from segmentation.measures.kpis import Kpi
from segmentation.measures.monthly import Comparison, Months
from segmentation.measures.overview import Overview, Undrawn
from segmentation.measures.parts import Parts
from segmentation.measures.rankings import Entry, Ranking

TOKEN = re.compile(r"var\(--[a-z0-9-]+\)(@[.\d]+)?")
VALUES = [100, 90, 80, 70, 60, 50, 60, 70, 80, 90, 200, 150]
COUNTS = (0, 10, 40, 25, 12, 8, 5)


def months_of(values: list[int], first_year: int = 2024, is_full: list[bool] | None = None) -> Months:
    n = len(values)
    names = tuple(f"{first_year + place // 12}-{place % 12 + 1:02}" for place in range(n))
    full = tuple(is_full or [True] * n)
    return Months(names, full, (3,) * n, (1,) * n, (5,) * n, tuple(100_000 * value for value in values), (0.5,) * n, (30,) * n)


def ranked(*sizes: int, column: str = "education", by: Any = "customers", names: tuple[str, ...] = ()) -> Ranking:
    entries = [Entry(names[place] if names else f"level {place}", size, size, 100 * size) for place, size in enumerate(sizes)]
    total = sum(sizes) * (100 if by == "money" else 1)
    return Ranking(column, column, by, tuple(entries), len(sizes), sum(sizes), 0, total)


def histogram(*counts: int, edges: tuple[float, ...] = (0, 10, 20), **facts: Any) -> Histogram:
    known: dict[str, Any] = {
        "unit": "days",
        "is_open": False,
        "is_discrete": False,
        "is_whole": True,
        "n_missing": 0,
        "median": 9.0,
        "mean": 11.0,
    }
    return Histogram("wait", "waiting time", edges=edges, counts=counts, n=sum(counts), **(known | facts))


LAST_YEARS = months_of([value - 5 for value in VALUES] + VALUES)
WEEK = WeekHours((4, 1, 1, 1, 1, 2, 0), tuple(tuple(day if hour == 9 else 0 for hour in range(24)) for day in (4, 1, 1, 1, 1, 2, 0)), 10)
BOXES = Boxes(
    "income",
    "education",
    "money",
    (Box("low", 30, (10_000, 20_000, 30_000), (5_000, 50_000), (90_000,)), Box("few", 2, (20_000, 25_000, 30_000), (2e4, 3e4), (2e4, 3e4))),
    32,
)
EVERYTHING = Overview(
    kind="transactions",
    n_customers=100,
    n_orders=500,
    scale=2,
    first_day="2024-01-01",
    last_day="2025-12-31",
    kpis=(Kpi("customers", 100, "customers", 100, (1.0, 2.0, 3.0), 50, 40), Kpi("repeat_rate", 0.662, "share", 100, (), 0.6, 0.608)),
    months=LAST_YEARS,
    comparison=Comparison("year", (12, 23), (0, 11)),
    concentration=Concentration(100, 24, 0.8, 0, ((0, 0), (0.24, 0.8), (1, 1))),
    cohorts=Cohorts(("2025-10", "2025-11", "2025-12"), (10, 20, 5), ((4, 5), (5,), ()), 35),
    week=WEEK,
    seasonality=Seasonality((0.5,) * 11 + (6.5,), "2024-01", "2025-12", 2),
    countries=ranked(60, 30, 10, column="country", names=("Germany", "EIRE", "Nowhere")),
    lines=(ranked(60, 30, 10, column="category", by="money"), ranked(60, 50, column="payment", by="orders")),
    ages=Ages((Group("Women", COUNTS), Group("Men", COUNTS)), 200, 3, 2, 30.0),
    categories=(ranked(*range(20, 0, -1)),),
    numbers=(histogram(5, 3, 1),),
    shares=(Share("yes", "Said yes", 30, 100), Share("no", "Complained", 1, 100)),
    parts=(Parts("monetary_total", ("wine", "fruit"), (80.0, 20.0), 100),),
    boxes=(BOXES,),
    correlation=Correlation(
        ("age", "income", "spend"), ((1.0, 0.2, -0.5), (0.2, 1.0, None), (-0.5, None, 1.0)), ((9, 9, 8), (9, 9, 8), (8, 8, 8))
    ),
    undrawn=(Undrawn("e-mail", "individual"), Undrawn("zip", "individual"), Undrawn("cost", "constant")),
)


def figures_of(chart: Chart) -> list[dict[str, Any]]:
    return [figure for figure in (chart.figure, chart.beside) if figure]


def every_chart() -> list[Chart]:
    some = replace(EVERYTHING, lines=(), categories=(), numbers=(), seasonality=None)
    unlike = replace(EVERYTHING, ages=Ages((Group("", COUNTS),), 100, 0, 0, 30.0), week=replace(WEEK, hours=()), kind="customers")
    return [*overview_charts(EVERYTHING, "EUR", ""), *overview_charts(some, None, ""), *overview_charts(unlike, None, "")]


@pytest.mark.parametrize("chart", every_chart(), ids=lambda chart: chart.name)
def test_figures_are_valid_and_without_colours_of_their_own(chart):
    for figure in figures_of(chart):
        text = json.dumps(figure, allow_nan=False)
        assert not re.search(r"#[0-9a-fA-F]{6}\b", text)
        go.Figure(json.loads(TOKEN.sub("#123456", text)))


@pytest.mark.parametrize("chart", every_chart(), ids=lambda chart: chart.name)
def test_every_card_says_its_finding_its_population_and_its_numbers(chart):
    assert chart.told.finding.endswith(".")
    assert re.search(r"n = \d|full years", chart.told.note)
    assert chart.aria.endswith(chart.told.finding)
    assert chart.data.rows
    assert all(len(row) == len(chart.data.headers) for row in chart.data.rows)
    assert not re.search(r"nan|None|inf\b", f"{chart.told} {chart.data}")


def test_every_kind_of_chart_is_covered():
    names = {chart.name for chart in every_chart()}
    assert names == {
        "months", "countries", "ages", "rank-category", "concentration", "boxes", "cohorts", "week", "rank-payment", "season",
        "rank-education", "shares", "number-wait", "parts-monetary_total", "correlation",
    }  # fmt: skip


def test_no_more_charts_than_a_page_holds():
    many = replace(EVERYTHING, numbers=tuple(replace(histogram(1, 2, 3), column=f"n{place}") for place in range(30)))
    charts = overview_charts(many, None, "")
    assert len(charts) == MOST_CHARTS
    assert charts[0].name == "months"


@pytest.mark.parametrize(
    ("values", "finding"),
    [
        ([*VALUES, *(value + 1 for value in VALUES)], "November is the peak: €201 k. Every month was above last year."),
        ([*VALUES, 101, 89, *VALUES[2:]], "November is the peak: €200 k. Only February fell below last year."),
        ([*VALUES, *(value - 1 for value in VALUES)], "November is the peak: €199 k. Every month fell below last year."),
        ([*VALUES, 1, 1, 1, 1, *VALUES[4:]], "November is the peak: €200 k. 4 of 12 months fell below last year."),
        (VALUES, "November is the peak: €200 k."),
        ([*VALUES, 210], "January 2025 is the peak: €210 k."),
    ],
)
def test_what_the_months_say(values, finding):
    chart = months_chart(months_of(values), 2, "EUR", "returns taken off")
    assert chart is not None
    assert chart.told.finding.replace("\u00a0", " ") == finding


def test_a_part_of_a_month_is_soft_and_never_the_peak():
    chart = months_chart(months_of([5, 6, 7, 90], is_full=[True, True, True, False]), 2, None, "returns not counted")
    assert chart is not None
    assert chart.told.finding.startswith("March is the peak")
    assert chart.figure["data"][0]["marker"]["color"][-1] == "var(--cl-data-soft)"
    assert ("soft", "Part of a month") in chart.legend
    assert chart.data.rows[-1][0] == "Apr 2024 (30 days)"


def test_last_year_is_marked_and_in_the_table():
    chart = months_chart(LAST_YEARS, 2, None, "returns not counted")
    assert chart is not None
    assert len(chart.data.rows) == 12
    assert chart.data.rows[0] == ["Jan 2025", "100,000.00", "95,000.00", "5"]
    assert len(chart.figure["layout"]["shapes"]) == 24  # a mark and its edge
    assert "n = 60 orders" in chart.told.note


def test_two_months_are_no_line():
    assert months_chart(months_of([1, 2]), 2, None, "") is None


def test_key_figures_in_words():
    customers, repeat = overview_kpis(EVERYTHING, None)
    assert (customers.value, customers.change, customers.direction, customers.against) == ("100", "25.0%", 1, "on last year")
    assert (repeat.value, repeat.change, repeat.direction) == ("66.2%", "0.8 points", -1)
    assert customers.title == "Customers: 100\n2025: 50\n2024: 40"


@pytest.mark.parametrize(("now", "before"), [(None, None), (5.0, 0.0), (5.0, -3.0), (float("nan"), 3.0)])
def test_no_change_where_nothing_can_be_compared(now, before):
    kpi = Kpi("revenue", 5.0, "money", 9, (), now, before)
    shown = overview_kpis(replace(EVERYTHING, kpis=(kpi,)), None)[0]
    assert (shown.change, shown.against) == (None, "")


def test_no_change_is_said():
    shown = overview_kpis(replace(EVERYTHING, kpis=(Kpi("orders", 5.0, "orders", 9, (), 1000.0, 1000.1),)), None)[0]
    assert (shown.change, shown.direction) == ("No change", 0)


@pytest.mark.parametrize(
    ("comparison", "short", "long"),
    [
        (Comparison("year", (12, 23), (0, 11)), "on last year", "changes: 2025 on 2024"),
        (Comparison("same_months", (12, 14), (0, 2)), "on last year", "changes: Jan – Mar 2025 on Jan – Mar 2024"),
        (Comparison("before", (6, 11), (0, 5)), "on Jan–Jun", "changes: Jul – Dec 2024 on Jan – Jun 2024"),
        (Comparison("before", (1, 1), (0, 0)), "on Jan", "changes: Feb 2024 on Jan 2024"),
        (None, "", ""),
    ],
)
def test_what_changes_are_against(comparison, short, long):
    assert against_words(LAST_YEARS, comparison) == short
    assert comparison_words(LAST_YEARS, comparison) == long


def test_rankings_show_seven_or_nine_and_the_others():
    def names(n: int) -> list[str]:
        chart = ranking_chart(ranked(*range(n, 0, -1)), 2, None)
        return [hover.split("<br>")[0] for hover in chart.figure["data"][0]["customdata"]]

    assert len(names(7)) == 7
    assert names(8)[-1] == "<b>Level 7</b>"
    assert len(names(10)) == 10
    assert names(11)[9:] == ["<b>2 others</b>"]


def test_the_others_never_dwarf_the_rest():
    chart = ranking_chart(ranked(*[5] * 60), 2, None)
    assert chart.figure["data"][0]["x"][-1] == 0
    assert chart.figure["data"][0]["text"][-1] == "255 · 85%"


@pytest.mark.parametrize(
    ("ranking", "finding"),
    [
        (ranked(70, 30), "Level 0 leads with 70% of customers."),
        (ranked(40, 30, 30), "Level 0 and level 1 make 70% of customers."),
        (ranked(60, 30, 10, by="money"), "Level 0 leads with 60% of revenue."),
        (ranked(*[1] * 1000, by="money"), "Level 0 leads; no single one makes more than 0.1% of revenue."),
    ],
)
def test_what_a_ranking_says(ranking, finding):
    assert ranking_chart(ranking, 2, None).told.finding == finding


def test_countries_off_the_map_are_named():
    chart = countries_chart(EVERYTHING.countries, 2, None)
    assert chart is not None
    assert chart.told.note == "Customers, n = 100. Not on the map: Nowhere."
    assert chart.beside is not None
    assert chart.beside["data"][0]["locations"] == ["DEU", "IRL"]
    assert countries_chart(ranked(5, column="country"), 2, None) is None


def test_two_names_of_one_country_are_one_on_the_map():
    chart = countries_chart(ranked(3, 2, column="country", names=("UK", "Great Britain")), 2, None)
    assert chart is not None
    assert chart.beside is not None
    assert chart.beside["data"][0]["customdata"] == ["<b>United Kingdom</b><br>5 customers"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("EIRE", "IRL"), ("RSA", "ZAF"), ("USA", "USA"), ("U.S.A.", "USA"), ("UK", "GBR"), ("de", "DEU"), ("DEU", "DEU"),
        ("Deutschland", "DEU"),
        ("Österreich", "AUT"), ("Frankreich", "FRA"), ("France", "FRA"), ("Espagne", "ESP"), ("Czech Republic", "CZE"),
        ("South Korea", "KOR"),
        ("Cote d'Ivoire", "CIV"), ("Côte d’Ivoire", "CIV"), ("The Gambia", "GMB"), ("Bahamas", "BHS"),
        ("Saint Vincent and the Grenadines", "VCT"),
        ("Democratic Republic of the Congo", "COD"), ("Republic of the Congo", "COG"), ("Myanmar", "MMR"), ("East Timor", "TLS"),
        ("Россия", "RUS"), ("中国", "CHN"), ("Polska", "POL"), ("日本", "JPN"), ("مصر", "EGY"), ("Sverige", "SWE"), ("Česko", "CZE"),
        ("Channel Islands", "JEY"), ("Unspecified", None), ("European Community", None), ("", None),
    ],
)  # fmt: skip
def test_countries_in_many_spellings(name, code):
    assert country_code(name) == code


def test_what_ages_say():
    chart = ages_chart(Ages((Group("Women", COUNTS), Group("Men", (0, 1, 2, 3, 4, 5, 6))), 121, 31, 2, 40.0))
    assert chart.told.finding == "Women of 25–34 are the largest group: 33%."
    assert chart.told.note == "Customers, n = 121 with both known; 31 other or not said; 2 of unknown age."
    assert chart.data.rows[0][0] == "18–24"  # nobody is under 18


def test_what_the_concentration_says():
    chart = concentration_chart(Concentration(1000, 261, 0.8, 7, ((0, 0), (0.261, 0.8), (1, 1))))
    assert chart.told.finding == "26% of customers make 80% of revenue."
    assert chart.told.note == "Customers from highest to lowest spend, n = 1,000; 7 with more returned than bought."


@pytest.mark.parametrize(
    ("shown", "names"),
    [
        (histogram(1, 2, 3), ["0–9", "10–19", "20–29"]),
        (histogram(1, 2, 3, is_open=True), ["0–9", "10–19", "20 and more"]),
        (histogram(1, 2, 3, is_whole=False), ["0 to below 10", "10 to below 20", "20 to below 30"]),
        (histogram(4, 2, 1, edges=(1, 2, 5), is_open=True), ["1", "2–4", "5 and more"]),
        (histogram(4, 2, edges=(0, 3), is_discrete=True), ["0", "3"]),
    ],
)
def test_names_of_bands(shown, names):
    assert band_names(shown, None) == names
    assert [row[0] for row in histogram_chart(shown, None).data.rows] == names


def test_what_a_histogram_says():
    assert histogram_chart(histogram(1, 2, 3), None).told.finding == "Half have 9 days or more; the average is 11."
    assert histogram_chart(histogram(4, 2, 1, edges=(1, 2, 5), unit="orders"), None).told.finding == "57% have one; the average is 11."
    assert "Bands grow wider." in histogram_chart(histogram(4, 2, 1, edges=(1, 2, 5)), None).told.note


def test_columns_without_a_chart_are_named():
    assert undrawn_words(EVERYTHING.undrawn) == "No chart: e-mail and zip (different for nearly every customer); cost (the same for all)."
    assert undrawn_words(()) is None


def test_axes_have_round_ticks():
    assert ticks(742, money)["tickvals"] == [0, 200, 400, 600]
    assert ticks(790, money)["tickvals"] == [0, 200, 400, 600, 800]
    assert [round_words(text) for text in ("50.0 k", "2.50 M", "1.25 M", "400", "1.20")] == ["50 k", "2.5 M", "1.25 M", "400", "1.2"]


EVIL = '<b>Tea</b> & <a href="https://elsewhere.example">more</a>'
SHOWN_AS_IT_STANDS = '&lt;b&gt;Tea&lt;/b&gt; &amp; &lt;a href="https://elsewhere.example"&gt;more&lt;/a&gt;'


def drawn_texts(figure: dict[str, Any]) -> list[str]:
    """Return every text of a figure that Plotly draws."""
    hovers = [text for trace in figure["data"] for text in trace.get("customdata", [])]
    flat = [text for row in hovers for text in (row if isinstance(row, list) else [row])]
    return flat + [each["text"] for each in figure["layout"].get("annotations", [])]


def test_tags_in_the_data_are_words() -> None:
    rank = ranking_chart(ranked(30, 20, column="product", names=(EVIL, "coffee")), 2, None)
    ages = ages_chart(Ages((Group(EVIL, COUNTS), Group("Men", COUNTS)), 200, 0, 0, 30.0))
    for chart in (rank, ages):
        texts = drawn_texts(chart.figure)
        assert not any("<a" in text or "<b>Tea" in text for text in texts)
        assert any(SHOWN_AS_IT_STANDS in text for text in texts)


def test_a_very_long_name_is_shortened_on_hover() -> None:
    (hover, *_) = ranking_chart(ranked(30, 20, column="product", names=("x" * 5_000, "coffee")), 2, None).figure["data"][0]["customdata"]
    assert len(hover) < 150
