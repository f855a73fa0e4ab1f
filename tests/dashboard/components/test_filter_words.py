from datetime import date

import pytest

from dashboard.components.filter_bar import presets
from dashboard.components.filters import choice_words, condition_words, filter_words
from dashboard.queries.filtering import Field, find_field
from segmentation.measures.filters import Condition, Days, read_filter

AGE = Field("age", "Age", "number", is_whole=True)
SINCE = Field("since", "Customer since", "number", is_whole=True)
SPEND = Field("spend", "Total spend", "number", "money")
SEGMENT = Field("@segment", "Segment", "segment", names={"2": "Lost", "": "Not segmented"})
FIELDS = (AGE, SPEND, SEGMENT, Field("country", "Country", "words"), Field("cmp", "Accepted", "yes"), SINCE)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("country:France|Spain", "Country: France or Spain"),
        ("country:a|b|c|d|e", "Country: a, b, c or 2 others"),
        ("country:", "Country: not known"),
        ("age:25..35", "Age: 25 to 34"),
        ("age:25..26", "Age: 25"),
        ("age:..18", "Age: below 18"),
        ("age:65..", "Age: 65 and more"),
        ("spend:10..20.5", "Total spend: €10 to below €20.5"),
        ("@segment:2|", "Segment: Lost or Not segmented"),
        ("@month:2011-11", "Month: Nov 2011"),
        ("@month:2011-13", "Month: 2011-13"),
        ("@days:2011-11-01..2011-11-30", "Dates: 1 Nov 2011 – 30 Nov 2011"),
        ("@days:..2011-11-30", "Dates: up to 30 Nov 2011"),
        ("@weekday:Mon", "Weekday: Monday"),
        ("@week_hour:Mon 17", "Weekday and hour: Monday 17 to 18 o'clock"),
        ("cmp:1|0", "Accepted: yes or no"),
        ("since:1985..1990", "Customer since: 1985 to 1989"),
        ("age:1985..1990", "Age: 1,985 to 1,989"),
    ],
)
def test_a_filter_in_words(text, words):
    fields = (*FIELDS, Field("@month", "Month", "time"), Field("@weekday", "Weekday", "time"))
    assert filter_words(read_filter(text), fields, "EUR") == [words]


def test_a_long_value_is_cut():
    assert len(condition_words(Condition("country", ("x" * 500,)), find_field(FIELDS, "country"))) == 40


def test_ready_made_ranges_end_with_the_data():
    found = dict(presets(date(2010, 12, 1), date(2011, 12, 9)))
    assert found["All dates"] is None
    assert found["Last 12 months"] == Days(date(2011, 1, 1), date(2011, 12, 9))
    assert found["This year (2011)"] == Days(date(2011, 1, 1), date(2011, 12, 9))
    assert "Last year (2010)" not in found
    assert dict(presets(date(2009, 1, 1), date(2011, 2, 9)))["Last 3 months"] == Days(date(2010, 12, 1), date(2011, 2, 9))
    assert [words for words, _ in presets(date(2011, 2, 1), date(2011, 2, 9))] == ["All dates"]


def test_a_number_as_it_is_written_elsewhere():
    assert choice_words("007", find_field(FIELDS, "country")) == "007"
