"""The report of a segmentation as JSON: what was read, what was kept and why, what came out, and how far to trust it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from dashboard.exports.delimited import replacing
from segmentation.clusters.choosing_k import KScore
from segmentation.clusters.voting import knee
from segmentation.clusters.worth import say_worth
from segmentation.dataset import Dataset
from segmentation.findings import Finding
from segmentation.intake.cleaning import CleaningStep
from segmentation.pipeline import Segment, Segmentation


def build_report(
    dataset: Dataset, segmentation: Segmentation, timing: Mapping[str, float], extra: tuple[Finding, ...] = ()
) -> dict[str, object]:
    """Return the report as plain JSON values; the form is documented in the README and kept stable."""
    return {
        "dataset": describe_dataset(dataset, (*segmentation.findings, *extra)),
        "run": describe_run(segmentation, dataset.customers.as_of),
        "timing": dict(timing),
    }


def plain_json(value: object) -> Any:
    """Return a report, or a part of one, as it reads back from its file: numbers that do not exist are null, tuples are lists."""
    return orjson.loads(orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY))


def write_report(path: Path, report: Mapping[str, object]) -> None:
    """Write a report as JSON, whole or not at all."""
    with replacing(path) as out:
        out.write(orjson.dumps(report, option=orjson.OPT_INDENT_2 | orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_APPEND_NEWLINE))


def describe_dataset(dataset: Dataset, extra: tuple[Finding, ...] = ()) -> dict[str, object]:
    """Return the account of the file: rows, customers, money, dates, dialect, mapping, receipt, findings."""
    money = dataset.customers.money.get("monetary_total")
    return {
        "kind": dataset.mapping.kind,
        "rows_read": dataset.rows_read,
        "rows_earlier": dataset.raw.n_earlier,
        "rows_kept": dataset.rows_kept,
        "rows_rejected": dataset.rows_rejected,
        "customers": dataset.customers.n_customers,
        "revenue": money.total_units / 10**money.scale if money else None,
        "currency": dataset.currency,
        "date_min": _iso(dataset.customers.date_min),
        "date_max": _iso(dataset.customers.date_max),
        "dialect": describe_dialect(dataset),
        "mapping": dict(dataset.mapping.roles),
        "derived": [derivation.as_dict() for derivation in dataset.derived],
        "receipt": [describe_step(step) for step in dataset.cleaned.receipt],
        "findings": [finding.as_dict() for finding in (*dataset.findings, *extra)],
    }


def describe_step(step: CleaningStep) -> dict[str, object]:
    """Return one line of the receipt: rows that a rule set aside, or values that it changed, with examples of them."""
    return {
        "rule": step.rule,
        "rows_in": step.rows_in,
        "rows_out": step.rows_out,
        "why": step.why,
        "changed": step.changed,
        "examples": [dict(example) for example in step.examples],
    }


def describe_dialect(dataset: Dataset) -> dict[str, object]:
    """Return how the file was written."""
    dialect = dataset.raw.dialect
    return {
        "encoding": dialect.encoding,
        "delimiter": dialect.delimiter,
        "quote": dialect.quote,
        "decimal": dataset.typed.decimal,
        "date_order": dataset.typed.date_order,
        "sheet": dialect.sheet,
        "header_row": dialect.header_row,
    }


def describe_run(segmentation: Segmentation, as_of: date | None) -> dict[str, object]:
    """Return what came out of a recipe."""
    recipe, features = segmentation.recipe, segmentation.features
    transforms = {scaling.name: scaling.transform for scaling in features.scalings}
    return {
        "method": recipe.method,
        "features": list(features.names),
        "transform": recipe.transform,
        "transforms": transforms,
        "cap": {scaling.name: scaling.cap for scaling in features.scalings if scaling.cap is not None},
        "missing": recipe.missing,
        "n_clusters": len(segmentation.segments),
        "n_segmented": int(features.rows.size),
        "k_reason": segmentation.k_reason,
        "silhouette": segmentation.silhouette,
        "inertia": segmentation.inertia,
        "as_of": _iso(as_of),
        "seed": recipe.seed,
        "k_scores": [describe_score(score) for score in segmentation.k_scores],
        "knee": knee(segmentation.k_scores),
        "silhouette_plot": list(segmentation.silhouette_plot),
        "structure": {"silhouette_reference": segmentation.trust.silhouette_reference, "verdict": segmentation.trust.structure},
        "segments": [describe_segment(segment) for segment in segmentation.segments],
        "worth": {
            "features": [asdict(each) for each in segmentation.model.worth],
            "sentences": say_worth(segmentation.model.worth),
            "returned": segmentation.model.returned,
        },
        "fingerprint": segmentation.fingerprint,
    }


def describe_score(score: KScore) -> dict[str, object]:
    """Return the criteria of one number of segments."""
    return {
        "k": score.k,
        "inertia": score.inertia,
        "silhouette": score.silhouette,
        "calinski_harabasz": score.calinski_harabasz,
        "davies_bouldin": score.davies_bouldin,
        "prediction_strength": score.prediction_strength,
        "smallest": score.smallest,
    }


def describe_segment(segment: Segment) -> dict[str, object]:
    """Return one segment in words and shares."""
    profile = segment.profile
    return {
        "segment_id": profile.segment_id,
        "name": segment.name.name,
        "name_because": segment.name.because,
        "size": profile.size,
        "share_customers": profile.share_customers,
        "share_revenue": profile.share_revenue,
        "stability": segment.stability,
        "verdict": segment.verdict,
        "rule": segment.rule.sentence if segment.rule else None,
        "differences": list(profile.differences),
        "remarks": list(profile.remarks),
        "action": segment.action.text,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
