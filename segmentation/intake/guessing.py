"""Roles told by the content of columns whose headers say nothing that we know."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

import pyarrow.compute as pc

from segmentation.findings import Finding
from segmentation.intake.content import Content
from segmentation.intake.table import RawTable

_SAMPLE_TEXTS = 300
_SURE_SHARE = 0.95
_GENERIC = re.compile(
    r"^(?:column|col|c|field|fld|f|feld|spalte|champ|campo|kolumna|kolom|colonne|colonna|coluna|columna|var|variable|v|x|attr|attribute|unnamed|h|header)?"
    r" ?\d*(?: level \d+)?$|^[a-z]$"
)
"""Headers that name a place and no meaning."""
_LEAST_IDS = 0.05
"""A column of ids has at least this share of different values among the rows of a log."""


def guess_by_content(raw: RawTable, roles: Mapping[str, str], refused: Collection[str], words: Mapping[str, str]) -> dict[str, str]:
    """Tell e-mail addresses, telephone numbers, genders, countries and dates by their cells.

    Parameters
    ----------
    raw : RawTable
    roles : mapping of str to str
        What the headers told already: role to header.
    refused : collection of str
        Roles that no column shall play.
    words : mapping of str to str
        Header to its words.

    Returns
    -------
    dict of str to str
        Role to header, of roles that nobody plays yet. A date is told only where the header says nothing or the file has purchases, and
        where one column alone can be it.
    """
    taken = set(roles.values())
    columns = {header: Content(raw.distinct(header).slice(0, _SAMPLE_TEXTS)) for header in raw.headers if header not in taken}
    wanted = [role for role in ("email", "phone", "gender", "country") if role not in roles and role not in refused]
    found: dict[str, str] = {}
    for header, content in columns.items():
        role = next((role for role in wanted if role not in found and getattr(content, f"is_{role}")), None)
        if role and not content.is_empty:
            found[role] = header
    if "date" not in roles and "date" not in refused:
        has_purchases = any(role in roles for role in ("order", "product", "amount", "price", "quantity", "status"))
        possible = [
            header
            for header, content in columns.items()
            if header not in found.values() and (has_purchases or _GENERIC.match(words[header])) and content.date_share >= _SURE_SHARE
        ]
        if len(possible) == 1:
            found["date"] = possible[0]
    return found


def guess_nameless(raw: RawTable, roles: Mapping[str, str], refused: Collection[str], words: Mapping[str, str]) -> dict[str, str]:
    """Tell who bought and for how much where the columns have no names: ids that come back, and numbers with cents.

    Parameters
    ----------
    raw, roles, refused, words
        As for :func:`guess_by_content`.

    Returns
    -------
    dict of str to str
        Role to header, for ``customer`` and ``amount``.
    """
    free = [header for header in raw.headers if _GENERIC.match(words[header]) and header not in roles.values()]
    found: dict[str, str] = {}
    for header in free:
        content = Content(raw.distinct(header))
        is_cents = content.number_share >= _SURE_SHARE and content.share(r"^\D*[\d.,]*[.,]\d{2}\D*$") > 0.5
        if is_cents and "amount" not in found and not {"amount", "price"} & {*roles, *refused}:
            found["amount"] = header
        elif "customer" not in found and "customer" not in refused and _is_id(raw, header, content, "date" in roles):
            found["customer"] = header
    return found


def _is_id(raw: RawTable, header: str, content: Content, is_log: bool) -> bool:
    """Whole numbers or codes that are many: all different in a list, coming back in a log."""
    if content.share(r"^[\pL#-]{0,4}\d+$|^[0-9a-f-]{16,}$") < _SURE_SHARE or content.date_share > 0.5:
        return False
    n_different = int(pc.sum(pc.not_equal(raw.distinct(header), "")).as_py() or 0)
    return n_different > _LEAST_IDS * raw.n_rows and n_different > 1 if is_log else n_different == raw.n_rows


def say_guessed(found: Mapping[str, str], meanings: Mapping[str, str]) -> tuple[Finding, ...]:
    """Say which columns were told by their content; one that names the customers is asked about."""
    findings = []
    for role, header in found.items():
        if role == "customer":
            message = f'No column names the customers; "{header}" looks like their ids. Say whether it is so, or choose another column.'
            findings.append(Finding("customer_by_content", "question", message, 1, ({"column": header},)))
        else:
            message = f'"{header}" is read as {meanings[role]}, by what stands in it.'
            findings.append(Finding("role_by_content", "info", message, 1, ({"column": header, "value": role},)))
    return tuple(findings)
