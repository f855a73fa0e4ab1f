"""What people make of segments: names, colours, actions, texts. Each change is a revision; nothing is overwritten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.context import Context, now
from dashboard.queries.segments import COLOURED
from database.engine import write
from database.runs import Segment, SegmentEdit, add_segment_edit, list_segment_edits, list_segments
from segmentation.errors import ConflictError, InvalidInputError, NotFoundError

if TYPE_CHECKING:
    from sqlalchemy import Connection

LONGEST_NAME = 60
LONGEST_ACTION = 300
LONGEST_TEXT = 400
_LIMITS = {"name": LONGEST_NAME, "action": LONGEST_ACTION, "text": LONGEST_TEXT}


@dataclass(frozen=True)
class SegmentChange:
    """How a segment is to be called, shown, treated and described."""

    name: str
    colour: str
    action: str
    text: str = ""


def edit_segment(
    context: Context, run_id: str, segment_id: int, wanted: SegmentChange, author: str | None = None, since: int | None = None
) -> SegmentEdit | None:
    """Change a segment; None where nothing is different. A name or a colour belongs to one segment of a run.

    ``since`` is the revision that the person saw: only what differs from it is changed, and where somebody else changed the same
    meanwhile, nothing is.
    """
    new = vars(_checked(wanted))
    with write(context.engine) as conn:
        before = _find(list_segments(conn, run_id), run_id, segment_id)
        seen = before if since is None else _find(list_segments(conn, run_id, since), run_id, segment_id)
        changes = {name: value for name, value in new.items() if value not in (getattr(seen, name), getattr(before, name))}
        if not changes:
            return None
        edit = _keep(conn, run_id, segment_id, changes, author)
        if since is not None:
            _check_meanwhile(conn, edit, since)
        return edit


def undo_edit(context: Context, run_id: str, segment_id: int, author: str | None = None, since: int | None = None) -> SegmentEdit:
    """Take back the last change of a segment, as a change of its own: undone twice, it is there again.

    ``since`` is the revision that the person saw: a change that they have not seen is not taken back.
    """
    with write(context.engine) as conn:
        own = [edit for edit in list_segment_edits(conn, run_id) if edit.segment_id == segment_id]
        if not own:
            raise ConflictError("nothing_to_undo", "Nothing of this segment was changed.")
        earlier = _find(list_segments(conn, run_id, own[-1].revision - 1), run_id, segment_id)
        edit = _keep(conn, run_id, segment_id, {name: getattr(earlier, name) for name in own[-1].changes}, author)
        _check_seen(conn, edit, since)
        return edit


def restore_segment(
    context: Context, run_id: str, segment_id: int, author: str | None = None, since: int | None = None
) -> SegmentEdit | None:
    """Make a segment what it was when the run was computed; None where it is that. ``since`` as in ``undo_edit``."""
    with write(context.engine) as conn:
        before, first = (_find(list_segments(conn, run_id, revision), run_id, segment_id) for revision in (None, 0))
        changes = {name: getattr(first, name) for name in vars(SegmentChange("", "", "")) if getattr(first, name) != getattr(before, name)}
        if not changes:
            return None
        edit = _keep(conn, run_id, segment_id, changes, author)
        _check_seen(conn, edit, since)
        return edit


def _keep(conn: Connection, run_id: str, segment_id: int, changes: Mapping[str, str], author: str | None) -> SegmentEdit:
    if "colour" in changes and changes["colour"] not in COLOURED:
        raise InvalidInputError("no_such_colour", "There is no such colour.", fix="Choose one of the ten.")
    edit = add_segment_edit(conn, run_id, segment_id, changes, now(), author)
    # Only now, behind the lock that the edit took: what another person changed meanwhile is seen, and an error undoes the edit.
    segments = list_segments(conn, run_id)
    _check_others([segment for segment in segments if segment.segment_id != segment_id], _find(segments, run_id, segment_id))
    return edit


def _find(segments: Sequence[Segment], run_id: str, segment_id: int) -> Segment:
    found = next((segment for segment in segments if segment.segment_id == segment_id), None)
    if found is None:
        raise NotFoundError("no_such_segment", "There is no such segment.", f"Run {run_id}, segment {segment_id}.")
    return found


def _check_seen(conn: Connection, edit: SegmentEdit, since: int | None) -> None:
    """Refuse to take back what somebody else changed after the person had looked; looked at behind the lock."""
    for other in list_segment_edits(conn, edit.run_id):
        if since is not None and other.segment_id == edit.segment_id and since < other.revision < edit.revision:
            title = "Somebody else changed this segment meanwhile."
            raise ConflictError("changed_meanwhile", title, "Nothing was taken back.", "Close this, look at the history, and choose again.")


def _check_meanwhile(conn: Connection, edit: SegmentEdit, since: int) -> None:
    """Refuse an edit of what somebody else changed after the person had looked; looked at behind the lock, as the names of the others."""
    for other in list_segment_edits(conn, edit.run_id):
        for what in edit.changes if other.segment_id == edit.segment_id and since < other.revision < edit.revision else ():
            if what in other.changes:
                now_is = f'It is "{other.changes[what]}" now.' if other.changes[what] else "It is empty now."
                title = f"Somebody else changed the {what} meanwhile."
                raise ConflictError("changed_meanwhile", title, now_is, "Close this, look, and change it again.")


def _checked(wanted: SegmentChange) -> SegmentChange:
    texts = {"name": " ".join(wanted.name.split()), "action": wanted.action.strip(), "text": wanted.text.strip()}
    if not texts["name"]:
        raise InvalidInputError("no_name", "The segment has no name.", fix="Give it one.")
    for what, text in texts.items():
        if len(text) > _LIMITS[what]:
            raise InvalidInputError(f"{what}_too_long", f"The {what} has {len(text)} characters.", fix=f"Use {_LIMITS[what]} at most.")
        if any(not letter.isprintable() and letter != "\n" for letter in text):
            raise InvalidInputError(f"bad_{what}", f"The {what} holds a character that cannot be shown.", fix="Type it again.")
    return SegmentChange(colour=wanted.colour, **texts)


def _check_others(others: Sequence[Segment], own: Segment) -> None:
    if any(segment.name.casefold() == own.name.casefold() for segment in others):
        raise ConflictError("name_taken", f'Another segment is already called "{own.name}".', fix="Choose another name.")
    if any(segment.colour == own.colour for segment in others):
        raise ConflictError("colour_taken", "Another segment already has this colour.", fix="Choose another colour.")
