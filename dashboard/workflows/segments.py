"""What people make of segments: names, colours, actions. Each change is a revision; nothing is overwritten."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.context import Context, now
from dashboard.queries.segments import COLOURED
from database.engine import write
from database.runs import Segment, SegmentEdit, add_segment_edit, list_segments
from segmentation.errors import ConflictError, InvalidInputError, NotFoundError

LONGEST_NAME = 60
LONGEST_ACTION = 300


@dataclass(frozen=True)
class SegmentChange:
    """How a segment is to be called, shown and treated."""

    name: str
    colour: str
    action: str


def edit_segment(context: Context, run_id: str, segment_id: int, wanted: SegmentChange, author: str | None = None) -> SegmentEdit | None:
    """Change a segment; None where nothing is different. A name or a colour belongs to one segment of a run."""
    new = _checked(wanted)
    with write(context.engine) as conn:
        before = next((segment for segment in list_segments(conn, run_id) if segment.segment_id == segment_id), None)
        if before is None:
            raise NotFoundError("no_such_segment", "There is no such segment.", f"Run {run_id}, segment {segment_id}.")
        changes = {name: value for name, value in vars(new).items() if value != getattr(before, name)}
        if not changes:
            return None
        if "colour" in changes and new.colour not in COLOURED:
            raise InvalidInputError("no_such_colour", "There is no such colour.", fix="Choose one of the ten.")
        edit = add_segment_edit(conn, run_id, segment_id, changes, now(), author)
        # Only now, behind the lock that the edit took: what another person changed meanwhile is seen, and an error undoes the edit.
        _check_others([segment for segment in list_segments(conn, run_id) if segment.segment_id != segment_id], new)
        return edit


def _checked(wanted: SegmentChange) -> SegmentChange:
    name, action = " ".join(wanted.name.split()), wanted.action.strip()
    if not name:
        raise InvalidInputError("no_name", "The segment has no name.", fix="Give it one.")
    for what, text, limit in (("name", name, LONGEST_NAME), ("action", action, LONGEST_ACTION)):
        if len(text) > limit:
            raise InvalidInputError(f"{what}_too_long", f"The {what} has {len(text)} characters.", fix=f"Use {limit} at most.")
        if any(not letter.isprintable() and letter != "\n" for letter in text):
            raise InvalidInputError(f"bad_{what}", f"The {what} holds a character that cannot be shown.", fix="Type it again.")
    return SegmentChange(name, wanted.colour, action)


def _check_others(others: list[Segment], new: SegmentChange) -> None:
    if any(segment.name.casefold() == new.name.casefold() for segment in others):
        raise ConflictError("name_taken", f'Another segment is already called "{new.name}".', fix="Choose another name.")
    if any(segment.colour == new.colour for segment in others):
        raise ConflictError("colour_taken", "Another segment already has this colour.", fix="Choose another colour.")
