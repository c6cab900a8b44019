"""Durable work: what came in, what is to go out, what is to be looked at and when."""

from datetime import datetime

from sqlalchemy import Index, Integer, LargeBinary
from sqlalchemy.orm import Mapped

from storage.types import SERIAL, Guarded, Plain, Table, UtcTime, column


class InboxRow(Table):
    """An update of a platform, kept before it was acknowledged; blanked once it is dealt with.

    The conversation stands sealed in the payload, and here as a blind index: it may be a chat's id.
    """

    __tablename__ = "inbox"
    guarded = Guarded(
        key=("key",), loose=("id", "state", "tries", "error", "next_at", "done_at"), ends="payload"
    )
    __table_args__ = (Index("ix_inbox_state_next", "state", "next_at"),)

    id: Mapped[int] = column(SERIAL, primary_key=True, autoincrement=True)
    key: Mapped[str] = column(Plain(160), unique=True)
    source: Mapped[str] = column(Plain(20))
    conversation: Mapped[str] = column(Plain(64), index=True, personal="blind index")
    payload: Mapped[bytes | None] = column(LargeBinary, personal="words of a client")
    state: Mapped[str] = column(Plain(10))
    tries: Mapped[int] = column(Integer)
    error: Mapped[str] = column(Plain(120))
    received_at: Mapped[datetime] = column(UtcTime)
    next_at: Mapped[datetime] = column(UtcTime)
    done_at: Mapped[datetime | None] = column(UtcTime)


class OutboxRow(Table):
    """A delivery; blanked once it has arrived."""

    __tablename__ = "outbox"
    guarded = Guarded(
        loose=(
            "coalesce",
            "rank",
            "state",
            "tries",
            "is_repeat",
            "error",
            "next_at",
            "lease_until",
            "done_at",
        ),
        ends="payload",
        lasting=("key",),
    )
    __table_args__ = (
        Index("ix_outbox_state_next", "state", "next_at"),
        Index("ix_outbox_conversation_state", "conversation", "state"),
    )

    id: Mapped[int] = column(SERIAL, primary_key=True, autoincrement=True)
    key: Mapped[str | None] = column(Plain(160), unique=True)
    conversation: Mapped[str] = column(Plain(80))
    coalesce: Mapped[str] = column(Plain(80), index=True)
    kind: Mapped[str] = column(Plain(40))
    rank: Mapped[int] = column(Integer)
    holder: Mapped[str | None] = column(Plain(32), index=True)
    payload: Mapped[bytes | None] = column(LargeBinary, personal="words to a client")
    state: Mapped[str] = column(Plain(12))
    tries: Mapped[int] = column(Integer)
    is_repeat: Mapped[int] = column(Integer)
    error: Mapped[str] = column(Plain(120))
    created_at: Mapped[datetime] = column(UtcTime)
    next_at: Mapped[datetime] = column(UtcTime)
    lease_until: Mapped[datetime | None] = column(UtcTime)
    done_at: Mapped[datetime | None] = column(UtcTime)


class TimerRow(Table):
    """Something to look at when its time comes."""

    __tablename__ = "timer"
    guarded = Guarded(key=("key",))

    key: Mapped[str] = column(Plain(120), primary_key=True)
    kind: Mapped[str] = column(Plain(40))
    ref: Mapped[str] = column(Plain(80))
    due_at: Mapped[datetime] = column(UtcTime, index=True)
