"""Datasets, runs and jobs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the first tables."""
    _create_jobs()
    _create_datasets()
    _create_runs()
    _create_segments()


def downgrade() -> None:
    """Drop them, the referring ones first."""
    for table in ("segment_edits", "assignments", "segments", "runs", "rejected_rows", "datasets", "jobs"):
        op.drop_table(table)


def _id(name: str = "id", nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(16), nullable=nullable)


def _moment(name: str, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _refers(table: str, column: str, target: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"), ondelete=ondelete)


def _create_jobs() -> None:
    op.create_table(
        "jobs",
        _id(),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("author", sa.Text()),
        _moment("created_at", nullable=False),
        _moment("started_at"),
        _moment("finished_at"),
        _moment("lease_until"),
        _moment("heartbeat_at"),
        sa.Column("attempt", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("token", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("cancel_requested", sa.Boolean(create_constraint=False), nullable=False, server_default=sa.false()),
        sa.Column("progress", sa.Double(), nullable=False, server_default=sa.text("0")),
        sa.Column("message", sa.Text(), nullable=False, server_default=""),
        sa.Column("result", sa.JSON()),
        sa.Column("error", sa.JSON()),
        sa.Column("worker_host", sa.Text()),
        sa.Column("worker_boot", sa.Text()),
        sa.Column("worker_pid", sa.Integer()),
        sa.Column("worker_started", sa.Double()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name=op.f("ck_jobs_state")),
    )
    op.create_index("ix_jobs_state_created_at", "jobs", ["state", "created_at"])
    _create_partial_index("uq_jobs_active_key", "jobs", ["key"], "state IN ('queued', 'running')")


def _create_datasets() -> None:
    op.create_table(
        "datasets",
        _id(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        _id("parent_id", nullable=True),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("source", sa.JSON(), nullable=False),
        _moment("created_at", nullable=False),
        _moment("published_at"),
        sa.Column("author", sa.Text()),
        _id("job_id"),
        sa.Column("job_token", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.BigInteger()) for name in ("rows_read", "rows_kept", "rows_rejected", "n_customers")),
        sa.Column("revenue", sa.Text()),
        sa.Column("currency", sa.String(3)),
        *(sa.Column(name, sa.JSON()) for name in ("receipt", "findings", "details")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_datasets")),
        sa.CheckConstraint("state IN ('loading', 'published', 'deleted')", name=op.f("ck_datasets_state")),
        _refers("datasets", "parent_id", "datasets", ondelete="SET NULL"),
    )
    op.create_index("ix_datasets_parent_id", "datasets", ["parent_id"])
    _create_partial_index("uq_datasets_published_content", "datasets", ["content_hash"], "state = 'published'")
    op.create_table(
        "rejected_rows",
        _id("dataset_id"),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("column", sa.Text(), nullable=False),
        sa.Column("value", sa.Text()),
        sa.Column("reason", sa.Text(), nullable=False),
        _refers("rejected_rows", "dataset_id", "datasets"),
    )
    op.create_index("ix_rejected_rows_dataset_id_row", "rejected_rows", ["dataset_id", "row"])


def _create_runs() -> None:
    op.create_table(
        "runs",
        _id(),
        _id("dataset_id"),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("recipe", sa.JSON(), nullable=False),
        sa.Column("recipe_hash", sa.String(64), nullable=False),
        sa.Column("algorithm_version", sa.String(32), nullable=False),
        sa.Column("author", sa.Text()),
        _moment("created_at", nullable=False),
        _moment("finished_at"),
        _moment("published_at"),
        _id("job_id"),
        sa.Column("job_token", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.JSON()) for name in ("model", "report")),
        sa.Column("fingerprint", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
        sa.CheckConstraint("state IN ('loading', 'finished', 'deleted')", name=op.f("ck_runs_state")),
        _refers("runs", "dataset_id", "datasets"),
    )
    _create_partial_index("uq_runs_finished_recipe", "runs", ["dataset_id", "recipe_hash", "algorithm_version"], "state = 'finished'")
    _create_partial_index("uq_runs_published", "runs", ["dataset_id"], "published_at IS NOT NULL")


def _create_segments() -> None:
    op.create_table(
        "segments",
        _id("run_id"),
        sa.Column("segment_id", sa.Integer(), nullable=False, autoincrement=False),
        *(sa.Column(name, kind, nullable=False) for name, kind in (("name", sa.Text()), ("colour", sa.String(16)), ("action", sa.Text()))),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("profile", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "segment_id", name=op.f("pk_segments")),
        _refers("segments", "run_id", "runs"),
    )
    op.create_table(
        "assignments",
        _id("run_id"),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("segment_id", sa.Integer()),
        sa.Column("reason", sa.Text()),
        sa.PrimaryKeyConstraint("run_id", "customer_id", name=op.f("pk_assignments")),
        _refers("assignments", "run_id", "runs"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "segment_edits",
        _id("run_id"),
        sa.Column("revision", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("segment_id", sa.Integer(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("author", sa.Text()),
        _moment("created_at", nullable=False),
        sa.PrimaryKeyConstraint("run_id", "revision", name=op.f("pk_segment_edits")),
        sa.ForeignKeyConstraint(
            ["run_id", "segment_id"],
            ["segments.run_id", "segments.segment_id"],
            name=op.f("fk_segment_edits_run_id_segment_id_segments"),
            ondelete="CASCADE",
        ),
    )


def _create_partial_index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
