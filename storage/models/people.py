"""Persons, their accounts and contacts, the keys that seal what concerns them, and staff."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary
from sqlalchemy.orm import Mapped

from storage.types import Guarded, Plain, Table, UtcTime, YesNo, column


class HolderKeyRow(Table):
    """The data key of a holder, wrapped under the master key. Destroying it is the erasure.

    From `fenced_at` on nothing of theirs is taken any more; the row outlives everything else.
    """

    __tablename__ = "holder_key"
    guarded = Guarded(key=("holder",), loose=("wrapped",))

    holder: Mapped[str] = column(Plain(32), primary_key=True)
    wrapped: Mapped[bytes | None] = column(LargeBinary)
    created_at: Mapped[datetime] = column(UtcTime)
    fenced_at: Mapped[datetime | None] = column(UtcTime)
    destroyed_at: Mapped[datetime | None] = column(UtcTime)


class PersonRow(Table):
    """One human of the client list."""

    __tablename__ = "person"
    guarded = Guarded()

    id: Mapped[str] = column(Plain(32), primary_key=True)
    external_index: Mapped[str | None] = column(Plain(64), unique=True, personal="blind index")
    external_id: Mapped[bytes | None] = column(LargeBinary, personal="client number")
    name: Mapped[bytes | None] = column(LargeBinary, personal="name")
    company: Mapped[bytes | None] = column(LargeBinary, personal="company")
    language: Mapped[str] = column(Plain(2))
    regime: Mapped[str] = column(Plain(40))
    created_at: Mapped[datetime] = column(UtcTime)
    merged_into: Mapped[str | None] = column(Plain(32))
    erased_at: Mapped[datetime | None] = column(UtcTime)


class ContactRow(Table):
    """An e-mail address or phone number on record; one may stand on several persons."""

    __tablename__ = "contact"
    guarded = Guarded(within=("person",))
    __table_args__ = (Index("ix_contact_lookup", "kind", "value_index"),)

    id: Mapped[str] = column(Plain(32), primary_key=True)
    person: Mapped[str] = column(Plain(32), index=True)
    kind: Mapped[str] = column(Plain(8))
    value_index: Mapped[str] = column(Plain(64), personal="blind index")
    value: Mapped[bytes] = column(LargeBinary, personal="contact")
    since: Mapped[datetime | None] = column(UtcTime)
    young_until: Mapped[datetime | None] = column(UtcTime)
    on_record_until: Mapped[datetime | None] = column(UtcTime)


class AccountRow(Table):
    """A chat account."""

    __tablename__ = "account"
    guarded = Guarded(key=("address_index",))

    id: Mapped[str] = column(Plain(32), primary_key=True)
    address_index: Mapped[str] = column(Plain(64), unique=True, personal="blind index")
    address: Mapped[bytes | None] = column(LargeBinary, personal="platform id")
    display_name: Mapped[bytes | None] = column(LargeBinary, personal="name")
    language: Mapped[str] = column(Plain(2))
    language_chosen: Mapped[bool] = column(YesNo)
    person: Mapped[str | None] = column(Plain(32), index=True)
    link_barred_since: Mapped[datetime | None] = column(UtcTime)
    link_first_approver: Mapped[str | None] = column(Plain(32))
    status: Mapped[str] = column(Plain(10))
    told_of_throttle_at: Mapped[datetime | None] = column(UtcTime)
    topic: Mapped[str | None] = column(Plain(32))
    created_at: Mapped[datetime] = column(UtcTime)


class FlowRow(Table):
    """Where a client stands in a guided talk."""

    __tablename__ = "flow"
    guarded = Guarded(key=("account",))

    account: Mapped[str] = column(Plain(32), primary_key=True)
    name: Mapped[str] = column(Plain(40))
    step: Mapped[str] = column(Plain(40))
    data: Mapped[bytes] = column(LargeBinary, personal="words of a client")
    expires_at: Mapped[datetime] = column(UtcTime)


class StaffRow(Table):
    """A member of staff."""

    __tablename__ = "staff"
    guarded = Guarded()

    id: Mapped[str] = column(Plain(32), primary_key=True)
    slack_user: Mapped[str] = column(Plain(64), unique=True)
    role: Mapped[str] = column(Plain(20))
    source: Mapped[str] = column(Plain(20))
    active: Mapped[bool] = column(YesNo)
    away_until: Mapped[datetime | None] = column(UtcTime)
    deputy: Mapped[str | None] = column(Plain(32))
    counts_from: Mapped[datetime | None] = column(UtcTime)
    name: Mapped[bytes | None] = column(LargeBinary, personal="name of a member of staff")
    fault: Mapped[str] = column(Plain(20), server_default="")
