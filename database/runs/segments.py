"""The segments of a run: as computed, and what people made of them, revision by revision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, func, select

from database.runs.records import find_run
from database.tables import runs, segment_edits, segments
from segmentation.errors import InvalidInputError, NotFoundError

EDITABLE = frozenset({"name", "colour", "action", "text"})


@dataclass(frozen=True)
class Segment:
    """One segment of a run. ``profile`` is plain JSON: shares, differences, verdict, rule. ``text`` is empty until a person writes one."""

    segment_id: int
    name: str
    colour: str
    action: str
    size: int
    profile: Mapping[str, Any]
    text: str = ""


@dataclass(frozen=True)
class SegmentEdit:
    """One revision of a run's segments: ``changes`` has some of name, colour, action, text."""

    run_id: str
    revision: int
    segment_id: int
    changes: Mapping[str, str]
    author: str | None
    created_at: datetime


def list_segments(conn: Connection, run_id: str, revision: int | None = None) -> Sequence[Segment]:
    """Return the segments in the order of the run (that of money), as people edited them (up to a revision; 0 is as they were computed)."""
    query = select(segments).where(segments.c.run_id == run_id).order_by(segments.c.segment_id)
    found = {row.segment_id: {**row._mapping, "text": row.profile.get("text", "")} for row in conn.execute(query)}
    for edit in list_segment_edits(conn, run_id):
        if revision is None or edit.revision <= revision:
            found[edit.segment_id] |= edit.changes
    listed = [Segment(**{name: values[name] for name in Segment.__dataclass_fields__}) for values in found.values()]
    return sorted(listed, key=lambda segment: segment.profile.get("place", segment.segment_id))


def list_segment_edits(conn: Connection, run_id: str) -> Sequence[SegmentEdit]:
    """Return who changed what, the oldest first."""
    query = select(segment_edits).where(segment_edits.c.run_id == run_id).order_by(segment_edits.c.revision)
    return [SegmentEdit(**row._mapping) for row in conn.execute(query)]


def load_revision(conn: Connection, run_id: str) -> int:
    """Return the number of the last edit, 0 where there is none: part of the key under which anything of this run is cached."""
    newest = select(func.max(segment_edits.c.revision)).where(segment_edits.c.run_id == run_id)
    return conn.execute(newest).scalar() or 0


def add_segment_edit(
    conn: Connection, run_id: str, segment_id: int, changes: Mapping[str, str], now: datetime, author: str | None = None
) -> SegmentEdit:
    """Change the name, colour, action or text of a segment, as a new revision. To undo, change back: nothing is ever overwritten."""
    unknown = sorted(set(changes) - EDITABLE)
    if unknown or not changes:
        what = ", ".join(unknown) or "nothing"
        raise InvalidInputError("not_editable", f"This cannot be changed in a segment: {what}.", fix="Change name, colour, action or text.")
    conn.execute(select(runs.c.id).where(runs.c.id == run_id).with_for_update())  # two people at once get two revisions
    is_there = exists().where(segments.c.run_id == run_id, segments.c.segment_id == segment_id)
    if find_run(conn, run_id) is None or not conn.execute(select(is_there)).scalar():
        raise NotFoundError("no_such_segment", "There is no such segment.", f"Run {run_id}, segment {segment_id}.")
    edit = SegmentEdit(run_id, load_revision(conn, run_id) + 1, segment_id, dict(changes), author, now)
    conn.execute(segment_edits.insert().values(asdict(edit)))
    return edit
