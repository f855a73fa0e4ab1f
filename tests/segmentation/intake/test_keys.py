"""Keys of several columns, columns left out, keys that too many people share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from segmentation.dataset import ImportOptions, build_dataset
from segmentation.errors import InvalidInputError
from segmentation.intake.keys import leave_out, possible_keys, shared_keys, with_key
from segmentation.intake.mapping import EACH_ROW, map_columns
from segmentation.intake.table import RawTable

Table = Callable[[str], RawTable]

PEOPLE = """
| Name | Date of birth | Zip   | Amount | Order date |
| Ann  | 1980-01-02    | 10115 | 5      | 2024-01-02 |
| Ann  | 1990-03-04    | 10115 | 6      | 2024-01-03 |
|  Ann | 1980-01-02    | 10117 | 7      | 2024-01-04 |
| Bob  |               | 10115 | 8      | 2024-01-05 |
|      |               | 10115 | 9      | 2024-01-06 |
"""


def test_a_key_of_two_columns_tells_two_people_of_one_name_apart(table: Table) -> None:
    dataset = build_dataset(table(PEOPLE), ImportOptions(customer="Name+date of birth"))
    assert dataset.customers.ids.tolist() == ["Ann | 1980-01-02", "Ann | 1990-03-04", "Bob"]
    assert dataset.mapping.header("customer") == "Name + Date of birth"
    assert dataset.customers.measures["monetary_total"].tolist() == [12, 6, 8]
    assert dataset.rows_rejected == 1  # nobody is named in it
    assert {"Name", "Date of birth", "Zip"} <= set(dataset.customers.attribute_rows)


def test_a_key_that_is_a_header_or_a_row_stays_what_it_is(table: Table) -> None:
    raw = table("| A+B | C |\n| 1 | 2 |")
    assert with_key(raw, "A+B") == (raw, "A+B")
    assert with_key(raw, EACH_ROW) == (raw, EACH_ROW)
    assert with_key(raw, None) == (raw, None)


def test_a_key_of_a_column_that_is_not_there_is_refused_with_those_that_are(table: Table) -> None:
    with pytest.raises(InvalidInputError) as caught:
        build_dataset(table(PEOPLE), ImportOptions(customer="Name+Shoe size"))
    assert (caught.value.code, "Shoe size" in str(caught.value)) == ("unknown_column", True)
    assert "Date of birth" in caught.value.fix


def test_keys_that_make_sense_are_offered(table: Table) -> None:
    raw = table(PEOPLE)
    assert possible_keys(raw, map_columns(raw)) == ["Name+Date of birth", "Name+Zip"]
    both = table(
        "| id | First name | Last name | E-mail | City |\n| 1 | Ann | Bell | a@x.example | Rome |\n| 2 | Bob | Cole | b@x.example | Rome |"
    )
    assert possible_keys(both, map_columns(both)) == ["E-mail", "First name+Last name+City", "First name+Last name"]


def test_what_is_left_out_is_nowhere(table: Table) -> None:
    dataset = build_dataset(table(PEOPLE), ImportOptions(customer="Name", leave_out=("zip", "Date of birth")))
    assert dataset.raw.headers == ("Name", "Amount", "Order date")
    assert list(dataset.catalogue.frame) == ["recency_days", "frequency_orders", "monetary_total", "order_value_mean", "tenure_days"]
    with pytest.raises(InvalidInputError, match="no column"):
        leave_out(table(PEOPLE), ["Shoe size"])
    with pytest.raises(InvalidInputError, match="left out"):
        leave_out(table(PEOPLE), ["Name", "Date of birth", "Zip", "Amount", "Order date"])


def _log(table: Table, ids: list[str], extra: Callable[[int], str] = lambda _: "DE") -> RawTable:
    rows = "\n".join(f"| {each} | 2024-01-{place % 28 + 1:02} | {place} | {extra(place)} |" for place, each in enumerate(ids))
    return table(f"| customer id | order date | amount | gender |\n{rows}")


def _codes(raw: RawTable) -> list[str]:
    return [finding.code for finding in shared_keys(raw, map_columns(raw))]


def test_a_customer_of_a_fifth_of_all_rows_is_pointed_out(table: Table) -> None:
    raw = _log(table, ["c1"] * 21 + [f"c{place}" for place in range(2, 81)])
    (finding,) = shared_keys(raw, map_columns(raw))
    assert finding.message == 'The customer "c1" has 21 rows, 21 % of all: rather many buyers than one.'
    assert (finding.code, finding.count, finding.examples[0]["value"]) == ("shared_key", 21, "c1")
    assert _codes(_log(table, ["c1"] * 20 + [f"c{place}" for place in range(2, 82)])) == []


@pytest.mark.parametrize("nobody", ["Guest", "0", "unbekannt", "WALK-IN", "99999"])
def test_a_word_for_nobody_is_pointed_out(table: Table, nobody: str) -> None:
    assert _codes(_log(table, [nobody] * 8 + [f"c{place % 60}" for place in range(92)])) == ["shared_key"]


def test_one_id_of_several_people_is_pointed_out(table: Table) -> None:
    raw = _log(table, [f"c{place % 20}" for place in range(60)], lambda place: "female" if place == 25 else "male")
    (finding,) = shared_keys(raw, map_columns(raw))
    assert (finding.code, finding.count) == ("key_of_several_people", 1)
    assert finding.examples[0]["value"] == "c5"
    assert _codes(_log(table, [f"c{place % 20}" for place in range(60)], lambda place: "f" if place % 20 % 2 else "m")) == []
