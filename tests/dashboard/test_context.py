"""What a process works with: private folders, a cache that can only miss, logs without what is in the cells."""

from __future__ import annotations

import json
import logging
import pickle
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr

from dashboard.app import check_address, create_app
from dashboard.context import AnswerCache, Context, now, open_context
from dashboard.logs import JsonLines
from dashboard.queries.health import check_readiness
from dashboard.workflows.processes import this_worker
from database.engine import write
from database.migrate import current, head
from database.workers import beat
from segmentation.errors import ForbiddenError, UnavailableError
from tests.dashboard.making import settings_for


def test_a_service_opens_on_nothing_and_keeps_its_folders_to_itself(context: Context) -> None:
    assert current(context.engine) == head()
    for folder in (context.settings.data_dir, context.snapshots, context.scratch):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert now().tzinfo is not None


def test_a_data_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UnavailableError, match="data folder"):
        open_context(settings_for(tmp_path / "file" / "var"))


def test_answers_are_kept_as_json_and_shared_by_processes_of_the_host(tmp_path: Path) -> None:
    first, second = (open_context(settings_for(tmp_path / "var")) for _ in range(2))
    assert first.cache.find("key") is None
    first.cache.keep("key", {"n": 1, "names": ["ü"]})
    assert second.cache.find("key") == {"n": 1, "names": ["ü"]}
    contents = [path.read_bytes() for path in (tmp_path / "var" / "cache").iterdir()]
    assert any(b'{"n": 1' in content for content in contents)
    for opened in (first, second):
        opened.close()


class Trap:
    """What a planted pickle would do."""

    def __reduce__(self):
        return pytest.fail, ("a planted pickle was run",)


def test_a_planted_pickle_is_a_miss(tmp_path: Path) -> None:
    context = open_context(settings_for(tmp_path / "var"))
    context.cache.keep("key", {"n": 1})
    for path in (tmp_path / "var" / "cache").iterdir():
        path.write_bytes(path.read_bytes()[:4] + pickle.dumps(Trap()))
    assert context.cache.find("key") is None
    context.close()


def test_a_cache_out_of_order_is_a_miss() -> None:
    class Broken:
        def get(self, key: str) -> object:
            raise ConnectionError(key)

        def set(self, key: str, value: object, timeout: int | None = None) -> None:
            raise ConnectionError(key)

    cache = AnswerCache(Broken())
    cache.keep("key", {"n": 1})
    assert cache.find("key") is None


def test_redis_that_is_not_there_is_a_miss(tmp_path: Path) -> None:
    settings = settings_for(tmp_path / "var")
    context = open_context(settings.model_copy(update={"cache_url": SecretStr("redis://127.0.0.1:1/0")}))
    context.cache.keep("key", {"n": 1})
    assert context.cache.find("key") is None
    context.close()


def test_a_line_of_the_log_is_json_with_ids() -> None:
    record = logging.makeLogRecord({"msg": "job %s", "args": ("done",), "levelname": "INFO", "job": "abc"})
    line = json.loads(JsonLines().format(record))
    assert (line["event"], line["level"], line["job"]) == ("job done", "info", "abc")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::", "example.org"])
def test_others_are_not_let_in_without_a_login(host: str, tmp_path: Path) -> None:
    with pytest.raises(ForbiddenError, match="login"):
        check_address(settings_for(tmp_path).model_copy(update={"host": host}))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.8.8.8"])
def test_the_loopback_is_served(host: str, tmp_path: Path) -> None:
    check_address(settings_for(tmp_path).model_copy(update={"host": host}))


@pytest.fixture
def client(context: Context) -> Iterator[FlaskClient]:
    """A browser before the service."""
    app = create_app(context.settings)
    yield app.test_client()
    app.extensions["clientele"].close()


def test_alive_is_one_thing_and_ready_another(context: Context, client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "alive"}
    waiting = client.get("/readyz")
    assert (waiting.status_code, waiting.json) == (503, {"status": "not ready", "database": True, "disk": True, "worker": False})
    with write(context.engine) as conn:
        beat(conn, this_worker(), now())
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json["status"]) == (200, "ready")
    assert ready.headers["Cache-Control"] == "no-store"


def test_a_store_that_is_away_is_not_ready_and_no_error(tmp_path: Path) -> None:
    context = open_context(settings_for(tmp_path / "var"))
    context.close()
    (tmp_path / "var" / "clientele.sqlite").unlink()
    (tmp_path / "var" / "clientele.sqlite").mkdir()
    assert check_readiness(context) == {"database": False, "disk": True, "worker": False}
