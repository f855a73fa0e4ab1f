"""The application as gunicorn has it, asked through Flask's test client."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from dashboard.app import create_app
from tests.dashboard.making import settings_for

Ask = Callable[..., TestResponse]


def address(rule: str) -> str:
    """An address that fits a rule, of something that is not there."""
    return re.sub(r"<[^>]*>", "0123456789abcdef", re.sub(r"<int[^>]*>", "1", rule))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on an empty store."""
    made = create_app(settings_for(tmp_path_factory.mktemp("app") / "var"))
    yield made
    made.extensions["clientele"].close()


@pytest.fixture
def ask(app: Flask, tmp_path: Path) -> Ask:
    """Return a function that asks as a program on this machine does; more headers may be given."""

    def send(method: str, path: str, headers: dict[str, str] | None = None, **body: object) -> TestResponse:
        sent = {"Host": "127.0.0.1:8050", **(headers or {})}
        return app.test_client().open(path, method=method, headers=sent, buffered=True, **body)  # type: ignore[arg-type]

    return send
