"""Keep who typed a command at the shell, and from when a new member of staff counts."""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("event", sa.Column("os_user", sa.String(length=120), nullable=True))
    op.add_column("staff", sa.Column("counts_from", UtcTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("staff", "counts_from")
    op.drop_column("event", "os_user")
