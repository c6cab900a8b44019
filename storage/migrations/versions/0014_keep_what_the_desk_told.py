"""Keep what the desk told a client, as long as it can be taken back."""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "told_word",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.Column("remote", sa.String(length=64), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_told_word")),
    )
    with op.batch_alter_table("told_word", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_told_word_account"), ["account"], unique=False)
        batch_op.create_index(batch_op.f("ix_told_word_at"), ["at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("told_word", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_told_word_at"))
        batch_op.drop_index(batch_op.f("ix_told_word_account"))

    op.drop_table("told_word")
