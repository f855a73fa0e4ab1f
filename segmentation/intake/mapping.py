"""Which column means what: roles guessed from headers and content, then checked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

import numpy as np
import pyarrow as pa

from segmentation.errors import InvalidInputError
from segmentation.findings import Finding
from segmentation.intake.columns import MEASURES, ROLE_BY_NAME, ROLES, Role
from segmentation.intake.content import fits
from segmentation.intake.guessing import guess_by_content, guess_nameless, say_guessed
from segmentation.intake.known_exports import KnownExport, find_known_export
from segmentation.intake.parsing import OK, UNREADABLE, parse_numbers
from segmentation.intake.table import RawTable

Kind = Literal["transactions", "customers"]

EACH_ROW = "row"
"""Chosen as customer: every row is one customer."""

_SAMPLE_TEXTS = 2_000
_MIN_READABLE_SHARE = 0.5
"""A column whose header says "date" or "price" but of which fewer texts read so is not taken for one."""
_REPEATED_SHARE = 0.05
"""A customer column where more than this share of rows repeats an id is a log, where it has purchases."""
_NAME_HEADERS = (
    "customer name", "client name", "full name", "buyer name", "contact name", "card name", "billing name", "kundenname", "nom client",
    "nombre cliente", "nome cliente", "name", "company name", "company", "firma",
)  # fmt: skip
_BEGAN = frozenset(
    {"created at", "created", "date created", "created date", "created utc", "created at utc", "created date utc", "timestamp"}
)
"""In a list of customers: when the customer's record began."""
_PLAIN = str.maketrans("łŁøØđĐı", "lLoOdDi")
"""Letters that are no letter with an accent to Unicode."""
_BARE_IDS = frozenset({"id", "record id"})
_JOINED, _PREFIXED = 1_000, 2_000
"""Headers written together rank behind those written apart, those with a word before them last."""
_PERSON_PREFIXES = ("customer", "client", "user", "buyer", "billing", "default address", "mailing", "shipping", "ship")
"""Words before "city" or "e-mail" in the exports of shop systems, the most telling first."""
_LIST_ONLY = frozenset({"signup_date", "last_order"})
_LOG_EVIDENCE = ("order", "product", "quantity", "price")


@dataclass(frozen=True)
class ColumnMapping:
    """What each column means.

    Attributes
    ----------
    kind : {"transactions", "customers"}
        A log with one row a purchase line, or a list with one row a customer.
    roles : mapping of str to str
        Role to the header of the person's file.
    is_row_customer : bool
        True where the person said that every row is one customer.
    findings : tuple of Finding
    """

    kind: Kind
    roles: Mapping[str, str]
    is_row_customer: bool = False
    findings: tuple[Finding, ...] = ()

    def header(self, role: str) -> str | None:
        """Return the header that plays a role, or None."""
        return self.roles.get(role)


def header_words(header: str) -> str:
    """Return a header as lower-case words without accents and units.

    Parameters
    ----------
    header : str

    Returns
    -------
    str
        ``"Annual Income (k$)"`` and ``"AnnualIncome"`` both give ``"annual income"``.
    """
    without_unit = re.sub(r"\([^)]*\)|\[[^]]*\]", " ", header)
    text = without_unit if without_unit.strip() else header
    text = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", text)
    text = "".join(char for char in unicodedata.normalize("NFKD", text.translate(_PLAIN)) if not unicodedata.combining(char))
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def map_columns(raw: RawTable, chosen: Mapping[str, str] | None = None, customer: str | None = None) -> ColumnMapping:
    """Tell which column plays which role and whether the file is a log or a list.

    Parameters
    ----------
    raw : RawTable
    chosen : mapping of role to header, optional
        The person's own choices; they win over every guess. An empty header means "no column plays this role".
    customer : str, optional
        Header of the customer column, or ``"row"``: every row is one customer.

    Returns
    -------
    ColumnMapping

    Raises
    ------
    InvalidInputError
        ``unknown_role``, ``unknown_column``, or ``no_customer_column`` with what can be chosen instead.
    """
    wanted = dict(chosen or {})
    is_row_customer = customer == EACH_ROW and EACH_ROW not in raw.headers
    if customer and not is_row_customer:
        wanted["customer"] = customer
    roles = _check_choices(raw, wanted)
    if is_row_customer:
        roles["customer"] = ""
    roles, findings = _guess_all(raw, roles)
    if is_row_customer:
        return ColumnMapping("customers", roles, is_row_customer=True, findings=findings)
    if "customer" not in roles:
        roles, more = _customer_from_person(raw, roles, refused={role for role, header in wanted.items() if not header})
        findings += more
    return _with_kind(raw, ColumnMapping("customers", roles, findings=findings))


