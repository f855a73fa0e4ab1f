"""The numbers that people call runs by: given once, kept when another run is deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from database.runs import Run


def number_runs(runs: Sequence[Run]) -> Mapping[str, int]:
    """Return the number of each run of a dataset (the newest first) by its id; one stored before numbers were kept has its place."""
    return {run.id: _stored(run) or len(runs) - place for place, run in enumerate(runs)}


def next_number(runs: Sequence[Run]) -> int:
    """Return the number that a run on its way will have."""
    return 1 + max(number_runs(runs).values(), default=0)


def _stored(run: Run) -> int | None:
    number: int | None = (run.report or {}).get("number")
    return number
