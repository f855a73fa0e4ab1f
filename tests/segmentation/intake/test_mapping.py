"""Which column means what, on the headers of real files and in several languages."""

from collections.abc import Callable

import pytest

from segmentation.errors import InvalidInputError
from segmentation.intake.columns import ROLES
from segmentation.intake.mapping import header_words, map_columns, measure_headers
from segmentation.intake.table import RawTable

LOG = """
| InvoiceNo | StockCode | Quantity | InvoiceDate     | UnitPrice | CustomerID | Country |
| 536365    | 85123A    | 6        | 12/1/2010 8:26  | 2.55      | 17850      | UK      |
| 536365    | 71053     | 6        | 12/1/2010 8:26  | 3.39      | 17850      | UK      |
| 536366    | 71053     | 1        | 12/13/2010 8:26 | 3.39      | 17851      | UK      |
"""


def test_the_roles_are_those_that_scripts_rely_on():
    promised = (
        "customer, order, date, amount, price, quantity, product, category, brand, country, region, city, zip, channel, payment, status, "
        "shipping, rating, email, phone, first_name, last_name, age, birth_year, gender, income, education, marital_status, consent, "
        "signup_date, birth_date, last_order, time"
    )
    assert [role.name for role in ROLES] == promised.split(", ")


def test_no_header_names_two_roles():
    headers = [header for role in ROLES for header in role.headers]
    assert sorted(headers) == sorted(set(headers))


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("CustomerID", "customer id"),
        ("Annual Income (k$)", "annual income"),
        ("Year_Birth", "year birth"),
        ("  Größe-in.cm ", "große in cm"),
        ("País", "pais"),
        ("HTTPServer", "http server"),
        ("(1)", "1"),
    ],
)
def test_headers_become_plain_words(header, words):
    assert header_words(header) == words.replace("ß", "ss")


def test_a_log_is_recognised(table):
    mapping = map_columns(table(LOG))
    assert mapping.kind == "transactions"
    assert mapping.roles == {
        "customer": "CustomerID",
        "order": "InvoiceNo",
        "date": "InvoiceDate",
        "price": "UnitPrice",
        "quantity": "Quantity",
        "product": "StockCode",
        "country": "Country",
    }


def test_a_list_is_recognised_although_it_has_a_date(table):
    mapping = map_columns(
        table("""
        | ID | Year_Birth | Income | Dt_Customer |
        | 1  | 1957       | 58138  | 04-09-2012  |
        | 2  | 1954       | 46344  | 08-03-2014  |
        """)
    )
    assert mapping.kind == "customers"
    assert mapping.roles == {"customer": "ID", "birth_year": "Year_Birth", "income": "Income", "signup_date": "Dt_Customer"}


def test_german_headers(table):
    mapping = map_columns(
        table("""
        | Kundennummer | Bestellnummer | Bestelldatum | Menge | Einzelpreis | Land |
        | K1           | 1             | 31.12.2024   | 2     | 3,50        | DE   |
        | K1           | 2             | 01.01.2025   | 1     | 9,00        | DE   |
        """)
    )
    assert mapping.roles == {
        "customer": "Kundennummer",
        "order": "Bestellnummer",
        "date": "Bestelldatum",
        "quantity": "Menge",
        "price": "Einzelpreis",
        "country": "Land",
    }


def test_total_amount_wins_over_amount_and_content_over_header(table):
    mapping = map_columns(
        table("""
        | Customer_ID | Amount | Total_Amount | Date  | Price  |
        | a           | 2      | 4            | never | cheap  |
        | a           | 3      | 6            | soon  | dear   |
        """)
    )
    assert mapping.roles == {"customer": "Customer_ID", "amount": "Total_Amount"}


def test_without_an_id_the_email_tells_customers_apart_and_that_is_asked(table):
    mapping = map_columns(
        table("""
        | Email | Order Date | Total |
        | a@example.org | 2024-01-01 | 5 |
        | a@example.org | 2024-01-02 | 5 |
        """)
    )
    assert mapping.roles["customer"] == "Email"
    assert [(finding.code, finding.severity) for finding in mapping.findings] == [("customer_by_person", "question")]


def test_no_customer_column_names_what_can_be_chosen(table):
    sales = table("""
    | Country | Order ID | Order Date | Total Revenue |
    | A | 1 | 1/31/2010 | 5 |
    | B | 2 | 2/1/2010  | 6 |
    | C | 3 | 2/2/2010  | 7 |
    | A | 4 | 2/3/2010  | 8 |
    | B | 5 | 2/4/2010  | 9 |
    | C | 6 | 2/5/2010  | 9 |
    """)
    with pytest.raises(InvalidInputError) as caught:
        map_columns(sales)
    assert caught.value.code == "no_customer_column"
    assert '"Country" (3 different)' in str(caught.value)
    assert "Order ID" not in str(caught.value)
    assert map_columns(sales, customer="Country").kind == "transactions"


def test_the_persons_choice_wins_in_any_spelling_and_can_be_none(table):
    mapping = map_columns(table(LOG), {"product": "country", "country": "", "amount": "unit price"})
    assert mapping.roles["product"] == "Country"
    assert "country" not in mapping.roles
    assert mapping.roles["amount"] == "UnitPrice"


