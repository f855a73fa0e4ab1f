"""Rows that follow the rows of the version before: both brought into one plain form, one below the other, the newer winning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segmentation.errors import InvalidInputError
from segmentation.intake.cleaning import money_roles
from segmentation.intake.decimals import decimal_texts
from segmentation.intake.mapping import ColumnMapping, header_words
from segmentation.intake.parsing import OK, ParsedNumbers, parse_numbers
from segmentation.intake.table import RawTable
from segmentation.intake.typed import TypedColumns, is_numeric

_KINDS = {"transactions": "an order log", "customers": "a customer list"}


def plain_table(raw: RawTable, mapping: ColumnMapping, typed: TypedColumns) -> RawTable:
    """Write numbers with a decimal point and moments as ISO 8601, so that tables of different files can stand below each other.

    Parameters
    ----------
    raw : RawTable
    mapping : ColumnMapping
    typed : TypedColumns
        As read from ``raw``. Cells that could not be read stay as they are.

    Returns
    -------
    RawTable
        The same rows; a column without a role changes only where all of it is numbers with a decimal comma.
    """
    role_of = {header: role for role, header in mapping.roles.items()}
    columns = {}
    for header in raw.headers:
        role, texts = role_of.get(header, ""), raw.distinct(header)
        if role in typed.dates:
            moments = typed.dates[role].parsed
            texts = _rewritten(texts, moments.state, _moments(moments.seconds, moments.has_time))
        elif role in typed.numbers:
            texts = _plain_numbers(texts, typed.numbers[role].parsed)
        elif not role and (parsed := parse_numbers(texts)).decimal == "," and is_numeric(parsed):
            texts = _plain_numbers(texts, parsed)
        columns[header] = _encode(texts.take(pa.array(raw.codes(header))))
    return replace(raw, columns=pa.table(columns))


def _rewritten(texts: pa.Array, state: np.ndarray, plain: list[str]) -> pa.Array:
    return pc.if_else(pa.array(state == OK), pa.array(plain, pa.string()), texts)


def _plain_numbers(texts: pa.Array, parsed: ParsedNumbers) -> pa.Array:
    """Write numbers with a decimal point and no other mark; as many decimals as the file has stay."""
    mark = "," if parsed.decimal == "," else "."
    is_simple = np.asarray(pc.match_substring_regex(texts, rf"^-?\d+(?:\{mark}\d+)?$"))
    simple = pc.replace_substring(texts, mark, ".").to_pylist()
    plain = np.where(is_simple, simple, decimal_texts(parsed.units, parsed.scale))
    return _rewritten(texts, parsed.state, plain.tolist())


def _moments(seconds: np.ndarray, has_time: bool) -> list[str]:
    moments = seconds.astype("datetime64[s]")
    texts: list[str] = np.datetime_as_string(moments if has_time else moments.astype("datetime64[D]")).tolist()
    return texts


def _encode(texts: pa.Array) -> pa.DictionaryArray:
    return texts.dictionary_encode()


def append_rows(earlier: RawTable, before: ColumnMapping, later: RawTable, after: ColumnMapping) -> tuple[RawTable, dict[str, str]]:
    """Put the rows of a file below those of the version before. Both tables are plain (:func:`plain_table`).

    Columns meet by their role, else by their header. In a list, a column that the file does not have keeps what was known of each
    customer; everything else that one of the two lacks is empty.

    Parameters
    ----------
    earlier : RawTable
        The kept rows of the version before.
    before : ColumnMapping
    later : RawTable
        All rows of the file.
    after : ColumnMapping

    Returns
    -------
    table : RawTable
        ``n_earlier`` rows of the version before, then those of the file with its dialect, findings and unreadable rows.
    roles : dict of str to str
        The role of each header of the table.

    Raises
    ------
    InvalidInputError
        ``other_kind`` for a list below a log or the reverse, ``other_money`` where one says amounts and the other prices,
        ``other_unit`` where one of the two has no column for the customer.
    """
    _check_shapes(before, after)
    names = _aligned_names(earlier, before, later, after)
    found = {name: later.columns.column(header).chunk(0).cast(pa.string()) for header, name in names.items()}
    known = {header: earlier.columns.column(header).chunk(0).cast(pa.string()) for header in earlier.headers}
    if before.kind == "customers" and "customer" in before.roles:
        found.update(_known_of_customers(known, found, before.roles["customer"]))
    columns = {}
    for name in [*known, *(name for name in found if name not in known)]:
        parts = [known.get(name, pa.repeat("", earlier.n_rows)), found.get(name, pa.repeat("", later.n_rows))]
        columns[name] = _encode(pa.concat_arrays(parts))
    numbers = np.concatenate([np.arange(1, earlier.n_rows + 1), later.row_numbers])
    table = replace(later, columns=pa.table(columns), row_numbers=numbers, n_earlier=earlier.n_rows)
    return table, {**{role: names[header] for role, header in after.roles.items()}, **before.roles}


def _check_shapes(before: ColumnMapping, after: ColumnMapping) -> None:
    if before.kind != after.kind:
        title = f"The file is {_KINDS[after.kind]}, the dataset {_KINDS[before.kind]}."
        raise InvalidInputError("other_kind", title, fix="Import it as a dataset of its own, or join the two by their customers.")
    if before.is_row_customer or after.is_row_customer:
        raise InvalidInputError(
            "other_unit", "Rows can only be added where a column says who the customer is.", fix="Replace the dataset instead."
        )
    money = [money_roles(mapping) for mapping in (before, after)]
    if before.kind == "transactions" and money[0] != money[1]:
        told = [" and ".join(roles) or "no money" for roles in money]
        raise InvalidInputError(
            "other_money", f"The file brings {told[1]}, the dataset {told[0]}.", fix="Choose the column that has what the dataset has."
        )


def _aligned_names(earlier: RawTable, before: ColumnMapping, later: RawTable, after: ColumnMapping) -> dict[str, str]:
    """Return for each header of the file the name of its column among those of the version before, a new one where it has none."""
    role_of = {header: role for role, header in after.roles.items()}
    free = {header_words(header): header for header in reversed(earlier.headers) if header not in before.roles.values()}
    names: dict[str, str] = {}
    for header in later.headers:
        role = role_of.get(header, "")
        known = before.roles.get(role) or (free.get(header_words(header)) if role not in before.roles else None)
        name = known or header
        while name in names.values() or (known is None and name in earlier.headers):
            name += " (2)"
        names[header] = name
    return names


def _known_of_customers(known: Mapping[str, pa.Array], found: Mapping[str, pa.Array], key: str) -> dict[str, pa.Array]:
    """Return the columns that the file does not have, with what was known of each of its customers."""
    place = pc.index_in(pc.utf8_trim_whitespace(found[key]), value_set=pc.utf8_trim_whitespace(known[key]))
    return {name: pc.fill_null(cells.take(place), "") for name, cells in known.items() if name not in found}
