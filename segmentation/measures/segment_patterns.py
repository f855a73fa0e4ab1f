"""What, where and how each segment buys, against all customers: goods, channels, payment, season, basket, campaigns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa

from segmentation.intake.mapping import header_words
from segmentation.intake.parsing import parse_numbers
from segmentation.intake.typed import is_numeric
from segmentation.measures.catalogue import MAX_CATEGORIES, CustomerCatalogue
from segmentation.measures.lines import Labels, Lines
from segmentation.measures.parts import find_parts
from segmentation.measures.selection import Source

Base = Literal["revenue", "orders", "spend", "customers", "one order"]
"""What the figures are shares of; "one order": means of all orders."""

MOST_VALUES = 5
_NEARLY_ALL = 0.95
"""Where one value has this share of all, the others say little."""
_BY_MONEY = ("category", "brand", "product")
_BY_ORDERS = ("channel", "payment", "shipping", "status", "rating")
_MOST_OTHERS = 2
_OF_DATES = frozenset({"year", "quarter", "month", "week", "weekday", "day", "date"})
_QUARTERS = ("January to March", "April to June", "July to September", "October to December")
_FEW_DAYS = 3
"""A log that begins or ends this close to the turn of a month holds that month (as ``monthly.MOST_MISSING_DAYS``)."""
_CAMPAIGN = re.compile(r"(cmp|campaign|kampagne|campagne|response|responded)")


@dataclass(frozen=True)
class PatternRow:
    """One value: its figure among all, in each segment (None where a segment has nothing to count), and 100 * figure / figure of all."""

    name: str
    overall: float
    values: tuple[float | None, ...]
    indexes: tuple[float | None, ...]


@dataclass(frozen=True)
class Pattern:
    """A column, or a way of looking at orders, in every segment.

    Attributes
    ----------
    column : str or None
        What a filter calls it; None where customers cannot be chosen by it.
    label : str
        Role, or the person's header.
    base : Base
    unit : {"share", "money", "number"}
    n : tuple of int
        Of each segment: the orders, or of a list the customers, that are counted.
    rows : tuple of PatternRow
        The most frequent values, the largest first; seasons in the order of the year.
    n_values : int
        How many values there are in all.
    period : tuple of str or None
        First and last month ("2025-12") where only a part of the time counts.
    """

    column: str | None
    label: str
    base: Base
    unit: Literal["share", "money", "number"]
    n: tuple[int, ...]
    rows: tuple[PatternRow, ...]
    n_values: int
    period: tuple[str, str] | None = None


def find_patterns(source: Source, places: np.ndarray, k: int) -> tuple[Pattern, ...]:
    """Compare how segments buy.

    Parameters
    ----------
    source : Source
        Of the customers (and, of a log, purchases) that count.
    places : numpy.ndarray of int64, shape (n,)
        The segment of each customer, 1..k; 0 for customers that are not segmented, who count nowhere.
    k : int
        How many segments there are; one without customers has no figures.

    Returns
    -------
    tuple of Pattern
        Only what the data have, and what has more than one value.
    """
    if source.lines is None or not (places > 0).any():
        return _patterns_of_list(source.population.catalogue, places, k) if (places > 0).any() else ()
    lines, segments = source.lines, places[source.lines.customers] - 1
    names = {column: column for column in (*_BY_MONEY, *_BY_ORDERS) if column in lines.cells}
    if "category" in names:
        names.pop("product", None)  # thousands of products say less than a few categories
    elif "product" in names and source.product_names:
        del names["product"]
        names[source.product_names] = "product"
    names |= dict(_others(lines, source.others)[:_MOST_OTHERS])
    found = [_of_column(lines, segments, k, name, label) for name, label in names.items()]
    basket = _basket(lines, segments, k, _pieces(source, places, k))
    return tuple(pattern for pattern in (basket, *found, _season(lines, segments, k)) if pattern and pattern.rows)


def _others(lines: Lines, others: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the columns of unknown meaning with a few different words, dates left out."""
    plain = [(name, label) for name, label in others.items() if name in lines.cells and not _OF_DATES & set(header_words(label).split())]
    return [(name, label) for name, label in plain if _is_category(lines.cells[name])]


