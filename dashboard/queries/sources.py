"""What overviews and tables of customers are drawn from: a dataset as whole columns, which each process keeps for the next question."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from threading import Lock

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.context import Context
from dashboard.versions.reading import StoredCustomers, load_customers
from database.datasets import Dataset
from database.engine import read
from database.runs import load_assignments
from database.snapshots import load_snapshot
from segmentation.intake.columns import ROLE_BY_NAME
from segmentation.intake.mapping import header_words
from segmentation.measures.indexed import Index, IndexedLook
from segmentation.measures.lines import Lines, read_lines
from segmentation.measures.selection import Source, find_varying

_MOST = 3
_MOST_LINES = 12_000_000
"""A line with four columns of texts takes some 50 bytes, and half as many again when it is made ready for counting."""
_MOST_RUNS = 4
_OF_CODES = frozenset({"sku", "asin", "ean", "gtin", "isbn", "upc", "plu", "id", "code", "no", "number", "nr", "ref", "reference"})


class _Kept:
    """A dataset in memory; whoever comes while it is being loaded waits at its own lock, and not at that of all."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._source: Source | None = None
        self._index: Index | None = None
        self._segments: OrderedDict[str, np.ndarray] = OrderedDict()

    @property
    def n_lines(self) -> int:
        """Lines of a log."""
        return self._source.lines.customers.size if self._source and self._source.lines else 0

    def source(self, context: Context, dataset: Dataset) -> Source:
        """Return the dataset as whole columns."""
        with self._lock:
            self._source = self._source or _read(context, dataset.id)
            return self._source

    def index(self, context: Context, dataset: Dataset) -> Index:
        """Return the dataset made ready for counting."""
        source = self.source(context, dataset)
        with self._lock:
            self._index = self._index or Index(source)
            return self._index

    def segments(self, context: Context, dataset: Dataset, run_id: str) -> np.ndarray:
        """Return the segment of each customer in a run, 0 where not segmented; a run never changes."""
        ids = self.source(context, dataset).population.ids
        with self._lock:
            if run_id not in self._segments:
                self._segments[run_id] = load_segment_ids(context, run_id, ids)
            self._segments.move_to_end(run_id)
            while len(self._segments) > _MOST_RUNS:
                self._segments.popitem(last=False)
            return self._segments[run_id]


_kept: OrderedDict[tuple[str, str, int], _Kept] = OrderedDict()
_lock = Lock()


def load_source(context: Context, dataset: Dataset, run_id: str | None = None) -> Source:
    """Return a published dataset as whole columns, with the segments of a run where one is named. Nothing in it may be changed."""
    kept = _keep(context, dataset)
    source = kept.source(context, dataset)
    return source if run_id is None else replace(source, segment_ids=kept.segments(context, dataset, run_id))


def load_index(context: Context, dataset: Dataset) -> Index:
    """Return a published dataset made ready for counting."""
    return _keep(context, dataset).index(context, dataset)


def load_look(context: Context, dataset: Dataset, run_id: str | None = None) -> IndexedLook:
    """Return the way to count what filters leave of a published dataset, with the segments of a run where one is named."""
    kept = _keep(context, dataset)
    return IndexedLook(kept.index(context, dataset), None if run_id is None else kept.segments(context, dataset, run_id))


def _keep(context: Context, dataset: Dataset) -> _Kept:
    """Return the place of a dataset, and forget those that nobody has asked for longest."""
    key = (str(context.snapshots), dataset.id, dataset.erasure_epoch)
    with _lock:
        kept = _kept.setdefault(key, _Kept())
        _kept.move_to_end(key)
        while len(_kept) > _MOST or (len(_kept) > 1 and sum(each.n_lines for each in _kept.values()) > _MOST_LINES):
            _kept.popitem(last=False)
    return kept


def load_segment_ids(context: Context, run_id: str, ids: np.ndarray) -> np.ndarray:
    """Return the segment of each customer, 0 where not segmented."""
    with read(context.engine) as conn:
        assignments = load_assignments(conn, run_id)
    known = assignments.column("customer_id").combine_chunks().cast(pa.string())
    places = pc.index_in(pa.array(ids, pa.string()), value_set=known)
    segments = assignments.column("segment_id").combine_chunks().cast(pa.int64()).take(places)
    return np.asarray(segments.fill_null(0).to_numpy(zero_copy_only=False))


def _read(context: Context, dataset_id: str) -> Source:
    stored = load_customers(context, dataset_id)
    money = stored.money("monetary_total")
    if stored.record.kind == "customers":
        return Source(stored.population(), money)
    names, others = _unmapped(stored)
    population, lines = stored.population(), _load_lines(context, stored)
    return Source(population, money, lines, names, others, varying=find_varying(population, lines))


def _unmapped(stored: StoredCustomers) -> tuple[str | None, dict[str, str]]:
    """Return (the column that names products, the other columns without a role that say something of a line), by name in the store."""
    about_customers = {spec.header for spec in stored.record.columns["customers"]}
    free = [spec for spec in stored.record.columns["transactions"] if spec.role is None and spec.header not in about_customers]
    names = next((spec.name for spec in free if _names_products(spec.header)), None)
    return names, {spec.name: spec.header for spec in free if spec.name != names}


def _names_products(header: str) -> bool:
    """Tell whether a column beside that of products says what they are called; a code beside their names does not."""
    words = header_words(header)
    return words in ROLE_BY_NAME["product"].headers and not _OF_CODES & set(words.split())


def _load_lines(context: Context, stored: StoredCustomers) -> Lines:
    with read(context.engine) as conn:
        rows = load_snapshot(conn, context.snapshots, stored.record, "transactions")
    specs = {spec.name: spec for spec in stored.record.columns["transactions"]}
    has_whole_ratings = "rating" in specs and specs["rating"].type == "integer"
    return read_lines(rows, pa.array(stored.ids, pa.string()), specs["amount"].scale if "amount" in specs else 0, has_whole_ratings)
