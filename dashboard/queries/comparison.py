"""Two runs side by side: how far they agree, who moved, what differs between segments that stand beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dashboard.context import Context
from dashboard.queries.changes import number_versions, versions_of
from dashboard.queries.migration import RunMigration, find_migration
from dashboard.queries.recipes import describe_recipe
from dashboard.queries.run_numbers import number_runs
from database.datasets import Dataset, list_datasets
from database.engine import read
from database.runs import Run, Segment, list_runs, list_segments, load_run
from segmentation.clusters.agreement import adjusted_rand
from segmentation.errors import InvalidInputError, NotFoundError
from segmentation.measures.migration import pair_segments

_MOST_CHANGES = 3
_WORTH_SAYING = 0.05
"""Averages that differ by less than this share of the average of all customers are the same to a reader."""
_INSIDE = 0.9
"""From this share of customers on, segments count as parts of those of the other run."""


@dataclass(frozen=True)
class Candidate:
    """A run that can be compared: its number within its version of the dataset, and that version's number."""

    run: Run
    dataset: Dataset
    number: int
    version: int


@dataclass(frozen=True)
class Change:
    """The average of a column in two segments that stand beside each other."""

    label: str
    unit: str | None
    before: float
    after: float
    is_flag: bool = False


@dataclass(frozen=True)
class Inside:
    """One of two runs divides the segments of the other: which side is the finer, which the coarser, and for which share of customers."""

    sides: tuple[int, int]
    share: float


@dataclass(frozen=True)
class SegmentPair:
    """Segments that stand beside each other; one of them is None where nothing does. ``n_shared`` customers are in both."""

    old: Segment | None
    new: Segment | None
    n_shared: int
    changes: Sequence[Change]


@dataclass(frozen=True)
class RunComparison:
    """Two runs side by side. ``agreement`` (adjusted Rand) and the counts are over the customers who are in a segment of both.

    ``is_replaced`` says that the second one is not the one asked for, which is gone.
    """

    sides: tuple[Candidate, Candidate]
    candidates: Sequence[Candidate]
    migration: RunMigration
    agreement: float | None
    n_both: int
    n_stayed: int
    pairs: Sequence[SegmentPair]
    recipes: Sequence[tuple[str, str, str]]
    inside: Inside | None = None
    is_replaced: bool = False


def compare_runs(context: Context, run_id: str, other_id: str | None) -> RunComparison:
    """Lay a run beside another one of the same dataset, or of another version of it."""
    candidates = _find_candidates(context, run_id)
    by_id = {each.run.id: each for each in candidates}
    first = by_id[run_id]
    second = by_id.get(other_id or "") or _usual_other(candidates, first)
    migration = find_migration(context, second.run.id, first.run.id)
    pairs = _pair(context, migration)
    cells = migration.matrix.customers[np.ix_([each > 0 for each in migration.matrix.old], [each > 0 for each in migration.matrix.new])]
    return RunComparison(
        sides=(first, second),
        candidates=candidates,
        migration=migration,
        agreement=_agreement(cells) if cells.sum() else None,
        n_both=int(cells.sum()),
        n_stayed=sum(pair.n_shared for pair in pairs),
        pairs=pairs,
        recipes=_recipe_differences(first, second),
        inside=find_inside(cells),
        is_replaced=bool(other_id) and second.run.id != other_id,
    )


def _find_candidates(context: Context, run_id: str) -> Sequence[Candidate]:
    """Return all runs of all versions that a run's dataset belongs to: the newest version and the newest run first."""
    with read(context.engine) as conn:
        run, datasets = load_run(conn, run_id), list_datasets(conn)
        dataset = next((each for each in datasets if each.id == run.dataset_id), None)
        if dataset is None:
            raise NotFoundError("no_such_run", "There is no such run.", f"Its id would be {run_id}.", "It may have been deleted.")
        versions = number_versions(datasets)
        line = [versions[each.dataset.id] for each in reversed(versions_of(dataset, datasets))]
        runs = [(version, list_runs(conn, version.dataset.id)) for version in line]
    return [
        Candidate(each, version.dataset, number, version.number)
        for version, listed in runs
        for each, number in zip(listed, number_runs(listed).values(), strict=True)
    ]


