"""Repeated customers, lines of one order, days to come, gaps, limits: values by hand; and every row of 2,000 tables accounted for."""

from contextlib import suppress
from datetime import date
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest

from segmentation.dataset import ImportOptions, build_dataset
from segmentation.errors import InvalidInputError
from segmentation.intake.cleaning import clean
from segmentation.intake.cleaning_rules import RULES, CleaningOptions
from segmentation.intake.mapping import map_columns
from segmentation.intake.table import Dialect, RawTable, UnreadableRow
from segmentation.intake.typed import read_typed

REPEATED = """
| Customer ID | Signup Date | City   | Total Spend | Orders |
| 7           | 2024-01-01  | Berlin | 10.50       | 2      |
| 8           | 2024-01-02  | Rome   | 1.00        | 1      |
| 7           | 2024-03-01  |        | 4.25        | 1      |
"""

PEOPLE = """
| Customer ID | Age | Income | Country |
| 1           | 30  | 100    | DE      |
| 2           | 31  | 110    | DE      |
| 3           | 29  |        | DE      |
| 4           | 60  | 900    | FR      |
| 5           | 999 | 910    |         |
"""

ORDERS = """
| Order | Email | Date       | Product | Total |
| 1     | a@x.y | 2024-01-01 | tea     | 9.00  |
| 1     |       |            | jam     |       |
| 2     | b@x.y | 2024-01-03 | tea     | 5.00  |
| 3     |       | 2024-01-03 | tea     | 7.00  |
"""
ROLES = {"order": "Order", "customer": "Email", "date": "Date", "product": "Product", "amount": "Total"}


def line(dataset, rule):
    return next((step for step in dataset.cleaned.receipt if step.rule == rule), None)


def cell(dataset, header, customer):
    place = dataset.customers.ids.tolist().index(customer)
    return dataset.raw.text(header, int(dataset.customers.attribute_rows[header][place]))


def test_the_newest_row_stands_as_it_is(table):
    dataset = build_dataset(table(REPEATED))
    assert (cell(dataset, "City", "7"), cell(dataset, "Total Spend", "7")) == ("", "4.25")
    assert line(dataset, "repeated_customer").examples == ({"row": 2, "column": "Customer ID", "value": "7"},)


def test_blanks_are_filled_from_older_rows(table):
    dataset = build_dataset(table(REPEATED), ImportOptions(repeats="merge"))
    assert (cell(dataset, "City", "7"), cell(dataset, "Total Spend", "7")) == ("Berlin", "4.25")
    step = line(dataset, "merged_customer")
    assert (step.rows_in - step.rows_out, step.why) == (1, "merged into the newer row of this customer")
    assert cell(dataset, "City", "8") == "Rome"


def test_money_and_counts_are_added_up(table):
    dataset = build_dataset(table(REPEATED), ImportOptions(repeats="sum"))
    assert (cell(dataset, "Total Spend", "7"), cell(dataset, "Orders", "7"), cell(dataset, "City", "7")) == ("14.75", "3", "")
    assert dataset.customers.money["monetary_total"].total_units == 1575


def test_lines_of_an_order_get_their_customer_and_its_money_counts_once(table):
    dataset = build_dataset(table(ORDERS), ImportOptions(roles=ROLES, rules={"order_lines_completed": True}))
    assert line(dataset, "order_lines_completed").changed == 1
    assert dataset.customers.n_lines.tolist() == [2, 1]
    assert dataset.customers.measures["monetary_total"].tolist() == [9.0, 5.0]
    assert dataset.customers.measures["products_distinct"].tolist() == [2, 1]
    off = build_dataset(table(ORDERS), ImportOptions(roles=ROLES, rules={"order_lines_completed": False}))
    assert (off.rows_kept, line(off, "order_lines_completed")) == (2, None)


def test_days_to_come_are_set_aside_unless_they_are_half_of_the_file(table):
    log = ORDERS.replace("|       |            | jam     |       |", "| a@x.y | 2031-01-01 | jam     | 1.00  |")
    step = line(build_dataset(table(log), ImportOptions(roles=ROLES), today=date(2024, 6, 1)), "future_dates")
    assert (step.rows_in - step.rows_out, step.examples[0]) == (1, {"row": 3, "column": "Date", "value": "2031-01-01"})
    assert line(build_dataset(table(log), ImportOptions(roles=ROLES), today=date(2023, 6, 1)), "future_dates") is None


