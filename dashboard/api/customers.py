"""Customers as a list: what a filter and a search leave, page by page and as a file."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
from flask import Response
from pydantic import BaseModel, Field

from dashboard.api.downloads import stream_made
from dashboard.api.routes import Query, Routes, author
from dashboard.auth.actors import current_actor
from dashboard.auth.permissions import allow
from dashboard.context import Context
from dashboard.queries.customer_list import ID, ListColumn
from dashboard.queries.customers import Found, Wanted, find_customers, read_rows, read_sort
from dashboard.queries.moved import read_moved
from dashboard.workflows.customer_files import request_customers
from database.datasets import Dataset, load_dataset
from database.engine import read
from database.runs import Run, load_run
from segmentation.errors import InvalidInputError
from segmentation.measures.filters import read_filter

routes = Routes()
_Text = Annotated[str, Field(max_length=4_000, pattern=r"^[^\x00]*$")]
_Id = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]


class Looked(Query):
    """Which customers: a filter (``country:France|Spain;age:25..35``), and words that stand in the id or any text.

    Capitals and accents make no difference; words that nobody has together are looked for one by one.
    ``moved`` names those who moved from one segment to another since the run that this one goes on with: ``2..4``, ``-1..4`` for new ones.
    """

    filter: _Text = ""
    moved: Annotated[str, Field(pattern=r"^((-1|[0-9]{1,9})\.\.[0-9]{1,9})?$")] = ""
    search: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] = ""


class Listed(Looked):
    """Sorted by a column (a minus before it: the largest first; ``@id`` where nothing is said), up to 1,000 from a cursor on."""

    sort: _Text = ""
    limit: Annotated[int, Field(ge=1, le=1_000)] = 100
    cursor: Annotated[str, Field(pattern=r"^[0-9]{0,12}$")] = ""


class ListedOfDataset(Listed):
    """The same, with the segments of a run of the dataset where one is named."""

    run: _Id | None = None


class LookedInDataset(Looked):
    """The same, with the segments of a run of the dataset where one is named."""

    run: _Id | None = None


class ColumnAnswer(BaseModel):
    """A column of the list; ``kind``: text, number, money or day. The values of a hidden one are null: they are personal data."""

    name: str
    label: str
    kind: str
    hidden: bool


class ListedCustomer(BaseModel):
    """A customer with the values by the names of the columns, null where there is none; days as 2026-10-31."""

    customer_id: str | None
    segment_id: int | None
    segment: str | None
    values: dict[str, str | float | None]


class CustomerPage(BaseModel):
    """``count`` and ``revenue`` are of all that the filter and the search leave; ``next_cursor`` asks for more, null at the end."""

    dataset_id: str
    run_id: str | None
    count: int
    revenue: float | None
    columns: list[ColumnAnswer]
    customers: list[ListedCustomer]
    next_cursor: str | None


@routes.add("GET /runs/<run_id>/customers", "The customers of a run, page by page", "see", {CustomerPage: 200})
def list_customers_of_run(context: Context, run_id: str, query: Listed) -> CustomerPage:
    """Return customers with their segments. Personal data are null, not searched and not sorted by without the right to export."""
    run = _load_run(context, run_id)
    return _page(context, _load(context, run.dataset_id), run, query)


@routes.add("GET /datasets/<dataset_id>/customers", "The customers of a dataset, page by page", "see", {CustomerPage: 200})
def list_customers(context: Context, dataset_id: str, query: ListedOfDataset) -> CustomerPage:
    """Return customers. Personal data are null, not searched and not sorted by without the right to export."""
    return _page(context, _load(context, dataset_id), _run_of(context, dataset_id, query.run), query)


@routes.add("GET /datasets/<dataset_id>/customers.csv", "Exactly the customers that a filter leaves, as CSV", "export", {"text/csv": 200})
def get_listed_customers(context: Context, dataset_id: str, query: LookedInDataset) -> Response:
    """Return one row a customer with the columns of the labelled file; rows and total spend are checked first."""
    run = _run_of(context, dataset_id, query.run)
    wanted = Wanted(read_filter(query.filter), query.search, sees_personal=True, moved=read_moved(query.moved))
    return stream_made(context, request_customers(context, dataset_id, run.id if run else None, wanted, author()))


def _load(context: Context, dataset_id: str) -> Dataset:
    with read(context.engine) as conn:
        return load_dataset(conn, dataset_id)


def _load_run(context: Context, run_id: str) -> Run:
    with read(context.engine) as conn:
        return load_run(conn, run_id)


def _run_of(context: Context, dataset_id: str, run_id: str | None) -> Run | None:
    run = _load_run(context, run_id) if run_id else None
    if run and run.dataset_id != dataset_id:
        raise InvalidInputError(
            "other_dataset", "This run is of another dataset.", f"Run {run.id}.", "Name a run of this dataset, or none."
        )
    return run


def _page(context: Context, dataset: Dataset, run: Run | None, query: Listed) -> CustomerPage:
    sees_personal = allow(current_actor(), "export")
    sort, is_down = read_sort(query.sort)
    wanted = Wanted(read_filter(query.filter), query.search, sort, is_down, sees_personal, read_moved(query.moved))
    found = find_customers(context, dataset, run, wanted)
    start = int(query.cursor or 0)
    places = found.places[start : start + query.limit]
    columns = [column for column in found.customers.columns.values() if column.kind not in ("id", "segment")]
    end = start + int(places.size)
    return CustomerPage(
        dataset_id=dataset.id,
        run_id=run.id if run else None,
        count=found.n,
        revenue=found.revenue,
        columns=[_column(column, sees_personal) for column in columns],
        customers=_customers(found, places, columns, sees_personal),
        next_cursor=str(end) if places.size and end < found.n else None,
    )


def _column(column: ListColumn, sees_personal: bool) -> ColumnAnswer:
    return ColumnAnswer(name=column.name, label=column.label, kind=column.kind, hidden=column.is_personal and not sees_personal)


def _customers(found: Found, places: np.ndarray, columns: list[ListColumn], sees_personal: bool) -> list[ListedCustomer]:
    own = [found.customers.columns[name] for name in (ID, "@segment")]
    names = {segment.segment_id: segment.name for segment in found.segments}
    rows: list[list[Any]] = read_rows(found, places, [*own, *columns], sees_personal)
    return [
        ListedCustomer(
            customer_id=row[0],
            segment_id=row[1],
            segment=names.get(row[1]),
            values={column.name: value for column, value in zip(columns, row[2:], strict=True)},
        )
        for row in rows
    ]
