"""Policy versions and questions in the database."""

import json
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NotFound
from bot.questions import Question
from storage import write
from storage.models.policy import PolicyRow, PublicationRow, QuestionRow
from storage.vault import Vault


class SqlPolicies:
    """The versions of the policy; the one published last is current."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def publish(self, version: str, text: str, at: datetime) -> bool:
        if await self.current() == version:
            return False
        await write.add_new(self._session, PolicyRow, {"version": version, "text": text})
        publication = {"version": version, "at": at}
        await self._session.execute(write.insert(PublicationRow).values(publication))
        return True

    async def current(self) -> str | None:
        query = select(PublicationRow.version).order_by(PublicationRow.id.desc())
        return await self._session.scalar(query.limit(1))

    async def text(self, version: str) -> str:
        query = select(PolicyRow.text).where(PolicyRow.version == version)
        text = await self._session.scalar(query)
        if text is None:
            raise NotFound("store.no_such_policy_version")
        return text

    async def history(self) -> list[tuple[str, datetime]]:
        query = select(PublicationRow.version, PublicationRow.at).order_by(PublicationRow.id)
        return [(version, at) for version, at in await self._session.execute(query)]


class SqlQuestions:
    """Questions without who asked."""

    def __init__(self, session: AsyncSession, vault: Vault) -> None:
        self._session = session
        self._vault = vault

    async def add(self, question: Question) -> None:
        row = {
            "id": question.id,
            "at": question.at,
            "text": await self._vault.seal(None, f"question.text:{question.id}", question.text),
            "language": question.language,
            "outcome": question.outcome,
            "policy_version": question.policy_version,
            "quotes": json.dumps(question.quotes),
            "is_helpful": question.is_helpful,
            "reviewed": False,
        }
        await self._session.execute(write.insert(QuestionRow).values(row))

    async def get(self, question: str) -> Question:
        row = await self._session.scalar(select(QuestionRow).where(QuestionRow.id == question))
        if row is None:
            raise NotFound("store.no_such_question")
        return self._question(row)

    async def save(self, question: Question) -> None:
        changed = write.update(QuestionRow).where(QuestionRow.id == question.id)
        changed = changed.values(is_helpful=question.is_helpful).returning(QuestionRow.id)
        if await self._session.scalar(changed) is None:
            raise NotFound("store.no_such_question")

    async def open_ones(self, limit: int = 200) -> list[Question]:
        query = select(QuestionRow).where(
            QuestionRow.reviewed.is_(False),
            or_(QuestionRow.outcome != "answer", QuestionRow.is_helpful.is_(False)),
        )
        rows = await self._session.scalars(query.order_by(QuestionRow.at.desc()).limit(limit))
        return [self._question(row) for row in rows]

    def _question(self, row: QuestionRow) -> Question:
        return Question(
            id=row.id,
            at=row.at,
            text=self._vault.open_loaded(None, f"question.text:{row.id}", row.text),
            language=row.language,
            outcome=row.outcome,
            policy_version=row.policy_version,
            quotes=tuple((start, end) for start, end in json.loads(row.quotes)),
            is_helpful=row.is_helpful,
        )
