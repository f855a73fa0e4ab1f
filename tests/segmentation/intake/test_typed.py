"""Columns read by their role: what one leaves open the others tell, what counts as missing is said, a day finds its time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from segmentation.dataset import Dataset, ImportOptions, build_dataset
from segmentation.intake.mapping import map_columns
from segmentation.intake.table import RawTable
from segmentation.intake.typed import TypedColumns, read_typed

Table = Callable[[str], RawTable]


def _typed(raw: RawTable, **options: str) -> TypedColumns:
    return read_typed(raw, map_columns(raw), **options)  # type: ignore[arg-type]


def _said(typed: TypedColumns | Dataset) -> dict[str, str]:
    return {finding.code: finding.message for finding in typed.findings}


def test_a_thousands_mark_is_asked_about_by_its_own_numbers(table: Table) -> None:
    typed = _typed(table("| customer id | income |\n| a | 1,234 |\n| b | 5,678 |"))
    assert _said(typed)["ambiguous_decimal_mark"] == (
        'In "income", 1,234 means 1234 with a decimal point, 1.234 with a decimal comma; it was read as a point. Say which it is.'
    )
    assert typed.numbers["income"].as_floats().tolist() == [1234, 5678]


@pytest.mark.parametrize(("decimal", "expected"), [(".", 1234.0), (",", 1.234)])
def test_the_answer_about_the_decimal_mark_decides_the_thousands(table: Table, decimal: str, expected: float) -> None:
    typed = _typed(table("| customer id | income |\n| a | 1,234 |\n| b | 5,678 |"), decimal=decimal)
    assert typed.numbers["income"].as_floats()[0] == expected
    assert "ambiguous_decimal_mark" not in _said(typed)


def test_another_column_answers_what_one_leaves_open(table: Table) -> None:
    typed = _typed(table("| customer id | income | total amount |\n| a | 1.234 | 2,50 |\n| b | 5.678 | 3,75 |"))
    assert typed.numbers["income"].as_floats().tolist() == [1234, 5678]
    assert typed.findings == ()


def test_columns_of_two_decimal_marks_are_each_read_their_own_way_whatever_is_chosen(table: Table) -> None:
    raw = table("| customer id | income | total amount |\n| a | 1.5 | 2,50 |\n| b | 5.25 | 3,75 |")
    for options in ({}, {"decimal": ","}, {"decimal": "."}):
        typed = _typed(raw, **options)
        assert [typed.numbers[role].as_floats().tolist() for role in ("income", "amount")] == [[1.5, 5.25], [2.5, 3.75]]


def test_a_date_column_answers_for_another(table: Table) -> None:
    typed = _typed(table("| customer id | signup date | last order |\n| a | 1/2/2024 | 25/3/2024 |\n| b | 3/4/2024 | 1/4/2024 |"))
    assert typed.dates["signup_date"].parsed.order == "dmy"
    assert "ambiguous_dates" not in _said(typed)


def test_two_orders_in_one_file_are_said(table: Table) -> None:
    raw = table("| customer id | signup date | last order |\n| a | 1/31/2024 | 25/3/2024 |\n| b | 3/4/2024 | 1/4/2024 |")
    assert 'in "last order" are written day first, those in "signup date" month first' in _said(_typed(raw))["mixed_date_orders"]
    assert [_typed(raw, date_order="dmy").dates[role].parsed.order for role in ("signup_date", "last_order")] == ["mdy", "dmy"]


def test_words_for_nothing_are_counted_with_examples(table: Table) -> None:
    typed = _typed(table("| customer id | income |\n| a | N/A |\n| b | 5 |\n| c | ? |\n| d | N/A |\n| e | |"))
    finding = next(finding for finding in typed.findings if finding.code == "marks_as_missing")
    assert finding.message == 'In "income" 3 cells say N/A, ?; they count as missing.'
    assert (finding.count, finding.examples[0]) == (3, {"row": 2, "column": "income", "value": "N/A"})


def test_words_for_nothing_are_said_of_columns_without_a_role_too(table: Table) -> None:
    dataset = build_dataset(table("| customer id | points |\n| a | unknown |\n| b | 5 |\n| c | 7 |"))
    assert _said(dataset)["marks_as_missing"] == 'In "points" 1 cell says unknown; they count as missing.'


def test_a_customer_called_null_and_a_country_called_na_stay(table: Table) -> None:
    dataset = build_dataset(table("| customer | country | income |\n| Null | NA | 5 |\n| Ann | DE | 6 |\n| Bob | NA | 7 |"))
    assert dataset.customers.ids.tolist() == ["Ann", "Bob", "Null"]
    assert dataset.catalogue.frame["country"].tolist() == ["DE", "NA", "NA"]


def test_placeholders_are_no_days(table: Table) -> None:
    raw = table("| customer id | last order | income |\n| a | 9999-12-31 | 1 |\n| b | 2024-02-13 | 2 |\n| c | 1900-01-01 | 3 |")
    dataset = build_dataset(raw)
    assert str(dataset.customers.as_of) == "2024-02-14"
    assert dataset.customers.measures["recency_days"].isna().tolist() == [True, False, True]
    assert "9999-12-31, 1900-01-01" in _said(dataset)["marks_as_missing"]


@pytest.mark.parametrize(
    ("cells", "code", "words"),
    [
        ("13 days,2 days", "unit_left_out", '"income" is in days: 13 days counts as 13.'),
        ("12 %,3 %", "percent", '"income" is in percent: 12 % counts as 12.'),
    ],
)
def test_units_are_said(table: Table, cells: str, code: str, words: str) -> None:
    rows = "\n".join(f"| {place} | {cell} |" for place, cell in enumerate(cells.split(",")))
    assert _said(_typed(table(f"| customer id | income |\n{rows}")))[code] == words


LOG = """
| customer id | order date | order time | amount |
| a           | 2024-01-05 | 8:30 PM    | 5      |
| a           | 2024-01-05 | 09:15      | 5      |
| b           | 2024-01-07 |            | 6      |
| b           | 2024-01-07 | 00:30      | 7      |
"""


def test_a_day_and_its_time_are_one_moment(table: Table) -> None:
    moments = _typed(table(LOG)).dates["date"].seconds
    texts = [datetime.fromtimestamp(int(moment), UTC).strftime("%d %H:%M") for moment in moments]
    assert texts == ["05 20:30", "05 09:15", "07 00:00", "07 00:30"]


def test_the_time_can_be_left_aside(table: Table) -> None:
    dataset = build_dataset(table(LOG), ImportOptions(derived={"date_time": False}))
    assert not dataset.typed.dates["date"].parsed.has_time
    assert [(each.name, each.is_on) for each in dataset.derived] == [("date_time", False)]
    assert dataset.rows_kept == build_dataset(table(LOG)).rows_kept == 4


def test_a_date_with_its_own_time_keeps_it(table: Table) -> None:
    raw = table("| customer id | order date | time | amount |\n| a | 2024-01-05 10:00 | 11:00 | 5 |\n| a | 2024-01-06 10:00 | 12:00 | 5 |")
    assert _typed(raw).dates["date"].seconds[0] % 86_400 == 36_000


def test_birthdays_with_short_years_lie_in_the_past(table: Table) -> None:
    typed = _typed(table("| customer id | date of birth |\n| a | 31.12.45 |\n| b | 24.05.99 |\n| c | 01.02.05 |"))
    years = [datetime.fromtimestamp(int(moment), UTC).year for moment in typed.dates["birth_date"].seconds]
    assert years == [1945, 1999, 2005]


@pytest.mark.parametrize(("odd", "is_said"), [("666666", True), ("99999.00", True), ("666667", False), ("999", False), ("150000", False)])
def test_a_value_that_may_stand_for_not_known_is_pointed_out(table, odd, is_said):
    rows = "\n".join(f"| {number} | {20_000 + number * 617} |" for number in range(40))
    raw = table(f"| customer id | income |\n{rows}\n| 40 | {odd} |")
    mapping = map_columns(raw)
    found = [finding for finding in read_typed(raw, mapping).findings if finding.code == "suspicious_value"]
    assert [finding.examples[0]["value"] for finding in found] == ([odd] if is_said else [])
