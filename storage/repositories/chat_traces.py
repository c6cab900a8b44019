"""Where the desk's words about a subject stand on the chat platforms, from the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.application.ports.card_refs import CardKind, CardRef
from bot.application.ports.chat_traces import SubjectCard, SubjectPost, ToldWord
from bot.domain.addresses import AccountId, MessageId
from bot.domain.fulfilment.identifiers import Identifiers
from bot.domain.tickets.message import Direction
from storage import statements
from storage.guarding.guard import guard_of
from storage.models.requests import RequestRow
from storage.models.tickets import LinkRow, MessageRow, TicketRow, ToldWordRow
from storage.models.workspace import CardRefRow, FileUploadRow
from storage.vault import Vault

PAGE = 2_000
"""Rows read at a time: a subject may have said a hundred thousand things."""


class SqlChatTraces:
    """What the desk put where, of one subject."""

    def __init__(self, session: AsyncSession, vault: Vault) -> None:
        self._session = session
        self._vault = vault

    async def cards(self, who: Identifiers) -> list[SubjectCard]:
        requests, tickets = _requests(who), _tickets(who)
        theirs = or_(
            and_(CardRefRow.kind == CardKind.TICKET, CardRefRow.about.in_(tickets)),
            and_(CardRefRow.kind == CardKind.REQUEST, CardRefRow.about.in_(requests)),
        )
        query = select(CardRefRow).where(theirs).order_by(CardRefRow.kind, CardRefRow.about)
        rows = list(await self._session.scalars(query))
        for row in rows:
            await guard_of(self._session).check(CardRefRow, row)
        return [
            SubjectCard(kind=CardKind(row.kind), about=row.about, card=CardRef(row.channel, row.ts))
            for row in rows
        ]

    async def posts(
        self, who: Identifiers, surface: str, *, since: datetime | None = None
    ) -> list[SubjectPost]:
        query = (
            select(LinkRow, MessageRow.account, MessageRow.direction, MessageRow.at)
            .join(MessageRow, MessageRow.id == LinkRow.message)
            .where(MessageRow.account.in_(who.accounts), LinkRow.surface == surface)
            .order_by(LinkRow.id)
            .limit(PAGE)
        )
        if since is not None:
            query = query.where(MessageRow.at >= since)
        await self._vault.load(who.accounts)
        found: list[SubjectPost] = []
        last = 0
        while rows := (await self._session.execute(query.where(LinkRow.id > last))).all():
            last = rows[-1][0].id
            for link, account, direction, at in rows:
                await guard_of(self._session).check(LinkRow, link)
                if place := self._vault.readable(account, f"link.place:{link.message}", link.place):
                    found.append(_post(link, place, (account, direction, at)))
        return found

    async def files(self, who: Identifiers) -> list[str]:
        query = (
            select(FileUploadRow)
            .join(MessageRow, MessageRow.id == FileUploadRow.message)
            .where(MessageRow.account.in_(who.accounts), FileUploadRow.file_id != "")
            .order_by(MessageRow.position, FileUploadRow.part)
        )
        rows = list(await self._session.scalars(query))
        for row in rows:
            await guard_of(self._session).check(FileUploadRow, row)
        return [row.file_id for row in rows]

    async def note_told(self, account: AccountId, remotes: Sequence[str], at: datetime) -> None:
        rows = [{"account": account, "remote": one, "at": at} for one in remotes]
        if rows:
            await statements.add_unguarded(self._session, ToldWordRow, rows)

    async def told_words(self, who: Identifiers, *, since: datetime) -> list[ToldWord]:
        query = (
            select(ToldWordRow.account, ToldWordRow.remote)
            .where(ToldWordRow.account.in_(who.accounts), ToldWordRow.at >= since)
            .order_by(ToldWordRow.id)
        )
        found = (await self._session.execute(query)).all()
        return [ToldWord(AccountId(account), remote) for account, remote in found]

    async def forget_told(self, before: datetime) -> None:
        await self._session.execute(delete(ToldWordRow).where(ToldWordRow.at < before))


def _requests(who: Identifiers, column: Any = RequestRow.id) -> Select[Any]:  # noqa: ANN401  # a column of requests
    """Data requests about them, or asked in one of their chats."""
    return select(column).where(
        or_(
            RequestRow.subject_person.in_(who.persons),
            RequestRow.subject_account.in_(who.accounts),
            RequestRow.account.in_(who.accounts),
        )
    )


def _tickets(who: Identifiers) -> Select[Any]:
    """Their tickets, and those that are the talk of their data requests."""
    return select(TicketRow.id).where(
        or_(
            TicketRow.account.in_(who.accounts),
            TicketRow.id.in_(_requests(who, RequestRow.ticket)),
        )
    )


def _post(link: LinkRow, place: str, said: tuple[str, str, datetime]) -> SubjectPost:
    account, direction, at = said
    return SubjectPost(
        message=MessageId(link.message),
        account=AccountId(account),
        direction=Direction(direction),
        at=at,
        place=place,
        remote=link.remote,
    )