def test_an_age_that_nobody_reaches_counts_as_not_known(table):
    dataset = build_dataset(table(PEOPLE))
    assert np.isnan(dataset.catalogue.frame["age"][4])
    assert (line(dataset, "impossible_age").changed, line(dataset, "impossible_age").examples[0]["value"]) == (1, "999")
    assert cell(dataset, "Age", "5") == "999"
    kept = build_dataset(table(PEOPLE), ImportOptions(rules={"impossible_age": False}))
    assert kept.catalogue.frame["age"][4] == 999


def test_gaps_are_filled_and_marked(table):
    options = ImportOptions(gaps={"all": "median"})
    dataset = build_dataset(table(PEOPLE), options)
    assert dataset.catalogue.frame["income"][2] == 505
    assert (dataset.catalogue.frame["age"][4], dataset.catalogue.frame["country"][4]) == (30.5, "DE")
    assert dataset.filled.tolist() == ["", "", "Income", "", "Age; Country"]
    assert cell(dataset, "Income", "3") == ""
    assert build_dataset(table(PEOPLE)).filled is None


def test_customers_with_a_gap_can_be_left_out(table):
    dataset = build_dataset(table(PEOPLE), ImportOptions(gaps={"Income": "drop"}))
    assert dataset.customers.ids.tolist() == ["1", "2", "4", "5"]
    assert line(dataset, "missing_detail").examples == ({"row": 4, "column": "Income", "value": ""},)


def test_similar_customers_say_what_is_missing():
    """Thirty young customers earn 100, thirty old ones 900: a young one without an income is given 100, whatever the order or the ids."""
    rng = np.random.default_rng(5)
    ages = [*(20 + number % 5 for number in range(31)), *(60 + number % 5 for number in range(30))]
    incomes = ["", *["100"] * 30, *["900"] * 30]
    for _ in range(3):
        order, ids = rng.permutation(61), rng.permutation(61)
        cells = {
            "Customer ID": [f"c{ids[row]:02}" for row in order],
            "Age": [str(ages[row]) for row in order],
            "Income": [incomes[row] for row in order],
        }
        raw = RawTable(pa.table({name: pa.array(texts).dictionary_encode() for name, texts in cells.items()}), np.arange(61) + 2, Dialect())
        dataset = build_dataset(raw, ImportOptions(gaps={"Income": "similar"}))
        place = dataset.customers.ids.tolist().index(f"c{ids[0]:02}")
        assert dataset.catalogue.frame["income"][place] == 100


def test_large_values_count_as_the_limit(table):
    dataset = build_dataset(table(PEOPLE), ImportOptions(cap={"Income": 0.5}))
    assert dataset.catalogue.frame["income"].tolist()[3:] == [505, 505]
    assert line(dataset, "capped").changed == 2


@pytest.mark.parametrize("options", [{"gaps": {"Nowhere": "drop"}}, {"gaps": {"all": "guess"}}, {"repeats": "oldest"}, {"cap": {"Age": 2}}])
def test_choices_that_cannot_be_are_refused(table, options):
    with pytest.raises(InvalidInputError):
        build_dataset(table(PEOPLE), ImportOptions(**options))


_CELLS = {
    "Order": ["1", "2", "C3", "", "Total"],
    "Customer": ["a1", "b2", "", "NULL", "total", " a1 "],
    "Date": ["2024-01-01", "2024-02-03", "", "soon", "1900-01-01", "2030-01-01"],
    "Product": ["tea", "jam", ""],
    "Amount": ["5.00", "-1", "0", "", "x", "7.25"],
    "Age": ["30", "999", "-1", ""],
    "Country": ["DE", "FR", ""],
}


def _random_table(rng):
    n = int(rng.integers(1, 12))
    headers = list(_CELLS) if rng.random() < 0.5 else ["Customer", "Age", "Country", "Amount"]
    columns = [pa.array(rng.choice(_CELLS[header], n).astype(str)).dictionary_encode() for header in headers]
    n_lost = int(rng.integers(0, 3))
    numbers = rng.permutation(np.arange(2, 2 + n + n_lost))
    lost = tuple(UnreadableRow(int(number), "a;b", "too many cells") for number in np.sort(numbers[n:]))
    return RawTable(pa.table(columns, names=headers), np.sort(numbers[:n]), Dialect(), lost)


