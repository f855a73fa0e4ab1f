"""Workers that do quick jobs only do not count as workers that do any job."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column."""
    op.add_column("workers", sa.Column("is_quick", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Take it away again."""
    with op.batch_alter_table("workers") as batch:
        batch.drop_column("is_quick")
