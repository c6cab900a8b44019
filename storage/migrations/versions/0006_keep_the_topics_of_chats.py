"""Keep the topics of chats."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("topic", sa.String(length=32), nullable=True))
    op.add_column("ticket", sa.Column("topic", sa.String(length=32), nullable=True))


def downgrade() -> None:
    op.drop_column("ticket", "topic")
    op.drop_column("account", "topic")
