"""Tickets and their talk."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped

from storage.types import SERIAL, Guarded, Plain, Table, UtcTime, column


class TicketRow(Table):
    """One matter of one client."""

    __tablename__ = "ticket"
    guarded = Guarded()
    __table_args__ = (
        Index("ix_ticket_state_opened", "state", "opened_at"),
        Index("ix_ticket_assignee_state", "assignee", "state"),
    )

    id: Mapped[str] = column(Plain(32), primary_key=True)
    serial: Mapped[int] = column(BigInteger, unique=True)
    account: Mapped[str] = column(Plain(32), index=True)
    holder: Mapped[str] = column(Plain(32))
    kind: Mapped[str] = column(Plain(20))
    category: Mapped[str] = column(Plain(40))
    subject: Mapped[bytes] = column(LargeBinary, personal="words of a client")
    language: Mapped[str] = column(Plain(2))
    priority: Mapped[str] = column(Plain(2))
    state: Mapped[str] = column(Plain(20))
    resolution: Mapped[bytes] = column(LargeBinary, personal="words about a client")
    assignee: Mapped[str | None] = column(Plain(32))
    tags: Mapped[str] = column(Plain(400))
    reopened_count: Mapped[int] = column(Integer)
    parent: Mapped[str | None] = column(Plain(32))
    merged_into: Mapped[str | None] = column(Plain(32))
    snooze_until: Mapped[datetime | None] = column(UtcTime)
    opened_at: Mapped[datetime] = column(UtcTime)
    first_response_at: Mapped[datetime | None] = column(UtcTime)
    resolved_at: Mapped[datetime | None] = column(UtcTime)
    closed_at: Mapped[datetime | None] = column(UtcTime)
    state_since: Mapped[datetime | None] = column(UtcTime)
    last_client_at: Mapped[datetime | None] = column(UtcTime)
    stars: Mapped[int | None] = column(Integer)
    topic: Mapped[str | None] = column(Plain(32))
    version: Mapped[int] = column(Integer)


class MessageRow(Table):
    """One thing said; `details` holds its files, its markup and its earlier versions."""

    __tablename__ = "message"
    guarded = Guarded(loose=("position",))
    __table_args__ = (
        Index("ix_message_ticket_position", "ticket", "position"),
        Index("ix_message_account_at", "account", "at"),
    )

    position: Mapped[int] = column(SERIAL, primary_key=True, autoincrement=True)
    id: Mapped[str] = column(Plain(32), unique=True)
    account: Mapped[str] = column(Plain(32))
    ticket: Mapped[str | None] = column(Plain(32))
    direction: Mapped[str] = column(Plain(8))
    author: Mapped[str] = column(Plain(50))
    body: Mapped[bytes] = column(LargeBinary, personal="words of a client")
    details: Mapped[bytes] = column(LargeBinary, personal="files and earlier words of a client")
    reply_to: Mapped[str | None] = column(Plain(32))
    media_group: Mapped[str] = column(Plain(64))
    delivery: Mapped[str] = column(Plain(12))
    delivery_error: Mapped[str] = column(Plain(80))
    version: Mapped[int] = column(Integer)
    at: Mapped[datetime] = column(UtcTime)
    edited_at: Mapped[datetime | None] = column(UtcTime)
    deleted_at: Mapped[datetime | None] = column(UtcTime)
    route: Mapped[str | None] = column(Plain(16))
    route_reason: Mapped[str | None] = column(Plain(24))


class LinkRow(Table):
    """Under which id a platform knows a message, or a part of it; the place may be a chat's id."""

    __tablename__ = "link"
    guarded = Guarded(key=("surface", "place_index", "remote"), loose=("id",))
    __table_args__ = (UniqueConstraint("surface", "place_index", "remote"),)

    id: Mapped[int] = column(SERIAL, primary_key=True, autoincrement=True)
    message: Mapped[str] = column(Plain(32), index=True)
    surface: Mapped[str] = column(Plain(20))
    place_index: Mapped[str] = column(Plain(64), personal="blind index")
    place: Mapped[bytes] = column(LargeBinary, personal="platform id")
    remote: Mapped[str] = column(Plain(64))
    part: Mapped[int] = column(Integer)


class TicketLinkRow(Table):
    """A word of the desk that was about a ticket: a reply to it joins that ticket."""

    __tablename__ = "ticket_link"
    guarded = Guarded(key=("surface", "place_index", "remote"), loose=("id",))
    __table_args__ = (UniqueConstraint("surface", "place_index", "remote"),)

    id: Mapped[int] = column(SERIAL, primary_key=True, autoincrement=True)
    ticket: Mapped[str] = column(Plain(32), index=True)
    surface: Mapped[str] = column(Plain(20))
    place_index: Mapped[str] = column(Plain(64), personal="blind index")
    remote: Mapped[str] = column(Plain(64))


class ToldWordRow(Table):
    """Under which id a client's chat knows a word of the desk itself.

    It is kept only as long as the platform lets the word be taken back.
    """

    __tablename__ = "told_word"

    id: Mapped[int] = column(SERIAL, primary_key=True, autoincrement=True)
    account: Mapped[str] = column(Plain(32), index=True)
    remote: Mapped[str] = column(Plain(64))
    at: Mapped[datetime] = column(UtcTime, index=True)


class ServiceClockRow(Table):
    """A response clock."""

    __tablename__ = "service_clock"
    guarded = Guarded(key=("metric",), within=("ticket",))

    ticket: Mapped[str] = column(Plain(32), primary_key=True)
    metric: Mapped[str] = column(Plain(10), primary_key=True)
    state: Mapped[str] = column(Plain(10))
    started_at: Mapped[datetime] = column(UtcTime)
    due_at: Mapped[datetime] = column(UtcTime, index=True)
    left_seconds: Mapped[int] = column(Integer)
    stopped_at: Mapped[datetime | None] = column(UtcTime)
