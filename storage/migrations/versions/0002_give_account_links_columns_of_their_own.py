"""Give account links columns of their own.

Since when a proof may tie an account to nobody, and who gave the first of the two approvals that
lift that bar, were rows of the key-value table; they are carried over, and back on the way down.
"""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

from storage.types import UtcTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BARRED, AGREED = "account.frozen:", "account.relink:"
"""What the names of those rows began with; the account's id followed. Empty said no."""
KEY_VALUES = sa.table("fact", sa.column("name", sa.String), sa.column("value", sa.String))
ACCOUNTS = sa.table(
    "account",
    sa.column("id", sa.String),
    sa.column("link_barred_since", UtcTime()),
    sa.column("link_first_approver", sa.String),
)


def upgrade() -> None:
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("link_barred_since", UtcTime(), nullable=True))
        batch_op.add_column(sa.Column("link_first_approver", sa.String(length=32), nullable=True))
    for account, since in _taken_out(BARRED):
        _put(account, link_barred_since=datetime.fromisoformat(since))
    for account, approver in _taken_out(AGREED):
        _put(account, link_first_approver=approver)


def downgrade() -> None:
    links = op.get_bind().execute(sa.select(ACCOUNTS)).all()
    rows = [
        {"name": name + account, "value": value}
        for account, since, approver in links
        for name, value in ((BARRED, since and since.isoformat()), (AGREED, approver))
        if value
    ]
    op.bulk_insert(KEY_VALUES, rows)
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_column("link_first_approver")
        batch_op.drop_column("link_barred_since")


def _taken_out(prefix: str) -> list[tuple[str, str]]:
    """(account, value) of the rows under that name, which are gone then."""
    named = KEY_VALUES.c.name.startswith(prefix, autoescape=True)
    found = op.get_bind().execute(sa.select(KEY_VALUES).where(named)).all()
    op.execute(sa.delete(KEY_VALUES).where(named))
    return [(name.removeprefix(prefix), value) for name, value in found if value]


def _put(account: str, **values: object) -> None:
    op.execute(sa.update(ACCOUNTS).where(ACCOUNTS.c.id == account).values(values))
