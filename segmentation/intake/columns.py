"""The canonical columns: what a column of a customer file can mean. The single source for mapping, tables and exports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ColumnType = Literal["id", "money", "number", "date", "year", "category", "text"]


@dataclass(frozen=True)
class Role:
    """One meaning that a column of the person's file can have.

    Attributes
    ----------
    name : str
        Canonical name, stable for scripts.
    meaning : str
        What it is, in a marketer's words.
    type : str
        How its cells are read: ids and texts stay as they are to the character.
    headers : tuple of str
        Headers that name it (lower case, words separated by one space), best first, in several languages.
    is_about_customer : bool
        True where a customer has one value at a time (country, e-mail); False where each line of a log has its own (product, price).
    """

    name: str
    meaning: str
    type: ColumnType
    headers: tuple[str, ...]
    is_about_customer: bool = True


def _role(name: str, meaning: str, column_type: ColumnType, headers: str, is_about_customer: bool = True) -> Role:
    return Role(name, meaning, column_type, tuple(part.strip() for part in headers.split(",")), is_about_customer)


_ABOUT_LINE = False

ROLES: tuple[Role, ...] = (
    _role(
        "customer",
        "who bought: the id of the customer",
        "id",
        "customer unique id, customer id, customer, "
        "customerid, customer no, customer number, customer key, customer code, cust id, cust, cust no, "
        "client id, client, client no, user id, user, member id, membership id, card id, loyalty id, buyer id, buyer, shopper "
        "id, account id, account number, contact id, record id, profile id, person id, household key, household id, subscriber "
        "id, visitor id, kundennummer, kunden nr, kundennr, kunden id, kunde, id client, numero client, client numero, no "
        "client, n client, id cliente, cliente, codigo cliente, codigo do cliente, "
        "id do cliente, donor id, donor, card no, respondent id, numero de cliente, klantnummer, klant id, id",
    ),
    _role(
        "order",
        "the order, invoice or receipt a line belongs to",
        "id",
        "order id, order no, order number, order, orderid, invoice no, invoice, invoice id, invoice number, transaction id, "
        "transaction no, transaction, receipt id, receipt no, receipt number, receipt, basket id, bill no, bill number, sale "
        "id, sales id, purchase id, checkout id, name order, bestellnummer, bestellung, auftragsnummer, rechnungsnummer, "
        "belegnummer, commande, numero commande, numero facture, facture, pedido, numero pedido, id pedido, factura, numero "
        "factura, bestelnummer",
        _ABOUT_LINE,
    ),
    _role(
        "date",
        "when it was bought",
        "date",
        "order date, invoice date, date, transaction date, purchase date, sale date, sales date, order datetime, order "
        "timestamp, transaction datetime, transaction time, order purchase timestamp, purchase datetime, purchase timestamp, "
        "date of purchase, date of sale, order created at, order created, invoice datetime, timestamp, datetime, created at, "
        "order placed at, processed at, paid at, day, event time, event date, event timestamp, date created, created date, created, "
        "payment date, sold at, visit date, booking date, completed at, bestelldatum, rechnungsdatum, kaufdatum, "
        "datum, date commande, date de "
        "commande, date achat, data da compra, data do pedido, gift date, donation date, fecha, fecha pedido, fecha de compra, besteldatum",
        _ABOUT_LINE,
    ),
    _role(
        "amount",
        "what the line came to: the money of the line in total",
        "money",
        "line total, total amount, total price, total revenue, total sales, total, amount, sales amount, sales, sale amount, "
        "revenue, net sales, gross sales, net amount, line amount, order total, order value, order amount, invoice total, "
        "transaction amount, purchase amount, purchase amount usd, total spent, spend, sales value, dollar value, value, "
        "payment value, subtotal, turnover, betrag, gesamtbetrag, gesamtpreis, summe, umsatz, montant, montant total, total "
        "ttc, importe, importe total, total linea, bedrag, order grand total, grand total, total paid, amount paid, "
        "line price, extended price, "
        "gesamtumsatz, jahresumsatz, chiffre affaires, chiffre d affaires, gasto total, valor total, "
        "gift amount, donation amount, total charges",
        _ABOUT_LINE,
    ),
    _role(
        "price",
        "the price of one piece",
        "money",
        "unit price, unitprice, price, item price, price per unit, price each, selling price, sale price, lineitem price, "
        "product price, list price, einzelpreis, preis, stueckpreis, stückpreis, prix unitaire, prix, precio unitario, precio, "
        "stukprijs",
        _ABOUT_LINE,
    ),
    _role(
        "quantity",
        "how many pieces",
        "number",
        "quantity, qty, units, units sold, quantity sold, quantity ordered, order quantity, number of items, item count, items, "
        "number of units, number of cds, pieces, lineitem quantity, order item quantity, menge, anzahl, stückzahl, stueckzahl, "
        "quantite, quantité, cantidad, aantal",
        _ABOUT_LINE,
    ),
    _role(
        "product",
        "what was bought",
        "id",
        "product id, stock code, stockcode, sku, product code, item id, item code, article, article no, article number, "
        "product, product name, item, item name, lineitem sku, item purchased, lineitem name, products, description, product description, "
        "artikelnummer, artikel, produkt, produit, code produit, producto, codigo producto",
        _ABOUT_LINE,
    ),
    _role(
        "category",
        "the group a product belongs to",
        "category",
        "category, product category, item type, product type, category name, item category, product line, department, product "
        "group, kategorie, warengruppe, produktgruppe, categorie, catégorie, categoria, categoría",
        _ABOUT_LINE,
    ),
    _role(
        "brand",
        "the maker or brand",
        "category",
        "brand, product brand, brand name, vendor, manufacturer, marke, hersteller, marque, marca",
        _ABOUT_LINE,
    ),
    _role(
        "country",
        "the customer's country",
        "category",
        "country, country name, country code, customer country, country region, country iso, cc, billing country, "
        "shipping country, nation, land, staat, pays, pais, país",
    ),
    _role(
        "region",
        "the part of the country",
        "category",
        "region, state, province, state province, county, customer state, billing province, shipping province, bundesland, "
        "région, provincia, uf, location",
    ),
    _role(
        "city", "the town", "category", "city, town, customer city, billing city, shipping city, stadt, ort, ville, ciudad, cidade, plaats"
    ),
    _role(
        "zip",
        "the postal code, as text",
        "id",
        "zip, zip code, zipcode, postal code, postalcode, postcode, post code, customer zip code prefix, billing zip, shipping "
        "zip, plz, postleitzahl, code postal, codigo postal, código postal",
    ),
    _role(
        "channel",
        "where it was sold: shop, web, telephone",
        "category",
        "channel, sales channel, order channel, purchase channel, source, source name, platform, store type, vertriebskanal, "
        "kanal, canal, canal de venta",
        _ABOUT_LINE,
    ),
    _role(
        "payment",
        "how it was paid",
        "category",
        "payment method, payment, payment type, payment mode, pay method, zahlungsart, zahlungsmethode, mode de paiement, "
        "metodo de pago, forma de pago",
        _ABOUT_LINE,
    ),
    _role(
        "status",
        "what became of the order: paid, cancelled, returned",
        "category",
        "order status, status, fulfillment status, financial status, delivery status, bestellstatus, statut, estado, estado pedido, "
        "event type, event name, event",
        _ABOUT_LINE,
    ),
    _role(
        "shipping",
        "how it was sent",
        "category",
        "shipping method, ship mode, shipping, shipping type, delivery method, delivery type, versandart, mode de livraison, "
        "metodo de envio",
        _ABOUT_LINE,
    ),
    _role(
        "rating",
        "the customer's rating of the purchase",
        "number",
        "rating, ratings, review rating, review score, customer rating, satisfaction score, stars, member rating, "
        "bewertung, note client, valoracion",
        _ABOUT_LINE,
    ),
    _role(
        "email",
        "the e-mail address",
        "text",
        "email, e mail, email address, e mail address, customer email, mail, e mail adresse, adresse email, courriel, correo, "
        "correo electronico",
    ),
    _role(
        "phone",
        "the telephone number, as text",
        "text",
        "phone, phone number, telephone, mobile, mobile number, mobile phone, customer phone, cell, telefon, telefonnummer, "
        "handy, telephone portable, téléphone, telefono, teléfono, movil",
    ),
    _role("first_name", "the first name", "text", "first name, firstname, given name, forename, vorname, prenom, prénom, nombre, voornaam"),
    _role(
        "last_name",
        "the family name",
        "text",
        "last name, lastname, surname, family name, nachname, familienname, nom, nom de famille, apellido, apellidos, achternaam",
    ),
    _role("age", "age in years", "number", "age, customer age, age years, age in years, alter, âge, edad, leeftijd"),
    _role(
        "birth_year",
        "year of birth",
        "year",
        "birth year, year of birth, year birth, birthyear, yob, geburtsjahr, annee de naissance, ano de nacimiento, geboortejaar",
    ),
    _role(
        "gender",
        "gender as the file says it",
        "category",
        "gender, sex, customer gender, geschlecht, genre, sexe, genero, género, sexo, geslacht",
    ),
    _role(
        "income",
        "yearly income",
        "money",
        "income, annual income, yearly income, household income, estimated salary, salary, annual salary, einkommen, "
        "jahreseinkommen, revenu, revenu annuel, ingresos, ingreso anual, inkomen",
    ),
    _role(
        "education",
        "level of education",
        "category",
        "education, education level, schooling, bildung, bildungsabschluss, education niveau, educacion, educación, opleiding",
    ),
    _role(
        "marital_status",
        "marital status",
        "category",
        "marital status, marital, relationship status, familienstand, etat civil, état civil, situation familiale, estado "
        "civil, burgerlijke staat",
    ),
    _role(
        "consent",
        "may we write to them",
        "category",
        "consent, marketing consent, email consent, email marketing consent, "
        "opt in, accepts marketing, accepts email marketing, email opt in, "
        "newsletter, subscribed, marketing opt in, email marketing status, einwilligung, consentement, consentimiento",
    ),
    _role(
        "signup_date",
        "since when they are a customer",
        "date",
        "signup date, sign up date, signup, dt customer, customer since, registration date, registered at, date registered, "
        "join date, joined, member since, date joined, account created, enrollment date, registrierungsdatum, kunde seit, date "
        "inscription, fecha registro, fecha de alta",
    ),
)

ROLE_BY_NAME: dict[str, Role] = {role.name: role for role in ROLES}


@dataclass(frozen=True)
class Measure:
    """A number about a customer that we compute from a log, or find ready in a list.

    Attributes
    ----------
    name : str
        Canonical name with its unit and aggregation.
    label : str
        The same in a marketer's words.
    unit : str or None
        "days", "orders", "money", "pieces", "years" or None.
    headers : tuple of str
        Headers under which a customer list brings it ready made.
    """

    name: str
    label: str
    unit: str | None
    headers: tuple[str, ...] = ()


def _measure(name: str, label: str, unit: str | None, headers: str = "") -> Measure:
    return Measure(name, label, unit, tuple(part.strip() for part in headers.split(",") if part.strip()))


MEASURES: tuple[Measure, ...] = (
    _measure(
        "recency_days",
        "days since the last purchase",
        "days",
        "recency, recency days, days since last purchase, days since last order, last purchase days ago, days since purchase",
    ),
    _measure(
        "frequency_orders",
        "number of orders",
        "orders",
        "frequency, frequency orders, number of orders, orders, order count, orders count, num orders, total orders, purchase "
        "frequency, number of purchases, total purchases, purchases frequency, num purchases, n orders, number of "
        "deals, historic number of orders, purchases trx, anzahl bestellungen, "
        "bestellungen, nombre de commandes, numero de pedidos",
    ),
    _measure(
        "monetary_total",
        "total spend",
        "money",
        "monetary, monetary total, monetary value, total spending, total spend, total spent, amount spent, lifetime spend, "
        "lifetime value, total revenue, total sales, total amount, spend, revenue, purchases amount, total amount spent, "
        "customer lifetime value, historic customer lifetime value, ltv",
    ),
    _measure("order_value_mean", "average order", "money", "average order value, aov, avg order value, average order"),
    _measure("tenure_days", "days since the first purchase", "days", "tenure days, days as customer"),
    _measure("items_total", "pieces bought", "pieces", "total items purchased, total items, items purchased, items total"),
    _measure("products_distinct", "different products bought", "products"),
    _measure("age", "age", "years"),
    _measure("income", "income", "money"),
    _measure("web_purchases", "purchases on the web", "orders", "num web purchases, web purchases, online purchases"),
    _measure("store_purchases", "purchases in the shop", "orders", "num store purchases, store purchases, in store purchases"),
    _measure("catalog_purchases", "purchases by catalogue", "orders", "num catalog purchases, catalog purchases, catalogue purchases"),
    _measure(
        "deal_purchases",
        "purchases with a discount",
        "orders",
        "num deals purchases, deals purchases, discount purchases, num deal purchases",
    ),
    _measure(
        "web_visits", "visits to the website", "visits", "num web visits month, web visits, web visits month, website visits, site visits"
    ),
    _measure("spending_score", "spending score", None, "spending score"),
)

MEASURE_BY_NAME: dict[str, Measure] = {measure.name: measure for measure in MEASURES}
