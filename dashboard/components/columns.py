"""The columns of a file as they were read: what each means (to be changed), how full it is, its first rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from dashboard.components.basics import aria, hidden
from dashboard.formats import counted, percent
from segmentation.intake.columns import ROLES

ROLE_WORDS = {
    "customer": "Customer",
    "order": "Order number",
    "date": "Order date",
    "amount": "Amount",
    "price": "Price of one",
    "quantity": "Quantity",
    "product": "Product",
    "category": "Category",
    "brand": "Brand",
    "country": "Country",
    "region": "Region",
    "city": "City",
    "zip": "Postal code",
    "channel": "Channel",
    "payment": "Payment",
    "status": "Order status",
    "shipping": "Shipping",
    "rating": "Rating",
    "email": "E-mail",
    "phone": "Phone",
    "first_name": "First name",
    "last_name": "Family name",
    "age": "Age",
    "birth_year": "Year of birth",
    "gender": "Gender",
    "income": "Income",
    "education": "Education",
    "marital_status": "Marital status",
    "consent": "Consent",
    "signup_date": "Customer since",
}
"""Each role of ``segmentation.intake.columns`` on its chip."""
NO_ROLE = ""
_NUMBERS = frozenset({"number", "money", "year"})
_LONGEST_HEADER = 28


def columns_sentence(columns: Sequence[Mapping[str, Any]]) -> str:
    """Say how many columns are clear."""
    clear = sum(bool(column["role"]) and column["is_sure"] for column in columns)
    open_ = sum(not column["is_sure"] for column in columns)
    rest = len(columns) - clear - open_
    parts = [f"{clear} of {counted(len(columns), 'column')} {'has a meaning' if clear == 1 else 'have a meaning'}"]
    parts += [f"{open_} {'needs' if open_ == 1 else 'need'} your answer"] if open_ else []
    parts += [f"{rest} {'is' if rest == 1 else 'are'} kept as {'it is' if rest == 1 else 'they are'}"] if rest else []
    return f"{', '.join(parts)}. Change any with its chip."


def columns_table(found: Mapping[str, Any]) -> html.Div:
    """Draw the table: chips, headers, how full, then the first rows as read with the file's own row numbers."""
    columns = found["columns"]
    is_number = [_is_number(column) for column in columns]
    head = html.Tr([html.Th(hidden("Row"), className="rn"), *(_head(place, column) for place, column in enumerate(columns))])
    rows = [
        html.Tr([html.Td(str(row["row"]), className="rn"), *(_cell(cell, is_number[place]) for place, cell in enumerate(row["cells"]))])
        for row in found["preview"]
    ]
    table = html.Table(
        [html.Caption("First rows of the file, as read", className="vh"), html.Thead(head), html.Tbody(rows)], className="pv"
    )
    return html.Div(table, className="tw", tabIndex=0, role="region", **aria(label="Columns and first rows of the file"))


def _is_number(column: Mapping[str, Any]) -> bool:
    kind = next((role.type for role in ROLES if role.name == column["role"]), None)
    return kind in _NUMBERS or (kind is None and column["range"] is not None and "-" not in column["range"][1][1:])


def _cell(text: str | None, is_number: bool) -> html.Td:
    return html.Td(text or "–", className="e" if is_number else "" if text else "sk")


def _head(place: int, column: Mapping[str, Any]) -> html.Th:
    header = column["header"]
    short = header if len(header) <= _LONGEST_HEADER else f"{header[: _LONGEST_HEADER - 1]}…"
    look = "ask" if not column["is_sure"] else "sure" if column["role"] else "skip"
    chip = dbc.Select(
        id={"type": "choice", "name": f"column.{place}"},
        options=_options(),
        value=column["role"] or NO_ROLE,
        className=f"role {look}",
        html_size=None,
    )
    named = html.Label([hidden(f"Meaning of {header}"), chip])
    span = column["range"]
    told = f"{span[0]} – {span[1]}" if span and span[0] != span[1] else counted(column["distinct"], "different value")
    bar = html.Div(html.I(style={"width": f"{100 * column['filled']:.1f}%"}), className="fl", title="filled")
    filled = html.Div(f"{percent(column['filled'], 1 if 0 < column['filled'] < 1 else 0)} filled", className="pf")
    return html.Th([named, html.Div(short, className="hn", title=header), bar, filled, html.Div(told, className="pf")], scope="col")


def _options() -> list[Any]:
    return [
        {"label": "As it is", "value": NO_ROLE},
        *({"label": ROLE_WORDS[role.name], "value": role.name, "title": role.meaning} for role in ROLES),
    ]
