"""The one way to register a callback: with the permission that it needs, its inputs checked, its errors shown to the person."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Sequence
from typing import Any, get_type_hints

import dash
import orjson
from dash import ClientsideFunction, Dash, no_update
from pydantic import TypeAdapter

from dashboard.auth.actors import current_actor
from dashboard.auth.permissions import Permission, require
from dashboard.components.failures import failure
from dashboard.context import Context
from dashboard.errors import our_mistake
from database.tables import new_id
from segmentation.errors import AppError, InvalidInputError

log = logging.getLogger(__name__)

NOTICE = "notice"
"""Where an error is shown that a callback did not place itself."""


class Callbacks:
    """The callbacks of one application; ``permissions`` says for each output what it takes to call it."""

    def __init__(self, app: Dash, context: Context) -> None:
        self._app = app
        self.context = context
        self.permissions: dict[str, Permission] = {}

    def register(self, *where: Any, permission: Permission, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Register a function as Dash's ``callback`` does; its values are checked against its annotations (JSON types only)."""

        def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
            known = set(self._app.callback_map)
            self._app.callback(*where, **options)(_guarded(function, permission))
            for output in set(self._app.callback_map) - known:
                self.permissions[output] = permission
            return function

        return decorate

    def register_in_browser(self, name: str, *where: Any, **options: Any) -> None:
        """Register a function of ``assets/`` (namespace ``clientele``), which sees only what the browser already has."""
        connect: Callable[..., Any] = self._app.clientside_callback
        connect(ClientsideFunction("clientele", name), *where, **options)


def as_text(value: Any) -> str:
    """Return figures and components as JSON for a function in the browser, without the copy of all of it that Dash makes first."""
    return orjson.dumps(value, default=lambda part: part.to_plotly_json(), option=orjson.OPT_SERIALIZE_NUMPY).decode()


def _guarded(function: Callable[..., Any], permission: Permission) -> Callable[..., Any]:
    types: list[TypeAdapter[Any]] = [TypeAdapter(hint) for name, hint in get_type_hints(function).items() if name != "return"]

    @functools.wraps(function)
    def call(*values: Any) -> Any:
        try:
            require(current_actor(), permission)
            _check_values(values, types)
            return function(*values)
        except AppError as error:
            return _show(error)
        except Exception:
            reference = new_id()
            log.exception("callback failed", extra={"reference": reference, "callback": function.__qualname__})
            return _show(our_mistake(reference))

    return call


def _show(error: AppError) -> Any:
    """Leave the outputs as they are and tell the person."""
    dash.set_props(NOTICE, {"children": failure(error)})
    return _as_they_are(dash.ctx.outputs_list)


def _as_they_are(outputs: Any) -> Any:
    """Return for each output, a list for those of a pattern, that it stays."""
    return [_as_they_are(each) for each in outputs] if isinstance(outputs, list) else no_update


def _check_values(values: tuple[Any, ...], types: Sequence[TypeAdapter[Any]]) -> None:
    """Refuse what no page of ours would send: anybody can post a body of their own making."""
    try:
        for value, kind in zip(values, types, strict=True):
            kind.validate_python(value, strict=True)
    except ValueError:
        raise InvalidInputError("bad_request", "The page sent something that does not fit.", fix="Reload the page.") from None
