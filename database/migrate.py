"""Bring the tables of a store to this version of the product, or back. Processes that start at once wait for one another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine

from database.engine import alter, read
from segmentation.errors import ConflictError

Steps = Callable[[ScriptDirectory, Any], Any]


def upgrade(engine: Engine) -> None:
    """Make or alter the tables as this version needs them, in one transaction; do nothing where they already are so."""
    if current(engine) != head():
        _migrate(engine, lambda script, revision: script._upgrade_revs("head", revision))


def downgrade(engine: Engine, revision: str) -> None:
    """Go back to an older revision; ``"base"`` is the empty store. What only the newer one could keep is lost."""
    _migrate(engine, lambda script, current_revision: script._downgrade_revs(revision, current_revision))


def current(engine: Engine) -> str | None:
    """Return the revision of the store, None where it is empty."""
    with read(engine) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """Return the revision that this version of the product needs."""
    return str(_scripts().get_current_head())


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(Path(__file__).parent / "migrations"))


def _migrate(engine: Engine, steps: Steps) -> None:
    script = _scripts()
    environment = EnvironmentContext(Config(), script, fn=lambda revision, _: _steps_from(script, steps, revision))
    with alter(engine) as connection, environment:
        environment.configure(connection=connection)
        environment.run_migrations()


def _steps_from(script: ScriptDirectory, steps: Steps, revision: Any) -> Any:
    try:
        return steps(script, revision)
    except CommandError as error:
        raise ConflictError(
            "store_is_newer",
            "The store was written by a newer version of the product.",
            f"Its revision is {', '.join(revision) if revision else 'none'}, this version knows up to {script.get_current_head()}.",
            "Start the newer version.",
        ) from error
