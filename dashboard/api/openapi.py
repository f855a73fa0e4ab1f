"""The document of all routes (OpenAPI 3.1), made from the very table that they are registered in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from dashboard.api.models import ErrorAnswer
from dashboard.api.routes import Route

_VARIABLE = re.compile(r"<(?:(?P<kind>\w+)(?:\([^)]*\))?:)?(?P<name>\w+)>")
_JSON = "application/json"
_Use = tuple[type[BaseModel], Literal["validation", "serialization"]]
_FILE_NAME = {
    "name": "X-Filename",
    "in": "header",
    "description": "The name of the file, percent-encoded UTF-8 where it is not plain.",
    "schema": {"type": "string"},
}


def describe_routes(routes: Sequence[Route]) -> dict[str, Any]:
    """Return the document."""
    references, definitions = models_json_schema(sorted(_models(routes), key=str), ref_template="#/components/schemas/{model}")
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(readable_path(route.path), {})[route.method.lower()] = _describe(route, references)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Clientele",
            "version": "1",
            "description": "Files in, named segments out. JSON in and out; errors have one form. x-permission names what it takes.",
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": definitions.get("$defs", {})},
    }


def readable_path(path: str) -> str:
    """Return ``/runs/<run_id>`` as ``/runs/{run_id}``."""
    return _VARIABLE.sub(lambda found: f"{{{found['name']}}}", path)


def _models(routes: Sequence[Route]) -> set[_Use]:
    found: set[_Use] = {(ErrorAnswer, "serialization")}
    for route in routes:
        found |= {(answer, "serialization") for answer in route.answers if isinstance(answer, type)}
        if body := route.model("body"):
            found.add((body, "validation"))
    return found


def _describe(route: Route, references: Mapping[Any, Any]) -> dict[str, Any]:
    answers: dict[str, Any] = {"default": _answer("What went wrong.", _JSON, references[ErrorAnswer, "serialization"])}
    for answer, status in route.answers.items():
        _add_answer(answers, str(status), answer, references)
    told: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "description": (route.function.__doc__ or "").strip(),
        "x-permission": route.permission,
        "parameters": [*_path_parameters(route), *_query_parameters(route), *([_FILE_NAME] if route.takes else [])],
        "responses": answers,
    }
    if body := route.model("body"):
        told["requestBody"] = {"required": True, "content": {_JSON: {"schema": references[body, "validation"]}}}
    elif route.takes:
        told["requestBody"] = {"required": True, "content": {route.takes: {}}}
    return told


def _add_answer(answers: dict[str, Any], status: str, answer: type[BaseModel] | str | None, references: Mapping[Any, Any]) -> None:
    if answer is None:
        answers[status] = {"description": HTTPStatus(int(status)).phrase}
    elif isinstance(answer, str):
        answers[status] = _answer("A file." if answer != "text/html" else "A page.", answer, {"type": "string"})
    elif status in answers:  # one status, two forms
        schema = answers[status]["content"][_JSON]["schema"]
        answers[status]["content"][_JSON]["schema"] = {"anyOf": [schema, references[answer, "serialization"]]}
    else:
        answers[status] = _answer((answer.__doc__ or "").strip(), _JSON, references[answer, "serialization"])


def _answer(description: str, media: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {media: {"schema": schema}}}


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": found["name"], "in": "path", "required": True, "schema": {"type": "integer" if found["kind"] == "int" else "string"}}
        for found in _VARIABLE.finditer(route.path)
    ]


def _query_parameters(route: Route) -> list[dict[str, Any]]:
    query = route.model("query")
    if query is None:
        return []
    about = (query.__doc__ or "").strip()
    return [{"name": name, "in": "query", "description": about, "schema": schema} for name, schema in _properties(query).items()]


def _properties(model: type[BaseModel]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = model.model_json_schema()["properties"]
    return found
