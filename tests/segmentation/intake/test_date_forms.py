"""Every form in which shops, people and spreadsheets write dates, each with the moment worked out by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

import pandas as pd
import pyarrow as pa
import pytest
from dateutil import parser

from segmentation.intake.dates import ParsedDates, parse_dates, parse_times
from segmentation.intake.parsing import MISSING, OK, UNREADABLE

FORMS = """
2024-02-01                          | 2024-02-01
2024-2-1                            | 2024-02-01
2024/02/01                          | 2024-02-01
2024.02.01                          | 2024-02-01
2024.02.01.                         | 2024-02-01
2024_02_01                          | 2024-02-01
2024 02 01                          | 2024-02-01
2024年2月1日                        | 2024-02-01
2024-02-01T08:26                    | 2024-02-01 08:26
2024-02-01T08:26:30                 | 2024-02-01 08:26:30
2024-02-01T08:26:30Z                | 2024-02-01 08:26:30
2024-02-01T08:26:30.123Z            | 2024-02-01 08:26:30
2024-02-01T08:26:30.123456+00:00    | 2024-02-01 08:26:30
2024-02-01T08:26:30+0200            | 2024-02-01 08:26:30
2024-02-01T08:26:30+02              | 2024-02-01 08:26:30
2024-02-01 08:26:30 +0100           | 2024-02-01 08:26:30
2024-02-01 08:26:30 UTC             | 2024-02-01 08:26:30
2024-02-01 08:26:30 GMT+1           | 2024-02-01 08:26:30
2024-02-01 08:26:30 CET             | 2024-02-01 08:26:30
2024-02-01 08:26 PST                | 2024-02-01 08:26
2024-02-01T08:26:30+01:00[Europe/Berlin] | 2024-02-01 08:26:30
2024-02-01 08:26:30,123             | 2024-02-01 08:26:30
2024-02-01 8:26 PM                  | 2024-02-01 20:26
2024-02-01, 8:26 p.m.               | 2024-02-01 20:26
2024-02-01 12:05 am                 | 2024-02-01 00:05
2024-02-01 12:05 pm                 | 2024-02-01 12:05
2024-02-01 8pm                      | 2024-02-01 20:00
2024-02-01 08.26                    | 2024-02-01 08:26
2024-02-01 8h26                     | 2024-02-01 08:26
13/02/2024                          | 2024-02-13
13.02.2024                          | 2024-02-13
13-02-2024                          | 2024-02-13
13.2.24                             | 2024-02-13
13. 2. 2024                         | 2024-02-13
13.02.2024 08:26                    | 2024-02-13 08:26
13.02.2024, 08:26:30                | 2024-02-13 08:26:30
13.02.2024 um 08:26 Uhr             | 2024-02-13 08:26
13/02/2024 à 08h26                  | 2024-02-13 08:26
Di, 13.02.2024                      | 2024-02-13
Di. 13.02.2024                      | 2024-02-13
02/13/2024                          | 2024-02-13
2/13/2024 8:26:30 PM                | 2024-02-13 20:26:30
2/13/24 8:26                        | 2024-02-13 08:26
Tue 02/13/2024                      | 2024-02-13
2/13/99                             | 1999-02-13
13/02/68                            | 2068-02-13
13/02/69                            | 1969-02-13
20240213                            | 2024-02-13
20240213.0                          | 2024-02-13
20240213T082630                     | 2024-02-13 08:26:30
20240213T082630Z                    | 2024-02-13 08:26:30
20240213082630                      | 2024-02-13 08:26:30
13 Feb 2024                         | 2024-02-13
13 February 2024                    | 2024-02-13
13th February 2024                  | 2024-02-13
13th of February 2024               | 2024-02-13
13th of February, 2024              | 2024-02-13
13-Feb-2024                         | 2024-02-13
13-FEB-24                           | 2024-02-13
13Feb2024                           | 2024-02-13
13 Feb '24                          | 2024-02-13
13 Feb. 2024, 8:26 pm               | 2024-02-13 20:26
Feb 13, 2024                        | 2024-02-13
Feb. 13, 2024                       | 2024-02-13
February 13 2024                    | 2024-02-13
February 13th, 2024 8:26 AM         | 2024-02-13 08:26
February 13, 2024 at 8:26 PM        | 2024-02-13 20:26
Tuesday, February 13, 2024          | 2024-02-13
Tue, 13 Feb 2024 08:26:30 +0000     | 2024-02-13 08:26:30
Tue Feb 13 2024 08:26:30 GMT+0100 (Central European Standard Time) | 2024-02-13 08:26:30
Tue Feb 13 08:26:30 2024            | 2024-02-13 08:26:30
Tue Feb 13 08:26:30 UTC 2024        | 2024-02-13 08:26:30
2024-Feb-13                         | 2024-02-13
2024 February 13                    | 2024-02-13
Sept 5, 2024                        | 2024-09-05
1. Januar 2024                      | 2024-01-01
1. Jänner 2024                      | 2024-01-01
3. März 2024                        | 2024-03-03
3. Mrz. 2024                        | 2024-03-03
3. Maerz 2024                       | 2024-03-03
3. Mai 2024 08:26                   | 2024-05-03 08:26
Mo, 7. Okt. 2024                    | 2024-10-07
Montag, 7. Oktober 2024             | 2024-10-07
24. Dez 24                          | 2024-12-24
1er janvier 2024                    | 2024-01-01
1 janv. 2024                        | 2024-01-01
14 févr. 2024                       | 2024-02-14
14 fevr 2024                        | 2024-02-14
14 juil. 2024                       | 2024-07-14
14 juillet 2024 à 8h26              | 2024-07-14 08:26
lundi 5 août 2024                   | 2024-08-05
25 déc. 2024                        | 2024-12-25
1 de enero de 2024                  | 2024-01-01
1 ene 2024                          | 2024-01-01
1-ene-24                            | 2024-01-01
3 de agosto del 2024                | 2024-08-03
lunes, 5 de agosto de 2024          | 2024-08-05
12 dic. 2024                        | 2024-12-12
3 sept. 2024                        | 2024-09-03
15 maggio 2024                      | 2024-05-15
1º de março de 2024                 | 2024-03-01
5 mei 2024                          | 2024-05-05
5 mrt 2024                          | 2024-03-05
12 września 2024                    | 2024-09-12
44562                               | 2022-01-01
44562.5                             | 2022-01-01 12:00
44562,25                            | 2022-01-01 06:00
45296.3513888889                    | 2024-01-05 08:26
1700000000                          | 2023-11-14 22:13:20
1700000000.0                        | 2023-11-14 22:13:20
1700000000000                       | 2023-11-14 22:13:20
1700000000000000                    | 2023-11-14 22:13:20
  2024-02-01                        | 2024-02-01
