"""By what a subject can be found: read from all that is on record, of one human's every record."""

from collections.abc import AsyncIterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.addresses import AccountId, PersonId
from bot.domain.clients.people import EMAIL
from bot.domain.errors import NotFound
from bot.domain.fulfilment.identifiers import Identifier, IdentifierKind as Kind, Identifiers
from bot.domain.requests.record import Subject
from bot.domain.requests.request import public_number as request_number
from bot.domain.tickets.message import Direction
from bot.domain.tickets.ticket import public_number as ticket_number
from storage import statements
from storage.checks import row_sets
from storage.models.people import AccountRow, ContactRow, PersonRow
from storage.models.requests import RequestRow
from storage.models.tickets import MessageRow, TicketRow
from storage.repositories.messages import message_of
from storage.subject_records.own_rows import OwnRows
from storage.vault import Vault

MOST_FILES = 2_000
"""The newest ones: whoever sent more is found by much else, and each is one more to search for."""
BARE_DETAILS = 60
"""Bytes of sealed details in which no file can be named."""


class FoundBy:
    """Gathers the identifiers of a subject."""

    def __init__(self, session: AsyncSession, vault: Vault) -> None:
        self._session = session
        self._vault = vault

    async def gather(self, subject: Subject) -> Identifiers:
        """Raises NotFound: there is no such record, or no such chat any more."""
        people = await self._people(subject)
        accounts = await self._accounts(subject, people)
        await self._vault.load(row.id for row in (*people, *accounts))
        who = Identifiers(
            subject=subject,
            persons=tuple(PersonId(row.id) for row in people),
            accounts=tuple(AccountId(row.id) for row in accounts),
        )
        values = [
            *[one for row in people for one in self._named(row)],
            *[one for row in await self._contacts(people) for one in self._reached(row)],
            *[one for row in accounts for one in self._called(row)],
            *await self._numbers(who),
            *[one async for one in self._files(who)],
        ]
        kept = dict.fromkeys(one for one in values if one.value)
        return Identifiers(
            subject=subject, persons=who.persons, accounts=who.accounts, values=tuple(kept)
        )

    async def _people(self, subject: Subject) -> list[Any]:
        """The record that stands, first, and every one that was merged into it."""
        if subject.person is None:
            return []
        root = await statements.one(self._session, PersonRow, id=subject.person)
        while root is not None and root.merged_into is not None:
            root = await statements.one(self._session, PersonRow, id=root.merged_into)
        if root is None:
            raise NotFound("clients.no_such_person")
        found = [root]
        for row in found:
            query = sa.select(PersonRow).where(PersonRow.merged_into == row.id)
            merged = query.order_by(PersonRow.created_at, PersonRow.id)
            found += await row_sets.checked(self._session, PersonRow, merged)
        return found

    async def _accounts(self, subject: Subject, people: list[Any]) -> list[Any]:
        if subject.account is not None:
            row = await statements.one(self._session, AccountRow, id=subject.account)
            if row is None:
                raise NotFound("clients.no_such_account")
            return [row]
        query = sa.select(AccountRow).where(AccountRow.person.in_([row.id for row in people]))
        ordered = query.order_by(AccountRow.created_at, AccountRow.id)
        return await row_sets.checked(self._session, AccountRow, ordered)

    async def _contacts(self, people: list[Any]) -> list[Any]:
        """Also those that left the list."""
        query = sa.select(ContactRow).where(ContactRow.person.in_([row.id for row in people]))
        ordered = query.order_by(ContactRow.person, ContactRow.kind, ContactRow.id)
        return await row_sets.checked(self._session, ContactRow, ordered)

    async def _numbers(self, who: Identifiers) -> list[Identifier]:
        own = OwnRows(who, self._vault.keys)
        found: list[str] = []
        for table, place, written in (
            (RequestRow, "data_request", request_number),
            (TicketRow, "ticket", ticket_number),
        ):
            serial = statements.core(table).c.serial
            query = sa.select(serial).where(own.of(place)).order_by(serial)
            found += [written(one) for one in await self._session.scalars(query)]
        return [Identifier(Kind.DOCUMENT, one) for one in found]

    async def _files(self, who: Identifiers) -> AsyncIterator[Identifier]:
        """What the platform calls the files they sent: the desk keeps no digest of their bytes."""
        query = sa.select(MessageRow).where(
            MessageRow.account.in_(who.accounts),
            MessageRow.direction == Direction.IN,
            sa.func.length(MessageRow.details) > BARE_DETAILS,
        )
        newest = query.order_by(MessageRow.at.desc(), MessageRow.position.desc())
        for row in await row_sets.checked(self._session, MessageRow, newest.limit(MOST_FILES)):
            for file in message_of(row, self._vault).attachments:
                for name in (file.file_ref, file.unique):
                    yield Identifier(Kind.FILE_DIGEST, name)

    def _named(self, row: Any) -> list[Identifier]:  # noqa: ANN401  # a person's row
        return [
            Identifier(kind, self._vault.readable(row.id, f"person.{field}:{row.id}", sealed))
            for kind, field, sealed in (
                (Kind.EXTERNAL_ID, "external_id", row.external_id),
                (Kind.NAME, "name", row.name),
            )
        ]

    def _reached(self, row: Any) -> list[Identifier]:  # noqa: ANN401  # a contact's row
        value = self._vault.readable(row.person, f"contact.value:{row.person}", row.value)
        return [Identifier(Kind.EMAIL if row.kind == EMAIL else Kind.PHONE, value)]

    def _called(self, row: Any) -> list[Identifier]:  # noqa: ANN401  # an account's row
        address = self._vault.readable(row.id, f"account.address:{row.id}", row.address)
        name = self._vault.readable(row.id, f"account.display_name:{row.id}", row.display_name)
        _, _, user = address.partition(":")
        return [Identifier(Kind.CHAT_ID, user), Identifier(Kind.NAME, name)]
