"""Runs: a dataset is segmented, and its labelled customers are taken away."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from flask import Response
from pydantic import BaseModel, Field

from dashboard.api.downloads import TYPES, stream_made
from dashboard.api.models import JobTicket
from dashboard.api.routes import Asked, Query, Routes, author
from dashboard.context import Context
from dashboard.workflows.exports import Format, request_export
from dashboard.workflows.publishing import publish
from dashboard.workflows.runs import request_run
from dashboard.workflows.segments import SegmentChange, edit_segment
from database import runs as store
from database.datasets import load_dataset
from database.engine import read
from database.jobs import Job
from segmentation.errors import NotFoundError
from segmentation.measures import recipe as recipes

routes = Routes()
_CSV, _XLSX = "text/csv", TYPES[".xlsx"]
_Text = Annotated[str, Field(max_length=2_000, pattern=r"^[^\x00]*$")]
_Number = Annotated[int, Field(ge=0, le=1_000_000)]


class RecipeChoices(Asked):
    """How to segment; what is left out is chosen."""

    features: tuple[_Text, ...] = ()
    scenario: _Text | None = None
    transform: recipes.Transform = "auto"
    cap: dict[_Text, float] = Field(default_factory=dict)
    missing: recipes.Missing = "drop"
    method: recipes.Method = "kmeans"
    n_clusters: int | None = None
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 42

    def as_recipe(self) -> recipes.Recipe:
        """Return the recipe."""
        return recipes.Recipe(**self.model_dump())


class RunOrder(Asked):
    """Which dataset to segment, and how."""

    dataset_id: _Text
    recipe: RecipeChoices = RecipeChoices()


class SegmentChanges(Asked):
    """What to call a segment, its colour (a letter), what to do with it, and what sets it apart in a person's words."""

    name: str | None = None
    colour: str | None = None
    action: str | None = None
    text: str | None = None


class Wanted(Query):
    """The segments whose customers are wanted, all customers where none is named."""

    segment: tuple[_Number, ...] = ()


class RunAnswer(BaseModel):
    """One run, with the number that people call it by. ``run`` is what came out of it, in the words of the command line's report."""

    run_id: str
    number: int | None
    dataset_id: str
    author: str | None
    created_at: datetime
    finished_at: datetime | None
    published_at: datetime | None
    recipe: dict[str, Any]
    algorithm_version: str
    fingerprint: str | None
    run: dict[str, Any]


class SegmentAnswer(BaseModel):
    """One segment as it is called now. Shares from 0 to 1; the share of revenue is null without money."""

    segment_id: int
    name: str
    colour: str
    action: str
    text: str
    size: int
    share_customers: float
    share_revenue: float | None
    stability: float | None
    verdict: str
    rule: str | None
    differences: list[str]
    remarks: list[str] = []
    name_because: str


class SegmentRevision(BaseModel):
    """One change of a segment: some of name, colour, action, text."""

    revision: int
    segment_id: int
    changes: dict[str, str]
    author: str | None
    created_at: datetime


class SegmentHistory(BaseModel):
    """What people changed in the segments of a run, the oldest first."""

    run_id: str
    revisions: list[SegmentRevision]


class SegmentList(BaseModel):
    """The segments of a run; ``revision`` counts what people changed."""

    run_id: str
    revision: int
    segments: list[SegmentAnswer]


@routes.add("POST /runs", "Segment a dataset", "run", {JobTicket: 202, RunAnswer: 200})
def start_run(context: Context, body: RunOrder) -> JobTicket | RunAnswer:
    """Queue a segmentation; a recipe that was computed before is answered with its run."""
    recipe = body.recipe.as_recipe()
    with read(context.engine) as conn:
        load_dataset(conn, body.dataset_id)
    known = request_run(context, body.dataset_id, recipe, author())
    return JobTicket(job_id=known.id) if isinstance(known, Job) else _answer(known)


