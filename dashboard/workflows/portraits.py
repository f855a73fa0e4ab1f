"""The portrait of a run: everything that the page of its segments shows, computed once, so that the page only reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pyarrow as pa

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
from segmentation.measures.lines import read_lines
from segmentation.measures.segment_habits import find_segment_habits
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
    specs = dataset.columns.get("transactions", ())
    if "date" not in [spec.role for spec in specs]:
        return None
    with read(context.engine) as conn:
        rows = load_snapshot(conn, context.snapshots, dataset, "transactions")
    goods = _goods_column(specs)
    habits = find_segment_habits(read_lines(rows, pa.array(ids, pa.string())), segment_ids, goods.name if goods else None)
    return {**asdict(habits), "goods": goods.role if goods else None} if habits else None


def _goods_column(specs: Sequence[ColumnSpec]) -> ColumnSpec | None:
    """Return the column that says what was bought: the category, else the product's name, else its code."""
    by_role = {spec.role: spec for spec in specs}
    named = [spec for spec in specs if spec.role is None and header_words(spec.header) in ROLE_BY_NAME["product"].headers]
    return by_role.get("category") or next(iter(named), None) or by_role.get("product")
