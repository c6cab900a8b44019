"""Policy versions, questions without who asked, and the reviewed links, in the database."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.answering.questions import ANSWERED, Question, QuestionLink, Wording
from bot.domain.errors import NotFound
from storage import statements
from storage.checks import row_sets
from storage.guarding.guard import guard_of
from storage.models.policy import PolicyRow, PublicationRow, QuestionLinkRow, QuestionRow
from storage.vault import Vault

AT_ONCE = 500
"""Digests in one statement; SQLite takes some thousand parameters."""
NEWEST_FIRST = (QuestionLinkRow.at.desc(), QuestionLinkRow.id)


class SqlPolicies:
    """The versions of the policy; the one published last is current."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def publish(self, version: str, text: str, at: datetime) -> bool:
        if await self.current() == version:
            return False
        await statements.add_new(self._session, PolicyRow, {"version": version, "text": text})
        publication = {"version": version, "at": at}
        await statements.add(self._session, PublicationRow, publication)
        return True

    async def current(self) -> str | None:
        history = await self._publications()
        return history[-1].version if history else None

    async def text(self, version: str) -> str:
        row = await statements.one(self._session, PolicyRow, version=version)
        if row is None:
            raise NotFound("store.no_such_policy_version")
        return row.text

    async def history(self) -> list[tuple[str, datetime]]:
        return [(row.version, row.at) for row in await self._publications()]

    async def _publications(self) -> list[PublicationRow]:
        """All of them, in order: were the last one missing, an older text would be current."""
        rows = list(await self._session.scalars(select(PublicationRow).order_by(PublicationRow.id)))
        await guard_of(self._session).check_all(PublicationRow, rows, {})
        return rows


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
            "digest": question.digest,
            "link": question.link,
            "is_open": question.is_open,
        }
        await statements.add(self._session, QuestionRow, row)

    async def get(self, question: str) -> Question:
        row = await statements.one(self._session, QuestionRow, id=question)
        if row is None:
            raise NotFound("store.no_such_question")
        return self._question(row)

    async def beginning(self, start: str) -> list[Question]:
        query = select(QuestionRow).where(QuestionRow.id.startswith(start, autoescape=True))
        rows = await self._session.scalars(query.order_by(QuestionRow.id).limit(2))
        return [self._question(row) for row in rows]

    async def save(self, question: Question) -> None:
        values = {
            "is_helpful": question.is_helpful,
            "link": question.link,
            "is_open": question.is_open,
        }
        if not await statements.change(self._session, QuestionRow, {"id": question.id}, values):
            raise NotFound("store.no_such_question")

    async def open_wordings(self, limit: int) -> list[Wording]:
        """Counted in the database; only one question of each wording is read and opened."""
        count, latest = func.count(), func.max(QuestionRow.at)
        query = (
            select(count, latest, func.max(QuestionRow.id))
            .where(QuestionRow.is_open.is_(True))
            .group_by(QuestionRow.digest)
            .order_by(count.desc(), latest.desc())
            .limit(limit)
        )
        found = (await self._session.execute(query)).all()
        kept = select(QuestionRow).where(QuestionRow.id.in_([one for *_, one in found]))
        rows = {row.id: row for row in await self._session.scalars(kept)}
        return [Wording(self._question(rows[one]), number, at) for number, at, one in found]

    async def count_open(self) -> int:
        query = select(func.count()).select_from(QuestionRow)
        return await self._session.scalar(query.where(QuestionRow.is_open.is_(True))) or 0

    async def settle(self, digests: Collection[str], link: str) -> int:
        settled = 0
        for some in _batches(digests):
            mine = QuestionRow.is_open.is_(True), QuestionRow.digest.in_(some)
            settled += await self._put(mine, {"link": link, "is_open": False})
        return settled

    async def count_settled(self, link: str) -> int:
        query = select(func.count()).select_from(QuestionRow)
        return await self._session.scalar(query.where(QuestionRow.link == link)) or 0

    async def reopen(self, link: str) -> int:
        failed = (QuestionRow.outcome != ANSWERED) | QuestionRow.is_helpful.is_(False)
        mine = QuestionRow.link == link
        reopened = await self._put((mine, failed), {"link": None, "is_open": True})
        await self._put((mine,), {"link": None})
        return reopened

    async def _put(self, where: Sequence[ColumnElement[bool]], values: Mapping[str, object]) -> int:
        statement = statements.update(QuestionRow).where(*where).values(values)
        changed = await self._session.scalars(statement.returning(QuestionRow.id))
        return len(changed.all())

    def _question(self, row: QuestionRow) -> Question:
        return Question(
            id=row.id,
            at=row.at,
            text=self._vault.open_loaded(None, f"question.text:{row.id}", row.text),
            digest=row.digest,
            language=row.language,
            outcome=row.outcome,
            policy_version=row.policy_version,
            quotes=tuple((start, end) for start, end in json.loads(row.quotes)),
            is_helpful=row.is_helpful,
            link=row.link,
        )


