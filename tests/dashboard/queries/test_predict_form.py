"""What people type into the form of a run, and what it begins with."""

from __future__ import annotations

import pytest

from dashboard.queries.predict_form import _median, read_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12.0),
        ("12.5", 12.5),
        ("12,5", 12.5),
        ("1,234", 1234.0),
        ("1,234,567.8", 1234567.8),
        ("1.234,5", 1234.5),
        ("1.234.567,8", 1234567.8),
        ("1.234.567", 1234567.0),
        ("€52,000", 52000.0),
        ("52 000 €", 52000.0),
        ("1\u00a0234", 1234.0),
        ("1'234", 1234.0),
        ("-3", -3.0),
        ("−3.5", -3.5),
        (".5", 0.5),
        ("5.", 5.0),
        ("12.4 k", 12400.0),
        ("1.5M", 1500000.0),
    ],
)
def test_numbers_as_people_write_them(text: str, value: float) -> None:
    assert read_number(text) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    "text", ["", "a lot", "1e5", "nan", "inf", "1,23,4", "1.2.3", "--1", "1-2", "k", "12 years", "=1+1", "<b>1</b>", "١٢x"]
)
def test_what_is_no_number(text: str) -> None:
    assert read_number(text) is None


def test_the_form_begins_with_the_middle_of_the_customers() -> None:
    tenths = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]
    assert _median(tenths, [0.1] * 10) == 5.0
    assert _median([0.0, 7.0], [0.6, 0.2, 0.2]) == 0.0  # most have nothing: the tenths without repeats are few
    assert _median([3.0], [1.0]) == 3.0
