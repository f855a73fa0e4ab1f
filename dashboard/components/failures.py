"""An error where it happened: what, where, what to do; the code in a fold-out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html

from dashboard.components.basics import icon
from segmentation.errors import AppError


def failure(error: AppError | Mapping[str, Any], *beside: Any) -> html.Div:
    """Draw an error, of this request or as a job kept it; ``beside`` holds what can be done about it."""
    facts = _facts(error)
    words = [
        html.P(html.B(facts["title"])),
        html.P(" ".join(part for part in (facts["detail"], facts["fix"]) if part)),
        html.Details([html.Summary("For support"), html.Span(f"Code: {facts['code']}")]),
        *beside,
    ]
    return html.Div([icon("warning"), html.Div(words)], className="failure", role="alert")


def _facts(error: AppError | Mapping[str, Any]) -> dict[str, str]:
    if isinstance(error, AppError):
        return {"code": error.code, "title": error.title, "detail": error.detail, "fix": error.fix}
    return {name: str(error.get(name) or "") for name in ("code", "title", "detail", "fix")}
