"""What a filter leaves of each segment: its customers, its money, how it compares, how it buys, and who of it is at risk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from dashboard.context import Context
from dashboard.exports.report import plain_json
from dashboard.queries.sources import load_source
from database.datasets import Dataset
from database.engine import read
from database.runs import Run, list_segments
from segmentation.measures.at_risk import find_risk_limits
from segmentation.measures.catalogue import CustomerCatalogue
from segmentation.measures.filters import FIRST_MONTH, SEGMENT, CustomerFilter, write_filter
from segmentation.measures.segment_habits import find_segment_habits
from segmentation.measures.segment_patterns import find_patterns
from segmentation.measures.selection import Source, narrow
from segmentation.portraits.comparison import box_of, compare_segments
from segmentation.portraits.profiles import ProfileColumn, profile_segments
from segmentation.portraits.traits import numbers_of

_VERSION = 3
"""Counted up whenever the same data give another answer."""


def load_left(context: Context, dataset: Dataset, run: Run, chosen: CustomerFilter) -> dict[str, Any]:
    """Return what a filter leaves, a value a segment in the order of the run; kept in the cache once it was worked out."""
    chosen = chosen.without((SEGMENT,))  # the segments stand side by side: the page ignores the choice of one
    key = f"segments-left:{_VERSION}:{run.id}:{dataset.erasure_epoch}:{write_filter(chosen)}"
    known = context.cache.find(key)
    if known is None:
        with read(context.engine) as conn:
            ids = [segment.segment_id for segment in list_segments(conn, run.id)]
        known = plain_json(_describe(load_source(context, dataset, run.id), ids, run, chosen))
        context.cache.keep(key, known)
    return dict(known)


def load_distribution(context: Context, dataset: Dataset, run: Run, chosen: CustomerFilter, column: str) -> dict[str, Any] | None:
    """Return the spread of a number column in each segment, None where there is no such column."""
    with read(context.engine) as conn:
        ids = [segment.segment_id for segment in list_segments(conn, run.id)]
    source = narrow(load_source(context, dataset, run.id), chosen.without((SEGMENT,)))
    found = next((each for each in source.population.catalogue.numbers() if each.name == column), None)
    if found is None:
        return None
    places, values = _places(source, ids), numbers_of(source.population.catalogue.frame, column)
    boxes = [asdict(box_of(values[places == place])) for place in range(1, len(ids) + 1)]
    return dict(plain_json({"name": found.name, "label": found.label, "role": found.role, "unit": found.unit, "boxes": boxes}))


def list_number_columns(context: Context, dataset: Dataset) -> Sequence[tuple[str, str, str | None]]:
    """Return name, label and role of the columns whose spread can be shown."""
    catalogue = load_source(context, dataset).population.catalogue
    return [(each.name, each.label, each.role) for each in catalogue.numbers() if catalogue.frame[each.name].nunique() > 2]


def _places(source: Source, ids: Sequence[int]) -> np.ndarray:
    """Return the place (1..k) of each customer's segment, 0 without one."""
    if source.segment_ids is None:
        raise ValueError("a source without segments")
    place_of = np.zeros(max(ids, default=0) + 1, np.int64)
    place_of[list(ids)] = np.arange(1, len(ids) + 1)
    return place_of[source.segment_ids]


def _describe(whole: Source, ids: Sequence[int], run: Run, chosen: CustomerFilter) -> dict[str, Any]:
    source, k = narrow(whole, chosen), len(ids)
    places, before = _places(source, ids), _places(whole, ids)
    return {
        "n_all": int((before > 0).sum()),
        "revenue_all": _revenue(whole, before > 0),
        "sizes": np.bincount(places, minlength=k + 1)[1:],
        "revenue": None if source.money is None else [_revenue(source, places == place) for place in range(1, k + 1)],
        "is_by_purchases": any(column not in (*whole.catalogue.frame, FIRST_MONTH) for column in chosen.columns),
        "comparison": _compare(source.population.catalogue, places, k, run) if chosen and (places > 0).any() else None,
        "habits": _habits(source, places, k) if chosen else None,
        "patterns": [asdict(pattern) for pattern in find_patterns(source, places, k)],
        "at_risk": _at_risk(whole, source, places, k),
    }


def _revenue(source: Source, chosen: np.ndarray) -> float | None:
    return None if source.money is None else int(source.money.units[chosen].sum()) / 10**source.money.scale


def _compare(catalogue: CustomerCatalogue, places: np.ndarray, k: int, run: Run) -> dict[str, Any]:
    """Return the index table of those left; a segment of which nobody is left has figures of nobody."""
    columns = [ProfileColumn(each.name, each.label, each.kind, each.role, each.unit) for each in catalogue.columns if each.kind != "text"]
    features = (run.report or {}).get("run", {}).get("features", [])
    profiles = profile_segments(catalogue.frame, places, columns, features, None)
    comparison: dict[str, Any] = asdict(compare_segments(profiles))
    at = {profile.segment_id: position for position, profile in enumerate(profiles)}
    for row in comparison["numbers"]:
        row["segments"] = _spread(row["segments"], at, k, {"n": 0, "mean": None, "index": None})
    for row in comparison["categories"]:
        row["n"] = _spread(row["n"], at, k, 0)
        for share in row["top"]:
            share["shares"], share["indexes"] = (_spread(share[name], at, k, None) for name in ("shares", "indexes"))
    return comparison


def _spread(values: Sequence[Any], at: Mapping[int, int], k: int, nobody: Any) -> list[Any]:
    return [values[at[place]] if place in at else nobody for place in range(1, k + 1)]


def _habits(source: Source, places: np.ndarray, k: int) -> dict[str, Any] | None:
    if source.lines is None:
        return None
    has_category = "category" in source.lines.cells
    goods = "category" if has_category else source.product_names or ("product" if "product" in source.lines.cells else None)
    habits = find_segment_habits(source.lines, places, goods, k)
    return {**asdict(habits), "goods": "category" if has_category else "product" if goods else None} if habits else None


def _at_risk(whole: Source, source: Source, places: np.ndarray, k: int) -> dict[str, Any] | None:
    """Count who is at risk by the limits of all customers, so that a filter does not move them."""
    limits = find_risk_limits(whole.population.catalogue)
    if limits is None:
        return None
    frame = source.population.catalogue.frame
    is_at_risk = (frame["monetary_total"] >= limits.money_from) & (frame["recency_days"] >= limits.days_from)
    chosen = is_at_risk.to_numpy(bool) & (places > 0)
    return {
        **asdict(limits),
        "filter": write_filter(limits.as_filter()),
        "n": int(chosen.sum()),
        "money": float(frame["monetary_total"].to_numpy(np.float64)[chosen].sum()),
        "segments": np.bincount(places[chosen], minlength=k + 1)[1:],
    }
