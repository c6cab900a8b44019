"""What was said, in the database: words, files and earlier versions are sealed."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.addresses import AccountId, Actor, MessageId, TicketId
from bot.errors import NotFound
from bot.tickets.talk import Attachment, Delivery, Direction, Message, Span, Version
from storage.models.tickets import LinkRow, MessageRow
from storage.repositories.tickets import next_serial
from storage.vault import Vault


class Details(BaseModel):
    """What a message holds besides its words."""

    spans: tuple[Span, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    versions: tuple[Version, ...] = ()


class SqlMessages:
    """Messages and the ids under which platforms know them."""

    def __init__(self, session: AsyncSession, vault: Vault) -> None:
        self._session = session
        self._vault = vault

    async def get(self, message: MessageId) -> Message:
        row = await self._session.get(MessageRow, message)
        if row is None:
            raise NotFound("tickets.no_such_message")
        return (await self._messages([row]))[0]

    async def add(self, message: Message) -> None:
        position = await next_serial(self._session, "message")
        row = MessageRow(id=message.id, position=position, at=message.at)
        await self._fill(row, message)
        self._session.add(row)
        await self._session.flush()

    async def save(self, message: Message) -> None:
        row = await self._session.get(MessageRow, message.id)
        if row is None:
            raise NotFound("tickets.no_such_message")
        await self._fill(row, message)
        await self._session.flush()

    async def of(self, ticket: TicketId) -> list[Message]:
        query = select(MessageRow).where(MessageRow.ticket == ticket)
        return await self._messages(
            list(await self._session.scalars(query.order_by(MessageRow.position)))
        )

    async def loose(self, account: AccountId) -> list[Message]:
        query = select(MessageRow).where(MessageRow.account == account, MessageRow.ticket.is_(None))
        return await self._messages(
            list(await self._session.scalars(query.order_by(MessageRow.position)))
        )

    async def said_since(self, account: AccountId, since: datetime) -> int:
        query = select(func.count()).select_from(MessageRow)
        query = query.where(
            MessageRow.account == account,
            MessageRow.direction == Direction.IN,
            MessageRow.at >= since,
        )
        return await self._session.scalar(query) or 0

    async def link(
        self, message: MessageId, surface: str, place: str, remote: str, part: int = 0
    ) -> None:
        row = LinkRow(message=message, surface=surface, place=place, remote=remote, part=part)
        try:
            async with self._session.begin_nested():
                self._session.add(row)
        except IntegrityError:
            return

    async def linked(self, surface: str, place: str, remote: str) -> MessageId | None:
        query = select(LinkRow.message).where(
            LinkRow.surface == surface, LinkRow.place == place, LinkRow.remote == remote
        )
        found = await self._session.scalar(query)
        return None if found is None else MessageId(found)

    async def link_ticket(self, ticket: TicketId, surface: str, place: str, remote: str) -> None:
        await self.link(MessageId(ticket), f"{surface}/ticket", place, remote)

    async def linked_ticket(self, surface: str, place: str, remote: str) -> TicketId | None:
        found = await self.linked(f"{surface}/ticket", place, remote)
        return None if found is None else TicketId(found)

    async def links(self, message: MessageId, surface: str) -> list[tuple[str, str]]:
        query = select(LinkRow.place, LinkRow.remote).where(
            LinkRow.message == message, LinkRow.surface == surface
        )
        rows = await self._session.execute(query.order_by(LinkRow.part, LinkRow.id))
        return [(place, remote) for place, remote in rows]

    async def _fill(self, row: MessageRow, message: Message) -> None:
        holder = message.account
        details = Details(
            spans=message.spans, attachments=message.attachments, versions=message.versions
        )
        label = f"message.details:{message.id}"
        row.details = await self._vault.seal(holder, label, details.model_dump_json())
        row.body = await self._vault.seal(holder, f"message.body:{message.id}", message.body)
        row.account, row.ticket, row.reply_to = holder, message.ticket, message.reply_to
        row.direction, row.author = message.direction, str(message.author)
        row.media_group, row.version = message.media_group, message.version
        row.delivery, row.delivery_error = message.delivery, message.delivery_error
        row.edited_at, row.deleted_at = message.edited_at, message.deleted_at

    async def _messages(self, rows: list[MessageRow]) -> list[Message]:
        await self._vault.load(row.account for row in rows)
        return [message_of(row, self._vault) for row in rows]


def message_of(row: MessageRow, vault: Vault) -> Message:
    """The message a row stands for; its holder's key is loaded already."""
    details = vault.readable(row.account, f"message.details:{row.id}", row.details)
    extra: dict[str, Any] = dict(Details.model_validate_json(details or "{}"))
    return Message(
        id=MessageId(row.id),
        account=AccountId(row.account),
        ticket=None if row.ticket is None else TicketId(row.ticket),
        direction=Direction(row.direction),
        author=Actor.parse(row.author),
        body=vault.readable(row.account, f"message.body:{row.id}", row.body),
        reply_to=None if row.reply_to is None else MessageId(row.reply_to),
        media_group=row.media_group,
        delivery=Delivery(row.delivery),
        delivery_error=row.delivery_error,
        version=row.version,
        at=row.at,
        edited_at=row.edited_at,
        deleted_at=row.deleted_at,
        **extra,
    )