def _random_options(rng):
    return {
        "returns": str(rng.choice(["net", "drop"])),
        "repeats": str(rng.choice(["newest", "merge", "sum"])),
        "gaps": {"all": str(rng.choice(["leave", "drop", "median", "similar"]))},
        "rules": {"duplicate_rows": bool(rng.random() < 0.5)},
    }


@pytest.mark.slow
def test_every_row_of_2000_tables_is_accounted_for():
    """What the columns mean is told once, from tables large enough to tell: it is most of the work."""
    rng, kinds, n_cleaned = np.random.default_rng(11), {}, 0
    for _ in range(2_000):
        raw = _random_table(rng)
        if raw.headers not in kinds:
            kinds[raw.headers] = map_columns(raw)
        mapping, options = kinds[raw.headers], CleaningOptions(**_random_options(rng), today=date(2026, 1, 1))
        with suppress(InvalidInputError):
            _assert_accounted(raw, clean(raw, mapping, read_typed(raw, mapping), options))
            n_cleaned += 1
    assert n_cleaned > 1_000


def test_what_changes_values_keeps_the_account():
    rng, n_built = np.random.default_rng(12), 0
    for _ in range(60):
        raw = _random_table(rng)
        with suppress(InvalidInputError):
            dataset = build_dataset(raw, ImportOptions(**_random_options(rng)), today=date(2026, 1, 1))
            _assert_accounted(raw, dataset.cleaned)
            assert dataset.rows_read == dataset.rows_kept + dataset.rows_rejected
            n_built += 1
    assert n_built > 20


def _assert_accounted(raw, cleaned):
    receipt, rejected = cleaned.receipt, cleaned.rejected
    assert receipt[0].rows_in == raw.n_rows + len(raw.unreadable) == cleaned.kept.size + rejected.indices.size + len(raw.unreadable)
    for before, after in pairwise(receipt):
        assert before.rows_out == after.rows_in >= after.rows_out
    assert receipt[-1].rows_out == cleaned.kept.size
    assert np.array_equal(np.sort(np.concatenate([cleaned.kept, rejected.indices])), np.arange(raw.n_rows))
    for rule in rejected.rules:
        assert rejected.rule_headers[rule] in ("", *raw.headers)
        assert RULES[rejected.rule_names[rule]]
    for step in receipt:
        assert len(step.examples) == min(5, step.changed or step.rows_in - step.rows_out)
        assert all(example["row"] >= 2 for example in step.examples)


TOTALS = """
| Name | Email | Created at | Total | Lineitem name | Lineitem quantity | Lineitem price |
| #1   | a@x   | 2024-01-01 | 16.50 | tea           | 3                 | 5.00           |
| #1   | a@x   | 2024-01-01 |       | jam           | 1                 | 1.50           |
| #2   | b@x   | 2024-01-02 | 7.00  | jam           | 1                 | 7.00           |
| #3   | a@x   | 2024-01-03 | 9.00  | tea           | 1                 | 5.00           |
| #3   | a@x   | 2024-01-03 |       | mug           | 1                 | 4.00           |
"""
TOTAL_ROLES = {"customer": "Email", "order": "Name", "date": "Created at", "amount": "Total", "product": "Lineitem name"}


def test_the_total_of_an_order_counts_once_and_all_its_lines_stay(table):
    dataset = build_dataset(table(TOTALS), ImportOptions(roles=TOTAL_ROLES))
    assert (dataset.rows_kept, line(dataset, "order_lines_completed").changed) == (5, 2)
    assert dataset.customers.money["monetary_total"].as_floats().tolist() == [25.5, 7.0]


def test_an_amount_that_is_missing_among_others_of_its_order_is_missing(table):
    dataset = build_dataset(table(TOTALS.replace("|       | jam", "| 1.50  | jam")), ImportOptions(roles=TOTAL_ROLES))
    assert (dataset.rows_kept, line(dataset, "order_lines_completed")) == (4, None)
