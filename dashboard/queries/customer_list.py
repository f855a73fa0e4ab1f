"""The customers of a dataset as a list to be searched and sorted: whole columns in memory, and orders worked out once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Generic, Literal, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.auth.personal import are_personal, is_personal
from dashboard.context import Context
from dashboard.queries.filtering import Field, list_fields
from dashboard.queries.sources import load_source
from database.datasets import Dataset
from segmentation.intake.columns import ROLE_BY_NAME
from segmentation.intake.dates import parse_dates
from segmentation.intake.parsing import OK
from segmentation.measures.catalogue import CustomerColumn
from segmentation.measures.customers import SECONDS_PER_DAY
from segmentation.measures.filters import SEGMENT
from segmentation.measures.selection import Source

ID, FIRST_ORDER, LAST_ORDER = "@id", "@first_order", "@last_order"
Kind = Literal["id", "segment", "number", "money", "text", "day"]
_MOST_LISTS, _MOST_ORDERS = 2, 8
_ACCENTS = r"[\x{300}-\x{36f}]"
_Value = TypeVar("_Value")


class _Once(Generic[_Value]):
    """A value that is made when it is first asked for; whoever asks meanwhile waits for it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._values: list[_Value] = []

    def get(self, make: Callable[[], _Value]) -> _Value:
        """Return the value."""
        with self._lock:
            if not self._values:
                self._values.append(make())
            return self._values[0]


