"""The runs of a dataset, and the one that is being computed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from dashboard.context import Context, now
from dashboard.progress import find_part, steps_of
from dashboard.queries.cost import expected_seconds
from dashboard.queries.health import check_readiness
from dashboard.queries.run_numbers import number_runs
from database.engine import read
from database.jobs import Job, find_job, list_jobs
from database.runs import Run, Segment, list_segments, load_assignments, load_run_key
from segmentation.clusters.agreement import adjusted_rand
from segmentation.measures.recipe import Recipe

_UNATTENDED_AFTER = timedelta(seconds=5)
_LATEST = 200


@dataclass(frozen=True)
class RunLine:
    """One finished run: its number among those of its dataset, and how good it is."""

    run: Run
    number: int
    n_segments: int
    silhouette: float | None
    stability: float | None
    agreement: float | None
    verdicts: Mapping[str, int]

    @property
    def is_published(self) -> bool:
        """Whether it is the team's."""
        return self.run.published_at is not None


def list_run_lines(context: Context, runs: Sequence[Run]) -> Sequence[RunLine]:
    """Return the runs of a dataset (the newest first) with their figures and their agreement with the team's."""
    numbers, agreements = number_runs(runs), _agreements(context, next((run for run in runs if run.published_at), None), runs)
    return [_line(run, numbers[run.id], agreements.get(run.id)) for run in runs]


def _line(run: Run, number: int, agreement: float | None) -> RunLine:
    report = (run.report or {})["run"]
    segments = report["segments"]
    known = [(segment["stability"], segment["size"]) for segment in segments if segment["stability"] is not None]
    n_known = sum(size for _, size in known)
    return RunLine(
        run=run,
        number=number,
        n_segments=len(segments),
        silhouette=report["silhouette"],
        stability=sum(value * size for value, size in known) / n_known if n_known else None,
        agreement=agreement,
        verdicts=Counter(segment["verdict"] for segment in segments),
    )


def _agreements(context: Context, team: Run | None, runs: Sequence[Run]) -> Mapping[str, float]:
    """Return the adjusted Rand index of the team's run and each other, over the customers segmented in both; each computed once."""
    if team is None:
        return {}
    found: dict[str, float] = {}
    ours: np.ndarray | None = None
    with read(context.engine) as conn:
        team_key = load_run_key(conn, team.id)
        for run in (each for each in runs if each.id != team.id):
            key = f"agreement:{team_key}:{run.id}"
            known = context.cache.find(key)
            if known is None:
                ours = _segments(load_assignments(conn, team.id)) if ours is None else ours
                theirs = _segments(load_assignments(conn, run.id))
                in_both = (ours > 0) & (theirs > 0)
                known = {"value": adjusted_rand(ours[in_both], theirs[in_both])}
                context.cache.keep(key, known)
            found[run.id] = float(known["value"])
    return found


def _segments(assignments: pa.Table) -> np.ndarray:
    return assignments.column("segment_id").combine_chunks().fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)


@dataclass(frozen=True)
class FeatureWorth:
    """What a feature was worth to a run: ``change`` (0..1) of the grouping that goes when it is mixed up, and whether it is needed."""

    change: float
    is_needed: bool


def read_worth(run: Run | None) -> Mapping[str, FeatureWorth]:
    """Return what each feature of a run was worth, by name; nothing for a run of an earlier version."""
    told = ((run.report or {})["run"].get("worth") or {}).get("features", ()) if run else ()
    return {each["name"]: FeatureWorth(each["change"], each["is_needed"]) for each in told}


def list_named_segments(context: Context, run_id: str) -> Sequence[Segment]:
    """Return the segments of a run as people call them now."""
    with read(context.engine) as conn:
        return list_segments(conn, run_id)


def scores_around(line: RunLine, lines: Sequence[RunLine]) -> Sequence[Mapping[str, Any]]:
    """Return the criteria of the numbers of segments that were tried: by the run, or by one that differs in nothing but their choice."""
    for each in (line, *lines):
        is_alike = {**each.run.recipe, "n_clusters": None} == {**line.run.recipe, "n_clusters": None}
        scores = [score for score in (each.run.report or {})["run"]["k_scores"] if score["silhouette"] is not None]
        if is_alike and len(scores) > 1:
            return scores
    return ()


