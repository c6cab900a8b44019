"""Keep cards in a table.

Where cards stand, which words were refused and how far files came stood as strings in the key-value
store. The rows move over, so that a card posted before is edited and not posted anew.
"""

import json
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

FACTS = sa.table("fact", sa.column("name", sa.String), sa.column("value", sa.String))
CARDS = sa.table(
    "card_ref",
    sa.column("kind", sa.String),
    sa.column("about", sa.String),
    sa.column("channel", sa.String),
    sa.column("ts", sa.String),
    sa.column("is_lost", sa.Boolean),
)
REFUSED = sa.table("refused_words", sa.column("channel", sa.String), sa.column("ts", sa.String))
UPLOADS = sa.table(
    "file_upload",
    sa.column("message", sa.String),
    sa.column("part", sa.Integer),
    sa.column("file_id", sa.String),
    sa.column("is_done", sa.Boolean),
)
LOST = "lost:"
DONE = "done"
MOVED = ("slack.card:", "slack.request_card:", "slack.request_at:", "slack.refused:", "slack.file:")
"""`slack.request_at:` led back from a card to its request; the table is read both ways."""


def upgrade() -> None:
    op.create_table(
        "card_ref",
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("about", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("ts", sa.String(length=64), nullable=False),
        sa.Column("is_lost", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "about", name=op.f("pk_card_ref")),
    )
    with op.batch_alter_table("card_ref", schema=None) as batch_op:
        batch_op.create_index("ix_card_ref_channel_ts", ["channel", "ts"], unique=False)
    op.create_table(
        "refused_words",
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("ts", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("channel", "ts", name=op.f("pk_refused_words")),
    )
    op.create_table(
        "file_upload",
        sa.Column("message", sa.String(length=32), nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("file_id", sa.String(length=64), nullable=False),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("message", "part", name=op.f("pk_file_upload")),
    )
    facts = _facts()
    _insert(CARDS, [card for name, value in facts for card in _card(name, value)])
    _insert(REFUSED, [_place(name) for name, _ in facts if name.startswith("slack.refused:")])
    _insert(UPLOADS, [_upload(*fact) for fact in facts if fact[0].startswith("slack.file:")])
    gone = [{"gone": name} for name, _ in facts]
    if gone:
        op.get_bind().execute(sa.delete(FACTS).where(FACTS.c.name == sa.bindparam("gone")), gone)


def downgrade() -> None:
    _insert(FACTS, [{"name": name, "value": value} for name, value in _facts_of_tables()])
    op.drop_table("file_upload")
    op.drop_table("refused_words")
    with op.batch_alter_table("card_ref", schema=None) as batch_op:
        batch_op.drop_index("ix_card_ref_channel_ts")
    op.drop_table("card_ref")


def _facts() -> list[tuple[str, str]]:
    rows = op.get_bind().execute(
        sa.select(FACTS.c.name, FACTS.c.value).where(FACTS.c.name.startswith("slack."))
    )
    return [(name, value) for name, value in rows if name.startswith(MOVED)]


def _card(name: str, value: str) -> Iterator[dict[str, object]]:
    """An empty value is a request's card that was removed; where it stood is of no use."""
    head, _, about = name.partition(":")
    if head in ("slack.card", "slack.request_card") and value:
        kind = "ticket" if head == "slack.card" else "request"
        where = json.loads(value.removeprefix(LOST))
        yield {"kind": kind, "about": about, "is_lost": value.startswith(LOST), **where}


def _place(name: str) -> dict[str, object]:
    _, channel, ts = name.split(":")
    return {"channel": channel, "ts": ts}


def _upload(name: str, value: str) -> dict[str, object]:
    _, message, part = name.split(":")
    is_done = value == DONE
    file_id = "" if is_done else value
    return {"message": message, "part": int(part), "file_id": file_id, "is_done": is_done}


def _facts_of_tables() -> Iterator[tuple[str, str]]:
    bind = op.get_bind()
    for card in bind.execute(sa.select(*CARDS.c)):
        where = json.dumps({"channel": card.channel, "ts": card.ts})
        if card.kind == "ticket":
            yield f"slack.card:{card.about}", LOST + where if card.is_lost else where
        else:
            yield f"slack.request_card:{card.about}", "" if card.is_lost else where
            yield f"slack.request_at:{card.channel}:{card.ts}", card.about
    for words in bind.execute(sa.select(*REFUSED.c)):
        yield f"slack.refused:{words.channel}:{words.ts}", "refused"
    for file in bind.execute(sa.select(*UPLOADS.c)):
        yield f"slack.file:{file.message}:{file.part}", DONE if file.is_done else file.file_id


def _insert(table: sa.TableClause, rows: list[dict[str, object]]) -> None:
    if rows:
        op.get_bind().execute(sa.insert(table), rows)
