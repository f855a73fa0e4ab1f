"""The one way to register a route: with the permission that it needs, its body and query checked, its answers named."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_origin, get_type_hints

from flask import Response, current_app, jsonify, request
from pydantic import BaseModel, ConfigDict, ValidationError

from dashboard.api.waiting import FailedByUsError
from dashboard.auth.actors import current_actor
from dashboard.auth.guard import LARGEST_BODY
from dashboard.auth.permissions import Permission, require
from dashboard.context import Context
from dashboard.errors import error_body, our_mistake, too_large
from segmentation.errors import InvalidInputError, NotFoundError

Method = Literal["GET", "POST", "PATCH", "DELETE"]
Function = Callable[..., "BaseModel | Response | None"]
_ID = re.compile(r"[0-9a-f]{16}")
_OF_FILES = frozenset({"customer_id"})
"""Ids that are not ours: whatever a file calls its customers."""
_MOST_PROBLEMS = 5


class Asked(BaseModel):
    """What a program sends: nothing unknown, nothing of another type."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Query(BaseModel):
    """What stands behind the question mark: texts that must read as what is wanted."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True)
class Route:
    """One route. ``answers`` names the model or the media type of each answer with its status; the model None is an empty one."""

    method: Method
    path: str  # as Flask writes it
    summary: str
    permission: Permission
    answers: Mapping[type[BaseModel] | str | None, int]
    takes: str | None  # the media type of a body that is not JSON
    function: Function

    @property
    def name(self) -> str:
        """The name of the function: unique, for programs made from the document."""
        return self.function.__name__

    def model(self, what: Literal["body", "query"]) -> type[BaseModel] | None:
        """Return what the function takes as body or query."""
        return get_type_hints(self.function).get(what)

    def answer(self, **path: Any) -> Response:
        """Ask for the permission, check what came, and answer."""
        require(current_actor(), self.permission)
        _check_ids(path)
        body, query = self.model("body"), self.model("query")
        asked = _read_query(query or Query)
        values = {**path, "query": asked} if query else dict(path)
        if body:
            values["body"] = _read_body(body)
        context: Context = current_app.extensions["clientele"]
        try:
            given = self.function(context, **values)
        except FailedByUsError as failed:
            response = jsonify(error_body(our_mistake(failed.reference), failed.reference))
            response.status_code = 500
            return response
        return given if isinstance(given, Response) else self._respond(given)

    def _respond(self, given: BaseModel | None) -> Response:
        if given is None:
            return Response(status=self.answers[None])
        return Response(given.model_dump_json(), self.answers[type(given)], mimetype="application/json")


class Routes:
    """The routes of one thing."""

    def __init__(self, prefix: str = "/api/v1") -> None:
        self._prefix = prefix
        self.all: list[Route] = []

    def add(
        self,
        what: str,
        summary: str,
        permission: Permission,
        answers: Mapping[type[BaseModel] | str | None, int],
        takes: str | None = None,
    ) -> Callable[[Function], Function]:
        """Register a function under ``"METHOD /path"``, the path below the prefix."""
        method, _, path = what.partition(" ")

        def decorate(function: Function) -> Function:
            self.all.append(Route(method, self._prefix + path, summary, permission, answers, takes, function))  # type: ignore[arg-type]
            return function

        return decorate


def author() -> str | None:
    """Return who asks, to be remembered with what is changed."""
    actor = current_actor()
    return actor.name if actor else None


def _check_ids(path: Mapping[str, Any]) -> None:
    """Answer before the store is asked: an id that cannot be one names nothing."""
    for name, value in path.items():
        if isinstance(value, str) and name not in _OF_FILES and not _ID.fullmatch(value):
            thing = name.removesuffix("_id")
            raise NotFoundError(f"no_such_{thing}", f"There is no such {thing}.", f"Its id would be {value[:40]!r}.")


def _read_body(model: type[BaseModel]) -> BaseModel:
    data = request.get_data(cache=False)
    if len(data) > LARGEST_BODY:  # its length was not declared, and it was cut there
        raise too_large(None, LARGEST_BODY)
    try:
        return model.model_validate_json(data)
    except ValidationError as error:
        raise _explain(error, "body") from None


def _read_query(model: type[BaseModel]) -> BaseModel:
    values = {
        name: given if (field := model.model_fields.get(name)) and get_origin(field.annotation) is tuple else given[-1]
        for name, given in request.args.lists()
    }
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise _explain(error, "address") from None


def _explain(error: ValidationError, where: str) -> InvalidInputError:
    """Say which parts do not fit; their values are left out: they may be a person's."""
    problems = error.errors(include_url=False, include_input=False, include_context=False)
    told = [f"{'.'.join(str(part) for part in problem['loc']) or where}: {problem['msg']}" for problem in problems[:_MOST_PROBLEMS]]
    return InvalidInputError(
        "bad_request", f"The {where} of this request does not fit.", "; ".join(told) + ".", "See /api/v1/openapi.json for what fits."
    )
