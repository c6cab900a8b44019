"""Keep how far a request was carried out."""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fulfilment",
        sa.Column("request", sa.String(length=32), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("approved", sa.Text(), nullable=False),
        sa.Column("planned_at", UtcTime(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("fenced_at", UtcTime(), nullable=True),
        sa.Column("who", sa.LargeBinary(), nullable=True),
        sa.Column("slot", sa.LargeBinary(), nullable=True),
        sa.Column("certificate", sa.Text(), nullable=False),
        sa.Column("certified_at", UtcTime(), nullable=True),
        sa.Column("looked_last_at", UtcTime(), nullable=True),
        sa.Column("forgotten_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("request", name=op.f("pk_fulfilment")),
    )
    op.create_table(
        "fulfilment_finding",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("request", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("ticked_by", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("at", UtcTime(), nullable=True),
        sa.Column("link", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fulfilment_finding")),
    )
    with op.batch_alter_table("fulfilment_finding", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_fulfilment_finding_request"), ["request"], unique=False
        )

    op.create_table(
        "fulfilment_step",
        sa.Column("request", sa.String(length=32), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=120), nullable=False),
        sa.Column("begun_at", UtcTime(), nullable=True),
        sa.Column("lease_until", UtcTime(), nullable=True),
        sa.Column("done_at", UtcTime(), nullable=True),
        sa.Column("done_by", sa.String(length=32), nullable=True),
        sa.Column("note", sa.String(length=40), nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column("stated", sa.Text(), nullable=False),
        sa.Column("kept_until", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("request", "round", "source", name=op.f("pk_fulfilment_step")),
    )
    with op.batch_alter_table("fulfilment_step", schema=None) as batch_op:
        batch_op.create_index("ix_fulfilment_step_state", ["state"], unique=False)

    with op.batch_alter_table("holder_key", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fenced_at", UtcTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("holder_key", schema=None) as batch_op:
        batch_op.drop_column("fenced_at")

    with op.batch_alter_table("fulfilment_step", schema=None) as batch_op:
        batch_op.drop_index("ix_fulfilment_step_state")

    op.drop_table("fulfilment_step")
    with op.batch_alter_table("fulfilment_finding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fulfilment_finding_request"))

    op.drop_table("fulfilment_finding")
    op.drop_table("fulfilment")
