"""Those who moved from one segment to another since the run before, as a part of the list of customers."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.context import Context
from dashboard.queries.migration import find_movers
from database.engine import read
from database.runs import Run, find_assignment, list_segments
from segmentation.errors import InvalidInputError
from segmentation.measures.migration import NOT_SEGMENTED, NOT_THERE

Moved = tuple[int, int]
"""From which segment of the run before to which one of this run."""
_TEXT = re.compile(r"(-1|\d{1,9})\.\.(\d{1,9})")


def read_moved(text: str) -> Moved | None:
    """Read a move as it stands in an address: ``2..4``, ``-1..4`` for those who are new; None where nothing is said."""
    found = _TEXT.fullmatch(text)
    if text and found is None:
        raise InvalidInputError(
            "bad_move", f'"{text[:60]}" names no move between segments.', fix='Write "2..4": from segment 2 to segment 4.'
        )
    return (int(found[1]), int(found[2])) if found else None


def write_moved(moved: Moved | None) -> str:
    """Return a move as text for an address."""
    return f"{moved[0]}..{moved[1]}" if moved else ""


def who_moved(context: Context, run_id: str, moved: Moved, ids: np.ndarray) -> np.ndarray:
    """Tell for each of some customers, by id, whether they are among those who moved.

    Raises
    ------
    InvalidInputError
        ``nothing_to_compare``: the run does not go on with another one.
    """
    try:
        movers = find_movers(context, run_id, *moved, most=ids.size).ids
    except InvalidInputError as error:
        raise InvalidInputError(error.code, error.title, fix="Take the filter off.") from None
    return np.asarray(pc.is_in(pa.array(ids, pa.string()), pa.array(movers, pa.string())))


def moved_words(context: Context, run: Run, moved: Moved) -> str:
    """Return a move in words: from “Champions” to “Regulars”."""
    with read(context.engine) as conn:
        before, now = ({each.segment_id: each.name for each in list_segments(conn, run_id)} for run_id in (_earlier(run), run.id))
    new = f"“{now[moved[1]]}”" if moved[1] in now else "no segment"
    if moved[0] == NOT_THERE:
        return f"new customers, now in {new}"
    old = "no segment" if moved[0] == NOT_SEGMENTED else f"“{before[moved[0]]}”" if moved[0] in before else "a segment that is gone"
    return f"from {old} to {new}"


def say_before(context: Context, run: Run, customer_id: str) -> str | None:
    """Say where a customer was in the run that this one goes on with; None where it goes on with none that is still there."""
    with read(context.engine) as conn:
        names = {each.segment_id: each.name for each in list_segments(conn, _earlier(run))}
        before, now = (find_assignment(conn, run_id, customer_id) for run_id in (_earlier(run), run.id))
    if not names:
        return None
    if before is None:
        return "New since the version before."
    if before[0] is None:
        return "In no segment in the version before."
    name = f"“{names[before[0]]}”"
    return f"In {name} in the version before, too." if now and now[0] == before[0] else f"Was in {name} in the version before."


def _earlier(run: Run) -> str:
    return str(((run.report or {}).get("identity") or {}).get("from_run") or "")