class Kept(Generic[_Value]):
    """The values asked for last, so many of them; each is made by one thread at a time, and nobody waits for another one."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, Lock()
        self._values: OrderedDict[Any, _Once[_Value]] = OrderedDict()

    def find(self, key: Any, make: Callable[[], _Value]) -> _Value:
        """Return what is kept under a key, else what is made now."""
        with self._lock:
            value = self._values.setdefault(key, _Once())
            self._values.move_to_end(key)
            while len(self._values) > self._most:
                self._values.popitem(last=False)
        return value.get(make)


@dataclass(frozen=True)
class ListColumn:
    """A column of the list: its name in addresses, its words, how it is shown.

    Also whether it says who somebody is, whether all its numbers are whole, and whether nobody has a value in it.
    """

    name: str
    label: str
    kind: Kind
    unit: str | None = None
    is_personal: bool = False
    is_whole: bool = False
    is_empty: bool = False


@dataclass(frozen=True)
class Texts:
    """A column of texts as ``codes`` (n,), -1 where there is none, into its different texts, ``plain``: as ``make_plain`` leaves them."""

    codes: np.ndarray
    plain: pa.Array

    def holds(self, words: str) -> np.ndarray:
        """Tell whose text holds the words, which are plain."""
        found = np.append(np.asarray(pc.match_substring(self.plain, words)), False)
        return np.asarray(found[self.codes])

    def ranks(self) -> np.ndarray:
        """Return where each stands in the alphabet, NaN where there is no text."""
        ranks = pc.rank(self.plain, tiebreaker="dense").to_numpy(zero_copy_only=False).astype(np.float64)
        return np.asarray(np.append(ranks, np.nan)[self.codes])


def make_plain(texts: Any) -> Any:
    """Return texts in small letters without accents: whoever looks for muller means Müller too, and Élise stands before Zoë."""
    return pc.replace_substring_regex(pc.utf8_normalize(pc.utf8_lower(texts), form="NFD"), _ACCENTS, "")


class CustomerList:
    """The customers of one dataset. Everything in it is derived and may be shared between requests."""

    def __init__(self, dataset: Dataset, source: Source) -> None:
        self.source = source
        self._dataset = dataset
        self._frame = source.population.catalogue.frame
        self._date_order = dataset.facts.details["report"]["dialect"]["date_order"] if dataset.facts else None
        id_header = next((spec.header for spec in dataset.columns["customers"] if spec.name == "customer_id"), None)
        self.columns = {column.name: column for column in _columns(source, are_personal(source.population.ids, id_header))}
        self._texts: Kept[Texts] = Kept(64)
        self._numbers: Kept[np.ndarray] = Kept(16)
        self._orders: Kept[np.ndarray] = Kept(_MOST_ORDERS)
        self._by_id: Kept[np.ndarray] = Kept(1)
        self._fields: Kept[Sequence[Field]] = Kept(1)
        self.answers: Kept[Any] = Kept(2 * _MOST_ORDERS)

    @property
    def n_customers(self) -> int:
        """How many there are."""
        return self.source.population.n_customers

    @property
    def ids(self) -> np.ndarray:
        """The ids, sorted."""
        return self.source.population.ids

    def of_run(self, context: Context, run_id: str | None) -> Source:
        """Return the source with the segments of a run, which the overview shares."""
        return self.source if run_id is None else load_source(context, self._dataset, run_id)

    def fields(self) -> Sequence[Field]:
        """Return what can be filtered by, apart from segments."""
        return self._fields.find("fields", lambda: list_fields(self.source))

    def texts(self, name: str) -> Texts:
        """Return a column of texts (or the ids) to be searched."""
        return self._texts.find(name, lambda: self._read_texts(name))

    def numbers(self, name: str) -> np.ndarray:
        """Return a column of numbers, or of days since 1970, as float64 with NaN where there is none."""
        if self.columns[name].kind != "day":
            return self._frame[name].to_numpy(np.float64)
        return self._numbers.find(name, lambda: self._read_days(name))

    def order(self, name: str, is_down: bool, segments: tuple[str, np.ndarray] | None = None) -> np.ndarray:
        """Return the places of all customers by a column: ties by id, those without a value last. ``segments``: run and rank of each."""
        by_id = self._by_id.find(ID, lambda: _order_of_ids(self.ids))
        if name == ID:
            return by_id[::-1] if is_down else by_id
        if name == SEGMENT:
            run_id, ranks = segments or ("", np.full(self.n_customers, np.nan))
            return self._orders.find((name, is_down, run_id), lambda: _argsort(ranks, is_down, by_id))
        return self._orders.find((name, is_down), lambda: _argsort(self._ranks(name), is_down, by_id))

    def values(self, name: str, places: np.ndarray) -> list[Any]:
        """Return the cells of some customers: texts, numbers, days as ISO texts; None where there is none."""
        column = self.columns[name]
        if column.kind == "id":
            return list(self.ids[places])
        if column.kind == "text":
            texts = self._frame[name].iloc[places]
            return [None if pd.isna(text) else str(text) for text in texts]
        numbers = self.numbers(name)[places]
        if column.kind == "day":
            return [str(np.datetime64(int(day), "D")) if np.isfinite(day) else None for day in numbers]
        return [float(number) if np.isfinite(number) else None for number in numbers]

    def _ranks(self, name: str) -> np.ndarray:
        return self.texts(name).ranks() if self.columns[name].kind == "text" else self.numbers(name)

    def _read_texts(self, name: str) -> Texts:
        if name == ID:
            return Texts(np.arange(self.n_customers), make_plain(pa.array(self.ids, pa.string())))
        codes, different = self._different(name)
        return Texts(codes, make_plain(different))

    def _different(self, name: str) -> tuple[np.ndarray, pa.Array]:
        cells = pa.chunked_array([pa.array(self._frame[name].to_numpy(object), pa.string(), from_pandas=True)]).combine_chunks()
        encoded = cells.dictionary_encode()
        return encoded.indices.fill_null(-1).to_numpy(), encoded.dictionary

    def _read_days(self, name: str) -> np.ndarray:
        if name in (FIRST_ORDER, LAST_ORDER):
            return _order_days(self.source, name)
        codes, different = self._different(name)
        parsed = parse_dates(different, self._date_order)
        days = np.where(parsed.state == OK, parsed.seconds // SECONDS_PER_DAY, np.nan)
        return np.asarray(np.append(days, np.nan)[codes])


_lists: Kept[CustomerList] = Kept(_MOST_LISTS)


def load_list(context: Context, dataset: Dataset) -> CustomerList:
    """Return the customers of a published dataset."""
    key = (str(context.snapshots), dataset.id, dataset.erasure_epoch)
    return _lists.find(key, lambda: CustomerList(dataset, load_source(context, dataset)))


def _columns(source: Source, has_personal_ids: bool) -> Sequence[ListColumn]:
    found = [ListColumn(ID, "customer", "id", None, has_personal_ids), ListColumn(SEGMENT, "segment", "segment")]
    if source.lines is not None and source.lines.seconds is not None:
        found += [ListColumn(FIRST_ORDER, "first order", "day"), ListColumn(LAST_ORDER, "last order", "day")]
    return found + [_column(column, source) for column in source.population.catalogue.columns]


def _column(column: CustomerColumn, source: Source) -> ListColumn:
    cells = source.population.catalogue.frame[column.name]
    if column.kind == "number":
        values = cells.to_numpy(np.float64)
        known = values[np.isfinite(values)]
        kind: Kind = "money" if column.unit == "money" else "number"
        return ListColumn(column.name, column.label, kind, column.unit, is_personal(column), not np.any(known % 1), not known.size)
    role = ROLE_BY_NAME.get(column.role or "")
    kind = "day" if role and role.type == "date" else "text"
    return ListColumn(column.name, column.label, kind, None, is_personal(column), is_empty=not cells.notna().any())


def _order_of_ids(ids: np.ndarray) -> np.ndarray:
    """Return the places by id: 9 before 10 where all are numbers, else as texts, which is how they are kept."""
    texts = pa.array(ids, pa.string())
    if not pc.all(pc.match_substring_regex(texts, "^[0-9]{1,18}$")).as_py():
        return np.arange(ids.size, dtype=np.int32)
    return np.argsort(texts.cast(pa.int64()).to_numpy(), kind="stable").astype(np.int32)


def _argsort(values: np.ndarray, is_down: bool, by_id: np.ndarray) -> np.ndarray:
    return by_id[np.argsort((-values if is_down else values)[by_id], kind="stable")]


def _order_days(source: Source, name: str) -> np.ndarray:
    lines = source.lines
    if lines is None or lines.seconds is None:
        raise ValueError("only a log with dates has days of orders")
    days = np.full(lines.n_customers, np.nan)
    of_lines = (lines.seconds // SECONDS_PER_DAY).astype(np.float64)
    (np.fmin if name == FIRST_ORDER else np.fmax).at(days, lines.customers, of_lines)
    return days


def segment_ranks(ids: np.ndarray, order: Mapping[int, int]) -> np.ndarray:
    """Return the place of each customer's segment, NaN where there is none."""
    ranks = np.full(max([0, *order]) + 1, np.nan)
    for segment_id, place in order.items():
        ranks[segment_id] = place
    ranks[0] = np.nan
    return np.asarray(ranks[np.minimum(ids, ranks.size - 1)])
