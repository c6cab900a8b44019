"""Policy versions, and the questions that were asked of them."""

from datetime import datetime

from sqlalchemy import Boolean, LargeBinary, String, Text
from sqlalchemy.orm import Mapped

from storage.types import Table, UtcTime, column


class PolicyRow(Table):
    """One version of the policy text, verbatim."""

    __tablename__ = "policy_version"

    version: Mapped[str] = column(String(64), primary_key=True)
    text: Mapped[str] = column(Text)
    published_at: Mapped[datetime] = column(UtcTime)


class QuestionRow(Table):
    """A question without who asked it; masked, and sealed all the same."""

    __tablename__ = "question"

    id: Mapped[str] = column(String(32), primary_key=True)
    at: Mapped[datetime] = column(UtcTime, index=True)
    text: Mapped[bytes] = column(LargeBinary, personal="masked words of a client")
    language: Mapped[str] = column(String(20))
    outcome: Mapped[str] = column(String(12))
    policy_version: Mapped[str] = column(String(64))
    quotes: Mapped[str] = column(String(200))
    is_helpful: Mapped[bool | None] = column(Boolean)
    reviewed: Mapped[bool] = column(Boolean, default=False)