@routes.add("GET /runs/<run_id>", "A run", "see", {RunAnswer: 200})
def get_run(context: Context, run_id: str) -> RunAnswer:
    """Return a finished run."""
    with read(context.engine) as conn:
        return _answer(store.load_run(conn, run_id))


@routes.add("GET /runs/<run_id>/segments", "The segments of a run", "see", {SegmentList: 200})
def get_segments(context: Context, run_id: str) -> SegmentList:
    """Return the segments as they are called now."""
    with read(context.engine) as conn:
        store.load_run(conn, run_id)
        segments = [_segment(segment) for segment in store.list_segments(conn, run_id)]
        return SegmentList(run_id=run_id, revision=store.load_revision(conn, run_id), segments=segments)


@routes.add("GET /runs/<run_id>/segments/history", "What people changed in the segments", "see", {SegmentHistory: 200})
def get_history(context: Context, run_id: str) -> SegmentHistory:
    """Return every change of a name, colour, action or text."""
    with read(context.engine) as conn:
        store.load_run(conn, run_id)
        edits = store.list_segment_edits(conn, run_id)
    names = ("revision", "segment_id", "changes", "author", "created_at")
    revisions = [SegmentRevision.model_validate({name: getattr(edit, name) for name in names}) for edit in edits]
    return SegmentHistory(run_id=run_id, revisions=revisions)


@routes.add("PATCH /runs/<run_id>/segments/<int(max=1000000):segment_id>", "Rename a segment", "edit", {SegmentAnswer: 200})
def change_segment(context: Context, run_id: str, segment_id: int, body: SegmentChanges) -> SegmentAnswer:
    """Change name, colour, action or text of a segment; what is not named stays."""
    now = _find_segment(context, run_id, segment_id)
    wanted = {"name": now.name, "colour": now.colour, "action": now.action, "text": now.text, **body.model_dump(exclude_none=True)}
    edit_segment(context, run_id, segment_id, SegmentChange(**wanted), author())
    return _segment(_find_segment(context, run_id, segment_id))


@routes.add("POST /runs/<run_id>/publish", "Make a run the team's", "edit", {RunAnswer: 200})
def publish_run(context: Context, run_id: str) -> RunAnswer:
    """Make a run the one that every page shows."""
    return _answer(publish(context, run_id))


@routes.add("GET /runs/<run_id>/customers.csv", "The customers with their segments, as CSV", "export", {_CSV: 200})
def get_customers_csv(context: Context, run_id: str, query: Wanted) -> Response:
    """Return one row a customer."""
    return _download(context, run_id, "csv", query)


@routes.add("GET /runs/<run_id>/customers.xlsx", "The customers with their segments, as a workbook", "export", {_XLSX: 200})
def get_customers_workbook(context: Context, run_id: str, query: Wanted) -> Response:
    """Return one row a customer."""
    return _download(context, run_id, "xlsx", query)


def _download(context: Context, run_id: str, kind: Format, query: Wanted) -> Response:
    return stream_made(context, request_export(context, run_id, kind, author(), query.segment or None))


def _find_segment(context: Context, run_id: str, segment_id: int) -> store.Segment:
    with read(context.engine) as conn:
        found = [segment for segment in store.list_segments(conn, run_id) if segment.segment_id == segment_id]
        store.load_run(conn, run_id)
    if not found:
        raise NotFoundError("no_such_segment", "There is no such segment.", f"Run {run_id}, segment {segment_id}.")
    return found[0]


def _answer(run: store.Run) -> RunAnswer:
    names = ("dataset_id", "author", "created_at", "finished_at", "published_at", "recipe", "algorithm_version", "fingerprint")
    report = run.report or {}
    told = {"run_id": run.id, "number": report.get("number"), "run": report["run"]}
    return RunAnswer.model_validate({**told, **{name: getattr(run, name) for name in names}})


def _segment(segment: store.Segment) -> SegmentAnswer:
    current = {name: getattr(segment, name) for name in ("segment_id", "name", "colour", "action", "text", "size")}
    return SegmentAnswer.model_validate({**segment.profile, **current})
