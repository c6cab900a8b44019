"""What was said, in the database: words, files and earlier versions are sealed."""

import json
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.addresses import AccountId, Actor, MessageId, TicketId
from bot.domain.errors import NotFound
from bot.domain.tickets.message import (
    Attachment,
    DeliveryStatus,
    Direction,
    Message,
    Origin,
    Signature,
    Span,
    Version,
)
from bot.domain.tickets.routes import RouteCode, RouteReason
from storage import statements
from storage.checks import row_sets
from storage.guarding.guard import guard_of
from storage.models.tickets import LinkRow, MessageRow, TicketLinkRow
from storage.sqlite.driver import SHORT
from storage.types import mended
from storage.vault import Vault

OLDEST = (MessageRow.at, MessageRow.position)
"""A word that arrived late stands where it was said."""


SAID = (
    select(func.count())
    .select_from(MessageRow)
    .where(
        MessageRow.account == bindparam("of"),
        MessageRow.direction == Direction.IN,
        MessageRow.at >= bindparam("since"),
    )
)


class Details(BaseModel):
    """What a message holds besides its words."""

    spans: tuple[Span, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    versions: tuple[Version, ...] = ()
    signature: Signature = Signature()
    origin: Origin | None = None
    topic: str = ""
    reaction: str = ""
    unread_change_at: datetime | None = None


class SqlMessages:
    """Messages and the ids under which platforms know them."""

    def __init__(self, session: AsyncSession, vault: Vault) -> None:
        self._session = session
        self._vault = vault
        self._holders: dict[MessageId, str | None] = {}

    async def get(self, message: MessageId) -> Message:
        row = await statements.one(self._session, MessageRow, id=message)
        if row is None:
            raise NotFound("tickets.no_such_message")
        return (await self._messages([row]))[0]

    async def add(self, message: Message) -> None:
        await self._vault.refuse_fenced(message.account)
        row = {"id": message.id} | await self._values(message)
        await statements.add(self._session, MessageRow, row)
        self._holders[message.id] = message.account

    async def save(self, message: Message) -> None:
        values = await self._values(message)
        if not await statements.change(self._session, MessageRow, {"id": message.id}, values):
            raise NotFound("tickets.no_such_message")

    async def of(self, ticket: TicketId) -> list[Message]:
        query = select(MessageRow).where(MessageRow.ticket == ticket).execution_options(**SHORT)
        return await self._messages(
            await row_sets.checked(self._session, MessageRow, query.order_by(*OLDEST))
        )

    async def loose(self, account: AccountId) -> list[Message]:
        query = select(MessageRow).where(MessageRow.account == account, MessageRow.ticket.is_(None))
        return await self._messages(
            await row_sets.checked(self._session, MessageRow, query.order_by(*OLDEST))
        )

    async def said_since(self, account: AccountId, since: datetime) -> int:
        return await self._session.scalar(SAID, {"of": account, "since": since}) or 0

    async def link(
        self, message: MessageId, surface: str, place: str, remote: str, part: int = 0
    ) -> None:
        holder = await self._holder(message)
        if holder is None:
            return  # erased meanwhile
        sealed = await self._vault.seal(holder, f"link.place:{message}", place)
        row = self._key(surface, place, remote)
        row |= {"message": message, "place": sealed, "part": part}
        await statements.add_new(self._session, LinkRow, row)

    async def unlink(self, message: MessageId, surface: str) -> None:
        where = (LinkRow.message == message, LinkRow.surface == surface)
        await statements.remove(self._session, LinkRow, *where)

    async def linked(self, surface: str, place: str, remote: str) -> MessageId | None:
        key = self._key(surface, place, remote)
        found = await statements.one(self._session, LinkRow, **key)
        return None if found is None else MessageId(found.message)

    async def links(self, message: MessageId, surface: str) -> list[tuple[str, str]]:
        query = (
            select(LinkRow, MessageRow.account)
            .outerjoin(MessageRow, MessageRow.id == LinkRow.message)
            .where(LinkRow.message == message, LinkRow.surface == surface)
            .execution_options(**SHORT)
        )
        found = await self._found_links(query.order_by(LinkRow.part, LinkRow.id))
        return [(place, link.remote) for link, place in found]

    async def linked_since(self, surface: str, since: datetime) -> list[tuple[Message, str, str]]:
        query = (
            select(LinkRow, MessageRow.account)
            .join(MessageRow, MessageRow.id == LinkRow.message)
            .where(LinkRow.surface == surface, MessageRow.at >= since)
        )
        found = await self._found_links(query.order_by(LinkRow.id))
        return [
            (await self.get(MessageId(link.message)), place, link.remote) for link, place in found
        ]

    async def _found_links(self, query: Any) -> list[tuple[LinkRow, str]]:  # noqa: ANN401  # a query for links and their holders
        """Those whose place can still be read, with it."""
        rows: list[Any] = list(await self._session.execute(query))
        await self._vault.load(holder for _, holder in rows)
        found: list[tuple[LinkRow, str]] = []
        for link, holder in rows:
            await guard_of(self._session).check(LinkRow, link)
            if place := self._vault.readable(holder, f"link.place:{link.message}", link.place):
                found.append((link, place))
        return found

    async def link_ticket(self, ticket: TicketId, surface: str, place: str, remote: str) -> None:
        row = {"ticket": ticket} | self._key(surface, place, remote)
        await statements.add_new(self._session, TicketLinkRow, row)

    async def linked_ticket(self, surface: str, place: str, remote: str) -> TicketId | None:
        key = self._key(surface, place, remote)
        found = await statements.one(self._session, TicketLinkRow, **key)
        return None if found is None else TicketId(found.ticket)

    def _key(self, surface: str, place: str, remote: str) -> dict[str, Any]:
        """What finds a link; the place may be a client's own id, so it is a blind index."""
        index = self._vault.keys.exact_index("place", f"{surface}:{place}")
        return {"surface": surface, "place_index": index, "remote": remote}

    async def _holder(self, message: MessageId) -> str | None:
        if message not in self._holders:
            account = await statements.value(self._session, MessageRow.account, id=message)
            self._holders[message] = account
        return self._holders[message]

    async def _values(self, message: Message) -> dict[str, Any]:
        holder = message.account
        details = Details(**{name: getattr(message, name) for name in Details.model_fields})
        label = f"message.details:{message.id}"
        return {
            "details": await self._vault.seal(holder, label, _json(details)),
            "body": await self._vault.seal(holder, f"message.body:{message.id}", message.body),
            "account": holder,
            "ticket": message.ticket,
            "reply_to": message.reply_to,
            "at": message.at,
            "direction": message.direction,
            "author": str(message.author),
            "media_group": message.media_group,
            "version": message.version,
            "delivery": message.delivery,
            "delivery_error": message.delivery_error,
            "edited_at": message.edited_at,
            "deleted_at": message.deleted_at,
            "route": message.route,
            "route_reason": message.route_reason,
        }

    async def _messages(self, rows: list[MessageRow]) -> list[Message]:
        self._holders |= {MessageId(row.id): row.account for row in rows}
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
        delivery=DeliveryStatus(row.delivery),
        delivery_error=row.delivery_error,
        version=row.version,
        at=row.at,
        edited_at=row.edited_at,
        deleted_at=row.deleted_at,
        route=None if row.route is None else RouteCode(row.route),
        route_reason=None if row.route_reason is None else RouteReason(row.route_reason),
        **extra,
    )


def _json(details: Details) -> str:
    """Through `mended`, because a file's name may hold what UTF-8 cannot."""
    said = details.model_dump(mode="json", exclude_defaults=True)
    return mended(json.dumps(said, ensure_ascii=False))
