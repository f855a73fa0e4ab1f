"""The document of all routes as a page to read: plain HTML, no script of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

_PAGE = Markup("""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Clientele: for programs</title>
<script src="/assets/theme.js"></script>
<link rel="icon" href="/_favicon.ico"><link rel="stylesheet" href="/library/css/bootstrap.min.css">{styles}</head>
<body class="page-api"><main>
<h1>Clientele, for programs</h1>
<p>What the pages do, a program can do too: JSON in and out. An error has a code, a title, a detail and what to do next.
The same as a document for tools: <a href="/api/v1/openapi.json">openapi.json</a>. <a href="/">Back to the pages.</a></p>
<section class="card"><h2>A file in, named segments out</h2><pre>{example}</pre></section>
{routes}
</main></body></html>
""")
_STYLES = ("10-clientele.css", "46-api.css")
_EXAMPLE = """curl -X POST --data-binary @orders.csv -H "X-Filename: orders.csv" {base}/api/v1/uploads
curl -X POST --json '{{"upload_id": "..."}}' {base}/api/v1/datasets
curl {base}/api/v1/jobs/...
curl -X POST --json '{{"dataset_id": "...", "recipe": {{"n_clusters": 4}}}}' {base}/api/v1/runs
curl -o customers.csv {base}/api/v1/runs/.../customers.csv"""
_ROUTE = Markup("""<section class="card" id="{name}"><h2><span class="method">{method}</span> <code>{path}</code></h2>
<p>{summary}. {description} <span class="permission">Takes the permission to {permission}.</span></p>
{parts}</section>""")
_PARAMETER = Markup("<li><code>{name}</code> <small>{type}, in the {where}</small> {note}</li>")
_FIELD = Markup("<li><code>{name}</code> <small>{type}</small></li>")
_MODEL = Markup("<h3>{title}</h3><p>{about}</p><ul>{fields}</ul>")


def draw_page(document: Mapping[str, Any], base: str) -> str:
    """Return the page; ``base`` is the address of this service."""
    schemas = document["components"]["schemas"]
    routes = [_draw(path, method, told, schemas) for path, methods in document["paths"].items() for method, told in methods.items()]
    return _PAGE.format(
        styles=_join(Markup('<link rel="stylesheet" href="/assets/{}">').format(name) for name in _STYLES),
        example=_EXAMPLE.format(base=base.rstrip("/")),
        routes=_join(routes),
    )


def _draw(path: str, method: str, told: Mapping[str, Any], schemas: Mapping[str, Any]) -> Markup:
    parts = []
    if told["parameters"]:
        parts.append(_MODEL.format(title="Parameters", about="", fields=_join(_draw_parameter(each) for each in told["parameters"])))
    for media, content in told.get("requestBody", {}).get("content", {}).items():
        parts.append(_draw_schema("Body", media, content.get("schema", {}), schemas))
    for status, answer in told["responses"].items():
        if status != "default":
            content = answer.get("content", {"": {}})
            parts += [_draw_schema(f"Answer {status}", media, of.get("schema", {}), schemas) for media, of in content.items()]
    return _ROUTE.format(
        name=told["operationId"],
        method=method.upper(),
        path=path,
        summary=told["summary"],
        description=_plain(told["description"]),
        permission=told["x-permission"],
        parts=_join(parts),
    )


def _draw_schema(title: str, media: str, schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Markup:
    names = [each["$ref"] for each in schema.get("anyOf", [schema]) if "$ref" in each]
    if not names:
        return Markup("<h3>{} <small>{}</small></h3>").format(title, media or "empty")
    models = [schemas[name.rpartition("/")[2]] for name in names]
    return _join(_MODEL.format(title=title, about=_plain(model.get("description", "")), fields=_draw_fields(model)) for model in models)


def _draw_fields(model: Mapping[str, Any]) -> Markup:
    return _join(_FIELD.format(name=name, type=_type(of)) for name, of in model.get("properties", {}).items())


def _draw_parameter(told: Mapping[str, Any]) -> Markup:
    return _PARAMETER.format(name=told["name"], type=_type(told["schema"]), where=told["in"], note=_plain(told.get("description", "")))


def _plain(text: str) -> str:
    return " ".join(text.replace("``", "").split())


def _join(parts: Iterable[Markup]) -> Markup:
    return Markup("").join(parts)


def _type(schema: Mapping[str, Any]) -> str:
    """Return a type in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(_type(each) for each in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(str(each) for each in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type", "anything"))
