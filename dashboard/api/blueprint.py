"""All routes together, with the document of them, and an answer for every address below ``/api`` that is none of them."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request
from pydantic import BaseModel, ConfigDict
from werkzeug.routing import Map, Rule

from dashboard.api import customers, datasets, downloads, jobs, migration, predict, recipes, reports, runs, templates, uploads
from dashboard.api.openapi import describe_routes
from dashboard.api.page import draw_page
from dashboard.api.routes import Route, Routes
from dashboard.context import Context
from dashboard.errors import error_body
from segmentation.errors import AppError, NotFoundError

PERMISSIONS = "clientele-permissions"
"""Under this name the application keeps which endpoint takes which permission."""
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

routes = Routes(prefix="/api")


class Document(BaseModel):
    """The document that you are reading."""

    model_config = ConfigDict(extra="allow")

    openapi: str


@routes.add("GET /v1/openapi.json", "What this interface can do, for tools", "see", {Document: 200})
def get_document(_: Context) -> Document:
    """Return the OpenAPI document."""
    return Document.model_validate(describe_routes(all_routes()))


@routes.add("GET ", "What this interface can do, to read", "see", {"text/html": 200})
def get_page(_: Context) -> Response:
    """Return a page to read."""
    return Response(draw_page(describe_routes(all_routes()), request.host_url), mimetype="text/html")


def all_routes() -> list[Route]:
    """Return every route, in the order of the journey."""
    parts = (templates, uploads, datasets, recipes, jobs, runs, reports, migration, customers, predict, downloads)
    return [route for each in parts for route in each.routes.all] + routes.all


def create_blueprint() -> Blueprint:
    """Make the routes below ``/api``."""
    blueprint = Blueprint("api", __name__)
    permissions = {}
    for route in all_routes():
        blueprint.add_url_rule(route.path, route.name, route.answer, methods=[route.method])
        permissions[f"api.{route.name}"] = route.permission
    for path, methods in (("/api", _METHODS[1:]), ("/api/", _METHODS), ("/api/<path:_>", _METHODS)):
        blueprint.add_url_rule(path, "nothing", _answer_nothing, methods=methods)
    permissions["api.nothing"] = "see"
    blueprint.record_once(lambda state: state.app.extensions.update({PERMISSIONS: permissions}))
    return blueprint


def _answer_nothing(_: str = "") -> tuple[Response, int]:
    """Say that there is no such address, or what else can be done with it."""
    known = Map([Rule(route.path, methods=[route.method]) for route in all_routes()]).bind("").allowed_methods(request.path)
    where = request.path[:200]
    if not known:
        raise NotFoundError("no_such_route", "There is no such address.", where, "See /api for what there is.")
    allowed = ", ".join(sorted(known))
    error = AppError("wrong_method", f"This cannot be done with {request.method}.", where, f"It takes {allowed}.")
    response = jsonify(error_body(error))
    response.headers["Allow"] = allowed
    return response, 405
