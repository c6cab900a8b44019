"""Give the store keys of its own, and write down which links were signed."""

import sqlalchemy as sa
from alembic import op

from storage.types import SERIAL, UtcTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "store_key",
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("generation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("first_event", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("purpose", "generation", name=op.f("pk_store_key")),
    )
    op.create_table(
        "signed_link",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("about", sa.String(length=32), nullable=False),
        sa.Column("issued_at", UtcTime(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.Column("used_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_link")),
        sa.UniqueConstraint("digest", name=op.f("uq_signed_link_digest")),
    )


def downgrade() -> None:
    op.drop_table("signed_link")
    op.drop_table("store_key")