def _guess_all(raw: RawTable, chosen: dict[str, str]) -> tuple[dict[str, str], tuple[Finding, ...]]:
    """Fill in what a person left open: as the maker of the file means it, then by headers, then by content."""
    words = {header: header_words(header) for header in raw.headers}
    roles = dict(chosen)
    findings: tuple[Finding, ...] = ()
    known = find_known_export(words.values())
    if known:
        findings = (Finding("known_export", "info", f"The file looks like {known.name}; its columns are read as they mean them.", 1),)
        roles.update(_roles_of_export(raw, known, roles, words))
    taken = {header for header in roles.values() if header}
    roles.update(_guess_roles(raw, [role for role in ROLES if role.name not in roles], taken, words))
    refused = {role for role, header in roles.items() if not header}
    roles = {role: header for role, header in roles.items() if header}
    if "customer" not in chosen:
        roles = _without_bare_id(raw, roles, words)
    guessed = guess_by_content(raw, roles, refused, words)
    if "date" in guessed:
        guessed |= guess_nameless(raw, {**roles, **guessed}, {*refused, "customer"}, words)
    return {**roles, **guessed}, findings + say_guessed(guessed, {role.name: role.meaning for role in ROLES})


def _roles_of_export(raw: RawTable, known: KnownExport, chosen: Mapping[str, str], words: dict[str, str]) -> dict[str, str]:
    """Return the roles that the maker's columns play, where their content agrees and the person said nothing else."""
    by_words = {name: header for header, name in reversed(words.items())}
    roles = {}
    for role, name in known.roles:
        header = by_words.get(name, "")
        if role in chosen or (header and header in chosen.values()) or (name and not header):
            continue
        if not header or fits(ROLE_BY_NAME[role], raw.distinct(header)):
            roles[role] = header
    return roles


def _without_bare_id(raw: RawTable, roles: dict[str, str], words: Mapping[str, str]) -> dict[str, str]:
    """A bare "id" that numbers the lines of purchases is no customer where an e-mail address or a name says who bought."""
    header = roles.get("customer", "")
    is_bare = bool(header) and words[header] in _BARE_IDS and _tells_rows_apart(raw, header)
    has_purchases = sum(role in roles for role in ("date", "amount", "product", "quantity", "price", "status")) >= 3
    person = roles.get("email") or next((found for found in raw.headers if words[found] in _NAME_HEADERS), None)
    if not (is_bare and has_purchases and person) or _tells_rows_apart(raw, person):
        return roles
    others = {role: found for role, found in roles.items() if role != "customer"}
    return others if "order" in others else {**others, "order": header}


def _check_choices(raw: RawTable, wanted: Mapping[str, str]) -> dict[str, str]:
    by_words = {header_words(header): header for header in reversed(raw.headers)}
    checked = {}
    for role, header in wanted.items():
        if role not in ROLE_BY_NAME:
            raise InvalidInputError(
                "unknown_role", f'"{role}" is not a meaning a column can have.', fix=f"Choose one of: {', '.join(ROLE_BY_NAME)}."
            )
        found = header if header in raw.headers or not header else by_words.get(header_words(header), "")
        if header and not found:
            raise InvalidInputError(
                "unknown_column", f'There is no column "{header}" in this file.', fix=f"Its columns are: {_listed(raw.headers)}."
            )
        checked[role] = found
    return checked


def _listed(headers: tuple[str, ...], limit: int = 30) -> str:
    shown = ", ".join(headers[:limit])
    return shown if len(headers) <= limit else f"{shown} and {len(headers) - limit} more"


def _guess_roles(raw: RawTable, roles: list[Role], taken: set[str], words: Mapping[str, str]) -> dict[str, str]:
    """Give each role the header that names it best; a header plays one role."""
    candidates = sorted(
        (rank, order, role.name, header)
        for order, role in enumerate(roles)
        for header in raw.headers
        if header not in taken and (rank := _header_rank(role, words[header])) is not None
    )
    guessed: dict[str, str] = {}
    for _, _, role_name, header in candidates:
        if role_name in guessed or header in taken or not fits(ROLE_BY_NAME[role_name], raw.distinct(header)):
            continue
        guessed[role_name] = header
        taken.add(header)
    return guessed


@cache
def _known_words(role_name: str) -> tuple[dict[str, int], dict[str, int]]:
    """Return the rank of each header of a role: as words, and as words written together."""
    headers = ROLE_BY_NAME[role_name].headers
    squeezed = {text.replace(" ", ""): rank for rank, text in reversed(list(enumerate(headers)))}
    return {text: rank for rank, text in enumerate(headers)}, squeezed


def _header_rank(role: Role, words: str) -> int | None:
    """Return how well words name a role (0 best), None if they do not."""
    known, squeezed = _known_words(role.name)
    if words in known:
        return known[words]
    joined = words.replace(" ", "")
    if joined in squeezed and len(joined) > 2:
        return _JOINED + squeezed[joined]
    if role.is_about_customer and role.name != "customer":
        for number, prefix in enumerate(_PERSON_PREFIXES):
            rest = words.removeprefix(f"{prefix} ")
            if rest != words and rest in known:
                return _PREFIXED * (number + 1) + known[rest]
    return None


