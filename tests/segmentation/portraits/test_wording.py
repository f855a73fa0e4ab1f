"""Numbers as a marketer reads them."""

from __future__ import annotations

import numpy as np
import pytest

from segmentation.portraits.conditions import Condition, say_conditions
from segmentation.portraits.remarks import remark
from segmentation.portraits.traits import ProfileColumn, number_traits
from segmentation.portraits.wording import difference_sentence, number_text, pair_text, percent_text, singular


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


@pytest.mark.parametrize(("currency", "sign"), [("EUR", "€"), ("CHF", "CHF\u00a0"), (None, "")])
def test_money_is_said_in_its_currency_and_nothing_else_is(currency: str | None, sign: str) -> None:
    groups, spend = np.repeat([0, 1], 40), np.repeat([150.0, 50.0], 40)

    def said(role: str, values: np.ndarray, unit: str | None = "money") -> str:
        column = ProfileColumn(role, "label", "number", role, unit, currency if unit == "money" else None)
        return difference_sentence(number_traits(column, True, values, groups, 2)[0], 40)

    assert said("monetary_total", spend) == f"Spends 1.5 times the average ({sign}150, all: {sign}100)"
    assert said("order_value_mean", spend) == f"An average order of {sign}150 (all: {sign}100)"
    assert said("other", -spend) == f"Label: -{sign}150 on average (all: -{sign}100)"
    assert said("frequency_orders", spend, None) == "150 orders on average (all: 100)"
    column = ProfileColumn("monetary_total", "total spend", "number", "monetary_total", "money", currency)
    assert say_conditions([Condition(column, ">", 1200.0)]) == f"Spent more than {sign}1,200"
    income = ProfileColumn("income", "income", "number", "income", "money", currency)
    assert f"the middle customer has {sign}150 (of all: {sign}100;" in remark(number_traits(income, True, spend, groups, 2)[:1])[0]


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