def _usual_other(candidates: Sequence[Candidate], first: Candidate) -> Candidate:
    """Return what a run is compared with unless another is named: the team's of the same version, else the newest."""
    others = [each for each in candidates if each is not first]
    if not others:
        raise InvalidInputError(
            "nothing_to_compare", "There is only one run of this dataset.", fix="Find segments by another recipe first."
        )
    same = [each for each in others if each.dataset.id == first.dataset.id]
    return next((each for each in same if each.run.published_at), (same or others)[0])


def _agreement(cells: np.ndarray) -> float:
    rows, columns = np.nonzero(cells)
    counts = cells[rows, columns]
    return adjusted_rand(np.repeat(rows, counts), np.repeat(columns, counts))


def find_inside(cells: np.ndarray) -> Inside | None:
    """Tell from the customers of each pair of segments whether those of one side are parts of those of the other."""
    k_old, k_new = cells.shape
    if k_old == k_new or not cells.sum():
        return None
    finer = int(k_new > k_old)
    share = float(cells.max(axis=1 - finer).sum() / cells.sum())
    return Inside((finer, 1 - finer), share) if share >= _INSIDE else None


def _pair(context: Context, migration: RunMigration) -> Sequence[SegmentPair]:
    with read(context.engine) as conn:
        sides = [list_segments(conn, run.id) for run in (migration.earlier, migration.run)]
    old, new = ({segment.segment_id: segment for segment in side} for side in sides)
    means = [_means(run, side) for run, side in zip((migration.earlier, migration.run), sides, strict=True)]
    matrix, paired = migration.matrix, pair_segments(migration.matrix)
    found = [
        SegmentPair(
            old[one],
            new[other],
            int(matrix.customers[matrix.old.index(one), matrix.new.index(other)]),
            _changes(means[0].get(one, {}), means[1].get(other, {})),
        )
        for one, other in paired
    ]
    found += [SegmentPair(segment, None, 0, ()) for key, segment in old.items() if key not in {one for one, _ in paired}]
    return [*found, *(SegmentPair(None, segment, 0, ()) for key, segment in new.items() if key not in {other for _, other in paired})]


def _means(run: Run, segments: Sequence[Segment]) -> dict[int, dict[str, dict[str, Any]]]:
    """Return for each segment its average in every number column, features first."""
    portrait, features = (run.report or {}).get("portrait"), (run.report or {})["run"]["features"]
    if not portrait:
        return {}
    rows = sorted(portrait["comparison"]["numbers"], key=lambda row: row["name"] not in features)
    return {
        segment.segment_id: {row["name"]: {**row, "mean": row["segments"][place]["mean"]} for row in rows if row["segments"][place]["n"]}
        for place, segment in enumerate(segments)
    }


def _changes(before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]) -> list[Change]:
    """Return the columns whose averages differ most: by share of the average of all customers, of what is true or not by its spread."""
    found = []
    for name, row in before.items():
        if name in after:
            one, other = float(row["mean"]), float(after[name]["mean"])
            overall = max(abs(row["overall"]), abs(after[name]["overall"]))
            usual = (overall * (1 - overall)) ** 0.5 if row["is_flag"] else overall
            share = abs(other - one) / max(usual, 1e-12)
            found.append((share, Change(row["label"], row["unit"], one, other, row["is_flag"])))
    worth_saying = [pair for pair in found if pair[0] >= _WORTH_SAYING]
    return [change for _, change in sorted(worth_saying, key=lambda pair: -pair[0])[:_MOST_CHANGES]]


def _recipe_differences(first: Candidate, second: Candidate) -> list[tuple[str, str, str]]:
    told = [describe_recipe(side.run.recipe, side.dataset) for side in (first, second)]
    return [(name, words, told[1][name]) for name, words in told[0].items() if words != told[1][name]]
