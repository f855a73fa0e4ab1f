"""A customer list: measures found, measures derived by a stated formula."""

from datetime import date

from segmentation.dataset import ImportOptions, build_dataset

LIST = """
| ID | Year_Birth | Income | Dt_Customer | Recency | MntWines | MntFruits | NumWebPurchases | NumStorePurchases | Colour |
| 10 | 1957       | 58138  | 04-09-2012  | 58      | 635      | 88.5      | 8               | 4                 | red    |
| 9  | 1954       |        | 08-03-2014  | 38      | 11       | 1         | 1               | 2                 | blue   |
| 11 | 1893       | 5      | 21-12-2013  | 0       | 0        | 0         | 0               | 0                 |        |
"""


def test_measures_found_and_derived(table):
    customers = build_dataset(table(LIST)).customers
    assert customers.ids.tolist() == ["10", "11", "9"]
    assert customers.as_of == date(2014, 3, 9)
    measures = customers.measures
    assert measures["recency_days"].tolist() == [58, 0, 38]
    assert measures["age"].tolist() == [57, 121, 60]
    assert measures["monetary_total"].tolist() == [723.5, 0, 12]
    assert measures["frequency_orders"].tolist() == [12, 0, 3]
    assert measures["income"].isna().tolist() == [False, False, True]
    assert customers.money["monetary_total"].units.tolist() == [7235, 0, 120]


def test_every_derivation_is_stated(table):
    findings = {finding.code: finding.message for finding in build_dataset(table(LIST)).customers.findings}
    assert '"MntWines" + "MntFruits"' in findings["derived_measure"] or "derived_measure" in findings
    messages = [finding.message for finding in build_dataset(table(LIST)).findings]
    assert 'Age is 2014 - "Year_Birth".' in messages
    assert 'Total spend is "MntWines" + "MntFruits".' in messages
    assert any(message.startswith("1 customers would be over 110") for message in messages)


def test_the_persons_own_columns_all_stay(table):
    dataset = build_dataset(table(LIST))
    assert list(dataset.customers.attribute_rows) == [header for header in dataset.raw.headers if header != "ID"]


def test_age_needs_a_day_to_count_from(table):
    raw = table("| ID | birth year | score |\n| 1 | 1980 | 5 |\n| 2 | 1990 | 6 |")
    customers = build_dataset(raw).customers
    assert "age" not in customers.measures
    assert [finding.code for finding in customers.findings] == ["age_needs_a_day"]
    assert build_dataset(raw, ImportOptions(as_of=date(2020, 5, 1))).customers.measures["age"].tolist() == [40, 30]


def test_rows_as_customers_are_numbered_as_in_the_file(table):
    customers = build_dataset(table("| Fresh | Milk |\n| 1 | 2 |\n| 3 | 4 |"), ImportOptions(customer="row")).customers
    assert customers.ids.tolist() == ["2", "3"]