2024-02-01\u00a008:26\u202fPM       | 2024-02-01 20:26
29.02.2024                          | 2024-02-29
"""
COARSE = """
2024-02         | 2024-02-01
2024/2          | 2024-02-01
202402          | 2024-02-01
02/2024         | 2024-02-01
Feb 2024        | 2024-02-01
Feb-24          | 2024-02-01
February 2024   | 2024-02-01
février 2024    | 2024-02-01
febrero de 2024 | 2024-02-01
2024 Feb        | 2024-02-01
Q1 2024         | 2024-01-01
2024-Q3         | 2024-07-01
T4 2024         | 2024-10-01
2. Quartal 2024 | 2024-04-01
2024-W01        | 2024-01-01
2024-W05-3      | 2024-01-31
2020W53         | 2020-12-28
2026-W01        | 2025-12-29
2024 KW 10      | 2024-03-04
"""

_DAY_0 = datetime(1970, 1, 1)  # noqa: DTZ001 - the clock of a file has no zone


def _cases(table: str) -> list[tuple[str, str]]:
    lines = [line.partition("|") for line in table.strip().split("\n")]
    return [(text.strip().encode().decode("unicode_escape") if "\\u" in text else text.rstrip(), day.strip()) for text, _, day in lines]


def _read(*texts: str, order: str | None = None) -> ParsedDates:
    return parse_dates(pa.array(texts, pa.string()), order)  # type: ignore[arg-type]


def _moment(parsed: ParsedDates, place: int = 0) -> datetime:
    return _DAY_0 + timedelta(seconds=int(parsed.seconds[place]))


@pytest.mark.parametrize(("text", "expected"), _cases(FORMS))
def test_a_form_gives_its_moment(text: str, expected: str) -> None:
    parsed = _read(text)
    assert parsed.state.tolist() == [OK]
    assert _moment(parsed) == datetime.fromisoformat(expected)
    assert not parsed.is_coarse.any()


@pytest.mark.parametrize(("text", "expected"), _cases(COARSE))
def test_a_month_a_quarter_or_a_week_is_its_first_day_and_that_is_said(text: str, expected: str) -> None:
    parsed = _read(text)
    assert _moment(parsed) == datetime.fromisoformat(expected)
    assert parsed.is_coarse.tolist() == [True]


@pytest.mark.parametrize(
    "text",
    """2024-02-30|30.02.2024|2024-13-01|13/13/2024|0/1/2024|32 Jan 2024|12 Foo 2024|2024-W54|2024-Q5|202413|2024-01-01 25:00
    |2024-01-01 08:61|soon|1234|12|4711-0815|1/1/1700|2024-01-01 2024-01-02|2024-02-01 8|10115|99999""".replace("\n    ", "").split("|"),
)
def test_what_is_no_date_is_unreadable(text: str) -> None:
    assert _read(text).state.tolist() == ([OK] if text == "10115" else [UNREADABLE])


@pytest.mark.parametrize(
    "text",
    ["1900-01-01", "01/01/1900", "1.1.1900", "1900-01-01 00:00:00", "9999-12-31", "31.12.9999", "12/31/9999 00:00", "0000-00-00",
     "0000-00-00 00:00:00", "0001-01-01", "01/01/0001", "1899-12-30", "99991231", "0"],
)  # fmt: skip
def test_a_day_that_stands_for_never_is_missing(text: str) -> None:
    parsed = _read(text, "2024-02-13")
    assert parsed.state.tolist() == [MISSING, OK]
    assert parsed.is_placeholder.tolist() == [True, False]
    assert parsed.seconds[0] == 0


def test_zones_are_named_and_the_clock_of_the_shop_stays() -> None:
    parsed = _read("2024-02-01 08:26 +01:00", "2024-07-01 08:26 +02:00", "2024-07-01 08:26")
    assert parsed.zones == ("+01:00", "+02:00")
    assert [_moment(parsed, place).hour for place in range(3)] == [8, 8, 8]


def test_short_years_turn_where_they_are_told_to() -> None:
    parsed = parse_dates(pa.array(["12/05/45", "13/05/05"], pa.string()), "dmy", pivot=20)
    assert [_moment(parsed, place).year for place in range(2)] == [1945, 2005]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("08:26", 30360), ("8:26:05", 30365), ("8:26 PM", 73560), ("20h26", 73560), ("08:26:05.5 +01:00", 30365), ("8 am", 28800)],
)
def test_times_of_day(text: str, expected: int) -> None:
    seconds, is_time = parse_times(pa.array([text, "soon", "8", "25:00", ""], pa.string()))
    assert is_time.tolist() == [True, False, False, False, False]
    assert seconds.tolist() == [expected, 0, 0, 0, 0]


PANDAS_FORMS = ("%Y-%m-%d", "%d %B %Y", "%b %d, %Y", "%Y-%m-%dT%H:%M:%S", "%d-%b-%Y %H:%M", "%Y%m%d", "%A, %B %d, %Y", "%d %b %Y %I:%M %p")


@pytest.mark.parametrize("form", PANDAS_FORMS)
def test_unambiguous_dates_are_read_as_pandas_and_dateutil_read_them(form: str) -> None:
    days = pd.date_range("1931-03-04 05:06:07", "2031-01-01", periods=97)
    texts = [day.strftime(form) for day in days]
    ours = [_moment(_read(text)) for text in texts]
    assert ours == pd.to_datetime(pd.Series(texts), format=form).dt.to_pydatetime().tolist()
    assert ours == [parser.parse(text) for text in texts]


@pytest.mark.parametrize("form", ["%d/%m/%Y", "%m/%d/%Y", "%d.%m.%y %H:%M", "%m-%d-%y %I:%M:%S %p"])
def test_a_column_of_numeric_dates_shows_its_order(form: str) -> None:
    days = pd.date_range("1991-03-04", "2031-01-01", periods=97)
    texts = [day.strftime(form) for day in days]
    parsed = _read(*texts)
    assert parsed.order == ("dmy" if form.startswith("%d") else "mdy")
    assert not parsed.is_order_open
    expected = pd.to_datetime(pd.Series(texts), format=form)
    assert [_moment(parsed, place) for place in range(97)] == expected.dt.to_pydatetime().tolist()
    assert parsed.has_time == bool((expected.dt.hour > 0).any())
