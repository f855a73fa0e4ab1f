"""The tables of the store, except each dataset version's own (``datasets.version_table``)."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    TypeDecorator,
    false,
    text,
)
from sqlalchemy.types import TypeEngine


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, always with its time zone in Python; SQLite keeps it as UTC text, which sorts by time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _: Dialect) -> datetime | None:
        """Refuse a moment without a zone: the two stores would guess differently."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _: Dialect) -> datetime | None:
        """Give the zone back that SQLite does not keep."""
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactDecimal(TypeDecorator[Decimal]):
    """A number with a fixed count of decimals, never a float: NUMERIC in Postgres, whole units of 10**-scale in SQLite."""

    impl = BigInteger
    cache_ok = True

    def __init__(self, scale: int) -> None:
        super().__init__()
        self.scale = scale

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Take 19 digits in Postgres: every int64 fits."""
        return dialect.type_descriptor(Numeric(19, self.scale) if dialect.name == "postgresql" else BigInteger())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Decimal | int | None:
        """Refuse decimals that would be lost."""
        if value is None:
            return None
        units = value.scaleb(self.scale)
        if units != units.to_integral_value():
            raise ValueError(f"{value} has more than {self.scale} decimals")
        return value if dialect.name == "postgresql" else int(units)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Give the same number from both stores."""
        if value is None:
            return None
        return Decimal(value) if dialect.name == "postgresql" else Decimal(value).scaleb(-self.scale)


def new_id() -> str:
    """Make an id of 16 hexadecimal digits: short enough for a table's name, never guessed, never met twice."""
    return secrets.token_hex(8)


# Without fixed names a constraint cannot be dropped again: SQLite gives it none and Postgres its own.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id(*arguments: Any, name: str = "id", nullable: bool = False) -> Column[str]:
    return Column(name, String(16), *arguments, nullable=nullable)


def _one_of(column: str, *states: str) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(state) for state in states)})", name=column)


def _of_dataset() -> Column[str]:
    return _id(ForeignKey("datasets.id", ondelete="CASCADE"), name="dataset_id")


def _of_run() -> Column[str]:
    return _id(ForeignKey("runs.id", ondelete="CASCADE"), name="run_id")


_ACTIVE = text("state IN ('queued', 'running')")

