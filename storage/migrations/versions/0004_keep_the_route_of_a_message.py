"""Keep the route of a message."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("message", sa.Column("route", sa.String(length=16), nullable=True))
    op.add_column("message", sa.Column("route_reason", sa.String(length=24), nullable=True))


def downgrade() -> None:
    op.drop_column("message", "route_reason")
    op.drop_column("message", "route")
