"""The service on either store, as for the tests of the HTTP interface."""

from __future__ import annotations

from tests.dashboard.api.conftest import app, client, local, local_app  # noqa: F401
from tests.dashboard.conftest import context, postgres_server, postgres_url, settings  # noqa: F401
