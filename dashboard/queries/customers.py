"""Which customers a list shows: what a filter and a search leave of them, sorted, and a page of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from dashboard.context import Context
from dashboard.queries.customer_list import ID, CustomerList, ListColumn, Texts, load_list, make_plain, segment_ranks
from dashboard.queries.filtering import Field, refuse_personal, tells_who
from dashboard.queries.moved import Moved, who_moved
from dashboard.queries.segments import ShownSegment, load_segments
from database.datasets import Dataset
from database.runs import Run
from segmentation.errors import InvalidInputError
from segmentation.measures.filters import EVERYBODY, FIRST_MONTH, SEGMENT, CustomerFilter, write_filter
from segmentation.measures.selection import Source, select

LONGEST_SEARCH = 200
_MOST_WORDS = 8
"""Of a search that are looked for one by one, each in every text of every customer."""


@dataclass(frozen=True)
class Wanted:
    """What is asked of a list (``moved``: only those who moved since the run before), and whether by somebody who may see who they are."""

    chosen: CustomerFilter = EVERYBODY
    search: str = ""
    sort: str = ID
    is_down: bool = False
    sees_personal: bool = False
    moved: Moved | None = None


@dataclass(frozen=True)
class Found:
    """Who was found: ``places`` (n,) among all customers, in the order wanted; their money, None where the data have none."""

    customers: CustomerList
    places: np.ndarray
    revenue: float | None
    revenue_of_all: float | None
    segments: Sequence[ShownSegment]
    segment_ids: np.ndarray | None
    has_lines_filter: bool

    @property
    def n(self) -> int:
        """How many were found."""
        return int(self.places.size)


@dataclass(frozen=True)
class _Left:
    """What a filter and a search leave: ``mask`` (n,) of customers, and their money."""

    mask: np.ndarray
    revenue: float | None


def read_sort(text: str) -> tuple[str, bool]:
    """Read how to sort: the name of a column, with a minus before it for the largest first."""
    return (text[1:], True) if text.startswith("-") else (text or ID, False)


def find_customers(context: Context, dataset: Dataset, run: Run | None, wanted: Wanted) -> Found:
    """Return who is wanted, in the order wanted.

    Raises
    ------
    InvalidInputError
        ``unknown_sort_column``, ``search_too_long``, or what is wrong with the filter.
    ForbiddenError
        ``personal_column``: sorting or filtering by it would tell who somebody is.
    """
    customers = load_list(context, dataset)
    segments = load_segments(context, dataset, run).segments if run else ()
    run_id = run.id if run else None
    _check(customers, wanted, has_segments=run is not None)
    source = customers.of_run(context, run_id)
    needs_run = run_id if wanted.moved or SEGMENT in (*wanted.chosen.columns, wanted.sort) else None
    key = (write_filter(wanted.chosen), needs_run, wanted.search, wanted.moved, wanted.sees_personal)
    left: _Left = customers.answers.find(key, lambda: _leave(customers, source, wanted, _moved(context, customers, run_id, wanted)))
    everybody: _Left = customers.answers.find("everybody", lambda: _leave(customers, customers.source, Wanted(), None))
    order = (key, wanted.sort, wanted.is_down)
    places = customers.answers.find(order, lambda: _in_order(customers, source, wanted, left.mask, (run_id or "", segments)))
    of_lines = any((name not in customers.columns or name in source.varying) and name != FIRST_MONTH for name in wanted.chosen.columns)
    return Found(customers, places, left.revenue, everybody.revenue, segments, source.segment_ids, of_lines)


def match_customers(context: Context, dataset: Dataset, run_id: str | None, wanted: Wanted) -> tuple[CustomerList, np.ndarray]:
    """Return the list and who of it is wanted, as a mask."""
    customers = load_list(context, dataset)
    _check(customers, wanted, has_segments=run_id is not None)
    return customers, _leave(customers, customers.of_run(context, run_id), wanted, _moved(context, customers, run_id, wanted)).mask


def read_rows(found: Found, places: np.ndarray, columns: Sequence[ListColumn], sees_personal: bool) -> list[list[Any]]:
    """Return the cells of some customers, a list for each: the segment by its id, None where there is nothing or nothing to be seen."""
    read_columns = [_cells(found, places, column, sees_personal) for column in columns]
    return [list(row) for row in zip(*read_columns, strict=True)] if read_columns else [[] for _ in places]


def _cells(found: Found, places: np.ndarray, column: ListColumn, sees_personal: bool) -> list[Any]:
    if column.is_personal and not sees_personal:
        return [None] * int(places.size)
    if column.kind == "segment":
        ids = np.zeros(places.size, np.int64) if found.segment_ids is None else found.segment_ids[places]
        return [int(number) or None for number in ids]
    return found.customers.values(column.name, places)


def _check(customers: CustomerList, wanted: Wanted, has_segments: bool) -> None:
    column = customers.columns.get(wanted.sort)
    if column is None or (column.kind == "segment" and not has_segments):
        raise InvalidInputError(
            "unknown_sort_column", f'These customers cannot be sorted by "{wanted.sort[:60]}".', fix="Sort by another column."
        )
    if len(wanted.search) > LONGEST_SEARCH:
        raise InvalidInputError("search_too_long", f"A search takes up to {LONGEST_SEARCH} letters.", fix="Search for less.")
    if wanted.sees_personal:
        return
    refuse_personal(customers.source, [*wanted.chosen.columns, column.name])


def list_open_fields(customers: CustomerList, sees_personal: bool) -> list[Field]:
    """Return what a list can be filtered by: without the right to see personal data nothing that tells who somebody is."""
    return [field for field in customers.fields() if sees_personal or not tells_who(customers.source, field.column)]


def _moved(context: Context, customers: CustomerList, run_id: str | None, wanted: Wanted) -> np.ndarray | None:
    if wanted.moved is None:
        return None
    if run_id is None:
        raise InvalidInputError("no_segments", "These customers have no segments, so nobody moved.", fix="Take the filter off.")
    return who_moved(context, run_id, wanted.moved, customers.ids)


def _leave(customers: CustomerList, source: Source, wanted: Wanted, moved: np.ndarray | None) -> _Left:
    selection = select(source, wanted.chosen)
    mask = selection.customers if moved is None else selection.customers & moved
    if words := wanted.search.strip():
        mask = mask & _search(customers, words, wanted.sees_personal)
    return _Left(mask, _revenue(source, mask, selection.lines))


def list_searched(customers: CustomerList, sees_personal: bool) -> list[ListColumn]:
    """Return the columns that a search looks into: the ids and every text, of what may be seen."""
    texts = [column for column in customers.columns.values() if column.kind in ("id", "text") and not column.is_empty]
    return [column for column in texts if sees_personal or not column.is_personal]


def _search(customers: CustomerList, words: str, sees_personal: bool) -> np.ndarray:
    """Tell in whose cells the words stand as they are; where in nobody's, in whose cells each of them stands: first and last name."""
    texts = [customers.texts(column.name) for column in list_searched(customers, sees_personal)]
    plain = make_plain(pa.scalar(words)).as_py()
    found, parts = _hold(texts, plain), set(plain.split())
    if found.any() or not 1 < len(parts) <= _MOST_WORDS:
        return found
    return np.asarray(np.logical_and.reduce([_hold(texts, part) for part in parts]))


