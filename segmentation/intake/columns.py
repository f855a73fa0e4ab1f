"""The canonical columns: what a column of a customer file can mean. The single source for mapping, tables and exports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from segmentation.intake.role_headers import HEADERS

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


def _role(name: str, meaning: str, column_type: ColumnType, is_about_customer: bool = True) -> Role:
    return Role(name, meaning, column_type, HEADERS[name], is_about_customer)


_ABOUT_LINE = False

ROLES: tuple[Role, ...] = (
    _role("customer", "who bought: the id of the customer", "id"),
    _role("order", "the order, invoice or receipt a line belongs to", "id", _ABOUT_LINE),
    _role("date", "when it was bought", "date", _ABOUT_LINE),
    _role("amount", "what the line came to: the money of the line in total", "money", _ABOUT_LINE),
    _role("price", "the price of one piece", "money", _ABOUT_LINE),
    _role("quantity", "how many pieces", "number", _ABOUT_LINE),
    _role("product", "what was bought", "id", _ABOUT_LINE),
    _role("category", "the group a product belongs to", "category", _ABOUT_LINE),
    _role("brand", "the maker or brand", "category", _ABOUT_LINE),
    _role("country", "the customer's country", "category"),
    _role("region", "the part of the country", "category"),
    _role("city", "the town", "category"),
    _role("zip", "the postal code, as text", "id"),
    _role("channel", "where it was sold: shop, web, telephone", "category", _ABOUT_LINE),
    _role("payment", "how it was paid", "category", _ABOUT_LINE),
    _role("status", "what became of the order: paid, cancelled, returned", "category", _ABOUT_LINE),
    _role("shipping", "how it was sent", "category", _ABOUT_LINE),
    _role("rating", "the customer's rating of the purchase", "number", _ABOUT_LINE),
    _role("email", "the e-mail address", "text"),
    _role("phone", "the telephone number, as text", "text"),
    _role("first_name", "the first name", "text"),
    _role("last_name", "the family name", "text"),
    _role("age", "age in years", "number"),
    _role("birth_year", "year of birth", "year"),
    _role("gender", "gender as the file says it", "category"),
    _role("income", "yearly income", "money"),
    _role("education", "level of education", "category"),
    _role("marital_status", "marital status", "category"),
    _role("consent", "may we write to them", "category"),
    _role("signup_date", "since when they are a customer", "date"),
    _role("birth_date", "the day of birth", "date"),
    _role("last_order", "when they last bought", "date"),
    _role("time", "the time of day at which it was bought", "text", _ABOUT_LINE),
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
        "recency, recency days, days since last purchase, days since last order, last purchase days ago, days since purchase, "
        "days since last visit, days since last transaction, tage seit letztem kauf, tage seit letzter bestellung, jours depuis "
        "dernier achat, dias desde ultima compra, giorni dall ultimo acquisto, "
        "day since last order, days since last gift",
    ),
    _measure(
        "frequency_orders",
        "number of orders",
        "orders",
        "frequency, frequency orders, number of orders, orders, order count, orders count, num orders, total orders, purchase "
        "frequency, number of purchases, total purchases, purchases frequency, num purchases, n orders, number of deals, historic "
        "number of orders, purchases trx, anzahl bestellungen, bestellungen, nombre de commandes, numero de pedidos, lifetime "
        "orders, total number of orders, no of orders, order frequency, orders placed, purchase count, transaction count, num "
        "transactions, total transactions, lifetime order count, ordercount, nb commandes, nombre commandes, numero pedidos, "
        "pedidos totales, numero ordini, ordini, numero de compras, aantal bestellingen, liczba zamowien, total order count, "
        "number of associated deals, number of closed opportunities, payment count, transactions, "
        "number of gifts, gift count, number of donations, number of stays, number of bookings",
    ),
    _measure(
        "monetary_total",
        "total spend",
        "money",
        "monetary, monetary total, monetary value, total spending, total spend, total spent, amount spent, lifetime spend, "
        "lifetime value, total revenue, total sales, total amount, spend, revenue, purchases amount, total amount spent, customer "
        "lifetime value, historic customer lifetime value, ltv, total spent usd, total order value, lifetime revenue, customer "
        "value, clv, predicted clv, historic clv, total paid, total purchases amount, money spent, gesamtausgaben, umsatz gesamt, "
        "total depense, total achats, depenses totales, montant depense, total gastado, gasto, spesa totale, totale speso, total "
        "gasto, totale uitgaven, totaal besteed, suma wydatkow, sales total, totalspend, amount total, total volume, "
        "lifetime giving, total giving, total donations, yearly amount spent",
    ),
    _measure(
        "order_value_mean",
        "average order",
        "money",
        "average order value, aov, avg order value, average order, average basket, avg basket, average order amount, average "
        "spend, mean order value, average purchase, avg order, durchschnittlicher bestellwert, durchschnittsbon, bestellwert "
        "durchschnitt, panier moyen, ticket medio, valor medio del pedido, scontrino medio, gemiddelde bestelwaarde, srednia "
        "wartosc zamowienia",
    ),
    _measure(
        "tenure_days",
        "days since the first purchase",
        "days",
        "tenure days, days as customer",
    ),
    _measure(
        "items_total",
        "pieces bought",
        "pieces",
        "total items purchased, total items, items purchased, items total",
    ),
    _measure("products_distinct", "different products bought", "products"),
    _measure("age", "age", "years"),
    _measure("income", "income", "money"),
    _measure(
        "web_purchases",
        "purchases on the web",
        "orders",
        "num web purchases, web purchases, online purchases",
    ),
    _measure(
        "store_purchases",
        "purchases in the shop",
        "orders",
        "num store purchases, store purchases, in store purchases",
    ),
    _measure(
        "catalog_purchases",
        "purchases by catalogue",
        "orders",
        "num catalog purchases, catalog purchases, catalogue purchases",
    ),
    _measure(
        "deal_purchases",
        "purchases with a discount",
        "orders",
        "num deals purchases, deals purchases, discount purchases, num deal purchases",
    ),
    _measure(
        "web_visits",
        "visits to the website",
        "visits",
        "num web visits month, web visits, web visits month, website visits, site visits",
    ),
    _measure(
        "spending_score",
        "spending score",
        None,
        "spending score",
    ),
    _measure(
        "children",
        "children at home",
        "children",
        "children, number of children, num children, no of children, total children, children at home, dependents, kinder, anzahl "
        "kinder, enfants, nombre d enfants, hijos, numero de hijos, figli, filhos, kinderen, dzieci",
    ),
    _measure(
        "campaigns_accepted",
        "campaigns accepted",
        "campaigns",
        "campaigns accepted, accepted campaigns, total accepted campaigns, total campaigns accepted",
    ),
    _measure(
        "accepted_any",
        "accepted any campaign",
        None,
        "accepted any, accepted any campaign, any campaign accepted",
    ),
)

MEASURE_BY_NAME: dict[str, Measure] = {measure.name: measure for measure in MEASURES}
