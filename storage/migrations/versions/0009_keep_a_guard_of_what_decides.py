"""Keep a guard of what decides.

What stands in the rows is sealed by the first opening after this, which has the key
(storage/checks/first_seal.py).
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guard",
        sa.Column("scope", sa.String(length=160), nullable=False),
        sa.Column("place", sa.String(length=160), nullable=False),
        sa.Column("seal", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "place", name=op.f("pk_guard")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("guard")