def _is_category(cells: pa.DictionaryArray) -> bool:
    used = cells.indices.unique().drop_null()
    return 2 <= len(used) <= MAX_CATEGORIES and not is_numeric(parse_numbers(cells.dictionary.take(used)))


def _of_column(lines: Lines, segments: np.ndarray, k: int, name: str, label: str) -> Pattern | None:
    labels = lines.labels(name)
    known = (labels.codes >= 0) & (segments >= 0)
    width = len(labels.texts)
    n = _count_orders(lines, segments, known, k)
    by_money = label not in _BY_ORDERS and lines.units is not None and lines.units[known].sum() > 0
    if by_money and lines.units is not None:
        table, totals = _table(segments[known], labels.codes[known], lines.units[known], (k, width)), None
    else:
        orders, codes = np.divmod(np.unique(lines.orders[known].astype(np.int64) * width + labels.codes[known]), width)
        of_order = np.zeros(lines.n_orders, np.int64)
        of_order[lines.orders[known]] = segments[known]
        table, totals = _table(of_order[orders], codes, None, (k, width)), n.astype(np.float64)
    if (table.sum(axis=0) > 0).sum() < 2:
        return None
    rows = _rows(table, totals, _largest(table, labels))
    if rows[0].overall >= _NEARLY_ALL:
        return None
    return Pattern(name, label, "revenue" if by_money else "orders", "share", _whole(n), rows, int((table.sum(axis=0) > 0).sum()))


def _largest(table: np.ndarray, labels: Labels) -> list[tuple[int, str]]:
    """Return the places and names of the columns with the largest sums, of equal ones the first by name."""
    sums = table.sum(axis=0)
    least = np.sort(sums)[-MOST_VALUES:][0]
    rivals = np.flatnonzero((sums > 0) & (sums >= least)).tolist()
    chosen = sorted(rivals, key=lambda code: (-sums[code], labels.texts[code]))[:MOST_VALUES]
    return [(code, labels.texts[code]) for code in chosen]


def _rows(table: np.ndarray, totals: np.ndarray | None, chosen: Sequence[tuple[int, str]]) -> tuple[PatternRow, ...]:
    """Turn sums into shares of ``totals``, of the sums of the rows where there are none."""
    totals = table.sum(axis=1) if totals is None else totals
    return tuple(_row(name, table[:, place], totals) for place, name in chosen)


def _row(name: str, sums: np.ndarray, totals: np.ndarray) -> PatternRow:
    """Return the figures ``sums / totals`` of the segments and of all of them together."""
    overall = float(sums.sum() / totals.sum()) if totals.sum() > 0 else 0.0
    values = [float(own / total) if total > 0 else None for own, total in zip(sums, totals, strict=True)]
    indexes = [100 * value / overall if value is not None and overall > 0 else None for value in values]
    return PatternRow(name, overall, tuple(values), tuple(indexes))


def _pieces(source: Source, places: np.ndarray, k: int) -> np.ndarray | None:
    """Return the pieces that each segment bought; None where they are not known of the very orders that count."""
    frame, lines = source.population.catalogue.frame, source.lines
    if lines is None or "items_total" not in frame or "frequency_orders" not in frame:
        return None
    orders = np.bincount(lines.order_customers[np.unique(lines.orders)], minlength=lines.n_customers)
    if not np.array_equal(orders[places > 0], frame["frequency_orders"].to_numpy(np.float64)[places > 0]):
        return None  # some of their purchases are filtered away, and pieces are known of all of them only
    pieces = np.nan_to_num(frame["items_total"].to_numpy(np.float64))
    return np.bincount(places[places > 0] - 1, pieces[places > 0], minlength=k)


def _basket(lines: Lines, segments: np.ndarray, k: int, pieces: np.ndarray | None) -> Pattern:
    """Compare what one order is worth, how many pieces are in it where that is known, and how many lines it has."""
    known = segments >= 0
    n = _count_orders(lines, segments, known, k).astype(np.float64)
    rows = [_row("lines", np.bincount(segments[known], minlength=k), n)]
    if pieces is not None:
        rows.insert(0, _row("pieces", pieces, n))
    if lines.units is not None:
        money = np.bincount(segments[known], lines.units[known], minlength=k) / 10**lines.scale
        rows.insert(0, _row("value", money, n))
    return Pattern(None, "basket", "one order", "number", _whole(n), tuple(rows), len(rows))


