"""Datasets: a file is imported, and what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from flask import Response
from pydantic import BaseModel, Field, TypeAdapter

from dashboard.api.downloads import stream_path
from dashboard.api.models import Changes, Finding, JobTicket, ReceiptLine
from dashboard.api.routes import Asked, Query, Routes, author
from dashboard.api.uploads import Derived, UploadChanges, merge_choices
from dashboard.auth.actors import current_actor
from dashboard.auth.permissions import allow
from dashboard.context import Context
from dashboard.queries.changes import write_changes
from dashboard.queries.filtering import refuse_personal
from dashboard.queries.overview import load_overview
from dashboard.queries.rejected import write_stored_rejected
from dashboard.queries.sources import load_source
from dashboard.workflows.tidying import drop_dataset
from dashboard.workflows.uploads import request_upload_import
from database import datasets as store
from database.engine import read
from database.runs import list_runs, load_run
from database.uploads import load_upload
from segmentation.errors import NotFoundError
from segmentation.measures.filters import MOST_CHARACTERS, read_filter
from segmentation.measures.overview import Overview

routes = Routes()
_CSV = "text/csv"
_OVERVIEW: TypeAdapter[Overview] = TypeAdapter(Overview)


class DatasetOrder(Asked):
    """Which file to import, under which name, and what was decided about it (else what was decided on the upload).

    ``append_to`` adds its rows to a dataset (the newer row of a customer or order wins), ``replaces`` makes it the next version of one;
    ``details`` is a second upload, a customer list whose columns are put beside the lines of a log.
    """

    upload_id: str
    name: Annotated[str | None, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")] = None
    append_to: str | None = None
    replaces: str | None = None
    details: str | None = None
    mapping: dict[str, str] = Field(default_factory=dict)
    options: UploadChanges = UploadChanges()


class DatasetSummary(BaseModel):
    """One dataset. Money in the currency of the file."""

    dataset_id: str
    name: str
    kind: str
    created_at: datetime
    published_at: datetime | None
    parent_id: str | None
    author: str | None
    is_demo: bool
    rows_read: int
    rows_kept: int
    rows_rejected: int
    customers: int
    revenue: float | None
    currency: str | None


class DatasetList(BaseModel):
    """All datasets, the newest first."""

    datasets: list[DatasetSummary]


class DatasetAnswer(DatasetSummary):
    """One dataset with its account: how the file was read, which rows were set aside, what was noticed, which runs there are."""

    file: str | None
    date_min: str | None
    date_max: str | None
    dialect: dict[str, Any]
    mapping: dict[str, str]
    derived: list[Derived] = []
    receipt: list[ReceiptLine]
    findings: list[Finding]
    changes: Changes | None
    runs: list[str]


class OverviewQuery(Query):
    """``filter`` as in the page's address: ``country:France|Spain;age:25..35;@days:2011-01-01..2011-06-30``. ``run`` is the segmentation
    whose segments ``@segment`` means.
    """

    filter: Annotated[str, Field(max_length=MOST_CHARACTERS)] = ""
    run: str | None = None


class OverviewAnswer(BaseModel):
    """What the page Overview shows."""

    dataset_id: str
    overview: dict[str, Any]


@routes.add("POST /datasets", "Import a file that was sent", "import", {JobTicket: 202})
def import_file(context: Context, body: DatasetOrder) -> JobTicket:
    """Queue the import; the job's result has the dataset_id."""
    mapping = dict(body.mapping)
    changes: dict[str, Any] = body.options.model_dump(exclude_unset=True)
    changes |= {name: value for name in ("append_to", "replaces", "details") if (value := getattr(body, name)) is not None}
    if "customer" in mapping:
        changes["customer"] = mapping.pop("customer")
    if mapping:
        changes["roles"] = {**changes.get("roles", {}), **mapping}
    with read(context.engine) as conn:
        known = load_upload(conn, body.upload_id).choices
    choices = merge_choices(known, body.options.model_validate(changes))
    return JobTicket(job_id=request_upload_import(context, body.upload_id, body.name, choices, author()).id)


