"""Staged files in chunks, for several machines; how often somebody was erased from a dataset."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the tables of files and the erasure epoch."""
    op.create_table(
        "files",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("size", sa.BigInteger()),
        sa.Column("sha256", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
    )
    op.create_index("ix_files_expires_at", "files", ["expires_at"])
    op.create_table(
        "file_chunks",
        sa.Column("file_id", sa.String(16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("file_id", "number", name=op.f("pk_file_chunks")),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_file_chunks_file_id_files"), ondelete="CASCADE"),
    )
    with op.batch_alter_table("datasets") as datasets:
        datasets.add_column(sa.Column("erasure_epoch", sa.Integer(), nullable=False, server_default=sa.text("0")))


def downgrade() -> None:
    """Take them away again."""
    with op.batch_alter_table("datasets") as datasets:
        datasets.drop_column("erasure_epoch")
    op.drop_table("file_chunks")
    op.drop_table("files")
