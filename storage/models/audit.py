"""The event log, its head, the keys of the store, and the desk's own small facts."""

from datetime import datetime

from sqlalchemy import BigInteger, Integer, LargeBinary
from sqlalchemy.orm import Mapped

from storage.types import Guarded, Plain, Table, UtcTime, column


class EventRow(Table):
    """A fact, chained to the one before it by a keyed hash."""

    __tablename__ = "event"

    seq: Mapped[int] = column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = column(UtcTime)
    actor: Mapped[str] = column(Plain(50))
    os_user: Mapped[str | None] = column(Plain(120))
    type: Mapped[str] = column(Plain(60), index=True)
    stream: Mapped[str] = column(Plain(60), index=True)
    holder: Mapped[str | None] = column(Plain(32))
    payload: Mapped[bytes] = column(LargeBinary, personal="facts about a client")
    hash: Mapped[str] = column(Plain(64))


class AuditHeadRow(Table):
    """Where the chain ends; locked by whoever appends."""

    __tablename__ = "audit_head"

    id: Mapped[int] = column(Integer, primary_key=True, autoincrement=False)
    seq: Mapped[int] = column(BigInteger)
    hash: Mapped[str] = column(Plain(64))


class StoreKeyRow(Table):
    """A key of the store, sealed under the master key; earlier ones that are kept, too."""

    __tablename__ = "store_key"

    purpose: Mapped[str] = column(Plain(20), primary_key=True)
    generation: Mapped[int] = column(Integer, primary_key=True, autoincrement=False)
    wrapped: Mapped[bytes] = column(LargeBinary)
    made_at: Mapped[datetime] = column(UtcTime)
    first_event: Mapped[int] = column(BigInteger)


class FactRow(Table):
    """Something small the desk must remember."""

    __tablename__ = "fact"
    guarded = Guarded(key=("name",))

    name: Mapped[str] = column(Plain(120), primary_key=True)
    value: Mapped[str] = column(Plain(4000))


class CounterRow(Table):
    """The last number given out, by what is numbered."""

    __tablename__ = "counter"
    guarded = Guarded(key=("name",))

    name: Mapped[str] = column(Plain(20), primary_key=True)
    value: Mapped[int] = column(BigInteger)
