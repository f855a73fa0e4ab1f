"""What a process of the service works with: settings, store, folders, cache and clock."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from cachelib.serializers import JSONSerializer

from dashboard.settings import Settings
from database.engine import create_engine_for
from database.migrate import upgrade
from segmentation.errors import UnavailableError

if TYPE_CHECKING:
    from sqlalchemy import Engine

log = logging.getLogger(__name__)

_MOST_ANSWERS = 5_000
_KEEP_ANSWERS_S = 7 * 86_400


def now() -> datetime:
    """Return the time: the one clock of the service."""
    return datetime.now(UTC)


class _Backend(Protocol):
    def get(self, key: str) -> Any: ...
    def set(self, key: str, value: Any, timeout: int | None = None) -> Any: ...


class AnswerCache:
    """Answers that were computed before. Whatever goes wrong with it is a miss, never an error.

    Answers are kept as JSON: a pickle that somebody planted in the folder or in Redis would run.
    """

    def __init__(self, backend: _Backend) -> None:
        self._backend = backend

    def find(self, key: str) -> Any:
        """Return what was kept under a key, None where there is nothing."""
        try:
            return self._backend.get(key)
        except Exception as error:
            log.warning("cache unreadable", extra={"error": type(error).__name__})
            return None

    def keep(self, key: str, value: Mapping[str, Any] | list[Any]) -> None:
        """Keep plain JSON values under a key that names everything they depend on."""
        try:
            self._backend.set(key, value, timeout=_KEEP_ANSWERS_S)
        except Exception as error:
            log.warning("cache unwritable", extra={"error": type(error).__name__})


@dataclass(frozen=True)
class Context:
    """One process's way to everything outside it."""

    settings: Settings
    engine: Engine
    cache: AnswerCache

    @property
    def lease(self) -> timedelta:
        """How long a job is held without a word of its worker."""
        return timedelta(seconds=self.settings.job_lease_s)

    @property
    def snapshots(self) -> Path:
        """Datasets as memory-mapped files, made from the store whenever one is missing."""
        return self.settings.data_dir / "snapshots"

    @property
    def scratch(self) -> Path:
        """A folder for each process that works, for what must not outlive it: files being read, files being written."""
        return self.settings.data_dir / "scratch"

    def close(self) -> None:
        """Close the connections to the store."""
        self.engine.dispose()


def open_context(settings: Settings) -> Context:
    """Make the folders, bring the store to this version, and return the way to both."""
    settings = settings.model_copy(update={"data_dir": settings.data_dir.resolve()})
    if settings.store_may_vanish:
        log.warning("the store is a file on a disk that this host may empty at every release: give DATABASE_URL")
    engine = create_engine_for(settings.database_url)
    context = Context(settings, engine, AnswerCache(_open_backend(settings)))
    for folder in (context.snapshots, context.scratch):
        make_private_folder(folder)
    upgrade(engine)
    return context


def make_private_folder(folder: Path) -> None:
    """Make a folder, and those above it, that only this user may look into."""
    try:
        for part in (*reversed(folder.parents), folder):
            part.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise UnavailableError(
            "no_data_folder",
            f'The data folder "{folder}" cannot be made: {error.strerror}.',
            fix="Give CLIENTELE_DATA_DIR a folder that is yours.",
        ) from error


def _open_backend(settings: Settings) -> _Backend:
    from flask_caching.backends import FileSystemCache, RedisCache

    if settings.cache_url is None:
        folder = settings.data_dir / "cache"
        make_private_folder(folder)

        class JsonFiles(FileSystemCache):  # its own serializer would be pickle, also for the count that it writes when it is made
            serializer = JSONSerializer()  # type: ignore[assignment]

        backend: Any = JsonFiles(str(folder), threshold=_MOST_ANSWERS)
    else:
        import redis

        client = redis.Redis.from_url(settings.cache_url.get_secret_value(), socket_timeout=1, socket_connect_timeout=1)
        backend = RedisCache(host=client, key_prefix="clientele:")
        backend.serializer = JSONSerializer()
    return backend
