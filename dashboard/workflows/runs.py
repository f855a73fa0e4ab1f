"""A recipe on a dataset becomes a run: computed once, stored with its model, and given back from the store ever after."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pyarrow as pa

from dashboard.context import Context, now
from dashboard.exports.labelled import segment_names
from dashboard.exports.report import describe_run, describe_segment, plain_json
from dashboard.progress import part_in_words, steps_of
from dashboard.versions.mix import with_mix
from dashboard.versions.reading import load_customers
from dashboard.workflows.identity import LETTERS, Continued, continue_segments, find_earlier
from dashboard.workflows.portraits import build_portrait
from dashboard.workflows.work import Work
from database import runs as store
from database.engine import read, write
from database.jobs import Job, add_job, job_key
from segmentation.clusters.progress import OnProgress
from segmentation.errors import ConflictError
from segmentation.measures.catalogue import Population
from segmentation.measures.mix import takes_mix
from segmentation.measures.recipe import Recipe
from segmentation.pipeline import ALGORITHM_VERSION, Segmentation, segment_customers

_SHARES = {
    "features": 0.02,
    "choose_k": 0.05,
    "halves": 0.25,
    "fit": 0.05,
    "stability": 0.5,
    "structure": 0.65,
    "profile": 0.8,
    "store": 0.85,
}
"""How much of a segmentation is done when each step begins."""
_PUBLISH = 0.97
_SAY_EVERY_S = 0.2


def request_run(context: Context, dataset_id: str, recipe: Recipe, author: str | None = None) -> store.Run | Job:
    """Return the run that an equal recipe gave before, else queue one (or return the equal job that is waiting or running)."""
    with write(context.engine) as conn:
        known = _find(conn, dataset_id, recipe)
        if known:
            return known
        key = job_key("segmentation", dataset_id, recipe.as_dict(), ALGORITHM_VERSION)
        return add_job(conn, "segmentation", {"dataset_id": dataset_id, "recipe": recipe.as_dict()}, key, now(), author)


def segment_dataset(work: Work) -> Mapping[str, Any]:
    """Do a segmentation; an equal recipe on the same dataset is not computed again."""
    dataset_id = work.job.params["dataset_id"]
    recipe = Recipe.from_dict(work.job.params["recipe"])
    with read(work.context.engine) as conn:
        known = _find(conn, dataset_id, recipe)
    if known:
        return {"run_id": known.id, "is_new": False}
    customers = load_customers(work.context, dataset_id)
    population = customers.population()
    if takes_mix(recipe):
        population = replace(population, catalogue=with_mix(work.context, customers, population.catalogue))
    segmentation = segment_customers(population, recipe, lambda name: work.step(_SHARES[name], name), _progress_of(work, recipe))
    portrait = build_portrait(work.context, customers, population, segmentation)
    work.step(_SHARES["store"], "store")
    try:
        run = _store(work, segmentation, population, {"run": describe_run(segmentation, population.as_of), "portrait": portrait})
    except ConflictError as error:
        if error.code != "already_computed":
            raise
        with read(work.context.engine) as conn:
            known = _find(conn, dataset_id, recipe)
        return {"run_id": known.id if known else None, "is_new": False}
    size = {"n_segmented": len(segmentation.features.rows), "n_features": len(segmentation.features.columns)}
    return {"run_id": run.id, "is_new": True, **size}


def _progress_of(work: Work, recipe: Recipe) -> OnProgress:
    """Return what says within a step how far it is, a few times a second: each word is a transaction."""
    steps, said_at = steps_of(recipe), time.monotonic()

    def say(step: str, done: int, of: int) -> None:
        nonlocal said_at
        work.check()
        if done and time.monotonic() - said_at >= _SAY_EVERY_S:
            begin, end = _SHARES[step], _SHARES[steps[steps.index(step) + 1]]
            work.progress(begin + (end - begin) * done / of, part_in_words(step, done, of))
            said_at = time.monotonic()

    return say


def _find(conn: Any, dataset_id: str, recipe: Recipe) -> store.Run | None:
    new = store.NewRun(dataset_id, recipe.as_dict(), ALGORITHM_VERSION)
    return store.find_run_by_recipe(conn, dataset_id, new.recipe_hash, ALGORITHM_VERSION)


def _store(work: Work, segmentation: Segmentation, population: Population, report: Mapping[str, Any]) -> store.Run:
    engine, job = work.context.engine, work.job
    new = store.NewRun(job.params["dataset_id"], segmentation.recipe.as_dict(), ALGORITHM_VERSION, job.author)
    earlier = find_earlier(work.context, new.dataset_id, new)
    continued = continue_segments(population, segmentation, _segments(segmentation), earlier)
    with write(engine) as conn:
        begun = store.begin_run(conn, new, job, now())
    for batch in store.prepare_assignments(engine, begun, _assignments(population.ids, segmentation, continued.segment_ids)):
        with write(engine) as conn:
            store.add_assignments(conn, job, batch)
        work.check()
    work.progress(_PUBLISH, "Publishing the segments")
    findings = [finding.as_dict() for finding in segmentation.findings]
    stored_report = plain_json({**_with_ids(report, continued), "findings": findings, "identity": continued.account})
    with write(engine) as conn:
        numbered = {**stored_report, "number": store.number_run(conn, new.dataset_id)}
        outcome = store.Outcome(_model(segmentation), numbered, continued.fingerprint, continued.segments)
        return store.finish_run(conn, begun, job, outcome, now())


def _with_ids(report: Mapping[str, Any], continued: Continued) -> dict[str, Any]:
    """Return the report with the ids and names that the segments have as continuations of others."""
    told = [
        {**segment, "segment_id": stored.segment_id, "name": stored.name}
        for segment, stored in zip(report["run"]["segments"], continued.segments, strict=True)
    ]
    return {**report, "run": {**report["run"], "segments": told, "fingerprint": continued.fingerprint}}


def _assignments(ids: np.ndarray, segmentation: Segmentation, segment_ids: np.ndarray) -> pa.Table:
    is_out = segment_ids == 0
    reasons = segment_names(segmentation).cast(pa.string()).to_numpy(zero_copy_only=False)
    return pa.table(
        {
            "customer_id": pa.array(ids, pa.string()),
            "segment_id": pa.array(segment_ids, mask=is_out),
            "reason": pa.array(np.where(is_out, reasons, None), pa.string()),
        }
    )


def _model(segmentation: Segmentation) -> dict[str, Any]:
    """Return all it takes to place a new customer, as numbers: nothing is pickled."""
    features = segmentation.features
    return {
        "features": [asdict(column) for column in features.columns],
        "scalings": [asdict(scaling) for scaling in features.scalings],
        "codings": [asdict(coding) for coding in features.codings],
        "centers": segmentation.centers.tolist(),
        "method": segmentation.recipe.method,
        "missing": segmentation.recipe.missing,
        "placing": segmentation.model.placing,
        "fitted": segmentation.model.fitted,
        "returned": segmentation.model.returned,
    }


def _segments(segmentation: Segmentation) -> list[store.Segment]:
    return [
        store.Segment(
            segment_id=segment.profile.segment_id,
            name=segment.name.name,
            colour=LETTERS[index] if index < len(LETTERS) else f"A{LETTERS[index - len(LETTERS)]}",
            action=segment.action.text,
            size=segment.profile.size,
            profile=plain_json(describe_segment(segment)),
        )
        for index, segment in enumerate(segmentation.segments)
    ]