def _season(lines: Lines, segments: np.ndarray, k: int) -> Pattern | None:
    """Compare the quarters of the last full years; None below one year."""
    known = segments >= 0
    if lines.seconds is None or not known.any():
        return None
    days = lines.seconds.astype("datetime64[s]").astype("datetime64[D]")
    start, end = (days.min() - _FEW_DAYS).astype("datetime64[M]") + 1, (days.max() + _FEW_DAYS + 1).astype("datetime64[M]")
    years = int((end - start).astype(np.int64)) // 12
    if years < 1:
        return None
    months = days.astype("datetime64[M]")
    inside = known & (months >= end - 12 * years) & (months < end)
    quarter = months[inside].astype(np.int64) % 12 // 3
    by_money = lines.units is not None and lines.units[inside].sum() > 0
    table = _table(segments[inside], quarter, lines.units[inside] if by_money and lines.units is not None else None, (k, 4))
    rows = _rows(table, None, list(enumerate(_QUARTERS)))
    period = (str(end - 12 * years), str(end - 1))
    n = _whole(_count_orders(lines, segments, inside, k))
    return Pattern(None, "season", "revenue" if by_money else "orders", "share", n, rows, 4, period)


def _patterns_of_list(catalogue: CustomerCatalogue, places: np.ndarray, k: int) -> tuple[Pattern, ...]:
    n = np.bincount(places[places > 0] - 1, minlength=k)
    found = []
    for parts in find_parts(catalogue):
        is_spend = parts.total == "monetary_total"
        values = catalogue.frame[list(parts.columns)].to_numpy(np.float64)
        table = np.array([np.nansum(values[places == place], axis=0) for place in range(1, k + 1)])
        rows = _rows(table, None, list(enumerate(parts.names)))
        label = "spend_on" if is_spend else "bought_where"
        found.append(Pattern(None, label, "spend" if is_spend else "orders", "share", _whole(n), rows, len(rows)))
    return (*found, *_campaigns(catalogue, places, k))


def _campaigns(catalogue: CustomerCatalogue, places: np.ndarray, k: int) -> list[Pattern]:
    """Compare who accepted any campaign, and each: columns of 0 and 1 called so."""
    labels = {column.name: column.label for column in catalogue.numbers() if _is_campaign(column.role, column.label)}
    frame = {name: catalogue.frame[name].to_numpy(np.float64) for name in labels}
    flags = {name: values for name, values in frame.items() if np.isin(values[np.isfinite(values)], (0, 1)).all()}
    if not flags:
        return []
    rows, n = [], np.bincount(places[places > 0] - 1, minlength=k)
    for name, values in flags.items():
        known = np.isfinite(values) & (places > 0)
        accepted = np.bincount(places[known] - 1, values[known], minlength=k)
        rows.append(_row(labels[name], accepted, np.bincount(places[known] - 1, minlength=k).astype(np.float64)))
    rows = [row for row in rows if row.overall > 0]
    rows.sort(key=lambda row: (row.name != labels.get("accepted_any"), -row.overall))
    return [Pattern(None, "campaigns", "customers", "share", _whole(n), tuple(rows), len(rows))] if rows else []


def _is_campaign(role: str | None, label: str) -> bool:
    return role == "accepted_any" or (role is None and bool(_CAMPAIGN.search(header_words(label))))


def _count_orders(lines: Lines, segments: np.ndarray, known: np.ndarray, k: int) -> np.ndarray:
    """Count the orders of each segment that have a line among the known ones; an order is of one customer, so of one segment."""
    of_order = np.full(lines.n_orders, -1, np.int64)
    of_order[lines.orders[known]] = segments[known]
    return np.bincount(of_order[of_order >= 0], minlength=k)


def _table(rows: np.ndarray, columns: np.ndarray, weights: np.ndarray | None, shape: tuple[int, int]) -> np.ndarray:
    k, width = shape
    return np.bincount(rows * width + columns, weights, minlength=k * width).reshape(k, width).astype(np.float64)


def _whole(counts: np.ndarray) -> tuple[int, ...]:
    return tuple(int(count) for count in counts)
