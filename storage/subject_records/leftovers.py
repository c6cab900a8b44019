"""The look afterwards: what should have gone, found by other ways than those that erased it.

The events say which tickets there were, and the numbers and addresses which rows; rows that hang on
nothing are somebody's who is no longer there.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.addresses import ID_LENGTH
from bot.domain.fulfilment.identifiers import IdentifierKind
from storage import statements
from storage.models.audit import EventRow
from storage.models.people import AccountRow, ContactRow, PersonRow
from storage.models.queue import TimerRow
from storage.models.tickets import LinkRow, MessageRow, ServiceClockRow, TicketLinkRow, TicketRow
from storage.models.workspace import CardRefRow
from storage.subject_records.bulk_removal import count
from storage.subject_records.own_rows import ALBUM, TABLES, OwnRows, nobodys
from storage.types import Table

AT_ONCE = 400
STREAM = "ticket:"
BY_ID = (
    "outbox",
    "inbox",
    "budget_spending",
    "budget_tally",
    "signed_link",
    "challenge",
    "flow",
    "told_word",
)
"""Places whose rows name the holders themselves."""


class Leftovers:
    """Counts what is left of one subject."""

    def __init__(self, session: AsyncSession, own: OwnRows) -> None:
        self._session = session
        self._own = own
        self._found: dict[str, int] = {}

    async def by_place(self) -> dict[str, int]:
        """Only places in which something is left."""
        async for tickets in self._tickets_of_events():
            await self._of_tickets(tickets)
        await self._of_holders()
        await self._of_chats()
        for place, table in TABLES.items():
            hangs = nobodys(place)
            if hangs is not None:
                await self._add(place, table, hangs)
            elif place in BY_ID:
                await self._add(place, table, self._own.of(place))
        return {place: rows for place, rows in self._found.items() if rows}

    async def _add(self, place: str, table: type[Table], where: sa.ColumnElement[bool]) -> None:
        found = await count(self._session, table, where)
        self._found[place] = self._found.get(place, 0) + found

    async def _tickets_of_events(self) -> AsyncIterator[Sequence[str]]:
        """Streams of events that were sealed for one of them."""
        events: Any = statements.core(EventRow).c
        query = (
            sa.select(events.stream)
            .where(events.holder.in_(self._own.who.holders), events.stream.startswith(STREAM))
            .distinct()
        )
        ids = [one.removeprefix(STREAM) for one in await self._session.scalars(query)]
        for at in range(0, len(ids), AT_ONCE):
            yield ids[at : at + AT_ONCE]

    async def _of_tickets(self, tickets: Sequence[str]) -> None:
        about = sa.func.substr(TimerRow.ref, 1, ID_LENGTH)
        for place, table, where in (
            ("ticket", TicketRow, TicketRow.id.in_(tickets)),
            ("message", MessageRow, MessageRow.ticket.in_(tickets)),
            ("ticket_link", TicketLinkRow, TicketLinkRow.ticket.in_(tickets)),
            ("service_clock", ServiceClockRow, ServiceClockRow.ticket.in_(tickets)),
            ("card_ref", CardRefRow, CardRefRow.about.in_(tickets)),
            ("timer", TimerRow, about.in_(tickets)),
        ):
            await self._add(place, table, where)

    async def _of_holders(self) -> None:
        who = self._own.who
        personal = (PersonRow.name, PersonRow.external_id, PersonRow.company)
        is_named = sa.or_(*(column.is_not(None) for column in personal))
        stands = sa.or_(PersonRow.erased_at.is_(None), is_named)
        of_person = AccountRow.person.in_(who.persons)
        for place, table, where in (
            ("person", PersonRow, sa.and_(PersonRow.id.in_(who.persons), stands)),
            ("contact", ContactRow, ContactRow.person.in_(who.persons)),
            ("account", AccountRow, sa.or_(AccountRow.id.in_(who.accounts), of_person)),
            ("message", MessageRow, MessageRow.account.in_(who.accounts)),
            ("ticket", TicketRow, TicketRow.account.in_(who.accounts)),
        ):
            await self._add(place, table, where)

    async def _of_chats(self) -> None:
        """Links to their chat, but for those of whoever wrote there since the fence."""
        keys, chats = self._own.keys, self._own.chats
        users = self._own.who.of(IdentifierKind.CHAT_ID)
        places = [(chat.partition(":")[0], chat.partition(":")[2]) for chat in chats]
        named = [f"{surface}:{user}" for surface, user in places if user in users]
        named += [f"{ALBUM}:{chat}" for chat in chats]
        at = [keys.exact_index("place", one) for one in named]
        theirs = sa.exists().where(
            MessageRow.id == LinkRow.message, MessageRow.account.in_(self._own.who.accounts)
        )
        await self._add("link", LinkRow, sa.and_(LinkRow.place_index.in_(at), theirs))
