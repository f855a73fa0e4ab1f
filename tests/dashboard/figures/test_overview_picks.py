import csv
import io

import pytest

from dashboard.components.charts import DataTable
from dashboard.figures.overview_csv import chart_csv
from dashboard.figures.overview_picks import picks_of, picks_of_months, picks_within, touches
from segmentation.measures.filters import EVERYBODY, Band, Condition, read_filter


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


def test_numbers_lose_their_dress_in_csv():
    table = DataTable(
        ["=Head", "Revenue", "Share"], [["=cmd", "€1,234.50", "24%"], ["-5 to 3", "−R$\u00a07", "–"], ["7 items", "€0.5", "<1%"]]
    )
    rows = list(csv.reader(io.StringIO(chart_csv(table))))
    assert rows == [["'=Head", "Revenue", "Share"], ["'=cmd", "1234.50", "24%"], ["'-5 to 3", "-7", ""], ["7 items", "0.5", "<1%"]]
