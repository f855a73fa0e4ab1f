"""A workbook to fill in: the columns that are understood without a question, and beside them what each one means."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, NamedTuple

from dashboard.exports.delimited import replacing

Kind = Literal["customers", "transactions"]


class Column(NamedTuple):
    """A column to fill in. ``look``: how Excel treats its cells; a code with leading zeros stays whole only as text."""

    header: str
    meaning: str
    examples: tuple[str, str]
    is_needed: bool = False
    look: Literal["text", "day", "number", "money"] = "text"


_PLACE = (
    Column("Country", "Where the customer lives", ("Germany", "France")),
    Column("City", "The town", ("Ulm", "Lyon")),
    Column("Zip", "The postal code; it keeps its leading zeros", ("01067", "69001")),
)
COLUMNS: dict[Kind, tuple[Column, ...]] = {
    "transactions": (
        Column("Customer ID", "Who bought: the same number or e-mail address each time", ("00017", "00018"), is_needed=True),
        Column("Order number", "The order; several rows may belong to one", ("A-1001", "A-1002")),
        Column("Order date", "The day of the order, as a date of Excel", ("2025-03-14", "2025-03-29"), is_needed=True, look="day"),
        Column("Product", "What was bought", ("Mug, blue", "Tea, 100 g")),
        Column("Category", "The group the product belongs to", ("Kitchen", "Food")),
        Column("Quantity", "How many pieces; less than zero for a return", ("2", "1"), is_needed=True, look="number"),
        Column("Unit price", "The price of one piece, without the sign of the currency", ("12.50", "4.90"), is_needed=True, look="money"),
        Column("Channel", "Where it was sold", ("Web", "Shop")),
        *_PLACE,
    ),
    "customers": (
        Column("Customer ID", "A number or e-mail address that no other customer has", ("00017", "00018"), is_needed=True),
        Column("Email", "The e-mail address", ("anna@example.com", "luc@example.com")),
        Column("First name", "The first name", ("Anna", "Luc")),
        Column("Last name", "The family name", ("Berg", "Petit")),
        Column("Phone", "The telephone number", ("+49 731 000000", "04 00 00 00 00")),
        *_PLACE,
        Column("Age", "Their age in years", ("41", "54"), look="number"),
        Column("Gender", "In your own words", ("female", "male")),
        Column("Income", "What they earn in a year", ("42000", "38500"), look="money"),
        Column("Total spend", "All they have spent with you", ("310.40", "1220.00"), is_needed=True, look="money"),
        Column("Number of orders", "How often they have bought", ("4", "11"), is_needed=True, look="number"),
        Column("Days since last order", "How long ago the last order was", ("35", "6"), look="number"),
    ),
}
_TITLES: dict[Kind, str] = {"transactions": "Orders", "customers": "Customers"}
_EXPLANATION = "What each column means"
_FORMATS = {"text": "@", "day": "yyyy-mm-dd", "number": "0", "money": "0.00"}


def write_template(path: Path, kind: Kind) -> None:
    """Write a workbook of two sheets: one to fill in, with nothing but its header, and one that explains it.

    The examples stand on the second sheet: on the first one somebody would forget them, and they would count as customers. That sheet has a
    single column, so that nothing takes it for a table.
    """
    import xlsxwriter

    columns = COLUMNS[kind]
    with replacing(path) as out, xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold, wrapped = book.add_format({"bold": True, "bottom": 1}), book.add_format({"text_wrap": True, "valign": "top"})
        looks = {look: book.add_format({"num_format": code}) for look, code in _FORMATS.items()}
        sheet = book.add_worksheet(_TITLES[kind])
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, max(12, len(column.header) + 4), looks[column.look])
            sheet.write_string(0, place, column.header, bold)
        about = book.add_worksheet(_EXPLANATION)
        about.set_column(0, 0, 110, wrapped)
        about.write_string(0, 0, _EXPLANATION, bold)
        for row, column in enumerate(columns, start=1):
            about.write_rich_string(row, 0, book.add_format({"bold": True}), column.header, f": {explain(column)}")


def explain(column: Column) -> str:
    """Say in one line what belongs into a column."""
    needed = "Needed." if column.is_needed else "Leave it empty, or delete it, if you do not have it."
    return f"{column.meaning}. For example {column.examples[0]} or {column.examples[1]}. {needed}"