jobs = Table(
    "jobs",
    metadata,
    _id(),
    Column("kind", String(32), nullable=False),
    Column("params", JSON, nullable=False),
    Column("key", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("author", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Column("lease_until", UtcDateTime),
    Column("heartbeat_at", UtcDateTime),
    Column("attempt", Integer, nullable=False, server_default=text("0")),
    Column("token", Integer, nullable=False, server_default=text("0")),
    Column("cancel_requested", Boolean(create_constraint=False), nullable=False, server_default=false()),
    Column("progress", Double, nullable=False, server_default=text("0")),
    Column("message", Text, nullable=False, server_default=""),
    Column("steps", JSON, nullable=False, server_default="[]"),
    Column("result", JSON(none_as_null=True)),
    Column("error", JSON(none_as_null=True)),
    Column("worker_host", Text),
    Column("worker_boot", Text),
    Column("worker_pid", Integer),
    Column("worker_started", Double),
    PrimaryKeyConstraint("id"),
    _one_of("state", "queued", "running", "done", "failed", "cancelled"),
    # Two people starting the same work get one job; a failed one can be repeated.
    Index("uq_jobs_active_key", "key", unique=True, sqlite_where=_ACTIVE, postgresql_where=_ACTIVE),
    Index("ix_jobs_state_created_at", "state", "created_at"),
)

workers = Table(
    "workers",
    metadata,
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False, autoincrement=False),
    Column("boot", Text, nullable=False),
    Column("started", Double, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("is_quick", Boolean(create_constraint=False), nullable=False, server_default=false()),
    PrimaryKeyConstraint("host", "pid"),
)

_PUBLISHED = text("state = 'published'")

datasets = Table(
    "datasets",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("content_hash", String(64), nullable=False),
    _id(ForeignKey("datasets.id", ondelete="SET NULL"), name="parent_id", nullable=True),
    Column("columns", JSON, nullable=False),
    Column("source", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("published_at", UtcDateTime),
    Column("author", Text),
    _id(name="job_id"),
    Column("job_token", Integer, nullable=False),
    Column("erasure_epoch", Integer, nullable=False, server_default=text("0")),
    # Known when it is published:
    Column("rows_read", BigInteger),
    Column("rows_kept", BigInteger),
    Column("rows_rejected", BigInteger),
    Column("n_customers", BigInteger),
    Column("revenue", Text),  # exact, as decimal text: sums of a large log exceed what a float holds
    Column("currency", String(3)),
    Column("receipt", JSON(none_as_null=True)),
    Column("findings", JSON(none_as_null=True)),
    Column("details", JSON(none_as_null=True)),
    PrimaryKeyConstraint("id"),
    _one_of("state", "loading", "published", "deleted"),
    # The same file with the same mapping and options is one dataset.
    Index("uq_datasets_published_content", "content_hash", unique=True, sqlite_where=_PUBLISHED, postgresql_where=_PUBLISHED),
    Index("ix_datasets_parent_id", "parent_id"),
)

rejected_rows = Table(
    "rejected_rows",
    metadata,
    _of_dataset(),
    Column("row", BigInteger, nullable=False),  # as a spreadsheet numbers it in the person's file
    Column("column", Text, nullable=False),  # the person's header, "" for the whole row
    Column("value", Text),
    Column("reason", Text, nullable=False),
    Index("ix_rejected_rows_dataset_id_row", "dataset_id", "row"),
)

_FINISHED = text("state = 'finished'")
_TEAM_RUN = text("published_at IS NOT NULL")

runs = Table(
    "runs",
    metadata,
    _id(),
    _of_dataset(),
    Column("state", String(16), nullable=False),
    Column("recipe", JSON, nullable=False),
    Column("recipe_hash", String(64), nullable=False),
    Column("algorithm_version", String(32), nullable=False),
    Column("author", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("published_at", UtcDateTime),
    _id(name="job_id"),
    Column("job_token", Integer, nullable=False),
    # Known when it is finished:
    Column("model", JSON(none_as_null=True)),
    Column("report", JSON(none_as_null=True)),
    Column("fingerprint", String(64)),
    PrimaryKeyConstraint("id"),
    _one_of("state", "loading", "finished", "deleted"),
    # An equal recipe on equal data answers from the store.
    Index(
        "uq_runs_finished_recipe",
        "dataset_id",
        "recipe_hash",
        "algorithm_version",
        unique=True,
        sqlite_where=_FINISHED,
        postgresql_where=_FINISHED,
    ),
    # One run at a time is the team's.
    Index("uq_runs_published", "dataset_id", unique=True, sqlite_where=_TEAM_RUN, postgresql_where=_TEAM_RUN),
)

segments = Table(
    "segments",
    metadata,
    _of_run(),
    Column("segment_id", Integer, nullable=False, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("colour", String(16), nullable=False),
    Column("action", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("profile", JSON, nullable=False),
    PrimaryKeyConstraint("run_id", "segment_id"),
)

assignments = Table(
    "assignments",
    metadata,
    _of_run(),
    Column("customer_id", Text, nullable=False),
    Column("segment_id", Integer),  # empty for a customer that was kept but not segmented
    Column("reason", Text),  # then why
    PrimaryKeyConstraint("run_id", "customer_id"),
    sqlite_with_rowid=False,
)

segment_edits = Table(
    "segment_edits",
    metadata,
    Column("run_id", String(16), nullable=False),
    Column("revision", Integer, nullable=False, autoincrement=False),
    Column("segment_id", Integer, nullable=False),
    Column("changes", JSON, nullable=False),
    Column("author", Text),
    Column("created_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("run_id", "revision"),
    ForeignKeyConstraint(["run_id", "segment_id"], ["segments.run_id", "segments.segment_id"], ondelete="CASCADE"),
)

files = Table(
    "files",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    # Known when the last chunk is in:
    Column("size", BigInteger),
    Column("sha256", String(64)),
    PrimaryKeyConstraint("id"),
    Index("ix_files_expires_at", "expires_at"),
)

file_chunks = Table(
    "file_chunks",
    metadata,
    _id(ForeignKey("files.id", ondelete="CASCADE"), name="file_id"),
    Column("number", Integer, nullable=False, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
    PrimaryKeyConstraint("file_id", "number"),
)

uploads = Table(
    "uploads",
    metadata,
    _id(ForeignKey("files.id", ondelete="CASCADE")),
    Column("choices", JSON, nullable=False),  # what the person overruled: how to read it, which column means what, which rules
    Column("job_id", String(16)),  # the inspection whose answer is shown
    Column("import_job_id", String(16)),
    Column("author", Text),
    Column("created_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("id"),
)

recipes = Table(
    "recipes",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),  # the name as it is compared: whatever its case
    Column("recipe", JSON, nullable=False),
    Column("author", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("id"),
    Index("uq_recipes_name_key", "name_key", unique=True),
)
