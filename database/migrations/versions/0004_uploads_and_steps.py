"""Uploads that wait for a person's answers, and the steps of a job."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add both."""
    op.add_column("jobs", sa.Column("steps", sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "uploads",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("job_id", sa.String(16)),
        sa.Column("import_job_id", sa.String(16)),
        sa.Column("author", sa.Text()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
        sa.ForeignKeyConstraint(["id"], ["files.id"], name=op.f("fk_uploads_id_files"), ondelete="CASCADE"),
    )


def downgrade() -> None:
    """Take both away again."""
    op.drop_table("uploads")
    with op.batch_alter_table("jobs") as batch:
        batch.drop_column("steps")
