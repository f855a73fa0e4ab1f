"""Rows below those of the version before: written in one form, matched by what the columns mean, the newer winning."""

import pytest

from segmentation.dataset import ImportOptions, build_dataset
from segmentation.errors import InvalidInputError
from segmentation.intake.appending import append_rows, plain_table
from segmentation.intake.mapping import map_columns
from segmentation.intake.typed import read_typed

EARLIER = """
| Order | Customer | Order date | Product | Quantity | Unit price | Note |
| 1     | a        | 2024-01-01 | tea     | 2        | 3.00       | x    |
| 1     | a        | 2024-01-01 | jam     | 1        | 4.50       |      |
| 2     | b        | 2024-01-02 | tea     | 1        | 3.00       | y    |
"""
LATER = """
| Bestellnummer | Kunde | Bestelldatum | Artikel | Menge | Einzelpreis | Filiale |
| 2             | b     | 31.01.2024   | tea     | 5     | 1.003,25    | Nord    |
| 3             | c     | 13.02.2024   | jam     | 1     | 4,50        | Süd     |
| 4             |       | 14.02.2024   | jam     | 1     | 4,50        | Süd     |
"""


def appended(earlier, later, **options):
    tables, mappings = [], []
    for raw in (earlier, later):
        mapping = map_columns(raw)
        tables.append(plain_table(raw, mapping, read_typed(raw, mapping)))
        mappings.append(mapping)
    table, roles = append_rows(tables[0], mappings[0], tables[1], mappings[1])
    return build_dataset(table, ImportOptions(roles=roles, decimal=".", date_order="ymd", **options))


def rows_of(dataset):
    return [list(row.values()) for row in dataset.raw.columns.take(dataset.cleaned.kept).to_pylist()]


def test_a_log_goes_on_in_another_language(table):
    dataset = appended(table(EARLIER), table(LATER))
    assert dataset.raw.headers == ("Order", "Customer", "Order date", "Product", "Quantity", "Unit price", "Note", "Filiale")
    assert rows_of(dataset) == [
        ["1", "a", "2024-01-01", "tea", "2", "3.00", "x", ""],
        ["1", "a", "2024-01-01", "jam", "1", "4.50", "", ""],
        ["2", "b", "2024-01-31", "tea", "5", "1003.25", "", "Nord"],
        ["3", "c", "2024-02-13", "jam", "1", "4.50", "", "Süd"],
    ]
    assert dataset.customers.money["monetary_total"].total_units == 1050 + 501625 + 450


def test_every_row_of_both_is_accounted_for(table):
    dataset = appended(table(EARLIER), table(LATER))
    assert (dataset.rows_read, dataset.rows_kept, dataset.rows_rejected) == (6, 4, 2)
    rejected = dataset.cleaned.rejected
    found = [
        (rejected.rule_names[rule], int(dataset.raw.row_numbers[row])) for row, rule in zip(rejected.indices, rejected.rules, strict=True)
    ]
    assert found == [("replaced_row", 3), ("missing_customer", 4)], (
        "a row of the version before by its place there, one of the file by its own number"
    )


def test_only_a_kept_row_takes_a_place(table):
    unusable = LATER.replace("| 2             | b     | 31.01.2024", "| 2             | b     | never     ")
    dataset = appended(table(EARLIER), table(unusable))
    assert [row[0] for row in rows_of(dataset)] == ["1", "1", "2", "3"]


def test_an_order_is_replaced_as_a_whole_though_some_of_its_lines_are_the_same(table):
    again = """
    | Order | Customer | Order date | Product | Quantity | Unit price |
    | 1     | a        | 2024-01-01 | tea     | 2        | 3.00       |
    """
    dataset = appended(table(EARLIER), table(again))
    assert sorted(row[3] for row in rows_of(dataset)) == ["tea", "tea"], "the jam of order 1 is gone in the newer file"


def test_without_order_numbers_an_order_is_a_customer_and_a_moment(table):
    earlier = """
    | customer | date       | amount |
    | a        | 2024-01-01 | 5      |
    | a        | 2024-01-02 | 6      |
    | b        | 2024-01-02 | 7      |
    | b        | 2024-01-03 | 7      |
    """
    later = """
    | customer | date       | amount |
    | a        | 2024-01-02 | 60     |
    | b        | 2024-01-04 | 8      |
    | b        | 2024-01-05 | 9      |
    """
    dataset = appended(table(earlier), table(later))
    assert [row[2] for row in rows_of(dataset)] == ["5", "7", "7", "60", "8", "9"]


LIST = """
| customer id | name | city   | income |
| 7           | Ada  | Bonn   | 10,5   |
| 8           | Bob  | Berlin | 20,5   |
| 9           | Cy   | Basel  | 30,5   |
"""
NEWS = """
| customer id | income | consent |
| 8           | 25.75  | yes     |
| 10          | 40.25  | no      |
"""


def test_a_list_is_brought_up_to_date_and_keeps_what_the_file_does_not_say(table):
    dataset = appended(table(LIST), table(NEWS))
    assert dataset.raw.headers == ("customer id", "name", "city", "income", "consent")
    assert rows_of(dataset) == [
        ["7", "Ada", "Bonn", "10.5", ""],
        ["9", "Cy", "Basel", "30.5", ""],
        ["8", "Bob", "Berlin", "25.75", "yes"],
        ["10", "", "", "40.25", "no"],
    ]
    assert dataset.cleaned.receipt[0].rows_in == 5


def test_the_same_list_again_changes_nothing(table):
    dataset = appended(table(LIST), table(LIST))
    assert sorted(row[0] for row in rows_of(dataset)) == ["7", "8", "9"]
    assert (dataset.rows_read, dataset.rows_rejected) == (6, 3)


@pytest.mark.parametrize(
    ("later", "code"),
    [(LIST, "other_kind"), ("| order | customer | date | amount |\n| 9 | a | 2024-01-01 | 5 |\n| 8 | a | 2024-01-01 | 5 |", "other_money")],
)
def test_what_does_not_go_together_is_refused_in_words(table, later, code):
    with pytest.raises(InvalidInputError) as caught:
        appended(table(EARLIER), table(later))
    assert caught.value.code == code


def test_a_new_column_with_a_taken_name_stays_a_column_of_its_own(table):
    later = """
    | Order | Customer | date       | Product | Quantity | Unit price | Order date |
    | 5     | a        | 2024-03-01 | tea     | 2        | 3.00       | 2024-04-01 |
    """
    raw = table(later)
    mapping = map_columns(raw, {"date": "date"})
    earlier = table(EARLIER)
    before = map_columns(earlier)
    joined, roles = append_rows(earlier, before, raw, mapping)
    assert joined.headers == ("Order", "Customer", "Order date", "Product", "Quantity", "Unit price", "Note", "Order date (2)")
    assert joined.text("Order date", 3) == "2024-03-01"
    assert joined.text("Order date (2)", 3) == "2024-04-01"
    assert roles["date"] == "Order date"
