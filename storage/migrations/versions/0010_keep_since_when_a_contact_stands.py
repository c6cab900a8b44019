"""Keep since when, and until when, a contact stands on record."""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

COLUMNS = ("since", "young_until", "on_record_until")


def upgrade() -> None:
    """What stands already is old: nobody knows since when."""
    for name in COLUMNS:
        op.add_column("contact", sa.Column(name, UtcTime(), nullable=True))


def downgrade() -> None:
    """Whatever had left the list would come back to it, and is dropped instead."""
    op.execute("DELETE FROM contact WHERE on_record_until IS NOT NULL")
    for name in reversed(COLUMNS):
        op.drop_column("contact", name)
