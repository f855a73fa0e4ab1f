"""Who is one customer where no single column says so: keys of several columns, columns left out, and keys that too many people share."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from segmentation.errors import InvalidInputError
from segmentation.findings import Finding
from segmentation.intake.mapping import EACH_ROW, ColumnMapping, header_words
from segmentation.intake.parsing import normalise
from segmentation.intake.table import RawTable

MARK = "+"
"""Between the headers of a key: ``Name+Birth date``."""
_BETWEEN = " | "
_LARGE_SHARE = 0.2
"""One customer with more of the rows than this is rather a counter than a person."""
_LEAST_ROWS = 20
_MANY_PEOPLE = 3
_NOBODY = frozenset(
    """
    0,00,000,-1,guest,gast,guests,guest user,
    invité,invitado,anonymous,anonym,anonyme,anonimo,unknown,unbekannt,inconnu,desconocido,n/a,na,none,
    null,test,cash,cash customer,walk-in,walk in,walkin,walk-in customer,retail,default,no customer,not registered,laufkunde,barverkauf,
    guest@example.com,test@test.com,999,9999,99999,999999,9999999
    """.replace("\n    ", "")
    .strip()
    .split(",")
)
"""What tills and shops write for a buyer they do not know."""
_FULL_NAMES = ("customer name", "full name", "name", "contact name", "client name", "kundenname", "nom client", "nombre cliente")
_PERSONAL = ("email", "last_name", "first_name", "birth_date", "birth_year", "gender", "phone")


def leave_out(raw: RawTable, headers: Collection[str]) -> RawTable:
    """Return the table without the columns that a person wants nowhere.

    Parameters
    ----------
    raw : RawTable
    headers : collection of str

    Returns
    -------
    RawTable

    Raises
    ------
    InvalidInputError
        ``unknown_column``, or ``nothing_left``.
    """
    if not headers:
        return raw
    found = [_find(raw, header) for header in headers]
    kept = [header for header in raw.headers if header not in found]
    if not kept:
        raise InvalidInputError("nothing_left", "Every column is left out.", fix="Keep those that say who bought what.")
    return replace(raw, columns=raw.columns.select(kept))


def with_key(raw: RawTable, customer: str | None) -> tuple[RawTable, str | None]:
    """Add the key of several columns, where a person chose one.

    Parameters
    ----------
    raw : RawTable
    customer : str or None
        A header, "row", or headers joined by "+".

    Returns
    -------
    raw : RawTable
        With a column more, behind the others, where the key has several columns: their cells joined by a bar, blank where all are blank.
    customer : str or None
        The header of the customer's column.

    Raises
    ------
    InvalidInputError
        ``unknown_column``.
    """
    if customer is None or customer == EACH_ROW or customer in raw.headers or MARK not in customer:
        return raw, customer
    known = {header_words(header) for header in raw.headers}
    if header_words(customer) in known:
        return raw, customer
    headers = [_find(raw, part.strip()) for part in customer.split(MARK)]
    name = f" {MARK} ".join(headers)
    if name in raw.headers:
        return raw, name
    return replace(raw, columns=raw.columns.append_column(name, _joined(raw, headers))), name


def is_key(header: str, headers: Collection[str]) -> bool:
    """Tell whether a column is one that :func:`with_key` made of others.

    Parameters
    ----------
    header : str
    headers : collection of str
        All headers.

    Returns
    -------
    bool
    """
    parts = header.split(f" {MARK} ")
    return len(parts) > 1 and set(parts) <= set(headers)


def _find(raw: RawTable, wanted: str) -> str:
    by_words = {header_words(header): header for header in reversed(raw.headers)}
    found = wanted if wanted in raw.headers else by_words.get(header_words(wanted), "") if wanted else ""
    if not found:
        names = ", ".join(raw.headers[:30])
        raise InvalidInputError("unknown_column", f'There is no column "{wanted}" in this file.', fix=f"Its columns are: {names}.")
    return found


def _joined(raw: RawTable, headers: Sequence[str]) -> pa.ChunkedArray:
    """Return the cells of several columns joined, each different combination once."""
    code = np.zeros(raw.n_rows, np.int64)
    first_rows = np.zeros(0, np.int64)
    for header in headers:
        texts = pc.utf8_trim_whitespace(raw.distinct(header)).dictionary_encode()
        column = np.asarray(texts.indices)[raw.codes(header)].astype(np.int64)
        code, _ = pd.factorize(code * (len(texts.dictionary) + 1) + column)
    first_rows = np.unique(code, return_index=True)[1]
    parts = [pc.utf8_trim_whitespace(raw.distinct(header).take(pa.array(raw.codes(header)[first_rows]))) for header in headers]
    keys = pc.binary_join_element_wise(*parts, _BETWEEN)
    keys = pc.replace_substring_regex(keys, r"(?:\s*\|)+\s*$", "")
    return pa.chunked_array([pa.DictionaryArray.from_arrays(pa.array(code.astype(np.int32)), keys)])


def possible_keys(raw: RawTable, mapping: ColumnMapping) -> list[str]:
    """Return other keys that make sense for this file, as a person would choose them.

    Parameters
    ----------
    raw : RawTable
    mapping : ColumnMapping

    Returns
    -------
    list of str
        Values for ``customer``: a header, or headers joined by "+"; at most four.
    """
    roles = mapping.roles
    full = _full_name(raw, roles)
    names = [full] if full else [roles[role] for role in ("first_name", "last_name") if role in roles]
    keys: list[list[str]] = [[roles["email"]]] if "email" in roles else []
    if names and (full or len(names) == 2):
        keys += [[*names, roles[role]] for role in ("birth_date", "birth_year", "zip", "city", "phone") if role in roles][:2]
        keys.append(names)
    if "phone" in roles and len(keys) < 4:
        keys.append([roles["phone"]])
    current = roles.get("customer")
    return [MARK.join(parts) for parts in keys if not any(MARK in part for part in parts) and f" {MARK} ".join(parts) != current][:4]


def _full_name(raw: RawTable, roles: Mapping[str, str]) -> str | None:
    """Return the column with whole names of people, if there is one that means nothing else."""
    others = {header for role, header in roles.items() if role != "customer"}
    by_words = {header_words(header): header for header in reversed(raw.headers) if header not in others}
    return next((by_words[words] for words in _FULL_NAMES if words in by_words), None)


def shared_keys(raw: RawTable, mapping: ColumnMapping) -> tuple[Finding, ...]:
    """Point out customers that are rather a counter or several people: a fifth of all rows, a word for nobody, many names.

    Parameters
    ----------
    raw : RawTable
    mapping : ColumnMapping

    Returns
    -------
    tuple of Finding
    """
    header = mapping.header("customer")
    if header is None or raw.n_rows < _LEAST_ROWS:
        return ()
    texts, codes = raw.distinct(header), raw.codes(header)
    counts = np.bincount(codes, minlength=len(texts))
    is_filled = ~np.asarray(pc.equal(pc.utf8_trim_whitespace(texts), ""))
    findings = []
    is_large = is_filled & (counts > _LARGE_SHARE * raw.n_rows) if np.count_nonzero(is_filled) > 5 else np.zeros(len(texts), bool)
    is_nobody = (
        is_filled & np.asarray(pc.is_in(normalise(texts), value_set=pa.array(sorted(_NOBODY)))) & (counts > max(2, 3 * np.median(counts)))
    )
    for place in np.flatnonzero(is_large | is_nobody)[:5]:
        share = f"{100 * counts[place] / raw.n_rows:.0f} %" if counts[place] >= raw.n_rows / 100 else "less than 1 %"
        name = texts[int(place)].as_py()
        message = f'The customer "{name}" has {counts[place]:,} rows, {share} of all: rather many buyers than one.'
        example = {"column": header, "value": name}
        findings.append(Finding("shared_key", "warning", message, int(counts[place]), (example,)))
    return (*findings, *_several_people(raw, mapping.roles, header, codes, is_filled & ~is_large & ~is_nobody))


def _several_people(raw: RawTable, roles: Mapping[str, str], header: str, codes: np.ndarray, is_key: np.ndarray) -> list[Finding]:
    """Point out keys under which several different people stand, by their e-mail, name, birth or gender."""
    parts = header.split(f" {MARK} ")
    known = {**roles, "name": _full_name(raw, roles)}
    for role in (*_PERSONAL, "name"):
        column = known.get(role)
        if column is None or column == header or column in parts:
            continue
        other = np.asarray(pc.utf8_trim_whitespace(pc.utf8_lower(raw.distinct(column))).dictionary_encode().indices)[raw.codes(column)]
        is_blank = np.asarray(pc.equal(pc.utf8_trim_whitespace(raw.distinct(column)), ""))[raw.codes(column)]
        pairs = pd.unique(codes[~is_blank].astype(np.int64) << 32 | other[~is_blank])
        n_values = np.bincount(pairs >> 32, minlength=is_key.size)
        many = np.flatnonzero(is_key & (n_values >= (2 if role in ("gender", "birth_date", "birth_year") else _MANY_PEOPLE)))
        if many.size:
            texts = raw.distinct(header)
            examples = tuple({"column": header, "value": str(texts[int(place)])} for place in many[:5])
            message = f'{many.size:,} customers have several different cells in "{column}": perhaps more than one person shares "{header}".'
            return [Finding("key_of_several_people", "warning", message, int(many.size), examples)]
    return []