def _customer_from_person(
    raw: RawTable, roles: dict[str, str], refused: Collection[str] = ()
) -> tuple[dict[str, str], tuple[Finding, ...]]:
    """Without an id, tell customers apart by e-mail, then by name, then by what looks like ids; say so, or say what can be chosen."""
    words = {header: header_words(header) for header in raw.headers}
    by_words = {name: header for header, name in reversed(words.items())}
    header = roles.get("email") or next((by_words[name] for name in _NAME_HEADERS if name in by_words), None)
    if header in roles.values() and header != roles.get("email"):
        header = None
    if header is None:
        guessed = guess_nameless(raw, roles, refused, words)
        if "customer" not in guessed:
            raise _no_customer_error(raw, roles)
        return {**roles, **guessed}, say_guessed(guessed, {role.name: role.meaning for role in ROLES})
    finding = Finding(
        "customer_by_person",
        "question",
        f'There is no customer id; customers are told apart by "{header}". Two people who share it count as one.',
        count=1,
        examples=({"column": header},),
    )
    return {**roles, "customer": header}, (finding,)


def _no_customer_error(raw: RawTable, roles: Mapping[str, str]) -> InvalidInputError:
    instead = ", ".join(f'"{header}" ({count:,} different)' for header, count in _possible_units(raw, roles))
    return InvalidInputError(
        "no_customer_column",
        "No column of this file says who the customer is.",
        f"Another column can be the unit instead: {instead}." if instead else "",
        "Choose the column that names the unit, or let each row be one customer.",
    )


def _possible_units(raw: RawTable, roles: Mapping[str, str]) -> list[tuple[str, int]]:
    """Return columns that group the rows into at least three units, most units first; ids of lines and numbers are no units."""
    lines = {roles[name] for name in ("order", "date", "amount", "price", "quantity", "signup_date", "rating") if name in roles}
    units = []
    for header in raw.headers:
        texts = raw.distinct(header)
        if header in lines or not 3 <= len(texts) <= raw.n_rows * 0.5 or _is_measured(texts):
            continue
        units.append((header, len(texts)))
    return sorted(units, key=lambda unit: -unit[1])[:8]


def _is_measured(texts: pa.Array) -> bool:
    """Tell whether a column holds quantities or dates rather than names of things."""
    sample = texts.slice(0, _SAMPLE_TEXTS)
    digits = np.array([bool(re.match(r"^\W*\d", text)) for text in sample.to_pylist() if text.strip()])
    return bool(digits.size and digits.mean() > _MIN_READABLE_SHARE)


def _with_kind(raw: RawTable, mapping: ColumnMapping) -> ColumnMapping:
    """Decide between log and list: a log has purchases (a date or an order, with money) and usually repeats its customers."""
    roles = mapping.roles
    codes = raw.codes(roles["customer"])
    n_distinct = len(raw.distinct(roles["customer"]))
    is_repeated = codes.size - n_distinct > _REPEATED_SHARE * codes.size
    has_money = "amount" in roles or "price" in roles
    has_moment = "date" in roles or "order" in roles
    is_line_like = sum(role in roles for role in _LOG_EVIDENCE) >= 2
    is_order_each = has_money and "date" in roles and "order" in roles and _tells_rows_apart(raw, roles["order"])
    is_log = has_moment and (has_money or "date" in roles) and (is_repeated or is_order_each or (is_line_like and "date" in roles))
    is_log = is_log or (is_repeated and has_money and not _LIST_ONLY & set(roles))
    is_log = is_log or (is_repeated and "order" in roles and _tells_rows_apart(raw, roles["order"]))
    if not is_log and "date" in roles and "signup_date" not in roles and header_words(roles["date"]) in _BEGAN:
        roles = {"signup_date" if role == "date" else role: header for role, header in roles.items()}
    return replace(mapping, roles=roles, kind="transactions" if is_log else "customers")


def _tells_rows_apart(raw: RawTable, header: str) -> bool:
    """Tell whether a column numbers the rows: order ids do, counts of orders do not."""
    return len(raw.distinct(header)) > (1 - _REPEATED_SHARE) * raw.n_rows


def measure_headers(raw: RawTable, taken: set[str]) -> dict[str, str]:
    """Tell which headers of a customer list bring a canonical measure ready made.

    Parameters
    ----------
    raw : RawTable
    taken : set of str
        Headers that already play a role.

    Returns
    -------
    dict of str to str
        Measure to header.
    """
    by_words = {header_words(header): header for header in reversed(raw.headers)}
    found: dict[str, str] = {}
    for measure in MEASURES:
        for words in measure.headers:
            header = by_words.get(words, "")
            if header and header not in taken and header not in found.values() and _measures(raw, header, measure.unit):
                found[measure.name] = header
                break
    return found


def _measures(raw: RawTable, header: str, unit: str | None) -> bool:
    """Tell whether a column is all numbers, and whole ones where orders are counted: a frequency between 0 and 1 is no number of orders."""
    numbers = parse_numbers(raw.distinct(header))
    is_numeric = bool(np.any(numbers.state == OK)) and not bool(np.any(numbers.state == UNREADABLE))
    return is_numeric and (unit != "orders" or not np.any(numbers.units % 10**numbers.scale))