class SqlLinks:
    """Approvers' reviewed answers to questions."""

    def __init__(self, session: AsyncSession, vault: Vault) -> None:
        self._session = session
        self._vault = vault

    async def add(self, link: QuestionLink) -> None:
        sealed = await self._vault.seal(None, f"question_link:{link.id}", link.question)
        row = {
            "id": link.id,
            "at": link.at,
            "question": sealed,
            "digest": link.digest,
            "sentence": link.sentence,
            "policy_version": link.policy_version,
            "flagged_in": link.flagged_in,
            "taken_back_at": link.taken_back_at,
        }
        await statements.add(self._session, QuestionLinkRow, row)

    async def get(self, link: str) -> QuestionLink:
        found = await self._all(select(QuestionLinkRow).where(QuestionLinkRow.id == link))
        if not found:
            raise NotFound("questions.no_such_link")
        return found[0]

    async def save(self, link: QuestionLink) -> None:
        values = {
            "policy_version": link.policy_version,
            "flagged_in": link.flagged_in,
            "taken_back_at": link.taken_back_at,
        }
        if not await statements.change(self._session, QuestionLinkRow, {"id": link.id}, values):
            raise NotFound("questions.no_such_link")

    async def standing(self) -> list[QuestionLink]:
        return [link for link in await self.every() if link.taken_back_at is None]

    async def every(self) -> list[QuestionLink]:
        query = select(QuestionLinkRow).order_by(*NEWEST_FIRST)
        rows = list(await self._session.scalars(query))
        await guard_of(self._session).check_all(QuestionLinkRow, rows, {})
        return [self._link(row) for row in rows]

    async def count_flagged(self) -> int:
        query = select(func.count()).select_from(QuestionLinkRow)
        is_flagged = QuestionLinkRow.flagged_in.is_not(None)
        waits = query.where(is_flagged, QuestionLinkRow.taken_back_at.is_(None))
        return await self._session.scalar(waits) or 0

    async def silent_for(self, digest: str) -> str | None:
        query = select(QuestionLinkRow).where(QuestionLinkRow.digest == digest)
        for link in await self._all(query.order_by(*NEWEST_FIRST)):
            if link.sentence is None and link.flagged_in is None and link.taken_back_at is None:
                return link.id
        return None

    async def _all(self, query: Select[QuestionLinkRow]) -> list[QuestionLink]:
        rows = await row_sets.checked(self._session, QuestionLinkRow, query)
        return [self._link(row) for row in rows]

    def _link(self, row: QuestionLinkRow) -> QuestionLink:
        return QuestionLink(
            id=row.id,
            at=row.at,
            question=self._vault.open_loaded(None, f"question_link:{row.id}", row.question),
            digest=row.digest,
            sentence=row.sentence,
            policy_version=row.policy_version,
            flagged_in=row.flagged_in,
            taken_back_at=row.taken_back_at,
        )


def _batches(digests: Iterable[str]) -> Iterable[list[str]]:
    every = sorted(set(digests))
    return (every[at : at + AT_ONCE] for at in range(0, len(every), AT_ONCE))
