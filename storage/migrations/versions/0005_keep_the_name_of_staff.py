"""Keep the name of staff."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("staff", sa.Column("name", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("staff", "name")
