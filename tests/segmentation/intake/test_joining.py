"""Details of customers beside the lines of a log: no line is lost, and who is not in both is counted."""

import pytest

from segmentation.dataset import ImportOptions, build_dataset
from segmentation.errors import InvalidInputError
from segmentation.intake.joining import closed_roles, join_details
from segmentation.intake.mapping import map_columns

ORDERS = """
| order | customer | date       | price | quantity | country |
| 1     | a        | 2024-01-01 | 3     | 1        | FR      |
| 2     | a        | 2024-01-02 | 4     | 1        | FR      |
| 3     |  b       | 2024-01-03 | 5     | 1        | DE      |
| 4     | z        | 2024-01-04 | 6     | 1        | DE      |
| 5     |          | 2024-01-05 | 7     | 1        | DE      |
"""
PEOPLE = """
| customer id | age | total spent | country |
| b           | 40  | 900         | AT      |
| a           | 29  | 800         | FR      |
| a           | 30  | 800         | CH      |
| c           | 50  | 700         | IT      |
"""


def joined(table, orders=ORDERS, people=PEOPLE, name="people.csv"):
    lines, details = table(orders), table(people)
    mapping = map_columns(lines)
    return join_details(lines, mapping, details, map_columns(details), name), mapping


def test_each_line_gets_the_details_of_its_customer(table):
    found, _ = joined(table)
    assert found.headers == (*table(ORDERS).headers, "age", "total spent", "country (people.csv)")
    assert [found.text("age", row) for row in range(5)] == ["30", "30", "40", "", ""], "the last row of a in the list wins"
    assert found.text("country", 0) == "FR"
    assert found.text("country (people.csv)", 0) == "CH"


def test_who_is_not_in_both_is_counted(table):
    found, _ = joined(table)
    assert {finding.code: finding.count for finding in found.findings} == {
        "details_joined": 2,
        "without_details": 1,
        "without_orders": 1,
        "details_repeated": 1,
    }


def test_money_stays_that_of_the_lines(table):
    found, mapping = joined(table)
    dataset = build_dataset(found, ImportOptions(roles=closed_roles(mapping)))
    assert "amount" not in dataset.mapping.roles
    assert dataset.mapping.roles["age"] == "age"
    assert dataset.customers.money["monetary_total"].total_units == 18
    ages = dataset.catalogue.frame["age"].tolist()
    assert ages[:2] == [30.0, 40.0]


def test_two_files_without_a_customer_in_common_are_refused_with_both_forms(table):
    with pytest.raises(InvalidInputError, match='"people') as caught:
        joined(table, people=PEOPLE.replace("| a ", "| q1 ").replace("| b ", "| q2 "))
    assert caught.value.code == "nothing_in_common"


def test_two_logs_are_not_joined(table):
    with pytest.raises(InvalidInputError) as caught:
        joined(table, people=ORDERS)
    assert caught.value.code == "not_joinable"
