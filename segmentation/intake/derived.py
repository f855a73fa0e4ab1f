"""What is worked out from columns before any row is looked at: ids without their ".0", price times quantity, a day with its time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from segmentation.errors import InvalidInputError
from segmentation.intake.columns import ROLE_BY_NAME
from segmentation.intake.mapping import ColumnMapping
from segmentation.intake.table import RawTable

DERIVATIONS: dict[str, str] = {
    "whole_ids": "ids without their .0",
    "amount": "the money of a line",
    "date_time": "the moment of a purchase",
    "age": "age",
    "recency_days": "days since the last purchase",
    "tenure_days": "days as a customer",
    "monetary_total": "total spend",
    "frequency_orders": "number of orders",
    "order_value_mean": "average order",
    "children": "children at home",
    "campaigns_accepted": "campaigns accepted",
    "accepted_any": "accepted any campaign",
}
"""Everything that can be worked out, with its name in a marketer's words."""
_FLOAT_ID = r"^\s*[1-9]\d*\.0\s*$"


@dataclass(frozen=True)
class Derivation:
    """One thing that is worked out from columns of the file, to be switched off where the person knows better.

    Attributes
    ----------
    name : str
        Stable name, one of ``DERIVATIONS``.
    formula : str
        How, in words and headers.
    headers : tuple of str
        The columns it takes.
    is_on : bool
    """

    name: str
    formula: str
    headers: tuple[str, ...]
    is_on: bool = True

    @property
    def label(self) -> str:
        """What it gives, in a marketer's words."""
        return DERIVATIONS[self.name]

    def as_dict(self) -> dict[str, object]:
        """Return it as plain JSON values."""
        return {"name": self.name, "label": self.label, "formula": self.formula, "headers": list(self.headers), "is_on": self.is_on}


def check_switches(switches: Mapping[str, bool]) -> None:
    """Refuse a switch for what is never worked out.

    Parameters
    ----------
    switches : mapping of str to bool

    Raises
    ------
    InvalidInputError
        ``unknown_derivation``.
    """
    for name in switches:
        if name not in DERIVATIONS:
            fix = f"It can be one of: {', '.join(DERIVATIONS)}."
            raise InvalidInputError("unknown_derivation", f'"{name}" is nothing that is worked out.', fix=fix)


def derive_columns(
    raw: RawTable, mapping: ColumnMapping, switches: Mapping[str, bool]
) -> tuple[RawTable, ColumnMapping, tuple[Derivation, ...]]:
    """Work out what columns give before they are read.

    Parameters
    ----------
    raw : RawTable
    mapping : ColumnMapping
    switches : mapping of str to bool
        By name; what is not named is on.

    Returns
    -------
    raw : RawTable
        With ids as whole numbers where all of a column end in ".0".
    mapping : ColumnMapping
        Without "time" where day and time are not to be joined; with the price as the amount where they are not to be multiplied.
    derivations : tuple of Derivation
    """
    check_switches(switches)
    derivations = []
    headers = tuple(header for role, header in mapping.roles.items() if ROLE_BY_NAME[role].type == "id" and _are_float_ids(raw, header))
    if headers:
        example = next(text for text in raw.distinct(headers[0]).to_pylist() if text.strip()).strip()
        formula = f"{_quoted(headers, ', ')} as whole numbers: {example} becomes {example.removesuffix('.0')}"
        derivations.append(Derivation("whole_ids", formula, headers, switches.get("whole_ids", True)))
        if derivations[-1].is_on:
            raw = _without_fraction(raw, headers)
    roles = dict(mapping.roles)
    if mapping.kind == "transactions" and {"price", "quantity"} <= set(roles) and "amount" not in roles:
        pair = (roles["quantity"], roles["price"])
        derivations.append(Derivation("amount", _quoted(pair, " × "), pair, switches.get("amount", True)))
        if not derivations[-1].is_on:
            roles["amount"] = roles.pop("price")
    if {"date", "time"} <= set(roles):
        pair = (roles["date"], roles["time"])
        derivations.append(Derivation("date_time", f"{_quoted(pair, ' at ')}", pair, switches.get("date_time", True)))
        if not derivations[-1].is_on:
            del roles["time"]
    return raw, replace(mapping, roles=roles), tuple(derivations)


def _quoted(headers: tuple[str, ...], between: str) -> str:
    return between.join(f'"{header}"' for header in headers)


def _are_float_ids(raw: RawTable, header: str) -> bool:
    """Tell whether all filled cells of a column are whole numbers that a spreadsheet or a program wrote with a fraction of zero."""
    texts = raw.distinct(header)
    first = next((text for text in texts.slice(0, 10).to_pylist() if text.strip()), "")
    if not first.strip().endswith(".0"):
        return False
    is_blank = pc.equal(pc.utf8_trim_whitespace(texts), "")
    return bool(pc.all(pc.or_(is_blank, pc.match_substring_regex(texts, _FLOAT_ID))).as_py())


def _without_fraction(raw: RawTable, headers: tuple[str, ...]) -> RawTable:
    table = raw.columns
    for header in headers:
        column = table.column(header).chunk(0)
        texts = pc.replace_substring_regex(column.dictionary, r"\.0(\s*)$", r"\1")
        plain = pa.DictionaryArray.from_arrays(column.indices, texts)
        table = table.set_column(table.column_names.index(header), header, pa.chunked_array([plain]))
    return replace(raw, columns=table)
