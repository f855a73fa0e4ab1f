"""The place where a file is dropped; ``assets/upload.js`` does the sending."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.components.basics import icon


def drop_zone(limit_mb: int, goes: str | None = None) -> html.Div:
    """Draw the zone with its button, and an empty place for what the script says: how far it is, or what went wrong.

    ``goes`` is the address of the page for a file that has arrived, to be ended with the id of the upload; Data where none is given.
    """
    words = html.P([html.B("Drop a file here"), html.Br(), f"CSV, XLSX, XLS or ODS, up to {limit_mb:,} MB"])
    inside = html.Div([html.Span(icon("upload"), className="fi"), words, _choose()], className="drop")
    facts: dict[str, Any] = {"data-upload-zone": "true", "data-limit-mb": str(limit_mb), **({"data-upload-goes": goes} if goes else {})}
    state: dict[str, Any] = {"data-upload-state": "true"}
    return html.Div([inside, html.Div(**state)], className="zone", **facts)


def _choose() -> html.Button:
    facts: dict[str, Any] = {"data-upload-choose": "true"}
    return html.Button("Choose a file", type="button", className="btn primary big", **facts)


def template_offer() -> html.P:
    """Draw the way to a workbook to fill in."""
    links = [
        html.A(words, href=f"/api/v1/template.xlsx?kind={kind}", download="template.xlsx", className="lk")
        for kind, words in (("transactions", "for orders"), ("customers", "for customers"))
    ]
    return html.P(["Filling it in by hand? Excel template ", links[0], " or ", links[1], "."], className="or")
