"""Keep in which channels somebody stood, and whether a finding is surely theirs."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of what stands already nobody knows more than before: both may be empty."""
    op.add_column("fulfilment", sa.Column("channels", sa.Text(), nullable=True))
    op.add_column("fulfilment_finding", sa.Column("is_strong", sa.Boolean(), nullable=True))


def downgrade() -> None:
    op.drop_column("fulfilment_finding", "is_strong")
    op.drop_column("fulfilment", "channels")
