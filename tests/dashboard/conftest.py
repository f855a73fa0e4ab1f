"""What tests of the service share: a context on either store, and small files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.context import Context, open_context
from dashboard.settings import Settings
from tests.dashboard.making import settings_for
from tests.postgres import postgres_server, postgres_url  # noqa: F401


@pytest.fixture(params=["sqlite", "postgres"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """The settings of a service on an empty store, once on SQLite and once on Postgres."""
    address = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
    return settings_for(tmp_path / "var", address)


@pytest.fixture
def context(settings: Settings) -> Iterator[Context]:
    """A service on an empty store."""
    opened = open_context(settings)
    yield opened
    opened.close()
