"""Every storage test runs on both stores: SQLite in a file and a real Postgres."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from database.engine import create_engine_for, write
from database.migrate import upgrade
from tests.postgres import postgres_server, postgres_url  # noqa: F401


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.sqlite'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def make_engine() -> Iterator[Callable[[str], Engine]]:
    """Make engines, each with connections of its own as processes have, and close them all after the test."""
    made: list[Engine] = []

    def make(url: str) -> Engine:
        made.append(create_engine_for(url))
        return made[-1]

    yield make
    for engine in made:
        engine.dispose()


@pytest.fixture
def empty_engine(store_url: str, make_engine: Callable[[str], Engine]) -> Engine:
    """An empty store without tables."""
    return make_engine(store_url)


@pytest.fixture
def engine(empty_engine: Engine) -> Engine:
    """A store with its tables."""
    upgrade(empty_engine)
    return empty_engine


@pytest.fixture
def conn(engine: Engine) -> Iterator[Connection]:
    """One transaction on a store with its tables."""
    with write(engine) as connection:
        yield connection
