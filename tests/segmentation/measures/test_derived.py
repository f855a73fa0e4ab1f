"""What is worked out: values by hand, formulas in words, everything to be switched off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from segmentation.dataset import Dataset, ImportOptions, build_dataset
from segmentation.errors import InvalidInputError
from segmentation.intake.derived import DERIVATIONS
from segmentation.intake.table import RawTable
from segmentation.measures.derived import propose_measures

Table = Callable[[str], RawTable]

PEOPLE = """
| ID | Birthday   | Last order date | Customer since | Kidhome | Teenhome | AcceptedCmp1 | AcceptedCmp2 | Response | Orders | Total spend |
| 1  | 2000-03-01 | 2024-02-29      | 2020-01-01     | 1       | 2        | 0            | 0            | 0        | 4      | 50.50       |
| 2  | 1980-03-02 | 2024-02-20      | 2023-12-31     | 0       | 0        | 1            | 0            | 1        | 0      | 0           |
| 3  |            |                 | 2024-02-28     |         | 1        | 0            | 1            | 0        | 2      | 7           |
"""


def _built(table: Table, **options: object) -> Dataset:
    return build_dataset(table(PEOPLE), ImportOptions(**options))  # type: ignore[arg-type]


def _values(dataset: Dataset, name: str) -> list[float | None]:
    return [None if np.isnan(value) else value for value in dataset.customers.measures[name].tolist()]


def test_every_value_is_the_one_by_hand(table: Table) -> None:
    dataset = _built(table)
    assert dataset.customers.as_of == date(2024, 3, 1)
    assert _values(dataset, "age") == [24, 43, None]
    assert _values(dataset, "recency_days") == [1, 10, None]
    assert _values(dataset, "tenure_days") == [1521, 61, 2]
    assert _values(dataset, "children") == [3, 0, 1]
    assert _values(dataset, "campaigns_accepted") == [0, 2, 1]
    assert _values(dataset, "accepted_any") == [0, 1, 1]
    assert _values(dataset, "order_value_mean") == [12.625, None, 3.5]


def test_each_has_its_formula_and_its_columns(table: Table) -> None:
    formulas = {each.name: (each.formula, each.headers) for each in _built(table).derived}
    assert formulas == {
        "age": ('full years from "Birthday" to 1 March 2024', ("Birthday",)),
        "recency_days": ('days from "Last order date" to 1 March 2024', ("Last order date",)),
        "tenure_days": ('days from "Customer since" to 1 March 2024', ("Customer since",)),
        "order_value_mean": ("total spend / number of orders", ()),
        "children": ('"Kidhome" + "Teenhome"', ("Kidhome", "Teenhome")),
        "campaigns_accepted": ('"AcceptedCmp1" + "AcceptedCmp2" + "Response"', ("AcceptedCmp1", "AcceptedCmp2", "Response")),
        "accepted_any": (
            '1 where any of "AcceptedCmp1", "AcceptedCmp2", "Response" is yes, else 0',
            ("AcceptedCmp1", "AcceptedCmp2", "Response"),
        ),
    }


@pytest.mark.parametrize(
    "name", ["age", "recency_days", "tenure_days", "order_value_mean", "children", "campaigns_accepted", "accepted_any"]
)
def test_each_can_be_switched_off(table: Table, name: str) -> None:
    dataset = _built(table, derived={name: False})
    assert name not in dataset.customers.measures
    assert {each.name: each.is_on for each in dataset.derived}[name] is False
    assert name not in [finding.examples[0]["column"] for finding in dataset.findings if finding.code == "derived_measure"]


def test_a_switch_of_nothing_is_refused_with_what_there_is(table: Table) -> None:
    with pytest.raises(InvalidInputError) as caught:
        _built(table, derived={"shoe_size": True})
    assert caught.value.code == "unknown_derivation"
    assert all(name in caught.value.fix for name in DERIVATIONS)


def test_a_day_chosen_by_the_person_counts(table: Table) -> None:
    dataset = _built(table, as_of=date(2024, 2, 29))
    assert _values(dataset, "age")[0] == 23
    assert _values(dataset, "recency_days") == [0, 9, None]


def test_what_the_file_brings_ready_made_is_not_worked_out(table: Table) -> None:
    raw = table(
        "| ID | Age | Year of birth | Children | Kids | Teens | Recency | Last order |\n| 1 | 30 | 1980 | 1 | 2 | 2 | 7 | 2024-01-01 |"
    )
    dataset = build_dataset(raw)
    assert dataset.derived == ()
    assert [dataset.customers.measures[name][0] for name in ("age", "children", "recency_days")] == [30, 1, 7]


def test_total_spend_from_orders_and_their_average(table: Table) -> None:
    dataset = build_dataset(table("| ID | Orders | Average order |\n| 1 | 4 | 2.50 |\n| 2 | 3 | 5 |"))
    assert dataset.customers.measures["monetary_total"].tolist() == [10, 15]
    assert dataset.derived[0].formula == '"Orders" × "Average order"'


LOG = """
| CustomerID | Date of birth | Order date | Quantity | Price | Kids | Teens |
| 13085.0    | 1980-01-31    | 2024-01-30 | 2        | 2.50  | 1    | 1     |
| 13085.0    | 1980-01-31    | 2024-02-01 | 1        | 4.00  | 1    | 1     |
| 12346.0    | 1999-12-31    | 2024-02-02 | 3        | 1.50  | 0    | 2     |
|            | 1970-01-01    | 2024-02-02 | 3        | 1.50  | 0    | 2     |
"""


def test_a_log_gives_ages_and_children_too(table: Table) -> None:
    dataset = build_dataset(table(LOG))
    assert dataset.customers.ids.tolist() == ["12346", "13085"]
    assert dataset.customers.measures["age"].tolist() == [24, 44]
    assert dataset.customers.measures["children"].tolist() == [2, 2]
    assert [each.name for each in dataset.derived] == ["whole_ids", "amount", "age", "children"]


def test_ids_that_a_program_wrote_as_fractions_become_whole_and_can_stay(table: Table) -> None:
    derived = build_dataset(table(LOG)).derived[0]
    assert derived.formula == '"CustomerID" as whole numbers: 13085.0 becomes 13085'
    kept = build_dataset(table(LOG), ImportOptions(derived={"whole_ids": False}))
    assert kept.customers.ids.tolist() == ["12346.0", "13085.0"]


def test_ids_of_which_one_is_no_whole_number_stay_as_they_are(table: Table) -> None:
    raw = table("| customer id | points |\n| 1.0 | 5 |\n| 2.5 | 6 |\n| A7 | 6 |")
    assert build_dataset(raw).customers.ids.tolist() == ["1.0", "2.5", "A7"]


def test_without_the_product_the_price_is_the_amount(table: Table) -> None:
    assert build_dataset(table(LOG)).customers.measures["monetary_total"].tolist() == [4.5, 9]
    dataset = build_dataset(table(LOG), ImportOptions(derived={"amount": False}))
    assert dataset.customers.measures["monetary_total"].tolist() == [1.5, 6.5]
    assert dataset.customers.measures["items_total"].tolist() == [3, 3]


def test_what_is_proposed_before_the_rows_are_looked_at_is_what_is_worked_out(table: Table) -> None:
    dataset = _built(table)
    proposed = propose_measures(dataset.raw, dataset.mapping, dataset.typed, dataset.customers.as_of, {})
    assert proposed == dataset.derived


def test_impossible_ages_are_pointed_out(table: Table) -> None:
    dataset = build_dataset(table("| ID | Date of birth | Last order |\n| 1 | 1893-05-05 | 2024-01-01 |\n| 2 | 2030-01-01 | 2024-01-02 |"))
    assert "impossible_age" in [finding.code for finding in dataset.findings]