@pytest.mark.parametrize(("choice", "code"), [({"colour": "Country"}, "unknown_role"), ({"product": "Colour"}, "unknown_column")])
def test_a_choice_that_does_not_exist_is_refused_with_what_does(table, choice, code):
    with pytest.raises(InvalidInputError) as caught:
        map_columns(table(LOG), choice)
    assert caught.value.code == code
    assert "customer" in caught.value.fix or "CustomerID" in caught.value.fix


def test_each_row_can_be_a_customer(table):
    mapping = map_columns(table("| Fresh | Milk |\n| 1 | 2 |\n| 3 | 4 |"), customer="row")
    assert (mapping.kind, mapping.is_row_customer) == ("customers", True)


@pytest.mark.parametrize(
    ("headers", "cells", "roles"),
    [
        (
            "Email | Total | Created at | Lineitem sku | Billing City | Default Address Zip",
            "a@x.example | 5.00 | 2024-01-02 10:00:00 +0100 | MUG-1 | Bonn | 01234",
            {"customer": "Email", "amount": "Total", "date": "Created at", "city": "Billing City", "zip": "Default Address Zip"},
        ),
        (
            "Customer ID | Created date (UTC) | Amount | Status | Description",
            "cus_1 | 2024-01-02 10:00:00 | 5.00 | Paid | ",
            {"customer": "Customer ID", "date": "Created date (UTC)", "amount": "Amount", "status": "Status"},
        ),
        (
            "Record ID | Country/Region | Total Revenue",
            "7 | Germany | 10",
            {"customer": "Record ID", "country": "Country/Region", "amount": "Total Revenue"},
        ),
        (
            "user_id | event_time | price | product_id",
            "7 | 2024-01-02 10:00:00 | 10 | 3",
            {"customer": "user_id", "date": "event_time", "price": "price", "product": "product_id"},
        ),
    ],
)
def test_exports_of_shop_systems(table: Callable[..., RawTable], headers: str, cells: str, roles: dict[str, str]) -> None:
    found = map_columns(table(f"| {headers} |\n| {cells} |\n| {cells} |")).roles
    assert {role: found.get(role) for role in roles} == roles
    assert "Description" not in found.values()  # an empty column means nothing


@pytest.mark.parametrize(
    ("headers", "cells", "roles"),
    [
        (
            "Donor ID,Gift Date,Gift Amount",
            "D1,2024-01-02,5;D1,2024-02-03,6",
            {"customer": "Donor ID", "date": "Gift Date", "amount": "Gift Amount"},
        ),
        (
            "Código do cliente,Data da compra,Valor total,Cidade",
            "1,02/01/2024,5,Rio;1,13/02/2024,6,Rio",
            {"customer": "Código do cliente", "date": "Data da compra", "amount": "Valor total", "city": "Cidade"},
        ),
        ("N° client,Chiffre d’affaires", "C1,5;C2,6", {"customer": "N° client", "amount": "Chiffre d’affaires"}),
        ("Card No,Points", "4711,5;4712,6", {"customer": "Card No"}),
    ],
)
def test_customers_by_other_names(table: Callable[..., RawTable], headers: str, cells: str, roles: dict[str, str]) -> None:
    """A donor and the holder of a card are customers too."""
    mapped = map_columns(table("\n".join([headers, *cells.split(";")]).replace(",", "|")))
    assert {role: mapped.header(role) for role in roles} == roles


def test_one_order_from_each_customer_is_a_log(table: Callable[..., RawTable]) -> None:
    headers = "customer_id | order_id | order_date | amount"
    orders = [f"c{n} | o{n} | 2024-01-{n:02} | 5" for n in range(1, 9)]
    assert map_columns(table("\n".join([headers, *orders]))).kind == "transactions"
    counts = [f"c{n} | 3 | 2024-01-{n:02} | 5" for n in range(1, 9)]
    assert map_columns(table("\n".join([headers, *counts]))).kind == "customers"


def test_a_frequency_between_0_and_1_is_no_number_of_orders(table: Callable[..., RawTable]) -> None:
    shares = table("CUST_ID | PURCHASES_FREQUENCY | PURCHASES_TRX\na | 0.166667 | 2\nb | 1.0 | 12")
    assert measure_headers(shares, {"CUST_ID"}) == {"frequency_orders": "PURCHASES_TRX"}
    alone = table("CUST_ID | PURCHASES_FREQUENCY\na | 0.166667\nb | 1.0")
    assert measure_headers(alone, {"CUST_ID"}) == {}


def test_a_tenure_of_unknown_unit_is_not_told_in_days(table: Callable[..., RawTable]) -> None:
    assert measure_headers(table("customerID | tenure\na | 34\nb | 2"), {"customerID"}) == {}


def test_the_id_that_stays_with_a_person_wins_over_one_that_changes_with_each_order(table: Callable[..., RawTable]) -> None:
    raw = table(
        """
        | order_id | customer_id | customer_unique_id | order_purchase_timestamp | price |
        | 1        | a           | x                  | 2018-01-02 10:00:00      | 5.00  |
        | 2        | b           | x                  | 2018-02-02 10:00:00      | 6.00  |
        | 3        | c           | y                  | 2018-02-03 10:00:00      | 7.00  |
        """
    )
    assert map_columns(raw).header("customer") == "customer_unique_id"


def test_a_header_of_a_measure_over_words_is_no_measure(table):
    raw = table(
        """
        | customer id | orders   | total spend |
        | a           | n/a      | 1           |
        | b           | some     | 2           |
        | c           | 3 orders | 3           |
        """
    )
    assert measure_headers(raw, {"customer id"}) == {"monetary_total": "total spend"}
