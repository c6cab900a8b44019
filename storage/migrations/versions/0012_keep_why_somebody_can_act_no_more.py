"""Keep why somebody of staff can act no more."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    fault = sa.Column("fault", sa.String(length=20), nullable=False, server_default="")
    op.add_column("staff", fault)


def downgrade() -> None:
    op.drop_column("staff", "fault")
