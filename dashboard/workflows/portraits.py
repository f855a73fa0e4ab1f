"""The portrait of a run: everything that the page of its segments shows, computed once, so that the page only reads."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.context import Context
from dashboard.versions.reading import StoredCustomers
from database.datasets import ColumnSpec, Dataset
from database.engine import read
from database.snapshots import load_snapshot
from segmentation.clusters.projection import Projection, project
from segmentation.clusters.trust import RESAMPLES
from segmentation.intake.columns import ROLE_BY_NAME
from segmentation.intake.mapping import header_words
from segmentation.measures.catalogue import Population
from segmentation.measures.features import FeatureMatrix
from segmentation.measures.habits import Lines, find_habits
from segmentation.pipeline import Segmentation
from segmentation.portraits.comparison import box_plots, compare_segments
from segmentation.portraits.directions import say_direction


def build_portrait(context: Context, customers: StoredCustomers, population: Population, segmentation: Segmentation) -> dict[str, Any]:
    """Compute what the page shows beside the report: the index table, box plots, the map, and how segments buy."""
    features, segment_ids = segmentation.features, segmentation.segment_ids
    comparison = compare_segments([segment.profile for segment in segmentation.segments])
    boxes = box_plots(population.catalogue.frame, segment_ids, comparison.numbers, features.names)
    projection = project(features.X, segment_ids[features.rows], segmentation.recipe.seed)
    return {
        "comparison": asdict(comparison),
        "boxes": [asdict(row) for row in boxes],
        "map": _describe_map(projection, features) if projection else None,
        "habits": _describe_habits(context, customers.record, population.ids, segment_ids),
        "revenue": _revenue(population, segment_ids, len(segmentation.segments)),
        "structure": {"level": segmentation.trust.level, "silhouette_cloud": segmentation.trust.silhouette_cloud},
        "repeats": RESAMPLES,
        "left_out": dict(Counter(features.not_segmented.values())),
    }


def _revenue(population: Population, segment_ids: np.ndarray, k: int) -> list[float] | None:
    frame = population.catalogue.frame
    if "monetary_total" not in frame:
        return None
    money = np.nan_to_num(frame["monetary_total"].to_numpy(np.float64))
    return [float(money[segment_ids == segment].sum()) for segment in range(1, k + 1)]


def _describe_map(projection: Projection, features: FeatureMatrix) -> dict[str, Any]:
    columns = _columns_of_matrix(features)
    return {
        "explained": projection.explained,
        "directions": [say_direction(weights, columns) for weights in projection.loadings],
        "loadings": [{"label": label, "weights": projection.loadings[:, place].tolist()} for place, (_, label) in enumerate(columns)],
        "centers": projection.centers.round(3).tolist(),
        "x": projection.points[:, 0].round(2).tolist(),
        "y": projection.points[:, 1].round(2).tolist(),
        "segments": projection.segment_ids.tolist(),
        "n": projection.n,
    }


def _columns_of_matrix(features: FeatureMatrix) -> list[tuple[str | None, str]]:
    """Return role and label of each column of the matrix: a category has one for each of its values."""
    codings = {coding.name: coding for coding in features.codings}
    columns: list[tuple[str | None, str]] = []
    for column in features.columns:
        if column.name in codings:
            columns += [(None, f"{column.label} {category}") for category in codings[column.name].categories]
        else:
            columns.append((column.role, column.label))
    return columns


def _describe_habits(context: Context, dataset: Dataset, ids: np.ndarray, segment_ids: np.ndarray) -> dict[str, Any] | None:
    specs = {spec.role: spec for spec in dataset.columns.get("transactions", ())}
    if "date" not in specs:
        return None
    with read(context.engine) as conn:
        rows = load_snapshot(conn, context.snapshots, dataset, "transactions")
    goods = _goods_column(dataset.columns["transactions"])
    names: list[str] = []
    codes = None
    if goods:
        codes, names = _codes(rows, goods.name)
        codes = np.array([-1 if not name else place for place, name in enumerate(names)] or [-1])[codes]
    habits = find_habits(_lines(rows, specs, ids, codes), segment_ids)
    if habits is None:
        return None
    found = {**asdict(habits), "weekdays": habits.weekdays.tolist(), "months": habits.months.tolist(), "n_orders": habits.n_orders.tolist()}
    found["top_goods"] = [[(names[code], share) for code, share in own] for own in habits.top_goods]
    return {**found, "goods": goods.role if goods else None, "n_goods": len([name for name in names if name])}


def _lines(rows: pa.Table, specs: dict[str | None, ColumnSpec], ids: np.ndarray, goods: np.ndarray | None) -> Lines:
    codes, customers = _codes(rows, specs["customer"].name)
    place = pc.index_in(pa.array(customers, pa.string()), value_set=pa.array(ids, pa.string()))
    money = specs.get("amount")
    return Lines(
        customers=place.to_numpy(zero_copy_only=False)[codes].astype(np.int64),
        seconds=_column(rows, specs["date"].name).cast(pa.timestamp("s")).cast(pa.int64()).to_numpy(zero_copy_only=False),
        orders=_codes(rows, specs["order"].name)[0] if "order" in specs else None,
        money=_column(rows, money.name).fill_null(0).to_numpy() / np.float64(10**money.scale) if money else None,
        goods=goods,
    )


def _goods_column(specs: tuple[ColumnSpec, ...] | list[ColumnSpec] | Any) -> ColumnSpec | None:
    """Return the column that says what was bought: the category, else the product's name, else its code."""
    by_role = {spec.role: spec for spec in specs}
    named = [spec for spec in specs if spec.role is None and header_words(spec.header) in ROLE_BY_NAME["product"].headers]
    return by_role.get("category") or next(iter(named), None) or by_role.get("product")


def _codes(rows: pa.Table, name: str) -> tuple[np.ndarray, list[str]]:
    """Return the code of each line, and the text of each code."""
    column = _column(rows, name)
    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    return coded.indices.to_numpy(zero_copy_only=False).astype(np.int64), coded.dictionary.to_pylist()


def _column(rows: pa.Table, name: str) -> pa.Array:
    column = rows.column(name)
    return column.chunk(0) if column.num_chunks == 1 else column.unify_dictionaries().combine_chunks()
