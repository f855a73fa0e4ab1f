"""Numbers and days as people read them."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard import formats

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (7, "7"), (2_914, "2,914"), (9_999, "9,999"), (12_406, f"12.4{NBSP}k"), (742_300, f"742{NBSP}k"),
        (999_960, f"1.00{NBSP}M"),
        (8_887_208.894, f"8.89{NBSP}M"), (59_300_000, f"59.3{NBSP}M"), (1.2e9, f"1.20{NBSP}bn"), (-12_406, f"−12.4{NBSP}k"),
        (4.27, "4.3"), (0.0172, "0.017"), (372.4, "372"), (48.25, "48.2"), (float("nan"), "–"), (None, "–"), (float("inf"), "–"),
    ],
)  # fmt: skip
def test_short(value: float | None, text: str) -> None:
    assert formats.short(value) == text


def test_no_number_is_shown_with_more_than_three_figures_before_its_letter() -> None:
    for exponent in range(4, 11):
        for lead in (1.0, 4.567, 9.994, 9.996, 9.9999):
            value = lead * 10**exponent
            text = formats.short(value)
            figures = text.split(NBSP)[0].replace(".", "").replace(",", "")
            assert len(figures) == 3, (lead, exponent, text)
            assert not text.startswith("1,0"), (lead, exponent, text)


def test_money_has_its_sign_only_where_the_currency_is_known() -> None:
    assert formats.money(5_930_000, "EUR") == f"€5.93{NBSP}M"
    assert formats.money(-12.5, "GBP", is_short=False) == "−£12.50"
    assert formats.money(480, "CHF") == f"CHF{NBSP}480"
    assert formats.money(480) == "480"
    assert formats.money(None, "EUR") == "–"


def test_percent_never_hides_a_small_share() -> None:
    assert formats.percent(0.2449) == "24%"
    assert formats.percent(0.6623, 1) == "66.2%"
    assert formats.percent(0.001) == "<1%"
    assert formats.percent(0.0001, 1) == "<0.1%"
    assert formats.percent(0) == "0%"
    assert formats.percent(0.995) == ">99%"
    assert formats.percent(0.9949) == "99%"
    assert formats.percent(0.9996, 1) == ">99.9%"
    assert formats.percent(1.0) == formats.percent(1 - 1e-12) == "100%"
    assert formats.percent(None) == "–"


def test_days() -> None:
    assert formats.day(date(2026, 10, 31)) == "31 Oct 2026"
    assert formats.day("2026-10-01T08:00:00") == "1 Oct 2026"
    assert formats.days("2025-11-01", "2026-10-31") == "1 Nov 2025 – 31 Oct 2026"
    assert formats.days(None, "2026-10-31") == "–"


def test_counts_and_sizes() -> None:
    assert formats.counted(1, "row") == "1 row"
    assert formats.counted(1_204, "row") == "1,204 rows"
    assert formats.counted(2, "country", "countries") == "2 countries"
    assert formats.size(45_580_638) == f"45.6{NBSP}MB"
    assert formats.size(3_981) == f"4.0{NBSP}kB"
    assert formats.size(1) == "1 byte"
