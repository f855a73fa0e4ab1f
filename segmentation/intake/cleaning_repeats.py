"""Rows that stand in a file again: the same row twice, and the same customer with several rows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from segmentation.intake.decimals import decimal_texts
from segmentation.intake.parsing import OK, parse_numbers
from segmentation.intake.table import RawTable
from segmentation.intake.typed import TypedColumns


def older_rows(raw: RawTable, is_candidate: np.ndarray, header: str, typed: TypedColumns) -> np.ndarray:
    """Mark rows of a list whose customer has a newer row: by its date where there is one, then by content, so that order has no say."""
    older = np.zeros(raw.n_rows, bool)
    kept = np.flatnonzero(is_candidate)
    if pd.unique(trimmed_codes(raw, header)[0][kept]).size == kept.size:
        return older
    last = kept[_oldest_first(raw, kept, header, typed).drop_duplicates("code", keep="last").index.to_numpy()]
    older[kept] = True
    older[last] = False
    return older


def merge_repeats(
    raw: RawTable, is_candidate: np.ndarray, header: str, typed: TypedColumns, added: Collection[str] | None = None
) -> RawTable:
    """Complete the newest row of each customer from the older ones: fill its blanks with the newest value there is, or add numbers up.

    Parameters
    ----------
    raw : RawTable
    is_candidate : numpy.ndarray of bool, shape (n rows,)
        The newest rows and those that are merged into them.
    header : str
        The customer's column.
    typed : TypedColumns
    added : collection of str, optional
        Headers of numbers to add up, everything else staying that of the newest row; a cell that is no number adds nothing.

    Returns
    -------
    RawTable
        The other rows are as they were.
    """
    kept = np.flatnonzero(is_candidate)
    order = _oldest_first(raw, kept, header, typed)
    is_repeated = order["code"].duplicated(keep=False).to_numpy()
    rows = kept[order.index.to_numpy()[is_repeated]]
    if not rows.size:
        return raw
    group, codes = pd.factorize(order["code"].to_numpy()[is_repeated])
    newest = np.zeros(len(codes), np.int64)
    newest[group] = rows
    columns = raw.columns
    for place, name in enumerate(raw.headers):
        if name == header or (added is not None and name not in added):
            continue
        merged = _newest_filled(raw, name, rows, group) if added is None else _sums(raw, name, rows, group)
        columns = columns.set_column(place, name, with_cells(raw, name, newest, merged))
    return replace(raw, columns=columns)


def _newest_filled(raw: RawTable, header: str, rows: np.ndarray, group: np.ndarray) -> list[str]:
    texts = np.array(raw.distinct(header).take(pa.array(raw.codes(header)[rows])).to_numpy(zero_copy_only=False), dtype=object)
    chosen = np.full(int(group.max()) + 1, "", dtype=object)
    is_filled = np.asarray(pc.not_equal(pc.utf8_trim_whitespace(pa.array(texts, pa.string())), ""))
    chosen[group[is_filled]] = texts[is_filled]
    return chosen.tolist()


def _sums(raw: RawTable, header: str, rows: np.ndarray, group: np.ndarray) -> list[str]:
    parsed = parse_numbers(raw.distinct(header))
    codes = raw.codes(header)[rows]
    units = np.zeros(int(group.max()) + 1, np.int64)
    np.add.at(units, group, np.where(parsed.state[codes] == OK, parsed.units[codes], 0))
    texts = decimal_texts(units, parsed.scale)
    return [text.replace(".", parsed.decimal or ".") for text in texts]


def with_cells(raw: RawTable, header: str, rows: np.ndarray, cells: list[str]) -> pa.DictionaryArray:
    """Return a column with other cells in some rows."""
    known = raw.distinct(header)
    dictionary = pa.concat_arrays([known, pa.array(cells, pa.string())]).dictionary_encode()
    place = np.asarray(dictionary.indices)
    codes = place[raw.codes(header)]
    codes[rows] = place[len(known) :]
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), dictionary.dictionary)


def _oldest_first(raw: RawTable, kept: np.ndarray, header: str, typed: TypedColumns) -> pd.DataFrame:
    """Return code and position (the index) of some rows, by customer and then from the oldest to the newest."""
    codes = trimmed_codes(raw, header)[0][kept]
    when = typed.dates.get("date") or typed.dates.get("signup_date")
    newest = when.seconds[kept] if when else np.zeros(kept.size, np.int64)
    frame = pd.DataFrame({"code": codes, "newest": newest, "content": _row_texts(raw, kept)})
    return frame.sort_values(["code", "newest", "content"])


def _row_texts(raw: RawTable, rows: np.ndarray) -> np.ndarray:
    table = raw.columns.take(pa.array(rows))
    texts = [column.cast(pa.string()) for column in table.columns]
    return np.asarray(pc.binary_join_element_wise(*texts, "\x1f").combine_chunks().to_numpy(zero_copy_only=False), dtype=object)


def duplicate_rows(raw: RawTable, typed: TypedColumns, is_candidate: np.ndarray) -> np.ndarray:
    """Mark rows that repeat an earlier candidate row in every column, bool of shape (n rows,).

    Numbers and dates are compared by value ("2.50" is "2.5"), everything else to the letter.
    """
    rows = np.flatnonzero(is_candidate)
    columns = [_value_codes(raw, typed, header)[rows] for header in raw.headers]
    key = np.zeros(rows.size, np.uint64)
    for codes in columns:
        key = _mix(key ^ codes.astype(np.uint64))
    group, first_keys = pd.factorize(key)
    first = np.full(len(first_keys), rows.size, np.int64)
    np.minimum.at(first, group, np.arange(rows.size))
    leader = first[group]
    repeats = np.flatnonzero(leader != np.arange(rows.size))
    is_same = np.ones(repeats.size, bool)
    for codes in columns:
        is_same &= codes[repeats] == codes[leader[repeats]]
    if not is_same.all():  # two different rows with one 64-bit key: once in many million files; then compare in full
        frame = pd.DataFrame(dict(enumerate(columns)))
        repeats, is_same = np.flatnonzero(frame.duplicated()), np.array([True])
    marked = np.zeros(raw.n_rows, bool)
    marked[rows[repeats]] = True
    return marked


def _mix(key: np.ndarray) -> np.ndarray:
    """Scramble 64-bit keys (the finalizer of splitmix64, Steele, Lea & Flood 2014)."""
    key = key + np.uint64(0x9E3779B97F4A7C15)
    key = (key ^ (key >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    key = (key ^ (key >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return key ^ (key >> np.uint64(31))


def _value_codes(raw: RawTable, typed: TypedColumns, header: str) -> np.ndarray:
    """Return codes that are equal where two cells mean the same value."""
    codes = raw.codes(header)
    for number in typed.numbers.values():
        if number.header == header:
            return _merge_equal(codes, number.parsed.units, number.parsed.state)
    for moment in typed.dates.values():
        if moment.header == header:
            return _merge_equal(moment.codes, moment.parsed.seconds, moment.parsed.state)
    return codes


def _merge_equal(codes: np.ndarray, values: np.ndarray, state: np.ndarray) -> np.ndarray:
    """Give one code to texts of one value; texts that could not be read stay themselves."""
    merged = np.arange(values.size)
    is_ok = state == OK
    merged[is_ok] = values.size + np.unique(values[is_ok], return_inverse=True)[1]
    return merged[codes]


def trimmed_codes(raw: RawTable, header: str) -> tuple[np.ndarray, pa.StringArray]:
    """Number the distinct texts of a column in sorted order, white space around them removed.

    Parameters
    ----------
    raw : RawTable
    header : str

    Returns
    -------
    codes : numpy.ndarray of int64, shape (n rows,)
    texts : pyarrow string array, shape (n distinct,)
        Sorted by code point; ``texts[codes]`` are the cells.
    """
    encoded = pc.utf8_trim_whitespace(raw.distinct(header)).dictionary_encode()
    order = np.asarray(pc.sort_indices(encoded.dictionary))
    rank = np.empty(order.size, np.int64)
    rank[order] = np.arange(order.size)
    return rank[np.asarray(encoded.indices)][raw.codes(header)], encoded.dictionary.take(pa.array(order))
