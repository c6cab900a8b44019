"""Policy versions, the questions that were asked of them, and what approvers made of those."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, Text
from sqlalchemy.orm import Mapped

from storage.types import SERIAL, Guarded, Plain, Table, UtcTime, YesNo, column


class PolicyRow(Table):
    """One version of the policy text, verbatim."""

    __tablename__ = "policy_version"
    guarded = Guarded(key=("version",))

    version: Mapped[str] = column(Plain(64), primary_key=True)
    text: Mapped[str] = column(Text)


class PublicationRow(Table):
    """A version became the current one; the same version may do so again."""

    __tablename__ = "publication"
    guarded = Guarded()

    id: Mapped[int] = column(SERIAL, primary_key=True, autoincrement=True)
    version: Mapped[str] = column(Plain(64))
    at: Mapped[datetime] = column(UtcTime)


class QuestionRow(Table):
    """A question without who asked it; masked, and sealed all the same."""

    __tablename__ = "question"

    id: Mapped[str] = column(Plain(32), primary_key=True)
    at: Mapped[datetime] = column(UtcTime, index=True)
    text: Mapped[bytes] = column(LargeBinary, personal="masked words of a client")
    language: Mapped[str] = column(Plain(20))
    outcome: Mapped[str] = column(Plain(12))
    policy_version: Mapped[str] = column(Plain(64))
    quotes: Mapped[str] = column(Text)
    is_helpful: Mapped[bool | None] = column(YesNo)
    digest: Mapped[str] = column(Plain(64), personal="blind index")
    link: Mapped[str | None] = column(Plain(32), index=True)
    is_open: Mapped[bool] = column(YesNo)

    __table_args__ = (Index("ix_question_open", "is_open", "digest", "at", "id"),)


class QuestionLinkRow(Table):
    """An approver's reviewed answer to a question; `sentence` is the policy's own words."""

    __tablename__ = "question_link"
    guarded = Guarded()

    id: Mapped[str] = column(Plain(32), primary_key=True)
    at: Mapped[datetime] = column(UtcTime)
    question: Mapped[bytes] = column(LargeBinary, personal="masked words of a client")
    digest: Mapped[str] = column(Plain(64), personal="blind index", index=True)
    sentence: Mapped[str | None] = column(Text)
    policy_version: Mapped[str] = column(Plain(64))
    flagged_in: Mapped[str | None] = column(Plain(64))
    taken_back_at: Mapped[datetime | None] = column(UtcTime)
