"""The web application: ``create_app`` makes one; importing this module does nothing."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl

import flask_bootstrap
from dash import MATCH, Dash, Input, Output, State
from dash.exceptions import DependencyException
from flask import Flask, Response, jsonify, request, send_from_directory
from werkzeug.exceptions import HTTPException, NotFound

from dashboard import api
from dashboard.auth.guard import install_guard, is_loopback
from dashboard.callbacks import Callbacks
from dashboard.components.basics import page_top
from dashboard.components.failures import failure
from dashboard.components.frame import NavEntry, frame, navigation
from dashboard.context import Context, open_context
from dashboard.errors import STATUS, error_body, our_mistake
from dashboard.pages import customers, data, overview, predict, segments, studio
from dashboard.pages import help as help_page
from dashboard.queries.health import check_readiness
from dashboard.settings import Settings
from database.tables import new_id
from segmentation.errors import AppError, ForbiddenError, NotFoundError

log = logging.getLogger(__name__)

_ASSETS = Path(__file__).resolve().parent.parent / "assets"
_LIBRARY = Path(flask_bootstrap.__file__).parent / "static" / "bootstrap5"
_LIBRARY_FILES = ("css/bootstrap.min.css",)
_LONGEST_VALUE = 200
_LONGEST_FILTER = 4_000
_LONG = ("filter", "columns")
_TITLES = {"not_found": "Not here", "forbidden": "Not allowed", "unavailable": "Not now"}
_LONGEST_SEARCH = 8_000
_MOST_NAMES = 50
_ANY_ADDRESS = "/<path:path>"
_PROGRAMS = ("_dash", "assets/", "library/")
"""Where addresses are for programs, to whom a page would say nothing."""
_INDEX = """<!DOCTYPE html>
<html lang="en">
<head>{%metas%}<title>{%title%}</title>{%favicon%}<script src="/assets/theme.js"></script>{%css%}</head>
<body>{%app_entry%}<footer>{%config%}{%scripts%}{%renderer%}</footer></body>
</html>"""


class Page(Protocol):
    """What a module of ``dashboard.pages`` offers."""

    PATH: str
    TITLE: str
    ICON: str
    GROUP: str

    def render(self, context: Context, query: Mapping[str, str]) -> Any:
        """Draw the page for an address."""

    def register_callbacks(self, callbacks: Callbacks) -> None:
        """Say what happens on it."""


PAGES: Sequence[Any] = (overview, segments, customers, data, studio, predict, help_page)
"""Every page, in the order of the navigation."""


def check_address(settings: Settings) -> None:
    """Refuse to listen where others could reach it: there is no login yet."""
    if not is_loopback(settings.host):
        raise ForbiddenError(
            "public_without_login",
            f"Listening on {settings.host} would let others in, and this version has no login.",
            fix="Leave CLIENTELE_HOST at 127.0.0.1.",
        )


def create_app(settings: Settings) -> Flask:
    """Make the application of one web process."""
    check_address(settings)
    context = open_context(settings)
    app = Flask("dashboard", static_folder=None)
    app.extensions["clientele"] = context
    _add_routes(app, context)
    dash = _make_dash(app)
    callbacks = Callbacks(dash, context)
    app.extensions["clientele-callbacks"] = callbacks
    _register_frame(callbacks)
    for page in PAGES:
        page.register_callbacks(callbacks)
    _refuse_unknown_addresses(app)
    install_guard(app, settings, dash.csp_hashes(), dash.callback_map)
    app.register_error_handler(Exception, _answer_error)
    return app


def _add_routes(app: Flask, context: Context) -> None:
    app.add_url_rule("/healthz", "healthz", lambda: jsonify(status="alive"))
    app.add_url_rule("/readyz", "readyz", lambda: _readiness(context))
    app.add_url_rule("/library/<path:name>", "library", _library_file)
    app.register_blueprint(api.create_blueprint())


def _make_dash(app: Flask) -> Dash:
    dash = Dash(
        "dashboard",
        server=app,  # type: ignore[arg-type]  # Dash says bool and takes a Flask
        assets_folder=str(_ASSETS),
        assets_ignore=r"theme\.js|.*\.md",
        external_stylesheets=["/library/css/bootstrap.min.css"],
        suppress_callback_exceptions=True,  # pages come into the frame later
        title="Clientele",
        update_title="",
        index_string=_INDEX,
        meta_tags=[{"name": "viewport", "content": "width=device-width, initial-scale=1"}],
        compress=True,
        enable_mcp=False,
        add_log_handler=False,
    )
    dash.layout = frame(_nav("/", {}))
    return dash


def _refuse_unknown_addresses(app: Flask) -> None:
    """Answer 404 where there is no page: Dash takes every address for one. A person still gets the frame, which says so."""
    show = app.view_functions[_ANY_ADDRESS]
    pages = {page.PATH for page in PAGES}

    def answer(path: str) -> tuple[Any, int]:
        if path.startswith(_PROGRAMS):
            raise NotFoundError("no_such_address", "There is nothing at this address.", f"The address is /{path}.")
        return show(path), 200 if f"/{path}" in pages else 404

    app.view_functions[_ANY_ADDRESS] = answer


def _nav(here: str, query: Mapping[str, str]) -> list[Any]:
    return navigation([NavEntry(page.PATH, page.TITLE, page.ICON, page.GROUP) for page in PAGES], here, query)


def _register_frame(callbacks: Callbacks) -> None:
    @callbacks.register(
        Output("page", "children"),
        Output("nav-links", "children"),
        Input("url", "pathname"),
        Input("url", "search"),
        permission="see",
        running=[(Output("frame", "data-busy"), "true", "false")],
    )
    def show_page(pathname: str | None, search: str | None) -> tuple[Any, Any]:
        path, query = pathname or "/", read_query(search)
        return _render(callbacks.context, path, query), _nav(path, query)

    where = {"type": "chart", "name": MATCH}, {"type": "chart-spec", "name": MATCH}
    callbacks.register_in_browser("draw", Output(where[0], "figure"), Input(where[1], "data"), Input("theme", "data"))
    callbacks.register_in_browser("theme", Output("theme", "data"), Input("theme-switch", "n_clicks"))
    callbacks.register_in_browser("arrive", Output("page-title", "children"), Input("page", "children"), State("url", "pathname"))


def read_query(search: str | None) -> dict[str, str]:
    """Read what stands behind the question mark of an address; each name once, nothing long."""
    text = (search or "").lstrip("?")
    is_readable = len(text) < _LONGEST_SEARCH and text.count("&") < _MOST_NAMES
    pairs = parse_qsl(text) if is_readable else []
    return {name: value for name, value in pairs if len(value) <= (_LONGEST_FILTER if name in _LONG else _LONGEST_VALUE)}


def _render(context: Context, path: str, query: Mapping[str, str]) -> Any:
    page = next((page for page in PAGES if path == page.PATH), None)
    try:
        if page is None:
            raise NotFoundError("no_such_page", "There is no such page.", f"The address is {path}.", "Choose one in the navigation.")
        return page.render(context, query)
    except AppError as error:
        return [page_top(_TITLES.get(error.kind, "This did not work")), failure(error)]


def _library_file(name: str) -> Response:
    if name not in _LIBRARY_FILES:
        raise NotFoundError("no_such_file", "There is no such file.")
    return send_from_directory(_LIBRARY, name, max_age=86_400)


def _readiness(context: Context) -> Response:
    checks = check_readiness(context)
    response = jsonify(status="ready" if all(checks.values()) else "not ready", **checks)
    response.status_code = 200 if all(checks.values()) else 503
    return response


def _answer_error(error: Exception) -> tuple[Response, int]:
    """Answer every error in the same form; of a bug only a reference, whose cause stands in the log."""
    if isinstance(error, AppError):
        return jsonify(error_body(error)), STATUS[error.kind]
    if isinstance(error, DependencyException):  # a file that Dash does not serve
        error = NotFound()
    if isinstance(error, HTTPException):
        code = error.code or 500
        plain = AppError(f"http_{code}", error.name + ".", error.description or "")
        return jsonify(error_body(plain)), code
    reference = new_id()
    log.error("request failed", extra={"reference": reference, "path": request.path}, exc_info=error)
    return jsonify(error_body(our_mistake(reference), reference)), 500
