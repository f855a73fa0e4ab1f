"""B9: eight files at the same moment all land, and the same file twice is one dataset."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest
from flask import Flask

from dashboard.workflows.datasets import ImportRequest
from tests.bars.at_once import check_datasets, send_at_once
from tests.bars.programs import Inside, Outside
from tests.browser.serving import Service
from tests.dashboard.api.conftest import working
from tests.dashboard.making import small_log

FILES = [small_log(20, seed).encode() for seed in (1, 2, 3, 4, 5, 6, 7, 1)]


@pytest.mark.slow
def test_eight_at_once(tmp_path: Path) -> None:
    with Service(tmp_path, demo=False) as service:
        program = Outside(service.url)
        check_datasets(program, FILES, send_at_once(program, FILES))
        assert "locked" not in service.log.read_text("utf-8")


def test_two_at_once_on_either_store(app: Flask) -> None:
    with working(app.extensions["clientele"]):
        program = Inside(app.test_client())
        check_datasets(program, FILES[:1] * 2, send_at_once(program, FILES[:1] * 2))


def test_the_check_sees_the_same_file_twice(local_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: a file is not known by its content."""
    monkeypatch.setattr(ImportRequest, "content", property(lambda _: secrets.token_hex(32)))
    with working(local_app.extensions["clientele"]):
        program = Inside(local_app.test_client())
        ids = send_at_once(program, FILES[:1] * 2)
        with pytest.raises(AssertionError, match="1 different files became 2 datasets"):
            check_datasets(program, FILES[:1] * 2, ids)
