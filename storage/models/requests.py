"""Data requests, the challenges that prove who asks, and the budgets that guard both."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, Index, Integer, LargeBinary, Text
from sqlalchemy.orm import Mapped

from storage.types import SERIAL, Guarded, Plain, Table, UtcTime, YesNo, column


class RequestRow(Table):
    """A data request. `facts` holds ids, codes and times only."""

    __tablename__ = "data_request"
    guarded = Guarded()
    __table_args__ = (
        Index("ix_data_request_state_due", "state", "due_at"),
        Index("ix_data_request_subject", "subject_person", "subject_account"),
    )

    id: Mapped[str] = column(Plain(32), primary_key=True)
    serial: Mapped[int] = column(BigInteger, unique=True)
    kind: Mapped[str] = column(Plain(16))
    ticket: Mapped[str] = column(Plain(32), unique=True)
    subject_person: Mapped[str | None] = column(Plain(32))
    subject_account: Mapped[str | None] = column(Plain(32))
    account: Mapped[str | None] = column(Plain(32), index=True)
    created_by: Mapped[str] = column(Plain(50))
    regime: Mapped[str] = column(Plain(40))
    received_at: Mapped[datetime] = column(UtcTime)
    due_on: Mapped[date] = column(Date)
    due_at: Mapped[datetime] = column(UtcTime)
    approvals_needed: Mapped[int] = column(Integer)
    state: Mapped[str] = column(Plain(32))
    state_version: Mapped[int] = column(Integer)
    since: Mapped[datetime] = column(UtcTime)
    is_live: Mapped[bool] = column(YesNo)
    facts: Mapped[str] = column(Text)
    version: Mapped[int] = column(Integer)


class ChallengeRow(Table):
    """One code, for one purpose, in one chat; never the code itself, only its HMAC."""

    __tablename__ = "challenge"
    guarded = Guarded(within=("account",))

    id: Mapped[str] = column(Plain(32), primary_key=True)
    request: Mapped[str] = column(Plain(32), index=True)
    account: Mapped[str] = column(Plain(32), index=True)
    binding: Mapped[bytes] = column(LargeBinary, personal="platform id")
    is_decoy: Mapped[bool] = column(YesNo)
    mac: Mapped[bytes] = column(LargeBinary)
    attempts: Mapped[int] = column(Integer)
    made_at: Mapped[datetime] = column(UtcTime)
    latest_at: Mapped[datetime | None] = column(UtcTime)
    used_at: Mapped[datetime | None] = column(UtcTime)
    voided_at: Mapped[datetime | None] = column(UtcTime)
    version: Mapped[int] = column(Integer)


class SpendingRow(Table):
    """One thing spent of a budget; `owner` and `item` are internal ids or keyed digests."""

    __tablename__ = "budget_spending"
    guarded = Guarded(within=("kind", "owner"))
    __table_args__ = (Index("ix_budget_spending_bucket", "kind", "owner", "at"),)

    id: Mapped[int] = column(SERIAL, primary_key=True, autoincrement=True)
    kind: Mapped[str] = column(Plain(24))
    owner: Mapped[str] = column(Plain(80))
    item: Mapped[str] = column(Plain(80))
    at: Mapped[datetime] = column(UtcTime)


class TallyRow(Table):
    """Failures in a row."""

    __tablename__ = "budget_tally"
    guarded = Guarded(key=("kind", "owner"))

    kind: Mapped[str] = column(Plain(24), primary_key=True)
    owner: Mapped[str] = column(Plain(80), primary_key=True)
    count: Mapped[int] = column(Integer)
    latest_at: Mapped[datetime | None] = column(UtcTime)
    locked_until: Mapped[datetime | None] = column(UtcTime)


class SignedLinkRow(Table):
    """A link of a notice: what it was signed for and how long it works."""

    __tablename__ = "signed_link"
    guarded = Guarded(key=("digest",), loose=("id",))

    id: Mapped[int] = column(SERIAL, primary_key=True, autoincrement=True)
    digest: Mapped[str] = column(Plain(64), unique=True, personal="blind index")
    purpose: Mapped[str] = column(Plain(20))
    about: Mapped[str] = column(Plain(32))
    issued_at: Mapped[datetime] = column(UtcTime)
    expires_at: Mapped[datetime] = column(UtcTime)
    used_at: Mapped[datetime | None] = column(UtcTime)
