"""A run on the next version of a dataset goes on with the segments of the one before: ids, names, colours and texts stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from dashboard.context import Context
from dashboard.formats import counted, percent
from database.datasets import Dataset, find_dataset, load_dataset
from database.engine import read
from database.runs import NewRun, Run, Segment, find_published_run, find_run_by_recipe, list_runs, list_segments, load_assignments
from segmentation.clusters.identity import Centres, Event, Identity, match_segments
from segmentation.measures.catalogue import Population
from segmentation.measures.features import CategoryCoding, Scaling
from segmentation.pipeline import ALGORITHM_VERSION, Segmentation, fingerprint

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""A segment's colour is a letter; what it looks like in the light and in the dark is for the page to say."""


@dataclass(frozen=True)
class Earlier:
    """The run that goes on: that of the nearest version before which has one."""

    dataset: Dataset
    run: Run
    segments: Sequence[Segment]
    ids: np.ndarray
    segment_ids: np.ndarray
    used_ids: Sequence[int]


@dataclass(frozen=True)
class Continued:
    """The segments of a run as they are stored: by their place, with the ids they have, and what is told of it."""

    segments: Sequence[Segment]
    segment_ids: np.ndarray
    fingerprint: str
    account: Mapping[str, Any] | None


def find_earlier(context: Context, dataset_id: str, new: NewRun) -> Earlier | None:
    """Return the run to go on with: the team's (else the same recipe's, else the newest) of the nearest version that has one."""
    with read(context.engine) as conn:
        parent = load_dataset(conn, dataset_id).parent_id
        while parent is not None and (dataset := find_dataset(conn, parent)) is not None:
            runs = list_runs(conn, parent)
            if runs:
                same = find_run_by_recipe(conn, parent, new.recipe_hash, ALGORITHM_VERSION)
                run = find_published_run(conn, parent) or same or runs[0]
                rows, segments = load_assignments(conn, run.id), list_segments(conn, run.id)
                used = ((run.report or {}).get("identity") or {}).get("used_ids", [segment.segment_id for segment in segments])
                labels = rows.column("segment_id").combine_chunks().fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
                ids = np.asarray(rows.column("customer_id").combine_chunks().to_numpy(zero_copy_only=False), dtype=object)
                return Earlier(dataset, run, segments, ids, labels, used)
            parent = dataset.parent_id
    return None


def continue_segments(
    population: Population, segmentation: Segmentation, computed: Sequence[Segment], earlier: Earlier | None
) -> Continued:
    """Give the computed segments the ids, names, colours and actions of those that go on in them."""
    if earlier is None:
        return Continued(computed, segmentation.segment_ids, segmentation.fingerprint, None)
    identity = _match(population, segmentation, earlier)
    known = {segment.segment_id: segment for segment in earlier.segments}
    kept = [known[old] if old is not None else None for old in identity.continues]
    names = {segment.name.casefold() for segment in kept if segment}
    letters = iter(letter for letter in LETTERS if letter not in {segment.colour for segment in kept if segment})
    segments = []
    for place, (segment, old) in enumerate(zip(computed, kept, strict=True)):
        profile = {**segment.profile, "segment_id": identity.ids[place], "place": place}
        if old is None:
            name = segment.name if segment.name.casefold() not in names else f"{segment.name} (new)"
            fresh = replace(segment, segment_id=identity.ids[place], name=name, colour=next(letters, segment.colour), profile=profile)
            segments.append(fresh)
            continue
        profile["name_now"] = segment.name if segment.name != old.name else None
        profile["text"] = old.text
        segments.append(replace(segment, segment_id=old.segment_id, name=old.name, colour=old.colour, action=old.action, profile=profile))
    stable = np.array([0, *identity.ids])[segmentation.segment_ids]
    return Continued(segments, stable, fingerprint(population.ids, stable), _account(identity, segments, earlier))


def _match(population: Population, segmentation: Segmentation, earlier: Earlier) -> Identity:
    known, model, k = earlier.segments, earlier.run.model or {}, len(segmentation.segments)
    place = pd.Index(earlier.ids, dtype=object).get_indexer(pd.Index(population.ids, dtype=object))
    old = np.where(place < 0, 0, earlier.segment_ids[place])
    points = _on_scale_of(model, population, segmentation)
    old_sizes, new_sizes = (np.array([each.size for each in side]) for side in (known, [each.profile for each in segmentation.segments]))
    centres = Centres(np.array(model["centers"]), points, old_sizes, new_sizes) if points is not None else None
    return match_segments(old, segmentation.segment_ids - 1, [each.segment_id for each in known], k, earlier.used_ids, centres)


def _on_scale_of(model: Mapping[str, Any], population: Population, segmentation: Segmentation) -> np.ndarray | None:
    """Return the mean points of the new segments on the scale of an older model; None where it used what the new data do not have."""
    frame, blocks = population.catalogue.frame, []
    scalings = {scaling["name"]: Scaling(**scaling) for scaling in model["scalings"]}
    codings = {coding["name"]: CategoryCoding(coding["name"], tuple(coding["categories"]), coding["weight"]) for coding in model["codings"]}
    for column in model["features"]:
        name = column["name"]
        if name not in frame or (name in scalings) != (frame[name].dtype.kind == "f"):
            return None
        values = frame[name].to_numpy()
        blocks.append(scalings[name].apply(values)[:, None] if name in scalings else codings[name].apply(values))
    points = np.hstack(blocks)
    groups = [points[segmentation.segment_ids == segment] for segment in range(1, len(segmentation.segments) + 1)]
    centres = np.vstack([np.nanmean(group, axis=0) for group in groups])
    return centres if np.isfinite(centres).all() else None


def _account(identity: Identity, segments: Sequence[Segment], earlier: Earlier) -> dict[str, Any]:
    old_names = {segment.segment_id: segment.name for segment in earlier.segments}
    new_names = [segment.name for segment in segments]
    return {
        "from_run": earlier.run.id,
        "from_dataset": earlier.dataset.id,
        "how": identity.how,
        "used_ids": sorted({*earlier.used_ids, *identity.ids}),
        "continues": list(identity.continues),
        "kept": list(identity.kept),
        "sentences": [_continued_sentence(identity), *(_event_sentence(event, old_names, new_names) for event in identity.events)],
    }


def _continued_sentence(identity: Identity) -> str:
    going_on = [share for share, old in zip(identity.kept, identity.continues, strict=True) if old is not None]
    by = "by the customers they share" if identity.how == "customers" else "by what they are like on average"
    if not going_on:
        return "None of the segments of the version before goes on: they were made anew."
    shares = [share for share in going_on if share is not None]
    told = f"; {percent(min(shares))} to {percent(max(shares))} of their customers stayed" if shares else ""
    goes = "goes" if len(going_on) == 1 else "go"
    return f"{counted(len(going_on), 'segment')} of the version before {goes} on, found again {by}{told}."


def _event_sentence(event: Event, old_names: Mapping[int, str], new_names: Sequence[str]) -> str:
    old, new = _listed([old_names[each] for each in event.old]), _listed([new_names[each] for each in event.new])
    return {
        "split": f"{old} has split into {new}.",
        "merged": f"{old} have merged into {new}.",
        "gone": f"{old} is gone.",
        "new": f"{new} is new.",
    }[event.kind]


def _listed(names: Sequence[str]) -> str:
    quoted = [f"“{name}”" for name in names]
    return f"{', '.join(quoted[:-1])} and {quoted[-1]}" if len(quoted) > 1 else "".join(quoted)
