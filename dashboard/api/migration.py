"""Who moved where between two runs."""

from __future__ import annotations

from flask import Response
from pydantic import BaseModel, Field

from dashboard.api.downloads import stream_path
from dashboard.api.routes import Query, Routes
from dashboard.context import Context
from dashboard.queries.migration import find_migration, write_migration

routes = Routes()
_CSV = "text/csv"


class From(Query):
    """The run to compare with; without it the one that this run goes on with."""

    from_run: str | None = Field(None, alias="from")


class Cell(From):
    """Which customers: of a segment of the earlier run (``old``), of this one (``new``), or of both. 0: not segmented, -1: not there."""

    old: int | None = None
    new: int | None = None


class Side(BaseModel):
    """A row or a column: a segment, 0 for customers without one, -1 for customers who are not in that dataset."""

    segment_id: int
    name: str


class MigrationAnswer(BaseModel):
    """Customers and money (total by then, null without money) for each pair of segments: rows are the earlier run's, columns this one's."""

    run_id: str
    from_run: str
    rows: list[Side]
    columns: list[Side]
    customers: list[list[int]]
    money_before: list[list[float]] | None
    money_after: list[list[float]] | None


@routes.add("GET /runs/<run_id>/migration", "Who moved where since another run", "see", {MigrationAnswer: 200})
def get_migration(context: Context, run_id: str, query: From) -> MigrationAnswer:
    """Return the matrix of customers and money."""
    found = find_migration(context, run_id, query.from_run)
    matrix = found.matrix
    return MigrationAnswer(
        run_id=found.run.id,
        from_run=found.earlier.id,
        rows=[Side(segment_id=each, name=found.old_names[each]) for each in matrix.old],
        columns=[Side(segment_id=each, name=found.new_names[each]) for each in matrix.new],
        customers=matrix.customers.tolist(),
        money_before=None if matrix.money_before is None else matrix.money_before.tolist(),
        money_after=None if matrix.money_after is None else matrix.money_after.tolist(),
    )


@routes.add("GET /runs/<run_id>/migration.csv", "The customers behind a cell of that matrix", "export", {_CSV: 200})
def get_migration_list(context: Context, run_id: str, query: Cell) -> Response:
    """Return customer_id, both segments and both sums of money."""
    return stream_path("who moved.csv", lambda path: write_migration(context, path, run_id, query.from_run, query.old, query.new))