@dataclass(frozen=True)
class Step:
    """One step of a run: done (with its seconds), running (and how far), or to come (with the seconds it took last time)."""

    name: str
    state: str
    seconds: float | None = None
    part: str | None = None


@dataclass(frozen=True)
class Activity:
    """A run that is asked for: its job, its steps, about how long it still takes, and whether nobody is there to do it."""

    job: Job
    steps: Sequence[Step]
    seconds_left: float | None
    is_unattended: bool

    @property
    def is_again(self) -> bool:
        """Whether an earlier attempt was interrupted."""
        return not self.job.is_over and (self.job.attempt > 1 or (self.job.state == "queued" and self.job.attempt > 0))


def find_activity(context: Context, dataset_id: str, job_id: str | None = None) -> Activity | None:
    """Return the segmentation wanted of a dataset, else the one that is running, else the first that waits; None where there is none."""
    with read(context.engine) as conn:
        wanted = find_job(conn, job_id) if job_id else None
        active = [job for job in list_jobs(conn, ("queued", "running"), kinds=("segmentation",)) if _is_of(job, dataset_id)]
        done = list_jobs(conn, ("done",), limit=_LATEST, kinds=("segmentation",))
    if wanted is None or not _is_of(wanted, dataset_id):
        wanted = next((job for job in reversed(active) if job.state == "running"), active[-1] if active else None)
    if wanted is None:
        return None
    moment = now()
    usual = steps_of(Recipe.from_dict(wanted.params["recipe"]))
    before = _last_time([job for job in done if _is_of(job, dataset_id)], wanted, usual)
    return Activity(
        wanted, _steps(wanted, usual, before, moment), _seconds_left(wanted, usual, before, moment), _is_unattended(context, wanted)
    )


def _last_time(done: Sequence[Job], wanted: Job, usual: Sequence[str]) -> Mapping[str, float]:
    """Return how long each step took the last time; where another method was used then, as much longer as this one usually takes."""
    method = wanted.params["recipe"]["method"]
    for job in sorted(done, key=lambda job: job.params["recipe"]["method"] != method):
        seconds = _seconds(job, now())
        if set(usual) <= set(seconds):
            ratio = expected_seconds(method, 1_000, 1) / expected_seconds(job.params["recipe"]["method"], 1_000, 1)
            return {name: ratio * each for name, each in seconds.items()}
    return {}


def _is_of(job: Job, dataset_id: str) -> bool:
    return job.kind == "segmentation" and job.params.get("dataset_id") == dataset_id


def _is_unattended(context: Context, job: Job) -> bool:
    return job.state == "queued" and now() - job.created_at > _UNATTENDED_AFTER and not check_readiness(context)["worker"]


def _seconds(job: Job, moment: datetime) -> dict[str, float]:
    """Return how long each step took that was begun; the last one until the end, or until now."""
    if job.started_at is None or job.state == "queued" or not job.steps:
        return {}
    ends = [float(step["at"]) for step in job.steps[1:]] + [((job.finished_at or moment) - job.started_at).total_seconds()]
    return {str(step["name"]): max(0.0, end - float(step["at"])) for step, end in zip(job.steps, ends, strict=True)}


def _steps(job: Job, usual: Sequence[str], before: Mapping[str, float], moment: datetime) -> list[Step]:
    seconds = _seconds(job, moment)
    last = next(reversed(seconds), None) if job.state != "done" else None
    found = []
    for name in usual:
        if name in seconds and name != last:
            found.append(Step(name, "done", seconds[name]))
        elif name in seconds:
            found.append(Step(name, "now" if job.state == "running" else "stopped", seconds[name], find_part(name, job.message)))
        else:
            found.append(Step(name, "later", None if job.is_over else before.get(name)))
    return found


def _seconds_left(job: Job, usual: Sequence[str], before: Mapping[str, float], moment: datetime) -> float | None:
    """Return how long the rest took last time; None where there was no last time."""
    if not before or job.is_over:
        return None
    seconds = _seconds(job, moment)
    return sum(max(0.0, before[name] - seconds.get(name, 0.0)) for name in usual if name not in list(seconds)[:-1])
