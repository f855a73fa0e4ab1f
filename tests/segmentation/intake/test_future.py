"""Days that have not come yet do not move the day counted from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from segmentation.dataset import ImportOptions, build_dataset
from segmentation.intake.table import RawTable

Table = Callable[[str], RawTable]
TODAY = date(2024, 3, 10)
LOG = """
| customer id | order id | order date | amount |
| a           | 1        | 2024-03-01 | 5      |
| a           | 2        | 2024-03-08 | 6      |
| b           | 3        | 2031-01-01 | 7      |
| b           | 4        | 2024-02-01 | 8      |
"""


def test_a_line_of_the_future_is_set_aside_and_said(table: Table) -> None:
    dataset = build_dataset(table(LOG), today=TODAY)
    assert dataset.customers.as_of == date(2024, 3, 9)
    assert dataset.customers.measures["recency_days"].tolist() == [1, 37]
    assert (dataset.rows_read, dataset.rows_kept, dataset.rows_rejected) == (4, 3, 1)
    assert [step.rows_in - step.rows_out for step in dataset.cleaned.receipt if step.rule == "future_dates"] == [1]


def test_without_a_today_or_with_a_day_of_ones_own_nothing_is_the_future(table: Table) -> None:
    assert build_dataset(table(LOG)).customers.as_of == date(2031, 1, 2)
    assert build_dataset(table(LOG), ImportOptions(as_of=date(2031, 1, 5)), today=TODAY).rows_kept == 4


def test_somewhere_it_is_tomorrow_already(table: Table) -> None:
    raw = table(LOG.replace("2031-01-01", "2024-03-11"))
    assert build_dataset(raw, today=TODAY).customers.as_of == date(2024, 3, 12)


def test_a_plan_counts_as_it_stands(table: Table) -> None:
    raw = table(LOG.replace("2024-03", "2030-03"))
    assert (build_dataset(raw, today=TODAY).rows_kept, build_dataset(raw, today=TODAY).customers.as_of) == (4, date(2031, 1, 2))


def test_in_a_list_what_has_not_come_is_no_time_ago(table: Table) -> None:
    rows = ("| 1 | 2024-03-01 | 2020-01-01 |", "| 2 | 2099-01-01 | 2021-01-01 |", "| 3 | 2024-02-01 | 2022-01-01 |")
    raw = table("\n".join(["| id | last order | customer since |", *rows]))
    dataset = build_dataset(raw, today=TODAY)
    assert dataset.customers.as_of == date(2024, 3, 2)
    assert dataset.customers.measures["recency_days"].isna().tolist() == [False, True, False]
    assert dataset.rows_kept == 3
    finding = next(finding for finding in dataset.findings if finding.code == "future_dates")
    assert finding.message == '1 cell of "last order" lies after today, 10 March 2024; the days are not counted from them.'
    assert finding.examples == ({"row": 3, "column": "last order", "value": "2099-01-01"},)
