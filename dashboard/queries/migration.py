"""Who moved where between two runs, with the money that moved, and the list behind each cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dashboard.context import Context
from dashboard.exports.delimited import as_texts, write_csv
from dashboard.versions.reading import load_customers
from database.engine import read
from database.runs import Run, list_segments, load_assignments, load_run
from segmentation.errors import InvalidInputError
from segmentation.measures.migration import NOT_SEGMENTED, NOT_THERE, Labelled, Migration, Moves, follow_customers, migration_matrix

_MONEY = "monetary_total"
_OTHERS = {NOT_SEGMENTED: "Not segmented", NOT_THERE: "Not among the customers"}


@dataclass(frozen=True)
class RunMigration:
    """A migration with the names of its rows (the earlier run) and columns, in the order of money; what is no segment stands last."""

    earlier: Run
    run: Run
    matrix: Migration
    old_names: Mapping[int, str]
    new_names: Mapping[int, str]


def find_migration(context: Context, run_id: str, from_run: str | None) -> RunMigration:
    """Return who moved where since another run: the one named, else the one that this run goes on with."""
    run, earlier = _runs(context, run_id, from_run)
    names = [_names(context, each) for each in (earlier, run)]
    return RunMigration(earlier, run, migration_matrix(_moves(context, earlier, run)), names[0], names[1])


@dataclass(frozen=True)
class Movers:
    """The customers of a cell with the most money, the largest first, and how many there are in all; money is None without any."""

    n: int
    ids: Sequence[str]
    money_before: Sequence[float] | None
    money_after: Sequence[float] | None


def find_movers(context: Context, run_id: str, old: int, new: int, most: int = 100) -> Movers:
    """Return the customers who were in one segment of the run before and are in one of this run."""
    run, earlier = _runs(context, run_id, None)
    moves = _moves(context, earlier, run)
    rows = np.flatnonzero((moves.old == old) & (moves.new == new))
    largest = moves.money_before if new == NOT_THERE else moves.money_after
    if largest is not None:
        rows = rows[np.argsort(-largest[rows], kind="stable")]
    shown = rows[:most]
    before, after = (None if money is None else money[shown].tolist() for money in (moves.money_before, moves.money_after))
    return Movers(rows.size, moves.ids[shown].tolist(), before, after)


def write_migration(context: Context, path: Path, run_id: str, from_run: str | None, old: int | None, new: int | None) -> None:
    """Write the customers behind a cell (a row or column where only one side is named): id, both segments, both sums of money."""
    run, earlier = _runs(context, run_id, from_run)
    moves, names = _moves(context, earlier, run), [_names(context, each) for each in (earlier, run)]
    wanted = np.ones(moves.ids.size, bool)
    for segment, side in ((old, moves.old), (new, moves.new)):
        if segment is not None:
            wanted &= side == segment
    rows = np.flatnonzero(wanted)
    headers, columns = ["customer_id", "segment_before", "segment_after"], [moves.ids[rows]]
    for told, side in zip(names, (moves.old, moves.new), strict=True):
        columns.append(np.array([told[segment] for segment in side[rows].tolist()], dtype=object))
    for header, money in ((f"{_MONEY}_before", moves.money_before), (f"{_MONEY}_after", moves.money_after)):
        if money is not None:
            headers.append(header)
            columns.append(money[rows])
    write_csv(path, headers, [as_texts(column) for column in columns])


def _runs(context: Context, run_id: str, from_run: str | None) -> tuple[Run, Run]:
    with read(context.engine) as conn:
        run = load_run(conn, run_id)
        wanted = from_run or ((run.report or {}).get("identity") or {}).get("from_run")
        if wanted is None:
            fix = "Name the run to compare with."
            raise InvalidInputError("nothing_to_compare", "This run does not go on with another one.", f"Run {run_id}.", fix)
        return run, load_run(conn, wanted)


def _names(context: Context, run: Run) -> dict[int, str]:
    with read(context.engine) as conn:
        return {**{segment.segment_id: segment.name for segment in list_segments(conn, run.id)}, **_OTHERS}


def _moves(context: Context, earlier: Run, run: Run) -> Moves:
    return follow_customers(_labelled(context, earlier), _labelled(context, run))


def _labelled(context: Context, run: Run) -> Labelled:
    with read(context.engine) as conn:
        rows = load_assignments(conn, run.id)
    customers = load_customers(context, run.dataset_id)
    ids = np.asarray(rows.column("customer_id").combine_chunks().to_numpy(zero_copy_only=False), dtype=object)
    if not np.array_equal(ids, customers.ids):
        raise RuntimeError(f"run {run.id} does not have the customers of its dataset in their order")
    segments = rows.column("segment_id").combine_chunks().fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
    return Labelled(ids, segments, customers.measure(_MONEY))