@routes.add("GET /datasets", "All datasets", "see", {DatasetList: 200})
def list_datasets(context: Context) -> DatasetList:
    """Return all datasets."""
    with read(context.engine) as conn:
        return DatasetList(datasets=[DatasetSummary(**_facts(dataset)) for dataset in store.list_datasets(conn)])


@routes.add("GET /datasets/<dataset_id>", "A dataset with its receipt and findings", "see", {DatasetAnswer: 200})
def get_dataset(context: Context, dataset_id: str) -> DatasetAnswer:
    """Return one dataset."""
    with read(context.engine) as conn:
        dataset = store.load_dataset(conn, dataset_id)
        runs = [run.id for run in list_runs(conn, dataset_id)]
    facts = _published(dataset)
    report = facts.details["report"]
    more = {name: report[name] for name in ("date_min", "date_max", "dialect", "mapping", "derived") if name in report}
    receipt, findings, file = facts.receipt, facts.findings, dataset.source.get("file")
    account = {"receipt": receipt, "findings": findings, "changes": facts.details.get("changes")}
    return DatasetAnswer.model_validate({**_facts(dataset), **more, **account, "file": file, "runs": runs})


@routes.add("GET /datasets/<dataset_id>/overview", "Who the customers are and what they do", "see", {OverviewAnswer: 200})
def get_overview(context: Context, dataset_id: str, query: OverviewQuery) -> OverviewAnswer:
    """Return what the page Overview shows, of all customers or of what a filter leaves."""
    with read(context.engine) as conn:
        dataset = store.load_dataset(conn, dataset_id)
        if query.run is not None and load_run(conn, query.run).dataset_id != dataset_id:
            raise NotFoundError("no_such_run", "There is no such run of this dataset.")
    chosen = read_filter(query.filter)
    if not allow(current_actor(), "export"):
        refuse_personal(load_source(context, dataset), chosen.columns)
    overview = load_overview(context, dataset, chosen, query.run)
    return OverviewAnswer(dataset_id=dataset_id, overview=_OVERVIEW.dump_python(overview, mode="json"))


@routes.add("GET /datasets/<dataset_id>/rejected.csv", "The rows that were set aside, and why", "export", {_CSV: 200})
def get_rejected(context: Context, dataset_id: str) -> Response:
    """Return row, column, value and reason of every row that was set aside."""
    with read(context.engine) as conn:
        dataset = store.load_dataset(conn, dataset_id)
    return stream_path(f"{dataset.name[:60]} - rows set aside.csv", lambda path: write_stored_rejected(context, dataset_id, path))


@routes.add("GET /datasets/<dataset_id>/changes.csv", "Who is new, gone or changed since the version before", "export", {_CSV: 200})
def get_changes(context: Context, dataset_id: str) -> Response:
    """Return customer_id, change and the money before and after, of every customer that is not the same as in the version before."""
    with read(context.engine) as conn:
        dataset = store.load_dataset(conn, dataset_id)
    return stream_path(f"{dataset.name[:60]} - what changed.csv", lambda path: write_changes(context, dataset, path))


@routes.add("DELETE /datasets/<dataset_id>", "Delete a dataset and its runs", "delete", {None: 204})
def delete_dataset(context: Context, dataset_id: str) -> None:
    """Delete a dataset; nobody sees it from now on."""
    drop_dataset(context, dataset_id, author())


def _facts(dataset: store.Dataset) -> dict[str, Any]:
    facts = _published(dataset)
    return {
        "dataset_id": dataset.id,
        "name": dataset.name,
        "kind": dataset.kind,
        "created_at": dataset.created_at,
        "published_at": dataset.published_at,
        "parent_id": dataset.parent_id,
        "author": dataset.author,
        "is_demo": bool(dataset.source.get("is_demo")),
        "rows_read": facts.rows_read,
        "rows_kept": facts.rows_kept,
        "rows_rejected": facts.rows_rejected,
        "customers": facts.n_customers,
        "revenue": float(facts.revenue) if facts.revenue is not None else None,
        "currency": facts.currency,
    }


def _published(dataset: store.Dataset) -> store.Facts:
    if dataset.facts is None:
        raise ValueError(f"dataset {dataset.id} is not published")
    return dataset.facts
