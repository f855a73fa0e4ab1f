"""Numbers as a marketer reads them."""

from __future__ import annotations

import pytest

from segmentation.portraits.wording import number_text, pair_text, percent_text, singular


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.2134, "0.21"),
        (4.27, "4.3"),
        (42.4, "42"),
        (99.7, "100"),
        (479.56, "480"),
        (2048.69, "2,049"),
        (9999.4, "9,999"),
        (9999.7, "10,000"),
        (12_350, "12.3 k"),
        (280_206, "280 k"),
        (999_700, "1,000 k"),
        (1_327_321, "1.33 M"),
        (2.5e9, "2.5 bn"),
        (-1234, "-1,234"),
        (-0.05, "-0.05"),
        (float("nan"), "not known"),
        (float("inf"), "not known"),
    ],
)
def test_number_text(value: float, text: str) -> None:
    assert number_text(value) == text


def test_pairs_have_as_few_digits_as_tell_them_apart() -> None:
    assert pair_text(12.3, 92.5) == ("12", "92")
    assert pair_text(4.27, 4.31) == ("4.27", "4.31")
    assert pair_text(45.1, 44.9) == ("45.1", "44.9")
    assert pair_text(12_341, 12_349) == ("12.34 k", "12.35 k")
    assert pair_text(5, 5) == ("5", "5")


def test_percentages_say_neither_none_nor_all_unless_it_is() -> None:
    assert [percent_text(share) for share in (0, 0.002, 0.115, 0.5, 0.996, 1)] == ["0 %", "0.2 %", "12 %", "50 %", "99.6 %", "100 %"]
    assert [percent_text(share) for share in (0.00001, 0.99999)] == ["under 0.1 %", "over 99.9 %"]


@pytest.mark.parametrize(
    ("plural", "text"),
    [
        ("Bought in the last 1 days", "Bought in the last 1 day"),
        ("1 orders on average (all: 2.7)", "1 order on average (all: 2.7)"),
        ("2.1 orders on average (all: 1)", "2.1 orders on average (all: 1)"),
        ("Ordered more than 1 and at most 21 times", "Ordered more than 1 and at most 21 times"),
    ],
)
def test_one_is_singular(plural: str, text: str) -> None:
    assert singular(plural) == text
