"""Where the desk's cards stand in the staff's workspace, and what happened below them."""

from datetime import datetime

from sqlalchemy import Index, Integer
from sqlalchemy.orm import Mapped

from storage.types import Guarded, Plain, Table, UtcTime, YesNo, column


class CardRefRow(Table):
    """The card of a ticket or a data request; one that is lost is remembered, to point back to."""

    __tablename__ = "card_ref"
    guarded = Guarded(key=("kind", "about"))
    __table_args__ = (Index("ix_card_ref_channel_ts", "channel", "ts"),)

    kind: Mapped[str] = column(Plain(10), primary_key=True)
    about: Mapped[str] = column(Plain(32), primary_key=True)
    channel: Mapped[str] = column(Plain(64))
    ts: Mapped[str] = column(Plain(64))
    is_lost: Mapped[bool] = column(YesNo)


class RefusedWordsRow(Table):
    """Where words of staff stand that were refused."""

    __tablename__ = "refused_words"
    guarded = Guarded(key=("channel", "ts"))

    channel: Mapped[str] = column(Plain(64), primary_key=True)
    ts: Mapped[str] = column(Plain(64), primary_key=True)


class FileUploadRow(Table):
    """How far a client's file came on its way into a thread; `part` counts a message's files."""

    __tablename__ = "file_upload"
    guarded = Guarded(key=("message", "part"))

    message: Mapped[str] = column(Plain(32), primary_key=True)
    part: Mapped[int] = column(Integer, primary_key=True, autoincrement=False)
    file_id: Mapped[str] = column(Plain(64))
    is_done: Mapped[bool] = column(YesNo)


class TroubleRow(Table):
    """What stands in the desk's way, as one process at work sees it; no longer seen, it is over."""

    __tablename__ = "trouble"

    instance: Mapped[str] = column(Plain(32), primary_key=True)
    kind: Mapped[str] = column(Plain(20), primary_key=True)
    about: Mapped[str] = column(Plain(80), primary_key=True)
    error: Mapped[str] = column(Plain(200))
    since: Mapped[datetime] = column(UtcTime)
    seen_at: Mapped[datetime] = column(UtcTime)
