"""A program that talks to the service over HTTP, and a worker that does what it asks for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.app import create_app
from dashboard.context import Context
from dashboard.settings import Settings
from tests.dashboard.making import settings_for
from tests.dashboard.working import work_off

BASE = "http://127.0.0.1"


def make_app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings.model_copy(update={"max_upload_mb": 2}))
    yield app
    app.extensions["clientele"].close()


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application on either store."""
    yield from make_app(settings)


@pytest.fixture
def local_app(tmp_path: Path) -> Iterator[Flask]:
    """The application on SQLite, for what does not depend on the store."""
    yield from make_app(settings_for(tmp_path / "var"))


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    """A program, with a worker beside the web process."""
    with working(app.extensions["clientele"]):
        yield app.test_client()


@pytest.fixture
def local(local_app: Flask) -> FlaskClient:
    """A program without a worker."""
    return local_app.test_client()


class working:  # noqa: N801 - reads as a block
    """Works off jobs in a thread while the block runs."""

    def __init__(self, context: Context) -> None:
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work, args=(context,))
        self._error: BaseException | None = None

    def _work(self, context: Context) -> None:
        try:
            while not self._over.wait(0.02):
                work_off(context)
        except BaseException as error:
            self._error = error

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: Any) -> None:
        self._over.set()
        self._thread.join()
        if self._error:
            raise self._error
