"""The HTTP interface: one module for each thing, one way to register a route (``routes``), the document of all of them (``openapi``)."""

from __future__ import annotations

from flask import Blueprint


def create_blueprint() -> Blueprint:
    """Make the routes below ``/api/v1``."""
    return Blueprint("api", __name__, url_prefix="/api/v1")
