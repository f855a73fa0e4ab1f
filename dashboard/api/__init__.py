"""The HTTP interface: one module for each thing, one way to register a route (``routes``), the document of all of them (``openapi``)."""

from dashboard.api.blueprint import PERMISSIONS, create_blueprint

__all__ = ["PERMISSIONS", "create_blueprint"]
