"""Dates: every form by hand, and an open order is said."""

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.intake.dates import parse_dates
from segmentation.intake.parsing import MISSING, OK, UNREADABLE


def read(*texts, order=None):
    return parse_dates(pa.array(texts, pa.string()), order)


def moments(parsed):
    return [datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S") for seconds in parsed.seconds.tolist()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2010-12-01", "2010-12-01 00:00:00"),
        ("2010/12/1", "2010-12-01 00:00:00"),
        ("2010.12.01", "2010-12-01 00:00:00"),
        ("2010-12-01T08:26:00Z", "2010-12-01 08:26:00"),
        ("2010-12-01 08:26:30.123", "2010-12-01 08:26:30"),
        ("2010-12-01 08:26+02:00", "2010-12-01 08:26:00"),
        ("13/12/2010 8:26", "2010-12-13 08:26:00"),
        ("12/13/2010 8:26 PM", "2010-12-13 20:26:00"),
        ("12/13/99 12:05 am", "1999-12-13 00:05:00"),
        ("31.12.2010", "2010-12-31 00:00:00"),
        ("19970131", "1997-01-31 00:00:00"),
        ("12 Jan 2024", "2024-01-12 00:00:00"),
        ("Jan 12, 2024", "2024-01-12 00:00:00"),
        ("12. März 2024", "2024-03-12 00:00:00"),
        ("12 août 2024", "2024-08-12 00:00:00"),
        ("12 de enero de 2024", "2024-01-12 00:00:00"),
        ("Friday, March 1, 2024", "2024-03-01 00:00:00"),
        ("5-Jan-24", "2024-01-05 00:00:00"),
        ("44562", "2022-01-01 00:00:00"),
        ("44562.5", "2022-01-01 12:00:00"),
        ("1700000000", "2023-11-14 22:13:20"),
        ("1700000000000", "2023-11-14 22:13:20"),
        ("29.02.2024", "2024-02-29 00:00:00"),
    ],
)
def test_reads_every_usual_form(text, expected):
    parsed = read(text)
    assert parsed.state.tolist() == [OK]
    assert moments(parsed) == [expected]


@pytest.mark.parametrize(
    "text", ["30.02.2024", "2024-13-01", "13/13/2020", "0/1/2020", "yesterday", "1234", "2024-01-01 25:00", "1/1/1700"]
)
def test_what_is_no_date_of_the_calendar_is_unreadable(text):
    assert read(text).state.tolist() == [UNREADABLE]


def test_blanks_and_marks_are_missing():
    assert read("", "N/A", "null").state.tolist() == [MISSING] * 3


def test_the_column_decides_the_order():
    assert (read("04-09-2012", "31-12-2013").order, read("12/1/2010", "12/13/2010").order) == ("dmy", "mdy")
    assert moments(read("04-09-2012", "31-12-2013"))[0].startswith("2012-09-04")


def test_an_open_order_is_said_and_can_be_overruled():
    parsed = read("1/2/2024", "3/4/2024")
    assert parsed.is_order_open
    assert not read("1/2/2024", order="mdy").is_order_open
    assert moments(read("1/2/2024", order="mdy")) == ["2024-01-02 00:00:00"]
    assert moments(read("1/2/2024", order="dmy")) == ["2024-02-01 00:00:00"]


def test_equal_day_and_month_leave_nothing_open():
    assert not read("1/1/2024", "2/2/2024").is_order_open


def test_two_marks_in_one_column():
    assert moments(read("9/18/2023", "12-31-23")) == ["2023-09-18 00:00:00", "2023-12-31 00:00:00"]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.dates(date(1900, 1, 2), date(2100, 12, 31)), min_size=1, max_size=20), st.sampled_from(["%d.%m.%Y", "%m/%d/%Y", "%Y-%m-%d"])
)
def test_what_is_written_is_read_back(days, form):
    order = {"%d.%m.%Y": "dmy", "%m/%d/%Y": "mdy", "%Y-%m-%d": "ymd"}[form]
    parsed = parse_dates(pa.array([day.strftime(form) for day in days]), order)
    assert [(date(1970, 1, 1).toordinal() + seconds // 86400) for seconds in parsed.seconds.tolist()] == [day.toordinal() for day in days]
