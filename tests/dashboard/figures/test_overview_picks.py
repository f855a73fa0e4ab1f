import csv
import io
from dataclasses import replace

import numpy as np
import pytest

from dashboard.components.charts import DataTable
from dashboard.figures.overview_crossings import orders_chart
from dashboard.figures.overview_csv import chart_csv
from dashboard.figures.overview_orders import concentration_chart, seasonality_chart
from dashboard.figures.overview_picks import picks_of, picks_of_months, picks_within, touches
from segmentation.measures.concentration import share_out
from segmentation.measures.demographics import bin_numbers
from segmentation.measures.filters import EVERYBODY, Band, Condition, read_filter
from segmentation.measures.habits import Seasonality


def test_without_a_filter_every_mark_is_full():
    found = picks_of(EVERYBODY, "country", ["France", None])
    assert found.conditions == ("country:France", None)
    assert found.colours("full", "soft") == ["full", "full"]


def test_what_is_chosen_keeps_its_colour():
    found = picks_of(read_filter("country:Spain"), "country", ["France", "Spain", None])
    assert found.colours("full", "soft") == ["soft", "full", "soft"]


@pytest.mark.parametrize(
    ("mark", "wanted", "is_on"),
    [
        (Band(10, 20), Band(15, 30), True),
        (Band(10, 20), Band(20, 30), False),
        (Band(None, 20), Band(None, 5), True),
        (Band(10, None), Band(None, 10), False),
        ("3", Band(2, 4), True),
        ("4", Band(2, 4), False),
        ("x", Band(2, 4), False),
        ("a", "a", True),
    ],
)
def test_a_mark_is_on_when_a_part_of_it_is_wanted(mark, wanted, is_on):
    assert touches(mark, wanted) is is_on


def test_days_choose_the_months_that_they_are_part_of():
    found = picks_of_months(read_filter("@days:2011-02-15..2011-04-01"), ["2011-01", "2011-02", "2011-03", "2011-04", "2011-05"])
    assert found.is_on == (False, True, True, True, False)


def test_marks_of_two_columns_answer_to_either():
    marks = [[Condition("age", (Band(0, 18),)), Condition("gender", (gender,))] for gender in ("f", "m")]
    assert picks_within(read_filter("gender:f"), marks).is_on == (True, False)
    assert picks_within(read_filter("gender:f;age:18..30"), marks).is_on == (False, False)
    assert not picks_within(read_filter("country:x"), marks).any_on


def test_a_click_on_a_calendar_month_chooses_it_in_each_full_year():
    season = Seasonality((1.0,) * 12, "2023-05", "2025-04", 2)
    picks = seasonality_chart(season, read_filter("@month:2024-12")).data.picks
    assert picks[0] == "@month:2024-01|2025-01"
    assert picks[4] == "@month:2023-05|2024-05"
    assert picks[11] == "@month:2023-12|2024-12"
    colours = seasonality_chart(season, read_filter("@month:2024-12")).figure["data"][0]["marker"]["color"]
    assert [len(set(colours[:11])), colours[11] != colours[0]] == [1, True]


def test_a_click_on_the_curve_chooses_whoever_spent_as_much():
    found = share_out(np.array([5_000, 3_000, 1_500, 500]), 0.8)
    assert found.least == (5_000, 3_000, 1_500, 500)
    chart = concentration_chart(found, 2)
    assert list(chart.data.picks) == [f"monetary_total:{low}.." for low in ("50", "30", "15", "5")]
    chosen = concentration_chart(found, 2, read_filter("monetary_total:15.."))
    area = chosen.figure["data"][0]
    assert area["x"] == [0.0, 25.0, 50.0, 75.0], "drawn full up to where it was chosen"


def test_spend_by_some_purchases_cannot_be_chosen_by_spend_in_all():
    chart = concentration_chart(replace(share_out(np.array([5_000, 3_000]), 0.8), least=()), 2)
    assert not chart.data.picks
    assert set(chart.figure["data"][2]["meta"]["picks"]) == {None}


def test_an_order_can_be_chosen_where_all_of_it_is_left():
    orders = bin_numbers("@order_value", "order value", "money", np.linspace(1.5, 300.0, 400))
    assert orders is not None
    picks = orders_chart(orders, None).data.picks
    assert picks[0].startswith("@order_value:..")
    assert picks[-1].endswith("..")
    assert not orders_chart(orders, None, EVERYBODY, is_whole=False).data.picks


def test_numbers_lose_their_dress_in_csv():
    table = DataTable(
        ["=Head", "Revenue", "Share"], [["=cmd", "€1,234.50", "24%"], ["-5 to 3", "−R$\u00a07", "–"], ["7 items", "€0.5", "<1%"]]
    )
    rows = list(csv.reader(io.StringIO(chart_csv(table))))
    assert rows == [["'=Head", "Revenue", "Share"], ["'=cmd", "1234.50", "24%"], ["'-5 to 3", "-7", ""], ["7 items", "0.5", "<1%"]]
