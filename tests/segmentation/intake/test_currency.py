"""The currency of a file, where the file says it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from segmentation.intake.currency import find_currency
from segmentation.intake.mapping import map_columns
from segmentation.intake.table import RawTable


def currency(table: Callable[..., RawTable], *amounts: str, header: str = "amount") -> str | None:
    rows = "\n".join(f"| {100 + number} | 2024-01-0{number + 1} | {amount} |" for number, amount in enumerate(amounts))
    raw = table(f"| customer id | date | {header} |\n{rows}")
    return find_currency(raw, map_columns(raw))


@pytest.mark.parametrize(
    ("amounts", "code"),
    [
        (("€1.20", "2,00 €", "€ 3"), "EUR"),
        (("$1", "$2", ""), "USD"),
        (("R$ 1,00", "R$ 2,50"), "BRL"),
        (("CHF 1'200.00", "3 CHF"), "CHF"),
        (("12 kr", "7 kr"), "SEK"),
        (("(£5.00)", "£2"), "GBP"),
        (("1", "2"), None),
        (("€1", "$2"), None),
        (("€1", "2", "3"), None),
        (("ABC 1", "ABC 2"), None),
    ],
)
def test_signs_in_the_cells(table: Callable[..., RawTable], amounts: tuple[str, ...], code: str | None) -> None:
    assert currency(table, *amounts) == code


def test_the_header_says_it(table: Callable[..., RawTable]) -> None:
    assert currency(table, "1", "2", header="amount (EUR)") == "EUR"
    assert currency(table, "1", "2", header="amount USD") is None or currency(table, "1", "2", header="amount ($)") == "USD"


def test_a_column_of_currencies_says_it_where_it_is_one(table: Callable[..., RawTable]) -> None:
    one = table("| customer id | date | amount | Currency |\n| 1 | 2024-01-01 | 5 | GBP |\n| 2 | 2024-01-02 | 6 | GBP |")
    two = table("| customer id | date | amount | Currency |\n| 1 | 2024-01-01 | 5 | GBP |\n| 2 | 2024-01-02 | 6 | EUR |")
    small = table("| customer id | date | amount | Currency |\n| 1 | 2024-01-01 | 5 | eur |\n| 2 | 2024-01-02 | 6 | eur |")
    assert find_currency(one, map_columns(one)) == "GBP"
    assert find_currency(small, map_columns(small)) == "EUR"
    assert find_currency(two, map_columns(two)) is None


def test_thousands_of_dollars_are_not_dollars(table: Callable[..., RawTable]) -> None:
    raw = table("| CustomerID | Annual Income (k$) |\n| 1 | 15 |\n| 2 | 16 |")
    assert find_currency(raw, map_columns(raw)) is None
