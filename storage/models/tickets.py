"""Tickets and their talk."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from storage.types import Table, UtcTime, column


class TicketRow(Table):
    """One matter of one client."""

    __tablename__ = "ticket"
    __table_args__ = (
        Index("ix_ticket_state_opened", "state", "opened_at"),
        Index("ix_ticket_assignee_state", "assignee", "state"),
    )

    id: Mapped[str] = column(String(32), primary_key=True)
    serial: Mapped[int] = column(BigInteger, unique=True)
    account: Mapped[str] = column(String(32), index=True)
    holder: Mapped[str] = column(String(32))
    kind: Mapped[str] = column(String(20))
    category: Mapped[str] = column(String(40))
    subject: Mapped[bytes] = column(LargeBinary, personal="words of a client")
    language: Mapped[str] = column(String(2))
    priority: Mapped[str] = column(String(2))
    state: Mapped[str] = column(String(20))
    resolution: Mapped[bytes] = column(LargeBinary, personal="words about a client")
    assignee: Mapped[str | None] = column(String(32))
    tags: Mapped[str] = column(String(400))
    reopened_count: Mapped[int] = column(Integer)
    parent: Mapped[str | None] = column(String(32))
    merged_into: Mapped[str | None] = column(String(32))
    snooze_until: Mapped[datetime | None] = column(UtcTime)
    opened_at: Mapped[datetime] = column(UtcTime)
    first_response_at: Mapped[datetime | None] = column(UtcTime)
    resolved_at: Mapped[datetime | None] = column(UtcTime)
    closed_at: Mapped[datetime | None] = column(UtcTime)
    state_since: Mapped[datetime | None] = column(UtcTime)
    last_client_at: Mapped[datetime | None] = column(UtcTime)
    stars: Mapped[int | None] = column(Integer)
    version: Mapped[int] = column(Integer)


class MessageRow(Table):
    """One thing said; `details` holds its files, its markup and its earlier versions."""

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_ticket_position", "ticket", "position"),
        Index("ix_message_account_at", "account", "at"),
    )

    id: Mapped[str] = column(String(32), primary_key=True)
    position: Mapped[int] = column(BigInteger, unique=True)
    account: Mapped[str] = column(String(32))
    ticket: Mapped[str | None] = column(String(32))
    direction: Mapped[str] = column(String(8))
    author: Mapped[str] = column(String(50))
    body: Mapped[bytes] = column(LargeBinary, personal="words of a client")
    details: Mapped[bytes] = column(LargeBinary, personal="files and earlier words of a client")
    reply_to: Mapped[str | None] = column(String(32))
    media_group: Mapped[str] = column(String(64))
    delivery: Mapped[str] = column(String(12))
    delivery_error: Mapped[str] = column(String(80))
    version: Mapped[int] = column(Integer)
    at: Mapped[datetime] = column(UtcTime)
    edited_at: Mapped[datetime | None] = column(UtcTime)
    deleted_at: Mapped[datetime | None] = column(UtcTime)


class LinkRow(Table):
    """Under which id a platform knows a message, or a part of it."""

    __tablename__ = "link"
    __table_args__ = (UniqueConstraint("surface", "place", "remote"),)

    id: Mapped[int] = column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    message: Mapped[str] = column(String(32), index=True)
    surface: Mapped[str] = column(String(20))
    place: Mapped[str] = column(String(64))
    remote: Mapped[str] = column(String(64))
    part: Mapped[int] = column(Integer)


class ServiceClockRow(Table):
    """A response clock."""

    __tablename__ = "service_clock"

    ticket: Mapped[str] = column(String(32), primary_key=True)
    metric: Mapped[str] = column(String(10), primary_key=True)
    state: Mapped[str] = column(String(10))
    started_at: Mapped[datetime] = column(UtcTime)
    due_at: Mapped[datetime] = column(UtcTime, index=True)
    left_seconds: Mapped[int] = column(Integer)
    stopped_at: Mapped[datetime | None] = column(UtcTime)
