"""What carrying requests out keeps: plans, durable steps, findings, certificates."""

from datetime import datetime

from sqlalchemy import Index, Integer, LargeBinary, Text
from sqlalchemy.orm import Mapped

from storage.types import Guarded, Plain, Table, UtcTime, YesNo, column


class FulfilmentRow(Table):
    """One request's; `who` and `slot` are sealed under the request's own key."""

    __tablename__ = "fulfilment"
    guarded = Guarded(key=("request",))

    request: Mapped[str] = column(Plain(32), primary_key=True)
    plan: Mapped[str] = column(Text)
    approved: Mapped[str] = column(Text)
    planned_at: Mapped[datetime | None] = column(UtcTime)
    round: Mapped[int] = column(Integer)
    fenced_at: Mapped[datetime | None] = column(UtcTime)
    who: Mapped[bytes | None] = column(LargeBinary, personal="identifiers of a subject")
    slot: Mapped[bytes | None] = column(LargeBinary, personal="addresses for the last word")
    channels: Mapped[str | None] = column(Text)
    certificate: Mapped[str] = column(Text)
    certified_at: Mapped[datetime | None] = column(UtcTime)
    looked_last_at: Mapped[datetime | None] = column(UtcTime)
    forgotten_at: Mapped[datetime | None] = column(UtcTime)


class FulfilmentStepRow(Table):
    """One source of one round."""

    __tablename__ = "fulfilment_step"
    guarded = Guarded(key=("round", "source"), within=("request",))
    __table_args__ = (Index("ix_fulfilment_step_state", "state"),)

    request: Mapped[str] = column(Plain(32), primary_key=True)
    round: Mapped[int] = column(Integer, primary_key=True, autoincrement=False)
    source: Mapped[str] = column(Plain(60), primary_key=True)
    kind: Mapped[str] = column(Plain(12))
    position: Mapped[int] = column(Integer)
    state: Mapped[str] = column(Plain(12))
    tries: Mapped[int] = column(Integer)
    error: Mapped[str] = column(Plain(120))
    begun_at: Mapped[datetime | None] = column(UtcTime)
    lease_until: Mapped[datetime | None] = column(UtcTime)
    done_at: Mapped[datetime | None] = column(UtcTime)
    done_by: Mapped[str | None] = column(Plain(32))
    note: Mapped[str] = column(Plain(40))
    rows: Mapped[str] = column(Text)
    stated: Mapped[str] = column(Text)
    kept_until: Mapped[datetime | None] = column(UtcTime)


class FindingRow(Table):
    """Where something of a subject was left; never what."""

    __tablename__ = "fulfilment_finding"
    guarded = Guarded(key=("id",), within=("request",))

    id: Mapped[str] = column(Plain(64), primary_key=True)
    request: Mapped[str] = column(Plain(32), index=True)
    source: Mapped[str] = column(Plain(60))
    place: Mapped[str] = column(Text)
    kind: Mapped[str] = column(Plain(20))
    is_strong: Mapped[bool | None] = column(YesNo)
    hits: Mapped[int] = column(Integer)
    state: Mapped[str] = column(Plain(12))
    ticked_by: Mapped[str | None] = column(Plain(32))
    reason: Mapped[str | None] = column(Plain(20))
    at: Mapped[datetime | None] = column(UtcTime)
    link: Mapped[str] = column(Text)
