"""Numbers: every form by hand, and what the data leave open is said."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.intake.parsing import MISSING, OK, UNREADABLE, parse_numbers


def read(*texts, decimal=None):
    return parse_numbers(pa.array(texts, pa.string()), decimal)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["1", "2.50", "-3.125", "+4"], [1, 2.5, -3.125, 4]),
        (["1.234,50", "12,3"], [1234.5, 12.3]),
        (["1,234.50", "1,234,567.25"], [1234.5, 1234567.25]),
        (["1 234,50", "2\u00a0000,00", "3\u202f000,10"], [1234.5, 2000, 3000.1]),
        (["1'234.50", "1’000.00"], [1234.5, 1000]),
        (["12,34,567.50"], [1234567.5]),
        (["$5.00", "€ 7.10", "8.25 EUR", "£1,000.00", "kr 12.50", "CHF 3.50"], [5, 7.1, 8.25, 1000, 12.5, 3.5]),
        (["(5.00)", "5.00-", "-$3.10", "−2.5"], [-5, -5, -3.1, -2.5]),
        (["(3,00) €", "€ (3,00)", "1.234,50 €", "(-4)", "-(5)"], [-3, -3, 1234.5, -4, -5]),
        (["12 %", "2.5%", "0"], [12, 2.5, 0]),
        (["12 %", "2.5"], [0.12, 2.5]),
        (["13 days", "1 day", "2.5 days"], [13, 1, 2.5]),
        (["34 Jahre", "1 Jahr"], [34, 1]),
        (["1`234´567", "12ʼ000"], [1234567, 12000]),
        (["1\u2009234,5", "1\u2009234\u2009567"], [1234.5, 1234567]),
        (["US$ 5.00", "R$ 7.10", "8.25 PLN", "MXN 3", "12 euros"], [5, 7.1, 8.25, 3, 12]),
        (["1.234,50 Kč", "12,00 Ft", "3,5 lei"], [1234.5, 12, 3.5]),
        (["1e3", "2.5E-2"], [1000, 0.025]),
        ([".5", "5.", "-.25"], [0.5, 5, -0.25]),
        (["1.234.567", "2"], [1234567, 2]),
        (["0", "0.00", "-0"], [0, 0, 0]),
    ],
)
def test_reads_every_usual_form(texts, expected):
    parsed = read(*texts)
    assert parsed.state.tolist() == [OK] * len(texts)
    np.testing.assert_array_equal(parsed.as_floats(), expected)


def test_blank_cells_and_marks_are_missing_and_words_are_unreadable():
    parsed = read("", "  ", "N/A", "null", "-", "?", "Unknown", "13 days", "abc", "1-2", "1.2.3")
    assert parsed.state.tolist() == [MISSING] * 7 + [UNREADABLE] * 4
    assert np.isnan(parsed.as_floats()).all()


@pytest.mark.parametrize("text", ["5 10", "12 34", "1 2345", "1'5", "12 apples", "Flat 5", "3 days ago"])
def test_what_only_looks_like_a_number_is_unreadable(text):
    assert read(text).state.tolist() == [UNREADABLE]


@pytest.mark.parametrize(
    ("texts", "unit"),
    [
        (["12 %", "3,5%"], "%"),
        (["13 days", "N/A"], "days"),
        (["1 pc", "2 pcs"], "pieces"),
        (["12 %", "3"], None),
        (["5", "7 days", "8"], None),
    ],
)
def test_a_unit_is_said_where_a_column_shares_it(texts, unit):
    assert read(*texts).unit == unit


def test_scale_is_what_the_values_need():
    assert (read("2.50", "3.00").scale, read("2.50").units.tolist()) == (1, [25])
    assert read("10.00").scale == 0
    assert read("0.001", "5").units.tolist() == [1, 5000]


def test_floats_dressed_as_decimals_are_rounded_half_to_even_and_said():
    parsed = read("0.30000000000000004", "0.0000005", "0.0000015")
    assert parsed.units.tolist() == [300000, 0, 2]
    assert parsed.n_rounded == 3


def test_a_number_beyond_exact_sums_is_unreadable_rather_than_wrong():
    assert read("123456789012345678901").state.tolist() == [UNREADABLE]


@pytest.mark.parametrize(
    ("texts", "is_open"),
    [
        (["1,234", "5"], True),
        (["1.234", "5.678"], True),
        (["1.234", "5.67"], False),
        (["1234.567"], False),
        (["0.125"], False),
        (["12"], False),
    ],
)
def test_says_when_the_decimal_mark_is_open(texts, is_open):
    assert read(*texts).is_mark_open is is_open


def test_the_person_overrules_the_mark():
    assert read("1.234", decimal=",").as_floats().tolist() == [1234.0]
    assert read("1,5", decimal=",").as_floats().tolist() == [1.5]
    assert read("1.5", decimal=",").state.tolist() == [UNREADABLE]


def test_one_column_in_two_notations_reads_the_larger_party_and_rejects_the_other():
    parsed = read("1,50", "2,75", "3.25")
    assert parsed.state.tolist() == [OK, OK, UNREADABLE]
    assert parsed.is_mark_open


@settings(deadline=None, max_examples=60)
@given(st.lists(st.decimals(min_value=-(10**9), max_value=10**9, places=3, allow_nan=False), min_size=1, max_size=20))
def test_what_is_written_is_read_back_exactly(values):
    parsed = parse_numbers(pa.array([f"{value:.3f}" for value in values]), ".")
    assert [units * 10 ** (3 - parsed.scale) for units in parsed.units.tolist()] == [int(value * 1000) for value in values]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False), min_size=1, max_size=20))
def test_german_notation_equals_english_notation(values):
    english = parse_numbers(pa.array([f"{value:,.2f}" for value in values]))
    german = parse_numbers(pa.array([f"{value:,.2f}".translate(str.maketrans(",.", ".,")) for value in values]))
    np.testing.assert_array_equal(english.as_floats(), german.as_floats())
