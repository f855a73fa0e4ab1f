"""Roles by content where headers are of no help, and headers whose content contradicts them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from segmentation.intake.columns import ROLES
from segmentation.intake.mapping import header_words, map_columns
from segmentation.intake.table import RawTable

Table = Callable[[str], RawTable]


def _raw(table: Table, headers: str, *rows: str) -> RawTable:
    return table("\n".join(line.replace(",", "|") for line in (headers, *rows)))


def test_every_known_header_is_written_as_headers_are_compared() -> None:
    assert [header for role in ROLES for header in role.headers if header_words(header) != header] == []


NAMELESS = [
    f"{100 + n % 7},p{n % 7}@x.example,+49 30 12345{n % 7},{n + 1:02}.03.2024,{n}.50,{'mf'[n % 2]},{('Germany', 'Spain')[n % 2]}"
    for n in range(20)
]


def test_columns_without_names_are_told_by_what_stands_in_them(table: Table) -> None:
    mapping = map_columns(_raw(table, "col1,col2,col3,col4,col5,col6,col7", *NAMELESS))
    expected = {"email": "col2", "phone": "col3", "date": "col4", "amount": "col5", "gender": "col6", "country": "col7", "customer": "col2"}
    assert mapping.roles == expected
    assert mapping.kind == "transactions"
    assert sum(finding.code == "role_by_content" for finding in mapping.findings) == 6


def test_ids_without_a_name_are_asked_about(table: Table) -> None:
    rows = [",".join(row.split(",")[place] for place in (0, 3, 4)) for row in NAMELESS]
    mapping = map_columns(_raw(table, "Column 1,Column 2,Column 3", *rows))
    assert mapping.roles == {"customer": "Column 1", "date": "Column 2", "amount": "Column 3"}
    assert [finding.code for finding in mapping.findings if finding.severity == "question"] == ["customer_by_content"]


@pytest.mark.parametrize(
    ("header", "cells", "role"),
    [
        ("Kontakt", "ann@x.example;bob@y.example", "email"),
        ("Ansprechpartner", "+49 30 1234567;+44 20 7946 0000", "phone"),
        ("Rufen", "030 1234567;0171 2345678", "phone"),
        ("f7", "weiblich;männlich", "gender"),
        ("Wer", "femme;homme", "gender"),
        ("x", "DE;FR", "country"),
        ("Herkunft 2", "Deutschland;Frankreich", "country"),
        ("Standort", "US;CA", "country"),
    ],
)
def test_one_column_is_told_by_its_cells(table: Table, header: str, cells: str, role: str) -> None:
    raw = _raw(table, f"customer id,{header}", *(f"c{place},{cell}" for place, cell in enumerate(cells.split(";"))))
    assert map_columns(raw).header(role) == header


@pytest.mark.parametrize(
    "cells",
    ["CA;TX", "12.5;13.5", "red;blue", "12345;67890", "yes;no", "1;0", "A;B", "Ann;Bob", "Berlin;Paris"],
)
def test_what_could_be_anything_is_nothing(table: Table, cells: str) -> None:
    raw = _raw(table, "customer id,Feld", *(f"c{place},{cell}" for place, cell in enumerate(cells.split(";"))))
    assert map_columns(raw).roles == {"customer": "customer id"}


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("email", "yes;no"),
        ("phone", "home;mobile"),
        ("gender", "0.25;0.75"),
        ("country", "276;250"),
        ("city", "10115;75001"),
        ("first name", "1.5;2.5"),
        ("age", "1980;1990"),
        ("birth year", "34;45"),
        ("order date", "soon;later"),
        ("customer number", "2024-01-02;2024-02-03"),
        ("zip", "ann@x.example;bob@y.example"),
        ("payment", "12.50;13.75"),
        ("shipping", "4.90;0"),
        ("quantity", "few;many"),
        ("order time", "fast;slow"),
        ("status", "a@x.example;b@y.example"),
    ],
)
def test_a_role_never_takes_a_column_that_contradicts_it(table: Table, header: str, cells: str) -> None:
    raw = _raw(table, f"client id,{header}", *(f"c{place},{cell}" for place, cell in enumerate(cells.split(";"))))
    assert header not in [found for role, found in map_columns(raw).roles.items() if role != "email" or "@" not in cells]


def test_dates_of_an_unknown_name_are_the_days_of_purchases_only(table: Table) -> None:
    rows = [f"c{n % 3},{n + 1:02}.02.2024,{n}.50" for n in range(9)]
    assert map_columns(_raw(table, "customer id,Wann das war,amount", *rows)).header("date") == "Wann das war"
    people = [f"c{n},{n + 1:02}.02.2024,{n}" for n in range(9)]
    assert "date" not in map_columns(_raw(table, "customer id,Wann das war,points", *people)).roles


def test_a_bare_id_beside_purchases_is_the_order(table: Table) -> None:
    rows = [f"{n},p{n % 3}@x.example,2024-01-0{n + 1},5.50,paid" for n in range(9)]
    mapping = map_columns(_raw(table, "id,email,created at,total,status", *rows))
    assert (mapping.header("customer"), mapping.header("order"), mapping.kind) == ("email", "id", "transactions")
    people = [f"{n},p{n}@x.example,2024-01-0{n + 1},5.50" for n in range(9)]
    listed = map_columns(_raw(table, "id,email,created at,total", *people))
    assert (listed.header("customer"), listed.header("signup_date"), listed.kind) == ("id", "created at", "customers")


def test_a_quantity_in_a_list_makes_no_log(table: Table) -> None:
    rows = [f"c{n},{n},5.50,2024-01-0{n + 1}" for n in range(9)]
    assert map_columns(_raw(table, "customer id,quantity,total spent,customer since", *rows)).kind == "customers"


def test_bookings_are_a_log(table: Table) -> None:
    rows = [f"City Hotel,PRT,Check-Out,2024-01-0{n + 1},g{n % 3}@x.example" for n in range(9)]
    mapping = map_columns(_raw(table, "hotel,country,reservation_status,reservation_status_date,email", *rows))
    assert (mapping.kind, mapping.header("date")) == ("transactions", "reservation_status_date")


LANGUAGES = {
    "en": "Customer ID,Order date,Order number,Total amount,Quantity,Product,City,Gender,Date of birth",
    "de": "Kundennummer,Bestelldatum,Bestellnummer,Gesamtbetrag,Menge,Artikel,Wohnort,Geschlecht,Geburtsdatum",
    "fr": "N° client,Date de commande,N° commande,Montant TTC,Quantité,Désignation,Ville,Sexe,Date de naissance",
    "es": "Código de cliente,Fecha de compra,Número de pedido,Importe total,Cantidad,Producto,Población,Sexo,Fecha de nacimiento",
    "it": "Codice cliente,Data ordine,Numero ordine,Importo totale,Quantità,Prodotto,Città,Sesso,Data di nascita",
    "pt": "ID do cliente,Data do pedido,Número do pedido,Valor total,Quantidade,Produto,Cidade,Gênero,Data de nascimento",
    "nl": "Klantnummer,Besteldatum,Bestelnummer,Totaalbedrag,Aantal,Artikel,Woonplaats,Geslacht,Geboortedatum",
    "pl": "Numer klienta,Data zamówienia,Numer zamówienia,Kwota,Ilość,Produkt,Miasto,Płeć,Data urodzenia",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_main_roles_in_eight_languages(table: Table, language: str) -> None:
    rows = [
        f"c{n % 4},{n + 1:02}.03.2024,o{n},{n}.50,{n % 3 + 1},Mug {n % 2},Rome,{'mf'[n % 4 // 2]},{n % 4 + 1:02}.05.198{n % 4}"
        for n in range(12)
    ]
    wanted = ("customer", "date", "order", "amount", "quantity", "product", "city", "gender", "birth_date")
    mapping = map_columns(_raw(table, LANGUAGES[language], *rows))
    assert mapping.roles == dict(zip(wanted, LANGUAGES[language].split(","), strict=True))
