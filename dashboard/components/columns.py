"""The columns of a file as they were read: what each means (to be changed), how full it is, its first rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from dashboard.components.basics import aria, button, hidden, icon
from dashboard.formats import counted, percent, sentence_case, short, whole
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
    "birth_date": "Date of birth",
    "last_order": "Last order",
    "time": "Order time",
}
"""Each role of ``segmentation.intake.columns`` on its chip."""
NO_ROLE, LEFT_OUT = "none", "leave-out"
_SIGNS = {"sure": icon("tick"), "ask": icon("warning")}
_TYPES = {role.name: role.type for role in ROLES}
_NUMBERS = frozenset({"number", "money", "year"})
_LONGEST_HEADER = 28
_ROWS_SHOWN = 6


def columns_sentence(columns: Sequence[Mapping[str, Any]]) -> str:
    """Say how many columns are clear."""
    clear = sum(_has_meaning(column) and column["is_sure"] for column in columns)
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
        for row in found["preview"][:_ROWS_SHOWN]
    ]
    table = html.Table(
        [html.Caption("First rows of the file, as read", className="vh"), html.Thead(head), html.Tbody(rows)], className="pv"
    )
    return html.Div(table, className="tw", tabIndex=0, role="region", **aria(label="Columns and first rows of the file"))


def left_out_band(choices: Mapping[str, Any]) -> html.Div | None:
    """Name the columns that are left out, each to be brought back."""
    headers = choices.get("leave_out", ())
    if not headers:
        return None
    words = f"{counted(len(headers), 'column')} {'is' if len(headers) == 1 else 'are'} left out and not kept anywhere."
    back = [button(f"Bring back {header}", {"type": "answer", "name": "bring_back", "value": header}) for header in headers]
    return html.Div([icon("info"), html.Div(words), html.Span(className="sp"), *back], className="q")


def _is_number(column: Mapping[str, Any]) -> bool:
    kind = _TYPES.get(column["role"])
    return kind in _NUMBERS or (kind is None and column["range"] is not None and _as_day(column["range"][1]) is None)


def _is_measured(column: Mapping[str, Any]) -> bool:
    return _TYPES.get(column["role"]) not in ("id", "category", "text")


def _span(ends: Sequence[str], is_year: bool) -> str:
    """Return the range of a column: months for days, numbers shortened, years as they are."""
    if is_year:
        return f"{float(ends[0]):.0f} to {float(ends[1]):.0f}"
    days = [_as_day(end) for end in ends]
    if days[0] and days[1]:
        return f"{days[0]:%b %Y} – {days[1]:%b %Y}"
    return f"{short(float(ends[0]))} to {short(float(ends[1]))}"


def _as_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _cell(text: str | None, is_number: bool) -> html.Td:
    return html.Td(text or "–", className="e" if is_number else "" if text else "sk")


def _head(place: int, column: Mapping[str, Any]) -> html.Th:
    header = column["header"]
    short = header if len(header) <= _LONGEST_HEADER else f"{header[: _LONGEST_HEADER - 1]}…"
    look = "ask" if not column["is_sure"] else "sure" if _has_meaning(column) else "skip"
    chip = dbc.Select(
        id={"type": "choice", "name": f"column.{place}"},
        options=_options(column.get("measure")),
        value=column["role"] or NO_ROLE,
        className=f"role {look}",
    )
    asked = ", needs your answer" if look == "ask" else ""
    named = html.Label([hidden(f"Meaning of {header}{asked}"), _SIGNS.get(look), chip], className=look)
    span = column["range"] if _is_measured(column) else None
    told = _span(span, column["role"] == "birth_year") if span and span[0] != span[1] else f"{whole(column['distinct'])} different"
    told += f" {column['unit']}" if span and span[0] != span[1] and column.get("unit") else ""
    bar = html.Div(html.I(style={"width": f"{100 * column['filled']:.1f}%"}), className="fl", title="filled")
    filled = html.Div(f"{percent(column['filled'], 1 if 0 < column['filled'] < 1 else 0)} filled", className="pf")
    return html.Th([named, html.Div(short, className="hn", title=header), bar, filled, html.Div(told, className="pf")], scope="col")


def _has_meaning(column: Mapping[str, Any]) -> bool:
    return bool(column["role"] or column.get("measure"))


def _options(measure: str | None) -> list[Any]:
    """Return what a column can mean; without a role it stays what it is, perhaps a measure ready made."""
    return [
        {"label": sentence_case(measure) if measure else "As it is", "value": NO_ROLE},
        {"label": "Leave out", "value": LEFT_OUT, "title": "not kept anywhere, not even as text"},
        *({"label": ROLE_WORDS[role.name], "value": role.name, "title": role.meaning} for role in ROLES),
    ]
