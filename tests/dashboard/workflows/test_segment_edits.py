"""Names, colours and actions that people give: checked, one segment each, in the next file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from dashboard.context import Context
from dashboard.workflows.datasets import ImportRequest, request_import
from dashboard.workflows.doing import finish_own_job
from dashboard.workflows.exports import request_export
from dashboard.workflows.runs import request_run
from dashboard.workflows.segments import (
    LONGEST_ACTION,
    LONGEST_NAME,
    LONGEST_TEXT,
    SegmentChange,
    edit_segment,
    restore_segment,
    undo_edit,
)
from dashboard.workflows.staging import local_copy, staged
from database.engine import read
from database.runs import list_segment_edits, list_segments
from segmentation.errors import AppError, NotFoundError
from segmentation.measures.recipe import Recipe
from tests.dashboard.making import small_log


@pytest.fixture
def run_id(context: Context, tmp_path) -> str:
    path = tmp_path / "log.csv"
    path.write_text(small_log())
    with staged(context, path) as file:
        dataset_id = finish_own_job(context, request_import(context, ImportRequest(file, "Shop")))["dataset_id"]
    return finish_own_job(context, request_run(context, dataset_id, Recipe(n_clusters=3)))["run_id"]


def segments_of(context: Context, run_id: str) -> list:
    with read(context.engine) as conn:
        return list(list_segments(conn, run_id))


def test_a_change_is_a_revision_with_its_author_and_in_the_next_file(context: Context, run_id: str) -> None:
    edit = edit_segment(context, run_id, 2, SegmentChange("  Our   regulars ", "F", "Write to them. "), "somebody")
    assert edit is not None
    assert edit.changes == {"name": "Our regulars", "colour": "F", "action": "Write to them."}
    with read(context.engine) as conn:
        (kept,) = list_segment_edits(conn, run_id)
    assert (kept.revision, kept.author, kept.changes) == (1, "somebody", edit.changes)
    result = finish_own_job(context, request_export(context, run_id, "csv"))
    with local_copy(context, result["file_id"]) as path:
        assert "Our regulars" in path.read_text()


def test_only_what_differs_is_kept_and_nothing_where_nothing_does(context: Context, run_id: str) -> None:
    first = segments_of(context, run_id)[0]
    assert edit_segment(context, run_id, 1, SegmentChange(first.name, first.colour, first.action)) is None
    edit = edit_segment(context, run_id, 1, SegmentChange(first.name, first.colour, "Call them."))
    assert edit is not None
    assert edit.changes == {"action": "Call them."}


def test_two_segments_may_not_share_a_name_or_a_colour(context: Context, run_id: str) -> None:
    first, second, _ = segments_of(context, run_id)
    with pytest.raises(AppError) as name:
        edit_segment(context, run_id, 2, SegmentChange(first.name.upper(), second.colour, second.action))
    with pytest.raises(AppError) as colour:
        edit_segment(context, run_id, 2, SegmentChange(second.name, first.colour, second.action))
    assert (name.value.code, colour.value.code) == ("name_taken", "colour_taken")
    assert segments_of(context, run_id)[1] == second
    with read(context.engine) as conn:
        assert list_segment_edits(conn, run_id) == []


def test_a_name_that_was_given_up_is_free(context: Context, run_id: str) -> None:
    first, second, _ = segments_of(context, run_id)
    edit_segment(context, run_id, 1, SegmentChange("Another", first.colour, first.action))
    assert edit_segment(context, run_id, 2, SegmentChange(first.name, second.colour, second.action)) is not None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": "  "}, "no_name"),
        ({"name": "x" * (LONGEST_NAME + 1)}, "name_too_long"),
        ({"action": "x" * (LONGEST_ACTION + 1)}, "action_too_long"),
        ({"text": "x" * (LONGEST_TEXT + 1)}, "text_too_long"),
        ({"name": "Bell\x07"}, "bad_name"),
        ({"colour": "Z"}, "no_such_colour"),
        ({"colour": ""}, "no_such_colour"),
        ({"colour": "FG"}, "no_such_colour"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(context: Context, run_id: str, changes: dict, code: str) -> None:
    second = segments_of(context, run_id)[1]
    with pytest.raises(AppError) as error:
        edit_segment(context, run_id, 2, SegmentChange(**{"name": "New", "colour": second.colour, "action": "", **changes}))
    assert error.value.code == code
    assert segments_of(context, run_id)[1] == second


def test_the_longest_name_and_an_empty_action_are_taken(context: Context, run_id: str) -> None:
    second = segments_of(context, run_id)[1]
    assert edit_segment(context, run_id, 2, SegmentChange("x" * LONGEST_NAME, second.colour, "")) is not None


def test_a_segment_that_is_not_there_is_not_found(context: Context, run_id: str) -> None:
    with pytest.raises(NotFoundError):
        edit_segment(context, run_id, 9, SegmentChange("Nobody", "J", ""))


def changed(segment, **changes: str) -> SegmentChange:
    return SegmentChange(**{"name": segment.name, "colour": segment.colour, "action": segment.action, "text": segment.text, **changes})


def test_a_text_stays_until_it_is_emptied(context: Context, run_id: str) -> None:
    first = segments_of(context, run_id)[0]
    assert first.text == ""
    edit_segment(context, run_id, 1, changed(first, text=" They come by train.\nAll of them. "))
    assert segments_of(context, run_id)[0].text == "They come by train.\nAll of them."
    edit_segment(context, run_id, 1, changed(first, text=""))
    assert segments_of(context, run_id)[0] == first


def test_the_last_change_is_taken_back_and_brought_again(context: Context, run_id: str) -> None:
    first = segments_of(context, run_id)[0]
    edit_segment(context, run_id, 1, changed(first, name="Friends"))
    edit_segment(context, run_id, 1, changed(first, name="Stars", action="Call."))
    edit_segment(context, run_id, 2, changed(segments_of(context, run_id)[1], name="Others"))
    edit = undo_edit(context, run_id, 1, "somebody")
    assert (edit.changes, edit.author) == ({"name": "Friends", "action": first.action}, "somebody")
    assert [segment.name for segment in segments_of(context, run_id)][:2] == ["Friends", "Others"]
    assert undo_edit(context, run_id, 1).changes == {"name": "Stars", "action": "Call."}


def test_what_was_never_changed_cannot_be_taken_back(context: Context, run_id: str) -> None:
    with pytest.raises(AppError) as error:
        undo_edit(context, run_id, 1)
    assert error.value.code == "nothing_to_undo"
    assert restore_segment(context, run_id, 1) is None


def test_a_segment_becomes_what_was_computed_and_its_history_stays(context: Context, run_id: str) -> None:
    first = segments_of(context, run_id)[0]
    edit_segment(context, run_id, 1, changed(first, name="Friends", colour="J", action="Call.", text="Ours."))
    assert restore_segment(context, run_id, 1) is not None
    assert segments_of(context, run_id)[0] == first
    with read(context.engine) as conn:
        assert [edit.revision for edit in list_segment_edits(conn, run_id)] == [1, 2]


def test_a_name_that_another_took_meanwhile_does_not_come_back(context: Context, run_id: str) -> None:
    first, second, _ = segments_of(context, run_id)
    edit_segment(context, run_id, 1, changed(first, name="Friends"))
    edit_segment(context, run_id, 2, changed(second, name=first.name))
    for take_back in (undo_edit, restore_segment):
        with pytest.raises(AppError) as error:
            take_back(context, run_id, 1)
        assert error.value.code == "name_taken"
    assert [segment.name for segment in segments_of(context, run_id)][:2] == ["Friends", first.name]


def test_two_people_at_once_keep_what_each_changed(context: Context, run_id: str) -> None:
    first = segments_of(context, run_id)[0]
    edit_segment(context, run_id, 1, changed(first, name="Friends"), "one", since=0)
    edit = edit_segment(context, run_id, 1, changed(first, action="Call."), "two", since=0)
    assert edit is not None
    assert edit.changes == {"action": "Call."}
    assert segments_of(context, run_id)[0].name == "Friends"


@pytest.mark.parametrize("take_back", [undo_edit, restore_segment])
def test_a_change_that_nobody_has_seen_is_not_taken_back(context: Context, run_id: str, take_back: Callable[..., object]) -> None:
    first = segments_of(context, run_id)[0]
    edit_segment(context, run_id, 1, changed(first, name="Friends"), "one", since=0)
    edit_segment(context, run_id, 1, changed(first, action="Call."), "two", since=0)
    with pytest.raises(AppError) as error:
        take_back(context, run_id, 1, "one", since=1)
    assert error.value.code == "changed_meanwhile"
    assert segments_of(context, run_id)[0] == replace(first, name="Friends", action="Call.")
    assert take_back(context, run_id, 1, "one", since=2) is not None


def test_two_people_who_change_the_same_are_told(context: Context, run_id: str) -> None:
    first = segments_of(context, run_id)[0]
    edit_segment(context, run_id, 1, changed(first, name="Friends"), "one", since=0)
    with pytest.raises(AppError) as error:
        edit_segment(context, run_id, 1, changed(first, name="Stars"), "two", since=0)
    assert error.value.code == "changed_meanwhile"
    assert "Friends" in error.value.detail
    assert edit_segment(context, run_id, 1, changed(first, name="Friends"), "two", since=0) is None
    assert segments_of(context, run_id)[0].name == "Friends"
