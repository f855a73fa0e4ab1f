"""A workbook to fill in, for those who have no file yet."""

from __future__ import annotations

from flask import Response

from dashboard.api.downloads import TYPES, stream_path
from dashboard.api.routes import Query, Routes
from dashboard.context import Context
from dashboard.exports.template import Kind, write_template

routes = Routes()
_NAMES: dict[Kind, str] = {"customers": "Customer list to fill in.xlsx", "transactions": "Order log to fill in.xlsx"}


class TemplateQuery(Query):
    """Which of the two kinds of file: a list with one row for each customer, or a log with one row for each order."""

    kind: Kind = "transactions"


@routes.add("GET /template.xlsx", "A workbook to fill in", "see", {TYPES[".xlsx"]: 200})
def get_template(_: Context, query: TemplateQuery) -> Response:
    """Return a workbook whose columns are understood without a question, with a sheet that explains them."""
    return stream_path(_NAMES[query.kind], lambda path: write_template(path, query.kind))
