"""Two files that belong together: the details of customers beside each line of a log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segmentation.errors import InvalidInputError
from segmentation.findings import Finding
from segmentation.intake.cleaning_repeats import trimmed_codes
from segmentation.intake.columns import ROLES
from segmentation.intake.mapping import ColumnMapping, map_columns
from segmentation.intake.table import RawTable

_FEW = 0.5
"""Fewer matches than this share of customers are pointed out as a warning."""


def join_files(
    raw: RawTable, chosen: Mapping[str, str], customer: str | None, other: RawTable, name: str
) -> tuple[RawTable, dict[str, str]]:
    """Put the details of customers that another file has beside the lines of a log.

    Parameters
    ----------
    raw : RawTable
        The log.
    chosen : mapping of role to header
    customer : str or None
        What was decided about the log, as :func:`~segmentation.intake.mapping.map_columns` takes it.
    other : RawTable
        The list.
    name : str
        How the list is called.

    Returns
    -------
    table : RawTable
    roles : dict of str to str
        What is to be chosen when the table is mapped: what only lines can mean is no matter of the list.

    Raises
    ------
    InvalidInputError
        As :func:`join_details`, and where the other file is the log of the two.
    """
    mapping, about = map_columns(raw, chosen, customer), map_columns(other)
    if mapping.kind != "transactions" and about.kind == "transactions":
        raise InvalidInputError(
            "not_joinable", f'"{name}" is the order log of the two.', fix="Begin with it, and take the details from this file."
        )
    return join_details(raw, mapping, other, about, name), {**chosen, **closed_roles(mapping)}


def join_details(lines: RawTable, mapping: ColumnMapping, details: RawTable, about: ColumnMapping, name: str) -> RawTable:
    """Put what a list knows of each customer beside the lines of a log.

    Parameters
    ----------
    lines : RawTable
        The log; no row of it is lost.
    mapping : ColumnMapping
    details : RawTable
        The list; where a customer stands in it several times, the last row counts.
    about : ColumnMapping
    name : str
        How the list is called in findings and in headers that both files have.

    Returns
    -------
    RawTable
        The log with the columns of the list, empty where the list does not know the customer, and the account of the match as findings.

    Raises
    ------
    InvalidInputError
        ``not_joinable`` unless one is a log and the other a list with a customer column and no orders; ``nothing_in_common``.
    """
    is_list = "customer" in about.roles and not {"order", "date"} & about.roles.keys()
    if mapping.kind != "transactions" or not is_list:
        raise InvalidInputError(
            "not_joinable",
            "Two files can be joined where one is an order log and the other a customer list with customer ids.",
            fix="Choose another file, or say which column is the customer.",
        )
    codes, ids = trimmed_codes(lines, mapping.roles["customer"])
    list_codes, list_ids = trimmed_codes(details, about.roles["customer"])
    last = np.full(len(list_ids), -1, np.int64)
    last[list_codes] = np.arange(details.n_rows)  # the last row of each customer wins
    place = pc.index_in(ids, value_set=list_ids)
    is_known = np.asarray(place.is_valid()) & np.asarray(pc.not_equal(ids, ""))
    if not is_known.any():
        raise InvalidInputError(
            "nothing_in_common",
            f'No customer of this file stands in "{name}".',
            f'Customers here look like "{ids[len(ids) - 1]}", there like "{list_ids[len(list_ids) - 1]}".',
            "Check which column is the customer in each of the two.",
        )
    rows = np.where(is_known, last[np.asarray(pc.fill_null(place, 0))], -1)[codes]
    columns = {header: lines.columns.column(header).chunk(0) for header in lines.headers}
    for header in details.headers:
        if header != about.roles["customer"]:
            columns[_free(f"{header} ({name})" if header in columns else header, columns)] = _beside(details, header, rows)
    findings = (*lines.findings, *_account(ids, list_ids, is_known, details.n_rows, name))
    return replace(lines, columns=pa.table(columns), findings=findings)


def closed_roles(mapping: ColumnMapping) -> dict[str, str]:
    """Return the roles of the lines, and none for what only lines can mean: a list's "total" is not the amount of each line.

    Parameters
    ----------
    mapping : ColumnMapping
        Of the log.

    Returns
    -------
    dict of str to str
        To be given as choices when the joined table is mapped.
    """
    return {**{role.name: "" for role in ROLES if not role.is_about_customer}, **mapping.roles}


def _free(name: str, taken: dict[str, pa.Array]) -> str:
    while name in taken:
        name += " (2)"
    return name


def _beside(details: RawTable, header: str, rows: np.ndarray) -> pa.DictionaryArray:
    """Return a column of the list for each line: row -1 is empty."""
    texts = pa.concat_arrays([details.distinct(header), pa.array([""])])
    codes = np.concatenate([details.codes(header), [len(texts) - 1]]).astype(np.int32)
    return pa.array(texts).take(pa.array(codes[rows])).dictionary_encode()


def _account(ids: pa.Array, list_ids: pa.Array, is_known: np.ndarray, n_rows: int, name: str) -> list[Finding]:
    n_customers = int(np.count_nonzero(np.asarray(pc.not_equal(ids, ""))))
    n_known, n_lacking = int(is_known.sum()), n_customers - int(is_known.sum())
    n_idle = int(np.count_nonzero(np.asarray(pc.invert(pc.is_in(list_ids, value_set=ids)))))
    message = f'"{name}" knows {n_known:,} of the {n_customers:,} customers of this file.'
    found = [Finding("details_joined", "info" if n_known >= _FEW * n_customers else "warning", message, n_known)]
    if n_lacking:
        lacking = ids.filter(pa.array(~is_known & np.asarray(pc.not_equal(ids, "")))).slice(0, 5).to_pylist()
        message = f'{n_lacking:,} customers do not stand in "{name}"; they are kept without details.'
        found.append(Finding("without_details", "info", message, n_lacking, tuple({"value": value} for value in lacking)))
    if n_idle:
        message = f'{n_idle:,} customers of "{name}" have no order in this file; they are left out.'
        found.append(Finding("without_orders", "info", message, n_idle))
    if n_rows > len(list_ids):
        repeated = n_rows - len(list_ids)
        message = f'"{name}" has {repeated:,} rows of customers that stand in it again; the last row of each counts.'
        found.append(Finding("details_repeated", "warning", message, repeated))
    return found