def _hold(texts: Sequence[Texts], words: str) -> np.ndarray:
    return np.asarray(np.logical_or.reduce([text.holds(words) for text in texts]))


def _revenue(source: Source, mask: np.ndarray, lines: np.ndarray | None) -> float | None:
    """Return the money of some customers: of a log, of their lines that are left."""
    if source.lines is not None:
        if source.lines.units is None:
            return None
        units = source.lines.units if lines is None else source.lines.units[lines & mask[source.lines.customers]]
        return float(source.lines.as_money(int(units.sum(dtype=np.int64))))
    if source.money is not None:
        return int(source.money.units[mask].sum(dtype=np.int64)) / float(10**source.money.scale)
    frame = source.population.catalogue.frame
    return float(np.nansum(frame["monetary_total"].to_numpy(np.float64)[mask])) if "monetary_total" in frame else None


def _in_order(
    customers: CustomerList, source: Source, wanted: Wanted, mask: np.ndarray, run: tuple[str, Sequence[ShownSegment]]
) -> np.ndarray:
    ranks = None
    if wanted.sort == SEGMENT and source.segment_ids is not None:
        run_id, segments = run
        ranks = (run_id, segment_ranks(source.segment_ids, {each.segment_id: place for place, each in enumerate(segments)}))
    order = customers.order(wanted.sort, wanted.is_down, ranks)
    return order[mask[order]]
