"""Two or three things at once: age against spend, and regions by categories by seasons."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from segmentation.measures.catalogue import MAX_CATEGORIES
from segmentation.measures.demographics import AGE_BANDS, Histogram, bin_numbers, is_age
from segmentation.measures.lines import Lines, month_numbers
from segmentation.measures.selection import Source

_AGE_EDGES = (18, 25, 35, 45, 55, 65)
SEASONS = ("Winter", "Spring", "Summer", "Autumn")
_PLACES = ("region", "country", "city")
_GOODS = ("category", "brand")
_MOST_PLACES, _MOST_GOODS = 4, 3


@dataclass(frozen=True)
class AgeSpend:
    """Customers by age band (``AGE_BANDS``) and band of total spend: ``counts`` has one row a band of spend, the lowest first.

    ``spend`` is the bands of spend of all customers; ``n`` those with both known.
    """

    spend: Histogram
    counts: tuple[tuple[int, ...], ...]
    n: int


@dataclass(frozen=True)
class SeasonTable:
    """Money (orders' lines where there is none) of the largest places and goods in each season of the year (northern half).

    Attributes
    ----------
    place, goods : str
        Columns.
    places, kinds : tuple of str
        Their values with the most money in all, the largest first.
    months : tuple of tuple of str
        Of each of ``SEASONS`` its months in the log ("2026-11").
    values : tuple
        ``values[season][place][kind]``, in whole units of 10**-scale, or lines.
    n_lines : int
    has_money : bool
    """

    place: str
    goods: str
    places: tuple[str, ...]
    kinds: tuple[str, ...]
    months: tuple[tuple[str, ...], ...]
    values: tuple[tuple[tuple[int, ...], ...], ...]
    n_lines: int
    has_money: bool

    @property
    def n_cells(self) -> int:
        """Seasons times places times goods."""
        return len(SEASONS) * len(self.places) * len(self.kinds)


@dataclass(frozen=True)
class Crossings:
    """What a dataset has of them, and its orders by value; None where its columns do not allow it.

    ``has_whole_orders`` is False where a filter leaves a part of some orders, by whose value they can then not be chosen.
    """

    orders: Histogram | None = None
    ages: AgeSpend | None = None
    seasons: SeasonTable | None = None
    has_whole_orders: bool = True


def cross_ages(source: Source, left: np.ndarray, known: AgeSpend | None = None) -> AgeSpend | None:
    """Count customers by age and spend.

    Parameters
    ----------
    source : Source
    left : numpy.ndarray of bool, shape (n,)
        The customers that count.
    known : AgeSpend, optional
        The same of all customers, whose bands are kept.

    Returns
    -------
    AgeSpend or None
        None where age or spend is not known or always the same.
    """
    frame = source.population.catalogue.frame
    if not all(name in frame and pd.api.types.is_numeric_dtype(frame[name]) for name in ("age", "monetary_total")):
        return None
    ages, spent = (frame[name].to_numpy(np.float64) for name in ("age", "monetary_total"))
    bands = known.spend if known else bin_numbers("monetary_total", "total spend", "money", spent)
    both = left & is_age(ages) & np.isfinite(spent)
    if bands is None or not (known or both.any()):
        return None
    rows = np.clip(np.searchsorted(bands.edges, spent[both], side="right") - 1, 0, None)
    cells = rows * len(AGE_BANDS) + np.searchsorted(_AGE_EDGES, ages[both], side="right")
    table = np.bincount(cells, minlength=len(bands.edges) * len(AGE_BANDS)).reshape(-1, len(AGE_BANDS))
    return AgeSpend(bands, tuple(tuple(row) for row in table.tolist()), int(both.sum()))


def cross_seasons(source: Source, left: np.ndarray, known: SeasonTable | None = None) -> SeasonTable | None:
    """Sum up the money of places, goods and seasons.

    Parameters
    ----------
    source : Source
        A log with dates, a column of places and one of goods.
    left : numpy.ndarray of bool, shape (m,)
        The lines that count.
    known : SeasonTable, optional
        The same of all lines, whose places and goods are kept.

    Returns
    -------
    SeasonTable or None
        None where one of the three is missing or less than a year is known.
    """
    lines = source.lines
    if lines is None or lines.seconds is None:
        return None
    table = known or _empty_table(source, lines, lines.seconds)
    if table is None:
        return None
    cells = season_cells(source, table)
    counted = left & (cells >= 0)
    values = np.zeros(table.n_cells, np.int64)
    np.add.at(values, cells[counted], lines.units[counted] if lines.units is not None else 1)
    return with_sums(table, values, int(counted.sum()))


def season_cells(source: Source, table: SeasonTable) -> np.ndarray:
    """Return the cell of a table that each line belongs to.

    Parameters
    ----------
    source : Source
        The log that the table is of.
    table : SeasonTable

    Returns
    -------
    numpy.ndarray of int64, shape (m,)
        0 up to ``table.n_cells``, by season, place and goods; -1 for a line of another place or other goods.
    """
    lines = source.lines
    if lines is None or lines.seconds is None:
        raise ValueError("a log without dates")
    places, kinds = (_codes(source, lines, column, texts) for column, texts in ((table.place, table.places), (table.goods, table.kinds)))
    seasons = (month_numbers(lines.seconds) % 12 + 1) // 3 % 4
    cells = (seasons * len(table.places) + places) * len(table.kinds) + kinds
    return np.where((places >= 0) & (kinds >= 0), cells, -1)


def with_sums(table: SeasonTable, values: np.ndarray, n_lines: int) -> SeasonTable:
    """Return a table with other numbers in it.

    Parameters
    ----------
    table : SeasonTable
    values : numpy.ndarray of int64, shape (n_cells,)
    n_lines : int

    Returns
    -------
    SeasonTable
    """
    shape = (len(SEASONS), len(table.places), len(table.kinds))
    summed = tuple(tuple(tuple(row) for row in season) for season in values.reshape(shape).tolist())
    return replace(table, values=summed, n_lines=n_lines)


def _empty_table(source: Source, lines: Lines, seconds: np.ndarray) -> SeasonTable | None:
    place, goods = (_first_known(source, lines, names) for names in (_PLACES, _GOODS))
    months = np.unique(month_numbers(seconds))
    if place is None or goods is None or months.size < 12:
        return None
    names = months.astype("datetime64[M]").astype(str)
    by_season = tuple(tuple(names[(months % 12 + 1) // 3 % 4 == season].tolist()) for season in range(len(SEASONS)))
    places, kinds = (_largest(source, lines, *each) for each in ((place, _MOST_PLACES), (goods, _MOST_GOODS)))
    return SeasonTable(place, goods, places, kinds, by_season, (), 0, lines.units is not None)


def _first_known(source: Source, lines: Lines, names: tuple[str, ...]) -> str | None:
    """Return the first column that has a few different texts."""
    for name in names:
        texts = _texts(source, lines, name)
        if texts is not None and 2 <= len(texts) <= (MAX_CATEGORIES if name != "country" else 250):
            return name
    return None


def _texts(source: Source, lines: Lines, name: str) -> tuple[str, ...] | None:
    frame = source.catalogue.frame
    if name in frame:
        return tuple(sorted(str(text) for text in frame[name].dropna().unique()))
    return tuple(text for text in lines.labels(name).texts if text) if name in lines.cells else None


def _codes(source: Source, lines: Lines, name: str, texts: tuple[str, ...]) -> np.ndarray:
    """Return for each line which of some texts it has, -1 where none."""
    place = {text: number for number, text in enumerate(texts)}
    frame = source.catalogue.frame
    if name in frame:
        of_customers = np.array([place.get(text, -1) for text in frame[name].tolist()], np.int64)
        return np.asarray(of_customers[lines.customers])
    found = lines.labels(name)
    wanted = np.array([*(place.get(text, -1) for text in found.texts), -1], np.int64)
    return np.asarray(wanted[found.codes])


def _largest(source: Source, lines: Lines, name: str, most: int) -> tuple[str, ...]:
    texts = _texts(source, lines, name) or ()
    codes = _codes(source, lines, name, texts)
    sums = lines.sum_units(codes, len(texts)) if lines.units is not None else np.bincount(codes[codes >= 0], minlength=len(texts))
    order = sorted(range(len(texts)), key=lambda number: (-int(sums[number]), texts[number]))
    return tuple(texts[number] for number in order[:most])
