"""Names, colours and actions that people give: checked, one segment each, in the next file."""

from __future__ import annotations

import pytest

from dashboard.context import Context
from dashboard.workflows.datasets import ImportRequest, request_import
from dashboard.workflows.doing import finish_own_job
from dashboard.workflows.exports import request_export
from dashboard.workflows.runs import request_run
from dashboard.workflows.segments import LONGEST_ACTION, LONGEST_NAME, SegmentChange, edit_segment
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
