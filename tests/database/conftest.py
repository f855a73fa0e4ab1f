"""Every storage test runs on both stores: SQLite in a file and a real Postgres."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, inspect

from database.engine import create_engine_for, write
from database.migrate import upgrade
from database.tables import metadata
from tests.postgres import new_database, postgres_server, postgres_url  # noqa: F401


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> str:
    """Which of the two stores."""
    return str(request.param)


@pytest.fixture
def store_url(store: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store."""
    if store == "sqlite":
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


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite store with its tables, to be copied: quicker than to migrate each."""
    path = tmp_path_factory.mktemp("migrated") / "store.sqlite"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_database(postgres_server: str) -> Iterator[str]:  # noqa: F811
    """The same on Postgres: one database for all tests that leave the shape of its tables alone."""
    with new_database(postgres_server) as url:
        _migrate(url)
        yield url


@pytest.fixture
def engine(store: str, request: pytest.FixtureRequest, tmp_path: Path, make_engine: Callable[[str], Engine]) -> Engine:
    """A store with its tables, empty."""
    if store == "sqlite":
        path = shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "store.sqlite")
        return make_engine(f"sqlite:///{path}")
    engine = make_engine(request.getfixturevalue("migrated_database"))
    _empty(engine)
    return engine


@pytest.fixture
def conn(engine: Engine) -> Iterator[Connection]:
    """One transaction on a store with its tables."""
    with write(engine) as connection:
        yield connection


def _migrate(url: str) -> None:
    engine = create_engine_for(url)
    upgrade(engine)
    engine.dispose()


def _empty(engine: Engine) -> None:
    """Remove what the test before left; to make a new database for each takes longer than the tests."""
    with write(engine) as connection:
        for name in set(inspect(connection).get_table_names()) - set(metadata.tables) - {"alembic_version"}:
            connection.exec_driver_sql(f'DROP TABLE "{name}"')
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
